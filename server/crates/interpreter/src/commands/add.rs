//! "Add …", "remind me to …", "I need to …", "put … on my list", pasted lists.

mod reminding;
mod verbs;

use crate::{
    Context, NewItem, Priority,
    phrase::date::{self, Phrase, recurrence::recurs},
    phrase::items,
    phrase::title::{self, Given},
    text::lexicon,
    text::pattern::{pattern, patterns},
    text::span::Words,
};
use reminding::{labelled, obliged, reminded};
use verbs::verb;

/// How a sentence that adds begins, and what that tells about its items.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Opening {
    /// Where the items begin.
    pub(crate) end: usize,
    /// Whether the words announce several ("tasks", "these").
    pub(crate) several: bool,
    /// How many they announce.
    pub(crate) count: Option<usize>,
    date: Option<Phrase>,
    priority: Option<Priority>,
    /// Whether the words ask to be reminded.
    reminder: bool,
    /// The place of a repetition that was said first: "remind me every day to …".
    again: Option<(usize, usize)>,
}

impl Opening {
    fn at(end: usize) -> Self {
        Self { end, ..Self::default() }
    }

    /// No opening at all, with a date that was said before.
    pub(crate) fn dated(date: Phrase) -> Self {
        Self { date: Some(date), ..Self::default() }
    }
}

/// The items that a sentence adds, if it adds.
pub(crate) fn add(words: Words<'_>, context: &Context) -> Option<Vec<NewItem>> {
    let opening = opening(words, context).or_else(|| put_on_list(words)).or_else(|| appointment(words, context))?;
    added(words, opening, context)
}

/// The items after an opening.
pub(crate) fn added(words: Words<'_>, opening: Opening, context: &Context) -> Option<Vec<NewItem>> {
    let rest = words.from(opening.end);
    if names_nothing(rest) || changes_a_task(rest) {
        return None;
    }
    let rest = without_subject(rest);
    let given = Given { date: opening.date, priority: opening.priority };
    let again = opening.again.map(|(from, to)| title::one_line(words.slice(from..to).trim().raw()));
    let mut parts = items::parts(rest, opening.several, opening.count);
    if let [only] = parts[..]
        && given.date.is_none()
        && let Some((first, second)) = two_dates(only, context)
    {
        // "Milk tomorrow and on Friday" names no second task.
        parts = vec![first, second?];
    }
    let items: Vec<_> = parts
        .into_iter()
        .filter_map(|part| title::item(part, given, context))
        .map(|item| NewItem { reminder: opening.reminder, ..item })
        .map(|item| match &again {
            Some(again) => NewItem {
                title: title::shortened(&format!("{} {again}", item.title), title::LONGEST_TITLE),
                recurring: true,
                ..item
            },
            None => item,
        })
        .collect();
    (!items.is_empty()).then_some(items)
}

/// "Add it", "add that one too": what was meant is not in the words.
fn names_nothing(rest: Words<'_>) -> bool {
    rest.trim().is_any(patterns![
        "it",
        "that",
        "this",
        "them",
        "one",
        "that one",
        "more",
        "another",
        "something",
        "a task",
        "to it",
        "to|for|about|of|that|called|named|titled the|a|an|my?",
    ])
}

/// Whether the words would change a task that there is.
fn changes_a_task(rest: Words<'_>) -> bool {
    // "Add milk to task 1" and "… to the grocery task" would change a task.
    let to_task = (1..rest.len()).rev().take(6).any(|i| {
        matches!(rest.text(i), "to" | "onto" | "into")
            && (rest.eat(i + 1, pattern!("task|todo|item|reminder|number|#")).is_some()
                || rest.eat(i + 1, pattern!("the|my|that|this")).is_some())
            && (lexicon::is_task_noun(rest.trim_end().last())
                || crate::reference::numbers(rest.from(i + 1).trim_end()).is_some())
    });
    to_task && title::list_phrase(title::polite_end(rest)).is_none()
}

/// "milk tomorrow and bread on Friday": two tasks, each with its date. The second is missing where it is only a date.
fn two_dates<'a>(words: Words<'a>, context: &Context) -> Option<(Words<'a>, Option<Words<'a>>)> {
    let sure = |words: Words<'a>| {
        date::found::date_at_end(words, None, context)
            .filter(|(start, date)| (date.days.is_some() || words.text(*start) == "at") && !date.past)
            .map(|(start, _)| start)
    };
    let whole = words.trim_end();
    // "Gym every Monday and Wednesday" recurs.
    if recurs(whole) {
        return None;
    }
    (1..whole.len().saturating_sub(1)).rev().take(24).filter(|&i| whole.text(i) == "and").find_map(|i| {
        let (first, second) = (whole.to(i), whole.from(i + 1));
        let start = sure(first).filter(|at| *at > 0)?;
        let date = second.eat(0, pattern!("on|by|for|at")).unwrap_or(0);
        let only_date = date::phrase(second, date, context).is_some_and(|date| date.end == second.len());
        let then = if only_date { 0 } else { sure(second)? };
        // "Between Monday and Friday" is one stretch.
        let between = first.slice(start.saturating_sub(1)..first.len()).has(&["between", "from"]);
        (!between).then_some((first, (then > 0).then_some(second)))
    })
}

