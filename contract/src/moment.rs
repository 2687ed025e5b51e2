//! Moments on the wire.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Reads a date-time of RFC 3339. chrono's own reading takes more forms, with patterns that cost the page 5 KB.
///
/// # Errors
/// Any other text.
pub fn rfc3339<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    DateTime::parse_from_rfc3339(&text).map(|moment| moment.to_utc()).map_err(D::Error::custom)
}

/// [`rfc3339`], or null.
pub(crate) fn rfc3339_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    #[derive(Deserialize)]
    struct Moment(#[serde(deserialize_with = "rfc3339")] DateTime<Utc>);
    Ok(Option::<Moment>::deserialize(deserializer)?.map(|Moment(moment)| moment))
}

/// Writes a date-time as JavaScript's `toISOString` does: with three digits of milliseconds. Better Auth's client reads
/// any number of digits as milliseconds.
///
/// # Errors
/// Where the format refuses a text.
pub(crate) fn milliseconds<S: Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&moment.to_rfc3339_opts(SecondsFormat::Millis, true))
}
