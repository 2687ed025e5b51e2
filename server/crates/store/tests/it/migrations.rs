//! Migrations: from empty, from the version before, and by several processes at once.

use futures::future::join_all;
use saydo_contract::{ConversationId, MessageMeta, UndoKind};
use saydo_store::{DatabaseConfig, MessageBody, Store};
use saydo_test_support::databases::{TestDatabase, on_every_database};
use sea_orm::{ConnectionTrait, Database, Statement};

use crate::{add, ann, begin, finish, reply, says, says_in, store};

/// STORE-01: An empty database gets the schema; migrating again keeps what is in it.
#[tokio::test]
async fn migrating_again_changes_nothing() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        add(&ann, "Buy milk").await;
        let again = store(database).await;
        again.migrate().await.unwrap();
        let page = again.for_user(ann.user().clone()).list_tasks(&Default::default(), Default::default(), None).await;
        assert_eq!(page.unwrap().tasks[0].title.as_str(), "Buy milk");
    })
    .await;
}

/// STORE-01: A version that is rolled back to leaves the newer schema alone and serves from it.
#[tokio::test]
async fn a_newer_schema_is_left_alone() {
    on_every_database(async |database| {
        add(&ann(database).await, "Buy milk").await;
        let direct = Database::connect(&database.url).await.unwrap();
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_the_future', 1)";
        direct.execute_unprepared(newer).await.unwrap();
        direct.close().await.unwrap();
        let store = store(database).await;
        store.migrate().await.unwrap();
        assert!(store.has_schema().await.unwrap());
    })
    .await;
}

/// What a server of the version before `meta` writes: its statements name their columns.
async fn write_as_before(direct: &sea_orm::DatabaseConnection, conversation: ConversationId, turn: i64) {
    let insert = format!(
        "INSERT INTO messages (user_id, conversation_id, turn_id, role, content, search_text, tool_calls, created_at) \
         VALUES ('ann', {conversation}, {turn}, 'assistant', 'Old.', 'old.', '[]', '2026-11-30T08:00:00Z')"
    );
    direct.execute_unprepared(&insert).await.unwrap();
}

/// STORE-40, STORE-41: a database of the version before keeps its messages, which have no meta; during an update the
/// version before still reads and writes beside the new one.
#[tokio::test]
async fn meta_comes_to_a_database_of_the_version_before() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, says("Hello")).await;
        let direct = Database::connect(&database.url).await.unwrap();
        for step in [
            "ALTER TABLE messages DROP COLUMN meta",
            "DELETE FROM seaql_migrations WHERE version = 'm0006_message_meta'",
        ] {
            direct.execute_unprepared(step).await.unwrap();
        }
        write_as_before(&direct, turn.conversation_id, turn.turn_id.get()).await;

        let ann = store(database).await.for_user(ann.user().clone());
        finish(&ann, &turn).await;
        let meta = MessageMeta { undo: Some(UndoKind::Undo), ..MessageMeta::default() };
        let next = begin(&ann, says_in(turn.conversation_id, "undo")).await;
        ann.add_assistant_message(&next, MessageBody { meta: Some(&meta), ..reply("Undone.") }).await.unwrap();
        ann.add_assistant_message(&next, MessageBody { meta: Some(&MessageMeta::default()), ..reply("") })
            .await
            .unwrap();
        write_as_before(&direct, turn.conversation_id, next.turn_id.get()).await;

        let metas = async || -> Vec<_> {
            let page = ann.messages(turn.conversation_id, None, Default::default()).await.unwrap().unwrap();
            page.items.into_iter().map(|item| item.meta).collect()
        };
        let none = None::<MessageMeta>;
        let expected = [&none, &none, &none, &Some(meta.clone()), &none, &none].map(Clone::clone);
        assert_eq!(metas().await, expected);
        let history = ann.history(turn.conversation_id, 10).await.unwrap();
        let kept: Vec<_> = history.into_iter().map(|message| Some(message.meta).filter(|m| !m.is_empty())).collect();
        assert_eq!(kept, expected);

        // The version before asks for its own columns and finds every row.
        let before = "SELECT id, user_id, conversation_id, turn_id, role, content, search_text, tool_calls, created_at \
                      FROM messages";
        let rows = direct.query_all_raw(Statement::from_string(direct.get_database_backend(), before)).await.unwrap();
        assert_eq!(rows.len(), 6);
        // What a later version wrote, and what can't be read at all, leaves the words.
        for (meta, expected) in [(r#"{"outcome":"sing","undo":"undo"}"#, Some(meta.clone())), ("{", None)] {
            direct.execute_unprepared(&format!("UPDATE messages SET meta = '{meta}'")).await.unwrap();
            assert_eq!(metas().await, vec![expected; 6]);
        }
        direct.close().await.unwrap();
    })
    .await;
}

/// STORE-02: Processes that start together all come up with the schema.
#[tokio::test]
async fn several_processes_may_migrate_at_once() {
    on_every_database(async |database| {
        let start = async || {
            let store = Store::connect(&DatabaseConfig::new(database.url.clone())).await?;
            store.migrate().await?;
            store.ping().await
        };
        for outcome in join_all((0..8).map(|_| start())).await {
            outcome.unwrap();
        }
        add(&ann(database).await, "Buy milk").await;
    })
    .await;
}

/// STORE-01: Migrations may go past a pooler, on an address of their own.
#[tokio::test]
async fn migrations_take_the_direct_address() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let mut config = DatabaseConfig::new("postgres://postgres@127.0.0.1:9/nowhere");
    config.direct_url = Some(database.url.clone().into());
    Store::connect(&config).await.unwrap().migrate().await.unwrap();
    let direct = Database::connect(&database.url).await.unwrap();
    direct.execute_unprepared("SELECT * FROM tasks").await.unwrap();
    direct.close().await.unwrap();
}

/// STORE-03: The embedded database is private, in WAL mode, with foreign keys enforced.
#[cfg(unix)]
#[tokio::test]
async fn sqlite_makes_a_private_folder() {
    use std::os::unix::fs::PermissionsExt;

    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data");
    let file = folder.join("saydo.db");
    let config = DatabaseConfig::new(format!("sqlite://{}", file.display()));
    let store = Store::connect(&config).await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert!(file.exists());

    let other = Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    let mode = other.query_one_raw(Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA journal_mode"));
    assert_eq!(mode.await.unwrap().unwrap().try_get_by_index::<String>(0).unwrap(), "wal");
    // A message of a conversation that does not exist.
    let orphan = "INSERT INTO turns (user_id, conversation_id, status, attempt, lease_until, stop_requested, \
                  has_events, created_at) VALUES ('ann', 7, 'running', 1, '2026-01-01', 0, 1, '2026-01-01')";
    assert!(other.execute_unprepared(orphan).await.unwrap_err().to_string().contains("FOREIGN KEY"));
}
