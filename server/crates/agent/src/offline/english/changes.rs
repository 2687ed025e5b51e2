//! Sentences about single changes: what was done, and what was taken back.

use crate::LocalNow;
use saydo_contract::{Priority, TaskOutcome, UndoKind};

use super::{because, counted, date, described, joined, markdown::escaped, priority, quoted};
use crate::offline::report::{Change, Difference, Extras, Report, ReportResult, TaskName, differences, was_done};

const NO_REMINDERS: &str = "Saydo doesn't notify yet.";
const NO_REPETITION: &str = "Saydo can't repeat tasks yet.";

pub(super) fn changed(reports: &[Report], not_run: usize, now: &LocalNow) -> String {
    let mut words = lines_of(reports.iter().map(|report| done(report, now)).collect(), not_run);
    let is_one = reports.len() + not_run == 1;
    let asks_for =
        |asks: fn(&Extras) -> bool| reports.iter().any(|report| report.done().is_some() && asks(&report.extras));
    let missing =
        [(asks_for(|extras| extras.reminder), NO_REMINDERS), (asks_for(|extras| extras.recurring), NO_REPETITION)];
    for (_, sentence) in missing.into_iter().filter(|(is_asked, _)| *is_asked) {
        words.push_str(if is_one { " " } else { "\n\n" });
        words.push_str(sentence);
    }
    words
}

/// "Split “Eggs and bread” into “Eggs” and “Bread”."
pub(super) fn split(title: &str, reports: &[Report]) -> String {
    let titles: Vec<&str> = reports.iter().filter_map(Report::done).map(|outcome| outcome.title.as_str()).collect();
    format!("Split {} into {}.", quoted(title), joined(&titles, "and"))
}

pub(super) fn taken_back(kind: UndoKind, reports: &[Report], not_run: usize, now: &LocalNow) -> String {
    let label = match kind {
        UndoKind::Undo => "Undone:",
        UndoKind::Redo => "Redone:",
    };
    let lines: Vec<String> = reports.iter().map(|report| returned(report, kind, now)).collect();
    let is_one = lines.len() + not_run == 1;
    let text = lines_of(lines, not_run);
    if is_one { format!("{label} {text}") } else { format!("{label}\n\n{text}") }
}

/// One sentence, or a list of them.
fn lines_of(mut lines: Vec<String>, not_run: usize) -> String {
    if not_run > 0 {
        lines.push(format!("The other {} did not run.", counted(not_run, "change")));
    }
    match lines.len() {
        1 => lines.remove(0),
        _ => lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"),
    }
}

/// What was done, or why not.
fn done(report: &Report, now: &LocalNow) -> String {
    let outcome = match &report.result {
        ReportResult::Done(outcome) => outcome,
        ReportResult::Unreadable => return format!("Done: {}.", attempt(report)),
        ReportResult::Failed(reason) => return because(&format!("I couldn't {}", attempt(report)), reason.as_deref()),
    };
    let name = quoted(outcome.title.as_str());
    let is_same = outcome.changes.is_empty();
    match report.change {
        Change::Added => format!("Added {}.{}", described(&outcome.task, now), beside(report, outcome)),
        Change::Completed if is_same => format!("{name} was done already."),
        Change::Completed => format!("Completed {name}."),
        Change::Reopened if is_same => format!("{name} was open already."),
        Change::Reopened => format!("Reopened {}.", described(&outcome.task, now)),
        Change::Deleted if is_same => format!("{name} was deleted already."),
        Change::Deleted => format!("Deleted {name}."),
        Change::Restored if is_same => format!("{name} was on the list already."),
        Change::Restored => format!("Restored {}.", described(&outcome.task, now)),
        Change::Updated if is_same => format!("{name} was like that already."),
        Change::Updated => {
            let still = if was_done(report) { " It's done already." } else { "" };
            format!("{}{still}", updated(outcome, now))
        }
    }
}

