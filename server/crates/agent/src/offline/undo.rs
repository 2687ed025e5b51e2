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

/// The calls that take the last turn's changes back, latest first, and what to say about those that cannot be.
pub(super) fn plan(past: &[Turn<'_>], tasks: &Tasks) -> (Vec<Deed>, Vec<String>) {
    let changes = past.iter().rev().map(Turn::changes).find(|changes| !changes.is_empty()).unwrap_or_default();
    let (mut deeds, mut notes) = (Vec::new(), Vec::new());
    if changes.is_empty() {
        notes.push(words::NOTHING_TO_UNDO.to_owned());
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
