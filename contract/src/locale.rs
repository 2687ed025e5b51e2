//! How a person writes dates and times. The server reads it from `Accept-Language`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a person writes dates and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Locale {
    /// The order of the parts of a date in digits.
    pub date_order: DateOrder,
    /// How the hours of a day are counted.
    pub hour_cycle: HourCycle,
}

/// The order of the parts of a date in digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year: `12/5` is the 12th of May.
    Dmy,
    /// Month, day, year: `12/5` is the 5th of December.
    Mdy,
    /// Year, month, day: `12/5` is the 5th of December.
    Ymd,
}

/// How the hours of a day are counted, by the names of BCP 47's `hc` keyword.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HourCycle {
    /// Twice 1 to 12: 5:00 PM.
    H12,
    /// 0 to 23: 17:00.
    #[default]
    H23,
}

impl DateOrder {
    const ALL: [Self; 3] = [Self::Dmy, Self::Mdy, Self::Ymd];

    /// As on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
            Self::Ymd => "ymd",
        }
    }

    /// Reads what [`as_str`](Self::as_str) gives; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.as_str() == text)
    }
}

impl HourCycle {
    /// As on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::H12 => "h12",
            Self::H23 => "h23",
        }
    }

    /// Reads what [`as_str`](Self::as_str) gives; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::H12, Self::H23].into_iter().find(|cycle| cycle.as_str() == text)
    }
}
