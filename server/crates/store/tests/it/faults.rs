//! Errors of the database: which are temporary, and how long a caller waits for a lock.

use std::time::Duration;

use saydo_store::{DatabaseConfig, Store, StoreError, TaskError};
use saydo_test_support::databases::{TestDatabase, on_every_database};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};

use crate::{add, ann, begin, call, nobody, says, store, task, user};

/// STORE-04: A server that does not answer may be back later.
#[tokio::test]
async fn a_database_that_is_away_is_unavailable() {
    let config = DatabaseConfig {
        acquire_timeout: Duration::from_millis(200),
        ..DatabaseConfig::new("postgres://postgres@127.0.0.1:9/saydo?channel_binding=require")
    };
    let store = Store::connect(&config).await.unwrap();
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.migrate().await, Err(StoreError::Unavailable(_))));
    let ann = store.for_user(user("ann"));
    let added = ann.add_task(task("Buy milk"), &nobody()).await;
    assert!(matches!(added, Err(TaskError::Store(StoreError::Unavailable(_)))));
}

/// STORE-04: What cannot work is told from what may pass, and the address is not told.
#[tokio::test]
async fn a_configuration_that_cannot_work_is_refused() {
    for url in ["mysql://ann:secret@h/d", "sqlite::memory:", "sqlite://x.db?mode=memory", "sqlite://x.db?mode=secret"] {
        let refused = Store::connect(&DatabaseConfig::new(url)).await;
        assert!(matches!(&refused, Err(StoreError::Internal(_))), "{url}");
        assert!(!format!("{refused:?}").contains("ann:secret"), "{url}");
    }
}

/// STORE-04: A closed store, a locked file and lost connections are all unavailable.
#[tokio::test]
async fn losing_the_database_is_unavailable() {
    on_every_database(async |database| {
        let store = store(database).await;
        let ann = store.for_user(user("ann"));
        add(&ann, "Buy milk").await;
        store.close().await;
        let listed = ann.list_tasks(&Default::default(), Default::default(), None).await;
        assert!(matches!(listed, Err(saydo_store::ListError::Store(StoreError::Unavailable(_)))));
    })
    .await;
}

/// STORE-04: Nobody waits without end for a lock that another process holds.
#[tokio::test]
async fn waiting_for_a_lock_has_an_end() {
    on_every_database(async |database| {
        let patient = ann(database).await;
        add(&patient, "Buy milk").await;
        let config = DatabaseConfig {
            statement_timeout: Duration::from_millis(200),
            ..DatabaseConfig::new(database.url.clone())
        };
        let hasty = Store::connect(&config).await.unwrap().for_user(patient.user().clone());

        let mut options = ConnectOptions::new(&database.url);
        options.max_connections(1);
        let other = Database::connect(options).await.unwrap();
        let lock = match other.get_database_backend() {
            DbBackend::Sqlite => "BEGIN IMMEDIATE",
            _ => "BEGIN; LOCK TABLE tasks",
        };
        other.execute_unprepared(lock).await.unwrap();
        let completed = hasty.complete_task(crate::id(1), &nobody()).await;
        assert!(matches!(completed, Err(TaskError::Store(StoreError::Unavailable(_)))), "{completed:?}");

        other.execute_unprepared("ROLLBACK").await.unwrap();
        other.close().await.unwrap();
        assert!(patient.complete_task(crate::id(1), &nobody()).await.unwrap().change.is_some());
    })
    .await;
}

/// STORE-29: What the database did not confirm is told from what did not happen.
#[tokio::test]
async fn a_change_that_was_not_confirmed_is_told() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        add(&ann, "Buy milk").await;
        let call = call(&begin(&ann, says("One")).await, "a");
        refuse_commits(database).await;
        let added = ann.add_task(task("Buy eggs"), &nobody()).await;
        assert!(matches!(added, Err(TaskError::Unconfirmed(_))), "{added:?}");
        for origin in [nobody(), call] {
            let completed = ann.complete_task(crate::id(1), &origin).await;
            assert!(matches!(completed, Err(TaskError::Unconfirmed(_))), "{completed:?}");
        }
    })
    .await;
}

