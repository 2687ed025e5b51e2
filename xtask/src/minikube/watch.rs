//! Watching a release come up: helm itself only says that time is up, the pods and jobs say why.

use std::io::Read;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::kubectl::{get, kubectl};
use crate::command::{find_program, read};
use crate::images::IMAGES;

/// The release's own pods and jobs.
const OWN: &str = "--selector=app.kubernetes.io/instance=saydo";
/// So many looks in a row, a second apart, show that there is no hope.
const LOOKS: u32 = 10;

/// The jobs of earlier releases, which say nothing of the next one.
pub(super) fn jobs() -> Vec<Value> {
    let jobs = get(["jobs", OWN]).unwrap_or_default();
    jobs["items"].as_array().into_iter().flatten().map(|job| job["metadata"]["uid"].clone()).collect()
}

/// Waits for helm; what can never succeed ends the wait. Returns why it failed, if it did.
pub(super) fn watch(mut child: Child, old: &[Value]) -> Result<Option<String>> {
    // Read all the while: with `--debug` helm says more than a pipe holds.
    let mut stderr = child.stderr.take().context("helm says nothing")?;
    let said = thread::spawn(move || {
        let mut said = Vec::new();
        stderr.read_to_end(&mut said).map(|_| String::from_utf8_lossy(&said).into_owned())
    });
    let mut seen = Seen::default();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if let Ok(found) = get(["pods,jobs", OWN]) {
            seen.look(&found, old, last_words);
        }
        // Interrupted, helm rolls back at once. It may just have ended by itself.
        if seen.hopeless == LOOKS && find_program("kill").is_some() {
            let _ = read(Command::new("kill").args(["-INT", &child.id().to_string()]));
        }
        thread::sleep(Duration::from_secs(1));
    };
    if status.success() {
        return Ok(None);
    }
    let said = said.join().ok().and_then(std::io::Result::ok).unwrap_or_default();
    let last = said.trim().lines().last().unwrap_or("helm failed").to_owned();
    Ok(Some(seen.trouble.map_or(last, |trouble| trouble.told)))
}

/// What a job said last.
fn last_words(job: &str) -> String {
    read(&mut kubectl(["logs", &format!("job/{job}"), "--tail=1"])).unwrap_or_default()
}

/// What the looks at the cluster have shown.
#[derive(Default)]
struct Seen {
    trouble: Option<Trouble>,
    /// How many looks in a row showed trouble that does not pass.
    hopeless: u32,
}

/// Why a release does not come up.
struct Trouble {
    /// The pod or job.
    uid: Value,
    told: String,
    passes: bool,
}

impl Seen {
    fn look(&mut self, found: &Value, old: &[Value], last_words: impl Fn(&str) -> String) {
        // What does not pass comes first.
        let troubles = stuck(found).into_iter().chain(gave_up(found, old, last_words));
        match troubles.min_by_key(|trouble| trouble.passes) {
            Some(trouble) => {
                self.hopeless = if trouble.passes { 0 } else { self.hopeless + 1 };
                self.trouble = Some(trouble);
            }
            None => {
                self.hopeless = 0;
                // A pod that runs has recovered; one that is gone or going was rolled back, and its reason holds.
                self.trouble.take_if(|trouble| {
                    items(found).any(|each| each["metadata"]["uid"] == trouble.uid && is_running(each))
                });
            }
        }
    }
}

fn items(found: &Value) -> impl Iterator<Item = &Value> {
    found["items"].as_array().into_iter().flatten()
}

fn is_running(pod: &Value) -> bool {
    let containers = pod["status"]["containerStatuses"].as_array();
    containers.is_some_and(|all| all.iter().all(|container| container["state"].get("running").is_some()))
}

/// A job that has given up, if one has that is not among the old ones.
fn gave_up(found: &Value, old: &[Value], last_words: impl Fn(&str) -> String) -> Option<Trouble> {
    let is_failed = |job: &Value| {
        let conditions = job["status"]["conditions"].as_array();
        conditions.is_some_and(|all| all.iter().any(|each| each["type"] == "Failed" && each["status"] == "True"))
    };
    let uid = |job: &Value| job["metadata"]["uid"].clone();
    let job = items(found).find(|each| each["kind"] == "Job" && !old.contains(&uid(each)) && is_failed(each))?;
    let name = job["metadata"]["name"].as_str()?;
    Some(Trouble { uid: uid(job), told: format!("job {name} failed: {}", last_words(name)), passes: false })
}

