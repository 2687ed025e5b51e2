//! Offers to add tasks, where the words are in doubt: from what the interpreter reads to the question and back.

use saydo_contract::{ProposedTask, Task};
use saydo_interpreter::{NewItem, is_same_title, split_title};

use super::{
    reply::Reply,
    tasks::{Tasks, due, priority, spoken_priority, when},
};

/// The question, or that all of it is on the list already.
pub(super) fn made(items: &[NewItem], tasks: &Tasks) -> Reply {
    let there: Vec<&Task> = items.iter().filter_map(|item| listed(&item.title, tasks)).collect();
    if there.len() == items.len() {
        return Reply::AlreadyListed(there.into_iter().cloned().collect());
    }
    Reply::Ask(items.iter().filter_map(proposed).collect())
}

/// The open task with this title, articles aside.
fn listed<'a>(title: &str, tasks: &'a Tasks) -> Option<&'a Task> {
    tasks.open().find(|task| is_same_title(task.title.as_str(), title))
}

fn proposed(item: &NewItem) -> Option<ProposedTask> {
    Some(ProposedTask {
        title: item.title.parse().ok()?,
        description: item.description.as_deref().and_then(|note| note.parse().ok()),
        due: item.due.map(due),
        priority: item.priority.map(priority),
        unread_date: item.unread.clone(),
        recurring: item.recurring,
        reminder: item.reminder,
    })
}

/// What "yes" adds.
pub(super) fn accepted(proposed: &ProposedTask) -> NewItem {
    let title = proposed.title.as_str();
    NewItem {
        title: title.to_owned(),
        description: proposed.description.as_ref().map(|note| note.as_str().to_owned()),
        due: proposed.due.map(when),
        priority: proposed.priority.map(spoken_priority),
        unread: proposed.unread_date.clone(),
        recurring: proposed.recurring,
        reminder: proposed.reminder,
        parts: split_title(title),
    }
}
