//! Taking changes back: which receipts still offer it, and Ctrl+Z.

use std::cell::RefCell;

use leptos::prelude::*;
use saydo_contract::{Due, Priority, SlashCommand, Task, TaskChange};

use super::{
    Chat,
    receipts::verb,
    turn::{Step, ToolOutcome, Turn},
};
use crate::{
    browser,
    tasks::{Loaded, is_unchanged, reversal},
};

/// So long Ctrl+Z takes back what this tab did, in milliseconds.
const RECENT_MS: f64 = 60_000.0;
/// So often, and after so many milliseconds, Ctrl+Z looks whether a change that is on its way has arrived.
const TRIES: u32 = 50;
const PAUSE_MS: u64 = 100;

/// Whether a change can still be undone, given later changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It can be taken back.
    Open,
    Undone,
    /// The task was changed later, or the list is not loaded yet.
    Closed,
}

/// What this tab changed, for Ctrl+Z.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// What each message of the last minute changed.
    recent_changes: Vec<RecentChange>,
    /// The keys of the messages that Ctrl+Z sent.
    reverting: Vec<String>,
}

/// What one message of this tab changed.
#[derive(Debug)]
struct RecentChange {
    /// When its last result came, in milliseconds of the browser's clock.
    at: f64,
    /// The message's idempotency key.
    key: String,
    changes: Vec<TaskChange>,
}

thread_local! {
    static LEDGER: RefCell<Ledger> = const { RefCell::new(Ledger { recent_changes: Vec::new(), reverting: Vec::new() }) };
}

impl Ledger {
    /// Adds what a message changed, and drops what is too old to be taken back.
    fn add(&mut self, now: f64, key: &str, changes: &[TaskChange]) {
        self.recent_changes.retain(|recent| now - recent.at <= RECENT_MS);
        match self.recent_changes.last_mut().filter(|recent| recent.key == key) {
            Some(recent) => {
                recent.at = now;
                recent.changes.extend_from_slice(changes);
            }
            None => self.recent_changes.push(RecentChange { at: now, key: key.to_owned(), changes: changes.to_vec() }),
        }
    }
}

/// Whether a turn takes changes back, or makes them again: Ctrl+Z goes past it.
pub(super) fn is_undo(turn: &Turn) -> bool {
    let first = turn.said.split_whitespace().next().unwrap_or_default();
    matches!(SlashCommand::of_message(&turn.said), Some(SlashCommand::Undo | SlashCommand::Redo))
        || ["undo", "redo"].iter().any(|word| word.eq_ignore_ascii_case(first))
}

/// Forgets what an account did in this tab.
pub(super) fn forget() {
    LEDGER.take();
}

/// What of a task counts as its content.
fn content(task: Option<&Task>) -> Option<(&str, &str, bool, Option<Due>, Priority)> {
    task.map(|task| {
        let notes = task.description.as_deref().unwrap_or_default();
        (task.title.as_str(), notes, task.completed, task.due, task.priority)
    })
}

/// Whether a later change took the first of these changes of one task back, and was not taken back itself.
fn is_undone(changes: &[TaskChange]) -> bool {
    let mut undone = vec![false; changes.len()];
    for (at, change) in changes.iter().enumerate().rev() {
        let before = content(change.before.as_ref());
        let takes_back =
            |(later, is_undone): (&TaskChange, &bool)| !is_undone && content(later.after.as_ref()) == before;
        let is_undone = changes.iter().zip(&undone).skip(at + 1).any(takes_back);
        if let Some(place) = undone.get_mut(at) {
            *place = is_undone;
        }
    }
    undone.first().copied().unwrap_or_default()
}

/// Whether the task is still as a change left it, as far as the list tells.
fn is_left_alone(change: &TaskChange, list: &Loaded) -> bool {
    let now = list.get(change.task_id);
    is_unchanged(change, now) || (now.is_none() && change.after.is_some() && !list.is_whole())
}

/// Whether the first of these changes of one task can still be undone; the others came after it.
fn standing(changes: &[TaskChange], list: Option<&Loaded>) -> Standing {
    match (changes, list) {
        ([change], Some(list)) if is_left_alone(change, list) => Standing::Open,
        _ if is_undone(changes) => Standing::Undone,
        _ => Standing::Closed,
    }
}

