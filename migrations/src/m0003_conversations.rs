//! Conversations, their messages and turns, and what each turn told while it ran.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0003_conversations"
    }
}

const ONE_RUNNING_TURN: &str =
    "CREATE UNIQUE INDEX turns_running_key ON turns (user_id, conversation_id) WHERE status = 'running'";

/// Finds the turns whose events are to be removed.
const EVENTS_INDEX: &str = "CREATE INDEX turns_events_idx ON turns (lease_until) WHERE has_events";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();

        manager
            .create_table(
                Table::create()
                    .table("conversations")
                    .col(big_pk_auto("id"))
                    .col(text("user_id"))
                    .col(text("title"))
                    .col(text("search_text"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .take(),
            )
            .await?;
        index(manager, "conversations_user_id_id_key", "conversations", &["user_id", "id"], Rows::Unique).await?;
        index(manager, "conversations_list_idx", "conversations", &["user_id", "updated_at", "id"], Rows::Any).await?;

        manager
            .create_table(
                Table::create()
                    .table("turns")
                    .col(big_pk_auto("id"))
                    .col(text("user_id"))
                    .col(big_integer("conversation_id"))
                    // The person's message; set in the transaction that makes both.
                    .col(big_integer_null("message_id"))
                    .col(text("status"))
                    // Counts the runs: a server that lost its lease must not write into the next run.
                    .col(integer("attempt"))
                    .col(timestamp_with_time_zone("lease_until"))
                    .col(boolean("stop_requested"))
                    // False once its events were removed.
                    .col(boolean("has_events"))
                    .col(text_null("outcome"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .foreign_key(&mut child_of("turns", "conversation_id", "conversations"))
                    .take(),
            )
            .await?;
        index(manager, "turns_user_id_id_key", "turns", &["user_id", "id"], Rows::Unique).await?;
        index(manager, "turns_conversation_idx", "turns", &["user_id", "conversation_id", "id"], Rows::Any).await?;
        connection.execute_unprepared(ONE_RUNNING_TURN).await?;
        connection.execute_unprepared(EVENTS_INDEX).await?;

        // No foreign key to turns: a request whose conversation is gone must not run again.
        manager
            .create_table(
                Table::create()
                    .table("idempotency_keys")
                    .col(text("user_id"))
                    .col(text("key"))
                    .col(blob("fingerprint"))
                    .col(big_integer("turn_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("user_id").col("key"))
                    .take(),
            )
            .await?;
        index(manager, "idempotency_keys_created_at_idx", "idempotency_keys", &["created_at"], Rows::Any).await?;

        manager
            .create_table(
                Table::create()
                    .table("messages")
                    .col(big_pk_auto("id"))
                    .col(text("user_id"))
                    .col(big_integer("conversation_id"))
                    .col(big_integer("turn_id"))
                    .col(text("role"))
                    .col(text("content"))
                    .col(text("search_text"))
                    .col(text("tool_calls"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut child_of("messages", "conversation_id", "conversations"))
                    .foreign_key(&mut child_of("messages", "turn_id", "turns"))
                    .take(),
            )
            .await?;
        let list = ["user_id", "conversation_id", "id"];
        index(manager, "messages_conversation_idx", "messages", &list, Rows::Any).await?;
        index(manager, "messages_turn_idx", "messages", &["user_id", "turn_id"], Rows::Any).await?;

        manager
            .create_table(
                Table::create()
                    .table("turn_events")
                    .col(text("user_id"))
                    .col(big_integer("turn_id"))
                    .col(integer("seq"))
                    .col(text("event"))
                    .primary_key(Index::create().col("user_id").col("turn_id").col("seq"))
                    .foreign_key(&mut child_of("turn_events", "turn_id", "turns"))
                    .take(),
            )
            .await
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    Any,
    Unique,
}

async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
    rows: Rows,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    if rows == Rows::Unique {
        index.unique();
    }
    manager.create_index(index).await
}

/// A parent of the same owner.
fn child_of(table: &'static str, column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fkey"))
        .from(table, ("user_id", column))
        .to(parent, ("user_id", "id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}
