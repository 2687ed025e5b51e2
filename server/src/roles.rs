//! The roles of the binary. Each is one function; what they share is how a listener is served and stopped.

use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
    process::ExitCode,
    time::Duration,
};

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware,
    response::Response,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::{EnvFilter, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    causes::chain,
    config::{ConfigError, Env, ListenConfig, LogConfig, LogFormat},
    http::edge::one_host,
};

#[cfg(feature = "api")]
mod api;
#[cfg(feature = "api")]
mod backup;
#[cfg(feature = "api")]
mod check;
#[cfg(all(feature = "api", feature = "web"))]
mod site;
#[cfg(feature = "web")]
mod web;

#[cfg(all(feature = "api", feature = "web"))]
mod all;

#[cfg(all(feature = "api", feature = "web"))]
pub use all::all;
#[cfg(feature = "api")]
pub use api::{api, migrate, serve_api};
#[cfg(feature = "api")]
pub use backup::backup;
#[cfg(feature = "api")]
pub use check::check;
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
    /// A check found faults.
    #[cfg(feature = "api")]
    #[error("{0} of what was checked has a fault")]
    Check(usize),
    /// No backup was made.
    #[cfg(feature = "api")]
    #[error("no backup was made")]
    Backup(#[from] saydo_store::BackupError),
    /// The database is PostgreSQL.
    #[cfg(feature = "api")]
    #[error("PostgreSQL has its own backups: pg_dump --format=custom --file={} \"${variable}\"", file.display())]
    UsePgDump {
        /// Which variable has the address without a pooler.
        variable: &'static str,
        /// The file to write.
        file: std::path::PathBuf,
    },
    /// The server on this machine is not ready.
    #[error("not ready")]
    NotReady(#[source] reqwest::Error),
}

impl Fault {
    /// Tells the fault on one line, causes included.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "a start that fails is told to the person at the terminal")]
    pub fn tell(&self) -> ExitCode {
        eprintln!("saydo: {}", chain(self));
        ExitCode::FAILURE
    }
}

/// A build without pages.
#[cfg(all(feature = "api", not(feature = "web")))]
mod site {
    pub(super) const fn look(_: &crate::config::Env) -> Option<crate::finding::Finding> {
        None
    }
}

/// The file of a SQLite database, unless it is in memory.
#[cfg(feature = "api")]
fn embedded_file(url: &str) -> Option<std::path::PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or(path);
    (!path.is_empty() && !path.contains(":memory:")).then(|| path.into())
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
    // The model's client logs what it cannot read of an answer, and that is a person's; the proxy each of its attempts, and
    // we how they ended. Off whatever RUST_LOG says.
    let quiet = filter_fn(|metadata| {
        let target = metadata.target();
        !target.starts_with("async_openai") && !target.starts_with("axum_reverse_proxy")
    });
    let lines = tracing_subscriber::fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    let log = tracing_subscriber::registry().with(EnvFilter::new(&config.filter)).with(quiet);
    match config.format {
        LogFormat::Text => log.with(lines).init(),
        LogFormat::Json => log.with(lines.json().flatten_event(true)).init(),
    }
}

/// Asks the server on this machine, or each of `urls`, whether it is ready.
///
/// # Errors
/// Where one is not.
pub async fn healthcheck(env: &Env, mut urls: Vec<String>) -> Result<(), Fault> {
    if urls.is_empty() {
        urls.push(format!("http://{}/readyz", ListenConfig::from_env(env)?.local_address()));
    }
    let asked = async {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(3)).no_proxy().build()?;
        for url in urls {
            client.get(url).send().await?.error_for_status()?;
        }
        Ok(())
    };
    asked.await.map_err(Fault::NotReady)
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
    if let Some(missing) = config.missing_public_url() {
        tracing::warn!("{missing}. Until then, the task list, Undo and MCP clients are refused on other machines");
    }
    if !config.rate_limit {
        tracing::warn!("SAYDO_RATE_LIMIT=off: sign-ins and chats are not limited; for tests and benchmarks only");
    }
    Ok(listener)
}

