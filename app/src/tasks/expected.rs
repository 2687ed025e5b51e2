//! What the person changed and the server has not told yet: shown at once, and taken back where it does not come.

use leptos::prelude::*;
use saydo_contract::TaskId;

use super::{Edit, Loaded, Tasks};

/// A change that is on its way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expected {
    number: u32,
    id: TaskId,
    edit: Edit,
    /// Its turn is over: the next list has it, or it did not come.
    told: bool,
}

/// The list with what is expected.
pub(super) fn applied(list: &Option<Loaded>, expected: &[Expected]) -> Option<Loaded> {
    let mut list = list.clone()?;
    for Expected { id, edit, .. } in expected {
        list.change(*id, edit);
    }
    Some(list)
}

impl Tasks {
    /// Shows a change before it is made, and returns its number.
    pub(crate) fn expect(self, id: TaskId, edit: Edit) -> u32 {
        let number = self.last_expected.get_value().wrapping_add(1);
        self.last_expected.set_value(number);
        self.expected.update(|expected| expected.push(Expected { number, id, edit, told: false }));
        number
    }

    /// The turn that makes the change is over, and changed something or nothing.
    pub(crate) fn told(self, number: u32) {
        self.expected.update(|expected| {
            if let Some(change) = expected.iter_mut().find(|change| change.number == number) {
                change.told = true;
            }
        });
        self.load();
    }

    /// Whether the server has still to tell what became of a change.
    pub(crate) fn is_expecting(self) -> bool {
        self.expected.with_untracked(|expected| !expected.is_empty())
    }

    /// Says why something cannot be done with a task.
    pub(crate) fn alert(self, reason: String) {
        self.toasts.alert(reason);
    }

    /// The change was not made.
    pub(crate) fn give_up(self, number: u32, reason: &str) {
        let found = self.expected.try_update(|expected| {
            let at = expected.iter().position(|change| change.number == number)?;
            Some(expected.remove(at).id)
        });
        if let Some(id) = found.flatten() {
            self.uncheck(id);
            self.toasts.alert((self.words.not_changed)(id.get(), reason));
        }
    }

    /// Compares what was expected with the list that came.
    pub(super) fn compare(self) {
        let told = self.expected.with_untracked(|expected| expected.iter().any(|change| change.told));
        if !told {
            return;
        }
        let missed = self.expected.try_update(|expected| {
            let (told, rest): (Vec<_>, Vec<_>) = std::mem::take(expected).into_iter().partition(|change| change.told);
            *expected = rest;
            let list = self.list.read_untracked();
            let came = |change: &Expected| list.as_ref().is_none_or(|list| list.has(change.id, &change.edit));
            // Where a task was changed again, the change before cannot be told from the list.
            let last = |at: usize, id| told.iter().skip(at + 1).chain(&*expected).all(|later| later.id != id);
            let mut told_last = told.iter().enumerate().filter(|(at, change)| last(*at, change.id));
            told_last.find(|(_, change)| !came(change)).map(|(_, change)| change.id)
        });
        if let Some(id) = missed.flatten() {
            self.uncheck(id);
            self.toasts.alert((self.words.not_changed)(id.get(), self.words.see_answer));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{PageRequest, app::Page};

    /// UI-31: what becomes of a change that is tried again is not taken for the word on a later one.
    #[test]
    fn numbers_are_not_used_again() {
        Owner::new().with(|| {
            let tasks = Page::new(&PageRequest::default()).tasks;
            let first = tasks.expect(1.try_into().unwrap(), Edit::Complete);
            tasks.give_up(first, "No.");
            let second = tasks.expect(2.try_into().unwrap(), Edit::Complete);
            tasks.give_up(first, "No.");
            assert_ne!(first, second);
            assert_eq!(tasks.expected.with_untracked(Vec::len), 1);
        });
    }
}
