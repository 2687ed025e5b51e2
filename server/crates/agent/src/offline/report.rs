//! What came of calls that change tasks, as data.

use saydo_contract::{Due, Priority, ReceiptNote, SlashCommand, Task, TaskChange, TaskOutcome};
use saydo_interpreter::NewItem;

/// A call that changes a task, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    pub(crate) change: Change,
    /// The task that was named by its number, or the title of a new one.
    pub(crate) task: TaskName,
    /// What the words of an addition ask for beside the task.
    pub(crate) extras: Extras,
    pub(crate) result: ReportResult,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ReportResult {
    Done(Box<TaskOutcome>),
    /// It worked, and its answer can't be read.
    Unreadable,
    /// It failed, for this reason where the tool gave one.
    Failed(Option<String>),
}

/// How a task was named.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TaskName {
    Number(i64),
    Title(String),
}

/// A change, as it is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Completed,
    Reopened,
    Deleted,
    Restored,
    Updated,
}

/// What the words of an addition ask for beside the task itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Extras {
    pub(crate) recurring: bool,
    pub(crate) reminder: bool,
    /// Words that look like a date and were not read.
    pub(crate) unread_date: Option<String>,
    /// How many tasks the title can be split into; 0 where it lists nothing.
    pub(crate) parts: usize,
}

impl Extras {
    pub(crate) fn of(item: &NewItem) -> Self {
        Self {
            recurring: item.recurring,
            reminder: item.reminder,
            unread_date: item.unread.clone(),
            parts: item.parts.len(),
        }
    }
}

impl Report {
    /// What the tool did, where it changed something.
    pub(crate) fn done(&self) -> Option<&TaskOutcome> {
        match &self.result {
            ReportResult::Done(outcome) if !outcome.changes.is_empty() => Some(outcome),
            _ => None,
        }
    }

    /// What the receipt doesn't show.
    fn notes(&self) -> Vec<ReceiptNote> {
        let Some(outcome) = self.done() else { return Vec::new() };
        let (task_id, extras) = (outcome.task_id, &self.extras);
        let unread = extras.unread_date.clone().map(|text| ReceiptNote::UnreadDate { task_id, text });
        let others = outcome.same_title.clone();
        let message = format!("{} {task_id}", SlashCommand::Split.name());
        [
            unread,
            extras.reminder.then_some(ReceiptNote::NoReminder { task_id }),
            extras.recurring.then_some(ReceiptNote::NoRepeat { task_id }),
            (!others.is_empty()).then_some(ReceiptNote::SameTitle { task_id, others }),
            (extras.parts > 1).then_some(ReceiptNote::Split { task_id, count: extras.parts, message }),
            was_done(self).then_some(ReceiptNote::DoneAlready { task_id }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Whether each call made the change that its receipt shows.
pub(crate) fn all_changed(reports: &[Report]) -> bool {
    reports.iter().all(|report| report.done().is_some())
}

/// What the receipts don't show.
pub(crate) fn notes(reports: &[Report]) -> Vec<ReceiptNote> {
    reports.iter().flat_map(Report::notes).collect()
}

/// A field that an update changed, with what is said of it.
#[derive(Debug, PartialEq)]
pub(crate) enum Difference {
    /// The title before.
    Title(String),
    Due(Option<Due>),
    Priority(Priority),
    Note(Option<String>),
    Completed(bool),
}

/// What an update made different.
pub(crate) fn differences(change: &TaskChange) -> Vec<Difference> {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return Vec::new() };
    let note = |task: &Task| task.description.clone().filter(|note| !note.is_empty());
    let title = || Difference::Title(before.title.as_str().to_owned());
    [
        (before.title != after.title).then(title),
        (before.completed != after.completed).then_some(Difference::Completed(after.completed)),
        (before.due != after.due).then_some(Difference::Due(after.due)),
        (before.priority != after.priority).then_some(Difference::Priority(after.priority)),
        (note(before) != note(after)).then(|| Difference::Note(note(after))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a change met a task that was done already, which the words say.
pub(crate) fn was_done(report: &Report) -> bool {
    report.change == Change::Updated
        && matches!(&report.result, ReportResult::Done(outcome)
            if outcome.changes.first().and_then(|change| change.before.as_ref()).is_some_and(|task| task.completed)
                && outcome.task.completed)
}
