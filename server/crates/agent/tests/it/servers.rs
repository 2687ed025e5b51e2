//! Servers of models as they are: at addresses written in every way, with parts that they refuse, with faults of their
//! own, and what a probe finds of them.

use std::{
    error::Error,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use saydo_agent::{
    Agent, AgentConfig, AgentError, Depth, Feature, Listing, ModelConfig, ModelError, Probe, Refusal, Unreached,
};
use saydo_test_support::raw_server::{RawRequest, RawServer, answer, json_answer, words};
use serde_json::{Value, json};

use crate::{
    rig::{Ran, remote, run_with, user},
    tools::TestTools,
};

fn config(base_url: &str) -> AgentConfig {
    let mut config = remote(base_url);
    config.retries.base = Duration::from_millis(1);
    config.retries.longest = Duration::from_millis(5);
    config
}

async fn ask(agent: &Agent) -> Ran {
    run_with(agent, &TestTools::default(), vec![user("hi")]).await
}

fn agent(server: &RawServer, path: &str) -> Agent {
    Agent::new(config(&server.url(path))).unwrap()
}

fn source(ran: &Ran) -> &ModelError {
    ran.error().source().and_then(|source| source.downcast_ref()).unwrap()
}

/// An address where nothing listens.
fn unused_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/v1", listener.local_addr().unwrap())
}

fn is_chat(request: &RawRequest) -> bool {
    request.target.starts_with("POST ")
}

fn refusal(param: &str) -> Vec<u8> {
    json_answer(400, &json!({ "error": { "message": format!("Unknown parameter: '{param}'."), "param": param } }))
}

/// AGENT-110, AGENT-111: each fault of a server is known for what it is, and only what may pass is tried again.
#[tokio::test]
async fn each_refusal_is_known() {
    let code = |code: &str| json!({ "error": { "message": "no", "code": code } });
    for (status, body, expected, requests) in [
        (401, code("invalid_api_key"), Refusal::Key, 1),
        (402, code("payment_required"), Refusal::Credit, 1),
        (404, code("model_not_found"), Refusal::UnknownModel, 1),
        (400, code("context_length_exceeded"), Refusal::ContextTooLong, 1),
        (400, json!({ "error": "x does not support tools" }), Refusal::NoTools, 1),
        (404, json!({ "detail": "Not Found" }), Refusal::Address, 1),
        (429, code("insufficient_quota"), Refusal::Credit, 1),
        (429, code("rate_limit_exceeded"), Refusal::RateLimit(None), 3),
        (503, code("overloaded"), Refusal::Overloaded, 3),
    ] {
        let reply = body.clone();
        let server = RawServer::answering(move |_| json_answer(status, &reply)).await;
        let ran = ask(&agent(&server, "/v1")).await;
        assert_eq!(source(&ran).refusal(), Some(expected), "{status} {body}");
        assert_eq!((server.targets().len(), ran.error().is_retryable()), (requests, requests > 1), "{status} {body}");
        assert!(matches!(ran.error(), AgentError::ModelRefused(_)) == (requests == 1), "{:?}", ran.error());
    }
}

/// AGENT-110: a page for people is no model.
#[tokio::test]
async fn a_page_is_a_wrong_address() {
    let server = RawServer::answering(|_| answer(200, "text/html; charset=utf-8", "<!doctype html><p>Hi</p>")).await;
    let ran = ask(&agent(&server, "/v1")).await;
    assert_eq!(source(&ran).refusal(), Some(Refusal::Address), "{:?}", ran.error());
}

