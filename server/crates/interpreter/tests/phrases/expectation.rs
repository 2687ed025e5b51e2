//! What a case expects, and whether a turn did it.

use chrono::{DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveTime, Timelike, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::simulation::{Call, Outcome, Turn};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    calls: Option<Vec<Map<String, Value>>>,
    outcome: Option<Outcome>,
}

impl Expectation {
    pub(crate) fn check(&self, turn: &Turn, now: DateTime<Tz>) -> Result<(), String> {
        if let Some(outcome) = self.outcome
            && (!turn.calls.is_empty() || turn.outcome != outcome)
        {
            return Err(format!("expected {outcome:?}, got {:?} {:?}", turn.outcome, turn.calls));
        }
        let Some(calls) = &self.calls else { return Ok(()) };
        if calls.len() != turn.calls.len() {
            return Err(format!("expected {calls:?}, got {:?} {:?}", turn.outcome, turn.calls));
        }
        for (expected, call) in calls.iter().zip(&turn.calls) {
            if !fits(expected, call, now) {
                return Err(format!("expected {expected:?}, got {call:?}"));
            }
        }
        Ok(())
    }

    /// A change of a task that was not asked for.
    pub(crate) fn unmeant_write(&self, turn: &Turn, now: DateTime<Tz>) -> Option<String> {
        let expected = self.calls.as_deref().unwrap_or_default();
        turn.calls
            .iter()
            .find(|call| {
                call.tool != "list_tasks"
                    && call.tool != "add_task"
                    && !expected.iter().any(|expected| fits(expected, call, now))
            })
            .map(|call| format!("{call:?}"))
    }
}

fn fits(expected: &Map<String, Value>, call: &Call, now: DateTime<Tz>) -> bool {
    expected.iter().all(|(key, value)| match key.as_str() {
        "tool" => value == call.tool,
        "due" => match (value, call.arguments.get("due")) {
            (Value::Null, given) if call.tool == "add_task" => given.is_none(),
            (Value::Null, given) => given == Some(&Value::Null),
            (Value::String(readings), Some(Value::String(due))) => {
                readings.split('|').any(|reading| is_due(reading, due, now))
            }
            _ => false,
        },
        key => match (value, call.arguments.get(key)) {
            (Value::String(readings), Some(Value::String(given))) => {
                readings.split('|').any(|reading| plain(reading) == plain(given))
            }
            (Value::Null, None) => true,
            (value, Some(given)) => value == given,
            _ => false,
        },
    })
}

/// Without case and final punctuation.
fn plain(text: &str) -> String {
    text.trim().trim_end_matches(['.', '!', '?', ',', ';', ':']).trim().to_lowercase()
}

/// Whether a due date is of a reading such as `+1T17:00`.
fn is_due(reading: &str, due: &str, now: DateTime<Tz>) -> bool {
    if let Some(minutes) = reading.strip_prefix("now+") {
        let moment = now + Duration::minutes(minutes.parse().unwrap());
        let expected = moment.with_second(0).unwrap();
        return DateTime::parse_from_rfc3339(due).is_ok_and(|due| due == expected);
    }
    let (day, time) = reading.split_once('T').map_or((reading, None), |(day, time)| (day, Some(time)));
    let date = day_of(day, now.date_naive());
    match time {
        None => NaiveDate::parse_from_str(due, "%Y-%m-%d").is_ok_and(|due| due == date),
        Some(time) => {
            let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
            DateTime::parse_from_rfc3339(due)
                .is_ok_and(|due| due.with_timezone(&now.timezone()).naive_local() == date.and_time(time))
        }
    }
}

fn day_of(reading: &str, today: NaiveDate) -> NaiveDate {
    if let Some(days) = reading.strip_prefix('+') {
        return today + Days::new(days.parse().unwrap());
    }
    if let Some(days) = reading.strip_prefix('-') {
        return today - Days::new(days.parse().unwrap());
    }
    if let Some(months) = reading.strip_prefix("month+") {
        return today + Months::new(months.parse().unwrap());
    }
    if let Some(day) = reading.strip_prefix("dom") {
        let day: u32 = day.parse().unwrap();
        return today.iter_days().find(|date| date.day() == day).unwrap();
    }
    if reading == "eom" {
        return today.iter_days().find(|date| (*date + Days::new(1)).day() == 1).unwrap();
    }
    if let Ok(weekday) = reading.parse::<Weekday>() {
        return today.iter_days().skip(1).find(|date| date.weekday() == weekday).unwrap();
    }
    if let Ok(date) = NaiveDate::parse_from_str(reading, "%Y-%m-%d") {
        return date;
    }
    let (month, day) = reading.split_once('-').unwrap_or_else(|| panic!("no date: {reading}"));
    let (month, day): (u32, u32) = (month.parse().unwrap(), day.parse().unwrap());
    today.iter_days().find(|date| date.month() == month && date.day() == day).unwrap()
}
