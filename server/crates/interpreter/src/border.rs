//! What is no plain command: a bare title, something to ask about first, or neither.
//!
//! The rules are those of `specs/interpreter.md`, "What becomes a task", in their order. [`outcome`] has the rules 7 to
//! 15; the caller has tried the ones before, and the commands of rule 12.

pub(crate) mod assistant;
mod doubt;
mod language;
pub(crate) mod offered;
pub(crate) mod pasted;
mod refused;
mod statement;

use crate::{
    Context, Intent, NewItem,
    commands::add::{self, Opening},
    phrase::number::number,
    phrase::{items, politeness, priority, question, title},
    text::lexicon,
    text::pattern::{pattern, patterns},
    text::span::Words,
};

pub(crate) use doubt::is_long;
pub(crate) use offered::offer;

/// What is decided before the commands: titles that begin like one, and what an assistant is asked to do.
pub(crate) fn before_commands(words: Words<'_>, context: &Context) -> Option<Intent> {
    let own = title::polite_start(words);
    if is_title_of_command_verb(words, context) || assistant::is_meant(own) {
        return outcome(words, context);
    }
    None
}

/// Rule 13: whether a command over tasks is in the words, and does not begin them.
pub(crate) fn holds_command(words: Words<'_>) -> bool {
    let own = politeness::opened(words);
    !asks(own)
        && !lexicon::is_action(own.text(0))
        && own.len() > 1
        && refused::holds_command(own.from(1))
        && !own.has(&["show", "list", "find"])
}

/// What words come to that are no command.
pub(crate) fn outcome(words: Words<'_>, context: &Context) -> Option<Intent> {
    let dialogue = &context.dialogue;
    // While a choice or a confirmation is open, bare words are rather an answer that is not understood.
    if dialogue.options > 0 || dialogue.confirming || words.trim().is_empty() || items::has_ticked_box(words) {
        return None;
    }
    let whole = words.trim_start();
    let own = title::polite_start(whole);
    if let Some(rest) = assistant::asked_politely(whole) {
        return assistant::offered(rest, context);
    }
    if asks(whole) || asks(own) {
        return None;
    }
    if assistant::is_meant(own) || own.eat(0, pattern!("help me|us")).is_some() {
        return offer(own, context);
    }
    if is_refused(whole, own) {
        return None;
    }
    if doubt::is_long(own) {
        return offer(own, context);
    }
    if doubt::is_opening_alone(own) {
        return offer(own, context);
    }
    if refused::forbids(own) || refused::conditional(own) || refused::hedges(own) {
        return None;
    }
    if let Some(errand) = doubt::planned(own) {
        return offer(errand, context);
    }
    let commands = refused::is_command_verb(own) && !is_title_of_command_verb(own, context);
    if commands || refused::moves_to_no_date(own) {
        return None;
    }
    if doubt::doubted(own) {
        return offer(own, context);
    }
    titles(own, context).map(Intent::Add)
}

/// Rule 13: whether the words speak of tasks and are no command.
fn is_refused(whole: Words<'_>, own: Words<'_>) -> bool {
    let only_priority = || priority::phrase(own, 0).is_some_and(|(_, end)| end == own.trim_end().len());
    refused::holds_command(own)
        || refused::speaks_of_number(own)
        || refused::only_points(own)
        || refused::corrects(whole)
        || refused::moves_nothing(own)
        || only_priority()
}

/// Whether the words alone are added, and begin with a verb.
pub(crate) fn is_errand(words: Words<'_>, context: &Context) -> bool {
    let own = title::polite_start(words);
    lexicon::is_action(own.text(0))
        && !own.has(&["what", "who", "how", "why", "that"])
        && matches!(outcome(words, context), Some(Intent::Add(_)))
}

/// Rule 7: whether the words ask.
pub(crate) fn asks(words: Words<'_>) -> bool {
    let marked = words.len() > words.trim_end().len() && words.from(words.trim_end().len()).has(&["?"]);
    let first = words.text(0);
    // "Explain fractions to Ben" is something to do.
    let told = words
        .eat_any(0, patterns!["tell me|us", "show me|us", "give me|us", "explain me|us|how|what|why|to|the|this"])
        .is_some_and(|_| first != "explain" || !words.has(&["to"]) || words.text(1) == "to")
        || first == "explain" && words.ends_any(patterns!["to me|us please?"]).is_some();
    let subject = || {
        matches!(
            words.text(1),
            "i" | "we"
                | "you"
                | "he"
                | "she"
                | "they"
                | "it"
                | "there"
                | "this"
                | "that"
                | "these"
                | "those"
                | "the"
                | "my"
                | "anyone"
                | "anybody"
                | "someone"
        )
    };
    let auxiliary = match first {
        "what" | "which" | "how" | "who" | "whose" | "where" | "why" | "is" | "are" | "was" | "were" | "does"
        | "did" | "has" | "am" | "anything" | "anyone" => true,
        "do" => matches!(words.text(1), "i" | "we" | "you" | "they" | "people" | "these" | "those"),
        "can" | "could" | "should" | "shall" | "may" | "must" | "will" | "would" | "have" | "had" => {
            subject() && (first != "have" || matches!(words.text(1), "i" | "we" | "you" | "they"))
        }
        _ => false,
    };
    marked || told || auxiliary || question::is_question(words) && matches!(first, "what" | "how")
}

