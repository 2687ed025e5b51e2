//! Answers to a confirmation: which lines they select.
#![allow(clippy::unwrap_used)]

use chrono::TimeZone;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

const TITLES: [&str; 5] = ["Buy milk", "Call mom", "Pay rent", "Return book", "Fix bike"];
const WHICH: Selection = Selection::Unclear(Unclear::Which);

fn context() -> Context {
    Context::new(Tz::Europe__Berlin.with_ymd_and_hms(2026, 11, 23, 14, 5, 0).unwrap())
}

/// The answer to the question whether to delete tasks 11 to 15.
fn answered(said: &str) -> Selection {
    let line = |(number, title)| ConfirmationLine { number, title, verb: ChangeVerb::Deleted };
    let lines: Vec<_> = (11..).zip(TITLES).map(line).collect();
    confirm(said, &lines, &context())
}

/// AGENT-27: all of the lines, some of them, or none.
#[test]
fn lines_are_selected_at_once_by_place_number_or_title() {
    for said in ["yes", "Yes!", "ok do it", "all of them", "yes, all of them", "delete them all", "do all of them"] {
        assert_eq!(answered(said), Selection::All, "{said}");
    }
    for (said, places) in [
        ("only the first two", &[0, 1][..]),
        ("only the last two", &[3, 4]),
        ("only 2 and #15", &[1, 4]),
        ("3", &[2]),
        ("task 14", &[3]),
        ("only buy milk and the rent", &[0, 2]),
        ("all but 3", &[0, 1, 3, 4]),
        ("everything except 1 and 2", &[2, 3, 4]),
        ("not the bike", &[0, 1, 2, 3]),
        ("yes, but keep 3", &[0, 1, 3, 4]),
        ("no, only 2", &[1]),
        ("nope, but only milk", &[0]),
    ] {
        assert_eq!(answered(said), Selection::These(places.to_vec()), "{said}");
    }
    for said in
        ["no", "No thanks", "cancel", "don't", "none of them", "no, keep 3", "stop all", "no 3", "all but these"]
    {
        assert_eq!(answered(said), Selection::None, "{said}");
    }
}

/// AGENT-27: in doubt nothing is selected, and the reason is returned.
#[test]
fn doubtful_answers_are_not_clear() {
    for said in
        ["milk", "9", "#1", "only the tenth", "both", "these", "all?", "only 3?", "which ones", "please call mom"]
    {
        assert_eq!(answered(said), WHICH, "{said}");
    }
    assert_eq!(answered("1"), Selection::Unclear(Unclear::BareNumber));
    assert_eq!(answered("yes, and add milk"), Selection::Unclear(Unclear::YesAndMore));
    assert_eq!(answered("maybe"), Selection::Unrecognised { declines: false });
    assert_eq!(answered("no, perhaps later then"), Selection::Unrecognised { declines: true });
    for said in ["add buy bread", "/delete 2", "no, add milk", "complete them all", "what's pending?", "tasks"] {
        assert_eq!(answered(said), Selection::Unrelated, "{said}");
    }
}

/// AGENT-27: the place of a line that is another task's number is not clear; with its mark it is the task.
#[test]
fn a_place_may_be_another_tasks_number() {
    let line = |number| ConfirmationLine { number, title: "Read", verb: ChangeVerb::Completed };
    let lines = [line(2), line(3), line(4), line(2)];
    assert_eq!(confirm("only 2", &lines, &context()), WHICH);
    assert_eq!(confirm("only #3", &lines, &context()), Selection::These(vec![1]));
    // A task in two lines is left alone as a whole.
    assert_eq!(confirm("all but #2", &lines, &context()), Selection::These(vec![1, 2]));
}

/// AGENT-27: a command said again is no answer, and a "yes" before it is.
#[test]
fn a_yes_leads_no_command() {
    assert!(is_command("delete all tasks", &context()) && is_command("show my tasks", &context()));
    for said in ["yes", "yes, delete all tasks", "no", "maybe"] {
        assert!(!is_command(said, &context()), "{said}");
    }
}

proptest! {
    /// AGENT-27: a refusal or a question never selects, and places are always lines.
    #[test]
    fn places_are_lines_and_refusals_select_nothing(
        words in prop::collection::vec(prop::sample::select(vec![
            "yes", "no", "all", "but", "except", "only", "the", "first", "two", "last", "1", "2", "3", "#14", "9", "and",
            "not", "everything", "them", "?", "of", "just", "third", "none", "milk", "delete",
        ]), 1..8)
    ) {
        let said = words.join(" ");
        match answered(&said) {
            Selection::These(places) => {
                prop_assert!(!places.is_empty() && places.iter().all(|place| *place < TITLES.len()));
                let restricts = words.iter().any(|word| matches!(*word, "only" | "just"));
                prop_assert!(restricts || !matches!(words[0], "no" | "none"), "{}", said);
                prop_assert!(!words.contains(&"?"), "{}", said);
            }
            Selection::All => prop_assert!(!words.contains(&"?") && !matches!(words[0], "no" | "none"), "{}", said),
            _ => {}
        }
    }
}
