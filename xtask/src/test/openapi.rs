//! The programs that read the OpenAPI document: the npm packages of `e2e/openapi`, and Python's.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::command::Output;
use crate::tools;
use crate::workspace::Workspace;

/// Pinned: a newer linter may find what its older one did not.
const PYTHON: [&str; 3] = ["openapi-spec-validator==0.9.0", "openapi-python-client==0.29.1", "schemathesis==4.32.5"];

/// Finds or installs them, and gives the folder of Python's.
pub(crate) fn programs(workspace: &Workspace, output: &Output) -> Result<PathBuf> {
    tools::npm_packages(workspace, "e2e/openapi", output)?;
    let python = tools::python(workspace, "openapi", &PYTHON, output)?;
    Ok(python.parent().context("a program without a folder")?.to_owned())
}
