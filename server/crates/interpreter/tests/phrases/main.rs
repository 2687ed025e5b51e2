//! Labelled phrases against the interpreter, with the five tools simulated in memory.
//!
//! One case a line of `phrases.jsonl`: `given` are open tasks, numbered from 1; `say` is a message, or several in turn,
//! of which the last is judged; `expect` has `calls` in order, or an `outcome`. Readings of one value are separated by
//! `|`. Dates: `+1` days, `fri` the next Friday after today, `12-01`, `dom1`, `month+1`, `now+90` minutes, each with
//! `T17:00` where a time is meant.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod expectation;
mod simulation;

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use serde::Deserialize;

use expectation::Expectation;
use simulation::{Given, Session};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    given: Vec<Given>,
    say: Say,
    expect: Expectation,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Say {
    Once(String),
    InTurn(Vec<String>),
}

impl Say {
    fn messages(&self) -> Vec<&str> {
        match self {
            Self::Once(message) => vec![message],
            Self::InTurn(messages) => messages.iter().map(String::as_str).collect(),
        }
    }
}

fn moments() -> Vec<DateTime<Tz>> {
    let at = |zone: Tz, year, month, day, hour, minute| {
        zone.with_ymd_and_hms(year, month, day, hour, minute, 17).single().unwrap()
    };
    vec![
        at(Tz::UTC, 2026, 11, 21, 8, 30),
        at(Tz::Europe__Berlin, 2026, 11, 23, 14, 5),
        at(Tz::America__New_York, 2026, 12, 31, 23, 40),
        at(Tz::Asia__Karachi, 2027, 2, 1, 0, 10),
        at(Tz::Australia__Sydney, 2026, 10, 2, 17, 0),
        at(Tz::America__Los_Angeles, 2028, 2, 29, 12, 0),
        at(Tz::Europe__London, 2026, 6, 12, 21, 45),
        at(Tz::Asia__Tokyo, 2026, 9, 6, 6, 59),
    ]
}

/// INTERP-01, INTERP-02: the labelled phrases, at different moments and in different zones.
#[test]
fn labelled_phrases_do_what_they_say() {
    let file = include_str!("../phrases.jsonl");
    let mut wrong_writes = Vec::new();
    for now in moments() {
        let mut failures = Vec::new();
        let mut count = 0;
        for line in file.lines().filter(|line| !line.trim().is_empty()) {
            let case: Case = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            count += 1;
            let messages = case.say.messages();
            let mut session = Session::new(&case.given, now);
            let (last, before) = messages.split_last().expect("a case says something");
            for message in before {
                session.say(message);
            }
            let turn = session.say(last);
            if let Some(unmeant) = case.expect.unmeant_write(&turn, now) {
                wrong_writes.push(format!("{now}: {messages:?}: {unmeant}"));
            }
            if let Err(reason) = case.expect.check(&turn, now) {
                failures.push(format!("{messages:?}\n    {reason}"));
            }
        }
        // The bar is 95 %; what was once right stays right.
        assert!(failures.is_empty(), "{} of {count} phrases fail at {now}:\n{}", failures.len(), failures.join("\n"));
    }
    assert!(wrong_writes.is_empty(), "changes that were not meant:\n{}", wrong_writes.join("\n"));
}
