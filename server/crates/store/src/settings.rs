//! An account's regional settings: what its requests last said of the person's zone and locale.

use saydo_contract::{DateOrder, HourCycle, Locale};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{
    StoreError, UserStore,
    entities::settings::{ActiveModel, Column, Entity, Model},
};

/// A person's time zone and date format. `None`: no request ever named them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionalSettings {
    /// The name of the time zone (IANA).
    pub time_zone: Option<String>,
    /// The order of dates and the hour cycle.
    pub locale: Option<Locale>,
}

impl UserStore {
    /// What was kept last.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn regional_settings(&self) -> Result<RegionalSettings, StoreError> {
        let row = self.select::<Entity>().one(&self.database.read).await?;
        Ok(row.map(RegionalSettings::from).unwrap_or_default())
    }

    /// Keeps what is `Some` and returns all that is kept then. Where nothing changes, nothing is written.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn keep_regional_settings(&self, named: RegionalSettings) -> Result<RegionalSettings, StoreError> {
        let kept = self.regional_settings().await?;
        let settings = RegionalSettings {
            time_zone: named.time_zone.or_else(|| kept.time_zone.clone()),
            locale: named.locale.or(kept.locale),
        };
        // Only what changes: another request may write the rest at the same moment.
        let mut columns = Vec::new();
        if settings.time_zone != kept.time_zone {
            columns.push(Column::TimeZone);
        }
        if settings.locale != kept.locale {
            columns.extend([Column::DateOrder, Column::HourCycle]);
        }
        if !columns.is_empty() {
            Entity::insert(self.row(&settings))
                .on_conflict(OnConflict::column(Column::UserId).update_columns(columns).to_owned())
                .exec_without_returning(self.database.write())
                .await?;
        }
        Ok(settings)
    }

    fn row(&self, settings: &RegionalSettings) -> ActiveModel {
        ActiveModel {
            user_id: Set(self.owner()),
            time_zone: Set(settings.time_zone.clone().unwrap_or_default()),
            date_order: Set(settings.locale.map(|locale| locale.date_order.as_str().to_owned())),
            hour_cycle: Set(settings.locale.map(|locale| locale.hour_cycle.as_str().to_owned())),
        }
    }
}

impl From<Model> for RegionalSettings {
    /// A value that a newer version wrote counts as none.
    fn from(row: Model) -> Self {
        let date_order = row.date_order.as_deref().and_then(DateOrder::parse);
        let hour_cycle = row.hour_cycle.as_deref().and_then(HourCycle::parse);
        Self {
            time_zone: Some(row.time_zone).filter(|name| !name.is_empty()),
            locale: date_order.zip(hour_cycle).map(|(date_order, hour_cycle)| Locale { date_order, hour_cycle }),
        }
    }
}
