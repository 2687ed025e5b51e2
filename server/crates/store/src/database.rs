//! Opening, migrating and closing the database.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, SubsecRound, Utc};
use saydo_contract::UserId;
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::{
        postgres::{PgConnectOptions, PgPoolOptions, PgSslMode},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::sleep;

use crate::{
    Accounts, StoreError, UserStore,
    limited::{Limit, Limited, Transaction},
    news::Readers,
};

/// How long SQLite waits for another process's write.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait before SQLite is asked again.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// Neon puts an idle database to sleep after 300 s: let go of connections before it does.
const IDLE_TIMEOUT: Duration = Duration::from_secs(240);

/// Where the data lives, and how much of the database this process may use.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// `sqlite://path` (a file; made if missing) or `postgres://…`.
    pub url: SecretString,
    /// PostgreSQL only: the way past a connection pooler, for migrations, and to hear of what other processes
    /// change ([`Store::outside`]). Absent: migrations take `url`, and nobody hears.
    pub direct_url: Option<SecretString>,
    /// The most connections at once. SQLite: readers; writes go one at a time through one more.
    pub max_connections: u32,
    /// How long a call waits for a free connection before it is [`StoreError::Unavailable`].
    pub acquire_timeout: Duration,
    /// How long a statement may take, waiting for its connection included, before the call is
    /// [`StoreError::Unavailable`]. Where nothing listens at the address any more, that is told within a second or
    /// two. Migrations take as long as they take.
    pub statement_timeout: Duration,
}

impl DatabaseConfig {
    /// Ten connections, waited for up to 10 s, and 20 s for a statement.
    #[must_use]
    pub fn new(url: impl Into<SecretString>) -> Self {
        Self {
            url: url.into(),
            direct_url: None,
            max_connections: 10,
            acquire_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(20),
        }
    }
}

/// The database. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) database: Arc<Database>,
}

impl Store {
    /// Opens the database. SQLite: makes the folder (mode 0700) and the file where they are missing. PostgreSQL: the
    /// first connection is made when it is first needed.
    ///
    /// # Errors
    /// [`StoreError::Internal`] where the address cannot work; SQLite: also where the file cannot be opened.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let url = config.url.expose_secret();
        let database =
            if url.starts_with("sqlite:") { Database::sqlite(config).await? } else { Database::postgres(config)? };
        Ok(Self { database: Arc::new(database) })
    }

    /// Brings the schema up to date. Processes that start together may all call it: they take turns.
    ///
    /// # Errors
    /// When the database is away, or a migration fails; the schema is as before then.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let connection = self.database.for_migrations();
        let result = saydo_migrations::run(&connection).await;
        if self.database.direct.is_some() {
            connection.close().await?;
        }
        Ok(result?)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let read = &self.database.read;
        Ok(read.limit.within(read.inner.ping()).await?)
    }

    /// Whether the database has the schema of this version, or a later one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it is away, [`StoreError::Internal`] when it has no schema at all.
    pub async fn has_schema(&self) -> Result<bool, StoreError> {
        Ok(saydo_migrations::is_current(&self.database.read).await?)
    }

    /// How many connections are in use at this moment.
    #[must_use]
    pub fn connections_in_use(&self) -> u32 {
        self.database.connections_in_use()
    }

    /// Closes the connections, once those in use are given back. Calls after this are [`StoreError::Unavailable`].
    pub async fn close(self) {
        // Closing a pool has no way to fail.
        let _ = self.database.read.inner.close_by_ref().await;
        let _ = self.database.write.inner.close_by_ref().await;
    }

    /// The data of one person, and nobody else's.
    #[must_use]
    pub fn for_user(&self, user: UserId) -> UserStore {
        UserStore::new(self.database.clone(), user)
    }

    /// Users, their credentials and sessions.
    #[must_use]
    pub fn accounts(&self) -> Accounts {
        Accounts::new(self.database.clone())
    }
}

#[derive(Debug)]
pub(crate) struct Database {
    /// For statements that only read.
    pub(crate) read: Limited<DatabaseConnection>,
    /// For everything else. On SQLite a pool of one: writers of this process wait in its fair queue.
    write: Limited<DatabaseConnection>,
    pub(crate) direct: Option<PgConnectOptions>,
    pub(crate) readers: Readers,
}

