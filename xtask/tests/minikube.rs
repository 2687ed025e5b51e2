//! `cargo xtask minikube` on a machine whose programs only write down how they were called.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of programs, each of which says something and writes its command line into the file `calls`.
fn programs(said: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    symlink(env!("CARGO"), folder.path().join("cargo")).unwrap();
    for (name, words) in said {
        let file = folder.path().join(name);
        let calls = folder.path().join("calls");
        fs::write(&file, format!("#!/bin/sh\necho \"{name} $*\" >>'{}'\necho '{words}'\n", calls.display())).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn up(path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(["minikube", "up"]).env("PATH", path).output().unwrap()
}

/// DEPLOY-22: without helm and with an old kubectl, `up` says so in a line each, and starts nothing.
#[test]
fn what_is_wrong_is_told_before_anything_starts() {
    let folder = programs(&[
        ("minikube", "v1.38.1"),
        ("kubectl", "Client Version: v1.20.4"),
        ("curl", "curl 8.5.0"),
        ("docker", "28.0.0"),
    ]);
    let done = up(folder.path());
    assert!(!done.status.success());
    let said = String::from_utf8(done.stderr).unwrap();
    let faults: Vec<_> = said.lines().skip(1).map(str::trim).collect();
    assert!(said.starts_with("error: nothing was changed"), "{said}");
    assert_eq!(faults.len(), 2, "{said}");
    assert!(faults[0].starts_with("kubectl 1.20 is too old, 1.30 is needed: https://"), "{said}");
    assert!(faults[1].starts_with("helm is missing: https://"), "{said}");
    let calls = fs::read_to_string(folder.path().join("calls")).unwrap();
    assert!(calls.contains("minikube version"), "{calls}");
    for each in calls.lines() {
        let [program, action] = each.split_whitespace().take(2).collect::<Vec<_>>().try_into().unwrap();
        assert!(matches!((program, action), (_, "version" | "--version" | "buildx" | "info")), "{each}");
    }
}
