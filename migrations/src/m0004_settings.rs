//! What the server remembers of how a person is set up.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0004_settings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let settings =
            Table::create().table("settings").col(text("user_id").primary_key()).col(text("time_zone")).take();
        manager.create_table(settings).await
    }
}
