//! `saydo backup FILE`: copies the embedded database while a server may be using it.

use std::path::Path;

use saydo_store::BackupError;

use super::Fault;
use crate::config::{Env, database_from_env};

/// Copies the SQLite database to `file`.
///
/// # Errors
/// Where the database is PostgreSQL, which is backed up by its own programs, and where the copy cannot be made.
pub async fn backup(env: &Env, file: &Path) -> Result<(), Fault> {
    let database = database_from_env(env)?;
    match saydo_store::backup(&database, file).await {
        Err(BackupError::NotSqlite) => {
            let variable = if database.direct_url.is_some() { "DATABASE_DIRECT_URL" } else { "DATABASE_URL" };
            Err(Fault::UsePgDump { variable, file: file.to_owned() })
        }
        done => {
            done?;
            tracing::info!("the database is copied to {}", file.display());
            Ok(())
        }
    }
}
