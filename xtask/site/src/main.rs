//! Turns what the compiler made of `frontend`, the style sheets and the public files into the site that the `web` role
//! serves: content-hashed names, compressed copies beside each file, and a manifest that tells the page the names.
//!
//! `cargo xtask site` calls it; the paths are arguments, so that nothing here knows the repository's layout.
#![allow(clippy::print_stdout, reason = "a command-line tool reports on standard output")]

mod build;
mod compress;
mod report;

use std::path::PathBuf;

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

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Task::Build(sources) => build::build(&sources),
        Task::Report(request) => report::report(&request),
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
    fn path(site: &std::path::Path) -> PathBuf {
        site.join("manifest.json")
    }
}
