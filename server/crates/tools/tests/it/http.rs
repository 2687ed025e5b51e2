//! The tools over Streamable HTTP, for clients of both revisions.

use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use saydo_store::Store;
use saydo_tools::{Caller, http_service};
use serde_json::{Value, json};

use crate::{
    client::{Client, user},
    each_database,
};

const OLD: &str = "2025-11-25";
const NEW: &str = "2026-07-28";

/// A JSON-RPC request as a client of this revision posts it.
fn post(revision: &str, method: &str, mut params: Value) -> Request<String> {
    let mut request = Request::post("http://localhost:3000/mcp")
        .header(header::HOST, "localhost:3000")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .header("MCP-Protocol-Version", revision);
    if revision == NEW {
        request = request.header("Mcp-Method", method);
        if let Some(name) = params["name"].as_str() {
            request = request.header("Mcp-Name", name);
        }
        params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!(revision);
        params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
    }
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    request.body(body.to_string()).unwrap()
}

fn call(revision: &str, tool: &str, arguments: Value) -> Request<String> {
    post(revision, "tools/call", json!({ "name": tool, "arguments": arguments }))
}

fn from(caller: &str, mut request: Request<String>) -> Request<String> {
    request.extensions_mut().insert(Caller(user(caller)));
    request
}

async fn send(store: &Store, request: Request<String>) -> (StatusCode, Value) {
    let service = http_service(store.clone(), vec!["saydo.example".to_owned()]);
    let response: Response<_> = service.handle(request).await;
    let status = response.status();
    assert!(!response.headers().contains_key("mcp-session-id"));
    let json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, if json { serde_json::from_slice(&body).unwrap() } else { Value::Null })
}

/// TOOL-18: both revisions list and call without a session, and get JSON.
#[tokio::test]
async fn both_revisions_are_served() {
    each_database(async |store| {
        for (revision, number) in [(OLD, 1), (NEW, 2)] {
            let (status, answer) = send(&store, from("ann", post(revision, "tools/list", json!({})))).await;
            assert_eq!(status, StatusCode::OK, "{answer}");
            assert_eq!(answer["result"]["tools"].as_array().unwrap().len(), 5);

            let (status, answer) =
                send(&store, from("ann", call(revision, "add_task", json!({ "title": "Milk" })))).await;
            assert_eq!(status, StatusCode::OK, "{answer}");
            assert_eq!(answer["result"]["structuredContent"]["task_id"], number, "{answer}");
        }
    })
    .await;
}

/// TOOL-18: the handshake that older clients begin with, and the discovery of newer ones.
#[tokio::test]
async fn both_openings_are_answered() {
    each_database(async |store| {
        let hello = json!({
            "protocolVersion": OLD, "capabilities": {}, "clientInfo": { "name": "test", "version": "1" }
        });
        let (status, answer) = send(&store, from("ann", post(OLD, "initialize", hello))).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(answer["result"]["protocolVersion"], OLD);
        assert_eq!(answer["result"]["serverInfo"]["name"], "saydo");

        let (status, answer) = send(&store, from("ann", post(NEW, "server/discover", json!({})))).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert!(answer["result"]["supportedVersions"].as_array().unwrap().contains(&json!(NEW)), "{answer}");
    })
    .await;
}

/// TOOL-16: each request acts for its own caller; without one nothing happens.
#[tokio::test]
async fn the_request_says_who_calls() {
    each_database(async |store| {
        let add = |title: &str| call(NEW, "add_task", json!({ "title": title }));
        send(&store, from("ann", add("Ann's"))).await;
        send(&store, from("bob", add("Bob's"))).await;

        let (_, answer) = send(&store, add("Nobody's")).await;
        assert_eq!(answer["result"]["isError"], true, "{answer}");
        assert_eq!(answer["result"]["content"][0]["text"], "Nobody is signed in. Nothing was done; sign in first.");

        for (name, title) in [("ann", "Ann's"), ("bob", "Bob's")] {
            let list = Client::of(&store, name).await.list().await;
            assert_eq!(list.as_array().unwrap().len(), 1);
            assert_eq!(list[0]["title"], title);
        }
    })
    .await;
}

/// TOOL-17: over HTTP a client's `_meta` marks nothing, so that it cannot pass for a turn's call.
#[tokio::test]
async fn meta_is_ignored_over_http() {
    each_database(async |store| {
        for _ in 0..2 {
            let mut meta = json!({ "saydo/call_id": "a" });
            let params = json!({ "name": "add_task", "arguments": { "title": "Milk" }, "_meta": meta.take() });
            let (_, answer) = send(&store, from("ann", post(NEW, "tools/call", params))).await;
            assert_eq!(answer["result"]["structuredContent"]["status"], "created", "{answer}");
        }
        let ann = Client::of(&store, "ann").await;
        assert_eq!(ann.list().await.as_array().unwrap().len(), 2);
    })
    .await;
}

/// TOOL-12: an unknown tool is a protocol error over HTTP too.
#[tokio::test]
async fn an_unknown_tool_is_a_protocol_error() {
    each_database(async |store| {
        let (_, answer) = send(&store, from("ann", call(NEW, "drop_table", json!({})))).await;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        assert_eq!(answer.get("result"), None);
    })
    .await;
}

/// TOOL-19: strange hosts and large bodies are refused; allowed hosts are not.
#[tokio::test]
async fn strange_hosts_and_large_bodies_are_refused() {
    each_database(async |store| {
        for (host, expected) in [
            ("127.0.0.1:3000", StatusCode::OK),
            ("saydo.example", StatusCode::OK),
            ("evil.example", StatusCode::FORBIDDEN),
        ] {
            let mut request = from("ann", post(NEW, "tools/list", json!({})));
            *request.uri_mut() = "/mcp".parse().unwrap();
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            assert_eq!(send(&store, request).await.0, expected, "{host}");
        }
        let large = call(NEW, "add_task", json!({ "title": "Milk", "description": "x".repeat(65 * 1024) }));
        assert_eq!(send(&store, from("ann", large)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    })
    .await;
}
