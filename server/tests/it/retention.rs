//! Pruning of expired rows by several servers on one database.

use saydo_test_support::databases::on_every_database;

use crate::app::{TestApp, eventually};

/// TURN-38: servers on one database remove what has lapsed together, more than one batch of it, as soon as they are used.
#[tokio::test]
async fn lapsed_events_are_removed() {
    on_every_database(async |database| {
        let app = TestApp::offline(database).await;
        let ann = app.sign_up("ann").await;
        let old = ann.chat("add milk").await.body["conversation_id"].as_i64().unwrap();
        ann.chat("add eggs").await;
        app.stop().await;
        let more = "WITH RECURSIVE numbers(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000) \
                    SELECT user_id, turn_id, n, event FROM turn_events CROSS JOIN numbers WHERE seq = 1";
        database.execute(&format!("INSERT INTO turn_events (user_id, turn_id, seq, event) {more}")).await;
        let then = (chrono::Utc::now() - chrono::TimeDelta::hours(25)).to_rfc3339();
        database.execute(&format!("UPDATE turns SET lease_until = '{then}' WHERE conversation_id = {old}")).await;

        let _servers = (TestApp::offline(database).await, TestApp::offline(database).await);
        let emptied = "UPDATE turns SET has_events = has_events WHERE NOT has_events";
        eventually(async || (database.execute(emptied).await == 1).then_some(())).await;
        let left = "UPDATE turn_events SET seq = seq WHERE turn_id";
        let of =
            |comparison: &str| format!("{left} IN (SELECT id FROM turns WHERE conversation_id {comparison} {old})");
        assert_eq!(database.execute(&of("=")).await, 0);
        assert!(database.execute(&of("<>")).await > 2_000, "younger events stay");
    })
    .await;
}
