//! A PostgreSQL cluster of a test's own, which can be stopped and started.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "for tests, which fail by panicking and are told of skips"
)]

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A cluster in a folder of its own; dropped, it is stopped and removed.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Cluster {
    /// Makes and starts a cluster on a free port; `None`, told on standard error, where PostgreSQL's programs are missing.
    ///
    /// # Panics
    /// When it does not start, and in CI when the programs are missing.
    #[must_use]
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(env::var("CI").as_deref() != Ok("true"), "CI must have PostgreSQL's programs");
            eprintln!("SKIPPED on PostgreSQL: its programs are missing");
            return None;
        };
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port");
        let folder = tempfile::tempdir().expect("a temporary folder");
        give_to_postgres(folder.path());
        let cluster = Self { programs, folder, port: port.port() };
        cluster.run("initdb", &["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"]);
        cluster.resume();
        Some(cluster)
    }

    /// The address of its `postgres` database, for a superuser without a password.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it: its sessions are cut, and nothing listens at its port.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&self) {
        self.run("pg_ctl", &["--mode=fast", "--wait", "stop"]);
    }

    /// Starts it again, on the same port with the same data.
    ///
    /// # Panics
    /// When it does not start.
    pub fn resume(&self) {
        // Nothing here outlives the run, so nothing needs to reach a disk.
        let settings = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200",
            self.port,
            self.folder.path().display()
        );
        let log = self.folder.path().join("log");
        let log = log.to_str().expect("a folder with a plain name");
        self.run("pg_ctl", &["--options", &settings, "--log", log, "--wait", "start"]);
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        succeed(&mut self.command(program, arguments));
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = unprivileged(&self.programs.join(program));
        command.args(arguments).arg("--pgdata").arg(self.folder.path().join("data"));
        // The server that stays must not hold the test's own output open.
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stopped = self.command("pg_ctl", &["--mode=immediate", "--wait", "stop"]).status();
        if !stopped.is_ok_and(|status| status.success()) {
            eprintln!("the cluster on port {} may be left", self.port);
        }
    }
}

/// PostgreSQL and PgBouncer refuse to run as root, so root hands them to the user `postgres`.
pub(crate) fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
    command
}

/// Lets an [`unprivileged`] program write into a folder.
pub(crate) fn give_to_postgres(folder: &Path) {
    if is_root() {
        succeed(Command::new("chown").arg("postgres").arg(folder));
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("`id`");
    id.stdout.trim_ascii() == b"0"
}

fn succeed(command: &mut Command) {
    let status = command.status().expect("a program that starts");
    assert!(status.success(), "{command:?}: {status}");
}

/// The folder of `initdb` on the path, else Debian's newest.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let has = |folder: &PathBuf| folder.join("initdb").is_file();
    let debian = fs::read_dir(Path::new("/usr/lib/postgresql")).into_iter().flatten().flatten();
    let mut debian: Vec<_> = debian.map(|version| version.path().join("bin")).filter(has).collect();
    debian.sort();
    env::split_paths(&path).find(has).or_else(|| debian.pop())
}
