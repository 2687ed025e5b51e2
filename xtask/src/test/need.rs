//! The tools of other languages that stages use: each is found or installed once a run.

use anyhow::Result;

use super::openapi;
use super::stages::MCP;
use crate::command::Output;
use crate::workspace::Workspace;
use crate::{chart, tools};

/// A tool that is not Rust's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// PostgreSQL and Chromium, by the system's package manager, which does one thing at a time.
    Postgres,
    Chromium,
    /// The packages of `e2e/package-lock.json`.
    Npm,
    /// Two virtual environments, one for each line of the Python SDK.
    Python,
    /// The programs that read the OpenAPI document: npm packages and a virtual environment.
    OpenApi,
    /// helm, and a virtual environment with the programs that judge the chart.
    Helm,
}

impl Need {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::Chromium => "chromium",
            Self::Npm => "npm",
            Self::Python => "python",
            Self::OpenApi => "openapi",
            Self::Helm => "helm",
        }
    }

    /// Finds or installs it.
    pub(crate) fn fetch(self, workspace: &Workspace, output: &Output) -> Result<()> {
        match self {
            Self::Postgres if std::env::var_os("SAYDO_TEST_POSTGRES").is_some() => Ok(()),
            Self::Postgres => tools::postgres(output).map(drop),
            // In this order: whether the second is offered is known when the package lists are there.
            Self::Chromium => {
                tools::chromium(output)?;
                tools::chromium_without_windows(output).map(drop)
            }
            Self::Npm => tools::npm_packages(workspace, "e2e", output),
            Self::Python => {
                MCP.iter().try_for_each(|(name, package)| tools::python(workspace, name, &[package], output).map(drop))
            }
            Self::OpenApi => openapi::programs(workspace, output).map(drop),
            Self::Helm => chart::programs(workspace, output).map(drop),
        }
    }
}
