//! What a turn told while it ran.

use saydo_contract::{TurnEvent, TurnId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{BegunTurn, TurnError};
use crate::{
    StoreError, UserStore,
    entities::turn_events::{ActiveModel, Column, Entity},
    limited::Transaction,
};

impl UserStore {
    /// Stores events of a running turn, numbered by the caller from [`BegunTurn::next_seq`].
    ///
    /// # Errors
    /// [`TurnError::Lost`]: the turn is not the caller's any more.
    pub async fn append_events(&self, turn: &BegunTurn, events: &[(u32, TurnEvent)]) -> Result<(), TurnError> {
        let transaction = self.database.begin().await?;
        self.check_held(&transaction, turn).await?;
        self.insert_events(&transaction, turn.turn_id, events).await?;
        Ok(transaction.commit().await?)
    }

    /// The events of a turn that come after one, in order, up to `limit`. After 0: from the first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn events_after(&self, turn: TurnId, seq: u32, limit: u64) -> Result<Vec<(u32, TurnEvent)>, StoreError> {
        let rows = self
            .select::<Entity>()
            .filter(Column::TurnId.eq(turn.get()))
            .filter(Column::Seq.gt(i32::try_from(seq).unwrap_or(i32::MAX)))
            .order_by_asc(Column::Seq)
            .limit(limit)
            .all(&self.database.read)
            .await?;
        rows.into_iter()
            .map(|row| {
                let seq = u32::try_from(row.seq).map_err(StoreError::internal)?;
                Ok((seq, serde_json::from_str(&row.event).map_err(StoreError::internal)?))
            })
            .collect()
    }

    pub(super) async fn insert_events(
        &self,
        transaction: &Transaction,
        turn: TurnId,
        events: &[(u32, TurnEvent)],
    ) -> Result<(), StoreError> {
        let rows = events
            .iter()
            .map(|(seq, event)| {
                Ok(ActiveModel {
                    user_id: Set(self.owner()),
                    turn_id: Set(turn.get()),
                    seq: Set(i32::try_from(*seq).map_err(StoreError::internal)?),
                    event: Set(serde_json::to_string(event).map_err(StoreError::internal)?),
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        // Well under both databases' limit of bound values. Those whose commit was not answered come again.
        for batch in rows.chunks(1_000) {
            Entity::insert_many(batch.to_vec()).on_conflict_do_nothing().exec_without_returning(transaction).await?;
        }
        Ok(())
    }

    /// The number of a turn's last event; `None` where it told nothing yet.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn last_event(&self, turn: TurnId) -> Result<Option<u32>, StoreError> {
        self.last_seq(&self.database.read, turn.get()).await
    }

    pub(super) async fn last_seq(
        &self,
        connection: &impl ConnectionTrait,
        turn: i64,
    ) -> Result<Option<u32>, StoreError> {
        let last = self
            .select::<Entity>()
            .filter(Column::TurnId.eq(turn))
            .order_by_desc(Column::Seq)
            .limit(1)
            .one(connection)
            .await?;
        last.map(|row| u32::try_from(row.seq).map_err(StoreError::internal)).transpose()
    }
}
