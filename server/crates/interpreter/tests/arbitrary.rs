//! Any input at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::Duration;

use chrono::TimeZone;
use chrono_tz::Tz;
use proptest::prelude::*;
use saydo_interpreter::{Candidate, Context, Description, Dialogue, Intent, Match, interpret, resolve, spoken_date};

fn contexts() -> Vec<Context> {
    let at = |zone: Tz, year, month, day, hour| {
        Context::new(zone.with_ymd_and_hms(year, month, day, hour, 59, 59).earliest().expect("a time that exists"))
    };
    let mut contexts = vec![
        at(Tz::UTC, 2026, 11, 21, 8),
        at(Tz::Pacific__Apia, 2011, 12, 29, 23),
        at(Tz::America__New_York, 9998, 12, 31, 23),
        at(Tz::Europe__Berlin, 1900, 1, 1, 0),
    ];
    contexts[1].dialogue =
        Dialogue { last_tasks: vec![1, 2], last_listed: vec![3, 4], options: 2, ..Dialogue::default() };
    contexts[2].dialogue =
        Dialogue { last_tasks: vec![1], last_listed: vec![], confirming: true, ..Dialogue::default() };
    contexts
}

fn check(message: &str) {
    for context in contexts() {
        let intents = interpret(message, &context);
        assert!(!intents.is_empty());
        assert!(intents.len() == 1 || !intents.contains(&Intent::Unknown));
        for intent in &intents {
            if let Intent::Add(items) | Intent::Offer(items) = intent {
                assert!(!items.is_empty());
                for item in items {
                    let length = item.title.chars().count();
                    assert!((1..=200).contains(&length), "{message:?}: {:?}", item.title);
                    assert!(!item.title.chars().any(char::is_control), "{message:?}: {:?}", item.title);
                    assert_eq!(item.title.trim(), item.title);
                    assert!(item.description.as_ref().is_none_or(|text| text.chars().count() <= 1000));
                    if let Some(due) = item.due {
                        assert!(!spoken_date(due, context.now.timezone(), context.locale.hour_cycle).is_empty());
                    }
                }
            }
            if let Intent::Update { changes, .. } = intent {
                let _ = changes.due.apply(None, &context.now);
                assert!(changes.title.as_ref().is_none_or(|title| (1..=200).contains(&title.chars().count())));
            }
        }
    }
}

/// INTERP-18: forms whose letters have several bytes, where tokens are cut and words are shortened.
#[test]
fn letters_of_several_bytes_are_no_border() {
    let stamps = ["２０２６-12-01T17:00", "२०२६-१२-०१T१७:००", "٢٠٢٦-12-01T17:00"];
    let gerunds = ["sautéing", "caféing", "übering", "ßing", "éing", "flambéing"];
    let openings = ["", "add ", "dentist ", "can you ", "would you mind ", "due ", "move 2 to ", "remind me to "];
    for opening in openings {
        for word in stamps.iter().chain(&gerunds) {
            for ending in ["", " the onions", "?", "… ok", " é"] {
                check(&format!("{opening}{word}{ending}"));
            }
        }
    }
}

/// INTERP-18: words of a date that follow each other without end.
#[test]
fn long_runs_of_one_word_end() {
    for word in
        ["ct", "est", "may", "next", "of", "the", "and", "every", "at", "5", "!", "#", "(", "\"", "no", "delete"]
    {
        check(&format!("add {}", format!("{word} ").repeat(8000 / (word.len() + 1))));
        check(&format!("{word} ").repeat(8000 / (word.len() + 1)));
    }
}

