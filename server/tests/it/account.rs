//! Export and deletion of an account over HTTP.

use reqwest::Method;
use saydo_test_support::databases::TestDatabase;
use serde_json::{Value, json};

use crate::app::{Answer, PASSWORD, TestApp};

/// CONTRACT-12: the export holds all of it.
#[tokio::test]
async fn an_export_is_complete() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let conversation = ann.chat("add buy milk").await.body["conversation_id"].as_i64().unwrap();
    ann.chat_in(conversation, "add call bob").await;
    ann.chat_in(conversation, "delete task 1").await;

    let export = ann.get("/export").await.body;
    assert_eq!(export["user"]["email"], "ann@example.com");
    assert_eq!(export["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(export["tasks"][0]["title"], "Call bob");
    assert_eq!(export["deleted_tasks"][0]["title"], "Buy milk");
    assert_eq!(export["conversations"][0]["id"], conversation);
    assert_eq!(export["conversations"][0]["messages"], Value::from(ann.messages(conversation).await));
    assert!(!export.to_string().contains("argon2"), "no password hash");
    assert_eq!(
        ann.get("/settings").await.body,
        json!({ "model": "offline", "locale": { "date_order": "mdy", "hour_cycle": "h23" } })
    );
}

/// CONTRACT-13: erasing takes the password and everything; others stay.
#[tokio::test]
async fn erasing_leaves_nothing() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
        ann.chat("add buy milk").await;
        bob.chat("add call ann").await;

        let erase = |body: Value| ann.request(Method::DELETE, "").json(&body);
        for wrong in [json!({}), json!({ "password": "wrong password" })] {
            let answer = Answer::of(erase(wrong)).await;
            answer.assert_problem(422, "invalid");
            assert_eq!(answer.body["errors"][0]["pointer"], "/password");
        }
        assert_eq!(ann.tasks().await.as_array().unwrap().len(), 1);

        assert_eq!(Answer::of(erase(json!({ "password": PASSWORD }))).await.status, 204);
        let session = app.request(Method::GET, "/api/auth/get-session").bearer_auth(&ann.session);
        assert_eq!(Answer::of(session).await.text, "null");
        ann.get("/conversations").await.assert_problem(401, "unauthenticated");
        ann.chat("add buy bread").await.assert_problem(401, "unauthenticated");
        let sign_in = app
            .request(Method::POST, "/api/auth/sign-in/email")
            .json(&json!({ "email": ann.email, "password": PASSWORD }));
        assert_eq!(Answer::of(sign_in).await.status, 401);
        assert_eq!(bob.tasks().await.as_array().unwrap().len(), 1);

        let again = app.sign_up("ann").await;
        assert_ne!(again.id, ann.id);
        assert_eq!(again.tasks().await, json!([]));
    }
}
