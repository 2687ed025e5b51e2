//! Stretches of time that tasks are asked for by: "before Friday", "in the next 3 days", "my week".

use crate::{
    Context, When, Window,
    phrase::date::{self, Certainty, Phrase, calendar::plus_days},
    phrase::number::number,
    text::pattern::patterns,
    text::span::Words,
    text::token::tokens,
};

/// A stretch of time at `i`, with its preposition, and where it ends.
pub(super) fn window(words: Words<'_>, i: usize, context: &Context) -> Option<(Window, usize)> {
    let at = words
        .eat_any(i, patterns!["due? before|by|until|till|til|through|after|since|from|starting|on|for|in|during|between|around|at|within", "due", "as of"])
        .unwrap_or(i);
    // "within 3 days" and "in 2 weeks" are one phrase with their preposition.
    let phrase = date::phrase(words, at, context).or_else(|| date::phrase(words, i, context))?;
    let introduced = phrase.end > at && at > i;
    let needs = if introduced { Certainty::Marked } else { Certainty::Edge };
    if phrase.certainty < needs {
        return None;
    }
    // "In 3 days" is within them, "in May" is not.
    let preposition = match if at > i { words.text(at - 1) } else { "" } {
        "in" if number(words.text(at)).is_some() => "within",
        preposition => preposition,
    };
    let window = between(preposition, &phrase, context);
    Some((window, phrase.end))
}

/// The window that a preposition makes of a date or a time. "Within" begins today.
fn between(preposition: &str, phrase: &Phrase, context: &Context) -> Window {
    let today = context.now.date_naive();
    let exact = phrase.when(context).filter(|when| matches!(when, When::At(_)));
    let date = |date, days| plus_days(date, days).map(When::Date);
    match (preposition, phrase.days) {
        ("before" | "by" | "until" | "till" | "til" | "through", _) if phrase.has_time() => {
            Window { after: None, before: exact }
        }
        ("after" | "since", _) if phrase.has_time() => Window { after: exact, before: None },
        ("before", Some(days)) => Window { after: None, before: Some(When::Date(days.first)) },
        ("by" | "until" | "till" | "til" | "through", Some(days)) => Window { after: None, before: date(days.last, 1) },
        ("after", Some(days)) => Window { after: Some(When::Date(days.last)), before: None },
        ("since", Some(days)) => Window { after: date(days.first, -1), before: None },
        ("from" | "starting" | "of", Some(days)) if days.first == days.last => {
            Window { after: date(days.first, -1), before: None }
        }
        ("within", Some(days)) => Window { after: date(today, -1), before: date(days.last, 1) },
        (_, Some(days)) => Window { after: date(days.first, -1), before: date(days.last, 1) },
        (_, None) => Window { after: date(today, -1), before: exact },
    }
}

/// "My day", "my week".
pub(super) fn own_days(word: &str, context: &Context) -> Option<Window> {
    let source = match word {
        "day" => "today",
        "week" => "this week",
        "weekend" => "this weekend",
        "month" => "this month",
        _ => return None,
    };
    let tokens = tokens(source);
    window(Words::new(source, &tokens), 0, context).map(|(window, _)| window)
}
