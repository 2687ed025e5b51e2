//! Where one command of a message ends and the next begins.

use crate::{
    Context, border,
    commands::{
        add, list, small_talk, update,
        write::{command, is_clear, is_clear_write, is_write},
    },
    phrase::politeness,
    phrase::title,
    selection::answer,
    sentence,
    text::lexicon,
    text::pattern::pattern,
    text::span::Words,
    text::stems,
};

/// How many tokens after a joint are looked at.
const AHEAD: usize = 24;

/// The commands of a message, in order. What joins no two commands stays inside one.
pub(crate) fn clauses<'a>(words: Words<'a>, context: &Context) -> Vec<Words<'a>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    let mut adds = is_addition(words, context);
    let mut i = 1;
    while i < words.len() {
        let Some(joint) = joint(words, i) else {
            i += 1;
            continue;
        };
        let next = words.slice(joint.end..(joint.end + AHEAD).min(words.len()));
        let current = words.slice(start..i);
        let sentence = matches!(words.text(i), "." | "!" | ";") && is_plain_command(next, context);
        // "Tasks 1 2" before "and 3 are done" is the beginning of a list.
        let listed = !joint.hard && begins_with_number(next) && begins_with_number(current.from(current.len() - 1));
        if !listed
            && (sentence || begins_command(next, current, adds, joint.hard, context))
            && is_understood(current, next, context)
        {
            clauses.push(current);
            start = joint.end;
            adds = is_addition(words.slice(start..(start + AHEAD).min(words.len())), context);
        }
        i = joint.end.max(i + 1);
    }
    clauses.push(words.from(start));
    clauses
}

/// Whether a sentence begins with a verb that hardly begins a title. Such a sentence is a command also after an addition.
fn is_plain_command(next: Words<'_>, context: &Context) -> bool {
    let next = politeness::opened(next);
    let begins =
        matches!(next.text(0), "delete" | "erase" | "remove" | "complete" | "mark" | "rename" | "reopen" | "uncheck");
    begins && (is_write(up_to_joint(up_to_sentence(next)), context) || is_write(up_to_sentence(next), context))
}

/// Punctuation and words between two commands.
struct Joint {
    end: usize,
    /// The end of a sentence, or "then".
    hard: bool,
}

fn joint(words: Words<'_>, i: usize) -> Option<Joint> {
    let mut end = i;
    let mut hard = false;
    while end < words.len() {
        match words.text(end) {
            "," | "-" | ":" if words.is_mark(end) && (end > i || words.text(end) == ",") => {}
            "." | "?" | "!" | ";" | "\n" if words.is_mark(end) => hard = true,
            "then" => hard = true,
            "and" | "also" | "plus" | "but" if end > i || words.text(end) != "also" => {}
            "&" => {}
            "☺" => {}
            _ => break,
        }
        end += 1;
    }
    (end > i && end < words.len()).then_some(Joint { end, hard })
}

fn is_addition(words: Words<'_>, context: &Context) -> bool {
    let words = politeness::opened(words);
    let words = politeness::wished(words).filter(|rest| add::opening(*rest, context).is_some()).unwrap_or(words);
    add::opening(words, context).is_some() && update::update(up_to_joint(words), context).is_none()
}

