//! The OpenAPI description, health and metrics.

use std::collections::BTreeSet;

use saydo_test_support::databases::TestDatabase;
use serde_json::Value;

use crate::app::TestApp;

/// CONTRACT-16: the description is a snapshot; its pages come from this server.
#[tokio::test]
async fn the_description_is_the_snapshot() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let description = app.get("/api/openapi.json").await;
    assert_eq!(description.status, 200);
    insta::assert_json_snapshot!("openapi", description.body);

    let page = app.get("/api/docs/").await;
    assert_eq!(page.status, 200);
    let external = page
        .text
        .match_indices("//")
        .filter(|(at, _)| page.text[..*at].ends_with("http:") || page.text[..*at].ends_with("https:"));
    assert_eq!(external.count(), 0, "{}", page.text);
    assert!(page.header("content-security-policy").starts_with("default-src 'self'"), "{page:?}");
}

/// CONTRACT-66, CONTRACT-66a: every operation says what it is, whom it lets in, and each of its answers; every reference
/// has its target.
#[tokio::test]
async fn every_operation_is_described() {
    let database = TestDatabase::sqlite();
    let document = TestApp::offline(&database).await.get("/api/openapi.json").await.body;
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let place = format!("{method} {path}");
            for text in ["operationId", "summary", "description"] {
                assert!(operation[text].as_str().is_some_and(|text| !text.is_empty()), "{text} of {place}");
            }
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{place}");
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{place}");
            let security = operation.get("security").unwrap_or(&document["security"]);
            assert!(security.as_array().is_some_and(|schemes| !schemes.is_empty()), "{place}");
            let statuses: Vec<&str> = operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
            assert!(statuses.iter().any(|status| status.starts_with('2')), "{place}: {statuses:?}");
            assert!(statuses.iter().any(|status| status.starts_with('4')), "{place}: {statuses:?}");
            let needs_token = operation.get("security").is_none();
            assert_eq!(needs_token, statuses.contains(&"403") && path.contains("{user_id}"), "{place}: {statuses:?}");
        }
    }
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
}

/// CONTRACT-15: health and metrics need no token, and metrics count what happened.
#[tokio::test]
async fn health_and_metrics_are_told() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    assert_eq!(ann.chat("add buy milk").await.status, 200);
    assert_eq!(app.get("/healthz").await.body["ok"], true);
    assert_eq!(app.get("/readyz").await.body["ok"], true);
    let metrics = app.get("/metrics").await.text;
    for name in [
        "saydo_http_requests_total{method=\"POST\",route=\"/api/{user_id}/chat\",status=\"200\"}",
        "saydo_http_request_seconds_bucket",
        "saydo_turns_total{outcome=\"turn.completed\"}",
        "saydo_model_calls_total",
        "saydo_tool_calls_total",
        "saydo_database_connections_in_use",
    ] {
        assert!(metrics.contains(name), "{name} in\n{metrics}");
    }
    assert!(!metrics.contains(&ann.id), "no ids in labels");
}
