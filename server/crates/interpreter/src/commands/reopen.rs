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

/// "reopen …", "mark … as not done", "… isn't done".
pub(crate) fn reopen(words: Words<'_>, context: &Context) -> Option<Intent> {
    let reopened = |target: Words<'_>| Some(Intent::Reopen(reference::target(target, context)?));
    if let Some(end) = words.eat_any(0, patterns![
        "reopen|re-open|uncheck|untick|unmark|uncomplete|un-complete|unfinish|un-check|un-tick|reactivate|re-activate|unstrike|uncross",
        "undo the? completion of",
        "open up? again",
    ]) {
        let rest = words.from(end);
        let rest = rest.ends_any(patterns!["as done|complete|completed|finished", "again", "please"]).map_or(rest, |at| rest.to(at));
        return reopened(rest);
    }
    if let Some(end) = words.eat_any(
        0,
        patterns![
            "mark|set|flag as|to not yet? done|complete|completed|finished :?",
            "mark|set as|to undone|incomplete|unfinished|pending|open :?",
            "mark|set undone|incomplete|unfinished|pending",
        ],
    ) {
        let rest = words.from(end);
        if !rest.is_empty() {
            return reopened(rest);
        }
    }
    let open_at = words.ends_any(OPEN).filter(|&at| at > 0);
    if let (Some(verb), Some(at)) =
        (words.eat(0, pattern!("mark|set|flag|move|change|put|turn|switch|make|update")), open_at)
    {
        let rest = words.slice(verb..at);
        let rest = rest.eat(0, pattern!("the? status of")).map_or(rest, |end| rest.from(end));
        let end = rest.ends_any(patterns!["back? as|to", "back", "as being|still"]);
        let plain = end.is_none() && (words.text(0) == "mark" || reference::explicit(rest, context).is_some());
        if end.is_some() || plain {
            return reopened(end.map_or(rest, |at| rest.to(at)));
        }
    }
    // "Task 2 isn't done yet", "the report was not finished after all"
    let after_all = words.ends(pattern!("after all")).map_or(words, |at| words.to(at));
    let at = after_all
        .ends_any(patterns!["is|are|was|were|has|have actually|still? not been? actually|really|quite|fully? done|finished|complete|completed yet?"])
        .filter(|&at| at > 0)?;
    let subject = after_all.to(at).trim();
    if is_asked_about(subject)
        || subject.is_any(patterns!["i|we|you|they|what|which"])
        || is_task_noun(subject.text(0)) && subject.len() == 1
    {
        return None;
    }
    reopened(subject)
}
