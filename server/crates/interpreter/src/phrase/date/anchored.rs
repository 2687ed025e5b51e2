//! Days that other days define: "the last day of July", "two days before Sunday", "Monday in three weeks".

use chrono::{Datelike, NaiveDate, Weekday};

use super::{
    amount::{Amount, amount},
    calendar::{day, month_start, next_weekday, nth_weekday, plus_days, plus_months, week_start},
    certainty::Certainty,
    days::{self, named},
    holiday,
    names::{self, weekday_name},
    stretch::{Days, DaysFound},
};
use crate::{
    Context,
    phrase::number::ordinal,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// The days at `i` that other days define.
pub(super) fn anchored(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    nth_of(words, i, context)
        .or_else(|| part_of(words, i, context))
        .or_else(|| weekday_of_week(words, i, context))
        .or_else(|| closest(words, i, context))
        .or_else(|| beside(words, i, context))
}

fn sure(date: NaiveDate, end: usize) -> DaysFound {
    DaysFound::new(Days::one(date), end, Certainty::Sure)
}

/// A month or a year that words name.
struct Period {
    first: NaiveDate,
    /// How many months it has.
    months: i32,
    /// After how many months it comes again; 0 where the words tell which one it is.
    again: i32,
    end: usize,
}

impl Period {
    /// The next such day that is not past.
    fn ahead(&self, today: NaiveDate, pick: impl Fn(NaiveDate, NaiveDate) -> Option<NaiveDate>) -> Option<NaiveDate> {
        let of = |round: i32| {
            let first = plus_months(self.first, self.again * round)?;
            pick(first, plus_months(first, self.months)?.pred_opt()?)
        };
        if self.again == 0 {
            return of(0);
        }
        (0..=8).find_map(|round| of(round).filter(|date| *date >= today))
    }
}

/// "July", "July 2027", "next month", "the year".
fn period(words: Words<'_>, i: usize, today: NaiveDate) -> Option<Period> {
    let month = month_start(today);
    let year = day(today.year(), 1, 1)?;
    let i = words.eat(i, pattern!("the")).unwrap_or(i);
    let (next, at) = match words.text(i) {
        "next" | "following" => (1, i + 1),
        "this" | "current" => (0, i + 1),
        _ => (0, i),
    };
    let again = if at > i { 0 } else { 1 };
    match words.text(at) {
        "month" => return Some(Period { first: plus_months(month, next)?, months: 1, again, end: at + 1 }),
        "year" => {
            return Some(Period { first: plus_months(year, 12 * next)?, months: 12, again: again * 12, end: at + 1 });
        }
        word if at == i => {
            if let Some(year) = names::year(word) {
                return Some(Period { first: day(year, 1, 1)?, months: 12, again: 0, end: at + 1 });
            }
        }
        _ => {}
    }
    let number = names::month_name(words.text(at)).filter(|_| words.text(at).len() >= 3)?;
    let year_at = words.eat(at + 1, pattern!("in|of")).unwrap_or(at + 1);
    if let Some(year) = names::year(words.text(year_at)) {
        return Some(Period { first: day(year, number, 1)?, months: 1, again: 0, end: year_at + 1 });
    }
    Some(Period { first: day(today.year(), number, 1)?, months: 1, again: 12, end: at + 1 })
}

/// "the last day of July", "the second Tuesday of December 2027", "the first working day of next month".
fn nth_of(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let at = words.eat(i, pattern!("the")).unwrap_or(i);
    let which = match words.text(at) {
        "last" => -1,
        word => ordinal(word).filter(|n| *n <= 31)? as i32,
    };
    let (unit_end, weekday) = match weekday_name(words.text(at + 1)) {
        Some((weekday, _)) => (at + 2, Some(weekday)),
        None => (words.eat_any(at + 1, patterns!["day", "working|business|work day", "weekday|workday"])?, None),
    };
    let working = weekday.is_none() && words.text(at + 1) != "day";
    let period = period(words, words.eat(unit_end, pattern!("of|in"))?, today)?;
    let date = period.ahead(today, |first, last| match weekday {
        Some(weekday) if period.months == 1 => nth_weekday(first, weekday, which),
        Some(_) => None,
        None if working => nth_working_day(first, last, which),
        None if which < 0 => Some(last),
        None => plus_days(first, i64::from(which) - 1).filter(|date| *date <= last),
    })?;
    Some(sure(date, period.end))
}

fn nth_working_day(first: NaiveDate, last: NaiveDate, which: i32) -> Option<NaiveDate> {
    let works = |date: &NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    if which < 0 {
        return (0..7).find_map(|back| plus_days(last, -back).filter(works));
    }
    first.iter_days().take_while(|date| *date <= last).filter(works).nth(usize::try_from(which).ok()?.checked_sub(1)?)
}

/// Which part of a stretch is meant.
#[derive(Clone, Copy)]
enum Third {
    Start,
    Early,
    Middle,
    Late,
}

/// "mid January", "early May", "late next week", "the beginning of March", "the middle of next month".
fn part_of(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let at = words.eat(i, pattern!("the")).unwrap_or(i);
    let (third, at, month) = match words.text(at) {
        "early" => (Third::Early, words.eat(at + 1, pattern!("in")).unwrap_or(at + 1), None),
        "late" => (Third::Late, words.eat(at + 1, pattern!("in")).unwrap_or(at + 1), None),
        "mid" => (Third::Middle, words.eat(at + 1, pattern!("-")).unwrap_or(at + 1), None),
        "middle" => (Third::Middle, words.eat(at + 1, pattern!("of"))?, None),
        "beginning" | "start" => (Third::Start, words.eat(at + 1, pattern!("of"))?, None),
        "midweek" | "mid-week" => return midweek(today, context, at + 1),
        word => (Third::Middle, at, Some(names::month_name(word.strip_prefix("mid-")?)?)),
    };
    if let Some(week) = words.eat(at, pattern!("the|this|next? week|wk")).filter(|_| month.is_none()) {
        return week_part(words, at, week, third, context);
    }
    let period = match month {
        Some(number) => Period { first: day(today.year(), number, 1)?, months: 1, again: 12, end: at + 1 },
        None => period(words, at, today)?,
    };
    let date = period.ahead(today, |first, _| match (third, period.months) {
        (Third::Start, _) => Some(first),
        (Third::Early, 1) => plus_days(first, 4),
        (Third::Middle, 1) => plus_days(first, 14),
        (Third::Late, 1) => plus_days(first, 24),
        (Third::Middle, _) => plus_months(first, 6),
        _ => None,
    })?;
    Some(DaysFound::new(Days::one(date), period.end, Certainty::Edge))
}

fn midweek(today: NaiveDate, context: &Context, end: usize) -> Option<DaysFound> {
    let wednesday = plus_days(week_start(today, Weekday::Mon), 2)?;
    let date = if wednesday < today { weekday_in(Weekday::Wed, 1, context)? } else { wednesday };
    Some(DaysFound::new(Days::one(date), end, Certainty::Edge))
}

/// Monday, Wednesday or Friday of a week.
fn week_part(words: Words<'_>, at: usize, end: usize, third: Third, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let weekday = match third {
        Third::Start | Third::Early => Weekday::Mon,
        Third::Middle => Weekday::Wed,
        Third::Late => Weekday::Fri,
    };
    let weeks = i64::from(words.text(at) == "next");
    let date = weekday_in(weekday, weeks, context).filter(|date| *date >= today)?;
    Some(sure(date, end))
}

