//! The real server on a throw-away database.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::{Client, StatusCode};
use tempfile::TempDir;

/// How long the server may take to answer.
const START: Duration = Duration::from_secs(30);

/// A server that ends with this value.
pub(crate) struct Server {
    /// Where it is.
    pub(crate) origin: String,
    child: Child,
    _folder: TempDir,
}

impl Server {
    /// Starts the api role with the offline model, without rate limits.
    pub(crate) fn start(binary: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = format!("sqlite://{}?mode=rwc", folder.path().join("saydo.db").display());
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.to_string();
        let command = |role: &str| {
            let mut command = Command::new(binary);
            command.arg(role).env_clear().env("DATABASE_URL", &database).stdin(Stdio::null());
            command
        };
        let migrated = command("migrate").stderr(Stdio::null()).status();
        ensure!(migrated.with_context(|| format!("starting {}", binary.display()))?.success(), "the migrations failed");
        let mut api = command("api");
        api.envs([("SAYDO_LISTEN", address.as_str()), ("SAYDO_RATE_LIMIT", "off"), ("SAYDO_MODEL", "offline")]);
        api.envs([("BETTER_AUTH_SECRET", "only for the phrases, and thrown away"), ("RUST_LOG", "error")]);
        let child = api.spawn().with_context(|| format!("starting {}", binary.display()))?;
        Ok(Self { origin: format!("http://{address}"), child, _folder: folder })
    }

    /// Waits until it answers.
    pub(crate) async fn ready(&mut self, client: &Client) -> Result<()> {
        let url = format!("{}/readyz", self.origin);
        let begun = Instant::now();
        while !client.get(&url).send().await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
            let ended = self.child.try_wait()?;
            ensure!(ended.is_none() && begun.elapsed() < START, "the server did not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