impl Chat {
    /// Whether a change that is shown can still be undone.
    pub(super) fn standing(self, change: &TaskChange) -> Standing {
        // What a turn changes comes with a new list.
        self.cells.track();
        // The list may have come before the result that took the change back.
        self.tool_results.track();
        let changes = untrack(|| self.changes_from(change));
        self.tasks.shown.with(|list| standing(&changes, list.as_ref()))
    }

    /// A change and those that followed it of the same task, as far as they are shown.
    fn changes_from(self, first: &TaskChange) -> Vec<TaskChange> {
        let mut found = Vec::new();
        let mut take = |change: &TaskChange| {
            if change.task_id == first.task_id && (!found.is_empty() || change == first) {
                found.push(change.clone());
            }
        };
        self.cells.with(|cells| {
            for cell in cells {
                cell.turn.with(|turn| {
                    for step in &turn.steps {
                        if let Step::Tool(tool) = step
                            && let Some(ToolOutcome::Changes(changes)) = &tool.outcome
                        {
                            changes.iter().for_each(&mut take);
                        }
                    }
                });
            }
        });
        if found.is_empty() {
            found.push(first.clone());
        }
        found
    }

    /// Takes a change back, unless the task has changed since.
    pub(crate) fn take_back(self, change: &TaskChange) {
        if self.tasks.shown.with_untracked(|list| list.as_ref().is_none_or(|list| is_left_alone(change, list))) {
            self.revert(change);
        } else {
            self.tasks.alert((self.words.changed_since)(change.title.as_str()));
        }
    }

    /// Sends what takes a change back, and returns the keys of the messages.
    fn revert(self, change: &TaskChange) -> Vec<String> {
        let id = change.task_id;
        self.tasks.uncheck(id);
        reversal(change).into_iter().filter_map(|edit| self.change(id, edit)).collect()
    }

    /// A message of this tab changed something.
    pub(super) fn remember(self, key: &str, changes: &[TaskChange]) {
        LEDGER.with_borrow_mut(|ledger| {
            // What Ctrl+Z did is not what it takes back next.
            if !ledger.reverting.iter().any(|other| other == key) {
                ledger.add(browser::now(), key, changes);
            }
        });
    }

    /// Takes back what this tab did last, if that was within the last minute, and says so.
    pub(crate) fn undo_last(self) {
        if self.tasks.toasts.take_offer() {
            return self.tasks.toasts.note(self.words.undone.to_owned());
        }
        self.undo_when_confirmed(self.left.get_untracked(), TRIES);
    }

    /// Waits while the last change is on its way to the server, or from there to the list.
    fn undo_when_confirmed(self, account: usize, tries: u32) {
        if self.left.get_untracked() != account {
            return;
        }
        if !self.tasks.is_expecting() && !self.tasks.is_loading() {
            return self.undo_latest();
        }
        if let Some(tries) = tries.checked_sub(1) {
            browser::after(PAUSE_MS, move || self.undo_when_confirmed(account, tries));
        }
    }

    fn undo_latest(self) {
        let words = self.words;
        let changes = self.pop_recent();
        let mut keys = Vec::new();
        for change in changes.iter().rev() {
            keys.extend(self.revert(change));
        }
        LEDGER.with_borrow_mut(|ledger| ledger.reverting.extend(keys));
        self.tasks.toasts.note(match &changes[..] {
            [] => words.nothing_to_undo.to_owned(),
            [change] => (words.undone_change)(verb(change.verb, words).0, change.title.as_str()),
            many => (words.undone_changes)(many.len()),
        });
    }