/// The weekday of the week that begins so many weeks after this one.
fn weekday_in(weekday: Weekday, weeks: i64, context: &Context) -> Option<NaiveDate> {
    let start = week_start(context.now.date_naive(), context.week_start);
    plus_days(start, 7 * weeks + i64::from(weekday.days_since(context.week_start)))
}

/// "Sunday next week", "Wednesday of next week", "next week on Monday", "Monday in three weeks".
fn weekday_of_week(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    if let Some(at) = words.eat_any(i, patterns!["next week|week's", "in|during next week"]) {
        let at = words.eat_any(at, patterns![",", ", on", "on"]).unwrap_or(at);
        let (weekday, _) = weekday_name(words.text(at))?;
        return Some(sure(weekday_in(weekday, 1, context)?, at + 1));
    }
    let at = words.eat(i, pattern!("the|on")).unwrap_or(i);
    let (weekday, _) = weekday_name(words.text(at))?;
    let at = words.eat(at + 1, pattern!(",")).unwrap_or(at + 1);
    if let Some(end) = words.eat_any(at, patterns!["of|in? the? next|following|coming week", "next wk"]) {
        return Some(sure(weekday_in(weekday, 1, context)?, end));
    }
    if let Some(end) = words.eat_any(at, patterns!["of|in? this week", "of the week"]) {
        return Some(sure(weekday_in(weekday, 0, context).filter(|date| *date >= today)?, end));
    }
    if let Some(end) = words.eat_any(at, patterns!["of|in? the week after next", "of|in? the week after"]) {
        return Some(sure(weekday_in(weekday, 2, context)?, end));
    }
    let (distance, end) = amount(words, words.eat(at, pattern!("in"))?)?;
    let end = words.eat_any(end, patterns!["time", "from now"]).unwrap_or(end);
    Some(sure(weekday_after(weekday, distance, context)?, end))
}

