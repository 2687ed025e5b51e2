//! Conversations and their messages over HTTP.

use reqwest::Method;
use saydo_test_support::databases::TestDatabase;
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};

async fn titles(person: &Person<'_>, query: &str) -> Vec<String> {
    let answer = person.get(&format!("/conversations{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

/// CONTRACT-10: listed by latest activity, paged, searched, renamed, deleted.
#[tokio::test]
async fn conversations_are_kept_in_order() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let ann = app.sign_up("ann").await;
        let mut ids = Vec::new();
        for title in ["add buy milk", "add call bob", "add read 100% of it"] {
            ids.push(ann.chat(title).await.body["conversation_id"].as_i64().unwrap());
        }
        ann.chat_in(ids[0], "What's pending?").await;
        assert_eq!(titles(&ann, "").await, ["add buy milk", "add read 100% of it", "add call bob"]);

        let first = ann.get("/conversations?limit=2").await.body;
        let cursor = first["next_cursor"].as_str().unwrap();
        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        let second = ann.get(&format!("/conversations?limit=2&cursor={cursor}")).await.body;
        assert_eq!(second["items"][0]["title"], "add call bob");
        assert_eq!(second["next_cursor"], Value::Null);

        assert_eq!(titles(&ann, "?q=PENDING").await, ["add buy milk"]);
        // The first conversation's answer names the task, too.
        assert_eq!(titles(&ann, "?q=100%25").await, ["add buy milk", "add read 100% of it"]);
        assert_eq!(titles(&ann, "?q=1%25it").await, Vec::<String>::new(), "a wildcard is a letter");
        assert_eq!(titles(&ann, "?q=_").await, Vec::<String>::new());

        let path = format!("/conversations/{}", ids[1]);
        let renamed = Answer::of(ann.request(Method::PATCH, &path).json(&json!({ "title": "  Bob  " }))).await;
        assert_eq!((renamed.status, &renamed.body["title"]), (200, &json!("Bob")));
        assert_eq!(ann.get(&path).await.body["title"], "Bob");
        let empty = Answer::of(ann.request(Method::PATCH, &path).json(&json!({ "title": " " }))).await;
        empty.assert_problem(422, "invalid");
        assert_eq!(empty.body["errors"][0]["pointer"], "/title");

        assert_eq!(Answer::of(ann.request(Method::DELETE, &path)).await.status, 204);
        ann.get(&path).await.assert_problem(404, "not-found");
        Answer::of(ann.request(Method::DELETE, &path)).await.assert_problem(404, "not-found");
        assert_eq!(ann.tasks().await.as_array().unwrap().len(), 3, "the tasks stay");
    }
}

/// CONTRACT-11: messages replay oldest first, newest page first.
#[tokio::test]
async fn messages_replay_in_order() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let conversation = ann.chat("add buy milk").await.body["conversation_id"].as_i64().unwrap();
    for message in ["add call bob", "What's pending?"] {
        ann.chat_in(conversation, message).await;
    }
    let whole = ann.messages(conversation).await;
    let said: Vec<&str> = whole
        .iter()
        .filter(|message| message["role"] == "user")
        .map(|message| message["content"].as_str().unwrap())
        .collect();
    assert_eq!(said, ["add buy milk", "add call bob", "What's pending?"]);
    assert!(whole.iter().all(|message| message["turn"]["status"] == "completed" && message["created_at"].is_string()));
    let calls: Vec<&Value> = whole.iter().flat_map(|message| message["tool_calls"].as_array().unwrap()).collect();
    assert_eq!(
        calls.iter().map(|call| call["tool"].as_str().unwrap()).collect::<Vec<_>>(),
        ["add_task", "add_task", "list_tasks"]
    );
    assert_eq!(calls[0]["result"]["title"], "Buy milk");

    let mut paged = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = ann.get(&format!("/conversations/{conversation}/messages{query}")).await.body;
        paged.splice(0..0, page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(paged, whole);
}

/// CONTRACT-14: parameters that are not valid are named.
#[tokio::test]
async fn wrong_parameters_are_named() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let conversation = ann.chat("add buy milk").await.body["conversation_id"].as_i64().unwrap();
    ann.chat("add buy bread").await;
    let cursor = ann.get("/conversations?limit=1").await.body["next_cursor"].as_str().unwrap().to_owned();
    for (path, pointer) in [
        ("/conversations?limit=0".to_owned(), "?limit"),
        ("/conversations?limit=201".to_owned(), "?limit"),
        ("/conversations?limit=many".to_owned(), "?limit"),
        ("/conversations?cursor=garbage".to_owned(), "?cursor"),
        ("/conversations?cursor=".to_owned(), "?cursor"),
        (format!("/conversations/{conversation}/messages?cursor={cursor}"), "?cursor"),
        (format!("/conversations?q={}", "x".repeat(201)), "?q"),
    ] {
        let answer = ann.get(&path).await;
        answer.assert_problem(422, "invalid");
        assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{path}: {}", answer.text);
    }
}
