//! People, how they sign in, and where they are signed in. Names follow Better Auth.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0001_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("users")
                    .col(text("id").primary_key())
                    .col(text("name"))
                    .col(text_uniq("email"))
                    .col(boolean("email_verified"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                Table::create()
                    .table("accounts")
                    .col(text("id").primary_key())
                    .col(text("user_id"))
                    .col(text("provider_id"))
                    .col(text("account_id"))
                    .col(text_null("password"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(owned_by_user().name("accounts_user_id_fkey").from("accounts", "user_id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .unique()
                    .name("accounts_user_id_provider_id_key")
                    .table("accounts")
                    .col("user_id")
                    .col("provider_id")
                    .take(),
            )
            .await?;

        manager
            .create_table(
                Table::create()
                    .table("sessions")
                    .col(text("id").primary_key())
                    .col(text("user_id"))
                    .col(blob("token_hash").unique_key())
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(owned_by_user().name("sessions_user_id_fkey").from("sessions", "user_id"))
                    .take(),
            )
            .await?;
        for column in ["user_id", "expires_at"] {
            manager
                .create_index(
                    Index::create().name(format!("sessions_{column}_idx")).table("sessions").col(column).take(),
                )
                .await?;
        }
        Ok(())
    }
}

fn owned_by_user() -> ForeignKeyCreateStatement {
    ForeignKey::create().to("users", "id").on_delete(ForeignKeyAction::Cascade).take()
}
