//! "Make … high priority", "set the priority of … to low", "prioritize …", "… is urgent".

use super::updated;
use crate::{
    Changes, Context, Intent, Priority, Target,
    phrase::priority,
    phrase::question::is_asked_about,
    reference,
    text::lexicon::is_hedge,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

fn to_priority(target: Words<'_>, level: Priority, context: &Context) -> Option<Intent> {
    updated(target, Changes { priority: Some(level), ..Changes::default() }, context)
}

/// "make … high priority", "set the priority of … to low", "prioritize …".
pub(super) fn prioritized(words: Words<'_>, context: &Context) -> Option<Intent> {
    if let Some(end) = words.eat(0, pattern!("prioritize|prioritise|star|flag")) {
        return starred(words, end, context);
    }
    if let Some(end) = words.eat(0, pattern!("deprioritize|deprioritise|de-prioritize")) {
        return to_priority(words.from(end), Priority::Low, context);
    }
    if let Some((target, level)) = raised(words) {
        return to_priority(target, level, context);
    }
    if let Some(end) = words.eat(
        0,
        pattern!(
            "remove|clear|drop|delete|unset|take the|its|any|high|low|medium? priority|urgency from|of|on|for|off?"
        ),
    ) {
        return to_priority(words.from(end), Priority::None, context);
    }
    match words.eat(0, pattern!("set|change|make|mark|update|give|edit|put|assign|treat|move|flag")) {
        Some(verb) => set(words, verb, context),
        None => urgent(words, context),
    }
}

/// "prioritize …", "flag … as important".
fn starred(words: Words<'_>, end: usize, context: &Context) -> Option<Intent> {
    let rest = words.from(end);
    let at = rest.ends_any(patterns!["as important|urgent"]).unwrap_or(rest.len());
    let explicit = reference::explicit(rest, context);
    let named = (words.text(0) != "star" || explicit.is_some()) && explicit != Some(Target::All);
    if named { to_priority(rest.to(at), Priority::High, context) } else { None }
}

/// "raise the priority of …", "lower … to low priority".
fn raised(words: Words<'_>) -> Option<(Words<'_>, Priority)> {
    let any = pattern!("raise|bump|upgrade|increase|lower|downgrade|drop|reduce");
    if let Some(end) = words.eat(0, any).filter(|_| words.has(&["priority"]))
        && let Some((target, level)) = ending(words.from(end), patterns!["up|down? to"])
    {
        let start = target.eat(0, pattern!("the? priority of|for|on")).unwrap_or(0);
        return Some((target.from(start), level));
    }
    let up = words.eat(0, pattern!("raise|increase|bump|up|boost up? the? priority of|for|on"));
    let down = || words.eat(0, pattern!("lower|decrease|reduce|drop down? the? priority of|for|on"));
    let (end, level) = up.map(|end| (end, Priority::High)).or_else(|| down().map(|end| (end, Priority::Low)))?;
    let rest = words.from(end);
    Some(ending(rest, patterns!["to"]).unwrap_or((rest, level)))
}

/// "set … to high priority": the words behind the verb.
fn set(words: Words<'_>, verb: usize, context: &Context) -> Option<Intent> {
    let rest = words.from(verb);
    if let Some(end) = rest.eat(0, pattern!("the? priority|importance|urgency")) {
        return set_field(rest.from(end), context);
    }
    // "give high priority to task 2"
    if let Some((level, end)) =
        priority::phrase(rest, 0).filter(|_| matches!(words.text(0), "give" | "assign" | "set" | "put"))
    {
        let to = rest.eat(end, pattern!("to|for|on"))?;
        return to_priority(rest.from(to), level, context);
    }
    let (target, level) = set_at_end(rest).or_else(|| ending(rest, patterns![]))?;
    to_priority_of(target, level, context)
}

/// "set the priority of task 2 to high", "set priority high for task 2": what follows "priority".
fn set_field(rest: Words<'_>, context: &Context) -> Option<Intent> {
    if let Some(of) = rest.eat(0, pattern!("of|for|on")) {
        let rest = rest.from(of);
        let (target, level) = ending(rest, patterns!["to|as|at|:|="]).or_else(|| ending(rest, patterns![]))?;
        return to_priority(target, level, context);
    }
    let level_at = rest.eat(0, pattern!("to|as|:")).unwrap_or(0);
    let level = priority::level(rest.text(level_at))?;
    let of = rest.eat(level_at + 1, pattern!("priority? for|on|of|to"))?;
    to_priority(rest.from(of), level, context)
}

/// "change task 2's priority to low", "set task 2 priority to high": the task and the priority.
fn set_at_end(rest: Words<'_>) -> Option<(Words<'_>, Priority)> {
    let field = ending(rest, patterns!["priority|importance to|as|:|=?"]);
    let (target, level) = field.or_else(|| {
        let (target, level) = ending(rest, patterns!["to|as|at|with|a|an"])?;
        let end = target.ends(pattern!("as|to|with|at")).filter(|&at| at > 0).unwrap_or(target.len());
        Some((target.to(end), level))
    })?;
    let named = rest.from(target.len());
    let is_priority = named.has(&["priority", "importance", "urgent", "important", "critical", "prio"])
        || named.raw().contains("priority");
    (is_priority || named.len() == 2).then_some((target, level))
}

/// "task 2 is urgent", "it's high priority": of a task that is numbered or was spoken of.
fn urgent(words: Words<'_>, context: &Context) -> Option<Intent> {
    let (before, level) =
        ending(words, patterns!["is|are|should|has now? be?"]).or_else(|| ending(words, patterns![]))?;
    let subject =
        before.ends(pattern!("is|are|should|has now? be?")).filter(|&at| at > 0).map_or(before, |at| before.to(at));
    reference::explicit(subject, context)?;
    to_priority(subject, level, context)
}

/// "Call mom is urgent": of a task that is described.
pub(super) fn stated(words: Words<'_>, context: &Context) -> Option<Intent> {
    let (subject, level) = ending(words, patterns!["is|are now|also|really|very? of? a?"])?;
    let names_nothing = subject.is_empty() || is_asked_about(subject) || subject.has(&["not", ",", "i", "we", "you"]);
    let is_hedged = subject.tokens().iter().any(|token| is_hedge(&token.text));
    if names_nothing || is_hedged || level == Priority::None || reference::speaks_of_something(subject) {
        return None;
    }
    to_priority(subject, level, context)
}

/// The task may be written with a possessive: "task 2's priority".
fn to_priority_of(before: Words<'_>, level: Priority, context: &Context) -> Option<Intent> {
    if before.is_empty() {
        return None;
    }
    let changes = Changes { priority: Some(level), ..Changes::default() };
    match reference::possessive(before, context) {
        Some(target) => Some(Intent::Update { target, changes }),
        None => updated(before, changes, context),
    }
}

/// The priority that the words end with, after one of these patterns.
fn ending<'a>(words: Words<'a>, before: &Patterns) -> Option<(Words<'a>, Priority)> {
    let words = words.trim();
    let first = words.len().saturating_sub(5);
    (first..words.len()).find_map(|start| {
        let (level, end) = priority::phrase(words, start).or_else(|| {
            let level = priority::level(words.text(start)).filter(|_| !before.is_empty())?;
            Some((level, start + 1))
        })?;
        // "None" may be of anything else.
        let none = level == Priority::None && !words.has(&["priority", "importance", "urgency"]);
        if end != words.len() || none {
            return None;
        }
        let head = words.to(start);
        // "Less important", "not urgent"
        let (head, level) = match head.last() {
            "less" | "least" => (head.to(head.len() - 1), Priority::Low),
            "not" | "longer" | "no" => return None,
            _ => (head, level),
        };
        if before.is_empty() {
            return (!head.is_empty()).then_some((head, level));
        }
        let cut = before.iter().find_map(|pattern| head.ends(pattern))?;
        Some((head.to(cut), level))
    })
}