/// The words before the next joint.
fn up_to_joint(words: Words<'_>) -> Words<'_> {
    let end = (1..words.len()).find(|&i| joint(words, i).is_some()).unwrap_or(words.len());
    words.to(end)
}

/// Whether the words after a joint begin a command of their own.
fn begins_command(next: Words<'_>, current: Words<'_>, adds: bool, hard: bool, context: &Context) -> bool {
    let next = politeness::opened(next);
    if !may_begin(next, hard) {
        return false;
    }
    if begins_addition(next, hard, context) || begins_question(next, adds && !hard, context) {
        return true;
    }
    let clause = up_to_sentence(next);
    if small_talk::small_talk(clause).is_some() {
        return hard || !adds;
    }
    let short = up_to_joint(clause);
    // "Add milk and 5 p1" speaks of no task 5.
    if adds && begins_with_number(next) && !next.has(&["is", "are", "done", "complete", "completed", "finished"]) {
        return false;
    }
    if adds {
        return is_clear_write(short, context) || is_clear_write(clause, context);
    }
    let closed = hard || is_closed(current, context);
    if closed {
        is_write(short, context) || is_write(clause, context)
    } else {
        is_clear_write(short, context) || is_clear_write(clause, context)
    }
}

/// Whether a clause is a command by itself. "3, 5" before "and 7 are done" is not. Of a long one that is taken as given.
fn is_understood(current: Words<'_>, next: Words<'_>, context: &Context) -> bool {
    current.len() > 4 * AHEAD
        || politeness::says_nothing(current)
        || sentence::intent(current, context).is_some()
        || !begins_with_number(politeness::opened(next)) && border::is_errand(current, context)
        || answer::answer(current, context).is_some()
}

/// "buy milk and 3 eggs": behind a bare title a number begins no command.
fn begins_with_number(next: Words<'_>) -> bool {
    next.text(0).trim_start_matches('#').starts_with(|c: char| c.is_ascii_digit())
}

static FIRST_WORDS: lexicon::Class = lexicon::word_class!("clause_starts");

/// A quick look at the first word after a joint: most joints are inside one command.
fn may_begin(next: Words<'_>, hard: bool) -> bool {
    let first = next.text(0);
    let number = first.trim_start_matches('#').starts_with(|c: char| c.is_ascii_digit());
    let pointing =
        matches!(first, "it" | "that" | "this" | "they" | "them" | "both" | "the" | "my" | "everything" | "all");
    let reports = first.ends_with("ed") || stems::irregular(first).is_some();
    (hard && !first.is_empty())
        || number
        || pointing
        || reports
        || lexicon::is_task_noun(first)
        || lexicon::is_action(first)
        || FIRST_WORDS.contains(first)
}

fn up_to_sentence(words: Words<'_>) -> Words<'_> {
    let end = (1..words.len()).find(|&i| words.is_mark(i) && matches!(words.text(i), "." | "?" | "!" | ";" | "\n"));
    words.to(end.unwrap_or(words.len()))
}

fn begins_addition(next: Words<'_>, hard: bool, context: &Context) -> bool {
    let first = next.text(0);
    let has_noun = || (1..6).any(|i| lexicon::is_task_noun(next.text(i)));
    match first {
        "add" | "remind" | "todo" | "to-do" => next.len() > 1 && add::opening(next, context).is_some(),
        "remember" => hard || next.text(1) == "to",
        "i" | "we" => {
            // "… and I need to" goes on; "I have paid" is a report.
            add::opening(next, context).is_some()
        }
        "do" | "never" => add::opening(next, context).is_some(),
        "another" if next.eat(1, pattern!("one? to|called|named|for")).is_some() => true,
        "make" if next.eat(1, pattern!("sure")).is_some() => add::opening(next, context).is_some(),
        "create" | "make" | "set" | "new" | "another" | "note" | "schedule" | "insert" | "append" | "jot" | "write" => {
            (has_noun() || matches!(first, "note") && next.text(1) == "to" || first == "jot")
                && add::opening(next, context).is_some()
                && update::update(up_to_joint(next), context).is_none()
        }
        "put" | "stick" | "throw" | "get" | "pop" => {
            let clause = up_to_joint(next);
            (2..=clause.len()).any(|end| title::list_phrase(clause.to(end)).is_some())
        }
        _ => false,
    }
}

fn begins_question(next: Words<'_>, careful: bool, context: &Context) -> bool {
    let begins = matches!(
        next.text(0),
        "show"
            | "list"
            | "display"
            | "what"
            | "which"
            | "how"
            | "tell"
            | "do"
            | "give"
            | "anything"
            | "is"
            | "are"
            | "find"
    );
    if !begins || (careful && matches!(next.text(0), "is" | "are" | "find" | "give")) {
        return false;
    }
    list::list(politeness::closed(up_to_sentence(next)), context).is_some()
}

/// Whether a clause is complete, so that a verb after it begins another.
fn is_closed(current: Words<'_>, context: &Context) -> bool {
    if current.len() > 4 * AHEAD {
        return false;
    }
    let current = politeness::closed(politeness::opened(current));
    if list::list(current, context).is_some() || small_talk::small_talk(current).is_some() {
        return true;
    }
    match command(current, context) {
        Some(intent) => is_clear(&intent, current),
        None => false,
    }
}
