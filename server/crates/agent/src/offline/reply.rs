//! Everything that the agent itself can say, as data. [`english`](super::english) makes words of it.

use saydo_contract::{
    ChangeVerb, ConfirmationItem, Due, MessageMeta, MessageOutcome, Priority, ProposedTask, Question, Task, TaskChange,
    TaskId, TaskOutcome, UndoKind,
};
use saydo_interpreter::Filter;

/// Something to say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    Greeting,
    Welcome,
    Goodbye,
    /// What can be said; the examples go along once in a conversation.
    Abilities {
        examples: bool,
    },
    /// The words are not understood.
    Unrecognised {
        examples: bool,
    },
    Declined,
    NothingToConfirm,
    /// The question that the words answer can't be answered any more.
    NoLongerValid,
    /// "Undo" beside another command.
    UndoAlone,
    /// An interrupted turn that can't be gone on with.
    Interrupted,
    /// The list can't be read, for this reason.
    UnreadableList(Option<String>),
    /// More changes than one message may ask for.
    TooMany {
        most: usize,
    },
    /// Nothing on the list is meant.
    NothingMatches {
        verb: ChangeVerb,
        filter: Option<Box<Filter>>,
    },
    /// These numbers are no tasks.
    NoSuchNumbers(Vec<i64>),
    NoSuchPlace {
        open: usize,
    },
    NoMatch {
        said: String,
        nearest: Vec<String>,
    },
    /// The words name no task; these are open.
    WhichTask {
        verb: ChangeVerb,
        open: Vec<Task>,
    },
    /// One title for several tasks.
    OneTitle,
    /// A part of a title was to be changed, and the title does not hold it as said.
    WholeTitle {
        id: i64,
        title: String,
    },
    /// A date that can't be moved, because there is none.
    NoDueDate {
        id: i64,
        title: Option<String>,
    },
    /// Words that were meant as a date and can't be read as one.
    UnreadDate(String),
    NothingToTakeBack(Undoable),
    /// A change that can't be taken back any more.
    ChangedLater {
        title: String,
    },
    /// A task is not what it was when it was offered.
    NotAsOffered {
        title: String,
    },
    Listed(Box<Listing>),
    Changed {
        reports: Vec<Report>,
        /// Calls that did not run, because the turn had used all it may.
        not_run: usize,
    },
    TakenBack {
        kind: UndoKind,
        reports: Vec<Report>,
        not_run: usize,
    },
    Choose(ChoiceQuestion),
    /// It offers to add these.
    #[allow(dead_code, reason = "asked by the interpreter's next version; answered already")]
    Ask(Vec<ProposedTask>),
    /// Whether to run frozen calls.
    Confirm(Vec<ConfirmationItem>),
    /// The question comes again, for this reason.
    AskAgain(Doubt),
    /// A question is about the first of more changes.
    AboutTheFirst {
        count: usize,
    },
    /// What came of the calls that a yes ran.
    Confirmed {
        done: Vec<ConfirmationItem>,
        failed: Vec<(ConfirmationItem, Option<String>)>,
        changed_since: Vec<ConfirmationItem>,
    },
    /// One after the other.
    Several(Vec<Reply>),
}

/// What there may be nothing of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undoable {
    Change,
    Undo,
    /// A change of this name.
    Receipt,
}

/// Why an answer to a confirmation does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It does not tell which of the lines.
    Which,
    /// A number that is an answer of the page as well as a line.
    BareNumber,
    Unrecognised,
    /// It says more than yes.
    AnswerFirst,
}

/// Tasks that were asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listing {
    pub(crate) filter: Filter,
    pub(crate) total: u64,
    /// Empty where only their number was asked for.
    pub(crate) shown: Vec<Task>,
}

/// A call that changes a task, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    pub(crate) change: Change,
    /// The task that was named by its number, or the title of a new one.
    pub(crate) task: TaskName,
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

/// A change, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Added {
        /// Whether the words asked for a repetition, which there is none of.
        recurring: bool,
    },
    Completed,
    Reopened,
    Deleted,
    Restored,
    Updated,
}

