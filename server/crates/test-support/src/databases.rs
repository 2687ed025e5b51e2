//! Throw-away databases: each test has its own, on every kind that is there.
//!
//! SQLite is always there. PostgreSQL is where `SAYDO_TEST_POSTGRES` says, an address of a server on which databases
//! may be made and dropped: `postgres://postgres@127.0.0.1:5432/postgres`. Without it those tests are skipped, loudly;
//! where `CI` is `true` that is a failure.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "for tests, which fail by panicking, are told of skips, and take the server from the environment"
)]

use std::{
    env, process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

use crate::cluster::Cluster;

/// Names the PostgreSQL server for tests.
pub const POSTGRES: &str = "SAYDO_TEST_POSTGRES";

/// An empty database that is removed when this value is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// Its address: `sqlite://…` or `postgres://…`.
    pub url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Sqlite { _folder: TempDir },
    Postgres { server: String, name: String },
    Cluster,
}

impl TestDatabase {
    /// A new SQLite database in a folder of its own.
    ///
    /// # Panics
    /// When the folder cannot be made.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("saydo.db").display());
        Self { url, place: Place::Sqlite { _folder: folder } }
    }

    /// A new PostgreSQL database; `None`, told on standard error, where no server is named.
    ///
    /// # Panics
    /// When no server is named in CI, or the server does not make the database.
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = env::var(POSTGRES) else {
            assert!(env::var("CI").as_deref() != Ok("true"), "CI must name a PostgreSQL server in {POSTGRES}");
            eprintln!("SKIPPED on PostgreSQL: {POSTGRES} is not set");
            return None;
        };
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("saydo_test_{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(&server, &format!("CREATE DATABASE {name}")).await;
        let (before, query) = server.split_once('?').map_or((server.as_str(), None), |(url, query)| (url, Some(query)));
        let (host, _) = before.rsplit_once('/').expect("an address with a database");
        let url = format!("{host}/{name}{}", query.map(|query| format!("?{query}")).unwrap_or_default());
        Some(Self { url, place: Place::Postgres { server, name } })
    }

    /// The database of a cluster of its own, which goes with it.
    #[must_use]
    pub fn of(cluster: &Cluster) -> Self {
        Self { url: cluster.url(), place: Place::Cluster }
    }

    /// One new database of every kind that is there.
    pub async fn all() -> Vec<Self> {
        let mut all = vec![Self::sqlite()];
        all.extend(Self::postgres().await);
        all
    }

    /// Takes a PostgreSQL database away from whoever uses it.
    ///
    /// # Panics
    /// When the server does not do it.
    pub async fn take_away(&self) {
        if let Place::Postgres { server, name } = &self.place {
            run(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }

    /// Runs a statement and tells how many rows it touched.
    ///
    /// # Panics
    /// When the database refuses it.
    pub async fn execute(&self, statement: &str) -> u64 {
        run(&self.url, statement).await
    }

    /// `SQLite` or `PostgreSQL`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.place {
            Place::Sqlite { .. } => "SQLite",
            Place::Postgres { .. } | Place::Cluster => "PostgreSQL",
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Postgres { server, name } = &self.place {
            let (server, drop_it) = (server.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            // A runtime of its own: this may be dropped inside one, and while panicking.
            let dropping = thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime").block_on(run(&server, &drop_it));
            });
            if dropping.join().is_err() {
                eprintln!("{name} is left on the PostgreSQL server");
            }
        }
    }
}

/// Runs one test body on every kind of database, each time on a new one.
///
/// ```no_run
/// # async fn example() {
/// saydo_test_support::databases::on_every_database(async |database| {
///     assert!(!database.url.is_empty());
/// })
/// .await;
/// # }
/// ```
pub async fn on_every_database(test: impl AsyncFn(&TestDatabase)) {
    for database in TestDatabase::all().await {
        eprintln!("on {}", database.kind());
        test(&database).await;
    }
}

async fn run(address: &str, statement: &str) -> u64 {
    let connection = Database::connect(address).await.expect("the database of a test, or its server");
    let done = connection.execute_unprepared(statement).await.expect("a statement that is done");
    connection.close().await.expect("a closed connection");
    done.rows_affected()
}
