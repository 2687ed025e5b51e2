//! Beginning a turn: the message is stored, or recognised, in one transaction.

use saydo_contract::{AccountEvent, Role};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::Expr,
};

use super::{BeginTurn, BegunTurn, IDEMPOTENCY_WINDOW, Idempotency, NewTurn, TurnStatus, lapse, message_id, record};
use crate::{
    StoreError, UserStore, conversations,
    database::{ago, now},
    entities::{
        conversations as conversation_rows, idempotency_keys as keys,
        turns::{ActiveModel, Column, Entity, Model},
    },
    limited::Transaction,
    messages::{MessageBody, NewMessage},
    turns::{running, status, status_name},
};

impl UserStore {
    /// Stores a message and begins its turn, or tells why not. Requests with the same idempotency key that arrive
    /// together begin one turn.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn begin_turn(&self, new: NewTurn) -> Result<BeginTurn, StoreError> {
        match self.try_begin(&new).await {
            // Another request with this key, or in this conversation, was faster: this time it is there to be found.
            Err(TryBegin::Duplicate) => match self.try_begin(&new).await {
                Err(TryBegin::Duplicate) => Ok(BeginTurn::InProgress),
                Err(TryBegin::Store(error)) => Err(error),
                Ok(begun) => Ok(begun),
            },
            Err(TryBegin::Store(error)) => Err(error),
            Ok(begun) => Ok(begun),
        }
    }

    async fn try_begin(&self, new: &NewTurn) -> Result<BeginTurn, TryBegin> {
        let transaction = self.database.begin().await?;
        if let Some(idempotency) = &new.idempotency
            && let Some(key) = self.used_key(&transaction, idempotency).await?
        {
            let answer = self.begin_again(&transaction, &key, idempotency, new).await?;
            match &answer {
                BeginTurn::Resumed(begun) => self.commit_and_tell(transaction, started(begun)).await?,
                _ => transaction.commit().await?,
            }
            return Ok(answer);
        }
        let conversation = match new.conversation {
            None => self.insert_conversation(&transaction, conversations::title_from(&new.message)?).await?,
            Some(id) if self.lock_conversation(&transaction, id.get()).await? => id.get(),
            Some(_) => return Ok(BeginTurn::ConversationNotFound),
        };
        if self.is_busy(&transaction, conversation).await? {
            return Ok(BeginTurn::InProgress);
        }
        let turn = Entity::insert(ActiveModel {
            id: NotSet,
            user_id: Set(self.owner()),
            conversation_id: Set(conversation),
            message_id: Set(None),
            status: Set(status_name(TurnStatus::Running).to_owned()),
            attempt: Set(1),
            lease_until: Set(lapse(new.lease)),
            stop_requested: Set(false),
            has_events: Set(true),
            outcome: Set(None),
            created_at: Set(now()),
            finished_at: Set(None),
        })
        .exec_with_returning(&transaction)
        .await?;
        if let Some(idempotency) = &new.idempotency {
            let key = keys::Model {
                user_id: self.owner(),
                key: idempotency.key.as_str().to_owned(),
                fingerprint: idempotency.fingerprint.to_vec(),
                turn_id: turn.id,
                created_at: now(),
            };
            keys::Entity::insert(key.into_active_model().reset_all()).exec_without_returning(&transaction).await?;
        }
        self.touch(&transaction, conversation).await?;
        let message = MessageBody { content: new.message.as_str(), ..MessageBody::default() };
        let message = NewMessage { turn: turn.id, role: Role::User, message };
        let message = self.insert_message(&transaction, conversation, message).await?;
        self.update::<Entity>()
            .filter(Column::Id.eq(turn.id))
            .col_expr(Column::MessageId, Expr::value(message.get()))
            .exec(&transaction)
            .await?;
        let begun = begun(&Model { message_id: Some(message.get()), ..turn }, 1)?;
        self.commit_and_tell(transaction, started(&begun)).await?;
        Ok(BeginTurn::Started(begun))
    }

    /// The key, if it was used, after forgetting it where it counts no more.
    async fn used_key(
        &self,
        transaction: &Transaction,
        idempotency: &Idempotency,
    ) -> Result<Option<keys::Model>, StoreError> {
        let same = keys::Column::Key.eq(idempotency.key.as_str());
        let key = self.select::<keys::Entity>().filter(same.clone()).one(transaction).await?;
        let oldest = ago(IDEMPOTENCY_WINDOW);
        if key.as_ref().is_none_or(|key| key.created_at >= oldest) {
            return Ok(key);
        }
        self.delete::<keys::Entity>().filter(same).filter(keys::Column::CreatedAt.lt(oldest)).exec(transaction).await?;
        Ok(None)
    }

    async fn begin_again(
        &self,
        transaction: &Transaction,
        key: &keys::Model,
        idempotency: &Idempotency,
        new: &NewTurn,
    ) -> Result<BeginTurn, StoreError> {
        if key.fingerprint != idempotency.fingerprint {
            return Ok(BeginTurn::KeyReused);
        }
        let find = || self.select::<Entity>().filter(Column::Id.eq(key.turn_id)).one(transaction);
        let Some(turn) = find().await? else { return Ok(BeginTurn::ConversationNotFound) };
        // Conversation before turn, as everywhere: two orders would deadlock.
        self.lock_conversation(transaction, turn.conversation_id).await?;
        let Some(turn) = find().await? else { return Ok(BeginTurn::ConversationNotFound) };
        if !matches!(status(&turn)?, TurnStatus::Failed | TurnStatus::Interrupted) {
            return Ok(BeginTurn::Existing(record(turn)?));
        }
        if self.is_busy(transaction, turn.conversation_id).await? {
            return Ok(BeginTurn::InProgress);
        }
        let attempt = turn.attempt + 1;
        self.update::<Entity>()
            .filter(Column::Id.eq(turn.id))
            .col_expr(Column::Status, Expr::value(status_name(TurnStatus::Running)))
            .col_expr(Column::Attempt, Expr::value(attempt))
            .col_expr(Column::LeaseUntil, Expr::value(lapse(new.lease)))
            .col_expr(Column::StopRequested, Expr::value(false))
            .col_expr(Column::Outcome, Expr::value(None::<String>))
            .col_expr(Column::FinishedAt, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
            .exec(transaction)
            .await?;
        let next_seq = self.last_seq(transaction, turn.id).await?.unwrap_or(0) + 1;
        Ok(BeginTurn::Resumed(begun(&Model { attempt, ..turn }, next_seq)?))
    }

    /// Locks a conversation until the end of the transaction, so that its turns begin one after the other. `false`:
    /// there is none.
    async fn lock_conversation(&self, transaction: &Transaction, id: i64) -> Result<bool, StoreError> {
        let row = self
            .select::<conversation_rows::Entity>()
            .filter(conversation_rows::Column::Id.eq(id))
            .lock_exclusive()
            .one(transaction)
            .await?;
        Ok(row.is_some())
    }

    /// Whether a turn of the conversation is running; one whose server went away is marked so and does not count.
    async fn is_busy(&self, transaction: &Transaction, conversation: i64) -> Result<bool, StoreError> {
        let turn = self
            .select::<Entity>()
            .filter(Column::ConversationId.eq(conversation))
            .filter(running())
            .one(transaction)
            .await?;
        let Some(turn) = turn else { return Ok(false) };
        if status(&turn)? == TurnStatus::Running {
            return Ok(true);
        }
        self.update::<Entity>()
            .filter(Column::Id.eq(turn.id))
            .filter(running())
            .col_expr(Column::Status, Expr::value(status_name(TurnStatus::Interrupted)))
            .exec(transaction)
            .await?;
        Ok(false)
    }
}

const fn started(begun: &BegunTurn) -> AccountEvent {
    AccountEvent::TurnStarted { conversation_id: begun.conversation_id, turn_id: begun.turn_id }
}

fn begun(turn: &Model, next_seq: u32) -> Result<BegunTurn, StoreError> {
    Ok(BegunTurn {
        turn_id: turn.id.try_into().map_err(StoreError::internal)?,
        conversation_id: turn.conversation_id.try_into().map_err(StoreError::internal)?,
        message_id: message_id(turn)?,
        next_seq,
        attempt: turn.attempt,
    })
}

enum TryBegin {
    Duplicate,
    Store(StoreError),
}

impl From<StoreError> for TryBegin {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<sea_orm::DbErr> for TryBegin {
    fn from(error: sea_orm::DbErr) -> Self {
        if crate::error::is_duplicate(&error) { Self::Duplicate } else { Self::Store(error.into()) }
    }
}
