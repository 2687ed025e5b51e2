//! A person's zone and locale for one request: what the request says, else what the account's requests last said.

use chrono::Utc;
use chrono_tz::Tz;
use saydo_agent::{LocalNow, zone_locale};
use saydo_contract::Locale;
use saydo_store::{RegionalSettings, StoreError, UserStore};

/// A person's zone and locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Regional {
    pub(crate) zone: Tz,
    pub(crate) locale: Locale,
}

impl Regional {
    /// What the request names, which is kept as the account's; else the account's.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub(crate) async fn keep(store: &UserStore, zone: Option<Tz>, locale: Option<Locale>) -> Result<Self, StoreError> {
        let named = RegionalSettings { time_zone: zone.map(|zone| zone.name().to_owned()), locale };
        store.keep_regional_settings(named).await.map(Self::of)
    }

    /// The account's. Without a zone it is UTC; without a locale, the zone's.
    pub(crate) fn of(settings: RegionalSettings) -> Self {
        let zone = settings.time_zone.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC);
        Self { zone, locale: settings.locale.unwrap_or_else(|| zone_locale(zone)) }
    }

    /// This moment, as the person writes it.
    pub(crate) fn now(self) -> LocalNow {
        LocalNow { moment: Utc::now().with_timezone(&self.zone), locale: self.locale }
    }
}
