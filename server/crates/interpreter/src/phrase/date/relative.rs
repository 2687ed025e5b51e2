//! Days at a distance: "in 3 days", "two weeks from now", "a week from Friday", "3 days ago", "a week hence".

use chrono::NaiveDate;

use super::{
    amount::{Amount, amount},
    anchored::weekday_after,
    certainty::Certainty,
    days::named,
    names::weekday_name,
    stretch::{Days, DaysFound},
};
use crate::{
    Context,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// Where the amount begins that is counted from now: after "in", "within", or with a plus sign.
pub(super) fn introduced(words: Words<'_>, i: usize) -> Option<usize> {
    let plus = words.text(i).strip_prefix('+').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if plus { Some(i) } else { words.eat(i, pattern!("in|within")) }
}

/// The day at a distance from today, or from another day.
pub(super) fn relative(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    let today = context.now.date_naive();
    let introduced = introduced(words, i);
    let (amount, after) = amount(words, introduced.unwrap_or(i))?;
    let moved = |from: NaiveDate| match amount {
        Amount::Minutes(_) => None,
        other => other.after(from),
    };
    let sure = |date: NaiveDate, end: usize| Some(DaysFound::new(Days::one(date), end, Certainty::Sure));
    if introduced.is_some() {
        let after = words.eat(after, pattern!("time|from")).filter(|_| words.text(after) == "time").unwrap_or(after);
        let after = words.eat_any(after, patterns!["from now|today", "hence|later"]).unwrap_or(after);
        // "In two weeks on Friday" is that week's Friday.
        let on = words.eat(after, pattern!("on")).unwrap_or(after);
        if let Some((weekday, _)) = weekday_name(words.text(on))
            && let Some(date) = weekday_after(weekday, amount, context)
        {
            return sure(date, on + 1);
        }
        return sure(moved(today)?, after);
    }
    if words.text(after) == "ago" {
        return sure(amount.before(today)?, after + 1).map(DaysFound::past);
    }
    if let Some(end) = words.eat(after, pattern!("later|hence")) {
        return sure(moved(today)?, end);
    }
    let from = words.eat(after, pattern!("from|after|on"))?;
    if words.text(from) == "now" {
        return sure(moved(today)?, from + 1);
    }
    let base = named(words, from, context, today).filter(|found| !found.past)?;
    Some(DaysFound { days: Days::one(moved(base.days.due)?), certainty: Certainty::Sure, ..base })
}
