//! `cargo xtask run`: from a fresh clone to the first page.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::command::Output;
use crate::site::{self, Flavour};
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct Options {
    /// Build the server optimised, too.
    #[arg(long)]
    release: bool,
    /// What the server is told, for example `web` or `--help`; role `all` without any.
    #[arg(trailing_var_arg = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    println!("Saydo: building the page (1 of 2; some minutes the first time)");
    site::build(workspace, Flavour::Release, &Output::Shown)?;
    println!("Saydo: building the server (2 of 2; some minutes the first time)");
    let (profile, folder) = if options.release { ("release", "release") } else { ("dev", "debug") };
    Output::Shown.run(workspace.cargo(["build", "--package=saydo", "--profile"]).arg(profile))?;
    println!("Saydo: built in {:.1} s; Ctrl-C ends it", begun.elapsed().as_secs_f32());

    // The database and its secret stay with the checkout unless the environment says otherwise.
    let mut server = Command::new(workspace.target.join(folder).join("saydo"));
    server.args(&options.arguments).current_dir(&workspace.root);
    if std::env::var_os("SAYDO_SITE").is_none() {
        server.env("SAYDO_SITE", workspace.site());
    }
    serve(server)
}

/// Becomes the server where the system can, so that signals reach it without a middleman.
#[cfg(unix)]
fn serve(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let fault = server.exec();
    Err(fault).with_context(|| format!("starting {}", server.get_program().display()))
}

#[cfg(not(unix))]
fn serve(mut server: Command) -> Result<()> {
    let status = server.status().with_context(|| format!("starting {}", server.get_program().display()))?;
    if !status.success() {
        anyhow::bail!("the server ended: {status}");
    }
    Ok(())
}
