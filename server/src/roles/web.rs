use axum::{Json, Router, routing::get};
use saydo_contract::StatusReply;

use super::{Fault, listen, serve, stop_signal};
use crate::{
    config::{ConfigError, Env, ListenConfig, WebConfig},
    web::{pages, proxy},
};

/// The pages, the static files and the way to the api role. No database, no secrets.
///
/// # Errors
/// Where it cannot start or breaks off.
pub async fn web(env: &Env) -> Result<(), Fault> {
    let config = WebConfig::from_env(env)?;
    let api_url = config
        .api_url
        .as_deref()
        .ok_or_else(|| ConfigError::new("SAYDO_API_URL", "is required by the web role", "http://backend:3000"))?;
    let router = pages(&config).map_err(Fault::Site)?.merge(proxy(api_url)).merge(health());
    let listener = listen(&ListenConfig::from_env(env)?).await?;
    serve(listener, router, stop_signal()).await
}

/// Pages can be served whatever becomes of the api role.
fn health() -> Router {
    let ok = get(async || Json(StatusReply { ok: true }));
    Router::new().route("/healthz", ok.clone()).route("/readyz", ok)
}
