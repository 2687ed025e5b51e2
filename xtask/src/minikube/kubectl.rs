//! The programs that look after the cluster, each bound to Minikube's own profile and context.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::NAMESPACE;
use crate::command::{Output, line_of, read};

/// Under which name `up` installs.
pub(super) const RELEASE: &str = "saydo";
/// Minikube's profile, and the context of its cluster.
const PROFILE: &str = "minikube";

/// A command on Minikube itself. The profile comes last: programs that stand in for Minikube read the first word.
pub(super) fn minikube<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new("minikube");
    command.args(arguments).args(["--profile", PROFILE]);
    command
}

/// A command on Minikube's cluster, in Saydo's namespace.
pub(super) fn kubectl<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new("kubectl");
    command.args(["--context", PROFILE, "--namespace", NAMESPACE]).args(arguments);
    command
}

/// A command on the releases in Saydo's namespace.
pub(super) fn helm<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new("helm");
    command.args(arguments).args(["--namespace", NAMESPACE, "--kube-context", PROFILE]);
    command
}

/// Whether the profile is among what `minikube profile list` says, in order or broken.
pub(super) fn has_profile(profiles: &Value) -> bool {
    let names = |kind: &str| profiles[kind].as_array().cloned().unwrap_or_default();
    names("valid").iter().chain(&names("invalid")).any(|each| each["Name"] == PROFILE)
}

/// Prints a command and runs it.
pub(super) fn show(command: &mut Command) -> Result<()> {
    println!("$ {}", line_of(command));
    Output::Shown.run(command)
}

/// Prints a command and runs it with an object as its standard input, so that no secret is in an argument.
pub(super) fn feed(command: &mut Command, object: &Value) -> Result<()> {
    let line = line_of(command);
    println!("$ {line}");
    let mut child = command.stdin(Stdio::piped()).spawn().with_context(|| format!("running `{line}`"))?;
    child.stdin.take().context("kubectl takes no input")?.write_all(object.to_string().as_bytes())?;
    let status = child.wait()?;
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

/// What the cluster says of some objects.
pub(super) fn get<const N: usize>(arguments: [&str; N]) -> Result<Value> {
    let mut command = kubectl(["get", "--output=json"]);
    parse(&read(command.args(arguments))?)
}

/// What the cluster says of one object, if it has it.
pub(super) fn find<const N: usize>(arguments: [&str; N]) -> Result<Option<Value>> {
    let mut command = kubectl(["get", "--ignore-not-found", "--output=json"]);
    found(&read(command.args(arguments))?)
}

/// Nothing is what `--ignore-not-found` says of what is not there; anything else must be an object.
fn found(said: &str) -> Result<Option<Value>> {
    if said.trim().is_empty() { Ok(None) } else { parse(said).map(Some) }
}

fn parse(said: &str) -> Result<Value> {
    serde_json::from_str(said).context("reading what kubectl says")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// DEPLOY-23: only an empty answer says that an object is not there; half an answer is a fault.
    #[test]
    fn only_nothing_is_absent() {
        assert!(matches!(found("\n"), Ok(None)));
        assert!(matches!(found("{\"kind\":\"Secret\"}"), Ok(Some(secret)) if secret["kind"] == "Secret"));
        assert!(found("Unable to connect").is_err());
    }

    /// DEPLOY-23: a Minikube that is broken is somebody's too; another profile is not ours.
    #[test]
    fn a_profile_is_found() {
        let profiles =
            |valid: &str, invalid: &str| json!({ "valid": [{ "Name": valid }], "invalid": [{ "Name": invalid }] });
        assert!(has_profile(&profiles("minikube", "other")));
        assert!(has_profile(&profiles("other", "minikube")));
        assert!(!has_profile(&profiles("other", "more")));
        assert!(!has_profile(&json!({ "valid": [], "invalid": null })));
    }

    /// DEPLOY-23: another profile or context that somebody works with is left alone.
    #[test]
    fn every_command_names_its_cluster() {
        assert_eq!(line_of(&minikube(["ip"])), "minikube ip --profile minikube");
        assert_eq!(line_of(&kubectl(["get", "pods"])), "kubectl --context minikube --namespace saydo get pods");
        assert_eq!(line_of(&helm(["test"])), "helm test --namespace saydo --kube-context minikube");
    }
}
