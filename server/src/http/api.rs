//! The api role: its state, its routes and its life.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::{HeaderValue, header},
    middleware,
    routing::{any, get},
};
use metrics_exporter_prometheus::PrometheusHandle;
use saydo_agent::{Agent, AgentConfig, BuildError, ModelConfig};
use saydo_auth::{OutsideServer, PasswordLimits, Passwords, SessionCookies, TokenIssuer, TokenVerifier};
use saydo_contract::ModelMode;
use saydo_store::{DatabaseConfig, Store, StoreError, UnsupportedPooler};
use tokio_util::sync::{CancellationToken, DropGuard};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    LARGEST_BODY, account, auth, chat, conversations, docs, edge, events, health,
    health::{Leaving, Readiness},
    limits::RateLimits,
    principal::Accounts,
    problem::ApiError,
};
use crate::{
    config::{AuthConfig, ListenConfig, Origin},
    mcp, metering, model_report,
    turns::TurnService,
};

/// How often what has lapsed is forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// How many lapsed rows of a kind go at once, so that no one waits for it.
const LAPSED_AT_ONCE: u64 = 500;

/// What the api role needs.
pub struct ApiConfig {
    /// How it is reached.
    pub listen: ListenConfig,
    /// Where its data is.
    pub database: DatabaseConfig,
    /// Who may come in.
    pub auth: AuthConfig,
    /// What answers.
    pub agent: AgentConfig,
    /// `MCP_ALLOWED_HOSTS`: names under which `/mcp` may be called.
    pub mcp_hosts: Vec<String>,
}

/// Why the api role did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened.
    #[error("the database cannot be opened")]
    Database(#[from] StoreError),
    /// The connection pooler before the database cannot be used.
    #[error(transparent)]
    Pooler(#[from] UnsupportedPooler),
    /// The model's client cannot be made.
    #[error("the model's client cannot be made")]
    Model(#[from] BuildError),
    /// The client for the outside keys cannot be made.
    #[error("the client for BETTER_AUTH_JWKS_URL cannot be made")]
    Keys(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A handful of handles; handlers ask for the one they use.
#[derive(Clone, FromRef)]
pub(crate) struct ApiState {
    pub(crate) store: Store,
    pub(crate) turns: TurnService,
    pub(crate) verifier: Arc<TokenVerifier>,
    pub(crate) issuer: TokenIssuer,
    pub(crate) cookies: SessionCookies,
    pub(crate) passwords: Passwords,
    pub(crate) limits: RateLimits,
    pub(crate) public: Origin,
    pub(crate) model: ModelMode,
    pub(crate) readiness: Readiness,
    pub(crate) leaving: Leaving,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) accounts: Accounts,
}

/// The api role, started.
pub struct Api {
    state: ApiState,
    mcp_hosts: Vec<String>,
    _housekeeping: DropGuard,
}

impl Api {
    /// Opens the database and gets ready to serve. Runs no migrations.
    ///
    /// # Errors
    /// As [`StartError`] says.
    pub async fn start(config: ApiConfig) -> Result<Self, StartError> {
        let store = Store::connect(&config.database).await?;
        store.check_pooler().await?;
        let ApiConfig { listen, auth, agent, mcp_hosts, .. } = config;
        let model = match agent.model {
            ModelConfig::Offline => ModelMode::Offline,
            ModelConfig::OpenAi { .. } => ModelMode::Openai,
        };
        let public_url = listen.public.as_str();
        let verifier = TokenVerifier::new(&auth.secret, public_url);
        let verifier = match &auth.jwks_url {
            Some(url) => {
                let server = OutsideServer::at(url, public_url).map_err(|fault| StartError::Keys(fault.into()))?;
                verifier.with_outside(&server).map_err(|fault| StartError::Keys(fault.into()))?
            }
            None => verifier,
        };
        let state = ApiState {
            turns: TurnService::new(Agent::new(agent)?, store.clone()),
            verifier: Arc::new(verifier),
            issuer: TokenIssuer::new(&auth.secret, public_url),
            cookies: SessionCookies::new(auth.secret, public_url),
            passwords: Passwords::new(PasswordLimits::default()),
            limits: if listen.rate_limit { RateLimits::on(listen.proxies) } else { RateLimits::OFF },
            public: listen.public,
            model,
            readiness: Readiness::default(),
            leaving: Leaving::default(),
            metrics: metering::recorder(),
            accounts: if auth.jwks_url.is_some() { Accounts::Outside } else { Accounts::Ours },
            store,
        };
        let stop = CancellationToken::new();
        tokio::spawn(stop.clone().run_until_cancelled_owned(housekeeping(state.clone())));
        Ok(Self { state, mcp_hosts, _housekeeping: stop.drop_guard() })
    }

    /// Brings the database to the current schema.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.state.store.migrate().await
    }

    /// Asks the model's server what it is, and logs what it says. Nothing waits for it.
    pub fn probe_model(&self) {
        tokio::spawn(model_report::log(self.state.turns.agent().clone()));
    }

    /// `/api`, `/mcp`, health and metrics.
    pub fn router(&self) -> Router {
        let (api, _) = api_routes().split_for_parts();
        let api = api
            .method_not_allowed_fallback(method_not_allowed)
            .merge(auth_routes())
            .fallback(not_found)
            .layer(DefaultBodyLimit::max(LARGEST_BODY));
        Router::new()
            .nest("/api", api)
            .merge(mcp::routes(&self.state, &self.mcp_hosts))
            .route("/healthz", get(health::healthz))
            .route("/readyz", get(health::readyz))
            .route("/metrics", get(health::scrape))
            .with_state(self.state.clone())
            .merge(docs::routes())
            .layer(CompressionLayer::new())
            .layer(CatchPanicLayer::custom(edge::panicked))
            .layer(middleware::from_fn(edge::edge))
    }

    /// Cancelled, readiness fails; everything else goes on.
    #[must_use]
    pub fn leaver(&self) -> CancellationToken {
        self.state.leaving.0.clone()
    }

    /// Takes no more turns and waits `grace` at most for those that run.
    pub async fn drain(&self, grace: Duration) {
        self.state.turns.drain(grace).await;
    }

    /// Closes the database.
    pub async fn close(self) {
        self.state.store.close().await;
    }
}

/// The API's routes, relative to `/api`, and their description.
pub(crate) fn api_routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(chat::chat))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::get, conversations::rename, conversations::delete))
        .routes(routes!(conversations::messages))
        .routes(routes!(events::events))
        .routes(routes!(events::account_events))
        .routes(routes!(events::stop))
        .routes(routes!(account::settings))
        .routes(routes!(account::export))
        .routes(routes!(account::erase))
}

