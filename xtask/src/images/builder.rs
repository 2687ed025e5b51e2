use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::reference;
use crate::command::{Output, find_program, line_of, read};
use crate::workspace::Workspace;

/// Makes base images from Debian's packages. Arguments: a folder for what it keeps, then the program that imports.
const BASES: &str = include_str!("bases.sh");

/// A program that builds images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Builder {
    /// Docker, by this client.
    Docker(PathBuf),
    Podman,
    Buildah,
}

impl Builder {
    /// Finds a builder that works: docker, else podman, else buildah.
    pub(crate) fn find() -> Result<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let clients = std::env::split_paths(&path).map(|folder| folder.join("docker")).filter(|file| file.is_file());
        let docker: Vec<_> = clients.collect();
        if let Some(client) = docker.iter().find(|client| has_buildkit(client))
            && read(Command::new(client).args(["info", "--format", "{{.ServerVersion}}"])).is_ok()
        {
            return Ok(Self::Docker(client.clone()));
        }
        if find_program("podman").is_some() {
            return Ok(Self::Podman);
        }
        if find_program("buildah").is_some() {
            return Ok(Self::Buildah);
        }
        match docker.as_slice() {
            [] => bail!("no image builder is installed: install Docker, podman or buildah"),
            _ => bail!(
                "Docker is installed, but its engine does not run or its client has no BuildKit (`docker buildx`)"
            ),
        }
    }

    fn program(&self) -> PathBuf {
        match self {
            Self::Docker(client) => client.clone(),
            Self::Podman => "podman".into(),
            Self::Buildah => "buildah".into(),
        }
    }

    /// A command of this builder.
    pub(crate) fn command<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = Command::new(self.program());
        command.args(arguments);
        command
    }

    /// The command that builds one image.
    pub(crate) fn build(&self, workspace: &Workspace, image: &str, revision: &str, local_bases: bool) -> Command {
        let role = image.trim_start_matches("saydo-");
        let mut command = workspace.command(self.program());
        // Attestations would make each build of the same content another image.
        command.env("DOCKER_BUILDKIT", "1").env("BUILDX_NO_DEFAULT_ATTESTATIONS", "1").arg("build");
        command.args(["--file", &format!("Dockerfile.{role}"), "--tag", &reference(image)]);
        command.args(["--build-arg", concat!("VERSION=", env!("CARGO_PKG_VERSION"))]);
        command.args(["--build-arg", &format!("REVISION={revision}")]);
        if local_bases {
            // What cannot reach a registry of images may still reach cargo's, by the host's way.
            command.args(["--network", "host"]);
            if !matches!(self, Self::Docker(_)) {
                command.arg("--pull=never");
            }
        }
        command.arg(".");
        command
    }

    /// Makes the base images, unless they are there.
    pub(crate) fn make_bases(&self, workspace: &Workspace) -> Result<()> {
        if !cfg!(target_os = "linux") {
            bail!("--local-bases needs a Debian machine; elsewhere the base images are pulled");
        }
        let kept = workspace.cache().join("bases");
        std::fs::create_dir_all(&kept)?;
        let script = kept.join("bases.sh");
        std::fs::write(&script, BASES)?;
        Output::Shown.run(workspace.command("bash").arg(script).arg(&kept).arg(self.program()))
    }

    /// Writes an image as an archive that `minikube image load` takes.
    pub(crate) fn save(&self, image: &str, archive: &Path) -> Result<()> {
        let mut command = match self {
            Self::Docker(_) => self.command(["save", "--output"]),
            Self::Podman => self.command(["save", "--format=docker-archive", "--output"]),
            Self::Buildah => {
                let mut push = self.command(["push", image]);
                push.arg(format!("docker-archive:{}:{image}", archive.display()));
                println!("$ {}", line_of(&push));
                return Output::Shown.run(&mut push);
            }
        };
        command.arg(archive).arg(image);
        println!("$ {}", line_of(&command));
        Output::Shown.run(&mut command)
    }

    /// The image's id: the same content has the same.
    pub(crate) fn id(&self, image: &str) -> Result<String> {
        let id = match self {
            Self::Buildah => read(&mut self.command(["inspect", "--type=image", "--format={{.FromImageID}}", image]))?,
            _ => read(&mut self.command(["image", "inspect", "--format={{.Id}}", image]))?,
        };
        Ok(id.trim_start_matches("sha256:").to_owned())
    }
}

/// Whether this client of Docker can build with BuildKit: as its plugin, or built in as it was before 23.
fn has_buildkit(client: &Path) -> bool {
    let version = |arguments: &[&str]| read(Command::new(client).args(arguments));
    version(&["buildx", "version"]).is_ok()
        || version(&["version", "--format", "{{.Client.Version}}"]).is_ok_and(|version| {
            version.split('.').next().and_then(|major| major.parse().ok()).is_some_and(|major: u32| major < 23)
        })
}
