//! Everything that the agent itself can say, as data. [`english`](super::english) makes words of it.

use saydo_contract::{
    ChangeVerb, ConfirmationItem, Due, MessageMeta, MessageOutcome, Priority, ProposedTask, Question, ReceiptNote,
    Task, TaskId, TaskList, ToolName, UndoKind,
};
use saydo_interpreter::{Changes, Filter, Topic};

use super::report::{Report, all_changed, notes};
use crate::{ToolCall, context::changes_of};

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
    /// The words are not understood; they may be a task.
    Unrecognised {
        examples: bool,
        /// What may be added.
        said: Option<String>,
    },
    /// What the app can do, and where.
    About(Topic),
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
    /// More additions than one message may ask for.
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
    /// What may be offered is on the list.
    AlreadyListed(Vec<Task>),
    /// A title that lists nothing.
    NothingToSplit {
        title: String,
    },
    /// A task to be split is done.
    DoneAlready {
        title: String,
    },
    /// Several tasks to be split at once.
    SplitAlone,
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
    /// The parts of this title became tasks.
    Split {
        title: String,
        reports: Vec<Report>,
    },
    TakenBack {
        kind: UndoKind,
        reports: Vec<Report>,
        not_run: usize,
    },
    Choose(ChoiceQuestion),
    /// It offers to add these.
    Ask(Vec<ProposedTask>),
    /// Whether to run frozen calls.
    Confirm {
        items: Vec<ConfirmationItem>,
        /// What all of the calls do, where it is the same.
        shared: Option<SharedUpdate>,
    },
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
    /// What a turn did whose model says nothing about it.
    Done {
        /// Whether each call that changes tasks made its change.
        all_changed: bool,
        /// Whether a call failed.
        failed: bool,
    },
    /// What a turn found whose model says nothing about it.
    Found {
        total: u64,
        tasks: Vec<Task>,
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

/// One field that several updates set to one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum SharedUpdate {
    /// The due date; `None` clears it.
    Due(Option<Due>),
    Priority(Priority),
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

/// A question which of several tasks is meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChoiceQuestion {
    pub(crate) purpose: Purpose,
    /// The words that fit several, where they are words.
    pub(crate) said: Option<String>,
    pub(crate) options: Vec<Candidate>,
}

/// What would be done with the task that is meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Purpose {
    Verb(ChangeVerb),
    Update(Box<Changes>),
    Split,
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
    /// What calls came to, for a model that does not say it. `None` where none of them worked.
    pub(crate) fn of_calls(calls: &[&ToolCall]) -> Option<Self> {
        let worked: Vec<&&ToolCall> = calls.iter().filter(|call| call.result().is_some()).collect();
        let last = worked.last()?;
        let failed = calls.iter().any(|call| call.has_failed());
        let mut changing = worked.iter().filter(|call| call.tool != ToolName::ListTasks.as_str()).peekable();
        let listed = last.result().and_then(|list| serde_json::from_value::<TaskList>(list.clone()).ok());
        Some(match listed {
            Some(list) if changing.peek().is_none() => Self::Found { total: list.total, tasks: list.tasks },
            _ => Self::Done { all_changed: !failed && changing.all(|call| !changes_of(call).is_empty()), failed },
        })
    }

    /// What the message carries beside the words, but for the options of a question: their labels are words.
    pub(crate) fn meta(&self) -> MessageMeta {
        let mut meta = MessageMeta { outcome: self.outcome(), ..MessageMeta::default() };
        match self {
            Self::Abilities { examples } | Self::Unrecognised { examples, .. } => meta.examples = *examples,
            Self::Listed(listing) => meta.listed = ids(listing.shown.iter()),
            Self::Done { all_changed, .. } => meta.receipts_only = *all_changed,
            Self::Found { tasks, .. } | Self::WhichTask { open: tasks, .. } | Self::AlreadyListed(tasks) => {
                meta.listed = ids(tasks.iter())
            }
            Self::Choose(choice) => {
                meta.listed = choice.options.iter().filter_map(|option| option.id.try_into().ok()).collect();
            }
            Self::Changed { reports, not_run } => {
                meta.notes = notes(reports);
                set_complete(&mut meta, *not_run == 0 && all_changed(reports));
            }
            Self::Split { reports, .. } => meta.receipts_only = all_changed(reports),
            Self::TakenBack { kind, reports, not_run } => {
                meta.undo = Some(*kind);
                meta.receipts_only = *not_run == 0 && all_changed(reports);
            }
            Self::Ask(items) => meta.question = Some(Question::Add { items: items.clone() }),
            Self::Confirmed { done, failed, changed_since } => {
                meta.receipts_only = !done.is_empty() && failed.is_empty() && changed_since.is_empty();
            }
            Self::Several(replies) => {
                let parts: Vec<MessageMeta> = replies.iter().map(Self::meta).collect();
                meta.undo = parts.iter().find_map(|part| part.undo);
                meta.examples = parts.iter().any(|part| part.examples);
                let is_complete = parts.iter().all(|part| part.receipts_only || part.notes_complete);
                for part in parts {
                    meta.listed.extend(part.listed);
                    meta.notes.extend(part.notes);
                }
                set_complete(&mut meta, is_complete);
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
            | Self::NotAsOffered { .. }
            | Self::Abilities { .. }
            | Self::About(_) => MessageOutcome::Talk,
            Self::Unrecognised { .. }
            | Self::NothingMatches { .. }
            | Self::NoSuchNumbers(_)
            | Self::NoSuchPlace { .. }
            | Self::NoMatch { .. }
            | Self::WhichTask { .. }
            | Self::OneTitle
            | Self::WholeTitle { .. }
            | Self::NoDueDate { .. }
            | Self::AlreadyListed(_)
            | Self::NothingToSplit { .. }
            | Self::DoneAlready { .. }
            | Self::SplitAlone
            | Self::TooMany { .. } => MessageOutcome::Help,
            Self::Choose(_) => MessageOutcome::Choice,
            Self::Ask(_) => MessageOutcome::Ask,
            Self::Confirm { .. } => MessageOutcome::Confirm,
            // Where one of the replies reports a change, the message has no outcome. Else the first decides.
            Self::Several(replies) => {
                let outcomes: Option<Vec<MessageOutcome>> = replies.iter().map(Self::outcome).collect();
                return outcomes?.first().copied();
            }
            _ => return None,
        })
    }
}

/// Tells what the words add to the receipts, where they say nothing but the notes of these.
fn set_complete(meta: &mut MessageMeta, is_complete: bool) {
    let is_said = |note: &ReceiptNote| !matches!(note, ReceiptNote::Split { .. });
    let says_more = meta.notes.iter().any(is_said);
    meta.receipts_only = is_complete && !says_more;
    meta.notes_complete = is_complete && says_more;
}

fn ids<'a>(tasks: impl Iterator<Item = &'a Task>) -> Vec<TaskId> {
    tasks.map(|task| task.id).collect()
}
