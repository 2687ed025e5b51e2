//! How the databases find what the store's statements ask for. The statements are those that the driver logs.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Mutex, PoisonError},
};

use chrono::Utc;
use saydo_contract::{PageLimit, StatusFilter, TurnEvent, TurnStatus};
use saydo_store::{NewUser, Store, TaskFilter};
use saydo_test_support::databases::on_every_database;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};
use tracing::{Event, Subscriber, field::Visit};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

use crate::{LEASE, add, american_in_berlin, begin, call, ended, keyed, nobody, reply, says, says_in, store, task};

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

struct Statements;

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Sql(String);
        impl Visit for Sql {
            fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn fmt::Debug) {}
            fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
                if field.name() == "db.statement" {
                    self.0 = value.trim().to_owned();
                }
            }
        }
        if event.metadata().target() == "sqlx::query" {
            let mut sql = Sql(String::new());
            event.record(&mut sql);
            SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.0);
        }
    }
}

/// Calls every method of the store once.
async fn use_everything(store: &Store) {
    let accounts = store.accounts();
    let (email, name) = ("ann@example.com".parse().unwrap(), "Ann".parse().unwrap());
    let user = accounts.create_user(NewUser { email, name, password_hash: "hash".to_owned() }).await.unwrap();
    accounts.user(&user.id).await.unwrap();
    accounts.credential_by_email(&user.email).await.unwrap();
    accounts.credential_of(&user.id).await.unwrap();
    accounts.create_session(&user.id, [1; 32], Utc::now()).await.unwrap();
    accounts.create_session(&user.id, [2; 32], Utc::now() + LEASE).await.unwrap();
    accounts.session_by_token_hash([2; 32]).await.unwrap();
    accounts.extend_session([2; 32], Utc::now()).await.unwrap();
    accounts.delete_session([2; 32]).await.unwrap();
    accounts.delete_expired(10).await.unwrap();

    let ann = store.for_user(user.id);
    let turn = begin(&ann, keyed(says("One"), "key", 1)).await;
    let milk = ann.add_task(task("Buy milk"), &call(&turn, "call")).await.unwrap().task.id;
    ann.complete_task(milk, &nobody()).await.unwrap();
    ann.delete_task(milk, &nobody()).await.unwrap();
    ann.restore_task(milk, &nobody()).await.unwrap();
    ann.task(milk).await.unwrap();
    ann.keep_regional_settings(american_in_berlin()).await.unwrap();
    add(&ann, "Buy eggs").await;
    let one = PageLimit::try_from(1).unwrap();
    for filter in [
        TaskFilter::default(),
        TaskFilter { status: StatusFilter::All, query: "buy".parse().ok(), ..TaskFilter::default() },
        TaskFilter {
            due_after: "2026-01-01".parse().ok(),
            due_before: "2026-01-01T00:00:00Z".parse().ok(),
            status: StatusFilter::Pending,
            ..TaskFilter::default()
        },
    ] {
        let page = ann.list_tasks(&filter, one, None).await.unwrap();
        if let Some(cursor) = page.next_cursor {
            ann.list_tasks(&filter, one, Some(&cursor)).await.unwrap();
        }
    }

    let call = TurnEvent::MessageDelta { text: "Hi".to_owned() };
    ann.append_events(&turn, &[(1, call)]).await.unwrap();
    let message = ann.add_assistant_message(&turn, reply("Two")).await.unwrap();
    ann.set_tool_calls(&turn, message, &[]).await.unwrap();
    ann.renew_lease(&turn, LEASE).await.unwrap();
    ann.request_stop(turn.conversation_id).await.unwrap();
    assert!(ann.finish_turn(&turn, ended(TurnStatus::Failed)).await.unwrap());
    ann.begin_turn(keyed(says("One"), "key", 1)).await.unwrap();
    ann.begin_turn(says_in(turn.conversation_id, "Three")).await.unwrap();
    ann.turn(turn.turn_id).await.unwrap();
    ann.current_turn(turn.conversation_id).await.unwrap();
    ann.turn_after(turn.conversation_id, turn.turn_id).await.unwrap();
    ann.events_after(turn.turn_id, 0, 10).await.unwrap();
    ann.last_event(turn.turn_id).await.unwrap();
    ann.history(turn.conversation_id, 10).await.unwrap();
    begin(&ann, says("Elsewhere")).await;
    for query in [None, "one".parse().ok()] {
        let page = ann.conversations(None, one, query.as_ref()).await.unwrap();
        if let Some(cursor) = page.next_cursor {
            ann.conversations(Some(&cursor), one, query.as_ref()).await.unwrap();
        }
    }
    let page = ann.messages(turn.conversation_id, None, one).await.unwrap().unwrap();
    ann.messages(turn.conversation_id, page.next_cursor.as_ref(), one).await.unwrap();
    ann.rename_conversation(turn.conversation_id, &"Zwei".parse().unwrap()).await.unwrap();
    ann.export().await.unwrap();
    store.prune(10).await.unwrap();
    ann.delete_conversation(turn.conversation_id).await.unwrap();
    ann.erase().await.unwrap();
}

