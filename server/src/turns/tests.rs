//! Turns inside one process: the grace period at shutdown, and the limit of steps.
#![allow(clippy::unwrap_used)]

use saydo_agent::{AgentConfig, ModelConfig};
use saydo_store::DatabaseConfig;
use saydo_test_support::{
    databases::TestDatabase,
    fake_model::{FakeModel, Gate, Reply},
};

use super::*;

fn service(store: &Store, model: &FakeModel) -> TurnService {
    let base_url = model.base_url();
    let model = ModelConfig::OpenAi { base_url, api_key: Some("sk-test".into()), model: "fake".into() };
    TurnService::new(Agent::new(AgentConfig::new(model)).unwrap(), store.clone())
}

/// TURN-34: what outlasts the grace period is let go, and the same request completes it on another server.
#[tokio::test]
async fn a_turn_that_outlasts_its_server_is_let_go() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    for database in TestDatabase::all().await {
        let left = Gate::new();
        let gone = left.clone();
        let reply =
            move |_: &serde_json::Value| if gone.is_open() { Reply::text("Here I am.") } else { Reply::silence() };
        let model = FakeModel::answering(reply).await;
        let store = Store::connect(&DatabaseConfig::new(database.url.as_str())).await.unwrap();
        store.migrate().await.unwrap();
        let ann = store.for_user("ann".parse().unwrap());
        let request = || ChatRequest { conversation_id: None, message: "hello?".parse().unwrap() };
        let options = || TurnOptions {
            key: Some("k".parse().unwrap()),
            zone: Some(Tz::UTC),
            locale: None,
            request_id: RequestId::default(),
        };
        let leaving = service(&store, &model);
        let turn = leaving.begin(&ann, request(), options()).await.unwrap();
        let id = turn.id;
        leaving.drain(LAST_WORDS).await;
        let outcome = turn.outcome().await.unwrap();
        assert!(matches!(outcome.event, TurnEvent::TurnFailed { retryable: true, .. }), "{outcome:?}");
        assert_eq!(ann.turn(id).await.unwrap().unwrap().status, TurnStatus::Failed);
        assert!(matches!(leaving.begin(&ann, request(), options()).await, Err(BeginError::Draining)));

        left.open();
        let staying = service(&store, &model);
        let outcome = staying.begin(&ann, request(), options()).await.unwrap().outcome().await.unwrap();
        assert_eq!(outcome.reply.unwrap().response, "Here I am.");
    }
}

/// TURN-17: a turn whose model calls tools for ever is over, and a retry, which would end the same, is not offered.
#[tokio::test]
async fn a_turn_in_circles_is_not_retryable() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    for database in TestDatabase::all().await {
        let model = FakeModel::answering(|_| Reply::call("list_tasks", serde_json::json!({}))).await;
        let store = Store::connect(&DatabaseConfig::new(database.url.as_str())).await.unwrap();
        store.migrate().await.unwrap();
        let ann = store.for_user("ann".parse().unwrap());
        let server = service(&store, &model);
        let mut asked = None;
        for _ in 0..2 {
            let request = ChatRequest { conversation_id: None, message: "hello?".parse().unwrap() };
            let key = Some("k".parse().unwrap());
            let options = TurnOptions { key, zone: Some(Tz::UTC), locale: None, request_id: RequestId::default() };
            let outcome = server.begin(&ann, request, options).await.unwrap().outcome().await.unwrap();
            assert!(matches!(outcome.event, TurnEvent::TurnFailed { retryable: false, .. }), "{outcome:?}");
            let requests = model.requests().len();
            assert_eq!(*asked.get_or_insert(requests), requests, "the model is not asked again");
        }
    }
}
