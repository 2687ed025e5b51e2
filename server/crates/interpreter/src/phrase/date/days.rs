//! Days and stretches of days that words name.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{
    amount::counted,
    calendar::{day, month_end, month_start, next_weekday, plus_days, plus_months, week_start},
    certainty::Certainty,
    clock::Part,
    holiday,
    names::{month_name, weekday_name, year},
    numeric,
    stretch::{Again, Days, DaysFound},
};
use crate::{
    Context,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// Days that no other days define.
pub(super) fn named(words: Words<'_>, i: usize, context: &Context, today: NaiveDate) -> Option<DaysFound> {
    near(words, i, today)
        .or_else(|| week_month_year(words, i, context))
        .or_else(|| weekday(words, i, context))
        .or_else(|| dated(words, i, context, today))
        .or_else(|| holiday::holiday(words, words.eat(i, pattern!("the")).unwrap_or(i), context))
        .or_else(|| ordinal_day(words, i, today))
        .or_else(|| month(words, i, today))
}

/// A date with its month, and the weekday that may follow it: "Jul 18, Fri".
fn dated(words: Words<'_>, i: usize, context: &Context, today: NaiveDate) -> Option<DaysFound> {
    let found = numeric::month_day(words, i, today).or_else(|| numeric::digits(words, i, context))?;
    let at = words.eat(found.end, pattern!(",")).unwrap_or(found.end);
    match weekday_name(words.text(at)) {
        Some(_) => Some(DaysFound { end: at + 1, certainty: found.certainty.max(Certainty::Edge), ..found }),
        None => Some(found),
    }
}

pub(super) fn near(words: Words<'_>, i: usize, today: NaiveDate) -> Option<DaysFound> {
    let one =
        |offset: i64, end: usize| Some(DaysFound::new(Days::one(plus_days(today, offset)?), end, Certainty::Sure));
    if let Some(end) = words.eat_any(i, patterns!["the? day after tomorrow", "overmorrow"]) {
        return one(2, end);
    }
    if let Some(end) = words.eat(i, pattern!("the? day before yesterday")) {
        return one(-2, end).map(DaysFound::past);
    }
    let i = words.eat(i, pattern!("later")).filter(|&next| words.text(next) == "today").unwrap_or(i);
    let (offset, part) = match words.text(i) {
        "today" | "today's" => (0, None),
        "tonight" | "tonight's" => (0, Some(Part::Night)),
        "tomorrow" | "tomorrow's" => (1, None),
        "yesterday" | "yesterday's" => return one(-1, i + 1).map(DaysFound::past),
        "last" if words.text(i + 1) == "night" => return one(-1, i + 2).map(DaysFound::past),
        "this" => match words.text(i + 1) {
            "morning" => (0, Some(Part::Morning)),
            "afternoon" => (0, Some(Part::Afternoon)),
            "evening" => (0, Some(Part::Evening)),
            _ => return None,
        },
        _ => return None,
    };
    let end = if words.text(i) == "this" { i + 2 } else { i + 1 };
    Some(DaysFound { part, ..one(offset, end)? })
}

/// "end of the month", "eod".
pub(super) fn end_of(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let sure = |days: Days, end: usize| Some(DaysFound::new(days, end, Certainty::Sure));
    match words.text(i) {
        "eod" | "cob" => return sure(Days::one(today), i + 1),
        "eow" => return sure(rest_of_week(today)?, i + 1),
        "eom" => return sure(Days::one(month_end(today)), i + 1),
        "eoy" => return sure(Days::one(day(today.year(), 12, 31)?), i + 1),
        _ => {}
    }
    if let Some(end) = words.eat(i, pattern!("the? close of business")) {
        return sure(Days::one(today), end);
    }
    let next = words.eat(i, pattern!("the? end of"))?;
    if let Some(end) = words.eat(next, pattern!("the|this? day|today|play|business")) {
        return sure(Days::one(today), end);
    }
    if let Some(end) = words.eat(next, pattern!("the|this? week|workweek")) {
        return sure(rest_of_week(today)?, end);
    }
    if let Some(end) = words.eat(next, pattern!("the|this? month")) {
        return sure(Days::one(month_end(today)), end);
    }
    if let Some(end) = words.eat(next, pattern!("the|this? year")) {
        return sure(Days::one(day(today.year(), 12, 31)?), end);
    }
    if let Some(end) = words.eat(next, pattern!("next week")) {
        return sure(Days::one(plus_days(next_week(context)?.first, 4)?), end);
    }
    // "The end of Friday" is Friday, but nothing ends with a Friday in three weeks.
    let found = named(words, next, context, today)?;
    sure(Days::one(found.days.last), found.end)
}

/// What is left of the working week, or of the weekend.
fn rest_of_week(today: NaiveDate) -> Option<Days> {
    let friday = i64::from(today.weekday().num_days_from_monday()) - 4;
    Some(Days::one(plus_days(today, if friday <= 0 { -friday } else { 2 - friday })?))
}

fn next_week(context: &Context) -> Option<Days> {
    let first = plus_days(week_start(context.now.date_naive(), context.week_start), 7)?;
    Some(Days { last: plus_days(first, 6)?, ..Days::one(first) })
}

/// "this week", "next month", "the weekend", "next 3 days".
fn week_month_year(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let sure = |days: Days, end: usize| Some(DaysFound::new(days, end, Certainty::Sure));
    let start = i;
    let i = words.eat(i, pattern!("over|early|late|later|sometime? the?")).unwrap_or(i);
    let this_week = week_start(today, context.week_start);
    if let Some(end) = words.eat(i, pattern!("week after next")) {
        let first = plus_days(this_week, 14)?;
        return sure(working(first)?, end);
    }
    if let Some(end) = words.eat(i, pattern!("weekend|week-end")) {
        // "Plan the weekend" names no date.
        let certainty = if words.text(start) == "over" { Certainty::Sure } else { Certainty::Marked };
        return Some(DaysFound::new(weekend(today, 0)?, end, certainty));
    }
    let which = words.text(i);
    let ahead = match which {
        "this" | "current" => 0,
        "next" | "coming" | "following" | "upcoming" => 1,
        "last" | "past" | "previous" => -1,
        _ => return None,
    };
    let at = if which == "this" { words.eat(i + 1, pattern!("coming|upcoming")).unwrap_or(i + 1) } else { i + 1 };
    if ahead == 1 && which != "following" {
        if let Some((count, unit_end)) = counted(words, at) {
            let last = count.after(today)?;
            return sure(Days { first: today, last, ..Days::one(last) }, unit_end);
        }
    } else if ahead == -1
        && let Some((count, unit_end)) = counted(words, at)
    {
        let days = Days { last: today, ..Days::one(count.before(today)?) };
        return Some(DaysFound::new(days, unit_end, Certainty::Sure).past());
    }
    let whole = |first: NaiveDate, last: NaiveDate, due: NaiveDate| Days { first, last, due, again: Again::Never };
    let found = match (words.text(at), ahead) {
        ("week" | "week's" | "wk", 0) => {
            sure(whole(this_week, plus_days(this_week, 6)?, rest_of_week(today)?.due), at + 1)?
        }
        ("week" | "week's" | "wk", ahead) => {
            let first = plus_days(this_week, 7 * ahead)?;
            sure(Days { first, last: plus_days(first, 6)?, ..working(first)? }, at + 1)?
        }
        ("weekend" | "weekend's" | "week-end", ahead) => {
            // "The coming weekend" is the nearest.
            sure(weekend(today, if which == "next" || ahead < 0 { ahead } else { 0 })?, at + 1)?
        }
        ("month" | "month's", 0) => sure(whole(month_start(today), month_end(today), month_end(today)), at + 1)?,
        ("month" | "month's", ahead) => {
            let same = plus_months(today, ahead as i32)?;
            sure(whole(month_start(same), month_end(same), same), at + 1)?
        }
        ("year" | "year's", ahead) => {
            let year = today.year().checked_add(ahead as i32)?;
            let due = if ahead == 0 { day(year, 12, 31)? } else { plus_months(today, 12 * ahead as i32)? };
            sure(whole(day(year, 1, 1)?, day(year, 12, 31)?, due), at + 1)?
        }
        _ => return None,
    };
    Some(if ahead < 0 { found.past() } else { found })
}

/// A week whose due day is its first working day.
fn working(first: NaiveDate) -> Option<Days> {
    let due = match first.weekday() {
        Weekday::Sat => plus_days(first, 2)?,
        Weekday::Sun => plus_days(first, 1)?,
        _ => first,
    };
    Some(Days { first, last: plus_days(first, 6)?, due, again: Again::Never })
}

fn weekend(today: NaiveDate, weeks: i64) -> Option<Days> {
    let saturday = plus_days(week_start(today, Weekday::Mon), 5 + 7 * weeks)?;
    let sunday = plus_days(saturday, 1)?;
    let due = if weeks == 0 && today == sunday { sunday } else { saturday };
    Some(Days { first: saturday, last: sunday, due, again: Again::Never })
}

/// "Friday", "next Friday", "this coming Friday", "Friday week", "Friday the 27th", "Fri, 27 Nov".
fn weekday(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let (which, at) = match words.text(i) {
        "this" => ("this", words.eat(i + 1, pattern!("coming|upcoming")).unwrap_or(i + 1)),
        "coming" | "upcoming" => ("", i + 1),
        "next" => ("next", i + 1),
        "last" | "past" | "previous" => ("last", i + 1),
        "the" => ("the", i + 1),
        _ => ("", i),
    };
    let at = if which == "the" { words.eat(at, pattern!("coming|upcoming")).unwrap_or(at) } else { at };
    let which = if which == "this" && at > i + 1 { "" } else { which };
    let (weekday, certainty) = weekday_name(words.text(at))?;
    let next = next_weekday(today, weekday)?;
    let end = at + 1;
    let sure = |date: NaiveDate, end: usize| Some(DaysFound::new(Days::one(date), end, Certainty::Sure));
    let in_week = |weeks: i64| {
        let start = week_start(today, context.week_start);
        plus_days(start, 7 * weeks + i64::from(weekday.days_since(context.week_start)))
    };
    match which {
        "this" => {
            let date = in_week(0).filter(|date| *date >= today).unwrap_or(next);
            return Some(DaysFound::new(Days::one(date).again(Again::Weekly), end, Certainty::Sure));
        }
        "next" => return sure(in_week(1)?, end),
        "last" => return Some(sure(plus_days(next, -7).filter(|d| *d < today).or(plus_days(next, -14))?, end)?.past()),
        _ => {}
    }
    if let Some(end) = words.eat(end, pattern!("week")).filter(|&end| words.text(end) != "night") {
        return sure(plus_days(next, 7)?, end);
    }
    if let Some(end) = words.eat(end, pattern!("after next")) {
        return sure(plus_days(in_week(1)?, 7)?, end);
    }
    let date_at = if words.text(end) == "," { end + 1 } else { end };
    let date_at = words.eat(date_at, pattern!("on")).unwrap_or(date_at);
    let dated = numeric::month_day(words, date_at, today)
        .or_else(|| numeric::digits(words, date_at, context))
        .or_else(|| numeric::dotted(words, date_at, context));
    if let Some(found) = dated {
        return Some(DaysFound { certainty: Certainty::Sure, ..found });
    }
    if let Some((number, end)) = numeric::ordinal_number(words, words.eat(date_at, pattern!("the")).unwrap_or(date_at))
        && words.text(end) != "of"
    {
        // "Friday the 13th" is a Friday.
        let month = |offset| day_in(plus_months(month_start(today), offset)?, number.into());
        let real = (0..48).filter_map(month).find(|date| *date >= today && date.weekday() == weekday)?;
        return sure(real, end);
    }
    let certainty = match which {
        "the" if at == i + 1 => Certainty::Marked,
        _ if at > i => Certainty::Sure,
        _ => certainty,
    };
    // "Last Friday" is past, wherever the look at it begins.
    if which.is_empty() && at == i && i > 0 && matches!(words.text(i - 1), "last" | "past" | "previous") {
        return None;
    }
    Some(DaysFound::new(Days::one(next).again(Again::Weekly), end, certainty))
}

/// "the 15th", "the 3rd of next month", "the twenty-third".
fn ordinal_day(words: Words<'_>, i: usize, today: NaiveDate) -> Option<DaysFound> {
    let at = words.eat(i, pattern!("the")).unwrap_or(i);
    let (number, after) = numeric::ordinal_number(words, at)?;
    let in_month = |offset: i32| day_in(plus_months(month_start(today), offset)?, number.into());
    if let Some(end) = words.eat(after, pattern!("of next month")) {
        return Some(DaysFound::new(Days::one(in_month(1)?), end, Certainty::Sure));
    }
    let (end, of_month) = words.eat(after, pattern!("of the|this month")).map_or((after, false), |end| (end, true));
    // Short months lack the 31st.
    let date = (0..4).find_map(|offset| in_month(offset).filter(|date| *date >= today))?;
    let spelt = !words.text(at).starts_with(|c: char| c.is_ascii_digit());
    // "The second" and "the first" are more often something else.
    if spelt && !of_month && (i == 0 || words.eat(i - 1, pattern!("on|by|until|before|due")).is_none() || at == i) {
        return None;
    }
    let certainty = if of_month { Certainty::Sure } else { Certainty::Marked };
    Some(DaysFound::new(Days::one(date).again(Again::Monthly), end, certainty))
}

fn day_in(month: NaiveDate, number: i64) -> Option<NaiveDate> {
    day(month.year(), month.month(), u32::try_from(number).ok()?)
}

/// "March", "next March", "March 2027".
fn month(words: Words<'_>, i: usize, today: NaiveDate) -> Option<DaysFound> {
    let at = words.eat(i, pattern!("this|next")).unwrap_or(i);
    let number = month_name(words.text(at))?;
    let year_at = words.eat(at + 1, pattern!("in|of")).unwrap_or(at + 1);
    let given_year = year(words.text(year_at));
    let this_year = day(today.year(), number, 1)?;
    let first = match given_year {
        Some(year) => day(year, number, 1)?,
        None if month_end(this_year) < today => plus_months(this_year, 12)?,
        None => this_year,
    };
    let last = month_end(first);
    let due = if given_year.is_none() && first <= today { last } else { first };
    let certainty = if given_year.is_some() { Certainty::Edge } else { Certainty::Marked };
    let end = if given_year.is_some() { year_at + 1 } else { at + 1 };
    Some(DaysFound::new(Days { first, last, due, again: Again::Never }, end, certainty))
}
