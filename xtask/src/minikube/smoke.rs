//! The shortest proof that a release works: what a person does, before and after the backend goes away.

use anyhow::{Context, Result, bail};

use super::client::Person;
use super::kubectl::{kubectl, show, url};
use crate::workspace::Workspace;

pub(super) fn smoke(_: &Workspace) -> Result<()> {
    super::installed()?;
    let person = Person::sign_up(&url()?)?;
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

    scale(3)?;
    let after = person.chat(Some(conversation), "What's pending?")?;
    if !after["response"].as_str().unwrap_or_default().contains("groceries") {
        bail!("the task is gone: {after}");
    }
    scale(2)?;
    println!("Smoke passed.");
    Ok(())
}

/// Runs so many backends. The autoscaler is told, because it has the last word.
pub(super) fn scale(replicas: u32) -> Result<()> {
    let autoscaler = format!("{{\"spec\":{{\"minReplicas\":{replicas}}}}}");
    show(&mut kubectl(["patch", "horizontalpodautoscaler/saydo-backend", "--type=merge", "--patch", &autoscaler]))?;
    show(&mut kubectl(["scale", "deployment/saydo-backend", &format!("--replicas={replicas}")]))?;
    show(&mut kubectl(["rollout", "status", "deployment/saydo-backend", "--timeout=180s"]))
}
