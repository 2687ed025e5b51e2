//! Questions that a turn ends with, and what is taken back.

use reqwest::Method;
use saydo_test_support::databases::TestDatabase;
use serde_json::{Value, json};

use crate::{
    app::{Person, TestApp, turn_events},
    turns::stream,
};

/// TURN-16, CONTRACT-50: a sweeping change is a question with its items, and the "yes" after a restart makes it.
#[tokio::test]
async fn a_sweeping_change_waits_for_a_yes() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let ann = app.sign_up("ann").await;
        ann.chat("add milk; eggs; bread").await;
        let events = turn_events(stream(&ann, &json!({ "message": "delete everything" })).send().await.unwrap()).await;
        let question = events.iter().find(|event| event.name == "confirmation.required").unwrap();
        let titles: Vec<_> = question.data["items"].as_array().unwrap().iter().map(|item| &item["title"]).collect();
        assert_eq!(titles, ["Milk", "Eggs", "Bread"]);
        assert_eq!(question.data["items"][0]["verb"], "deleted");
        let done = &events.last().unwrap().data;
        assert!(done["response"].as_str().unwrap().contains(question.data["prompt"].as_str().unwrap()), "{done}");
        let tools: Vec<_> = done["tool_calls"].as_array().unwrap().iter().map(|call| &call["tool"]).collect();
        assert_eq!(tools, ["list_tasks"], "what waits did not happen");
        assert_eq!(ann.tasks().await.as_array().map(Vec::len), Some(3));
        let conversation = done["conversation_id"].as_i64().unwrap();
        let session = ann.session.clone();
        app.stop().await;

        let app = TestApp::offline(&database).await;
        let ann = Person::returning(&app, session).await;
        // The item carries the question as the event told it.
        let asked = ann.messages(conversation).await.last().unwrap()["meta"].clone();
        let live = events.iter().rfind(|event| event.name == "message.completed").unwrap();
        assert_eq!((&asked, &asked["outcome"]), (&live.data["meta"], &json!("confirm")));
        assert_eq!(asked["question"]["expires_at"], question.data["expires_at"]);
        let titles: Vec<_> = asked["question"]["calls"].as_array().unwrap().iter().map(|call| &call["title"]).collect();
        assert_eq!(titles, ["Milk", "Eggs", "Bread"]);
        let answer = ann.chat_in(conversation, "yes").await;
        let deleted: Vec<_> = answer.body["tool_calls"].as_array().unwrap().iter().map(|call| &call["tool"]).collect();
        assert_eq!(deleted, ["list_tasks", "delete_task", "delete_task", "delete_task"]);
        let last = ann.messages(conversation).await.last().unwrap().clone();
        assert_eq!(last["meta"], json!({ "receipts_only": true }));
        assert_eq!(ann.tasks().await, json!([]));
        assert_eq!(ann.chat_in(conversation, "yes").await.body["tool_calls"], json!([]));
    }
}

/// TURN-40: a choice is an event with its options, which is told again after a reload and a restart, and the message of
/// an option chooses it.
#[tokio::test]
async fn a_choice_is_told_and_answered() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let ann = app.sign_up("ann").await;
        ann.chat("add write report; send report").await;
        let before = ann.tasks().await;
        let events = turn_events(stream(&ann, &json!({ "message": "finish the report" })).send().await.unwrap()).await;
        let asked = events.iter().find(|event| event.name == "choice.required").unwrap().clone();
        let options = asked.data["options"].as_array().unwrap();
        for (option, (title, id)) in options.iter().zip([("Write report", 1), ("Send report", 2)]) {
            assert!(option["label"].as_str().unwrap().contains(title), "{option}");
            assert_eq!((&option["message"], &option["task_id"]), (&json!(id.to_string()), &json!(id)));
        }
        assert_eq!((options.len(), &asked.data["free_text"]), (2, &json!(true)));
        let done = &events.last().unwrap().data;
        assert_eq!(done["response"], asked.data["prompt"]);
        assert_eq!(ann.tasks().await, before);
        let conversation = done["conversation_id"].as_i64().unwrap();
        let session = ann.session.clone();
        app.stop().await;

        let app = TestApp::offline(&database).await;
        let ann = Person::returning(&app, session).await;
        let followed = ann.request(Method::GET, &format!("/conversations/{conversation}/events")).send().await.unwrap();
        assert!(turn_events(followed).await.contains(&asked), "told again");
        let answer = ann.chat_in(conversation, "2").await;
        let completed = answer.body["tool_calls"].as_array().unwrap().last().unwrap();
        assert_eq!((&completed["tool"], &completed["arguments"]), (&json!("complete_task"), &json!({ "task_id": 2 })));
        let again = ann.chat_in(conversation, "1").await;
        let calls = again.body["tool_calls"].as_array().unwrap();
        assert!(calls.iter().all(|call| call["tool"] == "list_tasks"), "answered once: {again:?}");
    }
}

/// TURN-41: a receipt is undone by its turn, from another device and after a restart, and done again by the turn that
/// undid it; where the task has changed since, that is said and nothing is changed.
#[tokio::test]
async fn a_receipt_is_undone_by_its_turn() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let ann = app.sign_up("ann").await;
        let conversation = ann.chat("add milk; eggs").await.body["conversation_id"].as_i64().unwrap();
        ann.chat_in(conversation, "complete task 1").await;
        ann.chat_in(conversation, "complete task 2").await;
        let session = ann.session.clone();
        app.stop().await;

        let app = TestApp::offline(&database).await;
        let ann = Person::returning(&app, session).await;
        let last_turn = async || ann.messages(conversation).await.last().unwrap()["turn"]["id"].as_i64().unwrap();
        let messages = ann.messages(conversation).await;
        let turn = messages.iter().find(|item| item["content"] == "complete task 1").unwrap()["turn"]["id"].clone();
        let undo = async |turn: &Value| {
            ann.chat_in(conversation, &format!("/undo turn {turn}")).await;
            let meta = ann.messages(conversation).await.last().unwrap()["meta"].clone();
            (meta["undo"].clone(), last_turn().await)
        };
        let open = async || {
            let tasks = ann.tool("list_tasks", json!({ "status": "pending" })).await;
            tasks["structuredContent"]["tasks"]
                .as_array()
                .unwrap()
                .iter()
                .map(|task| task["id"].clone())
                .collect::<Vec<_>>()
        };
        let (said, undone) = undo(&turn).await;
        assert_eq!((said, open().await), (json!("undo"), vec![json!(1)]));
        let (said, redone) = undo(&json!(undone)).await;
        assert_eq!((said, open().await), (json!("redo"), vec![]));

        ann.tool("update_task", json!({ "task_id": 1, "title": "Oat milk" })).await;
        let before = ann.tasks().await;
        let (said, _) = undo(&json!(redone)).await;
        assert_eq!(said, Value::Null);
        assert_eq!(ann.tasks().await, before);
    }
}
