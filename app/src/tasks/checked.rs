//! Rows that were just checked: each stays where it is for a moment, so that a second click takes the check back.
//!
//! They are kept beside the signals: a signal of their own type would add kilobytes to the page, and one that all rows
//! follow would run each of them at every check.

use std::cell::RefCell;

use leptos::prelude::*;
use saydo_contract::TaskId;
use web_sys::Element;

use super::{Edit, Loaded, Tasks, rows};
use crate::browser;

/// For so long after the last click a row stays in its group, in milliseconds.
const STAYS_MS: u64 = 1_500;

/// How a row looks: at rest, or by its last click while it stays.
pub(super) const AT_REST: usize = 0;
pub(super) const OPEN: usize = 1;
pub(super) const COMPLETED: usize = 2;

/// A row that stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Checked {
    id: TaskId,
    /// How the task stood before the first click, which decides about its place.
    was_completed: bool,
    /// Its state after the last click.
    is_completed: bool,
    /// Counts the clicks: only the time after the last one counts.
    clicks: u32,
    /// What the row shows.
    look: RwSignal<usize>,
}

thread_local! {
    static CHECKED: RefCell<Vec<Checked>> = const { RefCell::new(Vec::new()) };
}

/// The list as it looks while some rows stay where they were; `None` where none does.
pub(super) fn in_place(list: &Loaded) -> Option<Loaded> {
    CHECKED.with_borrow(|rows| (!rows.is_empty()).then(|| with_rows(list.clone(), rows)))
}

fn with_rows(mut list: Loaded, rows: &[Checked]) -> Loaded {
    for row in rows {
        list.change(row.id, &if row.was_completed { Edit::Complete } else { Edit::Reopen });
    }
    list
}

/// How a row looks that is made now.
pub(super) fn look_of(id: TaskId) -> usize {
    find(id).map_or(AT_REST, |row| if row.is_completed { COMPLETED } else { OPEN })
}

fn find(id: TaskId) -> Option<Checked> {
    CHECKED.with_borrow(|rows| rows.iter().find(|row| row.id == id).copied())
}

impl Tasks {
    /// Checks or unchecks a row that stood like this, and returns whether its task is to be completed.
    pub(super) fn check(self, id: TaskId, was_completed: bool, look: RwSignal<usize>) -> bool {
        let mut row = find(id).unwrap_or(Checked { id, was_completed, is_completed: was_completed, clicks: 0, look });
        row.is_completed = !row.is_completed;
        row.clicks += 1;
        row.look = look;
        look.set(if row.is_completed { COMPLETED } else { OPEN });
        CHECKED.with_borrow_mut(|rows| {
            rows.retain(|row| row.id != id);
            rows.push(row);
        });
        self.regroup();
        self.release_later(row);
        row.is_completed
    }

    fn release_later(self, row: Checked) {
        browser::after(STAYS_MS, move || self.release(row));
    }

    /// The row goes where it belongs, unless it was clicked again. One that is worked on stays.
    fn release(self, row: Checked) {
        if find(row.id) != Some(row) {
            return;
        }
        let check = browser::by_id::<Element>(&rows::row_id(row.id));
        let its_row = check.as_ref().and_then(|check| check.closest(".task").ok().flatten());
        let focused = browser::focused().filter(|focused| its_row.is_some_and(|row| row.contains(Some(focused))));
        if focused.is_some() && focused != check {
            return self.release_later(row);
        }
        if focused.is_some() {
            rows::leave(row.id);
        }
        self.uncheck(row.id);
    }

    /// The row goes where it belongs.
    pub(crate) fn uncheck(self, id: TaskId) {
        if let Some(row) = find(id) {
            // It may stay where it is for good.
            row.look.try_set(AT_REST);
            CHECKED.with_borrow_mut(|rows| rows.retain(|row| row.id != id));
            self.regroup();
        }
    }

    /// Nobody's rows stay.
    pub(super) fn forget_checked(self) {
        CHECKED.with_borrow_mut(Vec::clear);
        self.regroup();
    }

    fn regroup(self) {
        _ = self.regrouped.try_update(|times| *times = times.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// UI-80a: a row that was checked stays in its place in the list.
    #[test]
    fn a_checked_row_stays_in_place() {
        let task = |id: i64, completed: bool| {
            serde_json::from_value(serde_json::json!({
                "id": id, "title": "Task", "description": null, "completed": completed, "due": null, "priority": "none",
                "created_at": "2026-11-20T08:00:00Z", "updated_at": "2026-11-20T08:00:00Z", "completed_at": null,
            }))
            .unwrap()
        };
        let owner = Owner::new();
        let look = owner.with(|| RwSignal::new(AT_REST));
        let mut list = Loaded::default();
        list.tasks = vec![task(1, false), task(3, false), task(2, true), task(4, true)];
        let row = Checked { id: 2.try_into().unwrap(), was_completed: false, is_completed: true, clicks: 1, look };
        let ids = |list: Loaded| list.tasks.iter().map(|task| (task.id.get(), task.completed)).collect::<Vec<_>>();
        assert_eq!(ids(with_rows(list, &[row])), [(1, false), (2, false), (3, false), (4, true)]);
    }
}