fn vocabulary() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "add",
        "２０２６-12-01T17:00",
        "sautéing",
        "ct",
        "can you",
        "would you mind",
        "delete",
        "remove",
        "mark",
        "as",
        "done",
        "complete",
        "task",
        "tasks",
        "all",
        "everything",
        "it",
        "them",
        "the",
        "second",
        "one",
        "2",
        "3",
        "#4",
        "and",
        ",",
        ".",
        "?",
        "!",
        "\n",
        "-",
        "*",
        "\"",
        "'",
        "tomorrow",
        "at",
        "5pm",
        "17:00",
        "friday",
        "next",
        "week",
        "end",
        "of",
        "month",
        "in",
        "days",
        "half",
        "past",
        "from",
        "to",
        "until",
        "due",
        "date",
        "priority",
        "high",
        "note",
        "remind",
        "me",
        "i",
        "need",
        "what",
        "is",
        "left",
        "show",
        "my",
        "list",
        "not",
        "if",
        "yes",
        "no",
        "undo",
        "rename",
        "change",
        "move",
        "postpone",
        "by",
        "a",
        "every",
        "monday",
        "jan",
        "15",
        "2026-02-30",
        "12/31",
        "29",
        "feb",
        "99999999999",
        "1st",
        "o'clock",
        "🙏",
        "✅",
        "é",
        "İ",
        "ß",
        "’",
        "“",
        "”",
        "/add",
        "/due",
        "[x]",
        ":",
        ";",
    ]);
    prop::collection::vec((words, prop::bool::weighted(0.9)), 0..24).prop_map(|parts| {
        parts.into_iter().fold(String::new(), |text, (word, spaced)| text + word + if spaced { " " } else { "" })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// INTERP-18, INTERP-18b: no string makes it panic, and titles fit.
    #[test]
    fn any_string_is_read(message in "\\PC{0,120}") {
        check(&message);
    }

    /// INTERP-18: no string of any characters, behind a command.
    #[test]
    fn any_rest_of_a_command_is_read(
        head in prop::sample::select(vec!["add ", "/add ", "/edit 3 ", "change 1 to ", "remind me ", "delete ", "mark ", "add a note to 1: "]),
        rest in any::<String>(),
    ) {
        check(&format!("{head}{rest}"));
    }

    /// INTERP-18: no sequence of the words it knows.
    #[test]
    fn any_sequence_of_known_words_is_read(message in vocabulary()) {
        check(&message);
    }

    /// INTERP-12, INTERP-18: a description resolves to tasks that there are.
    #[test]
    fn descriptions_resolve_to_given_tasks(words in vocabulary(), titles in prop::collection::vec(vocabulary(), 0..6)) {
        let tasks: Vec<_> = titles.iter().zip(1..).map(|(title, id)| Candidate { id, title, completed: id % 2 == 0 }).collect();
        let ids = match resolve(&Description { words, verb: Some("cancel".to_owned()) }, &tasks) {
            Match::One(id) => vec![id],
            Match::Each(ids) => { prop_assert!(ids.len() > 1); ids }
            Match::Several(ids) => { prop_assert!(!ids.is_empty()); ids }
            Match::None { nearest } => { prop_assert!(nearest.len() <= 3); nearest }
        };
        prop_assert!(ids.iter().all(|id| (1..=titles.len() as i64).contains(id)));
    }
}

/// INTERP-18b: long titles are cut and kept in full.
#[test]
fn long_titles_fit() {
    let message = format!("add {}", "word ".repeat(60));
    let [Intent::Add(items)] = &interpret(&message, &contexts()[0])[..] else { panic!("not added") };
    assert!(items[0].title.chars().count() <= 200 && items[0].title.ends_with('…'));
    assert_eq!(items[0].description.as_ref().map(|text| text.len()), Some("word ".len() * 60 - 1));
}

/// INTERP-18a: a title that is cut behind a full stop ends with one ellipsis.
#[test]
fn a_cut_title_ends_with_one_ellipsis() {
    let message = format!("/edit 1 {}", "word... ".repeat(60));
    let [Intent::Update { changes, .. }] = &interpret(&message, &contexts()[0])[..] else { panic!("not renamed") };
    assert!(changes.title.as_ref().is_some_and(|title| title.ends_with("word…")), "{changes:?}");
}

/// The time that this thread has used, however busy the machine is.
#[cfg(unix)]
fn used() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().unwrap_or_default()
}

/// INTERP-19: eight times the words take about eight times the time.
#[cfg(unix)]
#[test]
fn time_is_linear_in_the_length() {
    let context = &contexts()[0];
    for fragment in [
        "a ",
        "add a and ",
        "delete 2, ",
        "- ",
        "\"",
        "'a ",
        "in 3 days ",
        "end of ",
        "a week from ",
        "task ",
        "to friday ",
        "and mark it as done ",
        "i need to ",
        "what is ",
        "1. a\n",
        "from 3 to 5 and ",
        "the first and ",
        "not ",
        "aa-bb/cc",
        "change 1 to ",
        "remind me to ",
        "show ",
        "((",
        "a, b, ",
        "yes ",
        "add x; ",
        "with note ",
        "éß",
    ] {
        let timed = |count: usize| {
            let message = fragment.repeat(count / fragment.len());
            // The best of some runs, since others may be using its caches.
            (0..3)
                .map(|_| {
                    let start = used();
                    std::hint::black_box(interpret(std::hint::black_box(&message), context));
                    used() - start
                })
                .min()
                .unwrap_or_default()
        };
        let (short, long) = (timed(1_000), timed(8_000));
        let most = short.max(Duration::from_millis(1)) * 32;
        assert!(long < most, "{fragment:?}: {short:?} for 1 kB, {long:?} for 8 kB");
    }
}