/// STORE-28: Every statement of the store finds its rows by an index.
#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    tracing_subscriber::registry().with(Statements).init();
    on_every_database(async |database| {
        use_everything(&store(database).await).await;
        let mut options = ConnectOptions::new(&database.url);
        // One connection: what is set and prepared is the connection's.
        options.max_connections(1);
        let direct = Database::connect(options).await.unwrap();
        let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (mut checked, mut faults) = (0, Vec::new());
        // Ours quote their tables; what tests write by hand does not.
        for sql in seen.iter().filter(|sql| sql.contains(r#"" WHERE "#) && !sql.contains("seaql")) {
            let plan = match direct.get_database_backend() {
                DbBackend::Sqlite if sql.contains('?') => sqlite_plan(&direct, sql).await,
                DbBackend::Postgres if sql.contains("$1") => postgres_plan(&direct, sql).await,
                _ => continue,
            };
            checked += 1;
            if reads_everything(&plan) {
                faults.push(format!("{sql}\n    {}", plan.join("\n    ")));
            }
        }
        assert!(checked > 40, "only {checked} statements were seen");
        assert!(faults.is_empty(), "{}", faults.join("\n\n"));
        direct.close().await.unwrap();
    })
    .await;
}

async fn sqlite_plan(direct: &DatabaseConnection, sql: &str) -> Vec<String> {
    let values = vec![Value::String(None); sql.matches('?').count()];
    let explain = Statement::from_sql_and_values(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {sql}"), values);
    let rows = direct.query_all_raw(explain).await.unwrap();
    rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect()
}

/// The plan for any values, were the table large.
async fn postgres_plan(direct: &DatabaseConnection, sql: &str) -> Vec<String> {
    let nulls = (1..).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>().join(", ");
    direct.execute_unprepared("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan").await.unwrap();
    direct.execute_unprepared(&format!("PREPARE plan AS {sql}")).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
    let explain = Statement::from_string(DbBackend::Postgres, format!("EXPLAIN EXECUTE plan({nulls})"));
    let rows = direct.query_all_raw(explain).await.unwrap();
    direct.execute_unprepared("DEALLOCATE plan").await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

fn reads_everything(plan: &[String]) -> bool {
    let node = |line: &str| line.contains("->") || line.contains("(cost=");
    plan.iter().enumerate().any(|(n, line)| {
        let by_index = ["Index Scan", "Index Only Scan", "Bitmap Index Scan"].iter().any(|scan| line.contains(scan));
        let conditions = plan[n + 1..].iter().take_while(|line| !node(line));
        line.contains("Seq Scan")
            || (by_index && !conditions.clone().any(|line| line.contains("Index Cond")))
            || (line.starts_with("SCAN ") && !line.contains("CONSTANT ROW"))
    })
}
