//! The table `messages`: the messages of a conversation, with their tool calls and `meta`.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub user_id: String,
    pub conversation_id: i64,
    pub turn_id: i64,
    pub role: String,
    pub content: String,
    pub search_text: String,
    pub tool_calls: String,
    pub meta: Option<String>,
    pub created_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "(user_id, turn_id)", to = "(user_id, id)")]
    pub turn: BelongsTo<super::turns::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
