//! Amounts of time: "3 days", "half an hour", "a week".

use chrono::NaiveDate;

use super::calendar::{plus_days, plus_months, plus_working_days};
use crate::{
    Shift,
    phrase::number::number,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// An amount of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    Minutes(i64),
    Days(i64),
    WorkingDays(i64),
    Months(i32),
}

impl Amount {
    /// So much later, where it is whole days.
    pub(super) fn after(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Minutes(_) => None,
            Self::Days(days) => plus_days(date, days),
            Self::WorkingDays(days) => plus_working_days(date, days),
            Self::Months(months) => plus_months(date, months),
        }
    }

    pub(super) fn before(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Minutes(_) => Some(date),
            Self::Days(days) | Self::WorkingDays(days) => plus_days(date, days.checked_neg()?),
            Self::Months(months) => plus_months(date, months.checked_neg()?),
        }
    }

    /// As a shift of a due date.
    pub(crate) fn shift(self) -> Shift {
        match self {
            Self::Minutes(minutes) => Shift { minutes, ..Shift::default() },
            Self::Days(days) | Self::WorkingDays(days) => Shift { days, ..Shift::default() },
            Self::Months(months) => Shift { months, ..Shift::default() },
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Unit {
    Minute,
    Hour,
    Day,
    WorkingDay,
    Week,
    Fortnight,
    Month,
    Year,
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "minute" | "minutes" | "min" | "mins" | "minuets" => Unit::Minute,
        "hour" | "hours" | "hr" | "hrs" | "houres" => Unit::Hour,
        "day" | "days" | "day's" | "days'" | "dys" | "nights" | "night" => Unit::Day,
        "week" | "weeks" | "wk" | "wks" | "week's" | "weeks'" | "wekes" => Unit::Week,
        "fortnight" | "fortnights" => Unit::Fortnight,
        "month" | "months" | "month's" | "months'" | "mo" => Unit::Month,
        "year" | "years" | "yr" | "yrs" | "year's" => Unit::Year,
        _ => return None,
    })
}

/// "3h", "45m", "2w" at the end of digits.
fn short_unit(letters: &str) -> Option<Unit> {
    Some(match letters {
        "m" => Unit::Minute,
        "h" => Unit::Hour,
        "d" => Unit::Day,
        "w" => Unit::Week,
        other => unit(other)?,
    })
}

/// A number in halves, so that "1.5" and "one and a half" are whole.
fn halves(words: Words<'_>, i: usize, text: &str) -> Option<(i64, usize)> {
    if let Some(end) = words.eat(i, pattern!("half a|an?")) {
        return Some((1, end));
    }
    if let Some(end) = words.eat(i, pattern!("a? couple of?")).or_else(|| words.eat(i, pattern!("both"))) {
        return Some((4, end));
    }
    if let Some(end) = words.eat(i, pattern!("a few")).or_else(|| words.eat(i, pattern!("few|several"))) {
        return Some((6, end));
    }
    let (whole, end) = match text {
        "a" | "an" | "another" => (2, i + 1),
        _ => {
            if let Some((whole, half)) = text.split_once(['.', ',']) {
                let whole: i64 = number(whole)?;
                let half = match half {
                    "5" => 1,
                    "0" => 0,
                    _ => return None,
                };
                return Some((sane(whole)? * 2 + half, i + 1));
            }
            let tens = number(text)?;
            // "twenty one"
            let unit = (tens % 10 == 0 && tens >= 20 && !text.starts_with(|c: char| c.is_ascii_digit()))
                .then(|| number(words.text(i + 1)))
                .flatten()
                .filter(|n| (1..10).contains(n));
            (sane(tens + unit.unwrap_or(0))? * 2, if unit.is_some() { i + 2 } else { i + 1 })
        }
    };
    Some(words.eat(end, pattern!("and a half")).map_or((whole, end), |end| (whole + 1, end)))
}

/// No sane plan counts more.
fn sane(n: i64) -> Option<i64> {
    (0..1_000_000).contains(&n).then_some(n)
}

fn of(halves: i64, unit: Unit) -> Option<Amount> {
    let whole = || (halves % 2 == 0).then_some(halves / 2);
    Some(match unit {
        Unit::Minute => Amount::Minutes(whole()?),
        Unit::Hour => Amount::Minutes(halves * 30),
        Unit::Day if halves % 2 == 1 => Amount::Minutes(halves * 12 * 60),
        Unit::Day => Amount::Days(halves / 2),
        Unit::WorkingDay => Amount::WorkingDays(whole()?),
        // Half a week is rounded up to whole days.
        Unit::Week => Amount::Days((halves * 7 + 1) / 2),
        Unit::Fortnight => Amount::Days(halves * 7),
        Unit::Month if halves % 2 == 1 => Amount::Days(halves * 15),
        Unit::Month => Amount::Months((halves / 2).try_into().ok()?),
        Unit::Year => Amount::Months((halves * 6).try_into().ok()?),
    })
}

