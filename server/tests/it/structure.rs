//! The dependency rules of `ARCHITECTURE.md`, checked on the workspace's metadata.

use std::{collections::BTreeMap, process::Command};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

fn workspace() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap()
}

/// What each package depends on, tests left out.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let packages = workspace().packages.into_iter();
    packages
        .map(|package| {
            let used = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
            let used = used.map(|dependency| dependency.name.clone()).collect();
            (package.name.to_string(), used)
        })
        .collect()
}

/// CONTRACT-22: the dependency rules between our crates.
#[test]
fn crates_know_only_whom_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = [
        ("saydo-contract", &[][..]),
        ("saydo-interpreter", &["saydo-contract"]),
        ("saydo-migrations", &[]),
        ("saydo-store", &["saydo-contract", "saydo-migrations"]),
        ("saydo-auth", &["saydo-contract"]),
        ("saydo-tools", &["saydo-contract", "saydo-store"]),
        ("saydo-agent", &["saydo-contract", "saydo-interpreter"]),
        ("saydo-app", &["saydo-contract"]),
        ("saydo-frontend", &["saydo-app"]),
        ("saydo", &["saydo-agent", "saydo-app", "saydo-auth", "saydo-contract", "saydo-store", "saydo-tools"]),
    ]
    .into();
    for (package, used) in dependencies() {
        let Some(allowed) = allowed.get(package.as_str()) else { continue };
        for name in used.iter().filter(|name| name.starts_with("saydo")) {
            assert!(allowed.contains(&name.as_str()), "{package} must not know {name}");
        }
    }
}

/// CONTRACT-22: which crate may use which library.
#[test]
fn libraries_stay_behind_their_borders() {
    let borders: [(&str, &[&str]); 9] = [
        ("axum", &["saydo"]),
        ("sea-orm", &["saydo-store", "saydo-migrations"]),
        ("sea-orm-migration", &["saydo-store", "saydo-migrations"]),
        ("async-openai", &["saydo-agent"]),
        ("rmcp", &["saydo-tools", "saydo-agent", "saydo"]),
        ("jsonwebtoken", &["saydo-auth"]),
        ("leptos", &["saydo-app", "saydo-frontend", "saydo"]),
        ("leptos_axum", &["saydo"]),
        ("gloo-net", &["saydo-app"]),
    ];
    for (package, used) in dependencies() {
        // Stands in for what is outside: a model's server, a database's administrator.
        if package == "saydo-test-support" {
            continue;
        }
        for (library, allowed) in borders {
            if used.iter().any(|name| name == library) {
                assert!(allowed.contains(&package.as_str()), "{package} must not use {library}");
            }
        }
    }
}

/// CONTRACT-22: what each role links.
#[test]
fn a_role_links_only_its_own() {
    let tree = |features: &str| {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--locked", "--offline", "--package", "saydo", "--edges", "normal", "--prefix", "none"])
            .args(["--no-default-features", "--features", features])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect::<Vec<_>>()
    };
    let web = tree("web");
    for library in [
        "sea-orm",
        "sqlx",
        "sqlx-core",
        "async-openai",
        "rmcp",
        "jsonwebtoken",
        "argon2",
        "saydo-store",
        "saydo-agent",
        "saydo-tools",
    ] {
        assert!(!web.iter().any(|name| name == library), "the web role links {library}");
    }
    assert!(web.iter().any(|name| name == "leptos"));
    let api = tree("api");
    assert!(!api.iter().any(|name| name.starts_with("leptos")), "the api role links Leptos");
    assert!(api.iter().any(|name| name == "sea-orm"));
}

/// CONTRACT-22: features are switched at the composition root alone.
#[test]
fn features_are_switched_at_the_root() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut found = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(source)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path).unwrap().contains("feature = \"") {
                found.push(path.strip_prefix(source).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    assert_eq!(found, ["config.rs", "http.rs", "http/edge.rs", "http/problem.rs", "lib.rs", "main.rs", "roles.rs"]);
}
