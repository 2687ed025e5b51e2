//! The stages that need an image builder, Compose or a cluster.

use std::process::Command;

use anyhow::Result;

use super::report::Outcome;
use super::session::{Missing, Session};
use super::stages::{last_line, perform};
use crate::command::{Output, find_program, read};
use crate::images::Builder;
use crate::tools;

/// What the images run on; where it cannot be pulled, no base image can.
const RUNTIME: &str = "gcr.io/distroless/cc-debian12:nonroot";

/// The release's namespace, here and in `cargo xtask minikube`.
const NAMESPACE: &str = "saydo";

pub(super) fn chart(session: &Session, output: &Output) -> Result<Outcome> {
    pytest(session, output, "test_chart.py", &[])
}

/// Builds both images and has them inspected and measured.
pub(super) fn images(session: &Session, output: &Output) -> Result<Outcome> {
    let bases = bases()?;
    let mut build = session.workspace.cargo(["xtask", "images"]);
    perform(session, output, build.args(bases))?;
    pytest(session, output, "test_images.py", &[("SAYDO_IMAGES", bases.unwrap_or_default())])
}

/// Brings the Compose stack up and has the browser tests use it.
pub(super) fn compose(session: &Session, output: &Output) -> Result<Outcome> {
    if read(Command::new("docker").args(["compose", "version"])).is_err() {
        return Err(Missing::new("`docker compose` is missing: https://docs.docker.com/compose/install").into());
    }
    let chromium = tools::chromium(output)?;
    pytest(session, output, "test_compose.py", &[("SAYDO_CHROMIUM", &chromium.to_string_lossy())])
}

/// Installs Saydo into an empty Minikube. At a person's desk what is there already is theirs.
pub(super) fn minikube(session: &Session, output: &Output) -> Result<Outcome> {
    for (program, from) in
        [("minikube", "https://minikube.sigs.k8s.io/docs/start"), ("kubectl", "https://kubernetes.io/docs/tasks/tools")]
    {
        if find_program(program).is_none() {
            return Err(Missing::new(format!("`{program}` is missing: {from}")).into());
        }
    }
    if session.in_ci() {
        // Data that an earlier run left would outlive the cluster where the node is this machine.
        let _ = output.run(session.workspace.cargo(["xtask", "minikube", "down"]).arg("--volumes"));
        output.run(Command::new("minikube").arg("delete"))?;
    } else if read(Command::new("kubectl").args(["--context", "minikube", "get", "namespace", NAMESPACE])).is_ok() {
        return Err(Missing::new(
            "Saydo is in your Minikube, and these tests would break it: `cargo xtask minikube down --volumes` removes it with its data",
        )
        .into());
    }
    pytest(session, output, "test_minikube.py", &[("SAYDO_UP", bases()?.unwrap_or_default())])
}

fn pytest(session: &Session, output: &Output, tests: &str, variables: &[(&str, &str)]) -> Result<Outcome> {
    let mut pytest = crate::chart::pytest(&session.workspace, tests, output)?;
    perform(session, output, pytest.envs(variables.iter().copied()))?;
    Ok(Outcome::Passed(last_line(output, " passed").trim_matches(['=', ' ']).to_owned()))
}

/// The argument for images where their bases cannot be pulled.
fn bases() -> Result<Option<&'static str>> {
    let builder = Builder::find().map_err(|fault| Missing::new(fault.to_string()))?;
    let pulled = read(&mut builder.command(["pull", RUNTIME]));
    Ok(pulled.is_err().then_some("--local-bases"))
}
