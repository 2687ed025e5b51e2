//! Dates as a person reads them: as the agent writes them, so that both say the same.

use chrono::{DateTime, Datelike, NaiveDate};
use leptos::prelude::*;
use saydo_contract::{Due, HourCycle};

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
                (day(local), Some(time_in_words(local.hour, local.minute, page.settings.hour_cycle.get(), words)))
            }
        };
        let this_year = style == DateStyle::Short && date.year() == clock().today.year();
        written(date, time, if this_year { None } else { Some(date.year()) }, words)
    };
    el("time").attr("datetime", plain).add_fn(shown)
}

/// "Fri, 27 Nov 2026, 15:00", of which the year and the time may be left out.
fn written(date: NaiveDate, time: Option<String>, year: Option<i32>, words: &Words) -> String {
    let weekday = words.weekdays.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    let month = words.months.get(date.month0() as usize).copied().unwrap_or_default();
    let mut out = weekday.to_owned() + words.comma + &date.day().to_string() + " " + month;
    if let Some(year) = year {
        out.push(' ');
        out.push_str(&year.to_string());
    }
    if let Some(time) = time {
        out.push_str(words.comma);
        out.push_str(&time);
    }
    out
}

/// "15:00" or "3:00 PM"
fn time_in_words(hour: u32, minute: u32, cycle: HourCycle, words: &Words) -> String {
    let time = clock_time(hour, minute);
    if cycle == HourCycle::H23 {
        return time;
    }
    let half = words.day_halves.get((hour / 12) as usize).copied().unwrap_or_default();
    // Midnight and noon are 12.
    ((hour + 11) % 12 + 1).to_string() + time.get(2..).unwrap_or_default() + " " + half
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

    /// UI-27, UI-90: the agent's way of writing dates, to the character, on either clock.
    #[test]
    fn dates_are_written_as_the_agent_writes_them() {
        let first: NaiveDate = "2026-01-01".parse().unwrap();
        for date in first.iter_days().take(400) {
            assert_eq!(written(date, None, Some(date.year()), &ENGLISH), date.format("%a, %-d %b %Y").to_string());
        }
        let date: NaiveDate = "2026-11-21".parse().unwrap();
        let time = |hour, minute, cycle| Some(time_in_words(hour, minute, cycle, &ENGLISH));
        let at = |hour, minute, cycle| written(date, time(hour, minute, cycle), Some(2026), &ENGLISH);
        assert_eq!(written(date, time(9, 5, HourCycle::H23), None, &ENGLISH), "Sat, 21 Nov, 09:05");
        for minutes in 0..24 * 60 {
            let (hour, minute) = (minutes / 60, minutes % 60);
            let agent = date.and_hms_opt(hour, minute, 0).unwrap();
            assert_eq!(at(hour, minute, HourCycle::H23), agent.format("%a, %-d %b %Y, %H:%M").to_string());
            assert_eq!(at(hour, minute, HourCycle::H12), agent.format("%a, %-d %b %Y, %-I:%M %p").to_string());
        }
    }
}
