//! The part of the list that is loaded. Pure.

use saydo_contract::{Cursor, Due, Task, TaskChange, TaskId, TaskList};

use super::Edit;
use crate::words::Words;

/// Pages of the list, in the server's order: open tasks first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Loaded {
    pub(crate) tasks: Vec<Task>,
    /// Where the rest begins.
    pub(crate) next: Option<Cursor>,
    /// How many there are on the server.
    total: u64,
    /// How many of the tasks came from elsewhere.
    kept: usize,
}

impl Loaded {
    /// Takes the next page.
    pub(super) fn extend(&mut self, page: TaskList) {
        let before = self.tasks.len();
        self.tasks.retain(|task| page.tasks.iter().all(|new| new.id != task.id));
        self.kept = self.kept.saturating_sub(before - self.tasks.len());
        self.tasks.extend(page.tasks);
        self.total = page.total;
        self.next = page.next_cursor;
    }

    /// Adds what was changed and stands on no page that is loaded.
    pub(super) fn keep(&mut self, changes: &[TaskChange]) {
        if self.next.is_none() {
            return;
        }
        // Only the last change of each task tells how it is now.
        let mut seen = Vec::new();
        for change in changes.iter().rev() {
            let known = seen.contains(&change.task_id) || self.tasks.iter().any(|task| task.id == change.task_id);
            seen.push(change.task_id);
            if let (false, Some(task)) = (known, &change.after) {
                self.tasks.push(task.clone());
                self.kept += 1;
            }
        }
    }

    /// Shows a change of one task.
    pub(super) fn change(&mut self, id: TaskId, edit: &Edit) {
        let Some(at) = self.tasks.iter().position(|task| task.id == id) else { return };
        let changed = edit.apply(&self.tasks.remove(at));
        if let Some(task) = changed {
            let to = self.tasks.iter().position(|other| is_before(&task, other)).unwrap_or(self.tasks.len());
            self.tasks.insert(to, task);
        }
    }

    /// Whether a task is as a change leaves it, as far as is loaded.
    pub(super) fn has(&self, id: TaskId, edit: &Edit) -> bool {
        match self.get(id) {
            Some(task) => edit.came(task),
            None => *edit == Edit::Delete || self.next.is_some(),
        }
    }

