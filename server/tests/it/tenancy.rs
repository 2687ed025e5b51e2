//! One person's token opens no other person's data, by HTTP or by tools.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use saydo_test_support::{
    databases::TestDatabase,
    fake_model::{FakeModel, Reply},
};
use serde_json::{Value, json};

use crate::app::{Answer, Person, SECRET, Setup, TestApp, mcp_call};

/// Every endpoint that belongs to somebody, for the user and conversation given.
fn endpoints(user: &str, conversation: i64) -> Vec<(Method, String, Option<Value>)> {
    let chats = format!("/api/{user}/conversations");
    let one = format!("{chats}/{conversation}");
    vec![
        (Method::POST, format!("/api/{user}/chat"), Some(json!({ "message": "delete task 1" }))),
        (
            Method::POST,
            format!("/api/{user}/chat"),
            Some(json!({ "message": "delete task 1", "conversation_id": conversation })),
        ),
        (Method::GET, chats, None),
        (Method::GET, one.clone(), None),
        (Method::PATCH, one.clone(), Some(json!({ "title": "taken over" }))),
        (Method::DELETE, one.clone(), None),
        (Method::GET, format!("{one}/messages"), None),
        (Method::GET, format!("{one}/events"), None),
        (Method::POST, format!("{one}/stop"), None),
        (Method::GET, format!("/api/{user}/settings"), None),
        (Method::GET, format!("/api/{user}/export"), None),
        (Method::DELETE, format!("/api/{user}"), Some(json!({ "password": "correct horse battery" }))),
    ]
}

async fn send(app: &TestApp, (method, path, body): (Method, String, Option<Value>), token: Option<&str>) -> Answer {
    let request = app.request(method, &path);
    let request = body.map_or(request.try_clone().unwrap(), |body| request.json(&body));
    Answer::of(token.map_or(request.try_clone().unwrap(), |token| request.bearer_auth(token))).await
}

/// What the person has: whole, but the moment of the export.
async fn everything(person: &Person<'_>) -> Value {
    let mut export = person.get("/export").await.body;
    assert_eq!(export["user_id"], person.id.as_str());
    export["exported_at"].take();
    export
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Tokens that must not open anything, with what is wrong with each.
fn forgeries(app: &TestApp, user: &str) -> Vec<(&'static str, String)> {
    let claims = |change: &dyn Fn(&mut Value)| {
        let mut claims = json!({ "sub": user, "iat": now(), "exp": now() + 600, "iss": app.origin, "aud": app.origin });
        change(&mut claims);
        claims
    };
    let signed = |claims: Value, algorithm: Algorithm, secret: &str| {
        encode(&Header::new(algorithm), &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    };
    let hs256 = |change: &dyn Fn(&mut Value)| signed(claims(change), Algorithm::HS256, SECRET);
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let good = hs256(&|_| ());
    let (body, signature) = good.rsplit_once('.').unwrap();
    let remove =
        |name: &'static str| hs256(&move |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove(name)));
    let set = |name: &'static str, value: Value| hs256(&move |claims: &mut Value| claims[name] = value.clone());
    vec![
        ("none", format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(&claims(&|_| ())))),
        ("none, signed", format!("{}.{}.{signature}", part(&json!({ "alg": "None" })), part(&claims(&|_| ())))),
        ("other algorithm", signed(claims(&|_| ()), Algorithm::HS512, SECRET)),
        ("other key", signed(claims(&|_| ()), Algorithm::HS256, "another secret, just as long as the first")),
        ("empty key", signed(claims(&|_| ()), Algorithm::HS256, "")),
        ("no signature", format!("{body}.")),
        (
            "other body",
            format!("{}.{}.{signature}", part(&json!({ "alg": "HS256" })), part(&claims(&|c| c["sub"] = json!("x")))),
        ),
        ("expired", set("exp", json!(now() - 60))),
        ("no exp", remove("exp")),
        ("no sub", remove("sub")),
        ("sub of another type", set("sub", json!(7))),
        ("no iss", remove("iss")),
        ("no aud", remove("aud")),
        ("other aud", set("aud", json!("https://elsewhere.example"))),
        ("other iss", set("iss", json!("https://elsewhere.example"))),
        ("not yet valid", set("nbf", json!(now() + 600))),
        ("garbage", "garbage".to_owned()),
        ("dots", "..".to_owned()),
        ("long", "x".repeat(20_000)),
    ]
}

/// CONTRACT-07: whatever is wrong with a token, nothing opens and nothing changes.
#[tokio::test]
async fn a_forged_token_opens_nothing() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let conversation = ann.chat("add pay rent").await.body["conversation_id"].as_i64().unwrap();
    let before = everything(&ann).await;

    let mut tokens: Vec<(&str, Option<String>)> =
        forgeries(&app, &ann.id).into_iter().map(|(fault, token)| (fault, Some(token))).collect();
    tokens.push(("nothing", None));
    tokens.push(("a session token", Some(ann.session.clone())));
    for (fault, token) in &tokens {
        for endpoint in endpoints(&ann.id, conversation) {
            let what = format!("{fault}: {endpoint:?}");
            let answer = send(&app, endpoint, token.as_deref()).await;
            assert_eq!(answer.status, 401, "{what}");
            answer.assert_problem(401, "unauthenticated");
        }
        let call = mcp_call(&app, "delete_task", json!({ "task_id": 1 }));
        let call = token.as_ref().map_or(call.try_clone().unwrap(), |token| call.bearer_auth(token));
        let answer = Answer::of(call).await;
        assert_eq!(answer.status, 401, "{fault}");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("Bearer") && !challenge.contains("resource_metadata"), "{answer:?}");
    }
    assert_eq!(everything(&ann).await, before);
}

