use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "turns")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub user_id: String,
    pub conversation_id: i64,
    pub message_id: Option<i64>,
    pub status: String,
    pub attempt: i32,
    pub lease_until: DateTimeUtc,
    pub stop_requested: bool,
    pub has_events: bool,
    pub outcome: Option<String>,
    pub created_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
