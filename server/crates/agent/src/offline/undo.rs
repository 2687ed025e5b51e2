//! Taking back what the last changing turn did.

use std::collections::HashMap;

use saydo_contract::{ChangeVerb, Task, TaskChange, TaskId, ToolName};
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

/// The changes that stand and the undone ones, turn by turn. An undo takes the newest turn from one to the other, so
/// that the next one goes on from there.
fn standing_and_undone(past: &[Turn<'_>]) -> (Vec<Vec<TaskChange>>, Vec<Vec<TaskChange>>) {
    let (mut standing, mut undone) = (Vec::new(), Vec::new());
    for turn in past {
        let changes = turn.changes();
        if changes.is_empty() {
            continue;
        }
        match turn.answer.and_then(words::way) {
            Some(Way::Back) => {
                standing.pop();
                undone.push(changes);
            }
            Some(Way::Forth) => {
                undone.pop();
                standing.push(changes);
            }
            None => {
                standing.push(changes);
                undone.clear();
            }
        }
    }
    (standing, undone)
}

/// The calls that take a turn's changes back, latest first, and what to say about those that cannot be.
pub(super) fn plan(way: Way, past: &[Turn<'_>], tasks: &Tasks) -> (Vec<Deed>, Vec<String>) {
    let (standing, undone) = standing_and_undone(past);
    let (mut turns, nothing) = match way {
        Way::Back => (standing, words::NOTHING_TO_UNDO),
        Way::Forth => (undone, words::NOTHING_TO_REDO),
    };
    let changes = turns.pop().unwrap_or_default();
    let (mut deeds, mut notes) = (Vec::new(), Vec::new());
    if changes.is_empty() {
        notes.push(nothing.to_owned());
    }
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
    (deeds, notes)
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
