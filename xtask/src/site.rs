//! `cargo xtask site`: from the sources of the page to the folder that a server serves.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::command::{Output, read, retry};
use crate::fingerprint::Fingerprint;
use crate::workspace::Workspace;

/// Bytes of Brotli that everything on the first page may weigh.
pub(crate) const BAR: usize = 260 * 1024;

const TARGET: &str = "wasm32-unknown-unknown";

/// What the site is made of.
const INPUTS: [&str; 7] = ["app", "contract", "frontend", "style", "xtask/site", "Cargo.toml", "Cargo.lock"];

#[derive(Args)]
pub(crate) struct Options {
    /// Small and slow to build, as it ships (the default).
    #[arg(long, conflicts_with = "dev")]
    release: bool,
    /// Quick to build and large.
    #[arg(long)]
    dev: bool,
    /// Print the size of each file and of the first page, and fail over 260 KB of Brotli.
    #[arg(long)]
    report: bool,
    /// With `--report`: the first page of a running server, to count its HTML too.
    #[arg(long, requires = "report")]
    page: Option<String>,
}

/// How the site is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Small and slow to build, as it ships.
    Release,
    /// Quick to build and large.
    Dev,
}

impl Flavour {
    fn profile(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Dev => "dev",
        }
    }

    /// The folder that cargo gives the profile.
    fn folder(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Dev => "debug",
        }
    }

    fn effort(self) -> &'static str {
        match self {
            Self::Release => "best",
            Self::Dev => "quick",
        }
    }
}

/// Whether [`build`] had something to do.
#[derive(PartialEq, Eq)]
pub(crate) enum Built {
    /// The site was made anew.
    Anew,
    /// The site was already that of these sources.
    Already,
}

pub(crate) fn site(workspace: &Workspace, options: &Options) -> Result<()> {
    let flavour = if options.dev { Flavour::Dev } else { Flavour::Release };
    if build(workspace, flavour, &Output::Shown)? == Built::Already {
        println!("{} is up to date", workspace.site().display());
    }
    if options.report {
        report(workspace, options.page.as_deref(), &Output::Shown)?;
    }
    Ok(())
}

/// Builds the site into `<target folder>/site`, unless it is already that of these sources.
pub(crate) fn build(workspace: &Workspace, flavour: Flavour, output: &Output) -> Result<Built> {
    let print = fingerprint(&workspace.root, flavour)?;
    let stamp = workspace.cache().join("site.stamp");
    if workspace.site().join("manifest.json").is_file() && print.matches(&stamp) {
        return Ok(Built::Already);
    }
    // A build that is killed leaves a site of other sources behind, perhaps those of a while ago.
    print.make(&stamp, || build_anew(workspace, flavour, output))?;
    Ok(Built::Anew)
}

fn build_anew(workspace: &Workspace, flavour: Flavour, output: &Output) -> Result<()> {
    let mut cargo = workspace.cargo(["build", "--package=saydo-frontend", "--profile"]);
    for_wasm(cargo.arg(flavour.profile()), output)?;
    output.run(&mut cargo)?;

    let module = workspace.target.join(TARGET).join(flavour.folder()).join("saydo_frontend.wasm");
    output.run(&mut bundler(
        workspace,
        "build",
        [
            ("--wasm", module),
            ("--style", workspace.root.join("style/main.css")),
            ("--public", workspace.root.join("app/public")),
            ("--out", workspace.site()),
            ("--effort", flavour.effort().into()),
        ],
    ))
}

/// Prints the sizes of the first page and fails when it is over [`BAR`].
pub(crate) fn report(workspace: &Workspace, page: Option<&str>, output: &Output) -> Result<()> {
    let mut command = bundler(workspace, "report", [("--site", workspace.site()), ("--bar", BAR.to_string().into())]);
    if let Some(page) = page {
        command.args(["--page", page]);
    }
    output.run(&mut command)
}

fn bundler<const N: usize>(workspace: &Workspace, task: &str, options: [(&str, PathBuf); N]) -> Command {
    let mut command = workspace.cargo(["run", "--quiet", "--package=saydo-site", "--", task]);
    for (name, value) in options {
        command.arg(name).arg(value);
    }
    command
}

fn fingerprint(root: &Path, flavour: Flavour) -> Result<Fingerprint> {
    let compiler = read(Command::new("rustc").arg("-vV"))?;
    let print = Fingerprint::default().word(&compiler).word(flavour.profile());
    INPUTS.iter().try_fold(print, |print, input| print.path(&root.join(input)))
}

/// Points a cargo command at wasm32. Where the target cannot be downloaded, the standard library is built from the
/// compiler's source.
pub(crate) fn for_wasm(cargo: &mut Command, output: &Output) -> Result<()> {
    cargo.args(["--target", TARGET]);
    if has_target()? {
        return Ok(());
    }
    let added = retry(|| output.run(Command::new("rustup").args(["target", "add", TARGET])));
    if added.is_ok() && has_target()? {
        return Ok(());
    }
    let sysroot = read(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file() {
        cargo.arg("-Zbuild-std=std,panic_abort").env("RUSTC_BOOTSTRAP", "1");
        return Ok(());
    }
    let how = format!("`rustup target add {TARGET}`, or the `rust-src` of exactly this compiler");
    added.with_context(|| format!("the target {TARGET} is missing: {how}"))?;
    bail!("the target {TARGET} was added, but not to this compiler: {how}")
}

fn has_target() -> Result<bool> {
    let libdir = read(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(Path::new(&libdir).is_dir())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    /// DEV-06: the same sources in another flavour are another site, and a changed style sheet is too.
    #[test]
    fn the_fingerprint_follows_sources_and_flavour() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("stamp");
        fs::create_dir(folder.path().join("style")).unwrap();
        let sheet = folder.path().join("style/main.css");
        fs::write(&sheet, "a{}").unwrap();
        fingerprint(folder.path(), Flavour::Release).unwrap().keep(&stamp).unwrap();
        assert!(fingerprint(folder.path(), Flavour::Release).unwrap().matches(&stamp));
        assert!(!fingerprint(folder.path(), Flavour::Dev).unwrap().matches(&stamp));
        fs::write(&sheet, "b{}").unwrap();
        assert!(!fingerprint(folder.path(), Flavour::Release).unwrap().matches(&stamp));
    }
}
