//! Size, time to ready and memory at rest of both images, each beside its bar.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use super::{Builder, IMAGES, reference};
use crate::command::{free_port, read};

/// Bytes of an image's content: its layers as they travel and are stored, compressed.
const SIZE: u64 = 40_000_000;
/// From the start of the container's process to the first answer that it is ready.
const READY: Duration = Duration::from_millis(200);
/// Bytes of memory without callers.
const REST: f64 = 30.0 * 1024.0 * 1024.0;
/// How long an image may take before it counts as broken.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn measure(builder: &Builder) -> Result<()> {
    if *builder == Builder::Buildah {
        bail!("--measure runs the images, which takes docker or podman");
    }
    println!("{:<16} {:>10} {:>10} {:>10} {:>10}", "image", "content", "unpacked", "ready", "at rest");
    let mut over = Vec::new();
    for image in IMAGES {
        let unpacked: u64 = read(&mut builder.command(["image", "inspect", "--format={{.Size}}", &reference(image)]))?
            .parse()
            .context("reading the size of an image")?;
        let size = content(builder, image)?;
        let (ready, rest) = run(builder, image)?;
        let (megabytes, rest_megabytes) = (to_megabytes(size), rest / 1024.0 / 1024.0);
        let unpacked = to_megabytes(unpacked);
        println!(
            "{image:<16} {megabytes:>7.1} MB {unpacked:>7.1} MB {:>7} ms {rest_megabytes:>6.1} MiB",
            ready.as_millis()
        );
        for (what, is_over) in [("size", size > SIZE), ("time to ready", ready > READY), ("memory", rest > REST)] {
            if is_over {
                over.push(format!("{image}: {what}"));
            }
        }
    }
    println!(
        "{:<16} {:>7.1} MB {:>10} {:>7} ms {:>6.1} MiB",
        "at most",
        to_megabytes(SIZE),
        "",
        READY.as_millis(),
        30.0
    );
    if over.is_empty() { Ok(()) } else { bail!("over the bar: {}", over.join(", ")) }
}

/// Bytes of the image's archive, compressed as a registry would.
fn content(builder: &Builder, image: &str) -> Result<u64> {
    let mut save =
        builder.command(["save", &reference(image)]).stdout(Stdio::piped()).spawn().context("saving an image")?;
    let archive = save.stdout.take().context("the builder writes no archive")?;
    let mut gzip =
        Command::new("gzip").arg("-6").stdin(archive).stdout(Stdio::piped()).spawn().context("running gzip")?;
    let mut compressed = gzip.stdout.take().context("gzip writes nothing")?;
    let size = std::io::copy(&mut compressed, &mut std::io::sink())?;
    if !(save.wait()?.success() && gzip.wait()?.success()) {
        bail!("{image} cannot be saved");
    }
    Ok(size)
}

/// Runs an image as the chart does, and ends it.
fn run(builder: &Builder, image: &str) -> Result<(Duration, f64)> {
    let name = format!("{image}-measured");
    let _ = read(&mut builder.command(["rm", "--force", "--volumes", &name]));
    let port = free_port()?;
    let publish = format!("127.0.0.1:{port}:3000");
    let mut create =
        builder.command(["create", "--name", &name, "--read-only", "--cap-drop=ALL", "--tmpfs=/tmp:mode=1777"]);
    create.args(["--security-opt=no-new-privileges", "--publish", &publish]);
    let mut arguments = vec![reference(image)];
    if image.ends_with("backend") {
        // The whole role beside an embedded database: what it needs to be ready, and nothing that takes time elsewhere.
        create.args([
            "--env=DATABASE_URL=sqlite:///tmp/saydo.db?mode=rwc",
            "--env=BETTER_AUTH_SECRET=measured-measured-measured-measured",
        ]);
        arguments.push("api".to_owned());
    } else {
        create.arg("--env=SAYDO_API_URL=http://127.0.0.1:9");
        arguments.push("web".to_owned());
    }
    read(create.args(&arguments))?;
    let measured = started(builder, &name, port);
    let gone = read(&mut builder.command(["rm", "--force", "--volumes", &name]));
    let measured = measured?;
    gone?;
    Ok(measured)
}

fn started(builder: &Builder, name: &str, port: u16) -> Result<(Duration, f64)> {
    read(&mut builder.command(["start", name]))?;
    let deadline = Instant::now() + PATIENCE;
    let answered = loop {
        // A server that answers is up; whether its database has a schema is another question.
        if answers(port) {
            break SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64() % 86_400.0;
        }
        if Instant::now() > deadline {
            bail!(
                "{name} did not answer within {} s: {}",
                PATIENCE.as_secs(),
                read(&mut builder.command(["logs", name]))?
            );
        }
        thread::sleep(Duration::from_millis(1));
    };
    let started = read(&mut builder.command(["inspect", "--format={{.State.StartedAt}}", name]))?;
    let started = seconds_of_day(&started).with_context(|| format!("reading the time `{started}`"))?;
    // What a start allocated and freed has settled.
    thread::sleep(Duration::from_secs(2));
    let memory = read(&mut builder.command(["stats", "--no-stream", "--format={{.MemUsage}}", name]))?;
    let memory = bytes(&memory).with_context(|| format!("reading the memory `{memory}`"))?;
    Ok((Duration::from_secs_f64((answered - started).rem_euclid(86_400.0)), memory))
}

fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

#[allow(clippy::cast_precision_loss, reason = "sizes of images are far below 2^52")]
fn to_megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The seconds since midnight of a time in the form of RFC 3339, which is UTC in both programs.
fn seconds_of_day(time: &str) -> Option<f64> {
    let clock = time.split(['T', ' ']).nth(1)?;
    let end = clock.find(|each: char| !(each.is_ascii_digit() || each == ':' || each == '.')).unwrap_or(clock.len());
    clock[..end].split(':').try_fold(0.0, |sum, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))
}

/// The first amount in a text such as `11.2MiB / 23GiB`.
fn bytes(text: &str) -> Option<f64> {
    let amount = text.split('/').next()?.trim();
    let unit = amount.find(|each: char| each.is_ascii_alphabetic())?;
    let factor = match &amount[unit..] {
        "B" => 1.0,
        "kB" => 1e3,
        "KiB" => 1024.0,
        "MB" => 1e6,
        "MiB" => 1024.0 * 1024.0,
        "GB" => 1e9,
        "GiB" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some(amount[..unit].trim().parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_amounts_are_read_as_the_builders_print_them() {
        assert_eq!(seconds_of_day("2026-11-21T01:02:03.5Z"), Some(3723.5));
        assert_eq!(seconds_of_day("2026-11-21 00:00:10.25 +0000 UTC"), Some(10.25));
        assert_eq!(seconds_of_day("never"), None);
        assert_eq!(bytes("1.5MiB / 23.4GiB"), Some(1.5 * 1024.0 * 1024.0));
        assert_eq!(bytes("812kB / 1GB"), Some(812e3));
        assert_eq!(bytes("--"), None);
    }
}