/// The weekday of the week that begins so many whole weeks after this one.
pub(super) fn weekday_after(weekday: Weekday, distance: Amount, context: &Context) -> Option<NaiveDate> {
    match distance {
        Amount::Days(days) if days > 0 && days % 7 == 0 => weekday_in(weekday, days / 7, context),
        _ => None,
    }
}

/// "the closest Monday to the 5th", "the Monday nearest to March 3", "the Friday before Christmas".
fn closest(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let at = words.eat(i, pattern!("the")).unwrap_or(i);
    let (weekday, side, base_at) = match words.eat(at, pattern!("closest|nearest")) {
        Some(at) => (weekday_name(words.text(at))?.0, 0, words.eat(at + 1, pattern!("to"))?),
        None => {
            let first = words.eat(at, pattern!("first")).unwrap_or(at);
            let (weekday, _) = weekday_name(words.text(first))?;
            let next = first + 1;
            let (side, base_at) = match words.text(next) {
                "before" => (-1, next + 1),
                "after" => (1, next + 1),
                "closest" | "nearest" => (0, words.eat(next + 1, pattern!("to"))?),
                _ => return None,
            };
            (weekday, side, base_at)
        }
    };
    if side == 0
        && let Some(found) = still_ahead(words, base_at, weekday, context)
    {
        return Some(found);
    }
    ahead_of(words, base_at, context, |base| match side {
        0 => nearest(base, weekday),
        1 => next_weekday(base, weekday),
        _ => plus_days(next_weekday(plus_days(base, -8)?, weekday)?, 0),
    })
}

/// The weekday that is three days or less from a day.
fn nearest(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    next_weekday(plus_days(day, -4)?, weekday)
}

/// The day that is near a named day of these three days: on Sunday the 6th, Monday the 7th is the closest to the 5th.
fn still_ahead(words: Words<'_>, i: usize, weekday: Weekday, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let past = plus_days(today, -3)?;
    if days::near(words, i, today).is_some() {
        return None;
    }
    let base = named(words, i, context, past).filter(|base| !base.past && (past..today).contains(&base.days.due))?;
    nearest(base.days.due, weekday).filter(|date| *date >= today).map(|date| sure(date, base.end))
}

/// "two days before Sunday", "the day after Christmas", "a week before March 5".
fn beside(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let (distance, side) = match (words.eat(i, pattern!("the? day")), words.eat(i, pattern!("the? week"))) {
        (Some(side), _) => (Amount::Days(1), side),
        (None, Some(side)) => (Amount::Days(7), side),
        (None, None) => amount(words, i)?,
    };
    let base_at = words.eat(side, pattern!("before|after"))?;
    ahead_of(words, base_at, context, |base| match distance {
        Amount::Minutes(_) => None,
        _ if words.text(side) == "before" => distance.before(base),
        _ => distance.after(base),
    })
}

/// The day that `move_from` makes of the named day at `i`. Where that is past, of the named day after that one.
fn ahead_of(
    words: Words<'_>,
    i: usize,
    context: &Context,
    move_from: impl Fn(NaiveDate) -> Option<NaiveDate>,
) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let base_in = |context: &Context| {
        let found = holiday::holiday(words, words.eat(i, pattern!("the")).unwrap_or(i), context)
            .or_else(|| nth_of(words, i, context))
            .or_else(|| days::end_of(words, i, context))
            .or_else(|| named(words, i, context, context.now.date_naive()))?;
        (!found.past && found.part.is_none()).then_some(found)
    };
    let base = base_in(context)?;
    let date = move_from(base.days.due)?;
    if date >= today || days::near(words, i, today).is_some() {
        return Some(sure(date, base.end));
    }
    // Sunday is tomorrow, so two days before Sunday is said of the Sunday after that.
    let later = plus_days(base.days.due, 1)?.and_hms_opt(12, 0, 0)?;
    let later = super::calendar::moment(later, context.now.timezone())?.with_timezone(&context.now.timezone());
    let next = base_in(&Context { now: later, ..context.clone() })?;
    Some(sure(move_from(next.days.due)?, next.end))
}
