//! `cargo xtask minikube`: Saydo in a Minikube, from nothing to a URL, by commands that are printed as they run.

mod client;
mod demo;
mod kubectl;
mod preflight;
mod release;
mod smoke;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};

use crate::workspace::Workspace;
use kubectl::{NAMESPACE, RELEASE, kubectl, show};

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Start Minikube, build and load the images, install or upgrade the chart, test it, and print the URL.
    Up(release::Options),
    /// Uninstall Saydo; its data stays.
    Down {
        /// Remove the data, its Secret and the namespace too.
        #[arg(long)]
        volumes: bool,
    },
    /// Show the release, its pods, autoscalers and address.
    Status,
    /// Show the logs of frontend and backend.
    Logs {
        /// Go on showing them.
        #[arg(long)]
        follow: bool,
    },
    /// Sign up, chat, restart the backend, replay the conversation, scale to three and back.
    Smoke,
    /// Show with kubectl and helm what the kits under `ops/` show: deploy, scale, break, debug, look after.
    Demo,
}

pub(crate) fn minikube(workspace: &Workspace, options: &Options) -> Result<()> {
    match &options.action {
        Action::Up(options) => release::up(workspace, options),
        Action::Down { volumes } => release::down(workspace, *volumes),
        Action::Status => status(),
        Action::Logs { follow } => logs(*follow),
        Action::Smoke => smoke::smoke(workspace),
        Action::Demo => demo::demo(workspace),
    }
}

fn status() -> Result<()> {
    show(std::process::Command::new("helm").args(["status", RELEASE, "--namespace", NAMESPACE]))?;
    show(&mut kubectl([
        "get",
        "deployments,statefulsets,pods,services,horizontalpodautoscalers,persistentvolumeclaims",
    ]))?;
    println!("{}", kubectl::url()?);
    Ok(())
}

fn logs(follow: bool) -> Result<()> {
    let mut command = kubectl(["logs", "--prefix", "--tail=100", "--max-log-requests=20"]);
    command.args(["--selector", "app.kubernetes.io/part-of=saydo,app.kubernetes.io/component in (frontend,backend)"]);
    if follow {
        command.arg("--follow");
    }
    show(&mut command)
}

/// Fails unless Saydo is installed.
fn installed() -> Result<()> {
    let found = crate::command::read(&mut kubectl(["get", "deployments", "--output=name"]))?;
    if found.is_empty() {
        bail!("Saydo is not in this Minikube: `cargo xtask minikube up`");
    }
    Ok(())
}
