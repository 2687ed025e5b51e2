//! What the tests need besides Rust: found where it is, installed where that can be done, else told how to get it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{Output, find_program, read, retry};
use crate::fingerprint::Fingerprint;
use crate::workspace::Workspace;

/// The oldest Node.js that the browser tests run on.
const NODE: u32 = 20;

/// The helm that is built where none is.
const HELM: &str = "v4.2.4";

/// Debian's package of Chromium without its windows, and the program in it.
const HEADLESS_SHELL: &str = "chromium-headless-shell";

/// The folder of PostgreSQL's server programs, the newest if there are several.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut packaged: Vec<_> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    packaged.sort();
    let on_path = || find_program("initdb")?.parent().map(Path::to_owned);
    packaged.pop().map(|(_, folder)| folder).or_else(on_path)
}

/// Finds or installs PostgreSQL.
pub(crate) fn postgres(output: &Output) -> Result<PathBuf> {
    installed("postgresql", postgres_programs, output)
}

/// Finds or installs Chromium: `SAYDO_CHROMIUM`, else what the system has.
pub(crate) fn chromium(output: &Output) -> Result<PathBuf> {
    let find = || {
        let mac = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
        named_chromium()
            .or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find_program))
            .or_else(|| mac.is_file().then_some(mac))
    };
    installed("chromium", find, output)
}

/// Finds or installs Chromium without its windows, which takes two thirds of the time; where that is not offered,
/// Chromium. `SAYDO_CHROMIUM` counts here too.
pub(crate) fn chromium_without_windows(output: &Output) -> Result<PathBuf> {
    let find = || named_chromium().or_else(|| find_program(HEADLESS_SHELL));
    if find().is_none() && read(Command::new("apt-cache").args(["show", HEADLESS_SHELL])).is_err() {
        return chromium(output);
    }
    installed(HEADLESS_SHELL, find, output).or_else(|_| chromium(output))
}

fn named_chromium() -> Option<PathBuf> {
    std::env::var_os("SAYDO_CHROMIUM").map(PathBuf::from)
}

/// Installs the npm packages of the `package-lock.json` in a folder of the checkout, unless they are there.
pub(crate) fn npm_packages(workspace: &Workspace, folder: &str, output: &Output) -> Result<()> {
    node()?;
    let folder = workspace.root.join(folder);
    let stamp = folder.join("node_modules/.saydo-stamp");
    let lock = Fingerprint::default().path(&folder.join("package-lock.json"))?;
    if lock.matches(&stamp) {
        return Ok(());
    }
    retry(|| {
        let mut npm = workspace.command("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
        // The system's Chromium is used; no browser is downloaded.
        output.run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    })?;
    lock.keep(&stamp)
}

/// The Python of a virtual environment that holds these packages, made if it is not there.
pub(crate) fn python(workspace: &Workspace, name: &str, packages: &[&str], output: &Output) -> Result<PathBuf> {
    let folder = workspace.cache().join("python").join(name);
    let program = folder.join("bin/python");
    let stamp = folder.join("stamp");
    let system = read(Command::new("python3").arg("--version"))
        .context("Python 3.10 or newer is missing: install `python3` and `python3-venv`")?;
    let print = packages.iter().fold(Fingerprint::default().word(&system), |print, package| print.word(package));
    if print.matches(&stamp) && program.is_file() {
        return Ok(program);
    }
    output.run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    retry(|| {
        let mut pip = Command::new(&program);
        output.run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages))
    })?;
    print.keep(&stamp)?;
    Ok(program)
}

/// Finds helm 4, or builds it with Go, whose checksum database vouches for the source.
pub(crate) fn helm(workspace: &Workspace, output: &Output) -> Result<PathBuf> {
    let usable = |program: &PathBuf| {
        read(Command::new(program).args(["version", "--short"])).is_ok_and(|version| version.starts_with("v4."))
    };
    let folder = workspace.cache().join("helm");
    if let Some(found) = find_program("helm").into_iter().chain([folder.join("helm")]).find(usable) {
        return Ok(found);
    }
    let how = "`helm` 4 is missing: https://helm.sh/docs/intro/install";
    let go = find_program("go").context(how)?;
    retry(|| {
        let mut install = workspace.command(&go);
        install.args(["install", &format!("helm.sh/helm/v4/cmd/helm@{HELM}")]);
        output.run(install.env("GOBIN", &folder).env("CGO_ENABLED", "0"))
    })
    .context(how)?;
    Ok(folder.join("helm"))
}

fn node() -> Result<()> {
    let how = format!("Node.js {NODE} or newer with npm is missing: https://nodejs.org");
    let version = read(Command::new("node").arg("--version")).with_context(|| how.clone())?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) || find_program("npm").is_none() {
        bail!("{how} (here: {version})");
    }
    Ok(())
}

/// What `find` finds, before or after the distribution's package is installed.
pub(crate) fn installed(package: &str, find: impl Fn() -> Option<PathBuf>, output: &Output) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let how =
        format!("`{package}` is missing: install it with the system's package manager (`apt-get install {package}`)");
    let root = read(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    if !root || find_program("apt-get").is_none() {
        bail!(how);
    }
    retry(|| {
        output.run(Command::new("apt-get").args(["update", "-qq"]))?;
        let mut apt = Command::new("apt-get");
        apt.args(["install", "-y", "-qq", "--no-install-recommends", package]).env("DEBIAN_FRONTEND", "noninteractive");
        output.run(&mut apt)
    })
    .with_context(|| how.clone())?;
    find().context(how)
}

/// Installs a program of a crate's once, of just this version.
pub(crate) fn cargo_program(workspace: &Workspace, package: &str, version: &str, output: &Output) -> Result<()> {
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
