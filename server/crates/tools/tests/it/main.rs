//! The tools through real MCP clients, on real databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arguments;
mod catalogue;
mod clearing;
mod client;
mod http;
mod tasks;
mod tenants;

use saydo_store::{DatabaseConfig, Store};
use saydo_test_support::databases::on_every_database;

/// Runs a test on every kind of database, each time on a new one with the schema in place.
async fn each_database(test: impl AsyncFn(Store)) {
    on_every_database(async |database| {
        let store = Store::connect(&DatabaseConfig::new(database.url.as_str())).await.unwrap();
        store.migrate().await.unwrap();
        test(store).await;
    })
    .await;
}
