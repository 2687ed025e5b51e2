//! Words that say how urgent something is.

use crate::{
    Priority,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// The priority of a word such as "high".
pub(crate) fn level(word: &str) -> Option<Priority> {
    Some(match word {
        "high" | "higher" | "highest" | "top" | "urgent" | "critical" | "important" | "max" | "maximum" | "hi"
        | "!high" | "!!" | "!!!" | "p1" | "!urgent" | "crucial" | "vital" => Priority::High,
        "medium" | "med" | "normal" | "mid" | "moderate" | "middle" | "average" | "!medium" | "p2" => Priority::Medium,
        "low" | "lower" | "lowest" | "minor" | "minimum" | "!low" | "p3" => Priority::Low,
        "no" | "none" | "zero" | "!none" | "p4" => Priority::None,
        _ => return None,
    })
}

/// What is typed to give a priority and is no word: "p1", "!high".
fn is_code(text: &str) -> bool {
    matches!(text, "p1" | "p2" | "p3" | "p4") || (text.starts_with('!') && level(text).is_some())
}

/// Where "asap" or "urgently" begins, if the words end with it. It stays in the title.
pub(crate) fn urgent_end(words: Words<'_>) -> Option<usize> {
    words.ends(pattern!("and? asap|urgently")).filter(|&at| at > 0)
}

/// A priority at `i`, with the word "priority" or an adjective that needs none.
pub(crate) fn phrase(words: Words<'_>, i: usize) -> Option<(Priority, usize)> {
    let i = words.eat(i, pattern!("a|an|the?")).unwrap_or(i);
    let i = words.eat(i, pattern!("very|really|super|more|most?")).unwrap_or(i);
    let text = words.text(i);
    if let Some(found) = text.strip_suffix("-priority").or_else(|| text.strip_suffix("-prio")).and_then(level) {
        return Some((found, i + 1));
    }
    if let Some(next) = words.eat(i, pattern!("priority|prio|importance|urgency :|is|to|-|=?")) {
        let found = match words.text(next) {
            "1" | "one" => Some(Priority::High),
            "2" | "two" => Some(Priority::Medium),
            "3" | "three" => Some(Priority::Low),
            word => level(word),
        };
        return found.map(|found| (found, next + 1));
    }
    let found = level(text)?;
    if let Some(end) = words.eat(i + 1, pattern!("priority|prio|importance|urgency")) {
        return Some((found, end));
    }
    let alone = is_code(text) || matches!(text, "urgent" | "important" | "critical");
    alone.then_some((found, i + 1))
}

/// The priority that the words end with, and where what says so begins.
pub(crate) fn at_end(words: Words<'_>) -> Option<(usize, Priority)> {
    let words = words.trim_end();
    let last = if words.last() == ")" { words.text(words.len() - 2) } else { words.last() };
    let may_end = matches!(
        last,
        "priority" | "prio" | "importance" | "urgency" | "task" | "item" | "one" | "two" | "three" | "1" | "2" | "3"
    ) || last.ends_with("priority")
        || last.ends_with("prio");
    if !may_end && level(last).is_none() {
        return None;
    }
    let inner_end = if words.last() == ")" { words.len() - 1 } else { words.len() };
    let first = words.len().saturating_sub(8).max(1);
    (first..words.len()).find_map(|start| {
        let marked = words.is_mark(start);
        let at = if marked { start + 1 } else { start };
        let at = words.eat(at, pattern!("and")).unwrap_or(at);
        let with = words.eat_any(at, patterns!["with|as|at|of", "it|this|that is", "make it", "which is"]);
        let (found, end) = phrase(words, with.unwrap_or(at))?;
        let end = words.eat(end, pattern!("task|item|one?")).unwrap_or(end);
        let code = is_code(words.text(end - 1));
        // "Park in P2" names a place.
        if code && start == at && with.is_none() && is_place_before(words.text(start - 1)) {
            return None;
        }
        let named = code
            || words.slice(at..end).has(&["priority", "prio", "importance", "urgency"])
            || words.slice(at..end).raw().contains(['-', '!']);
        // "Review what is important" ends with a word of its own.
        (end == inner_end && (named || marked)).then_some((start, found))
    })
}

fn is_place_before(word: &str) -> bool {
    matches!(
        word,
        "in" | "at" | "on" | "to" | "from" | "of" | "for" | "the" | "and" | "or" | "level" | "floor" | "slot"
    )
}

/// The priority that the words begin with, and where the rest begins: "urgent: call the bank".
pub(crate) fn at_start(words: Words<'_>) -> Option<(usize, Priority)> {
    let (found, end) = match words.eat(0, pattern!("asap|urgently")) {
        Some(end) => (Priority::High, end),
        None => phrase(words, 0)?,
    };
    let named = words.to(end).has(&["priority", "prio"])
        || words.text(end - 1).contains(['-', '!'])
        || is_code(words.text(end - 1));
    let colon = matches!(words.text(end), ":" | "-" | "," | "!");
    if !(named || colon) || end >= words.len() {
        return None;
    }
    let end = words.eat(end, pattern!(":|-|,|!")).unwrap_or(end);
    Some((words.eat(end, pattern!("task|todo|item|reminder :|to?")).unwrap_or(end), found))
}
