//! Where turns begin, also in other processes.

use saydo_contract::ConversationId;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, RuntimeErr, Statement,
    sqlx::{
        self,
        postgres::{PgListener, PgPoolOptions},
    },
};

use crate::{Store, StoreError, UserStore, limited::Transaction};

/// The channel of PostgreSQL's `NOTIFY`; what it carries is the id of a conversation.
const CHANNEL: &str = "saydo_turns";

/// Tells where turns begin from now on, as soon as their beginning is committed.
#[derive(Debug)]
pub struct Starts(PgListener);

impl Store {
    /// Listens for turns that begin in any process. `None`: nobody tells of them, because the database has only this
    /// process (SQLite), or no direct address: a pooler gives no connection for long enough.
    ///
    /// It takes a connection of its own, which does not keep a database awake that sleeps when it is not asked.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn starts(&self) -> Result<Option<Starts>, StoreError> {
        let Some(options) = &self.database.direct else { return Ok(None) };
        let listening = async {
            let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options.clone());
            let mut listener = PgListener::connect_with(&pool).await.map_err(lost)?;
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await.map_err(lost)?;
            Ok(listener)
        };
        Ok(Some(Starts(self.database.read.limit.within(listening).await?)))
    }
}

impl Starts {
    /// The conversation of the next turn that begins.
    ///
    /// # Errors
    /// When the connection is lost, as it is when the database falls asleep. What begins after that is not told: listen
    /// anew, and look what there is.
    pub async fn next(&mut self) -> Result<ConversationId, StoreError> {
        let told = self.0.try_recv().await.map_err(lost)?;
        let told = told.ok_or_else(|| StoreError::Unavailable("the connection for notifications is lost".into()))?;
        let id: i64 = told.payload().parse().map_err(StoreError::internal)?;
        id.try_into().map_err(StoreError::internal)
    }
}

impl UserStore {
    /// Tells whoever listens, with the commit.
    pub(super) async fn tell_start(&self, transaction: &Transaction, conversation: i64) -> Result<(), DbErr> {
        if self.database.direct.is_none() {
            return Ok(());
        }
        let values = [CHANNEL.into(), conversation.to_string().into()];
        let notify = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values);
        transaction.query_one_raw(notify).await?;
        Ok(())
    }
}

fn lost(fault: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(fault.into()))
}
