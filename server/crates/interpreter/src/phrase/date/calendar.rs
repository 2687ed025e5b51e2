//! Calendar arithmetic, and local times as moments.

use chrono::{
    DateTime, Datelike, Days, Duration, FixedOffset, Months, NaiveDate, NaiveDateTime, Offset, TimeZone, Weekday,
};
use chrono_tz::Tz;
use saydo_contract::{DateOrder, HourCycle, Locale};

/// The years that a due date may have.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9998;

/// A day that a due date may have.
pub(crate) fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).and_then(plausible)
}

pub(crate) fn plausible(date: NaiveDate) -> Option<NaiveDate> {
    YEARS.contains(&date.year()).then_some(date)
}

pub(crate) fn plus_days(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let moved = if days < 0 {
        date.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        date.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.and_then(plausible)
}

/// The same day of another month, or that month's last day.
pub(crate) fn plus_months(date: NaiveDate, months: i32) -> Option<NaiveDate> {
    let moved = if months < 0 {
        date.checked_sub_months(Months::new(months.unsigned_abs()))
    } else {
        date.checked_add_months(Months::new(months.unsigned_abs()))
    };
    moved.and_then(plausible)
}

/// So many working days later.
pub(crate) fn plus_working_days(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let is_working = |date: &NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    // Five working days are a week, so that the steps left are few.
    let mut date = plus_days(date, days / 5 * 7)?;
    for _ in 0..days % 5 {
        date = plus_days(date, 1)?;
        while !is_working(&date) {
            date = plus_days(date, 1)?;
        }
    }
    Some(date)
}

pub(crate) fn month_start(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

pub(crate) fn month_end(date: NaiveDate) -> NaiveDate {
    month_start(date).checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(date)
}

/// The first day of the week that the date is in.
pub(crate) fn week_start(date: NaiveDate, first: Weekday) -> NaiveDate {
    date.week(first).checked_first_day().unwrap_or(date)
}

/// The next such weekday after the date.
pub(crate) fn next_weekday(date: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let ahead = i64::from(weekday.days_since(date.weekday()));
    plus_days(date, if ahead == 0 { 7 } else { ahead })
}

/// The moment at which the zone's clocks show this time: the first of two; where the clocks skip it, as much later as
/// they skip.
pub(crate) fn moment(local: NaiveDateTime, zone: Tz) -> Option<DateTime<FixedOffset>> {
    let fixed = |moment: DateTime<Tz>| moment.with_timezone(&moment.offset().fix());
    if let Some(moment) = zone.from_local_datetime(&local).earliest() {
        return Some(fixed(moment));
    }
    // Gaps are short, but some zones once skipped a whole day.
    (1..=30).find_map(|hours| {
        let before = zone.from_local_datetime(&local.checked_sub_signed(Duration::hours(hours))?).latest()?;
        Some(fixed(before.checked_add_signed(Duration::hours(hours))?))
    })
}

/// The locale of those whose client names none: the zone tells the order of dates, and hours are counted to 23.
#[must_use]
pub fn zone_locale(zone: Tz) -> Locale {
    let date_order = if is_american(zone) { DateOrder::Mdy } else { DateOrder::Dmy };
    Locale { date_order, hour_cycle: HourCycle::H23 }
}

/// Whether people of the zone write the month first, or the zone names no country.
fn is_american(zone: Tz) -> bool {
    let name = zone.name();
    if let Some(city) = name.strip_prefix("America/") {
        return [
            "Adak",
            "Anchorage",
            "Boise",
            "Chicago",
            "Denver",
            "Detroit",
            "Indiana/",
            "Juneau",
            "Kentucky/",
            "Los_Angeles",
            "Menominee",
            "Metlakatla",
            "New_York",
            "Nome",
            "North_Dakota/",
            "Phoenix",
            "Puerto_Rico",
            "Shiprock",
            "Sitka",
            "Yakutat",
            "Fort_Wayne",
            "Indianapolis",
            "Louisville",
        ]
        .iter()
        .any(|us| city.starts_with(us));
    }
    // Names without a place, such as UTC and EST5EDT, tell no country.
    !name.contains('/')
        || name.starts_with("US/")
        || name.starts_with("Etc/")
        || matches!(name, "Pacific/Honolulu" | "Pacific/Guam" | "Asia/Manila")
}

/// The first, second … weekday of the month that the date begins, or the last one (-1).
pub(crate) fn nth_weekday(first: NaiveDate, weekday: Weekday, which: i32) -> Option<NaiveDate> {
    if which < 0 {
        return next_weekday(plus_days(month_end(first), -7)?, weekday);
    }
    let one = next_weekday(plus_days(first, -1)?, weekday)?;
    plus_days(one, 7 * i64::from(which.checked_sub(1)?)).filter(|date| date.month() == first.month())
}
