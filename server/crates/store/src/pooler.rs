//! Connection poolers in front of PostgreSQL.
//!
//! A pooler in transaction mode may serve each transaction of a client by another server connection. SeaORM prepares every
//! statement under a name and uses the name again, so the pooler must carry names over to the connection that it picks.
//! PgBouncer does since 1.21. Everything else that binds a client to a server connection (`LISTEN`, session locks, `SET`)
//! is done on the direct address, or not at all.

use std::time::Duration;

use sea_orm::{
    DbBackend, DbErr, RuntimeErr,
    sqlx::{self, AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions},
};
use tokio::time::timeout;

use crate::{Store, limited::Limited};

/// How long [`Store::check_pooler`] waits for a database that may be away.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);

/// How often each client is served before there is taken to be no pooler, or one that gives each its own server connection.
const CHECK_TURNS: usize = 8;

/// The address leads through a connection pooler that loses prepared statements between transactions.
#[derive(Debug, thiserror::Error)]
#[error(
    "DATABASE_URL leads through a connection pooler that loses prepared statements: use PgBouncer 1.21 or newer with \
     max_prepared_statements above 0, or session pooling, or PostgreSQL's own address"
)]
pub struct UnsupportedPooler(#[source] pub(crate) DbErr);

impl UnsupportedPooler {
    /// Whether a prepared statement was gone, or its name in use. Each connection gives a name once and keeps it, so
    /// only another client of the same server connection can be the cause.
    pub(crate) fn explains(error: &DbErr) -> bool {
        let fault = match error {
            DbErr::Conn(RuntimeErr::SqlxError(fault))
            | DbErr::Exec(RuntimeErr::SqlxError(fault))
            | DbErr::Query(RuntimeErr::SqlxError(fault)) => fault.as_database_error(),
            _ => None,
        };
        // SQLSTATE: invalid_sql_statement_name, duplicate_prepared_statement.
        fault.and_then(|fault| fault.code()).is_some_and(|code| ["26000", "42P05"].contains(&&*code))
    }
}

impl Store {
    /// Tries whether a connection pooler in front of PostgreSQL keeps prepared statements. Any other fault, such as a database
    /// that is away, is left to the calls that follow: they report it, and this one too.
    ///
    /// # Errors
    /// When the pooler does not.
    pub async fn check_pooler(&self) -> Result<(), UnsupportedPooler> {
        let Limited { inner, .. } = &self.database.read;
        if inner.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let options = inner.get_postgres_connection_pool().connect_options();
        let fault = match timeout(CHECK_TIMEOUT, check(&options)).await {
            Ok(Ok(true)) | Err(_) => return Ok(()),
            Ok(Ok(false)) => DbErr::Custom("another client's statement was run".to_owned()),
            Ok(Err(fault)) => DbErr::Query(RuntimeErr::SqlxError(fault.into())),
        };
        let is_lost = matches!(fault, DbErr::Custom(_)) || UnsupportedPooler::explains(&fault);
        if is_lost { Err(UnsupportedPooler(fault)) } else { Ok(()) }
    }
}

/// Whether two clients keep their statements, whichever server connection serves them.
///
/// Both give their statement the same name. They take turns until a pooler shows: one client is served by another server
/// connection than before, or both by the same one. A pooler that loses statements fails then, or runs the wrong one.
async fn check(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let mut clients = [PgConnection::connect_with(options).await?, PgConnection::connect_with(options).await?];
    let markers: [i32; 2] = rand::random();
    let mut served_by = [None; 2];
    'turns: for _ in 0..CHECK_TURNS {
        for index in [0, 1] {
            let statement = AssertSqlSafe(format!("SELECT pg_backend_pid(), {}", markers[index]));
            let asked = sqlx::query_as(statement).fetch_one(&mut clients[index]);
            let (server, marker): (i32, i32) = asked.await?;
            if marker != markers[index] {
                return Ok(false);
            }
            let is_shared = served_by[1 - index] == Some(server);
            if is_shared || served_by[index].replace(server).is_some_and(|before| before != server) {
                break 'turns;
            }
        }
    }
    for client in clients {
        client.close().await?;
    }
    Ok(true)
}
