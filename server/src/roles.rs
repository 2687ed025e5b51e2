//! The roles of the binary. Each is one function; what they share is how a listener is served and stopped.

use std::{
    io::{self, IsTerminal},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use axum::Router;
use tokio::net::TcpListener;

use crate::config::{ConfigError, Env, ListenConfig, LogConfig, LogFormat};

#[cfg(feature = "api")]
mod api;
#[cfg(feature = "web")]
mod web;

#[cfg(all(feature = "api", feature = "web"))]
mod all;

#[cfg(all(feature = "api", feature = "web"))]
pub use all::all;
#[cfg(feature = "api")]
pub use api::{api, migrate};
#[cfg(feature = "web")]
pub use web::web;

/// How long a stopping server waits for what runs. Shorter than an orchestrator's usual 30 s.
const GRACE: Duration = Duration::from_secs(25);

/// Why a role ended without success.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// `SAYDO_LISTEN`
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The server broke off.
    #[error("the server broke off")]
    Serve(#[source] io::Error),
    /// The built site cannot be read.
    #[error("the built site cannot be read")]
    Site(#[source] io::Error),
    /// The api role did not start.
    #[cfg(feature = "api")]
    #[error(transparent)]
    Start(#[from] crate::http::api::StartError),
    /// A migration failed.
    #[cfg(feature = "api")]
    #[error("the database could not be brought to the current schema")]
    Migrate(#[source] saydo_store::StoreError),
    /// The server on this machine is not ready.
    #[error("not ready")]
    NotReady(#[source] Option<reqwest::Error>),
}

impl Fault {
    /// Tells the fault on one line, causes included.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "a start that fails is told to the person at the terminal")]
    pub fn tell(&self) -> ExitCode {
        let mut line = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            line.push_str(": ");
            line.push_str(&cause.to_string());
            next = cause.source();
        }
        eprintln!("saydo: {}", line.replace('\n', " "));
        ExitCode::FAILURE
    }
}

/// Sets up what every role needs and runs one.
///
/// # Errors
/// What the role says.
pub fn start(env: &Env, role: impl AsyncFnOnce(&Env) -> Result<(), Fault>) -> Result<(), Fault> {
    // One crypto backend for all TLS. A second install finds the first in place.
    let _ = rustls::crypto::ring::default_provider().install_default();
    start_log(&LogConfig::from_env(env)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Fault::Serve)?;
    runtime.block_on(role(env))
}

fn start_log(config: &LogConfig) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(&config.filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    match config.format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

/// Asks the server on this machine whether it is ready.
///
/// # Errors
/// Where it is not.
pub async fn healthcheck(env: &Env) -> Result<(), Fault> {
    let mut address = ListenConfig::from_env(env)?.address;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let client = reqwest::Client::builder().timeout(Duration::from_secs(3)).no_proxy().build();
    let ready = async { client?.get(format!("http://{address}/readyz")).send().await?.error_for_status() };
    ready.await.map(drop).map_err(|fault| Fault::NotReady(Some(fault)))
}

async fn listen(config: &ListenConfig) -> Result<TcpListener, Fault> {
    let address = config.address;
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        tracing::info!("listening on http://{address}, reached at {}", config.public.as_str());
        Ok(listener)
    };
    let listener = bound.await.map_err(|source| Fault::Listen { address, source })?;
    if !config.rate_limit {
        tracing::warn!("SAYDO_RATE_LIMIT=off: sign-ins and chats are not limited; for tests and benchmarks only");
    }
    Ok(listener)
}

/// Serves until `shutdown`, then until the open requests have ended, [`GRACE`] at most.
async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Fault> {
    let stopped = tokio_util::sync::CancellationToken::new();
    let stopping = stopped.clone();
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            shutdown.await;
            stopping.cancel();
        })
        .into_future();
    tokio::select! {
        ended = server => ended.map_err(Fault::Serve),
        () = async { stopped.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("requests were still open at the end of the grace period");
            Ok(())
        }
    }
}

/// Ctrl-C or SIGTERM.
async fn stop_signal() {
    let interrupt = async {
        // Without a handler the signal ends the process, which is what it asks for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping");
}
