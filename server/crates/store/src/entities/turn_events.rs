use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "turn_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub turn_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    pub event: String,
}

impl ActiveModelBehavior for ActiveModel {}
