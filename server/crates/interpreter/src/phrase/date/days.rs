//! Days and stretches of days that words name.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{
    amount::{Amount, amount, counted},
    calendar::{day, month_end, month_start, next_weekday, plus_days, plus_months, week_start},
    clock::{Certainty, Part},
    numeric,
};
use crate::{
    Context,
    phrase::number::ordinal,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// Consecutive days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    /// The day on which something is due that is said to be due in these days.
    pub(crate) due: NaiveDate,
    /// Where the reading goes on, should its time be past.
    pub(crate) again: Again,
}

/// When a named day comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Never,
    Weekly,
    Monthly,
    Yearly,
}

impl Days {
    pub(crate) const fn one(date: NaiveDate) -> Self {
        Self { first: date, last: date, due: date, again: Again::Never }
    }

    /// Whether this is the day of a week that is said on that day itself: its time may still be ahead.
    pub(crate) fn may_be_today(&self, today: NaiveDate) -> bool {
        self.again == Again::Weekly && self.first == self.last && Some(self.due) == plus_days(today, 7)
    }

    pub(crate) const fn again(self, again: Again) -> Self {
        Self { again, ..self }
    }
}

/// Days at a place in the words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DaysFound {
    pub(crate) days: Days,
    pub(crate) end: usize,
    pub(crate) certainty: Certainty,
    /// A part of the day that the words include ("tonight").
    pub(crate) part: Option<Part>,
    /// Whether the words speak of the past ("last Friday").
    pub(crate) past: bool,
}

impl DaysFound {
    pub(super) const fn new(days: Days, end: usize, certainty: Certainty) -> Self {
        Self { days, end, certainty, part: None, past: false }
    }

    const fn past(self) -> Self {
        Self { past: true, ..self }
    }
}

/// The days that the words at `i` name.
pub(crate) fn days(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    if !words.is_word(i) {
        return None;
    }
    let today = context.now.date_naive();
    end_of(words, i, context).or_else(|| relative(words, i, context)).or_else(|| named(words, i, context, today))
}

/// Days that no other days define.
fn named(words: Words<'_>, i: usize, context: &Context, today: NaiveDate) -> Option<DaysFound> {
    near(words, i, today)
        .or_else(|| week_month_year(words, i, context))
        .or_else(|| weekday(words, i, context))
        .or_else(|| numeric::month_day(words, i, today))
        .or_else(|| numeric::digits(words, i, context))
        .or_else(|| ordinal_day(words, i, today))
        .or_else(|| month(words, i, today))
}