    /// Pops the changes of the last message that can be taken back; none where that is too long ago.
    fn pop_recent(self) -> Vec<TaskChange> {
        let now = browser::now();
        // An earlier Ctrl+Z may have changed the task and changed it back.
        let is_as_before =
            |change: &TaskChange, list: &Loaded| content(change.after.as_ref()) == content(list.get(change.task_id));
        let is_open = |change: &TaskChange| {
            let is_open = |list: &Loaded| is_left_alone(change, list) || is_as_before(change, list);
            self.tasks.shown.with_untracked(|list| list.as_ref().is_some_and(is_open))
        };
        while let Some(recent) = LEDGER.with_borrow_mut(|ledger| ledger.recent_changes.pop()) {
            if now - recent.at > RECENT_MS {
                break;
            }
            let open: Vec<_> = recent.changes.into_iter().filter(is_open).collect();
            if !open.is_empty() {
                return open;
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::chat::tests::on_page;

    fn task(title: &str, completed: bool, second: u32) -> serde_json::Value {
        serde_json::json!({
            "id": 3, "title": title, "description": null, "completed": completed, "due": null, "priority": "none",
            "created_at": "2026-11-20T08:00:00Z", "updated_at": format!("2026-11-20T08:00:{second:02}Z"),
            "completed_at": null,
        })
    }

    fn change(verb: &str, before: Option<serde_json::Value>, after: Option<serde_json::Value>) -> TaskChange {
        let json = serde_json::json!({
            "task_id": 3, "title": "Milk", "verb": verb, "before": before, "after": after,
        });
        serde_json::from_value(json).unwrap()
    }

    fn list(task: Option<serde_json::Value>) -> Loaded {
        let mut list = Loaded::default();
        list.tasks.extend(task.map(|task| serde_json::from_value(task).unwrap()));
        list
    }

    /// UI-34a: the last change of a task can be taken back, as long as the task is as it left it.
    #[test]
    fn the_last_change_is_open() {
        let added = change("created", None, Some(task("Milk", false, 1)));
        let now = list(Some(task("Milk", false, 1)));
        assert_eq!(standing(std::slice::from_ref(&added), Some(&now)), Standing::Open);
        assert_eq!(standing(std::slice::from_ref(&added), None), Standing::Closed);
        // The same content again, after two changes elsewhere.
        let later = list(Some(task("Milk", false, 9)));
        assert_eq!(standing(&[added], Some(&later)), Standing::Closed);
    }

    /// UI-34b: a change that was taken back is undone, until that is taken back too; an overtaken one is neither.
    #[test]
    fn undone_and_overtaken_changes_are_closed() {
        let added = change("created", None, Some(task("Milk", false, 1)));
        let done = change("completed", Some(task("Milk", false, 1)), Some(task("Milk", true, 2)));
        let reopened = change("reopened", Some(task("Milk", true, 2)), Some(task("Milk", false, 3)));
        let again = change("completed", Some(task("Milk", false, 3)), Some(task("Milk", true, 4)));
        let open = list(Some(task("Milk", false, 3)));
        assert_eq!(standing(&[added, done.clone(), reopened.clone()], Some(&open)), Standing::Closed);
        assert_eq!(standing(&[done.clone(), reopened.clone()], Some(&open)), Standing::Undone);
        let closed = list(Some(task("Milk", true, 4)));
        assert_eq!(standing(&[done, reopened, again], Some(&closed)), Standing::Closed);
    }

    /// UI-34c, UI-34d: an Undo that is pressed after a later change sends nothing, and says so.
    #[test]
    fn a_late_undo_sends_nothing() {
        on_page("/c/5", |chat| {
            chat.tasks.show_list(list(Some(task("Oat milk", false, 2))));
            chat.take_back(&change("created", None, Some(task("Milk", false, 1))));
            assert!(chat.cells.with_untracked(Vec::is_empty));
            assert_eq!(chat.tasks.toasts.alert_text(), Some((chat.words.changed_since)("Milk")));
        });
    }

    /// UI-79b: a new change drops those that are older than a minute.
    #[test]
    fn old_changes_are_dropped() {
        let mut ledger = Ledger::default();
        for second in [0, 1, 61] {
            let added = change("created", None, Some(task("Milk", false, 1)));
            ledger.add(f64::from(second) * 1_000.0, &second.to_string(), &[added]);
        }
        let times: Vec<f64> = ledger.recent_changes.iter().map(|recent| recent.at).collect();
        assert_eq!(times, [1_000.0, 61_000.0]);
    }

    /// UI-79e: what one message changed is one step, however many tasks that were.
    #[test]
    fn a_message_is_one_step() {
        let mut ledger = Ledger::default();
        for key in ["a", "b", "b"] {
            ledger.add(0.0, key, &[change("created", None, Some(task("Milk", false, 1)))]);
        }
        let steps: Vec<usize> = ledger.recent_changes.iter().map(|recent| recent.changes.len()).collect();
        assert_eq!(steps, [1, 2]);
    }
}
