//! No word of a message is lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::HashSet;

use chrono::TimeZone;
use chrono_tz::Tz;
use proptest::prelude::*;
use saydo_interpreter::{Context, Intent, NewItem, interpret};
use saydo_phrases::read;

/// The words that a title may lose, by the specification. Those of dates and priorities only where one was read.
const LOST: &str = "add create make new another a an the task tasks todo todos to-do to do reminder item entry remind me us about of that \
    remember to note self write down jot don't dont forget let never sure i really need have got must should ought want would like gotta \
    we help put stick pop place on my our list in into onto set titled called named with note description due as is are \
    following these three two and then please pls plz kindly hey hi hello ok okay so well oh um uh hmm also first next finally saydo can you could \
    will i'd just thanks thank very much thx ty cheers for if possible was wondering be kind things reminded go ahead mind \
    creat remnid ad i'm i've we've gonna wanna hafta supposed some few several more us it lot tons friend mate got append insert remember";

/// The words of dates and priorities.
const READ: &str = "on at by for until till before due from in around today tonight tomorrow monday tuesday wednesday thursday friday saturday \
    sunday mon tue wed thu fri sat sun next this week weekend month year morning afternoon evening noon midnight am pm p.m a.m end of the day days \
    hours hour minutes weeks months years o'clock half past quarter with priority prio high medium low no none urgent important p1 p2 p3 p4 \
    january february march april may june july august september october november december jan feb mar apr jun jul aug sep oct nov dec \
    every each first last between and to latest deadline tmrw tomorow 2moro later now asap urgently eod a an couple few than is no \
    after before fortnight one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty mid night thing first thrusday tommorow noonish \
    christmas eve new year's thanksgiving easter mother's father's hence later time utc from then weekday sept same";

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

/// The words of the message that are nowhere in what was understood.
fn missing(message: &str, items: &[NewItem]) -> Vec<String> {
    let kept: HashSet<String> = items
        .iter()
        .flat_map(|item| words(&item.title).into_iter().chain(words(item.description.as_deref().unwrap_or_default())))
        .collect();
    let may_go: HashSet<&str> = LOST.split_whitespace().collect();
    let read: HashSet<&str> = READ.split_whitespace().collect();
    let dated = items.iter().any(|item| item.due.is_some() || item.priority.is_some());
    let is_date = |word: &str| read.contains(word) || word.starts_with(|c: char| c.is_ascii_digit());
    words(message)
        .into_iter()
        .filter(|word| !(kept.contains(word) || may_go.contains(word.as_str()) || dated && is_date(word)))
        .collect()
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

fn errand() -> impl Strategy<Value = String> {
    let verb = prop::sample::select(vec![
        "buy", "call", "fix", "paint", "read", "water", "sell", "order", "pack", "email", "visit", "clean",
    ]);
    let noun = prop::sample::select(vec![
        "milk",
        "the roof",
        "grandma",
        "blue paint",
        "two lamps",
        "Ida's bike",
        "chapter 5",
        "everything bagels",
        "it",
        "a plan",
        "the list",
        "mac and cheese",
        "well water",
        "bus 18",
        "too",
        "as well",
        "again",
        "instead",
        "kids",
        "soon",
        "with the note",
        "Wojciech",
        "for Tom",
        "at the shop",
        "by the sea",
        "in Rome",
        "to it",
        "off",
        "all",
        "the priority inbox",
    ]);
    (verb, prop::collection::vec(noun, 1..4)).prop_map(|(verb, nouns)| format!("{verb} {}", nouns.join(" ")))
}

fn opening() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "",
        "",
        "add ",
        "remind me to ",
        "I need to ",
        "don't forget to ",
        "todo: ",
        "please ",
        "oh and ",
        "hey saydo, ",
        "can you ",
        "create a task to ",
        "note to self: ",
        "we should ",
        "also ",
        "I will ",
    ])
}

fn ending() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "",
        " tomorrow",
        " on friday",
        " at 5pm",
        " by monday",
        " next week",
        " please",
        " thanks",
        ", high priority",
        " !high",
        " tonight",
        " every monday",
        " in 3 days",
        " for me",
        " if possible",
        ".",
        "!",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// INTERP-66: no word of a generated message is lost either.
    #[test]
    fn generated_messages_lose_no_word(opening in opening(), errand in errand(), ending in ending(), again in ending()) {
        let message = format!("{opening}{errand}{ending}{again}");
        prop_assert_eq!(check(&message), Vec::<String>::new(), "{}", message);
    }
}
