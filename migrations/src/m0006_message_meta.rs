//! What a message of the agent carries beside its words, as JSON.
//!
//! The column is nullable and older servers name their columns, so that they read and write beside newer ones.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0006_message_meta"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("messages").add_column(text_null("meta")).take()).await
    }
}
