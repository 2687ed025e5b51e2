//! A throw-away PostgreSQL cluster for tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::{Output, find_program, free_port, read};

/// How long a cluster may take to answer, or to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running cluster in a folder of its own; dropped, it is stopped and removed.
pub(crate) struct Cluster {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts a cluster on a free port with the programs in `programs`. PostgreSQL refuses to run as root, so root
    /// hands it to the user `postgres`.
    pub(crate) fn start(programs: &Path, output: &Output) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("saydo-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        let as_root = read(Command::new("id").arg("-u"))? == "0";
        if as_root {
            output.run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let program = |name: &str| {
            let mut command = unprivileged(as_root, &programs.join(name));
            command.current_dir(&folder);
            command
        };
        let data = folder.join("data");
        output.run(
            program("initdb")
                .args(["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "-D"])
                .arg(&data),
        )?;
        let port = free_port()?;
        let mut server = program("postgres");
        server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-k"]).arg(&folder);
        // Nothing here outlives the run, so nothing needs to reach a disk.
        for setting in [
            "listen_addresses=127.0.0.1",
            "max_connections=400",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ] {
            server.args(["-c", setting]);
        }
        let log = fs::File::create(folder.join("log")).context("creating the log of PostgreSQL")?;
        server.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let server = server.spawn().context("starting PostgreSQL")?;
        let mut cluster = Self { server, folder, port };
        cluster.wait_until_ready(programs)?;
        Ok(cluster)
    }

    /// The address of its `postgres` database, for a superuser without a password.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let port = self.port.to_string();
        while Instant::now() < deadline {
            let mut ask = Command::new(programs.join("pg_isready"));
            if ask.args(["-q", "-h", "127.0.0.1", "-p", &port]).status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            if let Some(status) = self.server.try_wait()? {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL ended at its start: {status}\n{log}");
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not answer within {} s", PATIENCE.as_secs())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // An interrupt is its "fast shutdown": sessions are cut, the server ends in order.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline && matches!(self.server.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The program, run as `postgres` where we are root, and ended by the system should this process die.
fn unprivileged(as_root: bool, program: &Path) -> Command {
    if find_program("setpriv").is_none() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    if as_root {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.args(["--pdeathsig=INT", "--"]).arg(program);
    command
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::tools;

    /// DEV-05: a throw-away cluster answers at its address, and is gone with its folder when it is dropped.
    #[test]
    fn a_cluster_comes_and_goes() {
        let Some(programs) = tools::postgres_programs() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is missing");
            return;
        };
        let log = tempfile::NamedTempFile::new().unwrap();
        let cluster = Cluster::start(&programs, &Output::Log(log.path().to_owned())).unwrap();
        let (folder, url) = (cluster.folder.clone(), cluster.url());
        let ask = |url: &str| Command::new(programs.join("psql")).args([url, "-Atc", "select 1"]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&ask(&url).stdout).trim(), "1");
        drop(cluster);
        assert!(!ask(&url).status.success());
        assert!(!folder.exists());
    }
}
