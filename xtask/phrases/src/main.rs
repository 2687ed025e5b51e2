//! The program behind `cargo xtask phrases`: scores a server that it starts, or measures the interpreter.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to the person at the terminal")]

mod server;
mod time;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use chrono_tz::Tz;
use clap::Parser;
use saydo_phrases::{Scorer, read, score};

use server::Server;

/// As many cases at a time as keep two cores busy with the hashing of new passwords.
const AT_ONCE: usize = 8;

#[derive(Parser)]
struct Arguments {
    /// The labelled phrases, a case a line.
    file: PathBuf,
    /// The server's binary.
    #[arg(long, required_unless_present = "time")]
    server: Option<PathBuf>,
    /// How many per cent must be right.
    #[arg(long, default_value_t = 97.0)]
    at_least: f64,
    /// Where the person is.
    #[arg(long, default_value_t = Tz::Europe__Berlin)]
    zone: Tz,
    /// Measure the interpreter on the phrases instead.
    #[arg(long)]
    time: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("error: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the phrases pass.
fn run(arguments: &Arguments) -> Result<bool> {
    let file = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file).with_context(|| format!("reading {file}"))?;
    let cases = read(&text).map_err(|fault| anyhow!("{file}: {fault}"))?;
    let Some(binary) = arguments.server.as_ref().filter(|_| !arguments.time) else {
        println!("{}", time::measure(&cases, arguments.zone));
        return Ok(true);
    };
    let begun = Instant::now();
    let mut server = Server::start(binary)?;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build()?;
    let scorer = Scorer { client, origin: server.origin.clone(), zone: arguments.zone, run: "run".to_owned() };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(server.ready(&scorer.client))?;
    let score = runtime.block_on(score(&scorer, &cases, AT_ONCE));
    println!("{score}, in {:.1} s", begun.elapsed().as_secs_f32());
    Ok(score.passes(arguments.at_least))
}
