//! The stages that need an image builder, Compose or a cluster.

use std::process::Command;

use anyhow::Result;

use super::report::Outcome;
use super::session::{Missing, Session};
use super::stages::{last_line, perform};
use crate::command::{Output, find_program, read, retry};
use crate::images::Builder;
use crate::minikube::{self, Found};
use crate::tools;

/// What the images run on; where it cannot be pulled, no base image can.
const RUNTIME: &str = "gcr.io/distroless/cc-debian12:nonroot";

pub(super) fn chart(session: &Session, output: &Output) -> Result<Outcome> {
    pytest(session, output, "test_chart.py", &[])
}

/// Builds both images and has them inspected and measured.
pub(super) fn images(session: &Session, output: &Output) -> Result<Outcome> {
    needs_docker(&builder()?)?;
    let bases = bases()?;
    let mut build = session.workspace.cargo(["xtask", "images"]);
    perform(session, output, build.args(bases))?;
    pytest(session, output, "test_images.py", &[("SAYDO_IMAGES", bases.unwrap_or_default())])
}

/// Brings the Compose stack up and has the browser tests use it.
pub(super) fn compose(session: &Session, output: &Output) -> Result<Outcome> {
    needs_docker(&builder()?)?;
    if read(Command::new("docker").args(["compose", "version"])).is_err() {
        return Err(Missing::new("`docker compose` is missing: https://docs.docker.com/compose/install").into());
    }
    let chromium = tools::chromium(output)?;
    pytest(session, output, "test_compose.py", &[("SAYDO_CHROMIUM", &chromium.to_string_lossy())])
}

/// Installs Saydo into an empty Minikube. What is there already is somebody's, unless they say that it may go.
pub(super) fn minikube(session: &Session, output: &Output) -> Result<Outcome> {
    for (program, from) in
        [("minikube", "https://minikube.sigs.k8s.io/docs/start"), ("kubectl", "https://kubernetes.io/docs/tasks/tools")]
    {
        if find_program(program).is_none() {
            return Err(Missing::new(format!("`{program}` is missing: {from}")).into());
        }
    }
    let bases = bases()?.unwrap_or_default();
    if is_set("SAYDO_TEST_MINIKUBE", "delete") {
        // Data that an earlier run left would outlive the cluster where the node is this machine.
        let _ = output.run(session.workspace.cargo(["xtask", "minikube", "down"]).arg("--volumes"));
        output.run(Command::new("minikube").args(["delete", "--profile", "minikube"]))?;
    } else if let Some(why) = in_the_way(minikube::find()?) {
        return Err(Missing::new(why).into());
    }
    pytest(session, output, "test_minikube.py", &[("SAYDO_UP", bases)])
}

fn pytest(session: &Session, output: &Output, tests: &str, variables: &[(&str, &str)]) -> Result<Outcome> {
    let mut pytest = crate::chart::pytest(&session.workspace, tests, output)?;
    perform(session, output, pytest.envs(variables.iter().copied()))?;
    Ok(Outcome::Passed(last_line(output, " passed").trim_matches(['=', ' ']).to_owned()))
}

/// Why the tests may not use the Minikube that is here, if they may not.
fn in_the_way(found: Found) -> Option<&'static str> {
    match found {
        Found::Nothing | Found::Running => None,
        Found::Stopped => Some(
            "your Minikube does not run, and may hold something: run `minikube start` first, or set SAYDO_TEST_MINIKUBE=delete to have it deleted",
        ),
        Found::Installed => Some(
            "Saydo is in your Minikube, and these tests would break it: run `cargo xtask minikube down --volumes` first, which removes it with its data, or set SAYDO_TEST_MINIKUBE=delete to have the whole Minikube deleted",
        ),
    }
}

fn builder() -> Result<Builder> {
    Builder::find().map_err(|fault| Missing::new(fault.to_string()).into())
}

fn needs_docker(builder: &Builder) -> Result<()> {
    if matches!(builder, Builder::Docker(_)) {
        return Ok(());
    }
    Err(Missing::new(
        "these tests ask Docker's engine, and another builder is here: https://docs.docker.com/engine/install",
    )
    .into())
}

/// The argument for images, where `SAYDO_LOCAL_BASES=1` says that their bases cannot be pulled. Never by itself: the
/// stand-ins have the official names.
fn bases() -> Result<Option<&'static str>> {
    let builder = builder()?;
    if is_set("SAYDO_LOCAL_BASES", "1") {
        return Ok(Some("--local-bases"));
    }
    retry(|| read(&mut builder.command(["pull", RUNTIME]))).map_err(|_| {
        Missing::new(format!(
            "{RUNTIME} cannot be pulled: SAYDO_LOCAL_BASES=1 has base images made from Debian's packages"
        ))
    })?;
    Ok(None)
}

fn is_set(variable: &str, value: &str) -> bool {
    std::env::var(variable).is_ok_and(|given| given == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEPLOY-23: the tests take an empty Minikube or make one; what a person has in theirs stays, and they are told how
    /// to go on.
    #[test]
    fn a_persons_minikube_stays() {
        assert_eq!(in_the_way(Found::Nothing), None);
        assert_eq!(in_the_way(Found::Running), None);
        assert!(in_the_way(Found::Stopped).is_some_and(|why| why.contains("`minikube start`")));
        assert!(in_the_way(Found::Installed).is_some_and(|why| why.contains("`cargo xtask minikube down --volumes`")));
    }

    /// DEPLOY-01: the images' tests are Docker's; with another builder they are missing, and nothing is built.
    #[test]
    fn other_builders_are_told() {
        assert!(needs_docker(&Builder::Docker("docker".into())).is_ok());
        let fault = needs_docker(&Builder::Podman).map_err(|fault| fault.is::<Missing>());
        assert_eq!(fault, Err(true));
    }
}
