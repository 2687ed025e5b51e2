//! The table `settings`: the time zone, the date order and the clock that an account uses.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// Empty where no request named one: an older replica reads the column as text.
    pub time_zone: String,
    pub date_order: Option<String>,
    pub hour_cycle: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
