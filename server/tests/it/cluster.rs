//! What an orchestrator asks of a server.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use saydo::{
    config::{AuthConfig, ListenConfig, Origin, TrustedProxies},
    http::api::{Api, ApiConfig},
};
use saydo_agent::{AgentConfig, ModelConfig};
use saydo_auth::AuthSecret;
use saydo_store::{DatabaseConfig, Store};
use saydo_test_support::databases::TestDatabase;
use tower::ServiceExt;

use crate::app::SECRET;

async fn api(database: &TestDatabase) -> Api {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let address = ([127, 0, 0, 1], 3000).into();
    Api::start(ApiConfig {
        listen: ListenConfig {
            address,
            public: Origin::of(address),
            rate_limit: true,
            proxies: TrustedProxies::default(),
            linger: std::time::Duration::ZERO,
        },
        database: DatabaseConfig::new(database.url.as_str()),
        auth: AuthConfig { secret: AuthSecret::new(SECRET.into()).unwrap(), jwks_url: None },
        agent: AgentConfig::new(ModelConfig::Offline),
        mcp_hosts: Vec::new(),
    })
    .await
    .unwrap()
}

async fn status(api: &Api, path: &str) -> StatusCode {
    api.router().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap().status()
}

/// DEPLOY-18: a database without this version's schema is not ready; once it is migrated, it is.
#[tokio::test]
async fn readiness_waits_for_the_schema() {
    for database in TestDatabase::all().await {
        let before = api(&database).await;
        assert_eq!(status(&before, "/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status(&before, "/healthz").await, StatusCode::OK);

        let store = Store::connect(&DatabaseConfig::new(database.url.as_str())).await.unwrap();
        assert!(store.has_schema().await.is_err());
        store.migrate().await.unwrap();
        assert!(store.has_schema().await.unwrap());
        assert_eq!(status(&api(&database).await, "/readyz").await, StatusCode::OK);
    }
}

/// DEPLOY-19: told to stop, readiness fails at once and everything else goes on.
#[tokio::test]
async fn readiness_fails_first() {
    let database = TestDatabase::sqlite();
    let api = api(&database).await;
    api.migrate().await.unwrap();
    assert_eq!(status(&api, "/readyz").await, StatusCode::OK);
    api.leaver().cancel();
    assert_eq!(status(&api, "/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status(&api, "/healthz").await, StatusCode::OK);
    assert_eq!(status(&api, "/api/auth/get-session").await, StatusCode::OK);
}
