//! Holidays that have a name in English, by date, by rule or by the date of Easter.

use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;

use super::{
    calendar::{day, nth_weekday, plus_days},
    certainty::Certainty,
    names::year as named_year,
    stretch::{Days, DaysFound},
};
use crate::{Context, text::pattern::pattern, text::span::Words};

#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Month and day.
    Fixed(u32, u32),
    /// So many days after Easter Sunday.
    Easter(i64),
    /// Month, weekday, and which one of the month: 1 to 4, or -1 for the last.
    Nth(u32, Weekday, i32),
}

impl Rule {
    fn of(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Fixed(month, number) => day(year, month, number),
            Self::Easter(days) => plus_days(easter(year)?, days),
            Self::Nth(month, weekday, which) => nth_weekday(day(year, month, 1)?, weekday, which),
        }
    }
}

/// Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    day(year, u32::try_from(sum / 31).ok()?, u32::try_from(sum % 31 + 1).ok()?)
}

/// The holiday at `i`: its rule, where it ends, and whether its name alone is surely one.
fn named(words: Words<'_>, i: usize, zone: Tz) -> Option<(Rule, usize, Certainty)> {
    let found = |rule, end, certainty| Some((rule, end, certainty));
    let (edge, marked) = (Certainty::Edge, Certainty::Marked);
    match words.text(i) {
        "christmas" | "xmas" | "x-mas" => match words.text(i + 1) {
            "eve" => found(Rule::Fixed(12, 24), i + 2, edge),
            "day" => found(Rule::Fixed(12, 25), i + 2, edge),
            _ => found(Rule::Fixed(12, 25), i + 1, marked),
        },
        "nye" => found(Rule::Fixed(12, 31), i + 1, marked),
        "new" => {
            let end = words.eat(i + 1, pattern!("year|year's|years|years'"))?;
            match words.text(end) {
                "eve" => found(Rule::Fixed(12, 31), end + 1, edge),
                "day" => found(Rule::Fixed(1, 1), end + 1, edge),
                _ => found(Rule::Fixed(1, 1), end, marked),
            }
        }
        "boxing" if words.text(i + 1) == "day" => found(Rule::Fixed(12, 26), i + 2, edge),
        "valentine's" | "valentines" | "valentine" if words.text(i + 1) == "day" => {
            found(Rule::Fixed(2, 14), i + 2, edge)
        }
        "halloween" | "hallowe'en" => found(Rule::Fixed(10, 31), i + 1, marked),
        "easter" => match words.text(i + 1) {
            "sunday" => found(Rule::Easter(0), i + 2, edge),
            "monday" => found(Rule::Easter(1), i + 2, edge),
            _ => found(Rule::Easter(0), i + 1, marked),
        },
        "good" if words.text(i + 1) == "friday" => found(Rule::Easter(-2), i + 2, edge),
        "thanksgiving" => {
            let end = words.eat(i + 1, pattern!("day")).unwrap_or(i + 1);
            found(thanksgiving(zone), end, marked)
        }
        "mother's" | "mothers" | "mothers'" if words.text(i + 1) == "day" => found(mothers_day(zone), i + 2, edge),
        "father's" | "fathers" | "fathers'" if words.text(i + 1) == "day" => found(fathers_day(zone), i + 2, edge),
        _ => None,
    }
}

/// The first words of holidays.
pub(super) fn may_begin(word: &str) -> bool {
    matches!(
        word,
        "christmas"
            | "xmas"
            | "x-mas"
            | "nye"
            | "new"
            | "boxing"
            | "valentine's"
            | "valentines"
            | "valentine"
            | "halloween"
            | "hallowe'en"
            | "easter"
            | "good"
            | "thanksgiving"
            | "mother's"
            | "mothers"
            | "mothers'"
            | "father's"
            | "fathers"
            | "fathers'"
    )
}

/// Whether the words at `i` begin with a holiday.
pub(crate) fn is_holiday(words: Words<'_>, i: usize) -> bool {
    let at = words.eat(i, pattern!("the")).unwrap_or(i);
    may_begin(words.text(at)) && named(words, at, Tz::UTC).is_some()
}

/// The day of the holiday at `i`: the next one, today included, or that of a year that is named.
pub(super) fn holiday(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    if !may_begin(words.text(i)) {
        return None;
    }
    let today = context.now.date_naive();
    let (rule, end, certainty) = named(words, i, context.now.timezone())?;
    let year_at = words.eat(end, pattern!("in|of")).unwrap_or(end);
    if let Some(year) = named_year(words.text(year_at)) {
        return Some(DaysFound::new(Days::one(rule.of(year)?), year_at + 1, Certainty::Sure));
    }
    let next = |year: i32| rule.of(year).filter(|date| *date >= today);
    let date = next(today.year()).or_else(|| next(today.year() + 1))?;
    Some(DaysFound::new(Days::one(date), end, certainty))
}

fn is_in(zone: Tz, places: &[&str]) -> bool {
    let name = zone.name();
    places.iter().any(|place| name == *place || place.ends_with('/') && name.starts_with(place))
}

/// In Canada the second Monday of October, else the fourth Thursday of November.
fn thanksgiving(zone: Tz) -> Rule {
    const CANADA: [&str; 12] = [
        "Canada/",
        "America/Toronto",
        "America/Vancouver",
        "America/Edmonton",
        "America/Winnipeg",
        "America/Halifax",
        "America/Regina",
        "America/St_Johns",
        "America/Montreal",
        "America/Moncton",
        "America/Whitehorse",
        "America/Yellowknife",
    ];
    if is_in(zone, &CANADA) { Rule::Nth(10, Weekday::Mon, 2) } else { Rule::Nth(11, Weekday::Thu, 4) }
}

/// In Britain and Ireland three weeks before Easter, in a few countries as written here, else the second Sunday of May.
fn mothers_day(zone: Tz) -> Rule {
    match zone.name() {
        "Europe/London" | "Europe/Belfast" | "Europe/Dublin" | "GB" => Rule::Easter(-21),
        "Europe/Madrid" | "Europe/Lisbon" | "Europe/Budapest" | "Europe/Bucharest" => Rule::Nth(5, Weekday::Sun, 1),
        "Europe/Paris" | "Europe/Stockholm" => Rule::Nth(5, Weekday::Sun, -1),
        "Europe/Oslo" => Rule::Nth(2, Weekday::Sun, 2),
        "Europe/Warsaw" => Rule::Fixed(5, 26),
        "Africa/Cairo" | "Asia/Dubai" | "Asia/Riyadh" | "Asia/Amman" | "Asia/Beirut" => Rule::Fixed(3, 21),
        _ => Rule::Nth(5, Weekday::Sun, 2),
    }
}

/// In Australia and New Zealand the first Sunday of September, in Germany Ascension Day, else the third Sunday of June.
fn fathers_day(zone: Tz) -> Rule {
    match zone.name() {
        "Europe/Berlin" => Rule::Easter(39),
        "Pacific/Auckland" => Rule::Nth(9, Weekday::Sun, 1),
        name if name.starts_with("Australia/") => Rule::Nth(9, Weekday::Sun, 1),
        _ => Rule::Nth(6, Weekday::Sun, 3),
    }
}
