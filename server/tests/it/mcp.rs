//! `/mcp` as clients call it that keep to less than the specification asks.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{EncodingKey, Header, encode};
use reqwest::{Method, header};
use saydo_test_support::databases::TestDatabase;
use serde_json::{Value, json};

use crate::app::{Answer, Person, SECRET, TestApp, mcp_call};

/// A message with the usual headers.
async fn post(person: &Person<'_>, body: impl ToString) -> Answer {
    let request = person.app.request(Method::POST, "/mcp").bearer_auth(&person.token);
    Answer::of(request.header(header::CONTENT_TYPE, "application/json").body(body.to_string())).await
}

fn request(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params })
}

/// TOOL-36: JSON for whatever a client accepts.
#[tokio::test]
async fn any_accept_gets_json() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let list = request("tools/list", &json!({}));
    for accept in [None, Some("application/json"), Some("*/*"), Some("application/*"), Some("text/event-stream")] {
        let mut call = app.request(Method::POST, "/mcp").bearer_auth(&ann.token).json(&list);
        if let Some(accept) = accept {
            call = call.header(header::ACCEPT, accept);
        }
        let answer = Answer::of(call).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{accept:?}");
        assert_eq!(answer.body["result"]["tools"].as_array().unwrap().len(), 5, "{accept:?}");
    }
}

/// TOOL-37: a client learns that its token is no good, as apart from that it sent none.
#[tokio::test]
async fn a_bad_token_is_called_invalid() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = json!({ "sub": ann.id, "iat": now - 1_000, "exp": now - 100, "iss": app.origin, "aud": app.origin });
    let expired = encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
    for (token, challenge) in [
        (None, "Bearer"),
        (Some("nonsense"), "Bearer error=\"invalid_token\""),
        (Some(expired.as_str()), "Bearer error=\"invalid_token\""),
    ] {
        let call = mcp_call(&app, "list_tasks", json!({}));
        let refused = Answer::of(token.map_or(call.try_clone().unwrap(), |token| call.bearer_auth(token))).await;
        refused.assert_problem(401, "unauthenticated");
        assert_eq!(refused.header("www-authenticate"), challenge, "{token:?}");
    }
}

/// TOOL-38, TOOL-39: no authorization server is named, and a client that would register is answered as OAuth has it.
#[tokio::test]
async fn no_authorization_server_is_named() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    for path in ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"] {
        assert_eq!(app.get(path).await.status, 404, "{path}");
    }
    let client = json!({ "client_name": "A client", "redirect_uris": ["http://127.0.0.1:8000/callback"] });
    let refused = Answer::of(app.request(Method::POST, "/register").json(&client)).await;
    assert_eq!((refused.status, refused.header("content-type")), (404, "application/json"));
    assert_eq!(refused.body["error"], "invalid_request");
    assert!(refused.body["error_description"].as_str().unwrap().contains("token"), "{}", refused.text);
}

/// TOOL-40: what is no message, or none of ours, is a JSON-RPC error.
#[tokio::test]
async fn a_wrong_message_is_a_json_rpc_error() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let list = request("tools/list", &json!({}));
    for (body, code, id) in [
        (Value::from("{\"jsonrpc\":"), -32700, None),
        (Value::from(""), -32700, None),
        (json!([list, list]), -32600, None),
        (json!([]), -32600, None),
        (json!(7), -32600, None),
        (json!({ "id": 7, "method": "tools/list" }), -32600, Some(7)),
        (json!({ "jsonrpc": "2.0", "id": 7, "method": 1 }), -32600, Some(7)),
        (request("tools/call", &json!({ "arguments": {} })), -32602, Some(7)),
        (request("tools/call", &json!({ "name": "list_tasks", "arguments": "{}" })), -32602, Some(7)),
        (request("initialize", &json!({})), -32602, Some(7)),
    ] {
        let sent = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        let answer = post(&ann, &sent).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (400, "application/json"),
            "{sent}: {}",
            answer.text
        );
        assert_eq!(answer.body["error"]["code"], code, "{sent}: {}", answer.text);
        assert_eq!(answer.body.get("id"), id.map(Value::from).as_ref(), "{sent}");
        assert_eq!(answer.body["jsonrpc"], "2.0");
    }
    let large = post(&ann, "x".repeat(65 * 1024)).await;
    large.assert_problem(413, "too-large");
}

/// TOOL-41: what the server does not declare is no method of it.
#[tokio::test]
async fn undeclared_methods_are_not_found() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let completion = json!({ "ref": { "type": "ref/prompt", "name": "a" }, "argument": { "name": "b", "value": "c" } });
    for (method, params) in [
        ("prompts/list", json!({})),
        ("prompts/get", json!({ "name": "a" })),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/read", json!({ "uri": "a:b" })),
        ("completion/complete", completion),
        ("logging/setLevel", json!({ "level": "info" })),
        ("tools/frobnicate", json!({})),
    ] {
        let answer = post(&ann, request(method, &params)).await;
        assert_eq!(answer.body["error"]["code"], -32601, "{method}: {}", answer.text);
        assert_eq!((&answer.body["id"], answer.body.get("result")), (&json!(7), None), "{method}");
    }
}

/// TOOL-42: the address with a slash, and the methods of a server that keeps no session.
#[tokio::test]
async fn the_address_and_its_methods() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    for path in ["/mcp", "/mcp/"] {
        let call = app.request(Method::POST, path).bearer_auth(&ann.token).json(&request("ping", &json!({})));
        assert_eq!(Answer::of(call).await.status, 200, "{path}");
        assert_eq!(Answer::of(app.request(Method::POST, path)).await.status, 401, "{path}");
        for method in [Method::GET, Method::DELETE] {
            let answer = Answer::of(app.request(method.clone(), path).bearer_auth(&ann.token)).await;
            assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{method} {path}");
        }
    }
}

/// TOOL-43: what a client adds to a call, or leaves out of it, does not matter.
#[tokio::test]
async fn meta_and_absent_arguments_do_not_matter() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    for params in [
        json!({ "name": "list_tasks" }),
        json!({ "name": "list_tasks", "arguments": null }),
        json!({ "name": "list_tasks", "arguments": {}, "_meta": { "progressToken": 1, "x.example/y": { "z": [1] } } }),
        json!({ "name": "list_tasks", "arguments": {}, "_meta": null }),
    ] {
        let answer = post(&ann, request("tools/call", &params)).await;
        assert_eq!(answer.body["result"]["structuredContent"]["total"], 0, "{params}: {}", answer.text);
    }
}
