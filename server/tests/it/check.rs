//! `saydo check`, run as an operator runs it.

use std::process::Command;

use saydo_test_support::{
    databases::TestDatabase,
    fake_model::{FakeModel, Reply},
    raw_server::{RawServer, answer, json_answer},
};
use serde_json::json;

use crate::{
    app::SECRET,
    process::{Process, free_port},
};

/// What it prints, and whether it succeeded.
async fn check(settings: Vec<(&'static str, String)>, folder: &std::path::Path) -> (bool, Vec<String>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saydo"));
    command.arg("check").env_clear().envs(settings).current_dir(folder);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let lines = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    (output.status.success(), lines)
}

fn line<'a>(lines: &'a [String], part: &str) -> &'a str {
    lines.iter().find(|line| line.contains(&format!(" {part}: "))).unwrap_or_else(|| panic!("{part}: {lines:#?}"))
}

/// DEPLOY-42: each part of a deployment that works has a line that says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_works_has_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
    for database in TestDatabase::all().await {
        let model = FakeModel::answering(|_| Reply::text("H")).await;
        let settings = |port: u16| {
            vec![
                ("DATABASE_URL", database.url.clone()),
                ("BETTER_AUTH_SECRET", SECRET.to_owned()),
                ("SAYDO_LISTEN", format!("127.0.0.1:{port}")),
                ("SAYDO_SITE", "site".to_owned()),
                ("OPENAI_BASE_URL", model.base_url()),
                ("OPENAI_MODEL", "fake".to_owned()),
            ]
        };
        let migrate = Command::new(env!("CARGO_BIN_EXE_saydo")).arg("migrate").env_clear().envs(settings(1)).status();
        assert!(migrate.unwrap().success());
        let port = free_port();
        let (works, lines) = check(settings(port), folder.path()).await;
        assert!(works && lines.len() == 5 && lines.iter().all(|line| line.starts_with("ok ")), "{lines:#?}");
        assert!(line(&lines, "database").contains("current schema"));
        assert!(line(&lines, "address").contains("no server runs"));
        let answers = line(&lines, "model");
        assert!(answers.contains("fake is at") && answers.contains("streams, takes tools"), "{answers}");

        let binary = std::path::Path::new(env!("CARGO_BIN_EXE_saydo"));
        let server = Process::start(binary, port, &database.url, None).await;
        let (works, lines) = check(settings(port), folder.path()).await;
        assert!(works && line(&lines, "address").contains("Saydo answers at"), "{lines:#?}");
        server.kill();
    }
}

/// DEPLOY-43: each fault has a line that names it and what to do, without a secret, and the command fails.
#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_reported_with_its_fix() {
    let folder = tempfile::tempdir().unwrap();
    let model = RawServer::answering(|_| json_answer(401, &json!({ "error": { "code": "bad_key" } }))).await;
    let another = RawServer::answering(|_| answer(200, "text/html", "<p>Welcome</p>")).await;
    let settings = vec![
        ("DATABASE_URL", "postgres://me:planted@127.0.0.1:1/saydo".to_owned()),
        ("BETTER_AUTH_SECRET", "planted-short".to_owned()),
        ("SAYDO_PUBLIC_URL", another.url("")),
        ("SAYDO_SITE", folder.path().display().to_string()),
        ("OPENAI_BASE_URL", model.url("/v1")),
        ("OPENAI_API_KEY", "sk-planted".to_owned()),
    ];
    let (works, lines) = check(settings, folder.path()).await;
    assert!(!works && lines.len() == 5, "{lines:#?}");
    for (part, words) in [
        ("secret", &["BETTER_AUTH_SECRET", "32"][..]),
        ("database", &["postgres://127.0.0.1:1/saydo", "DATABASE_URL"]),
        ("site", &["no folder pkg", "SAYDO_SITE"]),
        ("address", &["is not Saydo", "SAYDO_PUBLIC_URL"]),
        ("model", &["401 (bad_key)", "OPENAI_API_KEY"]),
    ] {
        let line = line(&lines, part);
        assert!(line.starts_with("fault ") && words.iter().all(|word| line.contains(word)), "{line}");
        assert!(!line.contains("planted"), "{line}");
    }

    let unmigrated = TestDatabase::sqlite();
    let (_, lines) = check(vec![("DATABASE_URL", unmigrated.url.clone())], folder.path()).await;
    assert!(line(&lines, "model").starts_with("ok ") && line(&lines, "secret").starts_with("ok "), "{lines:#?}");
    let open = vec![("SAYDO_LISTEN", "0.0.0.0:3000".to_owned())];
    let (works, lines) = check(open, folder.path()).await;
    assert!(!works && line(&lines, "address").contains("SAYDO_PUBLIC_URL is not set"), "{lines:#?}");
}

/// DEPLOY-44: a check makes nothing, not even where nothing is set.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_, lines) = check(Vec::new(), folder.path()).await;
    assert!(line(&lines, "secret").contains("is made at the first start"), "{lines:#?}");
    assert!(line(&lines, "database").contains("is made at the first start"), "{lines:#?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
