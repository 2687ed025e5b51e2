//! The shortest proof that a release works: what a person does, before and after the backend goes away.

use std::process::Stdio;

use anyhow::{Context, Result, bail};

use super::address;
use super::kubectl::{RELEASE, helm, kubectl, show};
use super::release::wait_for_least;
use crate::client::Person;
use crate::workspace::Workspace;

pub(super) fn smoke(workspace: &Workspace) -> Result<()> {
    super::installed()?;
    let address = address::reach()?;
    let person = Person::sign_up(&address.url)?;
    let first = person.chat(None, "Add a task to buy groceries")?;
    let conversation = first["conversation_id"].as_i64().context("the answer names no conversation")?;
    if first["tool_calls"][0]["tool"] != "add_task" {
        bail!("no task was added: {first}");
    }
    person.chat(Some(conversation), "Remind me to call mom tomorrow at 5")?;
    let before = person.messages(conversation)?;

    show(&mut kubectl(["rollout", "restart", "deployment/saydo-backend"]))?;
    show(&mut kubectl(["rollout", "status", "deployment/saydo-backend", "--timeout=180s"]))?;
    if person.messages(conversation)? != before {
        bail!("the conversation is not as it was before the restart");
    }
    println!("The conversation replays: {} messages.", before.len());

    scale(workspace, 3)?;
    wait_for_least()?;
    let after = person.chat(Some(conversation), "What's pending?")?;
    if !after["response"].as_str().unwrap_or_default().contains("groceries") {
        bail!("the task is gone: {after}");
    }
    scale(workspace, 2)?;
    println!("Smoke passed; the autoscaler takes the third backend away in five minutes.");
    Ok(())
}

/// Gives the autoscaler of the backend its least number of pods, by the chart's value. More come at once; fewer only
/// when it has seen five quiet minutes.
pub(super) fn scale(workspace: &Workspace, least: u32) -> Result<()> {
    let value = format!("backend.autoscaling.minReplicas={least}");
    let mut upgrade = helm(["upgrade", RELEASE, "helm/saydo", "--reset-then-reuse-values", "--force-conflicts"]);
    upgrade.args(["--set", &value, "--wait"]).current_dir(&workspace.root);
    show(upgrade.stdout(Stdio::null()))
}
