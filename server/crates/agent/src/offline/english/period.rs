//! A stretch of time as people call it: "this week", "by Fri, 4 Dec 2026".

use crate::LocalNow;
use chrono::{Datelike, Days, NaiveDate};
use saydo_interpreter::{When, Window};

use super::moment;

/// What is due before now.
pub(super) const OVERDUE: &str = "overdue";

pub(super) enum Period {
    Any,
    /// Everything before now.
    Past,
    Before(When),
    After(When),
    Between(When, When),
    /// Whole days, both included.
    Days(NaiveDate, NaiveDate),
}

impl Period {
    pub(super) fn of(window: &Window, now: &LocalNow) -> Self {
        let today = now.moment.date_naive();
        let is_past = |limit: &When| match limit {
            When::Date(date) => *date == today,
            When::At(moment) => *moment == now.moment,
        };
        match (window.after, window.before) {
            (None, None) => Self::Any,
            (None, Some(limit)) if is_past(&limit) => Self::Past,
            (None, Some(limit)) => Self::Before(limit),
            (Some(limit), None) => Self::After(limit),
            (Some(When::Date(after)), Some(When::Date(before))) => {
                let first = after.checked_add_days(Days::new(1)).unwrap_or(after);
                Self::Days(first, before.checked_sub_days(Days::new(1)).unwrap_or(before))
            }
            (Some(after), Some(before)) => Self::Between(after, before),
        }
    }

    /// "overdue", "due this week".
    pub(super) fn due(&self, now: &LocalNow) -> String {
        match self {
            Self::Past => OVERDUE.to_owned(),
            Self::Any => "with a date".to_owned(),
            _ => format!("due {}", self.spoken(now)),
        }
    }

    pub(super) fn spoken(&self, now: &LocalNow) -> String {
        match self {
            Self::Any => "at any time".to_owned(),
            Self::Past => "before now".to_owned(),
            Self::Before(limit) => format!("before {}", moment(*limit, now)),
            Self::After(limit) => format!("after {}", moment(*limit, now)),
            Self::Between(after, before) => format!("between {} and {}", moment(*after, now), moment(*before, now)),
            Self::Days(first, last) => days(*first, *last, now),
        }
    }
}

fn days(first: NaiveDate, last: NaiveDate, now: &LocalNow) -> String {
    let today = now.moment.date_naive();
    let monday = today.week(chrono::Weekday::Mon).first_day();
    let week = |from: NaiveDate| from.checked_add_days(Days::new(6)).unwrap_or(from);
    let distance = (first - today).num_days();
    if first == last {
        return match distance {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            -1 => "yesterday".to_owned(),
            _ => format!("on {}", moment(When::Date(first), now)),
        };
    }
    let weeks = (first.week(chrono::Weekday::Mon).first_day() - monday).num_weeks();
    let is_whole = first.weekday() == chrono::Weekday::Mon && last == week(first);
    match weeks {
        // What is left of this week counts as the week.
        0 if last == week(monday) && (first == monday || first == today) => "this week".to_owned(),
        1 if is_whole => "next week".to_owned(),
        -1 if is_whole => "last week".to_owned(),
        _ => format!("from {} to {}", moment(When::Date(first), now), moment(When::Date(last), now)),
    }
}
