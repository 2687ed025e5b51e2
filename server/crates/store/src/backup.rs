//! A copy of a SQLite database that other processes read and write meanwhile.
//!
//! The copy is one moment of the database: everything that was committed before it began. It appears under its name whole and
//! on disk, or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sea_orm::sqlx::{self, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use secrecy::ExposeSecret;
use tempfile::{Builder, NamedTempFile};

use crate::{
    DatabaseConfig, StoreError,
    database::{BUSY_TIMEOUT, connecting},
};

/// Why no copy was made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has its own programs for this.
    #[error("only a SQLite database is copied")]
    NotSqlite,
    /// Nothing is where the configuration says.
    #[error("there is no database at {}", .0.display())]
    NoDatabase(PathBuf),
    /// The file that was to be written is there.
    #[error("{} exists and is not overwritten", .0.display())]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database could not be read, or its copy not be made.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies a SQLite database into a new file, which only its owner may read. Servers that use the database are not held up.
///
/// # Errors
/// As [`BackupError`] says. Nothing is left behind then.
pub async fn backup(config: &DatabaseConfig, to: &Path) -> Result<(), BackupError> {
    let url = config.url.expose_secret();
    if !url.starts_with("sqlite:") {
        return Err(BackupError::NotSqlite);
    }
    let options = url.parse::<SqliteConnectOptions>().map_err(StoreError::internal)?;
    let options = options.create_if_missing(false).busy_timeout(BUSY_TIMEOUT);
    if !options.get_filename().is_file() {
        return Err(BackupError::NoDatabase(options.get_filename().to_owned()));
    }
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let failed = |source| BackupError::Write { path: to.to_owned(), source };
    // In the same folder, so that it can be renamed. It has mode 0600.
    let copy = Builder::new().prefix(".saydo-backup-").tempfile_in(folder_of(to)).map_err(failed)?;
    // SQLite takes a path as text.
    let path = copy.path().to_str().ok_or_else(|| failed(io::ErrorKind::InvalidFilename.into()))?;
    write_copy(&options, path).await.map_err(connecting)?;
    keep(copy, to)
}

async fn write_copy(options: &SqliteConnectOptions, to: &str) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    // SQLite takes an empty file as a new one.
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut connection).await?;
    connection.close().await
}

/// Gives the copy its name once it is on disk.
fn keep(copy: NamedTempFile, to: &Path) -> Result<(), BackupError> {
    let failed = |source| BackupError::Write { path: to.to_owned(), source };
    copy.as_file().sync_all().map_err(failed)?;
    copy.persist_noclobber(to).map_err(|fault| match fault.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(to.to_owned()),
        _ => failed(fault.error),
    })?;
    // The name is on disk when its folder is.
    #[cfg(unix)]
    fs::File::open(folder_of(to)).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(())
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
