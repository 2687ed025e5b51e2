//! "Add …", "create a task …", "new high priority todo: …".

use super::{Opening, date_before, list_start, marks};
use crate::{
    Context,
    phrase::number::number,
    phrase::priority,
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

/// Verbs that add what follows.
const PLAIN: &Patterns = patterns![
    "add|ad|addd|aad|adding|append|insert|include|jot|create|creating|log|note|track",
    "jot|write|put|note down",
    "add|jot in|down",
    "put in",
    "schedule|scheduling",
];

/// Verbs that add where "task" or its like follows.
const WITH_NOUN: &Patterns = patterns![
    "make|making|create|new|start|open|set|enter|register|record|save|write|give|get|build|log|another",
    "set up",
    "make|give|get|create|write|set me|us up?",
    "can i have|get",
    "i want|need",
    "i would like",
    "there is|are",
    "one more",
    "we need",
];

/// "add …", "create a task …", "new high priority todo: …".
pub(super) fn verb(words: Words<'_>, context: &Context) -> Option<Opening> {
    let plain = words.eat_any(0, PLAIN);
    let with_noun = words.eat_any(0, WITH_NOUN);
    let noun = plain.into_iter().chain(with_noun).filter_map(|end| noun(words, end)).max_by_key(|noun| noun.end);
    // "Open task 3" and "set tasks" speak of tasks that there are.
    let there =
        !matches!(words.text(0), "add" | "ad" | "addd" | "aad" | "create" | "new" | "another" | "insert" | "append")
            && lexicon::is_task_noun(words.text(1))
            && !matches!(words.text(1), "reminder" | "todo" | "to-do");
    let numbered = |opening: &Opening| {
        crate::reference::numbers(words.slice(opening.end..opening.end + 1)).is_some()
            && (there || opening.end + 1 == words.trim_end().len())
    };
    // "Make a to-do list" is something to do.
    let list = |opening: &Opening| words.text(opening.end) == "list" && !words.is_mark(opening.end + 1);
    if there || noun.as_ref().is_some_and(|noun| numbered(noun) || list(noun)) {
        return None;
    }
    let bare_new = (words.text(0) == "new" || words.text(0) == "another").then(|| noun_at_start(words)).flatten();
    if let Some(opening) = noun.or(bare_new) {
        return Some(linked(words, opening, context));
    }
    plainly(words, plain?)
}

/// The items behind "add" itself, which no "task" announces.
fn plainly(words: Words<'_>, end: usize) -> Option<Opening> {
    // "Note" and "track" are verbs of titles too, unless a mark or a quote follows.
    let weak = matches!(words.text(0), "note" | "track" | "log" | "include" | "schedule" | "scheduling") && end == 1;
    if weak && !(words.is_mark(end) || words.quoted(end).is_some() || words.text(end) == "that") {
        return None;
    }
    if words.text(0) == "put" && end == 1 {
        return None;
    }
    let end = words.eat(end, pattern!("that")).filter(|_| weak).unwrap_or(end);
    let end = list_start(words, end).unwrap_or(end);
    let several = words
        .eat(end, pattern!("these|following|those the? following? for? me?"))
        .is_some_and(|end| words.is_mark(end))
        || words.eat(end, pattern!("the following")).is_some_and(|end| words.is_mark(end));
    let end = words
        .eat_any(end, patterns!["these|those for? me?", "the following", "all of? these", "all the? following", "the"])
        .filter(|&end| words.is_mark(end) && words.text(end) != "(")
        .unwrap_or(end);
    // "Add to remember the milk" is "add: remember the milk".
    let end = words.eat(end, pattern!("to")).unwrap_or(end);
    if let Some(end) = words.eat(end, pattern!("both")).filter(|_| words.has(&["and"])) {
        return Some(Opening { several: true, count: Some(2), ..Opening::at(end) });
    }
    Some(Opening { several, ..Opening::at(marks(words, end)) })
}

/// Words that may stand before "task".
static DESCRIBING: lexicon::Class = lexicon::word_class!("before_task_noun");

/// What comes with "task": how many, how urgent.
fn noun(words: Words<'_>, start: usize) -> Option<Opening> {
    let mut opening = Opening::at(start);
    let mut at = start;
    for _ in 0..7 {
        let text = words.text(at);
        if let Some((found, end)) = priority::phrase(words, at).filter(|_| !matches!(text, "a" | "an" | "the" | "no")) {
            opening.priority = Some(found);
            at = end;
        } else if let Some(count) = number(text).and_then(|n| usize::try_from(n).ok()).filter(|n| *n < 100) {
            opening.count = (count > 1).then_some(count);
            opening.several = count > 1;
            at += 1;
        } else if words.eat(at, pattern!("to do")).is_some()
            && words.eat(at + 2, pattern!("item|items|task|tasks|list :?")).is_some()
        {
            at += 2;
        } else if words.eat(at, pattern!("to do :|-")).is_some() {
            opening.end = at + 2;
            return Some(opening);
        } else if matches!(text, "few" | "couple" | "several" | "these" | "those" | "following" | "both" | "multiple") {
            opening.several = true;
            at += 1;
        } else if DESCRIBING.contains(text) && lexicon_follows(words, at + 1) {
            at += 1;
        } else {
            break;
        }
    }
    let text = words.text(at);
    if !lexicon::is_task_noun(text) || text == "things" && opening.count.is_none() {
        return None;
    }
    opening.several |= lexicon::is_task_plural(text);
    opening.end = at + 1;
    Some(opening)
}

/// Whether a task noun may still come.
fn lexicon_follows(words: Words<'_>, at: usize) -> bool {
    (at..at + 6).any(|i| lexicon::is_task_noun(words.text(i)) || words.eat(i, pattern!("to do")).is_some())
}

/// "New task: …", "another task …".
fn noun_at_start(words: Words<'_>) -> Option<Opening> {
    noun(words, 1)
}

/// Skips what links "a task" with what is to be done, and takes the date between.
pub(super) fn linked(words: Words<'_>, mut opening: Opening, context: &Context) -> Opening {
    let mut at = list_start(words, opening.end).unwrap_or(opening.end);
    at = words.eat(at, pattern!("for me")).unwrap_or(at);
    if let Some((date, end)) = date_before(words, at, context) {
        opening.date = Some(date);
        at = end;
    }
    if let Some((found, end)) = words.eat(at, pattern!("with|of")).and_then(|next| priority::phrase(words, next)) {
        opening.priority = opening.priority.or(Some(found));
        at = end;
    }
    let links = patterns![
        "called|named|titled|labelled|labeled|saying|reading|about|for|as|like|to|of",
        "that says|reads|is?",
        "which says|reads|is?",
        "with the? title|name",
        "that|where|in which i|we need|have|should|must|want to?",
        "to remind me|us to|about|of|that",
        "reminding me|us to|about|of|that",
        "in order to",
        "for me to",
        "as follows",
        "and call|name it",
        "for the? following",
    ];
    at = marks(words, at);
    if let Some(end) = words.eat_any(at, links) {
        // "Add a task for" is not all there is to it.
        if end < words.len() {
            at = end;
        }
    }
    opening.end = marks(words, at);
    opening
}
