//! Tasks, their numbers, and the record of every change.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0002_tasks"
    }
}

/// The order of the task list. The store's queries repeat these expressions word for word, so that the index serves
/// them: a day or time that is missing sorts last among days, first within its day.
const LIST_INDEX: &str = "CREATE INDEX tasks_list_idx ON tasks (user_id, completed, \
     COALESCE(due_date, '9999-12-31'), COALESCE(due_at, '0001-01-01T00:00:00+00:00'), number) \
     WHERE deleted_at IS NULL";

/// Finds the tasks that were in the trash for long enough.
const TRASH_INDEX: &str = "CREATE INDEX tasks_trash_idx ON tasks (deleted_at) WHERE deleted_at IS NOT NULL";

const ONE_EFFECT_PER_CALL: &str = "CREATE UNIQUE INDEX task_changes_call_key ON task_changes \
     (user_id, turn_id, call_id) WHERE turn_id IS NOT NULL AND call_id IS NOT NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The last number given out: numbers are never used again, and the row is the lock of a person's list.
        manager
            .create_table(
                Table::create()
                    .table("task_numbers")
                    .col(text("user_id").primary_key())
                    .col(big_integer("last"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                Table::create()
                    .table("tasks")
                    .col(text("user_id"))
                    .col(big_integer("number"))
                    .col(text("title"))
                    .col(text_null("description"))
                    // Title and description in lower case: what a search looks into.
                    .col(text("search_text"))
                    .col(boolean("completed"))
                    // The day as the person's clock shows it; with a time also the instant and the clock's offset.
                    .col(date_null("due_date"))
                    .col(timestamp_with_time_zone_null("due_at"))
                    .col(integer_null("due_offset_minutes"))
                    .col(small_integer("priority"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone_null("completed_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .primary_key(Index::create().col("user_id").col("number"))
                    .take(),
            )
            .await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(LIST_INDEX).await?;
        connection.execute_unprepared(TRASH_INDEX).await?;

        // No foreign key to turns: what happened to a task outlives the conversation that asked for it.
        manager
            .create_table(
                Table::create()
                    .table("task_changes")
                    .col(big_pk_auto("id"))
                    .col(text("user_id"))
                    .col(big_integer("number"))
                    .col(big_integer_null("turn_id"))
                    .col(text_null("call_id"))
                    .col(text_null("verb"))
                    .col(text_null("before"))
                    .col(text_null("after"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("task_changes_number_fkey")
                            .from("task_changes", ("user_id", "number"))
                            .to("tasks", ("user_id", "number"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("task_changes_number_idx")
                    .table("task_changes")
                    .col("user_id")
                    .col("number")
                    .col("id")
                    .take(),
            )
            .await?;
        connection.execute_unprepared(ONE_EFFECT_PER_CALL).await?;
        Ok(())
    }
}
