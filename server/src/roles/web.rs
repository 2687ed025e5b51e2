use axum::{Json, Router, http::StatusCode, routing::get};
use saydo_contract::StatusReply;
use tokio_util::sync::CancellationToken;

use super::{Fault, closing, leave, listen, serve, stop_signal};
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
    let listening = ListenConfig::from_env(env)?;
    let leaving = CancellationToken::new();
    let api = proxy(api_url, listening.proxies.clone());
    let router = pages(&config, api.clone(), listening.public.clone()).map_err(Fault::Site)?;
    let router = router.merge(api).merge(health(leaving.clone()));
    let listener = listen(&listening).await?;
    serve(listener, closing(router, leaving.clone()), leave(stop_signal(), leaving, listening.linger)).await
}

/// Pages can be served whatever becomes of the api role, until this server has been told to stop.
fn health(leaving: CancellationToken) -> Router {
    let readiness = async move || {
        let ok = !leaving.is_cancelled();
        (if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(StatusReply { ok }))
    };
    Router::new().route("/healthz", get(async || Json(StatusReply { ok: true }))).route("/readyz", get(readiness))
}
