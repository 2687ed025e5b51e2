//! "Reopen …", "mark … as not done", "… isn't done".

use crate::{
    Context, Intent,
    phrase::question::is_asked_about,
    reference,
    text::lexicon::is_task_noun,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

/// Words for "not done", as patterns.
const OPEN: &Patterns = patterns![
    "not yet? done|complete|completed|finished|closed yet?",
    "undone|incomplete|unfinished|uncompleted|pending|open|todo|to-do|active|unchecked|outstanding|unresolved",
    "to do",
    "not-done|un-done|not-complete",
];

/// Verbs that reopen what follows.
const REOPEN: &Patterns = patterns![
    "reopen|re-open|uncheck|untick|unmark|uncomplete|un-complete|unfinish|un-check|un-tick|reactivate|re-activate|unstrike|uncross",
    "undo the? completion of",
    "open up? again",
];

/// "reopen …", "mark … as not done", "… isn't done".
pub(crate) fn reopen(words: Words<'_>, context: &Context) -> Option<Intent> {
    if let Some(end) = words.eat_any(0, REOPEN) {
        let rest = words.from(end);
        let end = rest.ends_any(patterns!["as done|complete|completed|finished", "again", "please"]);
        return reopened(end.map_or(rest, |at| rest.to(at)), context);
    }
    if let Some(subject) = marked_open(words).or_else(|| set_open(words, context)) {
        return reopened(subject, context);
    }
    if let Some(report) = taken_back(words) {
        return reopened(report, context);
    }
    reopened(not_done(words)?, context)
}

/// "I didn't buy the milk after all": the report of it was wrong.
fn taken_back(words: Words<'_>) -> Option<Words<'_>> {
    let start = words.eat_any(0, patterns!["i|we actually? did|have not actually|really?"])?;
    let end = words
        .ends_any(patterns!["after all"])
        .or_else(|| words.to(start).has(&["actually", "really"]).then_some(words.len()))?;
    (end > start + 1 && !words.has(&["?"])).then(|| words.slice(start..end))
}

fn reopened(subject: Words<'_>, context: &Context) -> Option<Intent> {
    Some(Intent::Reopen(reference::target(subject, context)?))
}

/// "mark as not done: …".
fn marked_open(words: Words<'_>) -> Option<Words<'_>> {
    let end = words.eat_any(
        0,
        patterns![
            "mark|set|flag as|to not yet? done|complete|completed|finished :?",
            "mark|set as|to undone|incomplete|unfinished|pending|open :?",
            "mark|set undone|incomplete|unfinished|pending",
        ],
    )?;
    Some(words.from(end)).filter(|subject| !subject.is_empty())
}

/// "mark … as not done", "move … back to open".
fn set_open<'a>(words: Words<'a>, context: &Context) -> Option<Words<'a>> {
    let verb = words.eat(0, pattern!("mark|set|flag|move|change|put|turn|switch|make|update"))?;
    let at = words.ends_any(OPEN).filter(|&at| at > 0)?;
    let rest = words.slice(verb..at);
    let rest = rest.eat(0, pattern!("the? status of")).map_or(rest, |end| rest.from(end));
    match rest.ends_any(patterns!["back? as|to", "back", "as being|still"]) {
        Some(at) => Some(rest.to(at)),
        None if words.text(0) == "mark" || reference::explicit(rest, context).is_some() => Some(rest),
        None => None,
    }
}

/// "Task 2 isn't done yet", "the report was not finished after all".
fn not_done(words: Words<'_>) -> Option<Words<'_>> {
    let words = words.ends(pattern!("after all")).map_or(words, |at| words.to(at));
    let at = words
        .ends_any(patterns!["is|are|was|were|has|have actually|still? not been? actually|really|quite|fully? done|finished|complete|completed yet?"])
        .filter(|&at| at > 0)?;
    let subject = words.to(at).trim();
    let names_nothing = is_asked_about(subject)
        || subject.is_any(patterns!["i|we|you|they|what|which"])
        || is_task_noun(subject.text(0)) && subject.len() == 1;
    (!names_nothing).then_some(subject)
}
