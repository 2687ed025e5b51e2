//! What changes of a person's data, as soon as it is committed: to this process, and by PostgreSQL to all others.

use std::time::Duration;

use saydo_contract::{AccountEvent, UserId};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, RuntimeErr, Statement,
    sqlx::{
        self,
        postgres::{PgListener, PgPoolOptions},
    },
};
use serde::{Deserialize, Serialize};
use tokio::{sync::broadcast, time::timeout};

use crate::{Store, StoreError, UserStore, limited::Transaction};

/// The channel of PostgreSQL's `NOTIFY`.
const CHANNEL: &str = "saydo_news";

/// How much is kept for a reader who is slow; who is slower misses some, and is told so.
const BACKLOG: usize = 256;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Whose data it is.
    pub user: UserId,
    /// What changed.
    pub event: AccountEvent,
}

/// Those who read the news in this process.
#[derive(Debug)]
pub(crate) struct Readers {
    sender: broadcast::Sender<Option<News>>,
    /// Tells this process's own news, which come back from PostgreSQL, from those of others.
    process: u64,
}

impl Readers {
    pub(crate) fn new() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG), process: rand::random() }
    }

    fn tell(&self, news: Option<News>) {
        // Nobody reading is no fault.
        let _ = self.sender.send(news);
    }
}

/// What PostgreSQL carries.
#[derive(Serialize, Deserialize)]
struct Told {
    process: u64,
    news: News,
}

/// The news of other processes, on a connection of its own.
#[derive(Debug)]
pub struct Outside {
    listener: PgListener,
    store: Store,
}

impl Store {
    /// What changes from now on. `None`: something may have changed unheard; look.
    #[must_use]
    pub fn news(&self) -> broadcast::Receiver<Option<News>> {
        self.database.readers.sender.subscribe()
    }

    /// Whether anybody in this process reads the news.
    #[must_use]
    pub fn has_readers(&self) -> bool {
        self.database.readers.sender.receiver_count() > 0
    }

    /// Listens for what other processes change. `None`: nobody tells, because the database has only this process
    /// (SQLite), or no direct address: a pooler gives no connection for long enough.
    ///
    /// The connection does not keep a database awake that sleeps when it is not asked.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn outside(&self) -> Result<Option<Outside>, StoreError> {
        let Some(options) = &self.database.direct else { return Ok(None) };
        let listening = async {
            let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options.clone());
            let mut listener = PgListener::connect_with(&pool).await.map_err(lost)?;
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await.map_err(lost)?;
            Ok(listener)
        };
        let listener = self.database.read.limit.within(listening).await?;
        Ok(Some(Outside { listener, store: self.clone() }))
    }
}

impl Outside {
    /// Hands on to the readers here what other processes change, until the connection is lost, as it is when the
    /// database falls asleep. Returns how it was lost. Where nothing comes for `quiet`, the connection is tried if
    /// `is_used` says that the database is awake anyway: a lost one may be silent for ever.
    pub async fn hand_on(mut self, quiet: Duration, is_used: impl Fn() -> bool) -> StoreError {
        let readers = &self.store.database.readers;
        // What changed before it listened.
        readers.tell(None);
        loop {
            match timeout(quiet, next(&mut self.listener)).await {
                Ok(Ok(told)) if told.process == readers.process => {}
                Ok(Ok(told)) => readers.tell(Some(told.news)),
                Ok(Err(fault)) => return fault,
                Err(_) if !is_used() => {}
                Err(_) => {
                    let asked = async { sqlx::query("SELECT 1").execute(&mut self.listener).await.map_err(lost) };
                    if let Err(fault) = self.store.database.read.limit.within(asked).await {
                        return fault.into();
                    }
                }
            }
        }
    }
}

impl UserStore {
    /// Commits, and tells what that changed.
    pub(crate) async fn commit_and_tell(&self, transaction: Transaction, event: AccountEvent) -> Result<(), DbErr> {
        let readers = &self.database.readers;
        let news = News { user: self.user().clone(), event };
        if self.database.direct.is_some() {
            let told = serde_json::to_string(&Told { process: readers.process, news: news.clone() });
            let values = [CHANNEL.into(), told.map_err(|fault| DbErr::Json(fault.to_string()))?.into()];
            // Sent with the commit.
            let notify = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values);
            transaction.query_one_raw(notify).await?;
        }
        let committed = transaction.commit().await;
        // It may be committed also where the answer was lost: then whoever listens comes again, and reads anew.
        readers.tell(committed.is_ok().then_some(news));
        committed
    }
}

async fn next(listener: &mut PgListener) -> Result<Told, StoreError> {
    let told = listener.try_recv().await.map_err(lost)?;
    let told = told.ok_or_else(|| StoreError::Unavailable("the connection for notifications is lost".into()))?;
    serde_json::from_str(told.payload()).map_err(StoreError::internal)
}

fn lost(fault: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(fault.into()))
}
