//! The calls that take back what a turn did.

use crate::LocalNow;
use std::collections::HashMap;

use saydo_contract::{ChangeVerb, Task, TaskChange, TaskId, ToolName, UndoKind};
use serde_json::{Value, json};

use super::{
    replay::{PlannedCall, ToolRequest, arguments},
    reply::{Reply, Undoable},
    report::{Change, Extras},
    tasks::Tasks,
};
use crate::history::{Ledger, Turn, UndoTarget};

/// How changes are taken back.
pub(super) struct UndoPlan {
    /// Which way it goes; `None` where there is nothing to take back.
    pub(super) kind: Option<UndoKind>,
    /// The calls, latest change first.
    pub(super) calls: Vec<PlannedCall>,
    /// What to say about changes that can't be taken back.
    pub(super) notes: Vec<Reply>,
}

/// Plans to take back what is asked for.
pub(super) fn plan(target: UndoTarget, past: &[Turn<'_>], tasks: &Tasks, now: &LocalNow) -> UndoPlan {
    let Some((kind, changes)) = Ledger::of(past, now).take(target) else {
        let nothing = match target {
            UndoTarget::Last(UndoKind::Undo) => Undoable::Change,
            UndoTarget::Last(UndoKind::Redo) => Undoable::Undo,
            UndoTarget::Named(_) => Undoable::Receipt,
        };
        return UndoPlan { kind: None, calls: Vec::new(), notes: vec![Reply::NothingToTakeBack(nothing)] };
    };
    let (mut calls, mut notes) = (Vec::new(), Vec::new());
    // What each task will be once the later changes are taken back.
    let mut states: HashMap<TaskId, Option<Task>> = HashMap::new();
    for change in changes.iter().rev() {
        let state = states.entry(change.task_id).or_insert_with(|| tasks.get(change.task_id.get()).cloned());
        if is_as_left(change, state.as_ref(), tasks)
            && let Some(call) = reversal(change)
        {
            calls.push(call);
            state.clone_from(&change.before);
        } else {
            notes.push(Reply::ChangedLater { title: change.title.as_str().to_owned() });
        }
    }
    UndoPlan { kind: Some(kind), calls, notes }
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
fn reversal(change: &TaskChange) -> Option<PlannedCall> {
    let id = change.task_id.get();
    let task = || ("task_id", Value::from(id));
    let (tool, arguments, told) = match change.verb {
        ChangeVerb::Created | ChangeVerb::Restored => (ToolName::DeleteTask, arguments([task()]), Change::Deleted),
        ChangeVerb::Deleted => (ToolName::UpdateTask, arguments([task(), ("deleted", false.into())]), Change::Restored),
        ChangeVerb::Completed => {
            (ToolName::UpdateTask, arguments([task(), ("completed", false.into())]), Change::Reopened)
        }
        ChangeVerb::Reopened => (ToolName::CompleteTask, arguments([task()]), Change::Completed),
        ChangeVerb::Updated => {
            let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
            let mut arguments = arguments([task()]);
            arguments.extend(differences(before, after).map(|(name, old)| (name.to_owned(), old)));
            (ToolName::UpdateTask, arguments, Change::Updated)
        }
    };
    Some(PlannedCall { request: ToolRequest { tool, arguments }, change: told, extras: Extras::default() })
}

/// What is different in `after`, with the values of `before`.
fn differences(before: &Task, after: &Task) -> impl Iterator<Item = (&'static str, Value)> {
    let fields = |task: &Task| {
        [
            ("title", json!(task.title)),
            // Null beside another null would be filler.
            ("description", json!(task.description.as_deref().unwrap_or_default())),
            ("completed", json!(task.completed)),
            ("due", json!(task.due)),
            ("priority", json!(task.priority)),
        ]
    };
    fields(before).into_iter().zip(fields(after)).filter(|(old, new)| old != new).map(|(old, _)| old)
}
