//! "Rename … to …", "move … to Friday", "make … high priority", "add a note to …".

mod due;
mod note;
mod prioritize;
mod retitle;

use crate::{
    Changes, Context, DueChange, Intent, NoteChange,
    phrase::priority,
    reference,
    text::lexicon,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// The most tokens that an update may have: a full note and what leads to it.
const LONGEST: usize = 400;

/// The most tokens of a sentence that says how a task is.
const LONGEST_STATEMENT: usize = 16;

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
    if words.len() > LONGEST {
        return None;
    }
    let commanded = if may_begin(words) { both(words, context).or_else(|| one(words, context)) } else { None };
    commanded.or_else(|| stated(words, context))
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
    let at = (2..words.len()).rev().take(12).find(|&i| matches!(words.text(i), "and" | ","))?;
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
    // "Monday, 8am" is one date.
    if words.text(at) == "," && more.due != DueChange::Keep {
        return None;
    }
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

/// "Call mom is urgent", "pay rent is due on Friday": of a task that is described.
fn stated(words: Words<'_>, context: &Context) -> Option<Intent> {
    if words.len() > LONGEST_STATEMENT || !words.has(&["is", "are"]) || words.has(&["?"]) {
        return None;
    }
    prioritize::stated(words, context).or_else(|| due::stated_of_errand(words, context))
}

fn one(words: Words<'_>, context: &Context) -> Option<Intent> {
    note::note(words, context)
        .or_else(|| due::cleared(words, context))
        .or_else(|| prioritize::prioritized(words, context))
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