    /// A task, where it is loaded.
    pub(crate) fn get(&self, id: TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// Whether the whole list is loaded.
    pub(crate) fn is_whole(&self) -> bool {
        self.next.is_none()
    }

    /// How many the pages hold.
    pub(super) fn listed(&self) -> usize {
        self.tasks.len() - self.kept
    }

    /// Open tasks among those loaded.
    pub(super) fn open(&self) -> usize {
        self.tasks.iter().filter(|task| !task.completed).count()
    }

    /// Whether every open task is loaded: done ones come after them.
    fn has_all_open(&self) -> bool {
        self.next.is_none() || self.tasks.iter().take(self.listed()).any(|task| task.completed)
    }

    /// What the pane is headed with.
    pub(super) fn headline(&self, words: &Words) -> String {
        if self.has_all_open() { (words.open_tasks)(self.open()) } else { (words.all_tasks)(self.total) }
    }

    /// How many are open, as far as is known; `None` where there are none.
    pub(crate) fn open_count(&self) -> Option<String> {
        let open = self.open();
        (open > 0).then(|| at_least(open, self.has_all_open()))
    }

    /// The size of a group of which so many are loaded.
    pub(super) fn group_count(&self, members: usize) -> String {
        at_least(members, self.next.is_none())
    }
}

/// Whether a task stands before another, as the server orders them.
fn is_before(task: &Task, other: &Task) -> bool {
    let place = |task: &Task| {
        let moment = task.due.and_then(|due| match due {
            Due::Date(_) => None,
            Due::At(moment) => Some(moment.timestamp()),
        });
        (task.completed, task.due.is_none(), task.due.map(|due| due.day()), moment, task.id)
    };
    place(task) < place(other)
}

fn at_least(count: usize, all: bool) -> String {
    let mut shown = count.to_string();
    if !all {
        shown.push('+');
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::ENGLISH;

    fn task(id: i64, completed: bool) -> Task {
        serde_json::from_value(serde_json::json!({
            "id": id, "title": "Task", "description": null, "completed": completed, "due": null, "priority": "none",
            "created_at": "2026-11-20T08:00:00Z", "updated_at": "2026-11-20T08:00:00Z", "completed_at": null,
        }))
        .unwrap()
    }

    fn page(ids: std::ops::Range<i64>, completed: bool, total: u64, next: Option<&str>) -> TaskList {
        let next_cursor = next.map(|next| next.parse().unwrap());
        TaskList { tasks: ids.map(|id| task(id, completed)).collect(), total, next_cursor }
    }

    fn change(id: i64, after: Option<Task>) -> TaskChange {
        serde_json::from_value(serde_json::json!({
            "task_id": id, "title": "Task", "verb": "updated", "before": null, "after": after,
        }))
        .unwrap()
    }

    /// UI-26: counts are the server's, or say that there may be more.
    #[test]
    fn counts_say_what_is_known() {
        let mut list = Loaded::default();
        list.extend(page(1..201, false, 450, Some(NEXT)));
        assert_eq!(list.headline(&ENGLISH), "450 tasks");
        assert_eq!(list.open_count().as_deref(), Some("200+"));
        assert_eq!(list.group_count(198), "198+");
        list.extend(page(201..401, true, 450, Some(NEXT)));
        assert_eq!(list.headline(&ENGLISH), "200 open tasks");
        assert_eq!(list.open_count().as_deref(), Some("200"));
        assert_eq!(list.group_count(198), "198+");
        list.extend(page(401..451, true, 450, None));
        assert_eq!((list.group_count(250).as_str(), list.listed()), ("250", 450));
    }

    /// UI-26: what was just changed is shown, once, and as it is now.
    #[test]
    fn a_change_is_shown_before_its_page_is_loaded() {
        let mut list = Loaded::default();
        list.extend(page(1..3, false, 9, Some(NEXT)));
        let changes = [
            change(8, Some(task(8, false))),
            change(7, Some(task(7, false))),
            change(8, Some(task(8, true))),
            change(1, Some(task(1, false))),
            change(7, None),
        ];
        list.keep(&changes);
        let ids = |list: &Loaded| list.tasks.iter().map(|task| (task.id.get(), task.completed)).collect::<Vec<_>>();
        assert_eq!(ids(&list), [(1, false), (2, false), (8, true)]);
        assert_eq!(list.listed(), 2);
        assert_eq!(list.headline(&ENGLISH), "9 tasks", "one that was kept says nothing of the rest");
        list.extend(page(3..10, false, 9, None));
        assert_eq!((list.tasks.len(), list.listed()), (9, 9));
    }

    /// UI-31: what is expected stands where the server will put it, and is known to have come.
    #[test]
    fn a_change_is_shown_before_it_is_made() {
        let mut list = Loaded::default();
        list.extend(page(1..4, false, 3, None));
        let id = |id: i64| TaskId::try_from(id).unwrap();
        let ids = |list: &Loaded| list.tasks.iter().map(|task| task.id.get()).collect::<Vec<_>>();
        let due = Edit::Due(Some("2026-11-30".parse().unwrap()));
        assert!(!list.has(id(3), &due));
        list.change(id(3), &due);
        assert!(list.has(id(3), &due));
        assert_eq!(ids(&list), [3, 1, 2]);
        list.change(id(3), &Edit::Complete);
        assert_eq!(ids(&list), [1, 2, 3]);
        assert!(!list.has(id(1), &Edit::Delete));
        list.change(id(1), &Edit::Delete);
        assert_eq!(ids(&list), [2, 3]);
        assert!(list.has(id(1), &Edit::Delete) && !list.has(id(9), &Edit::Complete));
    }

    const NEXT: &str = "CURSOR";
}
