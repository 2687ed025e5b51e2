//! How a person writes dates and times.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0007_account_locale"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in ["date_order", "hour_cycle"] {
            let added = Table::alter().table("settings").add_column(text_null(column)).take();
            manager.alter_table(added).await?;
        }
        Ok(())
    }
}
