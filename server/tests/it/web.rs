use reqwest::{Method, header};
use saydo::web::proxy;
use saydo_test_support::databases::TestDatabase;
use serde_json::json;
use tokio::net::TcpListener;

use crate::app::{Answer, TestApp, mcp_call, turn_events};

/// Serves the web role's way to the api role at `api`, and gives its origin.
async fn web_before(api: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let router = proxy(api).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    origin
}

/// CONTRACT-23: JSON, streams and tools pass through the web role; an api role that is away is a problem.
#[tokio::test]
async fn the_web_role_passes_requests_on() {
    let database = TestDatabase::sqlite();
    let mut app = TestApp::offline(&database).await;
    let token = app.sign_up("ann").await.token;
    let id = app.sign_up("bob").await.id;
    let api = std::mem::replace(&mut app.origin, String::new());
    app.origin = web_before(&api).await;

    let ok = app.get("/api/auth/ok").await;
    assert_eq!(ok.body, json!({ "ok": true }));
    app.get("/api/nowhere/at/all").await.assert_problem(404, "not-found");
    let foreign = app.request(Method::GET, &format!("/api/{id}/conversations")).bearer_auth(&token);
    Answer::of(foreign).await.assert_problem(403, "wrong-user");

    let cat = app.sign_up("cat").await;
    let chat = cat.chat_request(&json!({ "message": "add feed the cat" })).header(header::ACCEPT, "text/event-stream");
    let events = turn_events(chat.send().await.unwrap()).await;
    assert_eq!(events.last().unwrap().name, "turn.completed");
    let listed = Answer::of(mcp_call(&app, "list_tasks", json!({})).bearer_auth(&cat.token)).await;
    assert_eq!(listed.body["result"]["structuredContent"]["total"], 1, "{}", listed.text);
    assert_eq!(app.get("/.well-known/oauth-protected-resource").await.status, 200);

    app.origin = web_before("http://127.0.0.1:9").await;
    app.get("/api/auth/ok").await.assert_problem(503, "unavailable");
    Answer::of(mcp_call(&app, "list_tasks", json!({}))).await.assert_problem(503, "unavailable");
}
