//! Servers that are killed at random moments, and a database that goes away, while people chat: nothing that was
//! acknowledged is lost, and nothing happens twice.
//!
//! `SAYDO_CHAOS_SEED`, `SAYDO_CHAOS_KILLS` and `SAYDO_CHAOS_BINARY` say which run this is, and of which server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs, unreachable_pub)]
#![allow(clippy::disallowed_methods, reason = "the environment is how a person chooses the run")]

#[allow(dead_code, reason = "the other tests use all of it")]
#[path = "../it/app.rs"]
mod app;
mod crowd;
mod ledger;
mod person;
#[allow(dead_code, reason = "the other tests use all of it")]
#[path = "../it/process.rs"]
mod process;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use saydo_test_support::{cluster::Cluster, databases::TestDatabase};
use tokio::time::sleep;

use crowd::Crowd;
use process::{Process, free_port};

/// How long the database is away.
const ABSENCE: Duration = Duration::from_secs(10);
/// How soon a request is answered meanwhile.
const SOON: Duration = Duration::from_secs(2);

fn seed() -> u64 {
    number("SAYDO_CHAOS_SEED", 1)
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().expect("a number"))
}

fn migrate(binary: &Path, database: &str) {
    let migrated =
        Command::new(binary).arg("migrate").env("DATABASE_URL", database).stderr(Stdio::null()).status().unwrap();
    assert!(migrated.success());
}

fn binary() -> PathBuf {
    std::env::var_os("SAYDO_CHAOS_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_saydo").into()).into()
}

/// TURN-35: servers on SQLite that are killed again and again lose nothing and repeat nothing.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    kills(&TestDatabase::sqlite().url).await;
}

/// TURN-35: servers on PostgreSQL that are killed again and again lose nothing and repeat nothing.
#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let Some(cluster) = Cluster::start() else { return };
    kills(&cluster.url()).await;
}

async fn kills(database: &str) {
    let (seed, kills, begun) = (seed(), number("SAYDO_CHAOS_KILLS", 40), Instant::now());
    let name = database.split(':').next().unwrap();
    eprintln!("{name}: seed {seed}, {kills} kills");
    let mut random = StdRng::seed_from_u64(seed);
    let (binary, port) = (binary(), free_port());
    migrate(&binary, database);
    let start = async || Process::start(&binary, port, database, None).await;
    let mut server = start().await;
    let crowd = Crowd::gather(&server.app, seed).await;
    for _ in 0..kills {
        sleep(Duration::from_millis(random.random_range(5..400))).await;
        server.kill();
        server = start().await;
    }
    let told = crowd.settle(&server.app).await;
    eprintln!("{name}: {told}; {:.1} s", begun.elapsed().as_secs_f32());
}

/// TURN-36: PostgreSQL goes away for a while under load and comes back; the server stays.
#[tokio::test(flavor = "multi_thread")]
async fn absence() {
    let Some(cluster) = Cluster::start() else { return };
    let (binary, begun) = (binary(), Instant::now());
    migrate(&binary, &cluster.url());
    let server = Process::start(&binary, free_port(), &cluster.url(), None).await;
    let ann = server.app.sign_up("ann").await;
    let crowd = Crowd::gather(&server.app, seed()).await;
    sleep(Duration::from_secs(1)).await;

    let cluster = blocking(cluster, Cluster::stop).await;
    let (away, mut refused, mut slowest) = (Instant::now(), 0, Duration::ZERO);
    while away.elapsed() < ABSENCE {
        let asked = Instant::now();
        let asks = [
            ann.request(reqwest::Method::GET, "/conversations"),
            ann.chat_request(&serde_json::json!({ "message": "hi" })),
        ];
        for answer in futures::future::join_all(asks.map(app::Answer::of)).await {
            answer.assert_problem(503, "unavailable");
            refused += 1;
        }
        slowest = slowest.max(asked.elapsed());
    }
    assert!(slowest < SOON, "a request waited {slowest:?} for a database that is away");
    let _cluster = blocking(cluster, Cluster::resume).await;
    let told = crowd.settle(&server.app).await;
    eprintln!(
        "absence: {refused} requests refused, the slowest in {:.1} s; {told}; {:.1} s",
        slowest.as_secs_f32(),
        begun.elapsed().as_secs_f32()
    );
}

async fn blocking(cluster: Cluster, act: fn(&Cluster)) -> Cluster {
    let acting = tokio::task::spawn_blocking(move || {
        act(&cluster);
        cluster
    });
    acting.await.unwrap()
}
