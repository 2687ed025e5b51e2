//! The real binary in a process of its own, which can be killed.

use std::{
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
};

use crate::app::{SECRET, TestApp, eventually};

/// A server that ends with this value.
pub struct Process {
    pub app: TestApp,
    child: Child,
}

impl Process {
    /// Starts the api role on `port` and waits until it is ready. `model`: the base URL of one, else the offline one.
    pub async fn start(binary: &Path, port: u16, database: &str, model: Option<&str>) -> Self {
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(binary);
        command.arg("api").env_clear().env("DATABASE_URL", database).stdin(Stdio::null()).stderr(Stdio::null());
        command.envs([("SAYDO_LISTEN", address.as_str()), ("SAYDO_RATE_LIMIT", "off"), ("BETTER_AUTH_SECRET", SECRET)]);
        match model {
            Some(url) => {
                command.envs([("OPENAI_BASE_URL", url), ("OPENAI_API_KEY", "sk-test"), ("OPENAI_MODEL", "fake")])
            }
            None => command.env("SAYDO_MODEL", "offline"),
        };
        let child = command.spawn().unwrap();
        let process = Self { app: TestApp::at(format!("http://{address}")), child };
        let ready = || process.app.client.get(format!("{}/readyz", process.app.origin)).send();
        eventually(async || ready().await.is_ok_and(|answer| answer.status() == 200).then_some(())).await;
        process
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.end();
    }

    /// Tells it to stop and waits until it has, away from the runtime.
    pub async fn terminate(mut self) -> ExitStatus {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let (_, status) = tokio::task::spawn_blocking(move || {
            let status = self.child.wait().unwrap();
            (self, status)
        })
        .await
        .unwrap();
        status
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// A port of this machine that nothing listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
