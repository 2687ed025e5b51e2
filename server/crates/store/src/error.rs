//! What can go wrong, by what a caller can do about it.

use std::error::Error as StdError;

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use crate::pooler::UnsupportedPooler;

type Source = Box<dyn StdError + Send + Sync>;

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is away, starting, overloaded or locked: the same call may succeed later.
    #[error("the database is not available")]
    Unavailable(#[source] Source),
    /// The same call will fail again: a fault of ours, of the data or of the configuration.
    #[error("the database refused")]
    Internal(#[source] Source),
}

impl StoreError {
    /// A stored value that this version cannot read, or a configuration that cannot work.
    pub(crate) fn internal(source: impl Into<Source>) -> Self {
        Self::Internal(source.into())
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if UnsupportedPooler::explains(&error) {
            return Self::internal(UnsupportedPooler(error));
        }
        let passing = match &error {
            DbErr::ConnectionAcquire(_) => true,
            DbErr::Conn(fault) | DbErr::Exec(fault) | DbErr::Query(fault) => match fault {
                RuntimeErr::SqlxError(fault) => is_passing(fault),
                RuntimeErr::Internal(_) => false,
            },
            _ => false,
        };
        if passing { Self::Unavailable(error.into()) } else { Self::Internal(error.into()) }
    }
}

fn is_passing(fault: &sqlx::Error) -> bool {
    match fault {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(fault) => {
            let code = fault.code().unwrap_or_default();
            if fault.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                sqlite_passes(&code)
            } else {
                postgres_passes(&code)
            }
        }
        _ => false,
    }
}

/// Result codes, <https://www.sqlite.org/rescode.html>: busy, locked, I/O error, disk full, cannot open.
fn sqlite_passes(code: &str) -> bool {
    code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

/// SQLSTATE, appendix A of the PostgreSQL manual.
fn postgres_passes(code: &str) -> bool {
    // Connection exceptions, insufficient resources, operator intervention (shutdown, start-up, cancelled).
    ["08", "53", "57"].iter().any(|class| code.starts_with(class))
        // Serialization failure, deadlock, lock not available, read-only while failing over, no such database (yet).
        || ["40001", "40P01", "55P03", "25006", "3D000"].contains(&code)
}

pub(crate) fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The cursor is not one that this very query gave.
    #[error("the cursor does not belong to this query")]
    InvalidCursor,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbErr> for ListError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_that_pass_are_told_from_faults_that_stay() {
        for code in ["08006", "53300", "57P01", "40001", "40P01", "55P03", "3D000"] {
            assert!(postgres_passes(code), "{code}");
        }
        for code in ["23505", "42P01", "28P01", "22021", ""] {
            assert!(!postgres_passes(code), "{code}");
        }
        for code in ["5", "6", "517", "13", "14"] {
            assert!(sqlite_passes(code), "{code}");
        }
        for code in ["1", "19", "2067", ""] {
            assert!(!sqlite_passes(code), "{code}");
        }
    }
}
