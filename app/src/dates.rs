//! Dates as a person reads them: as the agent writes them, so that both say the same.

use chrono::{DateTime, Datelike, NaiveDate};
use leptos::prelude::*;
use saydo_contract::Due;

use crate::{
    app::Page,
    browser::{self, Local},
    html::{Element, el},
    tasks::Clock,
    words::Words,
};

/// How much of a date is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateStyle {
    /// "Fri, 27 Nov 2026"
    Full,
    /// "Fri, 27 Nov"; with the year where it is not this one.
    Short,
}

/// A due date in words. In the first view it is as on the wire: there is no zone yet.
pub(crate) fn when(page: Page, due: Due, style: DateStyle) -> Element {
    let plain = due.to_string();
    let words = page.words;
    let shown = move || {
        if !page.hydrated.get() {
            return due.to_string();
        }
        // A day belongs to no time zone.
        let (date, time) = match due {
            Due::Date(date) => (date, None),
            Due::At(moment) => {
                #[expect(clippy::cast_precision_loss, reason = "milliseconds of a due date fit")]
                let local = browser::local(moment.timestamp_millis() as f64);
                (day(local), Some((local.hour, local.minute)))
            }
        };
        let this_year = style == DateStyle::Short && date.year() == clock().today.year();
        written(date, time, if this_year { None } else { Some(date.year()) }, words)
    };
    el("time").attr("datetime", plain).add_fn(shown)
}

/// "Fri, 27 Nov 2026, 15:00", of which the year and the time may be left out.
fn written(date: NaiveDate, time: Option<(u32, u32)>, year: Option<i32>, words: &Words) -> String {
    let weekday = words.weekdays.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    let month = words.months.get(date.month0() as usize).copied().unwrap_or_default();
    let mut out = weekday.to_owned() + words.comma + &date.day().to_string() + " " + month;
    if let Some(year) = year {
        out.push(' ');
        out.push_str(&year.to_string());
    }
    if let Some((hour, minute)) = time {
        out.push_str(words.comma);
        out.push_str(&clock_time(hour, minute));
    }
    out
}

/// A due date as a command says it: on the person's own clock.
pub(crate) fn spoken(due: Due) -> String {
    let (date, time) = fields(due);
    if time.is_empty() { date } else { date + " " + &time }
}

/// What the fields for a date and a time hold: `2026-11-30` and `17:00`, or no time.
pub(crate) fn fields(due: Due) -> (String, String) {
    match due {
        Due::Date(date) => (date.to_string(), String::new()),
        Due::At(moment) => {
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of a due date fit")]
            let local = browser::local(moment.timestamp_millis() as f64);
            (day(local).to_string(), clock_time(local.hour, local.minute))
        }
    }
}

/// The due date that the two fields say, on the person's clock.
pub(crate) fn from_fields(date: &str, time: &str) -> Option<Due> {
    if time.is_empty() {
        return date.parse().ok();
    }
    let mut moment = date.to_owned() + "T" + time + ":00";
    let offset = browser::offset(&moment)?;
    moment.push(if offset < 0 { '-' } else { '+' });
    moment.push_str(&clock_time(offset.unsigned_abs() / 60, offset.unsigned_abs() % 60));
    moment.parse().ok()
}

fn clock_time(hour: u32, minute: u32) -> String {
    let mut out = String::new();
    for (number, after) in [(hour, ":"), (minute, "")] {
        if number < 10 {
            out.push('0');
        }
        out.push_str(&number.to_string());
        out.push_str(after);
    }
    out
}

fn day(local: Local) -> NaiveDate {
    NaiveDate::from_ymd_opt(local.year, local.month, local.day).unwrap_or_default()
}

/// The browser's clock.
pub(crate) fn clock() -> Clock {
    let now = browser::now();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let moment = DateTime::from_timestamp_millis(now as i64).unwrap_or_default();
    Clock { today: day(browser::local(now)), now: moment }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::ENGLISH;

    /// UI-27: the agent's way of writing dates, to the character.
    #[test]
    fn dates_are_written_as_the_agent_writes_them() {
        let first: NaiveDate = "2026-01-01".parse().unwrap();
        for date in first.iter_days().take(400) {
            assert_eq!(written(date, None, Some(date.year()), &ENGLISH), date.format("%a, %-d %b %Y").to_string());
        }
        let date = "2026-11-21".parse().unwrap();
        assert_eq!(written(date, Some((15, 0)), Some(2026), &ENGLISH), "Sat, 21 Nov 2026, 15:00");
        assert_eq!(written(date, Some((9, 5)), None, &ENGLISH), "Sat, 21 Nov, 09:05");
    }
}
