//! Tasks, and how they change.

use std::{borrow::Cow, fmt, ops::Range, str::FromStr};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::{TaskId, TaskTitle};

/// A task as every reader sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, JsonSchema)]
#[schemars(inline)]
pub struct Task {
    /// The task's number on its owner's list.
    pub id: TaskId,
    /// What is to be done.
    pub title: TaskTitle,
    /// Notes; absent where there are none.
    pub description: Option<String>,
    /// Whether it is done.
    pub completed: bool,
    /// When it is due: a date, or a date and time with offset.
    pub due: Option<Due>,
    /// How urgent it is.
    pub priority: Priority,
    /// When it was added (UTC).
    #[serde(deserialize_with = "crate::rfc3339")]
    pub created_at: DateTime<Utc>,
    /// When it last changed (UTC).
    #[serde(deserialize_with = "crate::rfc3339")]
    pub updated_at: DateTime<Utc>,
    /// When it was completed (UTC), if it is.
    #[serde(deserialize_with = "crate::moment::rfc3339_or_null")]
    pub completed_at: Option<DateTime<Utc>>,
}

/// How urgent a task is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Priority {
    /// Not said.
    #[default]
    None,
    /// Whenever there is time.
    Low,
    /// Soon.
    Medium,
    /// First.
    High,
}

/// Which tasks a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum StatusFilter {
    /// Open and completed tasks.
    #[default]
    All,
    /// Open tasks.
    Pending,
    /// Completed tasks.
    Completed,
}

/// When a task is due.
///
/// On the wire a date (`2026-11-30`), which belongs to no time zone and never shifts, or a date-time with offset
/// (RFC 3339, whole seconds).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Due {
    /// The whole day.
    Date(NaiveDate),
    /// A moment, with the offset the person meant.
    At(DateTime<FixedOffset>),
}

/// A text that is neither a date nor a date-time with offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a date such as 2026-11-30 or a date-time with offset such as 2026-11-30T17:00:00+01:00")]
pub struct InvalidDue;

impl Due {
    /// The calendar day, as the person's clock shows it.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Date(date) => *date,
            Self::At(moment) => moment.date_naive(),
        }
    }
}

impl FromStr for Due {
    type Err = InvalidDue;

    fn from_str(text: &str) -> Result<Self, InvalidDue> {
        // Written out, because the library's own parser takes blanks and signs, and its patterns cost the page 4 KB.
        let is_date = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
        let due = if is_date {
            let part = |digits: Range<usize>| text[digits].parse::<u16>().map_err(|_| InvalidDue);
            let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
            NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).map(Self::Date).ok_or(InvalidDue)?
        } else {
            let moment = DateTime::parse_from_rfc3339(text).map_err(|_| InvalidDue)?;
            let whole_seconds = DateTime::from_timestamp(moment.timestamp(), 0).ok_or(InvalidDue)?;
            Self::At(whole_seconds.with_timezone(moment.offset()))
        };
        // Both databases keep these years; nobody plans outside them.
        if (1900..=9998).contains(&due.day().year()) { Ok(due) } else { Err(InvalidDue) }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => fmt::Debug::fmt(date, f),
            Self::At(moment) => f.write_str(&moment.to_rfc3339_opts(SecondsFormat::Secs, true)),
        }
    }
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

const DUE_DOC: &str = "A date (2026-11-30) or a date-time with offset (2026-11-30T17:00:00+01:00, RFC 3339).";

impl JsonSchema for Due {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Due".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

impl utoipa::PartialSchema for Due {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some(DUE_DOC))
            .examples(["2026-11-30", "2026-11-30T17:00:00+01:00"])
            .into()
    }
}

impl ToSchema for Due {}

/// A field of an update: absent keeps, `null` clears, a value sets.
///
/// Use with `#[serde(default, skip_serializing_if = "Patch::is_keep")]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Leave the value as it is.
    #[default]
    Keep,
    /// Remove the value.
    Clear,
    /// Replace the value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether nothing is asked for.
    #[must_use]
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

impl<T: JsonSchema> JsonSchema for Patch<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Patch_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// What happened to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ChangeVerb {
    /// It was added.
    Created,
    /// It was marked as done.
    Completed,
    /// It was marked as not done.
    Reopened,
    /// Its title, description, due date or priority changed.
    Updated,
    /// It was moved to the trash.
    Deleted,
    /// It was taken back from the trash.
    Restored,
}

/// One change of one task: a receipt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, JsonSchema)]
#[schemars(inline)]
pub struct TaskChange {
    /// Which task.
    pub task_id: TaskId,
    /// Its title after the change (before it, where it was deleted).
    pub title: TaskTitle,
    /// What happened.
    pub verb: ChangeVerb,
    /// The task before; `null` where it did not exist.
    #[schemars(schema_with = "task_or_null")]
    pub before: Option<Task>,
    /// The task after; `null` where it is gone.
    #[schemars(schema_with = "task_or_null")]
    pub after: Option<Task>,
}

/// A schema that does not repeat the task's.
fn task_or_null(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["object", "null"] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_is_a_date_or_a_moment_with_offset() {
        for (text, shown) in [
            ("2026-11-30", "2026-11-30"),
            ("2026-11-30T17:00:00+01:00", "2026-11-30T17:00:00+01:00"),
            ("2026-11-30T17:00:00.999Z", "2026-11-30T17:00:00Z"),
        ] {
            assert_eq!(text.parse::<Due>().map(|due| due.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for wrong in [
            "",
            "tomorrow",
            "2026-02-30",
            "2026-11-30T17:00",
            "2026-1-1",
            "2026 -1 -1",
            "2026-11- 1",
            "0000-01-01",
            "+12026-01-01",
        ] {
            assert_eq!(wrong.parse::<Due>(), Err(InvalidDue), "{wrong}");
        }
    }

    #[test]
    fn a_patch_tells_absent_from_null() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Form {
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            due: Patch<Due>,
        }
        for (json, expected) in [
            ("{}", Patch::Keep),
            (r#"{"due":null}"#, Patch::Clear),
            (r#"{"due":"2026-11-30"}"#, "2026-11-30".parse().map_or(Patch::Keep, Patch::Set)),
        ] {
            let form = serde_json::from_str::<Form>(json);
            assert_eq!(form.as_ref().ok(), Some(&Form { due: expected }));
            assert_eq!(form.ok().and_then(|form| serde_json::to_string(&form).ok()).as_deref(), Some(json));
        }
    }
}
