//! Taking back what a turn did.

use std::collections::HashMap;

use chrono::DateTime;
use chrono_tz::Tz;
use saydo_contract::{ChangeVerb, Task, TaskChange, TaskId, ToolName, TurnId};
use saydo_interpreter::{Context, Intent, Receipt, interpret};
use serde_json::{Value, json};

use super::{
    conversation::Turn,
    plan::{Deed, Told},
    replay::{Wanted, arguments},
    tasks::Tasks,
    words,
};

/// Which way to go among the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Takes back what was done.
    Back,
    /// Takes back what an undo did.
    Forth,
}

/// What is to be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// The newest that stands, or the newest undo.
    Last(Way),
    /// What is named, whichever it is.
    Named(Receipt),
}

impl Asked {
    pub(super) fn of(intent: &Intent) -> Option<Self> {
        Some(match intent {
            Intent::Undo => Self::Last(Way::Back),
            Intent::Redo => Self::Last(Way::Forth),
            Intent::UndoReceipt(receipt) => Self::Named(*receipt),
            _ => return None,
        })
    }
}

/// What a turn changed, as far as nobody took it back.
struct Done {
    turn: TurnId,
    changes: Vec<TaskChange>,
    /// Of an undo: whether something new was done since, so that only its name brings it back.
    passed: bool,
}

/// The changes that stand and those that undid others. Taking one back makes it one of the other kind.
#[derive(Default)]
struct Ledger {
    standing: Vec<Done>,
    undone: Vec<Done>,
}

impl Ledger {
    fn of(past: &[Turn<'_>], now: &DateTime<Tz>) -> Self {
        let mut ledger = Self::default();
        for turn in past {
            let done = Done { turn: turn.id, changes: turn.changes(), passed: false };
            if done.changes.is_empty() {
                continue;
            }
            let Some(way) = turn.answer.and_then(words::way) else {
                ledger.standing.push(done);
                ledger.undone.iter_mut().for_each(|undone| undone.passed = true);
                continue;
            };
            let named = match &interpret(turn.said, &Context::new(*now))[..] {
                [Intent::UndoReceipt(receipt)] => Some(*receipt),
                _ => None,
            };
            ledger.take(named.map_or(Asked::Last(way), Asked::Named));
            match way {
                Way::Back => ledger.undone.push(done),
                Way::Forth => ledger.standing.push(done),
            }
        }
        ledger
    }

    /// Takes out what is asked for, and tells which way that is.
    fn take(&mut self, asked: Asked) -> Option<(Way, Vec<TaskChange>)> {
        match asked {
            Asked::Last(Way::Back) => self.standing.pop().map(|done| (Way::Back, done.changes)),
            Asked::Last(Way::Forth) => {
                let done = self.undone.pop_if(|done| !done.passed)?;
                Some((Way::Forth, done.changes))
            }
            Asked::Named(receipt) => {
                let stands = self.standing.iter().any(|done| done.is_named(receipt));
                let (way, side) = match receipt {
                    Receipt::Turn(_) | Receipt::TaskOfTurn { .. } if !stands => (Way::Forth, &mut self.undone),
                    _ => (Way::Back, &mut self.standing),
                };
                let at = side.iter().rposition(|done| done.is_named(receipt))?;
                let done = side.get_mut(at)?;
                let (named, rest) = done.changes.drain(..).partition(|change| is_of(change, receipt));
                done.changes = rest;
                if done.changes.is_empty() {
                    side.remove(at);
                }
                Some((way, named))
            }
        }
    }
}

/// The calls that take changes back, latest first, what to say about those that cannot be, and which way it goes.
pub(super) fn plan(
    asked: Asked,
    past: &[Turn<'_>],
    tasks: &Tasks,
    now: &DateTime<Tz>,
) -> (Option<Way>, Vec<Deed>, Vec<String>) {
    let (mut deeds, mut notes) = (Vec::new(), Vec::new());
    let Some((way, changes)) = Ledger::of(past, now).take(asked) else {
        return (None, deeds, vec![words::nothing_to_take_back(asked)]);
    };
    // What each task will be once the later changes are taken back.
    let mut states: HashMap<TaskId, Option<Task>> = HashMap::new();
    for change in changes.iter().rev() {
        let state = states.entry(change.task_id).or_insert_with(|| tasks.get(change.task_id.get()).cloned());
        if is_as_left(change, state.as_ref(), tasks)
            && let Some(deed) = reversal(change)
        {
            deeds.push(deed);
            state.clone_from(&change.before);
        } else {
            notes.push(words::changed_since(change));
        }
    }
    (Some(way), deeds, notes)
}

impl Done {
    fn is_named(&self, receipt: Receipt) -> bool {
        let turn = match receipt {
            Receipt::Task(_) => None,
            Receipt::Turn(turn) | Receipt::TaskOfTurn { turn, .. } => Some(turn),
        };
        turn.is_none_or(|turn| turn == self.turn.get()) && self.changes.iter().any(|change| is_of(change, receipt))
    }
}

fn is_of(change: &TaskChange, receipt: Receipt) -> bool {
    match receipt {
        Receipt::Turn(_) => true,
        Receipt::Task(task) | Receipt::TaskOfTurn { task, .. } => change.task_id.get() == task,
    }
}

/// Whether the task is still as this change left it.
fn is_as_left(change: &TaskChange, now: Option<&Task>, tasks: &Tasks) -> bool {
    match (&change.after, now) {
        (Some(after), Some(now)) => differences(after, now).next().is_none(),
        (None, None) => true,
        // It may be among those that were not read.
        (Some(_), None) => tasks.more,
        (None, Some(_)) => false,
    }
}

/// The call that takes one change back.
fn reversal(change: &TaskChange) -> Option<Deed> {
    let id = change.task_id.get();
    let task = || ("task_id", Value::from(id));
    let (tool, arguments, told) = match change.verb {
        ChangeVerb::Created | ChangeVerb::Restored => (ToolName::DeleteTask, arguments([task()]), Told::Deleted),
        ChangeVerb::Deleted => (ToolName::UpdateTask, arguments([task(), ("deleted", false.into())]), Told::Restored),
        ChangeVerb::Completed => {
            (ToolName::UpdateTask, arguments([task(), ("completed", false.into())]), Told::Reopened)
        }
        ChangeVerb::Reopened => (ToolName::CompleteTask, arguments([task()]), Told::Completed),
        ChangeVerb::Updated => {
            let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
            let mut arguments = arguments([task()]);
            arguments.extend(differences(before, after).map(|(name, old)| (name.to_owned(), old)));
            (ToolName::UpdateTask, arguments, Told::Updated)
        }
    };
    Some(Deed { wanted: Wanted { tool, arguments }, told })
}

/// What is different in `after`, with the values of `before`.
fn differences(before: &Task, after: &Task) -> impl Iterator<Item = (&'static str, Value)> {
    let fields = |task: &Task| {
        [
            ("title", json!(task.title)),
            ("description", json!(task.description)),
            ("completed", json!(task.completed)),
            ("due", json!(task.due)),
            ("priority", json!(task.priority)),
        ]
    };
    fields(before).into_iter().zip(fields(after)).filter(|(old, new)| old != new).map(|(old, _)| old)
}