impl Database {
    async fn sqlite(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let url = config.url.expose_secret();
        // Each connection would have a database of its own.
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(StoreError::internal("an SQLite database must be a file"));
        }
        let options = url
            .parse::<SqliteConnectOptions>()
            .map_err(StoreError::internal)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY_TIMEOUT);
        if let Some(folder) = options.get_filename().parent() {
            make_private(folder).map_err(StoreError::internal)?;
        }
        let pool = || SqlitePoolOptions::new().acquire_timeout(config.acquire_timeout).test_before_acquire(false);
        // The writer first: it makes the file and sets its journal mode.
        let begun = Instant::now();
        let write = loop {
            match pool().max_connections(1).connect_with(options.clone()).await {
                // SQLite does not wait where another process sets the journal mode at this moment.
                Err(fault) if is_locked(&fault) && begun.elapsed() < BUSY_TIMEOUT => sleep(BUSY_PAUSE).await,
                opened => break opened.map_err(connecting)?,
            }
        };
        let read = pool().max_connections(config.max_connections).connect_lazy_with(options);
        let limit = Limit { time: config.statement_timeout, server: None };
        Ok(Self {
            read: Limited { inner: read.into(), limit: limit.clone() },
            write: Limited { inner: write.into(), limit },
            direct: None,
            readers: Readers::new(),
        })
    }

    fn postgres(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let options = postgres_options(&config.url)?;
        let over_tcp = options.get_socket().is_none() && !options.get_host().starts_with('/');
        let server = over_tcp.then(|| Arc::new((options.get_host().to_owned(), options.get_port())));
        let pool = PgPoolOptions::new()
            .min_connections(0)
            .max_connections(config.max_connections)
            .acquire_timeout(config.acquire_timeout)
            .idle_timeout(IDLE_TIMEOUT)
            .test_before_acquire(true)
            .connect_lazy_with(options);
        let direct = config.direct_url.as_ref().map(postgres_options).transpose()?;
        let limit = Limit { time: config.statement_timeout, server };
        let connection = Limited { inner: DatabaseConnection::from(pool), limit };
        Ok(Self { read: connection.clone(), write: connection, direct, readers: Readers::new() })
    }

    /// Begins a transaction that writes: on SQLite it takes the write lock at once, so it never fails half-way.
    pub(crate) async fn begin(&self) -> Result<Transaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let Limited { inner, limit } = &self.write;
        let inner = limit.within(inner.begin_with_options(options)).await?;
        Ok(Limited { inner, limit: limit.clone() })
    }

    /// For single statements that write.
    pub(crate) const fn write(&self) -> &Limited<DatabaseConnection> {
        &self.write
    }

    fn for_migrations(&self) -> DatabaseConnection {
        self.direct.as_ref().map_or_else(
            || self.write.inner.clone(),
            |options| PgPoolOptions::new().max_connections(1).connect_lazy_with(options.clone()).into(),
        )
    }

    fn connections_in_use(&self) -> u32 {
        let in_use = |size: u32, idle: usize| size.saturating_sub(u32::try_from(idle).unwrap_or(size));
        match self.read.inner.get_database_backend() {
            DbBackend::Sqlite => [&self.read, &self.write]
                .map(|connection| connection.inner.get_sqlite_connection_pool())
                .map(|pool| in_use(pool.size(), pool.num_idle()))
                .iter()
                .sum(),
            _ => {
                let pool = self.read.inner.get_postgres_connection_pool();
                in_use(pool.size(), pool.num_idle())
            }
        }
    }
}

/// Whether another process has the file to itself (`SQLITE_BUSY`, in the lowest byte of an extended code).
fn is_locked(fault: &sea_orm::sqlx::Error) -> bool {
    let code = fault.as_database_error().and_then(|fault| fault.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

/// Opening SQLite reports a locked or missing file as any statement would.
pub(crate) fn connecting(fault: sea_orm::sqlx::Error) -> StoreError {
    DbErr::Conn(sea_orm::RuntimeErr::SqlxError(fault.into())).into()
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    if folder.as_os_str().is_empty() || folder.exists() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn postgres_options(url: &SecretString) -> Result<PgConnectOptions, StoreError> {
    let url = without_channel_binding(url.expose_secret());
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(StoreError::internal("a database address starts with sqlite:, postgres:// or postgresql://"));
    }
    // PgBouncer refuses a connection that sends `extra_float_digits`. No column of ours is a float.
    let options = url.parse::<PgConnectOptions>().map_err(StoreError::internal)?;
    let options = options.application_name("saydo").extra_float_digits(None);
    // Neon's own addresses say `sslmode=require`, which encrypts for whoever answers. Its certificates can be verified.
    let neon = options.get_host().ends_with(".neon.tech");
    Ok(if neon { options.ssl_mode(PgSslMode::VerifyFull) } else { options })
}

/// Neon's addresses carry `channel_binding`, which only libpq knows.
fn without_channel_binding(url: &str) -> String {
    let Some((base, query)) = url.split_once('?') else { return url.to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("channel_binding=")).collect();
    if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) }
}

/// This moment, as exact as both databases keep it.
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// The moment this long before.
pub(crate) fn ago(time: Duration) -> DateTime<Utc> {
    now() - time
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn neon_is_verified_whatever_its_address_says() {
        let mode = |url: &str| postgres_options(&url.into()).unwrap().get_ssl_mode();
        let neon = "postgres://u:p@ep-cool-pooler.eu-central-1.aws.neon.tech/d?sslmode=require&channel_binding=require";
        assert!(matches!(mode(neon), PgSslMode::VerifyFull));
        assert!(matches!(mode("postgres://u:p@db/d?sslmode=require"), PgSslMode::Require));
    }

    #[test]
    fn channel_binding_is_left_out_of_an_address() {
        for (url, kept) in [
            ("postgres://h/d", "postgres://h/d"),
            ("postgres://h/d?channel_binding=require", "postgres://h/d"),
            ("postgres://h/d?sslmode=require&channel_binding=require", "postgres://h/d?sslmode=require"),
            ("postgres://h/d?channel_binding=prefer&sslmode=require", "postgres://h/d?sslmode=require"),
        ] {
            assert_eq!(without_channel_binding(url), kept);
        }
    }
}
