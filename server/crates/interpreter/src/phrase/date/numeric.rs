//! Dates with a month's name or in digits.

use chrono::{Datelike, NaiveDate};
use saydo_contract::DateOrder;

use super::{
    calendar::{day, plus_days, plus_months},
    certainty::Certainty,
    names::{month_name, weekday_name, year},
    stretch::{Again, Days, DaysFound},
};
use crate::{
    Context,
    phrase::number::{number, ordinal},
    text::pattern::pattern,
    text::span::Words,
};

fn small(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// The tens of a number that goes on in the next word: the "twenty" of "twenty third".
fn tens(word: &str) -> Option<u32> {
    match word {
        "twenty" => Some(20),
        "thirty" => Some(30),
        _ => None,
    }
}

/// "15th", "twenty-third", "twenty third" as the number of a day, and where it ends.
pub(super) fn ordinal_number(words: Words<'_>, i: usize) -> Option<(u32, usize)> {
    let of = |word: &str| ordinal(word).and_then(|n| u32::try_from(n).ok());
    let (found, end) = match tens(words.text(i)) {
        Some(tens) => (tens + of(words.text(i + 1)).filter(|n| *n < 10)?, i + 2),
        None => (of(words.text(i))?, i + 1),
    };
    (1..=31).contains(&found).then_some((found, end))
}

/// 15, 15th, fifteen, "twenty nine" or "twenty ninth", and where it ends.
fn day_number(words: Words<'_>, i: usize) -> Option<(u32, usize)> {
    if !words.is_word(i) {
        return None;
    }
    let text = words.text(i);
    if let Some(n) = small(text, 1..=2) {
        return (1..=31).contains(&n).then_some((n, i + 1));
    }
    if let Some(found) = ordinal_number(words, i) {
        return Some(found);
    }
    let spelt = number(text).filter(|_| !text.starts_with(|c: char| c.is_ascii_digit()))?;
    let spelt = u32::try_from(spelt).ok()?;
    let unit = tens(text).and_then(|_| number(words.text(i + 1))).filter(|n| (1..10).contains(n));
    let (found, end) = match unit.filter(|_| !words.text(i + 1).starts_with(|c: char| c.is_ascii_digit())) {
        Some(unit) => (spelt + u32::try_from(unit).ok()?, i + 2),
        None => (spelt, i + 1),
    };
    (1..=31).contains(&found).then_some((found, end))
}

/// "2027", ", 2027", "in 2027" or, behind an ordinal, "27": the year behind a day, and where it ends.
fn year_behind(words: Words<'_>, i: usize, ordinal: bool) -> Option<(i32, usize)> {
    let at = words.eat(i, pattern!(",|in|of")).unwrap_or(i);
    if let Some(found) = year(words.text(at)) {
        return Some((found, at + 1));
    }
    // No clock shows 24 to 99.
    let short = small(words.text(i), 2..=2).filter(|n| ordinal && *n > 24)?;
    Some((2000 + i32::try_from(short).ok()?, i + 1))
}

/// "3-5", "3rd-5th"
fn split_range(text: &str) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    let of = |text: &str| small(text.trim_end_matches(char::is_alphabetic), 1..=2).filter(|n| (1..=31).contains(n));
    Some((of(from)?, of(to)?))
}

/// "Jan 15", "January the 15th, 2027", "15 January", "the 15th of January 2027".
pub(super) fn month_day(words: Words<'_>, i: usize, today: NaiveDate) -> Option<DaysFound> {
    // "Dec 3-5" ends on the fifth.
    if let (Some(month), Some((from, to))) = (month_name(words.text(i)), split_range(words.text(i + 1))) {
        let first = next_such(today, month, from)?;
        let last = day(first.year(), month, to).filter(|last| *last >= first)?;
        return Some(DaysFound::new(Days { first, last, ..Days::one(last) }, i + 2, Certainty::Sure));
    }
    let (month, number, end, ordinal) = month_then_day(words, i)
        .map(|(month, number, end)| (month, number, end, false))
        .or_else(|| day_then_month(words, i))?;
    if let Some((given, end)) = year_behind(words, end, ordinal) {
        return Some(DaysFound::new(Days::one(day(given, month, number)?), end, Certainty::Sure));
    }
    // "May five" may be said of five people.
    let spelt = month_name(words.text(i)).is_some() && !words.slice(i..end).raw().contains(|c: char| c.is_numeric());
    let certainty = if spelt { Certainty::Edge } else { Certainty::Sure };
    Some(DaysFound::new(Days::one(next_such(today, month, number)?).again(Again::Yearly), end, certainty))
}

/// The next such day, today included. The 29th of February may be some years away.
fn next_such(today: NaiveDate, month: u32, number: u32) -> Option<NaiveDate> {
    (0..=8).find_map(|years| day(today.year() + years, month, number).filter(|date| *date >= today))
}

fn month_then_day(words: Words<'_>, i: usize) -> Option<(u32, u32, usize)> {
    let month = month_name(words.text(i))?;
    // The full stop of "Jan." is a mark.
    let at = if words.text(i + 1) == "." && words.text(i).len() <= 4 { i + 2 } else { i + 1 };
    let at = words.eat(at, pattern!("the")).unwrap_or(at);
    let (number, end) = day_number(words, at)?;
    // "May 5 pm" is no fifth of May.
    (words.eat(end, pattern!("pm|am|p.m|a.m|o'clock")).is_none()).then_some((month, number, end))
}