fn near(words: Words<'_>, i: usize, today: NaiveDate) -> Option<DaysFound> {
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
fn end_of(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
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
    let found = named(words, next, context, today)?;
    sure(Days::one(found.days.last), found.end)
}

/// What is left of the working week, or of the weekend.
fn rest_of_week(today: NaiveDate) -> Option<Days> {
    let friday = i64::from(today.weekday().num_days_from_monday()) - 4;
    Some(Days::one(plus_days(today, if friday <= 0 { -friday } else { 2 - friday })?))
}

/// "in 3 days", "two weeks from now", "a week from Friday", "3 days ago".
fn relative(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let introduced = words.eat(i, pattern!("in|within"));
    let (amount, after) = amount(words, introduced.unwrap_or(i))?;
    let moved = |from: NaiveDate| match amount {
        Amount::Minutes(_) => None,
        other => other.after(from),
    };
    if introduced.is_some() {
        let after = words.eat(after, pattern!("time|from")).filter(|_| words.text(after) == "time").unwrap_or(after);
        let after = words.eat(after, pattern!("from now|today")).unwrap_or(after);
        return Some(DaysFound::new(Days::one(moved(today)?), after, Certainty::Sure));
    }
    if words.text(after) == "ago" {
        return Some(DaysFound::new(Days::one(amount.before(today)?), after + 1, Certainty::Sure).past());
    }
    let from = words.eat(after, pattern!("from|after|on"))?;
    if words.text(from) == "now" {
        return Some(DaysFound::new(Days::one(moved(today)?), from + 1, Certainty::Sure));
    }
    let base = named(words, from, context, today).filter(|found| !found.past)?;
    Some(DaysFound { days: Days::one(moved(base.days.due)?), certainty: Certainty::Sure, ..base })
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

/// A weekday's name, and whether it is also another word or part of one.
pub(crate) fn weekday_name(word: &str) -> Option<(Weekday, Certainty)> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    Some(match word {
        "monday" | "munday" | "mondy" => (Weekday::Mon, Certainty::Edge),
        "tuesday" | "teusday" | "tueday" => (Weekday::Tue, Certainty::Edge),
        "wednesday" | "wensday" | "wednsday" | "wendsday" | "wednesady" => (Weekday::Wed, Certainty::Edge),
        "thursday" | "thrusday" | "thursady" | "thurday" => (Weekday::Thu, Certainty::Edge),
        "friday" | "firday" | "frday" | "friady" => (Weekday::Fri, Certainty::Edge),
        "saturday" | "saterday" | "saturady" | "satruday" => (Weekday::Sat, Certainty::Edge),
        "sunday" | "sundy" | "suday" => (Weekday::Sun, Certainty::Edge),
        "mon" => (Weekday::Mon, Certainty::Edge),
        "tue" | "tues" => (Weekday::Tue, Certainty::Edge),
        "thu" | "thur" | "thurs" => (Weekday::Thu, Certainty::Edge),
        "fri" => (Weekday::Fri, Certainty::Edge),
        "wed" | "weds" => (Weekday::Wed, Certainty::Marked),
        "sat" => (Weekday::Sat, Certainty::Marked),
        "sun" => (Weekday::Sun, Certainty::Marked),
        _ => return None,
    })
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
        .or_else(|| ordinal_day(words, date_at, today));
    if let Some(found) = dated {
        // "Friday the 13th" is a Friday.
        let end = found.end;
        let number = i64::from(found.days.due.day());
        let ordinal = ordinal_day(words, date_at, today).is_some_and(|ordinal| ordinal.end == end);
        if ordinal && found.days.due.weekday() != weekday {
            let month = |offset| day_in(plus_months(month_start(today), offset)?, number);
            let real = (0..48).filter_map(month).find(|date| *date >= today && date.weekday() == weekday)?;
            return sure(real, end);
        }
        return Some(DaysFound { certainty: Certainty::Sure, ..found });
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

/// "the 15th", "the 3rd of next month".
fn ordinal_day(words: Words<'_>, i: usize, today: NaiveDate) -> Option<DaysFound> {
    let at = words.eat(i, pattern!("the")).unwrap_or(i);
    let number = ordinal(words.text(at)).filter(|n| *n <= 31)?;
    let in_month = |offset: i32| day_in(plus_months(month_start(today), offset)?, number);
    if let Some(end) = words.eat(at + 1, pattern!("of next month")) {
        return Some(DaysFound::new(Days::one(in_month(1)?), end, Certainty::Sure));
    }
    let (end, of_month) = words.eat(at + 1, pattern!("of the|this month")).map_or((at + 1, false), |end| (end, true));
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
    let at = words.eat(i, pattern!("this|next|early|late|mid")).unwrap_or(i);
    let number = numeric::month_name(words.text(at))?;
    let given_year = numeric::year(words.text(at + 1));
    let this_year = day(today.year(), number, 1)?;
    let first = match given_year {
        Some(year) => day(year, number, 1)?,
        None if month_end(this_year) < today => plus_months(this_year, 12)?,
        None => this_year,
    };
    let last = month_end(first);
    let due = if given_year.is_none() && first <= today { last } else { first };
    let certainty = if given_year.is_some() { Certainty::Edge } else { Certainty::Marked };
    let end = if given_year.is_some() { at + 2 } else { at + 1 };
    Some(DaysFound::new(Days { first, last, due, again: Again::Never }, end, certainty))
}
