//! `cargo xtask minikube` on a machine whose programs only write down how they were called.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of programs, each of which writes its command line into the file `calls` and runs a script.
fn programs(scripts: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    symlink(env!("CARGO"), folder.path().join("cargo")).unwrap();
    for (name, script) in scripts {
        let file = folder.path().join(name);
        let here = folder.path().display();
        fs::write(&file, format!("#!/bin/sh\ncd '{here}'\necho \"{name} $*\" >>calls\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn minikube(action: &str, path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(["minikube", action]).env("PATH", path).output().unwrap()
}

/// DEPLOY-22: without helm and with an old kubectl, `up` says so in a line each, and starts nothing.
#[test]
fn what_is_wrong_is_told_before_anything_starts() {
    let folder = programs(&[
        ("minikube", "echo v1.38.1"),
        ("kubectl", "echo Client Version: v1.20.4"),
        ("curl", "echo curl 8.5.0"),
        ("docker", "echo 28.0.0"),
    ]);
    let done = minikube("up", folder.path());
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

/// DEPLOY-22: so does a command that looks after what is there.
#[test]
fn what_is_missing_is_told_later_too() {
    let folder = programs(&[("minikube", ""), ("kubectl", ""), ("curl", "")]);
    for action in ["status", "down"] {
        let done = minikube(action, folder.path());
        assert!(!done.status.success());
        assert!(String::from_utf8(done.stderr).unwrap().contains("helm is missing: https://"));
    }
    assert!(!folder.path().join("calls").exists());
}

/// DEPLOY-23: where the node does not answer, a forwarded port is tried, told as the command to type, and closed again.
#[test]
fn a_hidden_node_is_reached_by_a_forwarded_port() {
    let forward = "case \"$*\" in *port-forward*) echo $$ >forward; echo Forwarding from 127.0.0.1:8080; exec /bin/sleep 60; esac";
    let folder = programs(&[
        ("minikube", "echo 192.0.2.1"),
        ("kubectl", forward),
        ("helm", ""),
        ("curl", "case \"$*\" in *http://localhost:8080/*) exit 0; esac; exit 7"),
    ]);
    let done = minikube("status", folder.path());
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{said}");
    let command = "$ kubectl --context minikube --namespace saydo port-forward service/saydo-frontend 8080:80";
    let told = said.split_once("http://localhost:8080, while this runs:\n").unwrap().1;
    assert!(told.starts_with(command), "{said}");
    let id = fs::read_to_string(folder.path().join("forward")).unwrap();
    assert!(!Command::new("kill").args(["-0", id.trim()]).output().unwrap().status.success(), "still forwarding");
}

/// DEPLOY-23: a port that another program has is a fault, though that program answers.
#[test]
fn a_port_that_is_taken_is_told() {
    let folder = programs(&[
        ("minikube", "echo 192.0.2.1"),
        ("kubectl", "case \"$*\" in *port-forward*) exit 1; esac"),
        ("helm", ""),
        ("curl", "case \"$*\" in *http://localhost:8080/*) exit 0; esac; exit 7"),
    ]);
    let done = minikube("status", folder.path());
    assert!(!done.status.success());
    assert!(String::from_utf8(done.stderr).unwrap().contains("port 8080 cannot be forwarded"));
}
