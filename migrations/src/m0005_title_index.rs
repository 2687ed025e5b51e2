//! Finds the tasks of a title, so that an addition can say that the list has it already.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0005_title_index"
    }
}

/// On an expression and not on a column of its own: old rows, and rows that the old release writes during a rolling
/// update, are found too.
const TITLE_INDEX: &str =
    "CREATE INDEX tasks_title_idx ON tasks (user_id, lower(title), number) WHERE deleted_at IS NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(TITLE_INDEX).await?;
        Ok(())
    }
}