/// "I need to call", "I have a meeting": what is to be done comes after.
fn without_subject(words: Words<'_>) -> Words<'_> {
    if !matches!(words.text(0), "i" | "we") {
        return words;
    }
    if let Some(end) = obliged(words) {
        return words.from(end);
    }
    match words.eat(0, pattern!("i|we have got? a|an|my|our")) {
        Some(end) if (end..end + 6).any(|i| lexicon::is_event(words.text(i))) => words.from(end),
        _ => words,
    }
}

/// How the sentence begins to add, if it does.
pub(crate) fn opening(words: Words<'_>, context: &Context) -> Option<Opening> {
    direct(words, context).or_else(|| date_first(words, context)).or_else(|| again_first(words, context))
}

/// "tomorrow at 5 I need to …".
fn date_first(words: Words<'_>, context: &Context) -> Option<Opening> {
    let at = words.eat(0, pattern!("on|at|by|before|in|this|around")).filter(|_| words.text(0) != "this").unwrap_or(0);
    let date =
        date::phrase(words, at, context).or_else(|| date::phrase(words, 0, context)).filter(|date| !date.past)?;
    shifted(words, marks(words, date.end), context)
        .map(|opening| Opening { date: opening.date.or(Some(date)), ..opening })
}

/// "every Monday remind me to …".
fn again_first(words: Words<'_>, context: &Context) -> Option<Opening> {
    if !matches!(words.text(0), "every" | "each") {
        return None;
    }
    (2..8.min(words.len())).find_map(|end| Some(Opening { again: Some((0, end)), ..shifted(words, end, context)? }))
}

/// The opening at some place.
fn shifted(words: Words<'_>, at: usize, context: &Context) -> Option<Opening> {
    let at = words.eat(at, pattern!("please")).unwrap_or(at);
    let opening = direct(words.from(at), context)?;
    Some(Opening { end: opening.end + at, again: opening.again.map(|(from, to)| (from + at, to + at)), ..opening })
}

fn direct(words: Words<'_>, context: &Context) -> Option<Opening> {
    let opening = reminded(words, context)
        .or_else(|| labelled(words, context))
        .or_else(|| verb(words, context))
        .or_else(|| obliged(words).map(|end| Opening { several: words.text(end) == ":", ..Opening::at(end) }))?;
    let reminder = words.to(opening.end).has(&["reminder", "reminders", "reminded", "reminding"]);
    Some(Opening { reminder: opening.reminder || reminder, ..opening })
}

/// "put milk on my list", "get milk onto the list".
fn put_on_list(words: Words<'_>) -> Option<Opening> {
    let end = words.eat_any(
        0,
        patterns!["put|stick|throw|get|place|pop|stuff|write|toss|have|chuck|slap|drop|keep", "i want|need"],
    )?;
    let rest = words.from(end);
    let trimmed = title::polite_end(rest);
    // "Put task 2 back on my list" takes it back.
    if rest.has(&["back"]) {
        return None;
    }
    let is_list =
        |words: Words<'_>| title::list_phrase(words).is_some_and(|at| at > 0 && words.from(at).text(0) != "as");
    if list_start(words, end).is_some() {
        return list_start(words, end).map(Opening::at);
    }
    // A date may follow the list: "put milk on my list for tomorrow".
    let until_list = (1..rest.len()).rev().take(16).find(|&to| is_list(rest.to(to)));
    (is_list(trimmed) || until_list.is_some()).then(|| Opening::at(end))
}

/// "I have a dentist appointment on Friday at 3".
fn appointment(words: Words<'_>, context: &Context) -> Option<Opening> {
    let end = words.eat_any(
        0,
        patterns!["i|we have got? a|an|my|our", "i|we got a|an|my", "there is a|an|my", "i|we have got? another"],
    )?;
    let rest = words.from(end);
    let (start, date) = date::found::date_at_end(rest.trim_end(), None, context)?;
    let event = (0..start.min(8)).any(|i| lexicon::is_event(rest.text(i)));
    (event && !date.past && !rest.has(&["?"])).then(|| Opening::at(end))
}

fn marks(words: Words<'_>, mut at: usize) -> usize {
    while matches!(words.text(at), ":" | "-" | "," | "\n") && words.is_mark(at) && !is_bullet(words, at) {
        at += 1;
    }
    at
}

fn is_bullet(words: Words<'_>, at: usize) -> bool {
    words.text(at) == "-" && at > 0 && words.text(at - 1) == "\n"
}

/// "to my list", straight after the verb.
fn list_start(words: Words<'_>, i: usize) -> Option<usize> {
    let end = words.eat_any(
        i,
        patterns![
            "to|on|onto|in|into my|the|our todo|to-do|task|tasks|shopping|grocery? list",
            "to|on|onto|in|into my|the|our to do list",
            "to|on|onto|in|into my|the|our tasks|todos|list",
        ],
    )?;
    words.eat(end, pattern!(":|-|,?"))
}

/// A date between the opening and the item: "remind me tomorrow at 5 to …".
fn date_before(words: Words<'_>, i: usize, context: &Context) -> Option<(Phrase, usize)> {
    let at = words.eat_any(i, patterns!["for|on|at|by|due|before|around due?|on|by|at?"]).unwrap_or(i);
    let phrase = date::phrase(words, at, context).filter(|phrase| !phrase.past)?;
    let end = phrase.end;
    let sure = at > i || phrase.certainty >= date::Certainty::Edge;
    let goes_on = matches!(
        words.text(end),
        "to" | ":" | "that" | "about" | "of" | "called" | "named" | "titled" | "for" | "," | "-"
    );
    (sure && goes_on && end + 1 < words.len()).then_some((phrase, end))
}
