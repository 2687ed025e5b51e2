//! The dates that labels mean, from the moment at which something is said.
//!
//! | label | the day |
//! |---|---|
//! | `+3`, `-1`, `month+1` | so many days or months from today |
//! | `fri`, `fri+7`, `sun-2` | the next Friday after today; so many days after it; before a Sunday, not past |
//! | `week+1sun` | the Sunday of next week, of weeks that start on Monday |
//! | `weekend` | this Saturday, or today where it is Saturday or Sunday |
//! | `12-24`, `2027-04-15`, `dom15`, `dom13fri`, `eom` | the next such day, today included |
//! | `mon~5` | the next Monday that is three days or less from a 5th |
//! | `thu#4-11`, `easter-21` | the next fourth Thursday of November; 21 days before an Easter Sunday, not past |
//! | `none` | no date |
//!
//! `T17:00` behind it is a local time, alone the next such moment; `T14:00Z` a time in UTC. `now+90`: so many minutes from now.

use chrono::{DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveTime, Timelike, Utc, Weekday};
use chrono_tz::Tz;

/// How many days ahead a named day is looked for: leap days and Fridays the 13th are nearer.
const HORIZON: usize = 366 * 9;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Reading {
    None,
    Minutes(i64),
    At { day: Option<Day>, time: Option<Time> },
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Time {
    clock: NaiveTime,
    utc: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Day {
    Days(i64),
    Months(u32),
    Weekday { weekday: Weekday, days: i64 },
    OfWeek { weeks: i64, weekday: Weekday },
    Weekend,
    Date(NaiveDate),
    OfYear { month: u32, day: u32 },
    OfMonth { day: u32, weekday: Option<Weekday> },
    Nth { weekday: Weekday, nth: u32, month: u32 },
    Nearest { weekday: Weekday, day: u32 },
    EndOfMonth,
    Easter { days: i64 },
}

/// Whether this is a label of a date.
pub(crate) fn is_reading(label: &str) -> bool {
    parse(label).is_some()
}

/// Whether a due date, as the tools write it, is what the label means.
pub(crate) fn is_due(label: &str, due: Option<&str>, now: DateTime<Tz>) -> bool {
    match (parse(label), due) {
        (Some(Reading::None), due) => due.is_none(),
        (Some(Reading::Minutes(minutes)), Some(due)) => is_from_now(minutes, due, now),
        (Some(Reading::At { day, time: Some(time) }), Some(due)) => is_moment(day, time, due, now),
        (Some(Reading::At { day: Some(day), time: None }), Some(due)) => {
            NaiveDate::parse_from_str(due, "%Y-%m-%d").is_ok_and(|due| date(day, now.date_naive()) == Some(due))
        }
        _ => false,
    }
}

fn is_from_now(minutes: i64, due: &str, now: DateTime<Tz>) -> bool {
    let Ok(due) = DateTime::parse_from_rfc3339(due) else { return false };
    let Some(floor) = (now + Duration::minutes(minutes)).with_second(0).and_then(|floor| floor.with_nanosecond(0))
    else {
        return false;
    };
    // Rounded up, a minute is never over at once. A long distance may be rounded either way.
    let exact = now + Duration::minutes(minutes);
    let ceiling = if exact > floor { floor + Duration::minutes(1) } else { floor };
    due == ceiling || (minutes >= 5 && due == floor)
}

fn is_moment(day: Option<Day>, time: Time, due: &str, now: DateTime<Tz>) -> bool {
    let Ok(due) = DateTime::parse_from_rfc3339(due) else { return false };
    let today = now.date_naive();
    if time.utc {
        let said = |date: NaiveDate| date.and_time(time.clock).and_utc();
        let expected = match day {
            Some(day) => date(day, today).map(said),
            None => {
                let first = said(now.with_timezone(&Utc).date_naive());
                Some(if first > now { first } else { first + Days::new(1) })
            }
        };
        return expected.is_some_and(|expected| due == expected);
    }
    let ahead = time.clock > now.time();
    let expected = match day {
        None => {
            if ahead {
                Some(today)
            } else {
                today.checked_add_days(Days::new(1))
            }
        }
        // Today is that weekday, and the time is still ahead.
        Some(Day::Weekday { weekday, days: 0 }) if ahead && weekday == now.weekday() => Some(today),
        Some(day) => date(day, today),
    };
    expected.is_some_and(|date| due.with_timezone(&now.timezone()).naive_local() == date.and_time(time.clock))
}

fn parse(label: &str) -> Option<Reading> {
    if label == "none" {
        return Some(Reading::None);
    }
    if let Some(minutes) = label.strip_prefix("now+") {
        return minutes.parse().ok().map(Reading::Minutes);
    }
    let (day, time) = label.split_once('T').map_or((label, None), |(day, time)| (day, Some(time)));
    let day = if day.is_empty() && time.is_some() { None } else { Some(parse_day(day)?) };
    let time = match time {
        None => None,
        Some(time) => {
            let clock = NaiveTime::parse_from_str(time.trim_end_matches('Z'), "%H:%M").ok()?;
            Some(Time { clock, utc: time.ends_with('Z') })
        }
    };
    Some(Reading::At { day, time })
}

fn parse_day(label: &str) -> Option<Day> {
    match label {
        "eom" => return Some(Day::EndOfMonth),
        "weekend" => return Some(Day::Weekend),
        _ => {}
    }
    if label.starts_with(['+', '-']) {
        return label.parse().ok().map(Day::Days);
    }
    if let Some(days) = label.strip_prefix("easter") {
        return Some(Day::Easter { days: if days.is_empty() { 0 } else { days.parse().ok()? } });
    }
    if let Some(months) = label.strip_prefix("month+") {
        return months.parse().ok().map(Day::Months);
    }
    if let Some(rest) = label.strip_prefix("week+") {
        let (weeks, weekday) = rest.split_at_checked(rest.len().checked_sub(3)?)?;
        return Some(Day::OfWeek { weeks: weeks.parse().ok()?, weekday: weekday.parse().ok()? });
    }
    if let Some(rest) = label.strip_prefix("dom") {
        let (day, weekday) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let weekday = if weekday.is_empty() { None } else { Some(weekday.parse().ok()?) };
        return Some(Day::OfMonth { day: day.parse().ok()?, weekday });
    }
    if let Ok(date) = NaiveDate::parse_from_str(label, "%Y-%m-%d") {
        return Some(Day::Date(date));
    }
    if label.starts_with(|c: char| c.is_ascii_digit()) {
        let (month, day) = label.split_once('-')?;
        return Some(Day::OfYear { month: month.parse().ok()?, day: day.parse().ok()? });
    }
    let (weekday, rest) = label.split_at_checked(3)?;
    let weekday = weekday.parse().ok()?;
    if let Some((nth, month)) = rest.strip_prefix('#').and_then(|rest| rest.split_once('-')) {
        return Some(Day::Nth { weekday, nth: nth.parse().ok()?, month: month.parse().ok()? });
    }
    if let Some(day) = rest.strip_prefix('~') {
        return Some(Day::Nearest { weekday, day: day.parse().ok()? });
    }
    let days = if rest.is_empty() { 0 } else { rest.parse().ok()? };
    Some(Day::Weekday { weekday, days })
}

/// The date of a day.
fn date(day: Day, today: NaiveDate) -> Option<NaiveDate> {
    let next = |wanted: &dyn Fn(NaiveDate) -> bool| today.iter_days().take(HORIZON).find(|date| wanted(*date));
    match day {
        Day::Days(days) => today.checked_add_signed(Duration::days(days)),
        Day::Months(months) => today.checked_add_months(Months::new(months)),
        Day::Weekday { weekday, days } if days < 0 => next(&|date| (date - Duration::days(days)).weekday() == weekday),
        Day::Weekday { weekday, days } => {
            let first = today.iter_days().skip(1).find(|date| date.weekday() == weekday)?;
            first.checked_add_signed(Duration::days(days))
        }
        Day::OfWeek { weeks, weekday } => {
            let monday = today.week(Weekday::Mon).first_day();
            monday.checked_add_signed(Duration::days(weeks * 7 + i64::from(weekday.num_days_from_monday())))
        }
        Day::Weekend if today.weekday() == Weekday::Sun => Some(today),
        Day::Weekend => next(&|date| date.weekday() == Weekday::Sat),
        Day::Date(date) => Some(date),
        Day::OfYear { month, day } => next(&|date| date.month() == month && date.day() == day),
        Day::OfMonth { day, weekday } => {
            next(&|date| date.day() == day && weekday.is_none_or(|weekday| date.weekday() == weekday))
        }
        Day::Nth { weekday, nth, month } => {
            next(&|date| date.month() == month && date.weekday() == weekday && date.day().div_ceil(7) == nth)
        }
        Day::EndOfMonth => next(&|date| (date + Days::new(1)).day() == 1),
        Day::Nearest { weekday, day } => {
            let near = |date: NaiveDate| (-3..=3).any(|days| (date + Duration::days(days)).day() == day);
            next(&|date| date.weekday() == weekday && near(date))
        }
        Day::Easter { days } => {
            let years = [today.year(), today.year() + 1];
            years.into_iter().filter_map(|year| Some(easter(year)? + Duration::days(days))).find(|date| *date >= today)
        }
    }
}

/// Easter Sunday of the Gregorian calendar (the computation of Meeus, Jones and Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let f = (b + 8) / 25;
    let h = (19 * a + b - b / 4 - (b - f + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    /// DEV-11: the dates that labels mean.
    #[test]
    fn labels_mean_dates() {
        // A Tuesday.
        let now = Tz::Europe__Berlin.with_ymd_and_hms(2026, 12, 1, 14, 5, 17).unwrap();
        for (label, due) in [
            ("+1", "2026-12-02"),
            ("-1", "2026-11-30"),
            ("month+1", "2027-01-01"),
            ("tue", "2026-12-08"),
            ("fri+7", "2026-12-11"),
            ("sun-2", "2026-12-04"),
            ("tue-1", "2026-12-07"),
            ("week+1sun", "2026-12-13"),
            ("weekend", "2026-12-05"),
            ("12-01", "2026-12-01"),
            ("2027-04-15", "2027-04-15"),
            ("dom13fri", "2027-08-13"),
            ("eom", "2026-12-31"),
            ("thu#4-11", "2027-11-25"),
            ("easter", "2027-03-28"),
            ("easter-21", "2027-03-07"),
            ("mon~5", "2026-12-07"),
            ("T15:00", "2026-12-01T15:00:00+01:00"),
            ("T14:05", "2026-12-02T14:05:00+01:00"),
            ("tueT15:00", "2026-12-01T15:00:00+01:00"),
            ("tueT09:00", "2026-12-08T09:00:00+01:00"),
            ("+1T14:00Z", "2026-12-02T15:00:00+01:00"),
            ("T13:00Z", "2026-12-02T14:00:00+01:00"),
            ("now+30", "2026-12-01T14:36:00+01:00"),
            ("now+30", "2026-12-01T14:35:00+01:00"),
            ("now+1", "2026-12-01T14:07:00+01:00"),
        ] {
            assert!(is_due(label, Some(due), now), "{label} is not {due}");
        }
        assert!(!is_due("now+1", Some("2026-12-01T14:06:00+01:00"), now));
        assert!(!is_due("+1", Some("2026-12-02T09:00:00+01:00"), now));
        assert!(is_due("none", None, now) && !is_due("none", Some("2026-12-02"), now) && !is_due("+1", None, now));
        assert!(!is_reading("someday") && !is_reading("") && is_reading("now+5"));
    }
}
