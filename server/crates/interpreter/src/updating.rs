//! "Rename … to …", "move … to Friday", "make … high priority", "add a note to …".

mod due;
mod note;
mod retitle;

use crate::{Changes, Context, Intent, Priority, priority, targets, words::Words};

/// A command that changes what a task says.
pub(crate) fn update(words: Words<'_>, context: &Context) -> Option<Intent> {
    note::note(words, context)
        .or_else(|| due::cleared(words, context))
        .or_else(|| prioritized(words, context))
        .or_else(|| due::due(words, context))
        .or_else(|| retitle::retitle(words, context))
}

/// An update, where the words name a task or the dialogue does.
fn updated(target: Words<'_>, changes: Changes, context: &Context) -> Option<Intent> {
    Some(Intent::Update { target: targets::target(of_target(target), context)?, changes })
}

/// Without "of", "for" and their like around a task.
fn of_target(words: Words<'_>) -> Words<'_> {
    let words = words.trim();
    let start = words.eat(0, "of|for|on|to|from|in").filter(|&end| end < words.len()).unwrap_or(0);
    words.from(start)
}

fn to_priority(target: Words<'_>, level: Priority, context: &Context) -> Option<Intent> {
    updated(target, Changes { priority: Some(level), ..Changes::default() }, context)
}

/// "make … high priority", "set the priority of … to low", "prioritize …".
fn prioritized(words: Words<'_>, context: &Context) -> Option<Intent> {
    if let Some(end) = words.eat(0, "prioritize|prioritise|star|flag") {
        let rest = words.from(end);
        let at = rest.ends_any(&["as important|urgent"]).unwrap_or(rest.len());
        let named = words.text(0) != "star" || targets::explicit(rest, context).is_some();
        return if named { to_priority(rest.to(at), Priority::High, context) } else { None };
    }
    if let Some(end) = words.eat(0, "deprioritize|deprioritise|de-prioritize") {
        return to_priority(words.from(end), Priority::Low, context);
    }
    if let Some(end) = words.eat_any(0, &["raise|increase|bump|up|boost up? the? priority of|for|on"]) {
        let rest = words.from(end);
        let (rest, level) = ending(rest, &["to"]).unwrap_or((rest, Priority::High));
        return to_priority(rest, level, context);
    }
    if let Some(end) = words.eat_any(0, &["lower|decrease|reduce|drop down? the? priority of|for|on"]) {
        let rest = words.from(end);
        let (rest, level) = ending(rest, &["to"]).unwrap_or((rest, Priority::Low));
        return to_priority(rest, level, context);
    }
    if let Some(end) = words.eat(0, "remove|clear|drop|delete|unset|take the|its|any|high|low|medium? priority|urgency from|of|on|for|off?") {
        return to_priority(words.from(end), Priority::None, context);
    }
    let verb = words.eat(0, "set|change|make|mark|update|give|edit|put|assign|treat|move|flag")?;
    let rest = words.from(verb);
    // "set the priority of task 2 to high", "set priority high for task 2"
    if let Some(end) = rest.eat(0, "the? priority|importance|urgency") {
        let named = rest.from(end);
        if let Some(of) = named.eat(0, "of|for|on") {
            let (target, level) = ending(named.from(of), &["to|as|at|:|="]).or_else(|| ending(named.from(of), &[]))?;
            return to_priority(target, level, context);
        }
        let level_at = named.eat(0, "to|as|:").unwrap_or(0);
        let level = priority::level(named.text(level_at))?;
        let of = named.eat(level_at + 1, "priority? for|on|of|to")?;
        return to_priority(named.from(of), level, context);
    }
    // "give high priority to task 2"
    if let Some((level, end)) = priority::phrase(rest, 0).filter(|_| words.text(0) == "give" || words.text(0) == "assign") {
        let to = rest.eat(end, "to|for")?;
        return to_priority(rest.from(to), level, context);
    }
    // "change task 2's priority to low", "set task 2 priority to high"
    if let Some((before, level)) = ending(rest, &["priority|importance to|as|:|=?"]).or_else(|| {
        let (before, level) = ending(rest, &["to|as|at|with|a|an"])?;
        let before = before.ends("as|to|with|at").filter(|&at| at > 0).map_or(before, |at| before.to(at));
        Some((before, level))
    }) {
        let named = rest.slice(before.len()..rest.len());
        let important = named.has(&["priority", "importance", "urgent", "important", "critical", "prio"]) || named.raw().contains("priority");
        if important || named.len() == 2 {
            return to_priority_of(before, level, context);
        }
    }
    let (before, level) = ending(rest, &[])?;
    to_priority_of(before, level, context)
}

/// The task may be written with a possessive: "task 2's priority".
fn to_priority_of(before: Words<'_>, level: Priority, context: &Context) -> Option<Intent> {
    if before.is_empty() {
        return None;
    }
    let changes = Changes { priority: Some(level), ..Changes::default() };
    match targets::possessive(before, context) {
        Some(target) => Some(Intent::Update { target, changes }),
        None => updated(before, changes, context),
    }
}

/// The priority that the words end with, after one of these patterns.
fn ending<'a>(words: Words<'a>, before: &[&str]) -> Option<(Words<'a>, Priority)> {
    let words = words.trim();
    let first = words.len().saturating_sub(5);
    (first..words.len()).find_map(|start| {
        let (level, end) = priority::phrase(words, start).or_else(|| {
            let level = priority::level(words.text(start)).filter(|_| !before.is_empty())?;
            Some((level, start + 1))
        })?;
        if end != words.len() {
            return None;
        }
        let head = words.to(start);
        if before.is_empty() {
            return (!head.is_empty()).then_some((head, level));
        }
        let cut = before.iter().find_map(|pattern| head.ends(pattern))?;
        Some((head.to(cut), level))
    })
}