/// Waits until the server is `told` to stop, and then `linger` for its callers to leave.
async fn leave(told: impl Future<Output = ()>, leaving: CancellationToken, linger: Duration) {
    told.await;
    leaving.cancel();
    tokio::time::sleep(linger).await;
}

/// Makes each answer the last on its connection once the server is `leaving`, so that callers turn to another replica.
fn closing(router: Router, leaving: CancellationToken) -> Router {
    router.layer(middleware::map_response(move |mut response: Response| {
        if leaving.is_cancelled() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        async { response }
    }))
}

/// Serves until `shutdown`, then until the open requests have ended, [`GRACE`] at most.
async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Fault> {
    let stopped = CancellationToken::new();
    let stopping = stopped.clone();
    let router = router.layer(middleware::from_fn(one_host));
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::{http::StatusCode, routing::get};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    struct Server {
        url: String,
        told: CancellationToken,
        leaving: CancellationToken,
        serving: tokio::task::JoinHandle<Result<(), Fault>>,
    }

    async fn server(linger: Duration) -> Server {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (told, leaving) = (CancellationToken::new(), CancellationToken::new());
        let router = Router::new().route("/", get("ok")).route("/fault", get(StatusCode::SERVICE_UNAVAILABLE));
        let shutdown = leave(told.clone().cancelled_owned(), leaving.clone(), linger);
        let serving = tokio::spawn(serve(listener, closing(router, leaving.clone()), shutdown));
        Server { url, told, leaving, serving }
    }

    /// DEPLOY-19: told to stop, it goes on answering and closes each connection; only then does it take no more.
    #[tokio::test]
    async fn callers_are_let_go_before_they_are_refused() {
        let server = server(Duration::from_millis(500)).await;
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let ask = || client.get(&server.url).send();
        assert!(ask().await.unwrap().headers().get(header::CONNECTION).is_none());

        server.told.cancel();
        server.leaving.cancelled().await;
        let answer = ask().await.unwrap();
        assert_eq!(answer.headers()[header::CONNECTION], "close");
        assert_eq!(answer.text().await.unwrap(), "ok");

        server.serving.await.unwrap().unwrap();
        assert!(ask().await.is_err());
    }

    /// CONTRACT-75: each role answers 400 to a request that names no host or two, and goes on with the next connection.
    #[tokio::test]
    async fn a_request_names_one_host() {
        let server = server(Duration::ZERO).await;
        let address = server.url.trim_start_matches("http://").trim_end_matches('/');
        let ask = async |head: &str| {
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        for hosts in ["", "Host: a.example\r\nHost: b.example\r\n", "Host: a.example\r\nhost: a.example\r\n"] {
            let answer = ask(&format!("GET / HTTP/1.1\r\n{hosts}")).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{hosts:?}: {answer}");
            assert!(answer.contains("content-type: application/problem+json\r\n"), "{answer}");
            assert!(
                answer.contains("\"type\":\"/problems/invalid-host\"") && answer.contains("\"status\":400"),
                "{answer}"
            );
            assert!(answer.contains("\r\nx-request-id: "), "{answer}");
        }
        for head in ["GET / HTTP/1.1\r\nHost: a.example\r\n", "GET / HTTP/1.0\r\n"] {
            let answer = ask(head).await;
            assert!(answer.contains(" 200 ") && answer.ends_with("ok"), "{head:?}: {answer}");
        }
    }

    /// DEPLOY-20: every address must answer with success.
    #[tokio::test]
    async fn every_address_is_asked() {
        let Server { url, .. } = server(Duration::ZERO).await;
        let env = Env::default();
        healthcheck(&env, vec![url.clone(), url.clone()]).await.unwrap();
        assert!(healthcheck(&env, vec![url.clone(), format!("{url}fault")]).await.is_err());
        assert!(healthcheck(&env, vec![format!("{url}nowhere"), url.clone()]).await.is_err());
    }
}
