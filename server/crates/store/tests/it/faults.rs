use std::time::Duration;

use saydo_store::{DatabaseConfig, Store, StoreError, TaskError};
use saydo_test_support::databases::{TestDatabase, on_every_database};

use crate::{add, ann, nobody, store, task, user};

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

/// STORE-04: Connections that the server ended are replaced without the caller noticing.
#[tokio::test]
async fn ended_connections_are_replaced() {
    use sea_orm::{ConnectionTrait, Database};
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