/// Why pods cannot start.
fn stuck(found: &Value) -> Vec<Trouble> {
    const PULLS: [&str; 2] = ["ErrImagePull", "ImagePullBackOff"];
    const OTHERS: [&str; 3] = ["ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"];
    let mut stuck = Vec::new();
    for pod in items(found) {
        for container in pod["status"]["containerStatuses"].as_array().into_iter().flatten() {
            let waiting = &container["state"]["waiting"];
            let reason = waiting["reason"].as_str().unwrap_or_default();
            if PULLS.contains(&reason) || OTHERS.contains(&reason) {
                let name = pod["metadata"]["name"].as_str().unwrap_or_default();
                let image = container["image"].as_str().unwrap_or_default();
                let message = waiting["message"].as_str().unwrap_or_default().replace('\n', " ");
                stuck.push(Trouble {
                    uid: pod["metadata"]["uid"].clone(),
                    told: format!("pod {name} cannot start, image {image}: {reason}: {message}"),
                    // Ours were loaded; what a registry gives may come at the next try.
                    passes: PULLS.contains(&reason) && !is_ours(image),
                });
            }
        }
    }
    stuck
}

fn is_ours(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    IMAGES.contains(&name.split([':', '@']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(image: &str, state: &Value) -> Value {
        json!({ "items": [{
            "kind": "Pod", "metadata": { "name": "saydo-1", "uid": "1" },
            "status": { "containerStatuses": [{ "image": image, "state": state }] },
        }] })
    }

    fn waiting(image: &str, reason: &str) -> Value {
        pod(image, &json!({ "waiting": { "reason": reason, "message": "not\nfound" } }))
    }

    fn told(seen: &Seen) -> Option<&str> {
        seen.trouble.as_ref().map(|trouble| trouble.told.as_str())
    }

    fn looked(seen: &mut Seen, found: &Value) {
        seen.look(found, &[], |_| "no such table".to_owned());
    }

    /// DEPLOY-26: the reason is one line that names the pod, the image and what the node says of it.
    #[test]
    fn a_pod_that_cannot_start_is_told_in_one_line() {
        assert!(stuck(&json!({ "items": [] })).is_empty());
        assert!(stuck(&pod("saydo-backend:nope", &json!({ "running": {} }))).is_empty());
        assert!(stuck(&waiting("saydo-backend:nope", "ContainerCreating")).is_empty());
        let found = stuck(&waiting("saydo-backend:nope", "ErrImagePull")).pop().map(|trouble| trouble.told);
        let line = "pod saydo-1 cannot start, image saydo-backend:nope: ErrImagePull: not found";
        assert_eq!(found.as_deref(), Some(line));
    }

    /// DEPLOY-26: an image of ours that is not there ends the wait; one that is still pulled does not, and what cannot
    /// be right next time ends it for both.
    #[test]
    fn only_what_never_succeeds_is_hopeless() {
        for (image, reason, hopeless) in [
            ("docker.io/library/saydo-backend:nope", "ImagePullBackOff", 3),
            ("saydo-frontend@sha256:12", "ErrImagePull", 3),
            ("docker.io/library/postgres:17-bookworm", "ErrImagePull", 0),
            ("docker.io/library/postgres:17-bookworm", "CreateContainerConfigError", 3),
        ] {
            let mut seen = Seen::default();
            (0..3).for_each(|_| looked(&mut seen, &waiting(image, reason)));
            assert_eq!(seen.hopeless, hopeless, "{image} {reason}");
            assert!(told(&seen).is_some_and(|told| told.contains(image)));
        }
    }

    /// DEPLOY-26: the reason of a pod that started after all is not told; that of a pod that is rolled back is.
    #[test]
    fn a_reason_lasts_as_long_as_it_holds() {
        let mut seen = Seen::default();
        looked(&mut seen, &waiting("saydo-backend:1", "ErrImagePull"));
        looked(&mut seen, &json!({ "items": [] }));
        assert!(told(&seen).is_some());
        // What the node says of a pod that is taken away before it ever ran.
        looked(&mut seen, &waiting("saydo-backend:1", "ContainerCreating"));
        assert!(told(&seen).is_some());
        looked(&mut seen, &pod("saydo-backend:1", &json!({ "running": {} })));
        assert_eq!((told(&seen), seen.hopeless), (None, 0));
    }

    /// DEPLOY-26: a job that has given up is told with its last words; one that may try again, or that an earlier release
    /// left, is not.
    #[test]
    fn a_job_that_gave_up_is_told() {
        let job = |conditions: Value| {
            let status = json!({ "failed": 3, "conditions": conditions });
            json!({ "items": [{ "kind": "Job", "metadata": { "name": "saydo-migrate-1", "uid": "7" }, "status": status }] })
        };
        let failed = job(json!([{ "type": "Failed", "status": "True" }]));
        for (found, old, line) in [
            (&job(Value::Null), None, None),
            (&job(json!([{ "type": "Complete", "status": "True" }])), None, None),
            (&failed, Some(json!("7")), None),
            (&failed, None, Some("job saydo-migrate-1 failed: no such table")),
        ] {
            let mut seen = Seen::default();
            seen.look(found, old.as_slice(), |_| "no such table".to_owned());
            assert_eq!(told(&seen), line);
        }
    }
}
