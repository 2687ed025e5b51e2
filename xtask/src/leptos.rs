//! `cargo leptos build`, the hot-reload tool's way to the same page, kept working.

use anyhow::Result;

use crate::command::{Output, read};
use crate::tools;
use crate::workspace::Workspace;

/// The newest that builds with this workspace's compiler.
const CARGO_LEPTOS: &str = "0.3.10";

/// Builds the page with cargo-leptos, which is installed once, with the bindings' tool of the locked version.
pub(crate) fn build(workspace: &Workspace, output: &Output) -> Result<()> {
    tools::cargo_program(workspace, "cargo-leptos", CARGO_LEPTOS, output)?;
    tools::cargo_program(workspace, "wasm-bindgen-cli", &bindgen_version(workspace)?, output)?;
    output.run(&mut workspace.cargo(["leptos", "build"]))
}

fn bindgen_version(workspace: &Workspace) -> Result<String> {
    let id = read(&mut workspace.cargo(["pkgid", "wasm-bindgen"]))?;
    Ok(id.rsplit(['@', '#', ':']).next().unwrap_or_default().to_owned())
}
