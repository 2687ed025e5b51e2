//! No word is dropped: what a message says is in the title, in the note, or was read as a date or a priority.
//!
//! The words that a title may lose are those of `specs/interpreter.md`, "What becomes a task".

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use chrono::TimeZone;
use chrono_tz::Tz;
use proptest::prelude::*;
use saydo_interpreter::{Context, Intent, NewItem, Priority, interpret};

const POLITE_FRONT: [&str; 8] = ["", "", "", "please ", "hey, ", "ok so ", "oh and ", "hi saydo, "];
const OPENINGS: [&str; 12] = [
    "",
    "",
    "",
    "",
    "add ",
    "add a task to ",
    "remind me to ",
    "i need to ",
    "don't forget to ",
    "todo: ",
    "note to self: ",
    "i have to ",
];
const FIRST: [&str; 14] = [
    "buy", "call", "email", "read", "watch", "clean", "book", "fix", "pay", "return", "visit", "order", "print", "wash",
];
const CORE: [&str; 40] = [
    "milk", "bread", "bob", "anna", "chapter", "5", "12", "1984", "the", "a", "new", "old", "red", "again", "too",
    "now", "first", "with", "for", "from", "about", "report", "invoice", "garden", "kitchen", "shoes", "bus", "18",
    "room", "3", "and", "or", "friends", "doctor", "tickets", "team", "no", "7up", "#house", "b2b",
];
const DATES: [&str; 28] = [
    "",
    "",
    "",
    "",
    "tomorrow",
    "today",
    "on friday",
    "friday",
    "next week",
    "by monday",
    "tomorrow at 5pm",
    "at 17:30",
    "on jan 15",
    "on the 15th",
    "in two weeks",
    "in 3 days",
    "this weekend",
    "by the end of the month",
    "the day after tomorrow",
    "sunday next week",
    "friday in two weeks",
    "by mid january",
    "before christmas",
    "two days before sunday",
    "the closest monday to the 5th",
    "on the 32nd",
    "sometime in spring",
    "after lunch",
];
const PRIORITIES: [&str; 9] = ["", "", "", "", "p1", "p3", "!high", "asap", "high priority"];
const POLITE_END: [&str; 6] = ["", "", "", "please", "thanks", "thx"];

/// The words of a text, without marks at their ends.
fn words(text: &str) -> Vec<String> {
    let bare = |word: &str| word.trim_matches(|c: char| ",.;:!?()\"“”".contains(c)).to_lowercase();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

/// Those that are not among the others, each as often as it is missing.
fn missing(wanted: &[String], there: &[String]) -> Vec<String> {
    let mut there = there.to_vec();
    let mut gone = Vec::new();
    for word in wanted {
        match there.iter().position(|other| other == word) {
            Some(at) => drop(there.swap_remove(at)),
            None => gone.push(word.clone()),
        }
    }
    gone
}

/// The tasks that a message adds or offers; none where it is something else.
fn items(message: &str) -> Vec<NewItem> {
    let now = Tz::Europe__Berlin.with_ymd_and_hms(2026, 12, 1, 14, 5, 17).single().unwrap();
    let intents = interpret(message, &Context::new(now));
    let items_of = |intent| match intent {
        Intent::Add(items) | Intent::Offer(items) => items,
        _ => Vec::new(),
    };
    intents.into_iter().flat_map(items_of).collect()
}

fn kept(items: &[NewItem]) -> Vec<String> {
    items
        .iter()
        .flat_map(|item| words(&format!("{} {}", item.title, item.description.as_deref().unwrap_or(""))))
        .collect()
}

prop_compose! {
    fn part(list: &'static [&'static str])(at in 0..list.len()) -> &'static str {
        list[at]
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, max_global_rejects: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// INTERP-59, INTERP-66: each word of an addition is in its title or belongs to what was understood.
    #[test]
    fn words_are_kept_or_understood(
        front in part(&POLITE_FRONT),
        opening in part(&OPENINGS),
        first in part(&FIRST),
        core in prop::collection::vec(part(&CORE), 1..5),
        date in part(&DATES),
        priority in part(&PRIORITIES),
        priority_first in any::<bool>(),
        end in part(&POLITE_END),
    ) {
        // Such an end makes the sentence unfinished.
        prop_assume!(!["the", "a", "with", "for", "from", "about", "and", "or", "no"].contains(core.last().unwrap()));
        // "From 3 … to the 5th" is a stretch of time.
        prop_assume!(core.len() < 2 || core[core.len() - 2] != "from");
        // "And now thanks" is a sentence of its own.
        let opens = core.ends_with(&["and", "now"]) || core.ends_with(&["and", "first"]);
        prop_assume!(!(opens && end.starts_with("th")));
        let core = format!("{first} {}", core.join(" "));
        let (a, b) = if priority_first { (priority, date) } else { (date, priority) };
        let message = [&format!("{front}{opening}{core}"), a, b, end].join(" ");
        let items = items(&message);
        prop_assert!(!items.is_empty(), "{message:?} becomes no task");
        let kept = kept(&items);
        prop_assert!(missing(&words(&core), &kept).is_empty(), "{message:?} loses words: {items:?}");
        let more = missing(&kept, &words(&core));
        let read_date = items.iter().any(|item| item.due.is_some());
        if read_date {
            let left = missing(&words(date), &missing(&words(date), &more));
            prop_assert!(left.is_empty(), "{message:?}: a date was read, and {left:?} of it is left: {items:?}");
        } else {
            prop_assert!(missing(&words(date), &kept).is_empty(), "{message:?} loses its date: {items:?}");
        }
        let high = items.iter().all(|item| item.priority.is_some_and(|priority| priority != Priority::None));
        // Before words that are no date, a priority is not at the end.
        let inside = priority_first && !read_date && !date.is_empty();
        prop_assert!(priority.is_empty() || high || inside, "{message:?} loses its priority: {items:?}");
        prop_assert!(priority != "asap" || kept.contains(&"asap".to_owned()), "{message:?} loses asap: {items:?}");
    }
}
