//! Dates with a month's name or in digits.

use chrono::{Datelike, NaiveDate};

use super::{
    calendar::{day, month_first, plus_days, plus_months},
    clock::Certainty,
    days::{Again, Days, DaysFound},
};
use crate::{Context, phrase::number::ordinal, text::pattern::pattern, text::span::Words};

/// The month of a name or its short form.
pub(crate) fn month_name(word: &str) -> Option<u32> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" | "febuary" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// A year of four digits.
pub(crate) fn year(word: &str) -> Option<i32> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (1900..=2999).contains(year))
}

fn small(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// 15 or 15th.
fn day_number(word: &str) -> Option<u32> {
    small(word, 1..=2).or_else(|| ordinal(word).and_then(|n| n.try_into().ok())).filter(|n| (1..=31).contains(n))
}

/// "Jan 15", "January the 15th, 2027", "15 January", "the 15th of January 2027".
pub(super) fn month_day(words: Words<'_>, i: usize, today: NaiveDate) -> Option<DaysFound> {
    // "Dec 3-5" ends on the fifth.
    if let (Some(month), Some((from, to))) = (month_name(words.text(i)), words.text(i + 1).split_once('-')) {
        let (from, to) = (day_number(from)?, day_number(to)?);
        let first = next_such(today, month, from)?;
        let last = day(first.year(), month, to).filter(|last| *last >= first)?;
        return Some(DaysFound::new(Days { first, last, ..Days::one(last) }, i + 2, Certainty::Sure));
    }
    let (month, number, end) = month_then_day(words, i).or_else(|| day_then_month(words, i))?;
    let year_at = if words.text(end) == "," { end + 1 } else { end };
    if let Some(given) = year(words.text(year_at)) {
        return Some(DaysFound::new(Days::one(day(given, month, number)?), year_at + 1, Certainty::Sure));
    }
    Some(DaysFound::new(Days::one(next_such(today, month, number)?).again(Again::Yearly), end, Certainty::Sure))
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
    let number = day_number(words.text(at)).filter(|_| words.is_word(at))?;
    // "May 5 pm" is no fifth of May.
    (words.eat(at + 1, pattern!("pm|am|p.m|a.m|o'clock")).is_none()).then_some((month, number, at + 1))
}

fn day_then_month(words: Words<'_>, i: usize) -> Option<(u32, u32, usize)> {
    let at = words.eat(i, pattern!("the")).unwrap_or(i);
    let text = words.text(at);
    if let Some((number, month)) = text.find(|c: char| c.is_alphabetic()).map(|split| text.split_at(split)) {
        // "15jan"
        if let (Some(number), Some(month)) = (small(number, 1..=2).filter(|n| (1..=31).contains(n)), month_name(month))
        {
            return Some((month, number, at + 1));
        }
    }
    let number = day_number(text)?;
    let next = words.eat(at + 1, pattern!("of")).unwrap_or(at + 1);
    // "Buy 2 march tickets" and "pick 3 may flowers" do not happen; "1 may" does.
    Some((month_name(words.text(next))?, number, next + 1))
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
    if a.len() == 4 {
        return sure(day(year(a)?, small(b, 1..=2)?, small(c?, 1..=2)?)?);
    }
    let (a, b) = (small(a, 1..=2)?, small(b, 1..=2)?);
    let month_first = separator == '/' && month_first(context.now.timezone());
    let orders = if month_first { [(a, b), (b, a)] } else { [(b, a), (a, b)] };
    if let Some(c) = c {
        let given = match c.len() {
            4 => year(c)?,
            2 => 2000 + small(c, 2..=2)? as i32,
            _ => return None,
        };
        return sure(orders.into_iter().find_map(|(month, number)| day(given, month, number))?);
    }
    // Without a year, "1.5" and "3-4" are numbers.
    if separator != '/' {
        return None;
    }
    let date = orders.into_iter().find_map(|(month, number)| next_such(today, month, number))?;
    let famous =
        matches!(text, "9/11" | "24/7" | "7/11" | "1/2" | "1/3" | "2/3" | "1/4" | "3/4" | "4/5" | "3/5" | "2/5");
    let certainty = if famous { Certainty::Marked } else { Certainty::Edge };
    Some(DaysFound::new(Days::one(date).again(Again::Yearly), i + 1, certainty))
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