/// A question which of several tasks is meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChoiceQuestion {
    /// What would be done.
    pub(crate) verb: ChangeVerb,
    /// The words that fit several, where they are words.
    pub(crate) said: Option<String>,
    pub(crate) options: Vec<Candidate>,
}

/// A task that is offered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) completed: bool,
    pub(crate) due: Option<Due>,
}

impl Candidate {
    pub(crate) fn of(task: &Task) -> Self {
        Self { id: task.id.get(), title: task.title.as_str().to_owned(), completed: task.completed, due: task.due }
    }
}

impl Reply {
    /// What the message carries beside the words, but for the options of a question: their labels are words.
    pub(crate) fn meta(&self) -> MessageMeta {
        let mut meta = MessageMeta { outcome: self.outcome(), ..MessageMeta::default() };
        match self {
            Self::Abilities { examples } | Self::Unrecognised { examples } => meta.examples = *examples,
            Self::Listed(listing) => meta.listed = ids(listing.shown.iter()),
            Self::WhichTask { open, .. } => meta.listed = ids(open.iter()),
            Self::Choose(choice) => {
                meta.listed = choice.options.iter().filter_map(|option| option.id.try_into().ok()).collect();
            }
            Self::Changed { reports, not_run } => meta.receipts_only = *not_run == 0 && is_told(reports),
            Self::TakenBack { kind, reports, not_run } => {
                meta.undo = Some(*kind);
                meta.receipts_only = *not_run == 0 && is_told(reports);
            }
            Self::Ask(items) => meta.question = Some(Question::Add { items: items.clone() }),
            Self::Confirmed { done, failed, changed_since } => {
                meta.receipts_only = !done.is_empty() && failed.is_empty() && changed_since.is_empty();
            }
            Self::Several(replies) => {
                let parts: Vec<MessageMeta> = replies.iter().map(Self::meta).collect();
                meta.undo = parts.iter().find_map(|part| part.undo);
                meta.receipts_only = !parts.is_empty() && parts.iter().all(|part| part.receipts_only);
                meta.examples = parts.iter().any(|part| part.examples);
                meta.listed = parts.into_iter().flat_map(|part| part.listed).collect();
            }
            _ => {}
        }
        meta
    }

    fn outcome(&self) -> Option<MessageOutcome> {
        Some(match self {
            Self::Greeting
            | Self::Welcome
            | Self::Goodbye
            | Self::Declined
            | Self::NothingToConfirm
            | Self::NoLongerValid
            | Self::UndoAlone
            | Self::NothingToTakeBack(_)
            | Self::ChangedLater { .. }
            | Self::NotAsOffered { .. } => MessageOutcome::Talk,
            Self::Abilities { .. }
            | Self::Unrecognised { .. }
            | Self::NothingMatches { .. }
            | Self::NoSuchNumbers(_)
            | Self::NoSuchPlace { .. }
            | Self::NoMatch { .. }
            | Self::WhichTask { .. }
            | Self::OneTitle
            | Self::WholeTitle { .. }
            | Self::NoDueDate { .. }
            | Self::TooMany { .. } => MessageOutcome::Help,
            Self::Choose(_) => MessageOutcome::Choice,
            Self::Ask(_) => MessageOutcome::Ask,
            Self::Confirm(_) => MessageOutcome::Confirm,
            // What nothing was done beside decides.
            Self::Several(replies) => {
                let outcomes: Option<Vec<MessageOutcome>> = replies.iter().map(Self::outcome).collect();
                return outcomes?.first().copied();
            }
            _ => return None,
        })
    }
}

/// Whether each call made the change that its receipt shows.
fn is_told(reports: &[Report]) -> bool {
    reports.iter().all(|report| {
        let is_change =
            matches!(&report.result, ReportResult::Done(outcome) if !outcome.changes.is_empty() && !was_done(report));
        is_change && report.change != Change::Added { recurring: true }
    })
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

fn ids<'a>(tasks: impl Iterator<Item = &'a Task>) -> Vec<TaskId> {
    tasks.map(|task| task.id).collect()
}
