//! The store on real databases: every test runs on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod backup;
mod conversations;
mod faults;
mod isolation;
mod leases;
mod lists;
mod migrations;
mod plans;
mod pooler;
mod prune;
mod tasks;
mod turns;
mod whole_accounts;

use std::time::Duration;

use saydo_contract::{ConversationId, DateOrder, HourCycle, Locale, TaskId, UserId};
use saydo_store::{
    BeginTurn, BegunTurn, DatabaseConfig, Idempotency, MessageBody, NewTask, NewTurn, Origin, RegionalSettings, Store,
    UserStore,
};
use saydo_test_support::databases::TestDatabase;

const LEASE: Duration = Duration::from_secs(60);

async fn store(database: &TestDatabase) -> Store {
    let store = Store::connect(&DatabaseConfig::new(database.url.clone())).await.unwrap();
    store.migrate().await.unwrap();
    store
}

fn user(name: &str) -> UserId {
    name.parse().unwrap()
}

async fn ann(database: &TestDatabase) -> UserStore {
    store(database).await.for_user(user("ann"))
}

fn task(title: &str) -> NewTask {
    NewTask { title: title.parse().unwrap(), description: None, due: None, priority: Default::default() }
}

fn id(number: i64) -> TaskId {
    number.try_into().unwrap()
}

const AMERICAN: Locale = Locale { date_order: DateOrder::Mdy, hour_cycle: HourCycle::H12 };

fn american_in_berlin() -> RegionalSettings {
    RegionalSettings { time_zone: Some("Europe/Berlin".to_owned()), locale: Some(AMERICAN) }
}

fn nobody() -> Origin {
    Origin::default()
}

/// A tool call of a turn.
fn call(turn: &BegunTurn, call_id: &str) -> Origin {
    Origin { turn: Some(*turn), call_id: Some(call_id.to_owned()) }
}

async fn add(store: &UserStore, title: &str) -> TaskId {
    store.add_task(task(title), &nobody()).await.unwrap().task.id
}

fn reply(content: &str) -> MessageBody<'_> {
    MessageBody { content, ..MessageBody::default() }
}

fn says(message: &str) -> NewTurn {
    NewTurn { conversation: None, message: message.parse().unwrap(), idempotency: None, lease: LEASE }
}

fn says_in(conversation: ConversationId, message: &str) -> NewTurn {
    NewTurn { conversation: Some(conversation), ..says(message) }
}

fn keyed(new: NewTurn, key: &str, body: u8) -> NewTurn {
    NewTurn { idempotency: Some(Idempotency { key: key.parse().unwrap(), fingerprint: [body; 32] }), ..new }
}

async fn begin(store: &UserStore, new: NewTurn) -> BegunTurn {
    match store.begin_turn(new).await.unwrap() {
        BeginTurn::Started(turn) => turn,
        other => panic!("not started: {other:?}"),
    }
}

async fn finish(store: &UserStore, turn: &BegunTurn) {
    assert!(store.finish_turn(turn, ended(saydo_contract::TurnStatus::Completed)).await.unwrap());
}

fn ended(status: saydo_contract::TurnStatus) -> saydo_store::Finish {
    saydo_store::Finish { status, outcome: serde_json::json!({ "response": "Done." }), last_events: Vec::new() }
}