/// STORE-29: A tool call whose commit was not answered in time is asked for again, and happens once.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_not_confirmed_is_made_once() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let patient = ann(&database).await;
    let config =
        DatabaseConfig { statement_timeout: Duration::from_secs(2), ..DatabaseConfig::new(database.url.clone()) };
    let hasty = Store::connect(&config).await.unwrap().for_user(patient.user().clone());
    let mut options = ConnectOptions::new(&database.url);
    options.max_connections(1);
    let other = Database::connect(options).await.unwrap();
    // Commits wait for a lock of ours.
    other
        .execute_unprepared(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NULL; END'; \
             CREATE CONSTRAINT TRIGGER waiting AFTER INSERT ON task_changes \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait(); \
             SELECT pg_advisory_lock(7)",
        )
        .await
        .unwrap();
    let waiting = "SELECT COUNT(*) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let call = call(&begin(&patient, says("One")).await, "a");
    let adding = tokio::spawn(async move { hasty.add_task(task("Buy milk"), &call).await });
    let count = || Statement::from_string(DbBackend::Postgres, waiting);
    // The commit that was given up, and the second attempt behind it.
    let both_wait = async {
        while other.query_one_raw(count()).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), both_wait).await.unwrap();
    other.execute_unprepared("SELECT pg_advisory_unlock(7)").await.unwrap();
    let added = adding.await.unwrap().unwrap();
    assert_eq!((added.task.id, added.change.is_some()), (crate::id(1), true));
    assert_eq!(patient.list_tasks(&Default::default(), Default::default(), None).await.unwrap().total, 1);
    other.close().await.unwrap();
}

/// STORE-04: Connections that the server ended are replaced without the caller noticing.
#[tokio::test]
async fn ended_connections_are_replaced() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let ann = ann(&database).await;
    add(&ann, "Buy milk").await;
    let other = Database::connect(&database.url).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    other.execute_unprepared(end).await.unwrap();
    assert_eq!(add(&ann, "Buy eggs").await.get(), 2);
    other.close().await.unwrap();
}

/// STORE-04: No connection is kept between calls.
#[tokio::test]
async fn connections_are_given_back() {
    on_every_database(async |database| {
        let store = store(database).await;
        let ann = store.for_user(user("ann"));
        add(&ann, "Buy milk").await;
        assert!(ann.complete_task(crate::id(9), &nobody()).await.is_err());
        store.ping().await.unwrap();
        // Giving back is a task of its own.
        let given_back = async {
            while store.connections_in_use() > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), given_back).await.unwrap();
    })
    .await;
}

/// Lets every commit of a changed task fail: what it owes is only looked at then.
async fn refuse_commits(database: &TestDatabase) {
    let direct = Database::connect(&database.url).await.unwrap();
    let owe = match direct.get_database_backend() {
        DbBackend::Sqlite => {
            "CREATE TRIGGER owing AFTER INSERT ON task_changes BEGIN INSERT INTO owed (id) VALUES (1); END"
        }
        _ => {
            "CREATE FUNCTION owe() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN INSERT INTO owed (id) VALUES (1); RETURN NULL; END'; \
             CREATE TRIGGER owing AFTER INSERT ON task_changes FOR EACH ROW EXECUTE FUNCTION owe()"
        }
    };
    let tables = "CREATE TABLE paid (id INTEGER PRIMARY KEY); \
                  CREATE TABLE owed (id INTEGER REFERENCES paid (id) DEFERRABLE INITIALLY DEFERRED)";
    for ddl in [tables, owe] {
        direct.execute_unprepared(ddl).await.unwrap();
    }
    direct.close().await.unwrap();
}
