//! Where the repository and its target folder are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The repository's folders.
#[derive(Clone)]
pub(crate) struct Workspace {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Where cargo builds to; `CARGO_TARGET_DIR` may put it anywhere.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Finds the workspace that this command belongs to.
    pub(crate) fn locate() -> Result<Self> {
        // The variable, where cargo sets it, is right even if clones share one target folder; the constant may not be.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask has no parent folder")?.to_owned();
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--offline", "--format-version=1", "--manifest-path"])
            .arg(root.join("Cargo.toml"))
            .output()
            .context("running cargo metadata")?;
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target folder")?.into();
        Ok(Self { root, target })
    }

    /// The built site: `<target folder>/site`.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// What these commands keep between runs: logs, stamps, virtual environments.
    pub(crate) fn cache(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// A command that runs in the checkout and builds into the same target folder, from a clean environment of cargo's
    /// per-package variables, which would otherwise make cargo rebuild what is fresh.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        command
    }

    /// `cargo` with these arguments.
    pub(crate) fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }
}
