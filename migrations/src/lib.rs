//! The database schema, step by step, for SQLite and PostgreSQL.
//!
//! Migrations only go forward. Tables of a tenant's data carry `user_id` without a foreign key, because an outside
//! Better Auth may keep the accounts; children reference their parent together with `user_id`, so that the database
//! itself refuses a row in another person's conversation.

mod m0001_accounts;
mod m0002_tasks;
mod m0003_conversations;
mod m0004_settings;
mod m0005_title_index;
mod m0006_message_meta;
mod m0007_account_locale;

use sea_orm_migration::{
    prelude::*,
    sea_orm::{
        ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    },
};

/// "Saydo" in ASCII: whoever migrates a PostgreSQL database of ours holds this advisory lock.
const LOCK: i64 = 0x53_61_79_64_6F;

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Migration),
            Box::new(m0002_tasks::Migration),
            Box::new(m0003_conversations::Migration),
            Box::new(m0004_settings::Migration),
            // Before what follows: all pending steps are one transaction, the index takes time, and the new columns
            // lock tables that an old release reads.
            Box::new(m0005_title_index::Migration),
            Box::new(m0006_message_meta::Migration),
            Box::new(m0007_account_locale::Migration),
        ]
    }
}

/// Whether every migration that this version knows is applied. A newer schema counts: migrations only add. The last one
/// alone would not tell: two changes that were made at the same time may come in either order.
///
/// # Errors
/// When the database is away, or has never been migrated.
pub async fn is_current(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let count = known.len();
    let applied = Query::select()
        .column(Alias::new("version"))
        .from(Alias::new("seaql_migrations"))
        .and_where(Expr::col(Alias::new("version")).is_in(known))
        .to_owned();
    Ok(db.query_all(&applied).await?.len() == count)
}

/// Applies every migration that is still pending, all in one transaction.
///
/// The transaction holds a lock from its start (PostgreSQL: an advisory lock, waited for up to a minute; SQLite: the
/// database itself, waited for up to the connection's busy time-out), so that processes that start together migrate
/// one after the other.
///
/// # Errors
/// When the database is away or locked for too long, or when a statement fails; nothing is applied then.
pub async fn run(db: &DatabaseConnection) -> Result<(), DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Exclusive),
        ..TransactionOptions::default()
    };
    let transaction = db.begin_with_options(options).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared("SET LOCAL lock_timeout = '60s'").await?;
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Migrator::install(&transaction).await?;
    // The migrator refuses a schema with a migration that it does not know, as after the rollback of a release.
    if !is_current(&transaction).await? {
        Migrator::up(&transaction, None).await?;
    }
    transaction.commit().await
}
