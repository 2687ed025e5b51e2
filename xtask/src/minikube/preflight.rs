//! What the commands need, told all at once and before anything is changed.

use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{find_program, read};
use crate::images::Builder;

/// A program and the oldest version that will do.
struct Tool {
    name: &'static str,
    version: &'static [&'static str],
    oldest: (u32, u32),
    get: &'static str,
}

const TOOLS: [Tool; 3] = [
    Tool {
        name: "minikube",
        version: &["version", "--short"],
        oldest: (1, 35),
        get: "https://minikube.sigs.k8s.io/docs/start",
    },
    Tool {
        name: "kubectl",
        version: &["version", "--client"],
        oldest: (1, 30),
        get: "https://kubernetes.io/docs/tasks/tools",
    },
    Tool { name: "helm", version: &["version", "--short"], oldest: (4, 0), get: "https://helm.sh/docs/intro/install" },
];

const CURL: (&str, &str) = ("curl", "https://curl.se/download.html");

/// Fails with a line for each tool that is missing, too old or not started.
pub(super) fn check() -> Result<Builder> {
    let mut faults: Vec<String> = TOOLS
        .iter()
        .filter_map(|tool| tool.fault(read(Command::new(tool.name).args(tool.version)).ok().as_deref()))
        .collect();
    let builder = Builder::find();
    if let Err(fault) = &builder {
        faults.push(fault.to_string());
    }
    faults.extend(missing(CURL));
    match builder {
        Ok(builder) if faults.is_empty() => Ok(builder),
        _ => bail!(told(&faults)),
    }
}

/// Fails with a line for each program that is missing which looks after what `up` made.
pub(super) fn find_programs() -> Result<()> {
    let tools = TOOLS.iter().map(|tool| (tool.name, tool.get));
    let faults: Vec<String> = tools.chain([CURL]).filter_map(missing).collect();
    if faults.is_empty() { Ok(()) } else { bail!(told(&faults)) }
}

fn missing((name, get): (&str, &str)) -> Option<String> {
    find_program(name).is_none().then(|| is_missing(name, get))
}

fn is_missing(name: &str, get: &str) -> String {
    format!("{name} is missing: {get}")
}

fn told(faults: &[String]) -> String {
    format!("nothing was changed, because\n  {}", faults.join("\n  "))
}

impl Tool {
    /// What is wrong with the tool that says `version` of itself, or says nothing.
    fn fault(&self, version: Option<&str>) -> Option<String> {
        let Self { name, oldest, get, .. } = self;
        let (major, minor) = oldest;
        let Some(text) = version else { return Some(is_missing(name, get)) };
        match numbers(text) {
            None => Some(format!("{name} does not tell its version, but `{text}`: {get}")),
            Some(here) if here < *oldest => {
                Some(format!("{name} {}.{} is too old, {major}.{minor} is needed: {get}", here.0, here.1))
            }
            Some(_) => None,
        }
    }
}

/// The first two numbers of the first `v1.2…` in a text.
fn numbers(text: &str) -> Option<(u32, u32)> {
    let start =
        text.match_indices('v').find(|(at, _)| text[at + 1..].starts_with(|next: char| next.is_ascii_digit()))?.0;
    let mut parts = text[start + 1..].split(|each: char| !each.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEPLOY-22: each tool that is missing or too old is named with what is needed and where to get it.
    #[test]
    fn what_is_missing_or_old_is_named() {
        let [minikube, kubectl, helm] = &TOOLS;
        assert_eq!(minikube.fault(Some("v1.38.1")), None);
        assert_eq!(kubectl.fault(Some("Client Version: v1.35.1\nKustomize Version: v5.7.1")), None);
        assert_eq!(helm.fault(Some("v4.2.4+gabc")), None);
        assert_eq!(helm.fault(Some("v4.2")), None);
        let old = helm.fault(Some("v3.18.4+gd80839c")).unwrap_or_default();
        assert!(old.starts_with("helm 3.18 is too old, 4.0 is needed: https://"), "{old}");
        let missing = kubectl.fault(None).unwrap_or_default();
        assert!(missing.starts_with("kubectl is missing: https://"), "{missing}");
        assert!(minikube.fault(Some("garbage")).is_some());
    }
}
