//! The PgBouncers of the tests, built from the sources in Debian's archive: no distribution packages both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{Output, find_program, read, retry};
use crate::tools::installed;
use crate::workspace::Workspace;

/// Names the folder of the programs to the tests.
pub(crate) const VARIABLE: &str = "SAYDO_TEST_PGBOUNCER";

const ARCHIVE: &str = "http://deb.debian.org/debian/pool/main/p/pgbouncer";

/// A release: the one of Debian 13, and of Debian 12, which loses prepared statements in transaction mode.
struct Release {
    program: &'static str,
    version: &'static str,
    sha256: &'static str,
}

const RELEASES: [Release; 2] = [
    Release {
        program: "pgbouncer-1.24",
        version: "1.24.1",
        sha256: "da72a3aba13072876d055a3e58dd4aba4a5de4ed6148e73033185245598fd3e0",
    },
    Release {
        program: "pgbouncer-1.18",
        version: "1.18.0",
        sha256: "9349c9e59f6f88156354f4f6af27cdb014a235b00ae184cbaa37688bd0df544c",
    },
];

/// The folder of both programs, each built once.
pub(crate) fn programs(workspace: &Workspace, output: &Output) -> Result<PathBuf> {
    if let Some(given) = std::env::var_os(VARIABLE) {
        return Ok(given.into());
    }
    let folder = workspace.cache().join("pgbouncer");
    for release in RELEASES {
        let program = folder.join(release.program);
        if !program.is_file() {
            let built = build(workspace, &release, &folder, output)?;
            fs::rename(&built, &program).with_context(|| format!("keeping {}", program.display()))?;
        }
    }
    Ok(folder)
}

/// Builds a release, without TLS and PAM, which no test needs, and names the program.
fn build(workspace: &Workspace, release: &Release, folder: &Path, output: &Output) -> Result<PathBuf> {
    let header = Path::new("/usr/include/event2/event.h");
    installed("libevent-dev", || header.is_file().then(|| header.to_owned()), output)?;
    for program in ["curl", "make", "pkg-config"] {
        installed(program, || find_program(program), output)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let Release { version, .. } = release;
    let archive = folder.join(format!("{version}.tar.gz"));
    retry(|| {
        let mut curl = Command::new("curl");
        curl.args(["--fail", "--silent", "--show-error", "--location", "--output"]).arg(&archive);
        output.run(curl.arg(format!("{ARCHIVE}/pgbouncer_{version}.orig.tar.gz")))
    })?;
    verify(&archive, release.sha256)?;
    output.run(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(folder))?;
    let sources = folder.join(format!("pgbouncer-{version}"));
    let run = |program: &str, arguments: &[&str]| {
        output.run(workspace.command(program).args(arguments).current_dir(&sources))
    };
    run("./configure", &["--quiet", "--without-cares", "--without-openssl", "--without-pam"])?;
    run("make", &["--silent", "-j2", "pgbouncer"])?;
    Ok(sources.join("pgbouncer"))
}

/// Fails unless the file has this SHA-256.
fn verify(file: &Path, sha256: &str) -> Result<()> {
    let sum = read(Command::new("sha256sum").arg(file))?;
    if sum.split_whitespace().next() != Some(sha256) {
        bail!("{} is not what was expected: {sum}", file.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// DEV-20: a source archive with another hash is refused.
    #[test]
    fn a_changed_archive_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "abc").unwrap();
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        verify(file.path(), sha256).unwrap();
        fs::write(file.path(), "abd").unwrap();
        assert!(verify(file.path(), sha256).unwrap_err().to_string().contains("not what was expected"));
    }
}
