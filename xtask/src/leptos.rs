//! `cargo leptos build`, the hot-reload tool's way to the same page, kept working.

use std::process::Command;

use anyhow::Result;

use crate::command::{Output, find_program, read, retry};
use crate::workspace::Workspace;

/// The newest that builds with this workspace's compiler.
const CARGO_LEPTOS: &str = "0.3.10";

/// Builds the page with cargo-leptos, which is installed once, with the bindings' tool of the locked version.
pub(crate) fn build(workspace: &Workspace, output: &Output) -> Result<()> {
    install(workspace, "cargo-leptos", CARGO_LEPTOS, output)?;
    install(workspace, "wasm-bindgen-cli", &bindgen_version(workspace)?, output)?;
    output.run(&mut workspace.cargo(["leptos", "build"]))
}

fn install(workspace: &Workspace, package: &str, version: &str, output: &Output) -> Result<()> {
    let program = if package == "wasm-bindgen-cli" { "wasm-bindgen" } else { package };
    let here = find_program(program).and_then(|program| read(Command::new(program).arg("--version")).ok());
    if here.is_some_and(|here| here.split_whitespace().any(|word| word == version)) {
        return Ok(());
    }
    // Unoptimised: half the time to build, and it runs once. Its own lock first, which knows no newer compiler; a
    // registry that lacks one of those versions needs a fresh resolution.
    let unoptimised = || workspace.cargo(["install", "--debug", package, "--version", version]);
    retry(|| output.run(unoptimised().arg("--locked")).or_else(|_| output.run(&mut unoptimised())))
}

fn bindgen_version(workspace: &Workspace) -> Result<String> {
    let id = read(&mut workspace.cargo(["pkgid", "wasm-bindgen"]))?;
    Ok(id.rsplit(['@', '#', ':']).next().unwrap_or_default().to_owned())
}
