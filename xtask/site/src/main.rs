//! Turns what the compiler made of `frontend`, the style sheets and the public files into the site that the `web` role
//! serves: content-hashed names, compressed copies beside each file, and a manifest that tells the page the names.
//!
//! `cargo xtask site` calls it; the paths are arguments, so that nothing here knows the repository's layout.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool reports to its terminal")]

mod build;
mod compress;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Builds the site that a Saydo server serves.")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the site from its sources.
    Build(build::Sources),
    /// Print the size of each file and of the first page.
    Report(report::Request),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Task::Build(sources) => build::build(&sources),
        Task::Report(request) => report::report(&request),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

/// Names of the three files that a page loads, as absolute URL paths.
#[derive(serde::Serialize, serde::Deserialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
}

impl Manifest {
    fn path(site: &Path) -> PathBuf {
        site.join("manifest.json")
    }
}