fn auth_routes() -> Router<ApiState> {
    let (routes, _) = documented_auth_routes().split_for_parts();
    // Sessions and tokens are in these answers.
    let no_store = SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    routes
        .method_not_allowed_fallback(auth::method_not_allowed)
        .route("/auth/{*rest}", any(auth::not_found))
        .layer(no_store)
}

/// Better Auth's routes, relative to `/api`, and their description.
pub(crate) fn documented_auth_routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(auth::sign_up))
        .routes(routes!(auth::sign_in))
        .routes(routes!(auth::sign_out))
        .routes(routes!(auth::get_session))
        .routes(routes!(auth::token))
        .routes(routes!(auth::jwks))
        .routes(routes!(auth::ok))
}

async fn not_found() -> ApiError {
    ApiError::not_found()
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(saydo_contract::ProblemKind::MethodNotAllowed, "This address has other methods; `Allow` names them.")
}

async fn housekeeping(state: ApiState) {
    let mut pace = tokio::time::interval(HOUSEKEEPING);
    let mut used = state.turns.used();
    used.mark_changed();
    loop {
        pace.tick().await;
        state.limits.forget_quiet();
        state.metrics.run_upkeep();
        // A database that nobody uses may sleep.
        if used.has_changed().unwrap_or_default() {
            used.mark_unchanged();
            forget_lapsed(&state.store).await;
        }
    }
}

async fn forget_lapsed(store: &Store) {
    loop {
        match store.prune(LAPSED_AT_ONCE).await {
            Ok(removed) if removed >= LAPSED_AT_ONCE => {}
            Ok(_) => return,
            Err(fault) => {
                tracing::debug!(fault = &fault as &dyn std::error::Error, "what has lapsed stays for now");
                return;
            }
        }
    }
}
