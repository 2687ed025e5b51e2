//! `cargo xtask minikube`: Saydo in a Minikube, from nothing to a URL;  each command that changes something is
//! printed as it runs.

mod address;
mod demo;
mod kubectl;
mod preflight;
mod release;
mod smoke;
mod volumes;
mod watch;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use crate::command::read;
use crate::workspace::Workspace;
use kubectl::{RELEASE, helm, kubectl, show};

/// Where `up` installs.
const NAMESPACE: &str = "saydo";

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
    if !matches!(options.action, Action::Up(_)) {
        preflight::find_programs()?;
    }
    match &options.action {
        Action::Up(options) => release::up(workspace, options),
        Action::Down { volumes } => release::down(*volumes),
        Action::Status => status(),
        Action::Logs { follow } => logs(*follow),
        Action::Smoke => smoke::smoke(workspace),
        Action::Demo => demo::demo(workspace),
    }
}

fn status() -> Result<()> {
    show(&mut helm(["status", RELEASE]))?;
    show(&mut kubectl([
        "get",
        "deployments,statefulsets,pods,services,horizontalpodautoscalers,persistentvolumeclaims",
    ]))?;
    println!("{}", address::how_to_open(&address::reach()?.url, &address::public_url()?));
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
    let found = read(&mut kubectl(["get", "deployments", "--output=name"]))?;
    if found.is_empty() {
        bail!("Saydo is not in this Minikube: `cargo xtask minikube up`");
    }
    Ok(())
}

fn runs() -> bool {
    read(&mut kubectl::minikube(["status", "--format={{.Host}} {{.APIServer}}"])).is_ok_and(|s| s == "Running Running")
}

/// What this machine has of Minikube and of Saydo in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// A Minikube that does not run: nobody can say what is in it.
    Stopped,
    /// A Minikube without Saydo.
    Running,
    Installed,
}

pub(crate) fn find() -> Result<Found> {
    let profiles = read(std::process::Command::new("minikube").args(["profile", "list", "--light", "--output=json"]))?;
    let profiles = serde_json::from_str(&profiles).context("reading Minikube's profiles")?;
    Ok(if !kubectl::has_profile(&profiles) {
        Found::Nothing
    } else if !runs() {
        Found::Stopped
    } else if kubectl::find(["namespace", NAMESPACE])?.is_none() {
        Found::Running
    } else {
        Found::Installed
    })
}
