//! `cargo xtask run` as a person has it: from the command to the first page.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::session::Session;
use crate::command::{Output, Running, free_port};

/// When to give up. The bars, 12 minutes for the first run and 5 seconds for the second, are for whoever reads the
/// times: a busy machine is no fault of the product's.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Runs it twice and tells both times. The first run builds what is not built yet.
pub(crate) fn twice(session: &Session, output: &Output) -> Result<String> {
    let first = until_first_page(session, output, PATIENCE)?;
    let second = until_first_page(session, output, PATIENCE)?;
    Ok(format!("{:.1} s, then {:.1} s", first.as_secs_f32(), second.as_secs_f32()))
}

fn until_first_page(session: &Session, output: &Output, patience: Duration) -> Result<Duration> {
    let folder = session.workspace.cache().join("run");
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let address = format!("127.0.0.1:{}", free_port()?);
    let mut command = session.workspace.cargo(["xtask", "run"]);
    command.env("SAYDO_LISTEN", &address).env("SAYDO_MODEL", "offline");
    command.env("DATABASE_URL", format!("sqlite://{}?mode=rwc", folder.join("saydo.db").display()));
    let begun = Instant::now();
    // cargo becomes xtask and xtask the server, so it is one process.
    let mut server = Running(output.spawn(&mut command)?);
    while !answers(&address) {
        if let Some(status) = server.0.try_wait()? {
            bail!("`cargo xtask run` ended before the first page: {status}");
        }
        ensure!(begun.elapsed() < patience, "no page after {} s", patience.as_secs());
        thread::sleep(Duration::from_millis(20));
    }
    Ok(begun.elapsed())
}

/// Whether the sign-in page is there.
fn answers(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /sign-in HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.0 200") && answer.contains("</html>"))
}
