//! No word of a message is lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::HashSet;

use chrono::TimeZone;
use chrono_tz::Tz;
use saydo_interpreter::{Context, Intent, NewItem, interpret};
use saydo_phrases::read;

/// The words that a message may lose in front of its title: those of commands and politeness, and slips in them. In a
/// list of items they may stand before each.
const FRONT: &str = "add create new another a an the task tasks todo to-do to do reminder remind me about remember note self write \
    down don't dont forget let never make sure i really need have must should want like gotta we help put stick titled called \
    set please pls kindly hey hi hello ok so oh um also saydo can you u could would i'd just be kind creat remnid \
    reminde remind rember remimd remindme ad addd ned you'd and first";

/// The words that it may lose behind its title: those of the list, of notes and of politeness.
const END: &str =
    "to on in my the our todo to-do do task list lists reminder as a please pls thanks thank thx you very much ok";

/// The words that it may lose between its items.
const BETWEEN: &str = "and then the following these";

/// The words that it may lose before its note.
const NOTE: &str = "with a the note description";

/// The words of dates and priorities, where one was read.
const READ: &str = "on at by for until till before due from in around today tonight tomorrow monday tuesday wednesday thursday friday \
    saturday sunday mon tue wed thu fri sat sun next this week weekend month year morning afternoon evening noon \
    midnight am pm p.m a.m end of the day days hours hour minutes weeks months years o'clock half past quarter with \
    priority prio high medium low no none urgent important p1 p2 p3 p4 january february march april may june july \
    august september october november december jan feb mar apr jun jul aug sep oct nov dec every each first last \
    between and to latest deadline tmrw tomorow 2moro later now asap urgently eod a an couple few than is after \
    fortnight one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty mid night thing \
    thrusday tommorow noonish christmas eve new year's thanksgiving easter mother's father's hence time utc then \
    weekday sept same";

fn context() -> Context {
    Context::new(Tz::UTC.with_ymd_and_hms(2026, 12, 1, 9, 0, 0).single().expect("a moment"))
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| {
            c.is_whitespace()
                || matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '"' | '“' | '”' | '/' | '-' | '–' | '•' | '*')
        })
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).replace('’', "'"))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether the list has the word.
fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|other| other == word)
}

/// The words of the message that are nowhere in what was understood, and may not go where they stand.
fn missing(message: &str, items: &[NewItem]) -> Vec<String> {
    let kept: HashSet<String> = items
        .iter()
        .flat_map(|item| words(&item.title).into_iter().chain(words(item.description.as_deref().unwrap_or_default())))
        .collect();
    let dated = items.iter().any(|item| item.due.is_some() || item.priority.is_some());
    let said = words(message);
    let first = said.iter().position(|word| kept.contains(word) && !has(FRONT, word)).unwrap_or(said.len());
    let last = said.iter().rposition(|word| kept.contains(word) && !has(END, word)).unwrap_or(0);
    let noted = items.iter().any(|item| item.description.is_some());
    let count = ["one", "two", "three", "four", "five"].get(items.len() - 1).copied().unwrap_or_default();
    let is_read = |at: usize| {
        // A number alone between words of the title belongs to them.
        let beside = |at: Option<usize>| at.and_then(|at| said.get(at)).is_none_or(|word| !kept.contains(word));
        let number = said[at].starts_with(char::is_numeric);
        number && (beside(at.checked_sub(1)) || beside(Some(at + 1))) || !number && has(READ, &said[at])
    };
    let may_go = |at: usize| {
        let word = &said[at];
        dated && is_read(at)
            || at < first && has(FRONT, word)
            || at > last && has(END, word)
            || noted && has(NOTE, word)
            // "Remind me every Friday to …": the date stays in the title, and the "to" is the command's.
            || word == "to" && said.iter().any(|word| word == "remind")
            || items.len() > 1 && (has(FRONT, word) || has(BETWEEN, word) || word == count)
            || items.len() > 1 && number_of_line(message, word)
    };
    (0..said.len()).filter(|&at| !kept.contains(&said[at]) && !may_go(at)).map(|at| said[at].clone()).collect()
}

/// Whether a line begins with this number: "2. Pay rent".
fn number_of_line(message: &str, word: &str) -> bool {
    message.lines().any(|line| {
        line.trim_start().starts_with(&format!("{word}.")) || line.trim_start().starts_with(&format!("{word})"))
    })
}

fn check(message: &str) -> Vec<String> {
    // A heading is no item, and neither is the number of items.
    let heading = message.lines().count() > 1 && message.lines().next().is_some_and(|line| line.ends_with(':'));
    let said = if heading { message.split_once('\n').map_or("", |(_, items)| items) } else { message };
    match &interpret(message, &context())[..] {
        [Intent::Add(items)] => {
            missing(said, items).into_iter().filter(|word| items.len().to_string() != *word).collect()
        }
        _ => Vec::new(),
    }
}

/// INTERP-66: on the labelled phrases each word is in the title, in the note, or in what was understood.
#[test]
fn labelled_phrases_lose_no_word() {
    let cases = read(include_str!("phrases.jsonl")).unwrap();
    let lost: Vec<_> = cases
        .iter()
        .filter_map(|case| case.messages().last().map(|message| ((*message).to_owned(), check(message))))
        .filter(|(_, lost)| !lost.is_empty())
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
}
