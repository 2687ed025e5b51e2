//! What an addition has to know about the list: how full it is, and which open tasks have the title already.
//!
//! Both come from one statement, so that the second question costs no round trip.

use saydo_contract::TaskId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, Order, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, UnionType},
};

use super::SAME_TITLES;
use crate::{StoreError, UserStore, entities::tasks, limited::Transaction};

/// What a row of the statement tells, as a constant of the type that both databases give to numbers.
const LIVE_TASKS: &str = "CAST(0 AS BIGINT)";
const SAME_TITLE: &str = "CAST(1 AS BIGINT)";

/// The list as an addition finds it.
pub(super) struct TitleCheck {
    /// Tasks that are not in the trash.
    pub(super) live_tasks: u64,
    /// Open tasks with the title and a smaller number, oldest first.
    pub(super) same_title: Vec<TaskId>,
}

impl UserStore {
    /// Looks for the title among the open tasks before number `before`, and counts the list.
    pub(super) async fn title_check(
        &self,
        transaction: &Transaction,
        title: &str,
        before: i64,
    ) -> Result<TitleCheck, StoreError> {
        let live = || self.select::<tasks::Entity>().filter(tasks::Column::DeletedAt.is_null()).select_only();
        let same_title = live()
            .filter(tasks::Column::Completed.eq(false))
            .filter(tasks::Column::Number.lt(before))
            // As in the index `tasks_title_idx`.
            .filter(ExprTrait::eq(Func::lower(Expr::col(tasks::Column::Title)), Func::lower(title)))
            .expr_as(Expr::cust(SAME_TITLE), "kind")
            .expr_as(Expr::col(tasks::Column::Number), "value")
            .into_query();
        let statement = live()
            .expr_as(Expr::cust(LIVE_TASKS), "kind")
            .expr_as(ExprTrait::count(Expr::col(tasks::Column::Number)), "value")
            .into_query()
            .union(UnionType::All, same_title)
            .order_by("kind", Order::Asc)
            .order_by("value", Order::Asc)
            .limit(1 + SAME_TITLES)
            .to_owned();
        let mut found = TitleCheck { live_tasks: 0, same_title: Vec::new() };
        for row in transaction.query_all(&statement).await? {
            let value: i64 = row.try_get("", "value")?;
            match row.try_get("", "kind")? {
                0_i64 => found.live_tasks = value.unsigned_abs(),
                _ => found.same_title.push(value.try_into().map_err(StoreError::internal)?),
            }
        }
        Ok(found)
    }
}
