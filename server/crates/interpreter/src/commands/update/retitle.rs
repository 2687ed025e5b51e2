//! "Rename … to …", "change … to …".

use super::of_target;
use crate::{
    Changes, Context, Intent, Target,
    phrase::title::{literal, polite_end},
    reference,
    text::lexicon::is_action,
    text::pattern::{Pattern, pattern},
    text::span::Words,
};

/// Verbs that may give a new title.
const RETITLE: &Pattern =
    pattern!("rename|retitle|relabel|change|edit|update|modify|alter|correct|reword|rephrase|set|make|fix|name");

/// A new title.
pub(super) fn retitle(words: Words<'_>, context: &Context) -> Option<Intent> {
    if words.eat(0, pattern!("replace|swap|substitute")).is_some() {
        return replaced(words, pattern!("with|by|for"), context);
    }
    if words.eat(0, pattern!("turn")).is_some() {
        return replaced(words, pattern!("into"), context);
    }
    if let Some(at) = (1..words.len().min(6)).find(|&i| words.eat(i, pattern!("should|must say|read")).is_some()) {
        reference::explicit(words.to(at), context)?;
        return titled(words.to(at), words.from(at + 2), "", context);
    }
    let verb = words.text(0);
    let rest = words.from(words.eat(0, RETITLE)?);
    if let Some(of) = rest.eat(0, pattern!("the|its? title|name|text|wording|label of|for|on")) {
        let (target, title) = parted(rest.from(of), context)?;
        return titled(target, title, "", context);
    }
    if let Some(end) = rest.eat(0, pattern!("the|its? title|name|text|wording to|:|=")) {
        let target = match context.dialogue.last_tasks.as_slice() {
            [one] => Target::Numbers(vec![*one]),
            _ => Target::Missing,
        };
        return update(target, rest.from(end));
    }
    if let Some(field) = (1..rest.len()).find(|&i| rest.eat(i, FIELD).is_some()) {
        return titled_field(rest, field, context);
    }
    if matches!(verb, "set" | "make" | "fix" | "name") {
        return None;
    }
    let sure = matches!(verb, "rename" | "retitle" | "relabel" | "reword" | "rephrase");
    match parted(rest, context) {
        Some((target, title)) => titled(target, title, if sure { "" } else { verb }, context),
        None => undivided(rest, sure || verb == "edit", context),
    }
}

/// "replace … with …", "turn … into …": the word between parts the task and its title.
fn replaced(words: Words<'_>, between: &Pattern, context: &Context) -> Option<Intent> {
    let at = (2..words.len()).find(|&i| words.eat(i, between).is_some())?;
    titled(words.slice(1..at), words.from(at + 1), words.text(0), context)
}

/// What leads from a task to its title.
const FIELD: &Pattern = pattern!("title|name|text to|:|as|=");

/// "task 1's title to …".
fn titled_field(words: Words<'_>, field: usize, context: &Context) -> Option<Intent> {
    let target = words.to(field);
    let title = words.from(words.eat(field, FIELD)?);
    match reference::possessive(target, context) {
        Some(target) => update(target, title),
        None => titled(target, title, "", context),
    }
}

/// "rename task 2 Call dad": without a word between.
fn undivided(rest: Words<'_>, certain: bool, context: &Context) -> Option<Intent> {
    let end = (1..rest.len().min(4))
        .rev()
        .find(|&i| reference::numbers(rest.to(i)).is_some_and(|numbers| numbers.len() == 1))?;
    // "Rename 3 to" is not finished.
    if matches!(rest.text(end), "to" | "into" | "as" | "with" | "and" | "by") {
        return None;
    }
    let marked = rest.is_mark(end) || rest.quoted(end).is_some();
    (certain || marked).then(|| titled(rest.to(end), rest.from(end), "", context)).flatten()
}

/// Where the task ends and the title begins. "To" may be in both.
fn parted<'a>(rest: Words<'a>, context: &Context) -> Option<(Words<'a>, Words<'a>)> {
    const BETWEEN: &Pattern = pattern!("to|into|as|:|->|=>");
    let places: Vec<usize> =
        (1..rest.len().saturating_sub(1)).filter(|&i| rest.eat(i, BETWEEN).is_some()).take(8).collect();
    let at = |i: usize| (rest.to(i), rest.from(i + 1));
    // What is quoted is one whole.
    if let Some(i) = places.iter().copied().find(|&i| rest.from(i + 1).only_quoted().is_some()) {
        return Some(at(i));
    }
    if let Some(i) = places
        .iter()
        .copied()
        .find(|&i| rest.to(i).only_quoted().is_some() || reference::explicit(rest.to(i), context).is_some())
    {
        return Some(at(i));
    }
    // "from X to Y"
    match places.as_slice() {
        [] => None,
        [only] => Some(at(*only)),
        several => {
            let same_start = |i: usize| rest.text(i + 1) == rest.text(0);
            let by_verb = |i: usize| is_action(rest.text(i + 1));
            let only = |fits: &dyn Fn(usize) -> bool| {
                let mut fitting = several.iter().copied().filter(|&i| fits(i));
                fitting.next().filter(|_| fitting.next().is_none())
            };
            let noun = |i: usize| crate::text::lexicon::is_task_noun(rest.text(i - 1));
            only(&noun).or_else(|| only(&same_start)).or_else(|| only(&by_verb)).map(at)
        }
    }
}

fn titled(target: Words<'_>, title: Words<'_>, verb: &str, context: &Context) -> Option<Intent> {
    // "task 3 from pay rent"
    let old =
        (1..target.len()).find(|&i| target.text(i) == "from" && reference::explicit(target.to(i), context).is_some());
    let target = old.map_or(target, |at| target.to(at));
    let target = match reference::target(of_target(target), context)? {
        Target::Description(mut description) => {
            description.verb = (!verb.is_empty()).then(|| verb.to_owned());
            Target::Description(description)
        }
        // One title for several tasks is a slip.
        target @ (Target::Numbers(_)
        | Target::OneOf(_)
        | Target::Positions(_)
        | Target::Matching { single: true, .. }
        | Target::Missing) => target,
        _ => return None,
    };
    update(target, title)
}

fn update(target: Target, title: Words<'_>) -> Option<Intent> {
    if matches!(&target, Target::Numbers(numbers) if numbers.len() != 1)
        || matches!(&target, Target::Positions(places) if places.len() != 1)
    {
        return None;
    }
    let title = polite_end(title.trim());
    // "To say buy fruit" says it; "to say hello" may be the title.
    let said = |end: &usize| title.from(*end).only_quoted().is_some() || is_action(title.text(*end));
    let title = title.eat(0, pattern!("be|say|read|just|instead|:")).filter(said).map_or(title, |end| title.from(end));
    let title = title.ends(pattern!("instead")).filter(|&at| at > 0).map_or(title, |at| title.to(at));
    let text = title.only_quoted().unwrap_or_else(|| title.raw());
    let title = literal(text)?.title;
    Some(Intent::Update { target, changes: Changes { title: Some(title), ..Changes::default() } })
}