/// AGENT-112: a server that refuses a part of the request is asked once more without it, and remembered.
#[tokio::test]
async fn a_part_that_is_refused_is_left_out() {
    let server = RawServer::answering(|request| {
        let refused = ["stream_options", "stream"].into_iter().find(|name| request.body.get(*name).is_some());
        refused.map_or_else(|| words("Hello."), refusal)
    })
    .await;
    let agent = agent(&server, "/v1");
    assert_eq!(ask(&agent).await.answer(), "Hello.");
    assert_eq!(server.requests().len(), 3);
    assert_eq!(ask(&agent).await.answer(), "Hello.");
    let bodies: Vec<Value> = server.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies.len(), 4, "remembered");
    assert_eq!(bodies[0]["stream_options"], json!({ "include_usage": true }));
    assert!(bodies[3].get("stream_options").is_none() && bodies[3].get("stream").is_none());
    assert_eq!((&bodies[0]["messages"], &bodies[0]["tools"]), (&bodies[2]["messages"], &bodies[2]["tools"]));
}

/// AGENT-112: what does not help is not remembered, and a refusal of something else is final.
#[tokio::test]
async fn what_does_not_help_is_not_remembered() {
    let server = RawServer::answering(|request| match request.body.get("stream_options") {
        Some(_) => refusal("stream_options"),
        None => json_answer(400, &json!({ "error": { "message": "no", "code": "invalid_value" } })),
    })
    .await;
    let agent = agent(&server, "/v1");
    for asked in [2, 4] {
        assert_eq!(source(&ask(&agent).await).refusal(), Some(Refusal::Other));
        assert_eq!(server.requests().len(), asked);
    }
    assert!(server.requests()[2].body.get("stream_options").is_some());

    let server = RawServer::answering(|_| refusal("max_tokens")).await;
    let ran = ask(&self::agent(&server, "/v1")).await;
    assert_eq!(source(&ran).refusal(), Some(Refusal::Feature(Feature::MaxTokens)));
    assert_eq!(server.requests().len(), 1, "no part of the request is left to leave out");
}

/// AGENT-113: a connection that is closed after the head, without a byte of the answer, is tried again.
#[tokio::test]
async fn an_answer_without_a_byte_is_asked_for_again() {
    let asked = AtomicUsize::new(0);
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let server = RawServer::answering(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => head.to_vec(),
        1 => [&head[..], b"0\r\n\r\n"].concat(),
        _ => words("Hello."),
    })
    .await;
    assert_eq!(ask(&agent(&server, "/v1")).await.answer(), "Hello.");
    assert_eq!(server.requests().len(), 3);

    let server = RawServer::answering(|_| answer(200, "text/event-stream", "")).await;
    let ran = ask(&agent(&server, "/v1")).await;
    assert!(matches!(source(&ran), ModelError::Closed) && ran.error().is_retryable(), "{:?}", ran.error());
    assert_eq!(server.requests().len(), 3);
}

/// AGENT-114: a server that loads its model is asked until it has, within the time for the first byte.
#[tokio::test]
async fn a_model_is_waited_for_while_it_loads() {
    let loading = || json_answer(503, &json!({ "error": { "code": 503, "message": "Loading model" } }));
    let asked = AtomicUsize::new(0);
    let server = RawServer::answering(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        ..7 => loading(),
        _ => words("Hello."),
    })
    .await;
    assert_eq!(ask(&agent(&server, "/v1")).await.answer(), "Hello.");

    let server = RawServer::answering(move |_| loading()).await;
    let mut hasty = config(&server.url("/v1"));
    hasty.timeouts.first_byte = Duration::from_millis(50);
    let ran = ask(&Agent::new(hasty).unwrap()).await;
    assert_eq!(source(&ran).refusal(), Some(Refusal::Loading));
    assert!(ran.error().is_retryable());
}

/// AGENT-115: why no connection is made.
#[tokio::test]
async fn a_server_that_is_not_reached_is_distinguished_from_one_that_refuses() {
    let plain = unused_address();
    let nameless = format!("http://{}/v1", "a".repeat(70));
    let other = RawServer::answering(|_| words("Hello.")).await;
    let tls = other.url("/v1").replace("http:", "https:");
    for (address, expected) in [(plain, Unreached::Refused), (nameless, Unreached::Name), (tls, Unreached::Tls)] {
        let ran = ask(&Agent::new(config(&address)).unwrap()).await;
        assert_eq!(source(&ran).unreached(), Some(expected), "{address}: {:?}", ran.error());
        assert_eq!(ran.error().is_retryable(), expected != Unreached::Tls);
    }
}

