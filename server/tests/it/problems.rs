//! Each documented problem response, and what triggers it.

use reqwest::{Method, header};
use saydo_test_support::{
    databases::TestDatabase,
    fake_model::{FakeModel, Reply, said},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::app::{Answer, Setup, TestApp};

/// CONTRACT-04, CONTRACT-05: every row of the table that needs no model and no outage.
#[tokio::test]
async fn every_refusal_is_its_problem() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
    let json_type = (header::CONTENT_TYPE, "application/json");

    let body =
        |text: &'static str| ann.request(Method::POST, "/chat").header(json_type.0.clone(), json_type.1).body(text);
    for broken in ["{", "", "{\"message\":\"a\"} x", "\u{0}", "[1,", "{\"message\": \"\\ud800\"}"] {
        Answer::of(body(broken)).await.assert_problem(400, "malformed-json");
    }
    let not_utf8 =
        ann.request(Method::POST, "/chat").header(json_type.0.clone(), json_type.1).body(vec![b'"', 0xff, b'"']);
    assert!(matches!(Answer::of(not_utf8).await.status, 400 | 422));

    let anonymous = app.request(Method::POST, &format!("/api/{}/chat", ann.id)).json(&json!({ "message": "hi" }));
    Answer::of(anonymous).await.assert_problem(401, "unauthenticated");

    let foreign = app.request(Method::POST, &format!("/api/{}/chat", bob.id)).bearer_auth(&ann.token);
    Answer::of(foreign.json(&json!({ "message": "hi" }))).await.assert_problem(403, "wrong-user");

    app.get("/api/nowhere/at/all").await.assert_problem(404, "not-found");
    ann.get("/conversations/999/messages").await.assert_problem(404, "not-found");
    ann.get("/conversations/none/messages").await.assert_problem(404, "not-found");
    ann.chat_in(999, "hi").await.assert_problem(404, "not-found");

    let wrong_method = Answer::of(ann.request(Method::PUT, "/chat").json(&json!({}))).await;
    wrong_method.assert_problem(405, "method-not-allowed");
    assert!(wrong_method.header("allow").contains("POST"), "{wrong_method:?}");

    let form =
        ann.request(Method::POST, "/chat").header(header::CONTENT_TYPE, "text/plain").body("{\"message\":\"hi\"}");
    Answer::of(form).await.assert_problem(415, "unsupported-media-type");
    let bare = ann.request(Method::POST, "/chat").body("{\"message\":\"hi\"}");
    Answer::of(bare).await.assert_problem(415, "unsupported-media-type");

    Answer::of(ann.chat_request(&json!({ "message": "x".repeat(70_000) }))).await.assert_problem(413, "too-large");

    assert_eq!(ann.tasks().await, json!([]), "nothing was changed by any of it");
}

/// CONTRACT-04, CONTRACT-75: a request that names no host, or two, is refused before anything looks at it.
#[tokio::test]
async fn a_request_must_name_one_host() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let address = app.origin.trim_start_matches("http://");
    for hosts in [String::new(), format!("Host: {address}\r\nHost: evil.example\r\n")] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /api/auth/ok HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("/problems/invalid-host"), "{answer}");
    }
    assert_eq!(app.get("/api/auth/ok").await.status, 200);
}

/// CONTRACT-05: fields that are not valid are named by a JSON Pointer.
#[tokio::test]
async fn wrong_fields_are_named() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    for (body, pointer) in [
        (json!({ "message": "" }), "/message"),
        (json!({ "message": "  \n" }), "/message"),
        (json!({ "message": "x".repeat(8001) }), "/message"),
        (json!({ "message": "a\u{0}b" }), "/message"),
        (json!({ "message": 5 }), "/message"),
        (json!({ "message": "hi", "conversation_id": "1" }), "/conversation_id"),
        (json!({ "message": "hi", "conversation_id": 0 }), "/conversation_id"),
        (json!({ "message": "hi", "conversation_id": 1.5 }), "/conversation_id"),
        (json!({}), ""),
        (json!([]), ""),
        (json!([null, "hi"]), ""),
        (json!("hi"), ""),
    ] {
        let answer = Answer::of(ann.chat_request(&body)).await;
        answer.assert_problem(422, "invalid");
        assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{body}: {}", answer.text);
        assert!(!answer.body["errors"][0]["detail"].as_str().unwrap().is_empty());
    }
    for key in ["", "é", &"k".repeat(256)] {
        let answer = Answer::of(ann.chat_request(&json!({ "message": "hi" })).header("Idempotency-Key", key)).await;
        answer.assert_problem(422, "invalid");
        assert_eq!(answer.body["errors"][0]["pointer"], "Idempotency-Key");
    }
    assert_eq!(ann.get("/conversations").await.body["items"], json!([]), "nothing was stored");
}

/// CONTRACT-04: chats of one person are limited; others are not held up.
#[tokio::test]
async fn too_many_chats_are_429() {
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup { rate_limit: true, ..Setup::default() }).await;
    let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
    let mut refused = None;
    for _ in 0..60 {
        let answer = ann.chat("hello").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    refused.expect("the limit is reached").assert_problem(429, "too-many-requests");
    assert_eq!(bob.chat("hello").await.status, 200);
}

/// CONTRACT-04: the database away is 503, told once it is asked for; health tells it too.
#[tokio::test]
async fn an_absent_database_is_503() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    assert_eq!(app.get("/readyz").await.status, 200);
    database.take_away().await;
    ann.chat("hello").await.assert_problem(503, "unavailable");
    ann.get("/conversations").await.assert_problem(503, "unavailable");
    let sign_in =
        app.request(Method::POST, "/api/auth/sign-in/email").json(&json!({ "email": ann.email, "password": "x" }));
    assert_eq!(Answer::of(sign_in).await.status, 503);
    crate::app::eventually(async || (app.get("/readyz").await.status == 503).then_some(())).await;
    assert_eq!(app.get("/healthz").await.status, 200);
}

/// CONTRACT-04: a model that fails is 502 or 504, a turn in progress 409, a reused key 422.
#[tokio::test]
async fn a_turns_problems_are_told() {
    let model = FakeModel::answering(|request| match said(request) {
        "fail" => Reply::status(400),
        _ => Reply::silence(),
    })
    .await;
    let setup = Setup {
        agent: |agent| agent.timeouts.first_byte = std::time::Duration::from_millis(300),
        ..Setup::model(model.base_url())
    };
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, setup).await;
    let ann = app.sign_up("ann").await;

    ann.chat("fail").await.assert_problem(502, "model-failed");
    let slow = tokio::spawn(ann.chat_request(&json!({ "message": "silence" })).send());
    let conversation = crate::app::eventually(async || {
        let items = ann.get("/conversations").await.body["items"].clone();
        items.as_array()?.iter().find(|item| item["title"] == "silence")?["id"].as_i64()
    })
    .await;
    ann.chat_in(conversation, "more").await.assert_problem(409, "turn-in-progress");
    Answer::read(slow.await.unwrap().unwrap()).await.assert_problem(504, "model-timeout");

    let keyed = |message: &str| ann.chat_request(&json!({ "message": message })).header("Idempotency-Key", "key-1");
    assert_eq!(Answer::of(keyed("fail")).await.status, 502);
    Answer::of(keyed("other words")).await.assert_problem(422, "idempotency-key-reused");
}
