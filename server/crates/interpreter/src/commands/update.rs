//! "Rename … to …", "move … to Friday", "make … high priority", "add a note to …".

mod due;
mod note;
mod retitle;

use crate::{
    Changes, Context, DueChange, Intent, NoteChange, Priority,
    phrase::priority,
    reference,
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

/// The most tokens that an update may have: a full note and what leads to it.
const LONGEST: usize = 400;

static FIRST_WORDS: lexicon::Class = lexicon::word_class!("update_starts");

/// A quick look at the first word: a verb that changes, or a task that is numbered or was spoken of.
fn may_begin(words: Words<'_>) -> bool {
    let first = words.text(0);
    first.trim_start_matches('#').starts_with(|c: char| c.is_ascii_digit())
        || lexicon::is_task_noun(first)
        || FIRST_WORDS.contains(first)
}

/// A command that changes what a task says.
pub(crate) fn update(words: Words<'_>, context: &Context) -> Option<Intent> {
    if words.len() > LONGEST || !may_begin(words) {
        return None;
    }
    both(words, context).or_else(|| one(words, context))
}

/// "No, make it Friday", "actually at 6pm": of the one task that was spoken of, while nothing waits for an answer.
pub(crate) fn corrected(words: Words<'_>, context: &Context) -> Option<Intent> {
    let dialogue = &context.dialogue;
    if dialogue.options > 0 || dialogue.confirming || words.has(&["?"]) {
        return None;
    }
    let [task] = dialogue.last_tasks[..] else { return None };
    let words = words.trim();
    let end = words
        .eat_any(0, patterns!["no|actually|sorry|oops|wait ,?", "i mean|meant ,?", "no ,? wait|sorry|actually ,?"])?;
    let rest = words.from(end).trim();
    let rest = rest.eat(0, pattern!("make|move|change|set it|that to|for?")).map_or(rest, |end| rest.from(end));
    let changes = due::only(rest, context)?;
    Some(Intent::Update { target: crate::Target::Numbers(vec![task]), changes })
}

/// Two changes of one task: "make task 2 high priority and due tomorrow".
fn both(words: Words<'_>, context: &Context) -> Option<Intent> {
    let at = (2..words.len()).rev().take(12).find(|&i| words.text(i) == "and")?;
    let second = words.from(at + 1);
    let second = second
        .eat(0, pattern!("make|set|move|also it|its|the? due? date|deadline|priority? to|as|is?"))
        .map_or(second, |end| second.from(end));
    let (level, end) = match priority::phrase(second, 0) {
        Some((level, end)) => (Some(level), end),
        None => (priority::level(second.text(0)).filter(|_| words.from(at).has(&["priority"])), 1),
    };
    let more = match level.filter(|_| end == second.len()) {
        Some(level) => Changes { priority: Some(level), ..Changes::default() },
        None => due::only(second, context)?,
    };
    let Some(Intent::Update { target, mut changes }) = one(words.to(at), context) else { return None };
    // A title may hold an "and" of its own.
    if changes.title.is_some() || changes.note != NoteChange::Keep {
        return None;
    }
    changes.priority = changes.priority.or(more.priority);
    if changes.due == DueChange::Keep {
        changes.due = more.due;
    }
    Some(Intent::Update { target, changes })
}

fn one(words: Words<'_>, context: &Context) -> Option<Intent> {
    note::note(words, context)
        .or_else(|| due::cleared(words, context))
        .or_else(|| prioritized(words, context))
        .or_else(|| due::due(words, context))
        .or_else(|| retitle::retitle(words, context))
}

/// An update, where the words name a task or the dialogue does.
fn updated(target: Words<'_>, changes: Changes, context: &Context) -> Option<Intent> {
    Some(Intent::Update { target: reference::target(of_target(target), context)?, changes })
}

/// Without "of", "for" and their like around a task.
fn of_target(words: Words<'_>) -> Words<'_> {
    let words = words.trim();
    let start = words.eat(0, pattern!("of|for|on|to|from|in")).filter(|&end| end < words.len()).unwrap_or(0);
    words.from(start)
}

fn to_priority(target: Words<'_>, level: Priority, context: &Context) -> Option<Intent> {
    updated(target, Changes { priority: Some(level), ..Changes::default() }, context)
}

/// "make … high priority", "set the priority of … to low", "prioritize …".
fn prioritized(words: Words<'_>, context: &Context) -> Option<Intent> {
    if let Some(end) = words.eat(0, pattern!("prioritize|prioritise|star|flag")) {
        let rest = words.from(end);
        let at = rest.ends_any(patterns!["as important|urgent"]).unwrap_or(rest.len());
        let explicit = reference::explicit(rest, context);
        let named = (words.text(0) != "star" || explicit.is_some()) && explicit != Some(crate::Target::All);
        return if named { to_priority(rest.to(at), Priority::High, context) } else { None };
    }
    if let Some(end) = words.eat(0, pattern!("deprioritize|deprioritise|de-prioritize")) {
        return to_priority(words.from(end), Priority::Low, context);
    }
    if let Some(end) = words.eat(0, pattern!("raise|bump|upgrade|increase|lower|downgrade|drop|reduce"))
        && let Some((target, level)) =
            ending(words.from(end), patterns!["up|down? to"]).filter(|_| words.has(&["priority"]))
    {
        let target = target.eat(0, pattern!("the? priority of|for|on")).map_or(target, |end| target.from(end));
        return to_priority(target, level, context);
    }
    if let Some(end) = words.eat_any(0, patterns!["raise|increase|bump|up|boost up? the? priority of|for|on"]) {
        let rest = words.from(end);
        let (rest, level) = ending(rest, patterns!["to"]).unwrap_or((rest, Priority::High));
        return to_priority(rest, level, context);
    }
    if let Some(end) = words.eat_any(0, patterns!["lower|decrease|reduce|drop down? the? priority of|for|on"]) {
        let rest = words.from(end);
        let (rest, level) = ending(rest, patterns!["to"]).unwrap_or((rest, Priority::Low));
        return to_priority(rest, level, context);
    }
    if let Some(end) = words.eat(
        0,
        pattern!(
            "remove|clear|drop|delete|unset|take the|its|any|high|low|medium? priority|urgency from|of|on|for|off?"
        ),
    ) {
        return to_priority(words.from(end), Priority::None, context);
    }
    let Some(verb) = words.eat(0, pattern!("set|change|make|mark|update|give|edit|put|assign|treat|move|flag")) else {
        return urgent(words, context);
    };
    let rest = words.from(verb);
    // "set the priority of task 2 to high", "set priority high for task 2"
    if let Some(end) = rest.eat(0, pattern!("the? priority|importance|urgency")) {
        let named = rest.from(end);
        if let Some(of) = named.eat(0, pattern!("of|for|on")) {
            let (target, level) =
                ending(named.from(of), patterns!["to|as|at|:|="]).or_else(|| ending(named.from(of), patterns![]))?;
            return to_priority(target, level, context);
        }
        let level_at = named.eat(0, pattern!("to|as|:")).unwrap_or(0);
        let level = priority::level(named.text(level_at))?;
        let of = named.eat(level_at + 1, pattern!("priority? for|on|of|to"))?;
        return to_priority(named.from(of), level, context);
    }
    // "give high priority to task 2"
    if let Some((level, end)) =
        priority::phrase(rest, 0).filter(|_| matches!(words.text(0), "give" | "assign" | "set" | "put"))
    {
        let to = rest.eat(end, pattern!("to|for|on"))?;
        return to_priority(rest.from(to), level, context);
    }
    // "change task 2's priority to low", "set task 2 priority to high"
    if let Some((before, level)) = ending(rest, patterns!["priority|importance to|as|:|=?"]).or_else(|| {
        let (before, level) = ending(rest, patterns!["to|as|at|with|a|an"])?;
        let before = before.ends(pattern!("as|to|with|at")).filter(|&at| at > 0).map_or(before, |at| before.to(at));
        Some((before, level))
    }) {
        let named = rest.slice(before.len()..rest.len());
        let important = named.has(&["priority", "importance", "urgent", "important", "critical", "prio"])
            || named.raw().contains("priority");
        if important || named.len() == 2 {
            return to_priority_of(before, level, context);
        }
    }
    let (before, level) = ending(rest, patterns![])?;
    to_priority_of(before, level, context)
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
