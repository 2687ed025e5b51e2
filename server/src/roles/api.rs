use axum::Router;
use saydo_agent::AgentConfig;
use saydo_store::{DatabaseConfig, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Fault, GRACE, listen, serve, stop_signal};
use crate::{
    config::{AuthConfig, Env, ListenConfig, database_from_env, mcp_hosts_from_env, model_from_env},
    http::api::{Api, ApiConfig, StartError},
};

/// The API, the MCP endpoint and the agent. Migrations are another role's.
///
/// # Errors
/// Where it cannot start or breaks off.
pub async fn api(env: &Env) -> Result<(), Fault> {
    let config = api_config(env, database_from_env(env)?, AuthConfig::from_env(env)?)?;
    let listener = listen(&config.listen).await?;
    let api = Api::start(config).await?;
    serve_api(listener, api.router(), api, stop_signal()).await
}

/// Brings the database to the current schema and ends.
///
/// # Errors
/// Where the database fails.
pub async fn migrate(env: &Env) -> Result<(), Fault> {
    let store = Store::connect(&database_from_env(env)?).await.map_err(StartError::from)?;
    store.migrate().await.map_err(Fault::Migrate)?;
    store.close().await;
    tracing::info!("the database has the current schema");
    Ok(())
}

pub(super) fn api_config(env: &Env, database: DatabaseConfig, auth: AuthConfig) -> Result<ApiConfig, Fault> {
    let listen = ListenConfig::from_env(env)?;
    let mcp_hosts = mcp_hosts_from_env(env, &listen);
    Ok(ApiConfig { database, auth, agent: AgentConfig::new(model_from_env(env)?), mcp_hosts, listen })
}

/// Serves until `shutdown`; then refuses new turns and lets open requests and running turns end, within one grace period.
///
/// # Errors
/// Where serving breaks off.
pub async fn serve_api(
    listener: TcpListener,
    router: Router,
    api: Api,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Fault> {
    let stop = CancellationToken::new();
    let serving = async {
        let served = serve(listener, router, stop.clone().cancelled_owned()).await;
        stop.cancel();
        served
    };
    let draining = async {
        tokio::select! {
            () = shutdown => stop.cancel(),
            () = stop.cancelled() => {}
        }
        api.drain(GRACE).await;
    };
    let (served, ()) = tokio::join!(serving, draining);
    api.close().await;
    served
}
