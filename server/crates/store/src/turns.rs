//! Turns: a message of the person and everything the agent does about it, run under a lease by one server at a time.

mod begin;
mod events;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use saydo_contract::{
    AccountEvent, ConversationId, IdempotencyKey, MessageId, MessageText, TurnEvent, TurnId, TurnStatus,
};
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QueryOrder, QuerySelect, UpdateMany, sea_query::Expr};
use serde_json::Value;

use crate::{
    StoreError, UserStore,
    database::now,
    entities::turns::{Column, Entity, Model},
    limited::Transaction,
};

/// How long an idempotency key counts.
pub const IDEMPOTENCY_WINDOW: Duration = Duration::from_hours(24);

/// A message to answer.
#[derive(Debug, Clone)]
pub struct NewTurn {
    /// Where; `None` begins a conversation, whose title is the message's first line.
    pub conversation: Option<ConversationId>,
    /// The person's words.
    pub message: MessageText,
    /// What tells a repeated request from a new one.
    pub idempotency: Option<Idempotency>,
    /// How long the turn is this server's without a renewal.
    pub lease: Duration,
}

/// What tells a repeated request from a new one.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// The client's key.
    pub key: IdempotencyKey,
    /// A hash of what the request asks for.
    pub fingerprint: [u8; 32],
}

/// What beginning a turn came to.
#[derive(Debug, Clone, PartialEq)]
pub enum BeginTurn {
    /// The message is stored and the turn is the caller's to run.
    Started(BegunTurn),
    /// The request was made before and its turn failed or was interrupted: it is the caller's to run again, from
    /// what its messages record.
    Resumed(BegunTurn),
    /// The request was made before; its turn runs elsewhere or is over.
    Existing(TurnRecord),
    /// The key was used for another request within [`IDEMPOTENCY_WINDOW`].
    KeyReused,
    /// Another turn of the conversation is running.
    InProgress,
    /// This person has no such conversation, or the request was made before and its conversation was deleted since.
    ConversationNotFound,
}

/// A turn that is the holder's to run, until its lease lapses and another server takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BegunTurn {
    /// The turn.
    pub turn_id: TurnId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The person's message.
    pub message_id: MessageId,
    /// The number for its next event: 1, or, where an earlier run told something, one more than its last.
    pub next_seq: u32,
    attempt: i32,
}

/// How a turn stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnRecord {
    /// The turn.
    pub id: TurnId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The person's message.
    pub message_id: MessageId,
    /// How it stands; a turn whose lease has lapsed is interrupted.
    pub status: TurnStatus,
    /// What [`Finish::outcome`] recorded.
    pub outcome: Option<Value>,
}

/// How a turn ends.
#[derive(Debug, Clone)]
pub struct Finish {
    /// Anything but running.
    pub status: TurnStatus,
    /// The JSON that a repeated request gets.
    pub outcome: Value,
    /// The last events, stored together with the end: who sees the turn ended finds them all.
    pub last_events: Vec<(u32, TurnEvent)>,
}

/// Whether a turn is still the holder's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseState {
    /// It is, for another lease.
    Held {
        /// Whether the person asked to stop it.
        stop_requested: bool,
    },
    /// It ended, was taken over, or is gone with its conversation: stop working on it.
    Lost,
}

