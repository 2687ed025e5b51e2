//! `cargo xtask phrases`: labelled phrases, said to the real server, and how many it does right.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::command::Output;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct Options {
    /// The labelled phrases: a case a line, as in `server/crates/interpreter/tests/phrases.jsonl`.
    file: PathBuf,
    /// How many per cent must be right.
    #[arg(long, default_value_t = 97.0)]
    at_least: f64,
    /// The person's time zone.
    #[arg(long, default_value = "Europe/Berlin")]
    zone: String,
    /// Measure the optimised interpreter on the phrases instead.
    #[arg(long)]
    time: bool,
}

/// Builds the server and the scorer, and scores the file.
pub(crate) fn phrases(workspace: &Workspace, options: &Options) -> Result<()> {
    let file = std::path::absolute(&options.file).context("finding the file")?;
    let (profile, server) = if options.time { ("release", None) } else { ("dev", Some(server(workspace)?)) };
    let mut command = workspace.cargo(["run", "--quiet", "--package=saydo-phrases", "--features=run", "--profile"]);
    command.arg(profile).arg("--").arg(file).args(["--zone", &options.zone]);
    command.args(["--at-least", &options.at_least.to_string()]);
    match server {
        Some(server) => command.arg("--server").arg(server),
        None => command.arg("--time"),
    };
    Output::Shown.run(&mut command)
}

fn server(workspace: &Workspace) -> Result<PathBuf> {
    Output::Shown.run(&mut workspace.cargo(["build", "--quiet", "--package=saydo"]))?;
    Ok(workspace.target.join(Path::new("debug/saydo")))
}
