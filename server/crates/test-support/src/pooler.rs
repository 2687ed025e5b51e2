//! A PgBouncer of a test's own, in transaction mode.
//!
//! `SAYDO_TEST_PGBOUNCER` names the folder of the programs, `pgbouncer-1.18` and `pgbouncer-1.24`, as `cargo xtask test`
//! builds them. Without it those tests are skipped, loudly; where `CI` is `true` that is a failure.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "for tests, which fail by panicking, report skips, and take the programs from the environment"
)]

use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    cluster::{give_to_postgres, unprivileged},
    databases::TestDatabase,
};

/// Names the folder of PgBouncer's programs.
pub const PGBOUNCER: &str = "SAYDO_TEST_PGBOUNCER";

/// How many server connections a pooler has for each database: fewer than any test has clients.
const SERVER_CONNECTIONS: u32 = 3;

/// How a PgBouncer treats prepared statements.
#[derive(Debug, Clone, Copy)]
pub enum Pooling {
    /// 1.24, which carries them from one server connection to another.
    Current,
    /// 1.24 with `max_prepared_statements = 0`, which carries none.
    WithoutPreparedStatements,
    /// 1.18, which knows nothing of them.
    Old,
}

/// A pooler in front of a test's database; dropped, it is stopped and removed.
#[derive(Debug)]
pub struct Pooler {
    child: Child,
    folder: TempDir,
    /// The database's address through the pooler.
    pub url: String,
}

impl Pooler {
    /// Starts one on a free port; `None`, with a note on standard error, where the programs are not named.
    ///
    /// # Panics
    /// When it does not start, and in CI when the programs are not named.
    #[must_use]
    pub fn start(pooling: Pooling, database: &TestDatabase) -> Option<Self> {
        let Some(programs) = env::var_os(PGBOUNCER).map(PathBuf::from) else {
            assert!(env::var("CI").as_deref() != Ok("true"), "CI must name the folder of PgBouncer in {PGBOUNCER}");
            eprintln!("SKIPPED with PgBouncer: {PGBOUNCER} is not set");
            return None;
        };
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port");
        let folder = tempfile::tempdir().expect("a temporary folder");
        give_to_postgres(folder.path());
        let (settings, name) = settings(pooling, &database.url, port.port(), folder.path());
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).expect("the pooler's settings");
        let program = match pooling {
            Pooling::Current | Pooling::WithoutPreparedStatements => "pgbouncer-1.24",
            Pooling::Old => "pgbouncer-1.18",
        };
        let mut command = unprivileged(&programs.join(program));
        command.arg(&file).current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let url = format!("postgres://anybody@{port}/{name}");
        let mut pooler = Self { child: command.spawn().expect("PgBouncer"), folder, url };
        while TcpStream::connect(port).is_err() {
            let ended = pooler.child.try_wait().expect("its state");
            assert!(ended.is_none(), "PgBouncer ended at its start: {}", pooler.log());
            thread::sleep(Duration::from_millis(10));
        }
        Some(pooler)
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// `pgbouncer.ini`, with the defaults that a person finds (unknown start-up parameters are refused), and the database's name.
fn settings<'a>(pooling: Pooling, server: &'a str, port: u16, folder: &Path) -> (String, &'a str) {
    let (user, place) = server.split_once("://").and_then(|(_, rest)| rest.split_once('@')).expect("an address");
    let user = user.replacen(':', " password=", 1);
    let (host, name) = place.split_once('/').expect("an address with a database");
    let (host, server_port) = host.split_once(':').unwrap_or((host, "5432"));
    let statements = match pooling {
        Pooling::Current => "max_prepared_statements = 100",
        Pooling::WithoutPreparedStatements => "max_prepared_statements = 0",
        Pooling::Old => "",
    };
    let settings = format!(
        "[databases]\n{name} = host={host} port={server_port} user={user}\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
         pool_mode = transaction\ndefault_pool_size = {SERVER_CONNECTIONS}\nlogfile = {}\n{statements}\n",
        folder.join("log").display()
    );
    (settings, name)
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