/// A fraction that is written with a stroke, in quarters.
fn quarters(text: &str) -> Option<i64> {
    Some(match text {
        "1/2" | "½" => 2,
        "1/4" | "¼" => 1,
        "3/4" | "¾" => 3,
        _ => return None,
    })
}

/// "1/2 hour", "½ an hour", "1 1/2 hours", "1½ hours".
fn fraction(words: Words<'_>, i: usize) -> Option<(Amount, usize)> {
    let text = words.text(i);
    let split = text.char_indices().next_back().map_or(0, |(at, _)| at);
    let (whole, part, end) = match (quarters(text), quarters(words.text(i + 1))) {
        (Some(part), _) => (0, part, i + 1),
        (None, Some(part)) => (sane(number(text)?)?, part, i + 2),
        (None, None) => (sane(number(&text[..split])?)?, quarters(&text[split..])?, i + 1),
    };
    let end = words.eat_any(end, patterns!["of an", "an?"])?;
    let minutes = match unit(words.text(end))? {
        Unit::Hour => 15,
        Unit::Day => 360,
        _ => return None,
    };
    Some((Amount::Minutes((whole * 4 + part) * minutes), end + 1))
}

/// "3 days", "half an hour", "an hour and a half", "2h30m", "1 hour and 20 minutes", "1d 2h", "2 weeks and 3 days".
pub(crate) fn amount(words: Words<'_>, i: usize) -> Option<(Amount, usize)> {
    let (first, end) = one_amount(words, i)?;
    if first == Amount::Minutes(60)
        && let Some(end) = words.eat(end, pattern!("and a half"))
    {
        return Some((Amount::Minutes(90), end));
    }
    let next = words.eat(end, pattern!("and|,")).unwrap_or(end);
    let sum = match (first, one_amount(words, next)) {
        (Amount::Minutes(hours), Some((Amount::Minutes(more), end))) if hours % 60 == 0 && more < 60 => {
            Some((Amount::Minutes(hours + more), end))
        }
        (Amount::Days(days), Some((Amount::Minutes(more), end))) if more < 24 * 60 => {
            let (more, end) = match one_amount(words, end) {
                Some((Amount::Minutes(least), end)) if least < 60 && more % 60 == 0 => (more + least, end),
                _ => (more, end),
            };
            Some((Amount::Minutes(days * 24 * 60 + more), end))
        }
        (Amount::Days(weeks), Some((Amount::Days(more), end))) if weeks % 7 == 0 && more < 7 => {
            Some((Amount::Days(weeks + more), end))
        }
        (Amount::Months(years), Some((Amount::Months(more), end))) if years % 12 == 0 && more < 12 => {
            Some((Amount::Months(years.checked_add(more)?), end))
        }
        _ => None,
    };
    Some(sum.unwrap_or((first, end)))
}

fn one_amount(words: Words<'_>, i: usize) -> Option<(Amount, usize)> {
    if !words.is_word(i) {
        return None;
    }
    if let Some(end) = words.eat_any(i, patterns!["a? quarter of an hour", "a? quarter hour"]) {
        return Some((Amount::Minutes(15), end));
    }
    if let Some(end) = words.eat(i, pattern!("three quarters of an hour")) {
        return Some((Amount::Minutes(45), end));
    }
    if let Some(found) = fraction(words, i) {
        return Some(found);
    }
    let text = words.text(i);
    let text = text.strip_prefix('+').unwrap_or(text);
    if let Some(split) = text.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|&at| at > 0) {
        let (digits, letters) = text.split_at(split);
        if let Some((hours, minutes)) = letters.strip_prefix('h').and_then(|rest| {
            let minutes = rest.strip_suffix('m').unwrap_or(rest);
            Some((sane(number(digits)?)?, number(minutes).filter(|m| *m < 60)?))
        }) {
            return Some((Amount::Minutes(hours * 60 + minutes), i + 1));
        }
        let (whole, half) = digits.split_once('.').map_or((digits, 0), |(whole, part)| (whole, i64::from(part == "5")));
        return Some((of(sane(number(whole)?)? * 2 + half, short_unit(letters)?)?, i + 1));
    }
    let (halves, at) = halves(words, i, text)?;
    let at = words.eat(at, pattern!("more|full|whole")).unwrap_or(at);
    if let Some(end) = words.eat_any(at, patterns!["business|working|work days|day", "weekdays|workdays"]) {
        return Some((of(halves, Unit::WorkingDay)?, end));
    }
    Some((of(halves, unit(words.text(at))?)?, at + 1))
}

/// "3 days" after "next": no article.
pub(super) fn counted(words: Words<'_>, i: usize) -> Option<(Amount, usize)> {
    (!matches!(words.text(i), "a" | "an" | "half" | "another")).then(|| one_amount(words, i)).flatten()
}