/// What the title of an added task leaves to say.
fn beside(report: &Report, outcome: &TaskOutcome) -> String {
    let unread = report.extras.unread_date.as_ref();
    let unread = unread.map(|text| format!(" I couldn't read “{}” as a date.", escaped(text)));
    let is_there = !outcome.same_title.is_empty();
    let there = if is_there { " It was already on your list." } else { "" };
    unread.unwrap_or_default() + there
}

/// What an update made different: a sentence of its own for one difference.
fn updated(outcome: &TaskOutcome, now: &LocalNow) -> String {
    let name = quoted(outcome.title.as_str());
    let differences: Vec<Difference> = outcome.changes.iter().flat_map(differences).collect();
    if let [only] = &differences[..] {
        return match only {
            Difference::Title(before) => format!("Renamed {} to {name}.", quoted(before)),
            Difference::Due(Some(due)) => format!("Moved {name} to {}.", date(*due, now)),
            Difference::Due(None) => format!("Removed the date of {name}."),
            Difference::Priority(Priority::None) => format!("Removed the priority of {name}."),
            Difference::Priority(to) => format!("Set {name} to {}.", priority(*to)),
            Difference::Note(Some(note)) => format!("Added a note to {name}: “{}”.", escaped(note)),
            Difference::Note(None) => format!("Removed the note of {name}."),
            Difference::Completed(true) => format!("Completed {name}."),
            Difference::Completed(false) => format!("Reopened {name}."),
        };
    }
    let parts = differences.iter().map(|difference| match difference {
        Difference::Title(before) => format!("renamed from {}", quoted(before)),
        Difference::Due(Some(due)) => format!("due {}", date(*due, now)),
        Difference::Due(None) => "no date".to_owned(),
        Difference::Priority(to) => priority(*to).to_owned(),
        Difference::Note(Some(note)) => format!("note “{}”", escaped(note)),
        Difference::Note(None) => "no note".to_owned(),
        Difference::Completed(true) => "done".to_owned(),
        Difference::Completed(false) => "open".to_owned(),
    });
    format!("Changed {name}: {}.", parts.collect::<Vec<_>>().join(", "))
}

/// What is as it was again, or as it had become.
fn returned(report: &Report, kind: UndoKind, now: &LocalNow) -> String {
    let ReportResult::Done(outcome) = &report.result else { return done(report, now) };
    if outcome.changes.is_empty() {
        return done(report, now);
    }
    let name = quoted(outcome.title.as_str());
    let old = match kind {
        UndoKind::Undo => "old",
        UndoKind::Redo => "new",
    };
    match report.change {
        Change::Added | Change::Restored => format!("{name} is back on your list."),
        Change::Completed => format!("{name} is done again."),
        Change::Reopened => format!("{name} is open again."),
        Change::Deleted => format!("{name} is off your list."),
        Change::Updated => {
            let differences: Vec<Difference> = outcome.changes.iter().flat_map(differences).collect();
            match &differences[..] {
                [Difference::Title(_)] => format!("{name} has its {old} name again."),
                [Difference::Due(Some(due))] => format!("{name} is due {} again.", date(*due, now)),
                [Difference::Due(None)] => format!("{name} has no date again."),
                [Difference::Priority(_)] => format!("{name} has its {old} priority again."),
                [Difference::Note(_)] => format!("{name} has its {old} note again."),
                _ => match kind {
                    UndoKind::Undo => format!("{name} is as it was."),
                    UndoKind::Redo => format!("{name} is changed again."),
                },
            }
        }
    }
}

/// What was tried, for a failure: "delete task 3".
fn attempt(report: &Report) -> String {
    let task = match &report.task {
        TaskName::Number(number) => format!("task {number}"),
        TaskName::Title(title) => quoted(title),
    };
    let verb = match report.change {
        Change::Added => "add",
        Change::Completed => "complete",
        Change::Reopened => "reopen",
        Change::Deleted => "delete",
        Change::Restored => "restore",
        Change::Updated => "change",
    };
    format!("{verb} {task}")
}
