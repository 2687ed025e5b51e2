//! What is remembered of how a person is set up.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{
    StoreError, UserStore,
    entities::settings::{ActiveModel, Column, Entity},
};

impl UserStore {
    /// The name of the person's time zone, as it was kept last.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn time_zone(&self) -> Result<Option<String>, StoreError> {
        Ok(self.select::<Entity>().one(&self.database.read).await?.map(|settings| settings.time_zone))
    }

    /// Keeps the name of the person's time zone; where it is the one that is kept, nothing is written.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn keep_time_zone(&self, zone: &str) -> Result<(), StoreError> {
        if self.time_zone().await?.as_deref() == Some(zone) {
            return Ok(());
        }
        Entity::insert(ActiveModel { user_id: Set(self.owner()), time_zone: Set(zone.to_owned()) })
            .on_conflict(OnConflict::column(Column::UserId).update_column(Column::TimeZone).to_owned())
            .exec_without_returning(self.database.write())
            .await?;
        Ok(())
    }
}
