//! Servers behind PgBouncer in transaction mode.

use std::process::Command;

use futures::future::join_all;
use reqwest::{Method, header};
use saydo_test_support::{
    databases::TestDatabase,
    pooler::{Pooler, Pooling},
};
use serde_json::json;

use crate::app::{Answer, Person, SECRET, Setup, TestApp, turn_events};

/// One person's chats on one replica: a task is added, completed and undone, and the stream is read on the other.
async fn chat(here: &Person<'_>, there: &Person<'_>, number: usize) {
    let said = here.chat(&format!("add report {number}")).await;
    assert_eq!(said.status, 200, "{}", said.text);
    let conversation = said.body["conversation_id"].as_i64().unwrap();
    let body = json!({ "conversation_id": conversation, "message": format!("complete report {number}") });
    let streamed = there.chat_request(&body).header(header::ACCEPT, "text/event-stream").send().await.unwrap();
    assert_eq!(turn_events(streamed).await.last().unwrap().name, "turn.completed");
    let undone = here.chat_in(conversation, "undo").await;
    assert_eq!(undone.status, 200, "{}", undone.text);
    assert_eq!(there.messages(conversation).await, here.messages(conversation).await);
    let path = format!("/conversations/{conversation}");
    let renamed = there.request(Method::PATCH, &path).json(&json!({ "title": "Report" }));
    assert_eq!(Answer::of(renamed).await.status, 200);
}

/// DEPLOY-61: two replicas behind one PgBouncer chat, undo and list in parallel, with fewer server connections than either uses.
#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_chat_through_one_pooler() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Some(pooler) = Pooler::start(Pooling::Current, &database) else { return };
    for direct in [true, false] {
        let setup = || Setup { pooler: Some(pooler.url.clone()), direct, ..Setup::default() };
        let (a, b) = (TestApp::start(&database, setup()).await, TestApp::start(&database, setup()).await);
        let names = (0..4).map(|number| format!("ann{number}{direct}"));
        let people = join_all(names.map(async |name| {
            let on_a = a.sign_up(&name).await;
            let on_b = Person::returning(&b, on_a.session.clone()).await;
            (on_a, on_b)
        }))
        .await;
        for (on_a, on_b) in &people {
            join_all((0..4).map(|number| chat(on_a, on_b, number))).await;
        }
        for (on_a, on_b) in &people {
            let open = on_b.tasks().await;
            assert_eq!(open, on_a.tasks().await);
            let open = open.as_array().unwrap().iter().filter(|task| task["completed"] == false).count();
            assert_eq!(open, 4, "completed, and undone");
        }
        a.stop().await;
        b.stop().await;
    }
}

/// DEPLOY-60, DEPLOY-60a: behind a PgBouncer that loses prepared statements no role starts, and one line says what to do;
/// so does `saydo check`.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_pooler_stops_the_start() {
    let Some(database) = TestDatabase::postgres().await else { return };
    drop(TestApp::offline(&database).await);
    for pooling in [Pooling::Old, Pooling::WithoutPreparedStatements] {
        let Some(pooler) = Pooler::start(pooling, &database) else { return };
        for role in ["api", "check"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_saydo"));
            command.arg(role).env_clear().envs([
                ("DATABASE_URL", pooler.url.as_str()),
                ("BETTER_AUTH_SECRET", SECRET),
                ("SAYDO_LISTEN", "127.0.0.1:0"),
                ("RUST_LOG", "off"),
            ]);
            let ended = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
            assert_eq!(ended.status.code(), Some(1), "{role}: {ended:?}");
            let output = String::from_utf8(if role == "check" { ended.stdout } else { ended.stderr }).unwrap();
            let lines: Vec<&str> = output.lines().filter(|line| line.contains("DATABASE_URL")).collect();
            assert!(role == "check" || output.lines().count() == 1, "{output}");
            assert!(
                matches!(lines[..], [line] if line.contains("PgBouncer 1.21") && line.contains("max_prepared_statements")),
                "{output}"
            );
        }
    }
}
