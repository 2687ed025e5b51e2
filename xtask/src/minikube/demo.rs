//! What the kits under `ops/` show, with kubectl and helm alone.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::kubectl::{RELEASE, get, helm, kubectl, show};
use super::release::wait_for_least;
use super::smoke::scale;
use super::{NAMESPACE, address};
use crate::client::Person;
use crate::workspace::Workspace;

/// How long something may take to show.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn demo(workspace: &Workspace) -> Result<()> {
    super::installed()?;

    title("Deployed: what runs, and from which values");
    show(&mut helm(["history", RELEASE]))?;
    show(&mut kubectl(["get", "deployments,pods,services", "--output=wide"]))?;
    let address = address::reach()?;
    let person = Person::sign_up(&address.url)?;
    person.chat(None, "Add a task to prepare the demonstration")?;

    title("Scale: three backends, then two again, once the autoscaler has seen five quiet minutes");
    scale(workspace, 3)?;
    wait_for_least()?;
    show(&mut kubectl(["get", "pods", "--selector", "app.kubernetes.io/component=backend"]))?;
    scale(workspace, 2)?;

    title("Break: an upgrade to an image that does not exist");
    let mut broken = helm([
        "upgrade",
        RELEASE,
        "helm/saydo",
        "--reset-then-reuse-values",
        "--force-conflicts",
        "--set",
        "backend.image.tag=does-not-exist",
    ]);
    show(broken.current_dir(&workspace.root))?;
    let pod = waiting_pod()?;

    title("Debug: from the symptom to its cause");
    show(&mut kubectl(["get", "pods", "--selector", "app.kubernetes.io/component=backend"]))?;
    show(&mut kubectl(["describe", "pod", &pod]))?;
    show(&mut kubectl([
        "get",
        "events",
        "--field-selector",
        &format!("involvedObject.name={pod}"),
        "--sort-by=.lastTimestamp",
    ]))?;
    println!("Callers notice nothing: the old pods stay until new ones are ready.");
    person.chat(None, "What's pending?")?;

    title("Mend: back to the last release that worked");
    show(&mut helm(["rollback", RELEASE, "--force-conflicts", "--wait", "--timeout", "3m"]))?;
    show(&mut kubectl(["rollout", "status", "deployment/saydo-backend", "--timeout=180s"]))?;

    title("Health: what asks for attention");
    show(&mut helm(["test", RELEASE]))?;
    show(&mut kubectl([
        "get",
        "pods",
        "--output=custom-columns=POD:.metadata.name,READY:.status.conditions[?(@.type==\"Ready\")].status,RESTARTS:.status.containerStatuses[*].restartCount",
    ]))?;
    show(&mut kubectl(["logs", "--tail=5", "deployment/saydo-backend"]))?;

    title("Resources: what is asked for, and what is used");
    show(&mut kubectl([
        "get",
        "pods",
        "--output=custom-columns=POD:.metadata.name,CPU:.spec.containers[*].resources.requests.cpu,MEMORY:.spec.containers[*].resources.requests.memory",
    ]))?;
    // Figures come a minute or two after the metrics server.
    if figures() {
        show(&mut kubectl(["top", "pods", "--containers"]))?;
    } else {
        println!("The metrics server has no figures yet: `kubectl top pods --namespace {NAMESPACE}` in a minute.");
    }
    show(&mut kubectl(["get", "horizontalpodautoscalers"]))?;
    println!("\nThe demonstration is over; Saydo is as it was.");
    Ok(())
}

fn title(text: &str) {
    println!("\n── {text}");
}

fn figures() -> bool {
    crate::command::read(&mut kubectl(["top", "pods", "--no-headers"])).is_ok()
}

/// The pod that cannot start.
fn waiting_pod() -> Result<String> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let pods = get(["pods", "--selector", "app.kubernetes.io/component=backend"])?;
        for pod in pods["items"].as_array().into_iter().flatten() {
            let waiting = &pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"];
            if waiting.as_str().is_some_and(|reason| reason.contains("Image")) {
                return Ok(pod["metadata"]["name"].as_str().unwrap_or_default().to_owned());
            }
        }
        thread::sleep(Duration::from_secs(1));
    }
    bail!("no pod showed the wrong image")
}
