//! `saydo backup`: a copy of a database that a server uses, and a server on the copy.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Output},
};

use saydo_test_support::databases::TestDatabase;
use serde_json::json;
use tokio::sync::watch;

use crate::{
    app::{Person, TestApp},
    process::{Process, free_port},
};

/// Runs `saydo backup` away from the server's runtime.
async fn back_up(file: &Path, environment: &[(&'static str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saydo"));
    command.arg("backup").arg(file).env_clear().envs(environment.iter().copied());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn titles(person: &Person<'_>) -> BTreeSet<String> {
    let page = person.tool("list_tasks", json!({ "limit": 100 })).await;
    let tasks = page["structuredContent"]["tasks"].as_array().unwrap().clone();
    tasks.iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect()
}

/// DEPLOY-62: a server that is started on a copy has all that was acknowledged before the copy began, sessions included.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_starts_on_a_copy() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("restored.db");

    let (answered, mut so_far) = watch::channel(Vec::new());
    let chats = async {
        for number in 0.. {
            let title = format!("Report {number}");
            let answer = ann.chat(&format!("add {title}")).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            answered.send_modify(|titles| titles.push(title));
        }
    };
    let copied = async {
        let before = so_far.wait_for(|titles| titles.len() >= 10).await.unwrap().clone();
        let done = back_up(&file, &[("DATABASE_URL", &database.url)]).await;
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        before
    };
    let before = tokio::select! {
        before = copied => before,
        () = chats => unreachable!(),
    };
    let restored = Process::start(env!("CARGO_BIN_EXE_saydo").as_ref(), free_port(), &url_of(&file), None).await;
    let again = Person::returning(&restored.app, ann.session.clone()).await;
    let found = titles(&again).await;
    for title in before {
        assert!(found.contains(&title), "{title} is missing in {found:?}");
    }
    assert_eq!(again.chat("add bread").await.status, 200);
}

fn url_of(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// DEPLOY-63, DEPLOY-63a: `saydo backup` ends with one line: on PostgreSQL with the command for `pg_dump`, without a secret.
#[tokio::test]
async fn a_backup_that_is_not_made_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let (file, missing) = (folder.path().join("copy.db"), url_of(&folder.path().join("none.db")));
    let pooled = ("DATABASE_URL", "postgres://saydo:planted@pooler/saydo");
    let direct = ("DATABASE_DIRECT_URL", "postgres://saydo:planted@db/saydo");
    let dump = |variable: &str| format!("pg_dump --format=custom --file={} \"${variable}\"", file.display());
    for (environment, said) in [
        (&[pooled][..], dump("DATABASE_URL")),
        (&[pooled, direct], dump("DATABASE_DIRECT_URL")),
        (&[("DATABASE_URL", missing.as_str())], "there is no database at".to_owned()),
    ] {
        let refused = back_up(&file, environment).await;
        let line = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(line.lines().count() == 1 && line.contains(&said), "{line}");
        assert!(!line.contains("planted"), "{line}");
    }
    assert!(!file.exists());
}
