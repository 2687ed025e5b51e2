//! The OpenAPI description, health and metrics.

use saydo_test_support::databases::TestDatabase;

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
