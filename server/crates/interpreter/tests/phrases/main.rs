//! Labelled phrases against the interpreter, with the five tools simulated in memory.
//!
//! `saydo_phrases` has the format of `phrases.jsonl` and the judgement. Lines without a class were right before bare
//! titles became tasks, and stay so.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod simulation;

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use saydo_phrases::{Case, Score, Verdict, read};

use simulation::Session;

/// The half that the interpreter was developed with, and the half that was held back until it was done.
const HALVES: [&str; 2] = [include_str!("../phrases.jsonl"), include_str!("../phrases-held-out.jsonl")];

/// The share of right phrases that the specification asks for, in per cent.
const BAR: f64 = 97.0;

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

fn judge(case: &Case, now: DateTime<Tz>) -> Verdict {
    let messages = case.messages();
    let mut session = Session::new(&case.given, now);
    let (last, before) = messages.split_last().expect("a case says something");
    for message in before {
        session.say(message);
    }
    case.expect.judge(&session.say(last), &[now])
}

/// INTERP-01, INTERP-02, INTERP-23: the labelled phrases, at different moments and in different zones.
#[test]
fn labelled_phrases_do_what_they_say() {
    for half in HALVES {
        let cases = read(half).unwrap();
        for now in moments() {
            let mut score = Score::default();
            for case in &cases {
                score.count(case, &judge(case, now));
            }
            let is_right = score.passes(BAR) && score.wrong_dates() == 0 && score.wrong_writes() == 0;
            assert!(is_right, "at {now}:\n{score}");
        }
    }
}
