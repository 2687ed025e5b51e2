//! Copies of a SQLite database that is in use.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use saydo_store::{BackupError, DatabaseConfig, Store, StoreError, UserStore, backup};
use saydo_test_support::databases::TestDatabase;
use sea_orm::{ConnectionTrait, Database, Statement};
use tokio::{sync::watch, task::JoinHandle};

use crate::{add, ann, user};

fn config(database: &TestDatabase) -> DatabaseConfig {
    DatabaseConfig::new(database.url.clone())
}

fn url_of(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

async fn count(store: &UserStore) -> u64 {
    store.list_tasks(&Default::default(), Default::default(), None).await.unwrap().total
}

/// Adds tasks until `stop` changes, and says how many so far.
fn keep_adding(store: Arc<UserStore>, stop: watch::Receiver<()>) -> (watch::Receiver<u64>, JoinHandle<()>) {
    let (added, so_far) = watch::channel(0);
    let adding = tokio::spawn(async move {
        while !stop.has_changed().unwrap_or(true) {
            add(&store, "Buy milk").await;
            added.send_modify(|count| *count += 1);
        }
    });
    (so_far, adding)
}

/// What SQLite finds wrong with a file: `ok`.
async fn integrity(file: &Path) -> String {
    let connection = Database::connect(url_of(file)).await.unwrap();
    let check = Statement::from_string(connection.get_database_backend(), "PRAGMA integrity_check");
    let found = connection.query_one_raw(check).await.unwrap().unwrap();
    connection.close().await.unwrap();
    found.try_get_by_index(0).unwrap()
}

fn files_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

/// STORE-67: what was committed before a copy began is in it, while writers go on; the copy is a whole database.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_whole_while_writers_go_on() {
    let database = TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let ann = Arc::new(ann(&database).await);
    let (stop, stopped) = watch::channel(());
    let (mut added, adding) = keep_adding(ann.clone(), stopped);
    for round in 1..=3_u64 {
        let before = *added.wait_for(|count| *count >= 20 * round).await.unwrap();
        let file = folder.path().join(format!("{round}.db"));
        backup(&config(&database), &file).await.unwrap();

        assert_eq!(integrity(&file).await, "ok");
        let copy = Store::connect(&DatabaseConfig::new(url_of(&file))).await.unwrap();
        assert!(copy.has_schema().await.unwrap());
        let copied = count(&copy.for_user(user("ann"))).await;
        assert!((before..=count(&ann).await).contains(&copied), "{before} were there, {copied} are copied");
        // It can be used as the database from then on.
        add(&copy.for_user(user("ann")), "Buy eggs").await;
        copy.close().await;
    }
    stop.send(()).unwrap();
    adding.await.unwrap();
}

/// STORE-68: a copy is readable by its owner alone, has no files beside it, and never replaces a file.
#[tokio::test]
async fn a_copy_is_private_and_replaces_nothing() {
    let database = TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let ann = ann(&database).await;
    add(&ann, "Buy milk").await;
    let file = folder.path().join("copy.db");
    backup(&config(&database), &file).await.unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(files_in(folder.path()), ["copy.db"]);

    let before = fs::read(&file).unwrap();
    add(&ann, "Buy eggs").await;
    let again = backup(&config(&database), &file).await;
    assert!(matches!(&again, Err(BackupError::Exists(path)) if *path == file), "{again:?}");
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(files_in(folder.path()), ["copy.db"]);
}

/// STORE-69: without a SQLite database nothing is copied, and nothing is made.
#[tokio::test]
async fn only_a_database_that_exists_is_copied() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    let missing = folder.path().join("none.db");
    let refused = backup(&DatabaseConfig::new(url_of(&missing)), &file).await;
    assert!(matches!(&refused, Err(BackupError::NoDatabase(path)) if *path == missing), "{refused:?}");
    let refused = backup(&DatabaseConfig::new("postgres://saydo@127.0.0.1/saydo"), &file).await;
    assert!(matches!(refused, Err(BackupError::NotSqlite)), "{refused:?}");

    fs::write(&missing, "no database at all, but some text of more than a few bytes").unwrap();
    let refused = backup(&DatabaseConfig::new(url_of(&missing)), &file).await;
    assert!(matches!(refused, Err(BackupError::Store(StoreError::Internal(_)))), "{refused:?}");
    assert_eq!(files_in(folder.path()), ["none.db"]);
}
