//! What a change makes of a due date, and how a date is said.

use chrono::{DateTime, Duration, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use saydo_contract::HourCycle;

use crate::{DueChange, Shift, When, phrase::date::calendar};

impl DueChange {
    /// The due date after the change, for a task that was due at `current`.
    ///
    /// A new time keeps the day, or takes the next moment at which the clock shows it where there is no day or it is
    /// past. A shift starts from the due date, or from now where there is none or it is past; where a date cannot be
    /// shifted so far, it stays.
    #[must_use]
    pub fn apply(self, current: Option<When>, now: &DateTime<Tz>) -> Option<When> {
        let zone = now.timezone();
        let today = now.date_naive();
        match self {
            Self::Keep => current,
            Self::Clear => None,
            // Another day keeps the time.
            Self::Set(When::Date(date)) => match current {
                Some(When::At(moment)) => {
                    let time = moment.with_timezone(&zone).time();
                    calendar::moment(date.and_time(time), zone).map(When::At).or(Some(When::Date(date)))
                }
                _ => Some(When::Date(date)),
            },
            Self::Set(when) => Some(when),
            Self::Time(time) => {
                let day = match current {
                    Some(When::Date(date)) => date,
                    Some(When::At(moment)) => moment.with_timezone(&zone).date_naive(),
                    None => today,
                };
                let at = |day: chrono::NaiveDate| calendar::moment(day.and_time(time), zone);
                at(day.max(today))
                    .filter(|moment| moment > now)
                    .or_else(|| at(today.succ_opt()?))
                    .map(When::At)
                    .or(current)
            }
            Self::Shift(shift) => shifted(shift, current, now).or(current),
        }
    }
}

fn shifted(shift: Shift, current: Option<When>, now: &DateTime<Tz>) -> Option<When> {
    let zone = now.timezone();
    let today = now.date_naive();
    let minute = now.naive_local().with_second(0)?.with_nanosecond(0)?;
    let days = |date| calendar::plus_days(calendar::plus_months(date, shift.months)?, shift.days);
    let local: NaiveDateTime = match current {
        Some(When::At(moment)) => {
            let local = moment.with_timezone(&zone).naive_local();
            // What is overdue moves on from today.
            if moment >= *now {
                local
            } else if shift.minutes != 0 {
                minute
            } else {
                today.and_time(local.time())
            }
        }
        Some(When::Date(date)) if shift.minutes == 0 => return days(date.max(today)).map(When::Date),
        None if shift.minutes == 0 => return days(today).map(When::Date),
        // Hours after a whole day start from now.
        Some(When::Date(date)) if date > today => date.and_hms_opt(9, 0, 0)?,
        _ => minute,
    };
    let moved = days(local.date())?.and_time(local.time());
    let moved = moved.checked_add_signed(Duration::try_minutes(shift.minutes)?)?;
    calendar::plausible(moved.date())?;
    calendar::moment(moved, zone).map(When::At)
}

/// The absolute date, as the clocks of the person's zone show it: "Fri, 27 Nov 2026", "Fri, 27 Nov 2026, 17:00", or
/// "Fri, 27 Nov 2026, 5:00 PM" where the person counts hours to 12. The month has its name, so that no order of digits
/// can be mistaken.
#[must_use]
pub fn spoken_date(when: When, zone: Tz, hour_cycle: HourCycle) -> String {
    let format = match hour_cycle {
        HourCycle::H12 => "%a, %-d %b %Y, %-I:%M %p",
        HourCycle::H23 => "%a, %-d %b %Y, %H:%M",
    };
    match when {
        When::Date(date) => date.format("%a, %-d %b %Y").to_string(),
        When::At(moment) => moment.with_timezone(&zone).format(format).to_string(),
    }
}
