//! Running other programs: where their output goes, how long they may take, and when to try again.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// The exit status by which `timeout` tells that it ended the program.
const TIMED_OUT: i32 = 124;

/// Where the output of programs goes.
#[derive(Clone)]
pub(crate) enum Output {
    /// To the terminal.
    Shown,
    /// To the end of this file.
    Log(PathBuf),
}

impl Output {
    /// Runs a program to its end; anything but success is an error that tells the command line.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let line = self.start(command)?;
        let status = command.status().with_context(|| format!("running `{line}`"))?;
        ended_well(&line, status)
    }

    /// As [`Self::run`], but the program and all that it started are ended when it has not finished in `limit`.
    pub(crate) fn run_within(&self, limit: Duration, command: &Command) -> Result<()> {
        let line = line_of(command);
        // `timeout` runs it in a process group of its own and ends the group.
        let mut bounded = Command::new("timeout");
        bounded.args(["--kill-after=10", &limit.as_secs_f32().to_string()]).arg(command.get_program());
        bounded.args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => bounded.env(name, value),
                None => bounded.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            bounded.current_dir(folder);
        }
        self.start(&mut bounded)?;
        let status = bounded.status().with_context(|| format!("running `{line}`"))?;
        if status.code() == Some(TIMED_OUT) {
            bail!("`{line}` did not end within {} s", limit.as_secs());
        }
        ended_well(&line, status)
    }

    /// Starts a program and leaves it running.
    pub(crate) fn spawn(&self, command: &mut Command) -> Result<Child> {
        let line = self.start(command)?;
        command.spawn().with_context(|| format!("running `{line}`"))
    }

    /// Adds a line to the output.
    pub(crate) fn note(&self, line: &str) -> Result<()> {
        match self {
            Self::Shown => println!("{line}"),
            Self::Log(path) => writeln!(open(path)?, "{line}")?,
        }
        Ok(())
    }

    fn start(&self, command: &mut Command) -> Result<String> {
        let line = line_of(command);
        if let Self::Log(path) = self {
            self.note(&format!("$ {line}"))?;
            let file = open(path)?;
            command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
            command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
        }
        Ok(line)
    }
}

/// A program that ends with this value.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The command as a person would type it.
pub(crate) fn line_of(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| {
            let part = part.to_string_lossy();
            if part.contains(' ') { format!("'{part}'") } else { part.into_owned() }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs a program and returns what it printed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("running `{}`", line_of(command)))?;
    ended_well(&line_of(command), output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Does something that depends on the network up to four times, waiting 2, 4 and 8 seconds between.
pub(crate) fn retry<T>(mut act: impl FnMut() -> Result<T>) -> Result<T> {
    let mut pause = Duration::from_secs(2);
    for _ in 0..3 {
        if let Ok(value) = act() {
            return Ok(value);
        }
        thread::sleep(pause);
        pause *= 2;
    }
    act()
}

/// The full path of a program on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A port of this machine that nothing listens on.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

fn open(path: &Path) -> Result<File> {
    OpenOptions::new().create(true).append(true).open(path).with_context(|| format!("opening {}", path.display()))
}

fn ended_well(line: &str, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// DEV-04: a program that fails is an error that tells its command line, and its output is in the log.
    #[test]
    fn a_failure_tells_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("stage.log");
        let fault = Output::Log(log.clone()).run(Command::new("sh").args(["-c", "echo why; exit 3"])).unwrap_err();
        assert!(fault.to_string().contains("echo why; exit 3"), "{fault}");
        assert!(std::fs::read_to_string(log).unwrap().contains("\nwhy\n"));
    }

    /// DEV-04: a program that hangs is ended at its limit, with what it started, and that is a failure.
    #[test]
    fn a_hanging_program_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let mut hanging = Command::new("sh");
        hanging.args(["-c", "sleep 60 & echo $! > child; wait"]).current_dir(&folder);
        let log = Output::Log(folder.path().join("stage.log"));
        let fault = log.run_within(Duration::from_secs(1), &hanging).unwrap_err();
        assert!(fault.to_string().contains("did not end"), "{fault}");
        let child = std::fs::read_to_string(folder.path().join("child")).unwrap();
        let state = || std::fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
        // The signal is sent; on a busy machine the system takes its time over it.
        let is_gone = || state().is_empty() || state().contains(" Z ");
        let gone = (0..500).any(|_| {
            is_gone() || {
                std::thread::sleep(Duration::from_millis(10));
                false
            }
        });
        assert!(gone, "still running: {}", state());
    }
}
