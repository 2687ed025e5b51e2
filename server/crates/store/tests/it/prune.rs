//! Pruning of expired rows in batches.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use futures::future::join_all;
use saydo_contract::TurnEvent;
use saydo_store::{BeginTurn, NewUser, StoredTask};
use saydo_test_support::databases::{TestDatabase, on_every_database};
use sea_orm::{ConnectionTrait, Database};

use crate::{LEASE, add, ann, begin, call, finish, keyed, nobody, says, store, task, user};

/// Moves a time of some rows into the past.
async fn backdate(database: &TestDatabase, column: &str, rows: &str, age: TimeDelta) {
    let (table, column) = column.split_once('.').unwrap();
    let then = (Utc::now() - age).to_rfc3339();
    let direct = Database::connect(&database.url).await.unwrap();
    direct.execute_unprepared(&format!("UPDATE {table} SET {column} = '{then}' WHERE {rows}")).await.unwrap();
    direct.close().await.unwrap();
}

fn said(words: u32) -> Vec<(u32, TurnEvent)> {
    (1..=words).map(|seq| (seq, TurnEvent::MessageDelta { text: "word".to_owned() })).collect()
}

/// STORE-30: Events go a day after their turn, ended or abandoned, in batches; younger ones, and messages, stay.
#[tokio::test]
async fn old_events_are_removed() {
    on_every_database(async |database| {
        let store = store(database).await;
        let ann = store.for_user(user("ann"));
        let (ended, left, young) =
            (begin(&ann, says("One")).await, begin(&ann, says("Two")).await, begin(&ann, says("Three")).await);
        for turn in [&ended, &left, &young] {
            ann.append_events(turn, &said(5)).await.unwrap();
        }
        finish(&ann, &ended).await;
        finish(&ann, &young).await;
        backdate(database, "turns.lease_until", &format!("id <> {}", young.turn_id), TimeDelta::hours(25)).await;
        backdate(database, "turns.lease_until", &format!("id = {}", young.turn_id), TimeDelta::hours(23)).await;

        let mut removed = Vec::new();
        for _ in 0..4 {
            removed.push(store.prune(4).await.unwrap());
        }
        assert_eq!(removed, [4, 4, 2, 0]);
        for (turn, events) in [(&ended, 0), (&left, 0), (&young, 5)] {
            assert_eq!(ann.events_after(turn.turn_id, 0, 10).await.unwrap().len(), events);
            assert_eq!(ann.history(turn.conversation_id, 10).await.unwrap().len(), 1);
        }
        // Turns without events are not looked at again.
        let direct = Database::connect(&database.url).await.unwrap();
        let done = direct.execute_unprepared("DELETE FROM turns WHERE NOT has_events").await.unwrap();
        assert_eq!(done.rows_affected(), 2);
        direct.close().await.unwrap();
    })
    .await;
}

/// STORE-30: Keys go after a day, the trash with its record after thirty, sessions with their end; the rest stays.
#[tokio::test]
async fn what_was_kept_for_long_enough_is_removed() {
    on_every_database(async |database| {
        let store = store(database).await;
        let ann = ann(database).await;
        let old = begin(&ann, keyed(says("One"), "old", 1)).await;
        begin(&ann, keyed(says("One"), "young", 1)).await;
        backdate(database, "idempotency_keys.created_at", "key = 'old'", TimeDelta::hours(25)).await;
        backdate(database, "idempotency_keys.created_at", "key = 'young'", TimeDelta::hours(23)).await;

        ann.add_task(task("Long gone"), &call(&old, "a")).await.unwrap();
        for title in ["Gone", "Here"] {
            add(&ann, title).await;
        }
        for number in [1, 2] {
            ann.delete_task(crate::id(number), &nobody()).await.unwrap();
        }
        backdate(database, "tasks.deleted_at", "number = 1", TimeDelta::days(31)).await;
        backdate(database, "tasks.deleted_at", "number = 2", TimeDelta::days(29)).await;

        let (email, name) = ("ann@example.com".parse().unwrap(), "Ann".parse().unwrap());
        let new = NewUser { email, name, password_hash: "hash".to_owned() };
        let account = store.accounts().create_user(new).await.unwrap();
        store.accounts().create_session(&account.id, [1; 32], Utc::now()).await.unwrap();
        store.accounts().create_session(&account.id, [2; 32], Utc::now() + LEASE).await.unwrap();

        assert_eq!(store.prune(100).await.unwrap(), 3);
        assert_eq!(store.prune(100).await.unwrap(), 0);
        assert!(matches!(ann.begin_turn(keyed(says("One"), "old", 1)).await.unwrap(), BeginTurn::Started(_)));
        assert!(matches!(ann.begin_turn(keyed(says("One"), "young", 1)).await.unwrap(), BeginTurn::Existing(_)));
        assert_eq!(ann.task(crate::id(1)).await.unwrap(), None);
        assert!(matches!(ann.task(crate::id(2)).await.unwrap(), Some(StoredTask { in_trash: true, .. })));
        assert!(matches!(ann.task(crate::id(3)).await.unwrap(), Some(StoredTask { in_trash: false, .. })));
        assert_eq!(add(&ann, "Next").await, crate::id(4));
        assert!(store.accounts().session_by_token_hash([2; 32]).await.unwrap().is_some());
        let direct = Database::connect(&database.url).await.unwrap();
        let record = "DELETE FROM task_changes WHERE number = 1";
        assert_eq!(direct.execute_unprepared(record).await.unwrap().rows_affected(), 0);
        direct.close().await.unwrap();
    })
    .await;
}

/// STORE-30: Servers that remove at the same moment all succeed, and everything goes once.
#[tokio::test(flavor = "multi_thread")]
async fn servers_remove_side_by_side() {
    on_every_database(async |database| {
        let store = store(database).await;
        let ann = store.for_user(user("ann"));
        for n in 0..8 {
            let turn = begin(&ann, keyed(says("One"), &format!("key {n}"), 1)).await;
            ann.append_events(&turn, &said(50)).await.unwrap();
            finish(&ann, &turn).await;
        }
        backdate(database, "turns.lease_until", "TRUE", TimeDelta::hours(25)).await;
        backdate(database, "idempotency_keys.created_at", "TRUE", TimeDelta::hours(25)).await;
        let mut removed = 0;
        let everything = async {
            while removed < 408 {
                removed += join_all((0..4).map(|_| store.prune(30))).await.into_iter().map(Result::unwrap).sum::<u64>();
            }
        };
        tokio::time::timeout(Duration::from_secs(60), everything).await.unwrap();
        assert_eq!(removed, 408);
    })
    .await;
}
