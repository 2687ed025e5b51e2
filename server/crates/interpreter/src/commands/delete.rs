//! "Delete …", "get rid of …", "take … off my list", and taking back from the trash.

use crate::{
    Context, Intent, Status, Target, reference,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// A command to delete or to restore.
pub(crate) fn delete(words: Words<'_>, context: &Context) -> Option<Intent> {
    // A hundred numbers with what joins them.
    if words.len() > 240 {
        return None;
    }
    if let Some(subject) = to_restore(words) {
        return restored(subject, context);
    }
    if let Some(target) = cleared(words, context) {
        return Some(Intent::Delete(target));
    }
    let (rest, verb) = commanded(words).or_else(|| no_longer(words))?;
    // The account and the conversation are no tasks.
    if rest.trim().is_any(patterns![
        "my|the|this? whole? account|profile|data|chat|conversation|history|subscription|app|messages|message",
    ]) {
        return None;
    }
    let target = match reference::target(rest, context)? {
        Target::Description(mut description) => {
            description.verb = verb.map(str::to_owned);
            Target::Description(description)
        }
        target => target,
    };
    Some(Intent::Delete(target))
}

/// What is to be taken back from the trash: "restore …", "bring … back".
fn to_restore(words: Words<'_>) -> Option<Words<'_>> {
    if let Some(end) = words.eat(0, pattern!("restore|undelete|un-delete|recover|untrash")) {
        let rest = words.from(end);
        let named = rest.eat(0, pattern!("the? deleted|removed")).filter(|&end| end < rest.len());
        return Some(rest.from(named.unwrap_or(0)));
    }
    let rest = list_cut(words.from(words.eat(0, pattern!("bring|put|get"))?));
    let leading = rest.eat(0, pattern!("back")).map(|end| rest.from(end)).filter(|rest| !rest.is_empty());
    leading.or_else(|| rest.ends(pattern!("back")).filter(|&at| at > 0).map(|at| rest.to(at)))
}

fn restored(words: Words<'_>, context: &Context) -> Option<Intent> {
    match reference::target(words, context)? {
        Target::Numbers(numbers) => Some(Intent::Restore(Target::Numbers(numbers))),
        Target::Description(description) => Some(Intent::Restore(Target::Description(description))),
        Target::Missing => Some(Intent::Undo),
        _ => None,
    }
}

/// What the command deletes, and its verb where a title may begin with it.
fn commanded(words: Words<'_>) -> Option<(Words<'_>, Option<&str>)> {
    if let Some(end) = words.eat(0, pattern!("delete|del|erase|deleting|erasing|purge")) {
        return Some((list_cut(words.from(end)), None));
    }
    if let Some(end) = words.eat(0, pattern!("get|getting rid of")) {
        return Some((list_cut(words.from(end)), None));
    }
    if let Some(end) = words.eat_any(0, patterns!["throw|toss away|out", "forget about", "dispose of"]) {
        return Some((list_cut(words.from(end)), Some(words.text(0))));
    }
    if let Some(end) = words.eat(0, pattern!("take|strike|wipe off|out|from my|the list :?|-?")) {
        return Some((words.from(end), None));
    }
    if let Some(end) = words.eat(0, pattern!("take|taking|pull|wipe|leave|get|keep")) {
        let rest = words.from(end);
        let at = reference::from_list(rest).filter(|&at| at > 0 && rest.len() - at > 1)?;
        let off = matches!(rest.text(at), "off" | "from" | "out");
        return (off && !matches!(words.text(0), "get" | "keep")).then(|| (rest.to(at), None));
    }
    // "Scratch my back" is none of a list.
    let numbered = words.eat_any(0, patterns!["scratch|strike|chuck|toss|lose", "take out|away"]);
    if let Some(rest) = numbered.map(|end| list_cut(words.from(end)))
        && reference::numbers(rest).is_some()
    {
        return Some((rest, None));
    }
    let end = words.eat(0, pattern!("remove|removing|cancel|cancelling|canceling|scrap|drop|discard|trash|bin|ditch|kill|axe|nix|dump|eliminate|destroy|zap"))?;
    // "Drop off the parcel" is an errand.
    if words.eat(end, pattern!("off|by|in|out|into|at|on")).is_some() {
        return None;
    }
    Some((list_cut(words.from(end)), Some(words.text(0))))
}

fn list_cut(words: Words<'_>) -> Words<'_> {
    reference::from_list(words).filter(|&at| at > 0).map_or(words, |at| words.to(at))
}

/// "I don't need the milk anymore".
fn no_longer(words: Words<'_>) -> Option<(Words<'_>, Option<&str>)> {
    if let Some(end) = words.eat_any(0, patterns!["i|we no longer need|have|want to?", "no longer need to?"]) {
        return Some((words.from(end), None));
    }
    let end = words.eat_any(0, patterns!["i|we do not need|have|want to?", "no need to"])?;
    let at = words.ends_any(patterns!["anymore", "any more|longer"]).filter(|&at| at > end)?;
    Some((words.slice(end..at), None))
}

/// "clear my list", "clear completed tasks", "empty the list".
fn cleared(words: Words<'_>, context: &Context) -> Option<Target> {
    let end = words.eat_any(0, patterns!["clear|empty|wipe|clean|clearing|reset|purge out|up|off|away?"])?;
    let rest = words.from(end).trim();
    if rest.is_any(patterns!["it|them|this|that"]) {
        return None;
    }
    if rest.is_any(patterns!["list|tasks|todos"]) {
        return Some(Target::All);
    }
    match reference::target(rest, context)? {
        Target::All => Some(Target::All),
        Target::Matching { filter, single: false } if filter.query.is_none() => {
            Some(Target::Matching { filter, single: false })
        }
        Target::Description(description) if matches!(description.words.as_str(), "completed" | "done" | "finished") => {
            let filter = crate::Filter { status: Status::Completed, ..Default::default() };
            Some(Target::Matching { filter, single: false })
        }
        _ => None,
    }
}
