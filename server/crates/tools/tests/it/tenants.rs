//! Nobody reaches another's list.

use serde_json::{Value, json};

use crate::{client::Client, each_database};

/// Every tool that takes a number, with arguments that would do something.
fn calls_on(number: i64) -> Vec<(&'static str, Value)> {
    vec![
        ("complete_task", json!({ "task_id": number })),
        ("update_task", json!({ "task_id": number, "title": "Mine now", "due": null })),
        ("update_task", json!({ "task_id": number, "deleted": false })),
        ("delete_task", json!({ "task_id": number })),
    ]
}

/// TOOL-14: another's number is as unknown as one that was never given, and their list stays.
#[tokio::test]
async fn anothers_number_is_unknown() {
    each_database(async |store| {
        let (ann, bob) = (Client::of(&store, "ann").await, Client::of(&store, "bob").await);
        for title in ["One", "Two", "Secret plans"] {
            ann.adds(title).await;
        }
        bob.adds("Bob's only").await;
        let before = ann.list().await;
        for (tool, arguments) in calls_on(3) {
            let words = bob.fails(tool, arguments).await;
            assert_eq!(words, "No task 3 on this list. Call list_tasks to see the numbers.");
        }
        let found = bob.does("list_tasks", json!({ "query": "secret" })).await;
        assert_eq!([&found["tasks"], &found["total"]], [&json!([]), &json!(0)]);
        assert_eq!(bob.list().await.as_array().unwrap().len(), 1);
        assert_eq!(ann.list().await, before);
    })
    .await;
}

/// TOOL-14: the same number is another task for another person.
#[tokio::test]
async fn equal_numbers_are_different_tasks() {
    each_database(async |store| {
        let (ann, bob) = (Client::of(&store, "ann").await, Client::of(&store, "bob").await);
        assert_eq!([ann.adds("Ann's").await, bob.adds("Bob's").await], [1, 1]);
        let before = ann.list().await;
        for (tool, arguments) in calls_on(1) {
            bob.does(tool, arguments).await;
        }
        assert_eq!(bob.list().await, json!([]));
        assert_eq!(ann.list().await, before);
    })
    .await;
}

/// TOOL-15: an argument changes nobody's identity.
#[tokio::test]
async fn a_named_user_must_be_the_principal() {
    each_database(async |store| {
        let (ann, bob) = (Client::of(&store, "ann").await, Client::of(&store, "bob").await);
        ann.adds("Ann's").await;
        bob.adds("Bob's").await;
        let before = (ann.list().await, bob.list().await);
        let mut calls = calls_on(1);
        calls.extend([("add_task", json!({ "title": "Planted" })), ("list_tasks", json!({}))]);
        for (tool, mut arguments) in calls.clone() {
            arguments["user_id"] = json!("ann");
            let words = bob.fails(tool, arguments).await;
            assert!(words.starts_with("`user_id` must be the signed-in user or be left out."), "{words}");
        }
        assert_eq!((ann.list().await, bob.list().await), before);
        for (tool, mut arguments) in calls {
            arguments["user_id"] = json!("bob");
            bob.does(tool, arguments).await;
        }
        assert_eq!(ann.list().await, before.0);
    })
    .await;
}
