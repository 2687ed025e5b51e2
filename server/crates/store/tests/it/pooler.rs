//! Stores behind a connection pooler in transaction mode.

use futures::future::{join_all, try_join_all};
use saydo_store::{DatabaseConfig, Store, StoreError, UserStore};
use saydo_test_support::{
    databases::TestDatabase,
    pooler::{Pooler, Pooling},
};

use crate::{add, begin, call, finish, id, nobody, says, says_in, task, user};

async fn connect(url: &str) -> Store {
    Store::connect(&DatabaseConfig::new(url)).await.unwrap()
}

/// A database and a pooler before it; `None` where one of them cannot be had.
async fn pooled(pooling: Pooling) -> Option<(TestDatabase, Pooler)> {
    let database = TestDatabase::postgres().await?;
    let pooler = Pooler::start(pooling, &database)?;
    Some((database, pooler))
}

/// Turns, tool calls, lists and changes of one person.
async fn use_everything(store: &UserStore, round: usize) {
    let turn = begin(store, says("Add milk")).await;
    for number in 0..3 {
        let added = store.add_task(task(&format!("Milk {round} {number}")), &call(&turn, &number.to_string())).await;
        store.complete_task(added.unwrap().task.id, &nobody()).await.unwrap();
    }
    store.list_tasks(&Default::default(), Default::default(), None).await.unwrap();
    finish(store, &turn).await;
    let next = begin(store, says_in(turn.conversation_id, "And eggs")).await;
    assert_eq!(store.history(turn.conversation_id, 10).await.unwrap().len(), 2);
    finish(store, &next).await;
}

/// STORE-62, STORE-63: two stores share three server connections, which take no start-up parameter that PgBouncer does not know.
#[tokio::test(flavor = "multi_thread")]
async fn two_stores_work_through_one_pooler() {
    let Some((_database, pooler)) = pooled(Pooling::Current).await else { return };
    let stores = [connect(&pooler.url).await, connect(&pooler.url).await];
    stores[0].migrate().await.unwrap();
    for store in &stores {
        store.check_pooler().await.unwrap();
    }
    let people = (0..12).map(|number| stores[number % 2].for_user(user(&format!("ann{}", number % 3))));
    let people: Vec<UserStore> = people.collect();
    join_all(people.iter().enumerate().map(|(round, person)| use_everything(person, round))).await;
    for store in &people[..3] {
        let tasks = store.list_tasks(&Default::default(), Default::default(), None).await.unwrap();
        assert_eq!(tasks.total, 12, "four rounds of three");
    }
}

/// STORE-64: without a direct address, stores that start together migrate through the pooler.
#[tokio::test(flavor = "multi_thread")]
async fn migrations_work_through_a_pooler() {
    let Some((_database, pooler)) = pooled(Pooling::Current).await else { return };
    let stores = join_all((0..4).map(|_| connect(&pooler.url))).await;
    try_join_all(stores.iter().map(Store::migrate)).await.unwrap();
    add(&stores[0].for_user(user("ann")), "Buy milk").await;
}

/// STORE-64a: with a direct address, migrations and notifications need no pooler.
#[tokio::test]
async fn the_direct_address_is_used_for_migrations_and_notifications() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let direct_url = Some(database.url.as_str().into());
    let config = DatabaseConfig { direct_url, ..DatabaseConfig::new("postgres://postgres@127.0.0.1:9/saydo") };
    let store = Store::connect(&config).await.unwrap();
    store.migrate().await.unwrap();
    assert!(store.outside().await.unwrap().is_some());
    assert!(connect(&database.url).await.has_schema().await.unwrap());
}

/// STORE-65: a pooler that loses prepared statements is recognised, also while other clients use it.
#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_loses_statements_is_recognised() {
    for pooling in [Pooling::Old, Pooling::WithoutPreparedStatements] {
        let Some((database, pooler)) = pooled(pooling).await else { return };
        connect(&database.url).await.migrate().await.unwrap();
        for _ in 0..3 {
            let stores = join_all((0..4).map(|_| connect(&pooler.url))).await;
            for checked in join_all(stores.iter().map(Store::check_pooler)).await {
                let refused = checked.expect_err("it loses statements").to_string();
                assert!(refused.contains("PgBouncer 1.21") && refused.contains("max_prepared_statements"), "{refused}");
            }
        }
    }
}

/// STORE-65a: a call that meets a lost statement fails with the cause, and is not to be repeated.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_statement_names_the_pooler() {
    let Some((database, pooler)) = pooled(Pooling::Old).await else { return };
    connect(&database.url).await.migrate().await.unwrap();
    let stores = join_all((0..8).map(|_| connect(&pooler.url))).await;
    let people: Vec<UserStore> = stores.iter().map(|store| store.for_user(user("ann"))).collect();
    let asked = join_all(people.iter().map(|person| person.task(id(1)))).await;
    let faults: Vec<_> = asked.into_iter().filter_map(Result::err).collect();
    assert!(!faults.is_empty(), "eight clients of three connections");
    for fault in faults {
        assert!(
            matches!(&fault, StoreError::Internal(source) if source.is::<saydo_store::UnsupportedPooler>()),
            "{fault:?}"
        );
    }
}
