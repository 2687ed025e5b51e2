//! "Add a note to …", "remove the description of …".

use super::{of_target, updated};
use crate::{
    Changes, Context, Intent, NoteChange, reference,
    text::pattern::{Pattern, pattern, patterns},
    text::span::Words,
};

/// What a note is called, as a pattern.
const NOTE: &Pattern = pattern!("note|notes|description|comment|comments|details|detail|info");

/// A command about a task's notes.
pub(super) fn note(words: Words<'_>, context: &Context) -> Option<Intent> {
    edited(words, context)
        .or_else(|| removed(words, context))
        .or_else(|| added(words, context))
        .or_else(|| set(words, context))
        .or_else(|| noted(words, context))
}

fn with(target: Words<'_>, note: NoteChange, context: &Context) -> Option<Intent> {
    updated(target, Changes { note, ..Changes::default() }, context)
}

/// The text of a note.
fn text(words: Words<'_>) -> Option<String> {
    let words = words.trim_start();
    let words = words
        .eat(0, pattern!("that|saying :|-|,?"))
        .filter(|&end| end < words.len())
        .map_or(words, |end| words.from(end));
    let text = words.only_quoted().unwrap_or_else(|| words.raw()).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// "edit task 3: add description 'milk'".
fn edited(words: Words<'_>, context: &Context) -> Option<Intent> {
    let verb = words.eat(0, pattern!("edit|update|change|modify"))?;
    let at = (verb + 1..words.len().min(verb + 6))
        .find(|&i| reference::explicit(words.slice(verb..i), context).is_some())?;
    let next = words.eat(at, pattern!(":|,|-|and|to?"))?;
    let field = words
        .eat(next, pattern!("add|append|attach|include|with|put|set a|the?"))
        .and_then(|end| words.eat(end, NOTE))
        .filter(|&end| end < words.len())?;
    let start = words.eat(field, pattern!(":|saying|that|to|as|-?"))?;
    with(words.slice(verb..at), NoteChange::Append(text(words.from(start))?), context)
}

fn removed(words: Words<'_>, context: &Context) -> Option<Intent> {
    let verb = words.eat(0, pattern!("remove|delete|clear|drop|erase the|its|any|all? of?"))?;
    let end = words.eat(verb, NOTE)?;
    let from = words.eat(end, pattern!("from|of|on|for|off|in"))?;
    with(words.from(from), NoteChange::Clear, context)
}

/// "add a note to task 1: milk", "add the note 'milk' to task 1", "add 'milk' as a note to task 1".
fn added(words: Words<'_>, context: &Context) -> Option<Intent> {
    let verb = words.eat_any(0, patterns!["add|attach|put|append|leave|write|include|make|ad|addd a|an|the|this|following|some|another|more? new|short|quick?"])?;
    if let Some(end) = words.eat(verb, NOTE) {
        let rest = words.from(end);
        if let Some(to) = rest.eat(0, pattern!("to|on|for|in|of|under")) {
            return to_and_text(rest.from(to), context);
        }
        // The text comes first: "add note 'milk' to task 1".
        let start = rest.eat(0, pattern!(":|saying|that|-")).unwrap_or(0);
        let rest = rest.from(start);
        return text_and_to(rest, pattern!("to|on|for"), context);
    }
    // "add 900 euros to the description of task 3"
    let into = (verb..words.len())
        .find_map(|i| Some((i, words.eat(i, pattern!("to|in the|its? note|notes|description of|for|on|in"))?)));
    if let Some((at, to)) = into.filter(|(at, _)| *at > verb) {
        return with(words.from(to), NoteChange::Append(text(words.slice(verb..at))?), context);
    }
    let at = (1..words.len())
        .find(|&i| words.eat(i, pattern!("as|in a|the? note|notes|description|comment to|for|on|of")).is_some())?;
    let to = words.eat(at, pattern!("as|in a|the? note|notes|description|comment to|for|on|of"))?;
    let start = words.eat(0, pattern!("add|attach|put|append"))?;
    let note = text(words.slice(start..at))?;
    with(words.from(to), NoteChange::Append(note), context)
}

/// The task, then the text.
fn to_and_text(words: Words<'_>, context: &Context) -> Option<Intent> {
    let words = words.trim();
    let parted = (1..words.len()).find(|&i| words.is_mark(i) && matches!(words.text(i), ":" | "-" | "\n"));
    let parted = parted.or_else(|| {
        (1..words.len())
            .find(|&i| matches!(words.text(i), "saying" | "that") || words.eat(i, pattern!("to say|read")).is_some())
    });
    let parted = parted.map(|at| (at, words.eat(at, pattern!("to say|read")).unwrap_or(at + 1)));
    // A comma ends a number, but may be inside a description.
    let after_target = |i: &usize| reference::explicit(words.to(*i), context).is_some();
    let parted = parted.or_else(|| {
        let quote = words.len() - 1;
        (quote > 0 && words.quoted(quote).is_some()).then_some((quote, quote))
    });
    let parted = parted.or_else(|| (1..words.len().min(4)).rev().find(after_target).map(|i| (i, i)));
    let (target_end, text_start) = parted?;
    let note = text(words.from(text_start))?;
    with(words.to(target_end), NoteChange::Append(note), context)
}

/// The text, then the task.
fn text_and_to(words: Words<'_>, links: &Pattern, context: &Context) -> Option<Intent> {
    let at = (1..words.len()).rev().find(|&i| words.eat(i, links).is_some())?;
    let target = words.from(words.eat(at, links)?);
    let certain = words.quoted(0).is_some()
        || reference::explicit(target, context).is_some()
        || target.has(&["task", "todo", "one"]);
    let note = text(words.to(at)).filter(|_| certain)?;
    with(target, NoteChange::Append(note), context)
}

/// "set the description of task 1 to …", "change the note on task 1 to …", "describe task 1 as …".
fn set(words: Words<'_>, context: &Context) -> Option<Intent> {
    if let Some(end) = words.eat(0, pattern!("describe")) {
        let rest = words.from(end);
        let at = (1..rest.len()).find(|&i| matches!(rest.text(i), "as" | ":"))?;
        return with(rest.to(at), NoteChange::Set(text(rest.from(at + 1))?), context);
    }
    let verb = words.eat(0, pattern!("set|change|update|edit|replace|make|give"))?;
    let rest = words.from(verb);
    if let Some(end) = rest.eat(0, pattern!("the|its|a|an?")).and_then(|at| rest.eat(at, NOTE)) {
        let rest = rest.from(end);
        let of = rest.eat(0, pattern!("of|for|on|in|to"))?;
        let rest = rest.from(of);
        let at = (1..rest.len()).find(|&i| matches!(rest.text(i), "to" | ":" | "as" | "with" | "="))?;
        return with(rest.to(at), NoteChange::Set(text(rest.from(at + 1))?), context);
    }
    // "change task 1's description to …", "set task 1 description to …"
    let field = (1..rest.len())
        .find(|&i| rest.eat(i, NOTE).is_some_and(|end| rest.eat(end, pattern!("to|:|as|=")).is_some()))?;
    let value = rest.eat(field, NOTE).and_then(|end| rest.eat(end, pattern!("to|:|as|=")))?;
    let note = NoteChange::Set(text(rest.from(value))?);
    let target = of_target(rest.to(field));
    match reference::possessive(target, context) {
        Some(target) => Some(Intent::Update { target, changes: Changes { note, ..Changes::default() } }),
        None => with(target, note, context),
    }
}

/// "note on task 1: …", "note for 2: …".
fn noted(words: Words<'_>, context: &Context) -> Option<Intent> {
    let end = words.eat(0, pattern!("note|notes|comment on|for|to"))?;
    let rest = words.from(end);
    let task = rest.eat(0, pattern!("task|todo|item|reminder|#")).is_some()
        || reference::numbers(rest.to(1)).is_some() && rest.text(1) == ":";
    if !task {
        return None;
    }
    let at = (1..rest.len()).find(|&i| matches!(rest.text(i), ":" | "-"))?;
    with(rest.to(at), NoteChange::Append(text(rest.from(at + 1))?), context)
}