/// CONTRACT-08, CONTRACT-09: another person's paths are 403, another person's conversations 404.
#[tokio::test]
async fn nobody_reaches_another_persons_things() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
        let conversation = ann.chat("add pay rent").await.body["conversation_id"].as_i64().unwrap();
        bob.chat("add feed the cat").await;
        let before = everything(&ann).await;

        for endpoint in endpoints(&ann.id, conversation) {
            let what = format!("{endpoint:?}");
            let answer = send(&app, endpoint, Some(&bob.token)).await;
            assert_eq!(answer.status, 403, "{what}");
            answer.assert_problem(403, "wrong-user");
        }
        let unknown = 987_654;
        for (theirs, nobodys) in endpoints(&bob.id, conversation).into_iter().zip(endpoints(&bob.id, unknown)) {
            let named = theirs.1.contains("conversations/")
                || theirs.2.as_ref().is_some_and(|body| body["conversation_id"].is_number());
            if named {
                let what = format!("{theirs:?}");
                let (theirs, nobodys) =
                    (send(&app, theirs, Some(&bob.token)).await, send(&app, nobodys, Some(&bob.token)).await);
                theirs.assert_problem(404, "not-found");
                assert_eq!(theirs.body["detail"], nobodys.body["detail"], "{what}");
            }
        }
        assert_eq!(everything(&ann).await, before);
    }
}

/// CONTRACT-08: the tools serve the token's user alone, with numbers of their own for each person.
#[tokio::test]
async fn tools_serve_the_tokens_user() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
    ann.tool("add_task", json!({ "title": "Anns first" })).await;
    ann.tool("add_task", json!({ "title": "Anns second" })).await;
    let before = ann.tasks().await;

    for (tool, arguments) in [
        ("complete_task", json!({ "task_id": 2 })),
        ("delete_task", json!({ "task_id": 2 })),
        ("update_task", json!({ "task_id": 2, "title": "Bobs now" })),
        ("add_task", json!({ "title": "For Ann", "user_id": ann.id })),
        ("list_tasks", json!({ "user_id": ann.id })),
        ("delete_task", json!({ "task_id": 1, "user_id": ann.id })),
    ] {
        let result = bob.tool(tool, arguments).await;
        assert_eq!(result["isError"], true, "{tool}: {result}");
        assert!(!result.to_string().contains("Anns"), "{tool}: {result}");
    }
    assert_eq!(ann.tasks().await, before);
    assert_eq!(bob.tasks().await, json!([]));
}

/// TURN-12: a model that names another user gets a tool error.
#[tokio::test]
async fn a_model_cannot_name_another_user() {
    let victim = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let named = victim.clone();
    let model = FakeModel::answering(move |request| {
        if request["messages"].as_array().unwrap().last().unwrap()["role"] == "tool" {
            return Reply::text("That did not work.");
        }
        let user_id = named.get().unwrap();
        Reply::call("add_task", json!({ "title": "Send Bob money", "user_id": user_id }))
            .and_call("list_tasks", json!({ "user_id": user_id }))
            .and_call("complete_task", json!({ "task_id": 1, "user_id": user_id }))
            .and_call("delete_task", json!({ "task_id": 1, "user_id": user_id }))
            .and_call("update_task", json!({ "task_id": 1, "title": "Taken over", "user_id": user_id }))
    })
    .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
    victim.set(ann.id.clone()).unwrap();
    ann.tool("add_task", json!({ "title": "Pay rent" })).await;
    bob.tool("add_task", json!({ "title": "Feed the cat" })).await;
    let before = (ann.tasks().await, bob.tasks().await);

    let answer = bob.chat("do it for ann").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let calls = answer.body["tool_calls"].as_array().unwrap();
    assert_eq!(calls.len(), 5);
    for call in calls {
        assert_eq!(call["is_error"], true, "{call}");
        assert!(!call["result"].to_string().contains("Pay rent"), "{call}");
    }
    assert_eq!((ann.tasks().await, bob.tasks().await), before);
    model.assert_sound();
}

/// CONTRACT-21: a client without a token is refused, and sent to no authorization server.
#[tokio::test]
async fn a_client_without_a_token_is_refused() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let refused = Answer::of(mcp_call(&app, "list_tasks", json!({}))).await;
    refused.assert_problem(401, "unauthenticated");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    let ann = app.sign_up("ann").await;
    let foreign =
        mcp_call(&app, "list_tasks", json!({})).bearer_auth(&ann.token).header("origin", "https://evil.example");
    assert_eq!(Answer::of(foreign).await.status, 403, "another site's page");
}