/// The flag tells whether a year of two digits may follow.
fn day_then_month(words: Words<'_>, i: usize) -> Option<(u32, u32, usize, bool)> {
    let at = words.eat(i, pattern!("the")).unwrap_or(i);
    let text = words.text(at);
    if let Some((number, month)) = text.find(|c: char| c.is_alphabetic()).map(|split| text.split_at(split)) {
        // "15jan"
        if let (Some(number), Some(month)) = (small(number, 1..=2).filter(|n| (1..=31).contains(n)), month_name(month))
        {
            return Some((month, number, at + 1, true));
        }
    }
    let (number, end) = day_number(words, at)?;
    let next = words.eat(end, pattern!("of")).unwrap_or(end);
    // "Buy ten march tickets" names no day.
    if next == end && ordinal_number(words, at).is_none() && small(text, 1..=2).is_none() {
        return None;
    }
    // "Buy 2 march tickets" and "pick 3 may flowers" do not happen; "1 may" does.
    Some((month_name(words.text(next))?, number, next + 1, true))
}

/// The year of two or four digits.
fn written_year(text: &str) -> Option<i32> {
    match text.len() {
        4 => year(text),
        2 => Some(2000 + i32::try_from(small(text, 2..=2)?).ok()?),
        _ => None,
    }
}

/// "10.12." with its closing full stop, and "10.12" after "on" or a weekday: the tenth of December.
pub(super) fn dotted(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let (number, month) = words.text(i).split_once('.')?;
    let (number, month) = (small(number, 1..=2)?, small(month, 1..=2)?);
    let introduced = i > 0 && (words.eat(i - 1, pattern!("on|due|until")).is_some() || weekday_behind(words, i));
    let stop = words
        .eat(i + 1, pattern!("."))
        .filter(|&at| words.eat(at, pattern!("at|by|around|um|,")).is_some() || introduced);
    if stop.is_none() && !introduced {
        return None;
    }
    let date = next_such(context.now.date_naive(), month, number)?;
    Some(DaysFound::new(Days::one(date).again(Again::Yearly), stop.unwrap_or(i + 1), Certainty::Edge))
}

fn weekday_behind(words: Words<'_>, i: usize) -> bool {
    let at = if words.text(i - 1) == "," { i.saturating_sub(2) } else { i - 1 };
    weekday_name(words.text(at)).is_some()
}

/// "10/Aug/2031", "Aug-10-2031", "10-aug".
fn with_month_name(parts: [&str; 3], today: NaiveDate) -> Option<(NaiveDate, Again)> {
    let [a, b, c] = parts;
    let (number, month) = month_name(b).map(|month| (a, month)).or_else(|| Some((b, month_name(a)?)))?;
    let number = small(number, 1..=2)?;
    if c.is_empty() {
        return Some((next_such(today, month, number)?, Again::Yearly));
    }
    Some((day(written_year(c)?, month, number)?, Again::Never))
}

/// "2026-12-01", "12/1", "1.12.2026".
pub(super) fn digits(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let text = words.text(i);
    let separator = ['-', '/', '.'].into_iter().find(|&c| text.contains(c))?;
    let mut parts = text.split(separator);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let today = context.now.date_naive();
    let sure = |date: NaiveDate| Some(DaysFound::new(Days::one(date), i + 1, Certainty::Sure));
    if text.contains(|c: char| c.is_alphabetic()) {
        let (date, again) = with_month_name([a, b, c.unwrap_or_default()], today)?;
        return Some(DaysFound::new(Days::one(date).again(again), i + 1, Certainty::Edge));
    }
    if a.len() == 4 {
        return sure(day(year(a)?, small(b, 1..=2)?, small(c?, 1..=2)?)?);
    }
    let (a, b) = (small(a, 1..=2)?, small(b, 1..=2)?);
    let order = order_of(separator, context.locale.date_order);
    let orders = months_and_days(a, b, order);
    if let Some(c) = c {
        let given = written_year(c)?;
        let year_first = (order == DateOrder::Ymd && c.len() == 2)
            .then(|| day(written_year(text.split(separator).next()?)?, b, small(c, 2..=2)?))
            .flatten()
            .filter(|date| date.year() >= today.year());
        return sure(year_first.or_else(|| orders.into_iter().find_map(|(month, number)| day(given, month, number)))?);
    }
    // Without a year, "1.5" and "3-4" are numbers.
    if separator == '.' {
        return dotted(words, i, context);
    }
    if separator != '/' {
        return None;
    }
    let date = orders.into_iter().find_map(|(month, number)| next_such(today, month, number))?;
    let famous =
        matches!(text, "9/11" | "24/7" | "7/11" | "1/2" | "1/3" | "2/3" | "1/4" | "3/4" | "4/5" | "3/5" | "2/5");
    let certainty = if famous { Certainty::Marked } else { Certainty::Edge };
    Some(DaysFound::new(Days::one(date).again(Again::Yearly), i + 1, certainty))
}

/// The order of a date's digits. Who writes dots writes the day first; slashes and hyphens follow the person's locale.
fn order_of(separator: char, locale: DateOrder) -> DateOrder {
    if separator == '.' { DateOrder::Dmy } else { locale }
}

/// Two numbers as month and day: the reading of the order, then the other one, for where only that is a date.
fn months_and_days(a: u32, b: u32, order: DateOrder) -> [(u32, u32); 2] {
    match order {
        DateOrder::Dmy => [(b, a), (a, b)],
        DateOrder::Mdy | DateOrder::Ymd => [(a, b), (b, a)],
    }
}

/// The same date a month or a year later, where that exists.
pub(super) fn once_more(date: NaiveDate, again: Again) -> Option<NaiveDate> {
    match again {
        Again::Never => None,
        Again::Weekly => plus_days(date, 7),
        Again::Monthly => plus_months(date, 1),
        Again::Yearly => plus_months(date, 12),
    }
}