/// AGENT-118, AGENT-121: each form of the address leads to the same request, with its query and its user.
#[tokio::test]
async fn every_form_of_the_address_works() {
    for path in ["/v1", "/v1/", "/v1/chat/completions", "/v1/chat/completions/"] {
        let server = RawServer::answering(|_| words("Hello.")).await;
        assert_eq!(ask(&agent(&server, path)).await.answer(), "Hello.");
        assert_eq!(server.targets(), ["POST /v1/chat/completions"], "{path}");
        assert!(server.requests()[0].head.contains("authorization: bearer sk-very-secret"));
    }
    let server = RawServer::answering(|_| words("Hello.")).await;
    let base_url = server.url("/openai/deployments/gpt?api-version=2024-10-21").replace("://", "://me:p%40ss@");
    let model = ModelConfig::OpenAi { base_url, api_key: None, model: "gpt".to_owned() };
    let agent = Agent::new(AgentConfig { model, ..config("http://host/v1") }).unwrap();
    assert_eq!(ask(&agent).await.answer(), "Hello.");
    assert_eq!(server.targets(), ["POST /openai/deployments/gpt/chat/completions?api-version=2024-10-21"]);
    // me:p@ss
    assert!(server.requests()[0].head.contains("authorization: basic bwu6cebzcw=="), "{:?}", server.requests());
}

/// AGENT-120: an address without `/v1` is asked there too, and remembered where that helps.
#[tokio::test]
async fn the_missing_version_is_found() {
    let server = RawServer::answering(|request| match request.target.starts_with("POST /v1/") {
        true => words("Hello."),
        false => answer(404, "text/plain", "404 page not found"),
    })
    .await;
    let agent = agent(&server, "");
    assert_eq!(ask(&agent).await.answer(), "Hello.");
    assert_eq!(server.targets(), ["POST /chat/completions", "POST /v1/chat/completions"]);
    assert_eq!(ask(&agent).await.answer(), "Hello.");
    assert_eq!(server.targets()[2..], ["POST /v1/chat/completions"]);
    assert!(agent.asked().unwrap().address.ends_with("/v1/chat/completions"));

    let server = RawServer::answering(|_| answer(404, "text/plain", "404 page not found")).await;
    let ran = ask(&self::agent(&server, "")).await;
    assert_eq!(source(&ran).refusal(), Some(Refusal::Address));
    assert_eq!(server.targets().len(), 2);
}

async fn probe(agent: &Agent, depth: Depth) -> Probe {
    agent.probe(depth).await.unwrap()
}

fn models(names: &[&str]) -> Vec<u8> {
    let models: Vec<Value> = names.iter().map(|name| json!({ "id": name, "object": "model" })).collect();
    json_answer(200, &json!({ "object": "list", "data": models }))
}

/// AGENT-123: where the list of models has the model, nothing else is asked at the start.
#[tokio::test]
async fn a_listed_model_costs_no_token() {
    for list in [
        models(&["other", "fake"]),
        models(&["models/fake"]),
        models(&["fake:latest"]),
        json_answer(200, &json!([{ "id": "fake" }])),
        json_answer(200, &json!({ "models": [{ "name": "fake" }] })),
    ] {
        let server = RawServer::answering(move |_| list.clone()).await;
        let found = probe(&agent(&server, "/v1"), Depth::List).await;
        assert_eq!((&found.listing, found.fault.is_none()), (&Listing::Listed, true), "{found:?}");
        assert_eq!(server.targets(), ["GET /v1/models"]);
        assert_eq!((found.streams, found.tools), (None, None));
    }
    let entry = json!({ "data": [{ "id": "fake", "supported_parameters": ["temperature"] }] });
    let server = RawServer::answering(move |_| json_answer(200, &entry)).await;
    assert_eq!(probe(&agent(&server, "/v1"), Depth::List).await.tools, Some(false));
}

