//! `cargo xtask chaos`: the server, killed again and again while people chat.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::command::Output;
use crate::tools;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct Options {
    /// What the random moments come from; without it, the time.
    #[arg(long)]
    seed: Option<u64>,
    /// How often the server is killed, on each database.
    #[arg(long, default_value_t = 300)]
    kills: u32,
    /// Only this database.
    #[arg(long, value_enum)]
    database: Option<Database>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
}

/// Builds the server and runs the chaos tests against it.
pub(crate) fn chaos(workspace: &Workspace, options: &Options) -> Result<()> {
    tools::postgres(&Output::Shown)?;
    Output::Shown.run(&mut workspace.cargo(["build", "--release", "--package=saydo"]))?;
    let seed = match options.seed {
        Some(seed) => seed,
        None => SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs(),
    };
    let mut command = tests(workspace, &workspace.target.join("release/saydo"));
    command.env("SAYDO_CHAOS_SEED", seed.to_string()).env("SAYDO_CHAOS_KILLS", options.kills.to_string());
    command.args(options.database.map(|database| match database {
        Database::Sqlite => "sqlite",
        Database::Postgres => "postgres",
    }));
    Output::Shown.run(&mut command)
}

/// The tests, against this server.
pub(crate) fn tests(workspace: &Workspace, server: &Path) -> Command {
    let mut command = workspace.cargo(["test", "--package=saydo", "--test=chaos", "--", "--nocapture"]);
    command.env("SAYDO_CHAOS_BINARY", server);
    command
}
