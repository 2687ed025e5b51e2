use std::time::Duration;

use axum::Router;
use saydo_store::{DatabaseConfig, Store, StoreError};
use tokio::{net::TcpListener, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{Fault, GRACE, closing, leave, listen, serve, stop_signal};
use crate::{
    config::{AuthConfig, Env, ListenConfig, agent_from_env, database_from_env, mcp_hosts_from_env},
    http::api::{Api, ApiConfig, StartError},
};

/// How long a migration waits for its database.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it looks again.
const PAUSE: Duration = Duration::from_secs(1);

/// The API, the MCP endpoint and the agent. Migrations are another role's.
///
/// # Errors
/// Where it cannot start or breaks off.
pub async fn api(env: &Env) -> Result<(), Fault> {
    let config = api_config(env, database_from_env(env)?, AuthConfig::from_env(env)?)?;
    let listener = listen(&config.listen).await?;
    let linger = config.listen.linger;
    let api = Api::start(config).await?;
    api.probe_model();
    let (router, shutdown) = (closing(api.router(), api.leaver()), leave(stop_signal(), api.leaver(), linger));
    serve_api(listener, router, api, shutdown).await
}

/// Brings the database to the current schema and ends. A database that is not there yet is waited for.
///
/// # Errors
/// Where the database fails.
pub async fn migrate(env: &Env) -> Result<(), Fault> {
    let store = Store::connect(&database_from_env(env)?).await.map_err(StartError::from)?;
    migrate_within(&store, PATIENCE).await.map_err(Fault::Migrate)?;
    store.close().await;
    tracing::info!("the database has the current schema");
    Ok(())
}

/// Migrates, again and again while the database is away.
async fn migrate_within(store: &Store, patience: Duration) -> Result<(), StoreError> {
    let deadline = Instant::now() + patience;
    loop {
        match store.migrate().await {
            Err(StoreError::Unavailable(fault)) if Instant::now() < deadline => {
                tracing::warn!(fault = &*fault as &dyn std::error::Error, "the database is not there yet");
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

pub(super) fn api_config(env: &Env, database: DatabaseConfig, auth: AuthConfig) -> Result<ApiConfig, Fault> {
    let listen = ListenConfig::from_env(env)?;
    let mcp_hosts = mcp_hosts_from_env(env, &listen);
    Ok(ApiConfig { database, auth, agent: agent_from_env(env)?, mcp_hosts, listen })
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use saydo_test_support::databases::TestDatabase;
    use tokio::net::TcpStream;

    use super::*;

    /// DEPLOY-21: a database that does not answer yet is waited for, within a bound.
    #[tokio::test]
    async fn a_late_database_is_migrated_all_the_same() {
        let Some(database) = TestDatabase::postgres().await else { return };
        let (start, rest) = database.url.split_once("@").unwrap();
        let (host, name) = rest.split_once('/').unwrap();
        let host = host.to_owned();
        let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{start}@{}/{name}", door.local_addr().unwrap());
        tokio::spawn(async move {
            // Nobody is at home for the first two who come.
            drop(door.accept().await.unwrap());
            drop(door.accept().await.unwrap());
            loop {
                let (mut outside, _) = door.accept().await.unwrap();
                let mut inside = TcpStream::connect(&host).await.unwrap();
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut outside, &mut inside).await });
            }
        });
        let late = Store::connect(&DatabaseConfig::new(url)).await.unwrap();
        migrate_within(&late, PATIENCE).await.unwrap();
        assert!(late.has_schema().await.unwrap());

        let never = DatabaseConfig {
            acquire_timeout: Duration::from_millis(100),
            ..DatabaseConfig::new("postgres://nobody@127.0.0.1:1/none")
        };
        let never = Store::connect(&never).await.unwrap();
        let gone = migrate_within(&never, Duration::from_millis(10)).await;
        assert!(matches!(gone, Err(StoreError::Unavailable(_))));
    }
}