/// AGENT-124: a model that is not listed is asked, and where it is not there the nearest names are offered.
#[tokio::test]
async fn a_model_that_is_not_there_is_reported_with_the_nearest() {
    let server = RawServer::answering(|request| match is_chat(request) {
        true => json_answer(404, &json!({ "error": { "message": "no", "code": "model_not_found" } })),
        false => models(&["whisper", "fakes", "faker", "fake-2", "embedder"]),
    })
    .await;
    let found = probe(&agent(&server, "/v1"), Depth::List).await;
    let Listing::Missing { nearest } = &found.listing else { panic!("{found:?}") };
    assert_eq!(nearest, &["fakes", "faker", "fake-2"]);
    assert_eq!(found.fault.and_then(|fault| fault.refusal()), Some(Refusal::UnknownModel));

    // A server with one model takes any name.
    let server = RawServer::answering(|request| if is_chat(request) { words("H") } else { models(&["own"]) }).await;
    let found = probe(&agent(&server, "/v1"), Depth::List).await;
    assert!(found.fault.is_none() && matches!(found.listing, Listing::Missing { .. }), "{found:?}");
}

/// AGENT-125: without a list a short question with a tool decides, and what that shows of the server is remembered.
#[tokio::test]
async fn a_server_without_a_list_is_asked_a_short_question() {
    let server = RawServer::answering(|request| {
        let refused = ["max_tokens", "stream_options"].into_iter().find(|name| request.body.get(*name).is_some());
        match (request.target.as_str(), refused) {
            ("POST /v1/chat/completions", None) => words("H"),
            ("POST /v1/chat/completions", Some(name)) => refusal(name),
            _ => answer(404, "text/plain", "404 page not found"),
        }
    })
    .await;
    let agent = agent(&server, "");
    let found = probe(&agent, Depth::List).await;
    assert!(found.fault.is_none(), "{found:?}");
    assert_eq!((found.listing, found.streams, found.tools), (Listing::Unknown, Some(true), Some(true)));
    assert!(found.address.ends_with("/v1/chat/completions"), "{}", found.address);
    let before = server.targets().len();
    assert_eq!(ask(&agent).await.answer(), "Hello.".replace("ello.", ""));
    assert_eq!(server.targets().len(), before + 1, "nothing is refused any more");
}

/// AGENT-126: a probe's fault is the one that a message would meet; nothing secret is in it.
#[tokio::test]
async fn a_probe_finds_the_fault() {
    let server = RawServer::answering(|_| {
        json_answer(401, &json!({ "error": { "message": "sk-very-secret", "code": "sk-very-secret" } }))
    })
    .await;
    let found = probe(&agent(&server, "/v1?key=planted"), Depth::List).await;
    assert_eq!(found.fault.as_ref().and_then(ModelError::refusal), Some(Refusal::Key));
    let shown = format!("{found:?}");
    assert!(!shown.contains("very-secret") && !shown.contains("planted"), "{shown}");

    let no_tools = RawServer::answering(|request| match is_chat(request) {
        true => json_answer(400, &json!({ "error": "fake does not support tools" })),
        false => models(&["fake"]),
    })
    .await;
    let found = probe(&agent(&no_tools, "/v1"), Depth::Answer).await;
    assert_eq!(found.fault.and_then(|fault| fault.refusal()), Some(Refusal::NoTools));

    let found = probe(&Agent::new(config(&unused_address())).unwrap(), Depth::List).await;
    assert_eq!(found.fault.and_then(|fault| fault.unreached()), Some(Unreached::Refused));
}