/// Rule 15: the tasks of a bare title.
pub(crate) fn titles(words: Words<'_>, context: &Context) -> Option<Vec<NewItem>> {
    if let Some(items) = offered::with_verb_of_heading(words, context) {
        return Some(items);
    }
    if let Some((date, rest)) = offered::date_heading(words, context) {
        return add::added(rest, Opening::dated(date), context);
    }
    let parts = sentences(words);
    // "Don't call" behind a title says more about it.
    let several = parts.iter().all(|part| lexicon::is_action(part.text(0)) && !refused::forbids(*part))
        || parts.len() > 2 && parts.iter().all(|part| doubt::is_bare_title(*part));
    if parts.len() > 1 && several {
        let items: Vec<NewItem> =
            parts.iter().filter_map(|part| add::added(*part, Opening::default(), context)).flatten().collect();
        return (!items.is_empty()).then_some(items);
    }
    add::added(words, Opening::default(), context)
}

/// The sentences of some words. The dot of "Dr." and of a number ends none.
fn sentences(words: Words<'_>) -> Vec<Words<'_>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for i in 0..=words.len() {
        let ends = i == words.len()
            || words.is_mark(i)
                && matches!(words.text(i), "." | "!" | "?" | ";")
                && i > start
                && !is_short(words, start, i - 1);
        if ends {
            let part = words.slice(start..i).trim();
            if !part.is_empty() {
                sentences.push(part);
            }
            start = i + 1;
        }
    }
    sentences
}

static ABBREVIATIONS: lexicon::Class = lexicon::word_class!("abbreviations");

/// Whether a dot behind the word at `i` may belong to it. A number that a sentence begins with counts a list.
fn is_short(words: Words<'_>, start: usize, i: usize) -> bool {
    let word = words.text(i);
    let is_number = word.bytes().all(|b| b.is_ascii_digit());
    let is_initial = word.len() < 2 && !is_number;
    is_initial || word.contains('.') || is_number && i == start || ABBREVIATIONS.contains(word)
}

/// What a task has, and what tasks are.
const TASK_FIELDS: [&str; 12] = [
    "completed",
    "finished",
    "off",
    "overdue",
    "tasks",
    "due",
    "date",
    "deadline",
    "note",
    "notes",
    "priority",
    "back",
];

/// "Trash every Tuesday", "bin day".
fn is_chore(words: Words<'_>) -> bool {
    let bare = words.trim().len() == 1 && matches!(words.text(0), "trash" | "bin");
    let chore = pattern!("every|day|days|can|cans|bag|bags|pickup|collection|liners|night|duty|each|weekly");
    bare || words.eat(1, chore).is_some()
}

/// Rule 12: whether the words begin like a command and are a title all the same.
pub(crate) fn is_title_of_command_verb(words: Words<'_>, context: &Context) -> bool {
    let words = politeness::closed(politeness::opened(words));
    let (first, second) = (words.text(0), words.text(1));
    let speaks_of_tasks = || {
        words.tokens().iter().any(|token| lexicon::is_task_noun(&token.text) || token.text.starts_with('#'))
            || words.has(&["all", "everything", "list", "it", "them", "done", "both", "one"])
            || number(second).is_some()
            || words.has(&["number", "numbers"]) && words.tokens().iter().any(|token| number(&token.text).is_some())
    };
    match first {
        "finish" | "cancel" | "close" | "drop" | "scrap" => {
            let dated = || title::item(words, title::Given::default(), context).is_some_and(|item| item.due.is_some());
            !speaks_of_tasks() && (priority::at_end(words).is_some() || dated())
        }
        "clear" | "clean" | "wipe" | "take" | "put" | "throw" | "toss" => {
            !speaks_of_tasks() && words.len() > 1 && !words.has(&TASK_FIELDS)
        }
        "check" if second == "out" => !speaks_of_tasks() && words.len() > 2,
        "trash" | "bin" | "mark" | "flag" | "check" => !speaks_of_tasks() && is_chore(words),
        "find" => matches!(second, "a" | "an" | "some" | "out"),
        "look" => matches!(second, "for" | "up" | "into" | "after") && !speaks_of_tasks(),
        "search" => second == "for" && matches!(words.text(2), "a" | "an" | "some"),
        _ => false,
    }
}

/// Whether the words name a list and are a title all the same: "prepare tasks for the sprint", "read it tomorrow".
pub(crate) fn is_title_of_list(words: Words<'_>) -> bool {
    let words = title::polite_start(words);
    let first = words.text(0);
    match first {
        "show" | "list" | "find" | "search" | "view" | "see" | "display" | "give" | "tell" | "count" | "look"
        | "filter" | "sort" | "help" | "remind" | "complete" => false,
        // "Do I need an umbrella?" asks something else.
        "do" => words.eat_any(1, patterns!["i|we need a|an|some|the|my"]).is_some(),
        "have" if matches!(words.text(1), "i" | "we") => false,
        // "Read tomorrow's agenda" is something to read.
        "read" | "print" | "open" | "get" if words.has(&["agenda", "schedule"]) && !words.has(&["my", "me"]) => true,
        "check" | "read" | "get" | "open" | "review" | "go" | "print" | "have" => !names_list(words),
        _ => lexicon::is_action(first),
    }
}

fn names_list(words: Words<'_>) -> bool {
    words.tokens().iter().any(|token| {
        lexicon::is_task_noun(&token.text) || token.text.starts_with('#') && number(&token.text[1..]).is_some()
    }) || words.has(&[
        "list",
        "agenda",
        "overdue",
        "due",
        "pending",
        "everything",
        "what",
        "all",
        "anything",
        "done",
        "completed",
        "open",
        "schedule",
        "me",
        "over",
        "through",
        "lists",
        "outstanding",
        "left",
    ])
}