/// Why a running turn could not write.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The turn is not the caller's any more: stop working on it.
    #[error("the turn is not held any more")]
    Lost,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbErr> for TurnError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl UserStore {
    /// Keeps a turn for another lease, also after it lapsed, as long as nobody else took the turn.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn renew_lease(&self, turn: &BegunTurn, lease: Duration) -> Result<LeaseState, StoreError> {
        let held = self
            .held(turn)
            .col_expr(Column::LeaseUntil, Expr::value(lapse(lease)))
            .exec_with_returning(self.database.write())
            .await?;
        Ok(held.first().map_or(LeaseState::Lost, |row| LeaseState::Held { stop_requested: row.stop_requested }))
    }

    /// Ends a turn. `false`: it was not the caller's any more, and nothing was stored.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn finish_turn(&self, turn: &BegunTurn, finish: Finish) -> Result<bool, StoreError> {
        let transaction = self.database.begin().await?;
        let done = self
            .held(turn)
            .col_expr(Column::Status, Expr::value(status_name(finish.status)))
            .col_expr(Column::Outcome, Expr::value(finish.outcome.to_string()))
            .col_expr(Column::FinishedAt, Expr::value(now()))
            .exec(&transaction)
            .await?;
        if done.rows_affected == 0 {
            return Ok(false);
        }
        self.insert_events(&transaction, turn.turn_id, &finish.last_events).await?;
        let BegunTurn { conversation_id, turn_id, .. } = *turn;
        self.commit_and_tell(transaction, AccountEvent::TurnEnded { conversation_id, turn_id }).await?;
        Ok(true)
    }

    /// Asks the running turn of a conversation to stop, and tells which. `None`: none is running.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn request_stop(&self, conversation: ConversationId) -> Result<Option<TurnRecord>, StoreError> {
        let asked = self
            .update::<Entity>()
            .filter(Column::ConversationId.eq(conversation.get()))
            .filter(running())
            .filter(Column::LeaseUntil.gt(now()))
            .col_expr(Column::StopRequested, Expr::value(true))
            .exec_with_returning(self.database.write())
            .await?;
        asked.into_iter().next().map(record).transpose()
    }

    /// The turn of a conversation that is running, else the newest.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn current_turn(&self, conversation: ConversationId) -> Result<Option<TurnRecord>, StoreError> {
        let row = self
            .select::<Entity>()
            .filter(Column::ConversationId.eq(conversation.get()))
            // One that is retried may be older.
            .order_by_desc(running())
            .order_by_desc(Column::Id)
            .limit(1)
            .one(&self.database.read)
            .await?;
        row.map(record).transpose()
    }

    /// A turn.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn turn(&self, turn: TurnId) -> Result<Option<TurnRecord>, StoreError> {
        let row = self.select::<Entity>().filter(Column::Id.eq(turn.get())).one(&self.database.read).await?;
        row.map(record).transpose()
    }

    /// The turn of a conversation that began next after one.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn turn_after(
        &self,
        conversation: ConversationId,
        turn: TurnId,
    ) -> Result<Option<TurnRecord>, StoreError> {
        let row = self
            .select::<Entity>()
            .filter(Column::ConversationId.eq(conversation.get()))
            .filter(Column::Id.gt(turn.get()))
            .order_by_asc(Column::Id)
            .limit(1)
            .one(&self.database.read)
            .await?;
        row.map(record).transpose()
    }

    /// The turn's row, while it is the holder's.
    fn held(&self, turn: &BegunTurn) -> UpdateMany<Entity> {
        self.update::<Entity>()
            .filter(Column::Id.eq(turn.turn_id.get()))
            .filter(Column::Attempt.eq(turn.attempt))
            .filter(running())
    }

    /// Fails unless the turn is the holder's, and keeps it so until the end of the transaction.
    pub(crate) async fn check_held(&self, transaction: &Transaction, turn: &BegunTurn) -> Result<(), TurnError> {
        let row = self
            .select::<Entity>()
            .filter(Column::Id.eq(turn.turn_id.get()))
            .filter(Column::Attempt.eq(turn.attempt))
            .filter(running())
            .lock_exclusive()
            .one(transaction)
            .await?;
        row.map(|_| ()).ok_or(TurnError::Lost)
    }
}

fn running() -> sea_orm::sea_query::SimpleExpr {
    Column::Status.eq(status_name(TurnStatus::Running))
}

fn lapse(lease: Duration) -> DateTime<Utc> {
    now() + TimeDelta::from_std(lease).unwrap_or(TimeDelta::days(1))
}

fn record(row: Model) -> Result<TurnRecord, StoreError> {
    Ok(TurnRecord {
        status: status(&row)?,
        id: row.id.try_into().map_err(StoreError::internal)?,
        conversation_id: row.conversation_id.try_into().map_err(StoreError::internal)?,
        message_id: message_id(&row)?,
        outcome: row.outcome.as_deref().map(serde_json::from_str).transpose().map_err(StoreError::internal)?,
    })
}

fn message_id(row: &Model) -> Result<MessageId, StoreError> {
    row.message_id
        .ok_or_else(|| StoreError::internal("a turn without a message"))?
        .try_into()
        .map_err(StoreError::internal)
}

pub(crate) fn status(row: &Model) -> Result<TurnStatus, StoreError> {
    Ok(match row.status.as_str() {
        "running" if row.lease_until <= now() => TurnStatus::Interrupted,
        "running" => TurnStatus::Running,
        "completed" => TurnStatus::Completed,
        "stopped" => TurnStatus::Stopped,
        "failed" => TurnStatus::Failed,
        "interrupted" => TurnStatus::Interrupted,
        other => return Err(StoreError::internal(format!("a turn that is '{other}'"))),
    })
}

const fn status_name(status: TurnStatus) -> &'static str {
    match status {
        TurnStatus::Running => "running",
        TurnStatus::Completed => "completed",
        TurnStatus::Stopped => "stopped",
        TurnStatus::Failed => "failed",
        TurnStatus::Interrupted => "interrupted",
    }
}
