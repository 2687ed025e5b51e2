//! Removing what is kept for a while only.

use std::time::Duration;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement},
};

use crate::{
    IDEMPOTENCY_WINDOW, Store, StoreError,
    database::ago,
    entities::{idempotency_keys, tasks, turn_events, turns},
};

/// How long the events of a turn are kept after its lease, for whoever follows it.
pub const EVENTS_KEPT: Duration = Duration::from_hours(24);

/// How long a task stays in the trash before it is gone, with the record of its changes.
pub const TRASH_KEPT: Duration = Duration::from_hours(30 * 24);

impl Store {
    /// Removes what was kept for long enough: events of turns ([`EVENTS_KEPT`]), idempotency keys
    /// ([`IDEMPOTENCY_WINDOW`]), tasks in the trash ([`TRASH_KEPT`]) and ended sessions, up to `batch` rows of each.
    /// Tells how many rows went: fewer than `batch` means that nothing is left to remove. Servers may all call it at
    /// the same time; none waits for rows that another is at.
    ///
    /// # Errors
    /// When the store cannot answer. What was removed until then stays so.
    pub async fn prune(&self, batch: u64) -> Result<u64, StoreError> {
        Ok(self.prune_events(batch).await?
            + self.prune_keys(batch).await?
            + self.prune_trash(batch).await?
            + self.accounts().delete_expired(batch).await?)
    }

    async fn prune_events(&self, batch: u64) -> Result<u64, StoreError> {
        use turn_events::{Column, Entity};
        let of_turn = || {
            Condition::all()
                .add(Expr::col((Entity, Column::UserId)).equals((turns::Entity, turns::Column::UserId)))
                .add(Expr::col((Entity, Column::TurnId)).equals((turns::Entity, turns::Column::Id)))
        };
        let over = || {
            Condition::all()
                .add(Expr::col((turns::Entity, turns::Column::HasEvents)))
                .add(turns::Column::LeaseUntil.lt(ago(EVENTS_KEPT)))
        };
        let key = [Column::UserId, Column::TurnId, Column::Seq];
        let old = Query::select()
            .columns(key.map(|column| (Entity, column)))
            .from(turns::Entity)
            .inner_join(Entity, of_turn())
            .cond_where(over())
            .limit(batch)
            .lock_with_tables_behavior(LockType::Update, [Entity], LockBehavior::SkipLocked)
            .take();
        let done = Entity::delete_many()
            .filter(Expr::tuple(key.map(Expr::col)).in_subquery(old))
            .exec(self.database.write())
            .await?;
        let mut emptied = Query::select()
            .column((turns::Entity, turns::Column::Id))
            .from(turns::Entity)
            .cond_where(over())
            .and_where(Expr::exists(Query::select().expr(Expr::val(1)).from(Entity).cond_where(of_turn()).take()).not())
            .take();
        turns::Entity::update_many()
            .filter(turns::Column::Id.in_subquery(free(&mut emptied, batch)))
            .col_expr(turns::Column::HasEvents, Expr::value(false))
            .exec(self.database.write())
            .await?;
        Ok(done.rows_affected)
    }

    async fn prune_keys(&self, batch: u64) -> Result<u64, StoreError> {
        use idempotency_keys::{Column, Entity};
        let key = [Column::UserId, Column::Key];
        let mut old =
            Query::select().columns(key).from(Entity).and_where(Column::CreatedAt.lt(ago(IDEMPOTENCY_WINDOW))).take();
        let done = Entity::delete_many()
            .filter(Expr::tuple(key.map(Expr::col)).in_subquery(free(&mut old, batch)))
            .exec(self.database.write())
            .await?;
        Ok(done.rows_affected)
    }

    /// The record of a task's changes goes with it.
    async fn prune_trash(&self, batch: u64) -> Result<u64, StoreError> {
        use tasks::{Column, Entity};
        let key = [Column::UserId, Column::Number];
        let mut old = Query::select().columns(key).from(Entity).and_where(Column::DeletedAt.lt(ago(TRASH_KEPT))).take();
        let done = Entity::delete_many()
            .filter(Expr::tuple(key.map(Expr::col)).in_subquery(free(&mut old, batch)))
            .exec(self.database.write())
            .await?;
        Ok(done.rows_affected)
    }
}

/// Some of the rows, none that another transaction is at.
pub(crate) fn free(rows: &mut SelectStatement, limit: u64) -> SelectStatement {
    rows.limit(limit).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).take()
}
