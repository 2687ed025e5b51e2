//! The dialect table: what model servers send and demand, one file each, and what a person must see of it.
//!
//! Each row drives whole turns over HTTP, with the real tools on a real database: once with each answer in one piece,
//! once in pieces of one byte. `DIALECT=gemini` runs the rows with that in their names only.

mod cuts;
mod demands;
mod outcome;
mod person;
mod row;
mod server;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use saydo_agent::{Agent, AgentConfig, ModelConfig};
use saydo_store::{DatabaseConfig, Store};
use saydo_test_support::databases::TestDatabase;

use self::{
    person::Person,
    row::Row,
    server::{DialectServer, Pieces},
};

/// The folder of what any server may send.
const ANY: &str = "any/";
/// How long a server is waited for that says nothing at all. Enough for a busy machine to send the request.
const FIRST_BYTE: Duration = Duration::from_secs(2);
/// How long a server is waited for that falls silent within its answer.
const MORE: Duration = Duration::from_millis(200);
/// Rows that run at once.
const AT_ONCE: usize = 8;

/// AGENT-100, AGENT-100a, AGENT-101, AGENT-102, AGENT-105: every dialect is understood, whole and byte by byte.
#[tokio::test(flavor = "multi_thread")]
async fn every_dialect_is_understood() {
    let database = TestDatabase::sqlite();
    let store = Store::connect(&DatabaseConfig::new(database.url.as_str())).await.unwrap();
    store.migrate().await.unwrap();
    let rows = Row::all().into_iter().filter(|row| row.name.contains(&wanted())).map(Arc::new);
    let runs = rows.flat_map(|row| [Pieces::Whole, Pieces::Bytes].map(|pieces| (Arc::clone(&row), pieces)));
    let results = stream::iter(runs).map(|(row, pieces)| {
        let store = store.clone();
        async move {
            let name = format!("{} ({pieces:?})", row.name);
            let ran = tokio::spawn(async move { run(&row, pieces, &store).await }).await;
            let faults = ran.unwrap_or_else(|panic| vec![panic.to_string()]);
            (!faults.is_empty()).then(|| format!("{name}:\n    {}", faults.join("\n    ")))
        }
    });
    let mut failures: Vec<String> = results.buffer_unordered(AT_ONCE).filter_map(std::future::ready).collect().await;
    failures.sort();
    assert!(failures.is_empty(), "{} runs failed:\n{}", failures.len(), failures.join("\n"));
}

/// What was wrong with one run of a row.
async fn run(row: &Row, pieces: Pieces, store: &Store) -> Vec<String> {
    let server = DialectServer::start(row.exchanges.clone(), pieces).await;
    let config = config(row, &server);
    let mut faults = outcome::impatience(row);
    let mut person = Person::new(row, pieces, store).await;
    let agent = Agent::new(config).unwrap();
    let mut last = None;
    for (at, words) in row.says.iter().enumerate() {
        let is_last = at + 1 == row.says.len();
        last = Some(person.say(&agent, words, row.stops && !is_last).await);
    }
    faults.extend(outcome::faults(row, &last.expect("a row says something"), &person.tasks().await));
    faults.extend(server.faults());
    faults
}

fn config(row: &Row, server: &DialectServer) -> AgentConfig {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let base_url = row.base_url.replace("HOST", &server.address());
    let key = Some("sk-very-secret".into());
    let mut config = AgentConfig::new(ModelConfig::OpenAi { base_url, api_key: key, model: "fake".to_owned() });
    config.retries.base = Duration::from_millis(1);
    config.retries.longest = Duration::from_millis(5);
    // Only what is waited for in vain may be short: the rest takes its time on a busy machine.
    match row.silent_body() {
        Some(body) if body.is_empty() => config.timeouts.first_byte = FIRST_BYTE,
        Some(_) => config.timeouts.idle = MORE,
        None => {}
    }
    config
}

/// The rows to run; empty for all.
#[allow(clippy::disallowed_methods, reason = "for work on single rows; the server's settings are not touched")]
fn wanted() -> String {
    std::env::var("DIALECT").unwrap_or_default()
}

/// AGENT-103: the README counts the dialects and their servers.
#[test]
fn the_readme_counts_the_dialects() {
    let rows = Row::all();
    let mut servers = BTreeMap::<&str, usize>::new();
    let named = rows.iter().filter(|row| !row.name.starts_with(ANY));
    named.for_each(|row| *servers.entry(&row.server).or_default() += 1);
    let counts: Vec<String> = servers.iter().map(|(server, count)| format!("{server} {count}")).collect();
    let (last, first) = counts.split_last().unwrap();
    let sentence = format!(
        "Tried against {} dialects of {} servers: {} and {last}; {} are common to many.",
        rows.len(),
        servers.len(),
        first.join(", "),
        rows.len() - servers.values().sum::<usize>(),
    );
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../README.md")).unwrap();
    let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(readme.contains(&sentence), "README.md must say:\n{sentence}");
}
