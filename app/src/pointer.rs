//! A guard over clicks: a second click never acts on what moved under the pointer.
//!
//! When a row goes, an answer comes or a menu closes, another button lies where the pointer rests. The second click of a
//! double click would press it. The guard listens before everything else and drops such a click.

use std::cell::{Cell, RefCell};

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, PointerEvent};

use crate::{browser, html::effect};

/// What can be pressed.
const BUTTONS: &str = "button, a, summary, [role=option], .task-check";
/// What changes a task, a conversation or the answer to a question at one click.
const ACTS: &str = ".task-check, .task-delete, .conversation-delete, .receipt-undo, .receipt-split, .card button, .next button, .toast button";
/// What deletes without a question.
const DELETES: &str = ".task-delete, .conversation-delete";

/// A hand at rest moves by less, in CSS pixels.
const REST: i32 = 4;
/// For so long after a click, a button that came under the pointer does nothing.
const GUARDED_MS: f64 = 2_000.0;
/// For so long after a deletion no delete button lies under a pointer that rests, or under a finger.
const MOUSE_GUARD_MS: u64 = 5_000;
const TOUCH_GUARD_MS: u64 = 1_000;

/// The attribute of the page's root while a delete button may have moved under the pointer.
const DELETE_GUARD: &str = "data-delete-guard";

/// The last click that was let through.
struct Click {
    x: i32,
    y: i32,
    at: f64,
    on: Element,
}

impl Click {
    fn is_near(&self, event: &PointerEvent) -> bool {
        (event.client_x() - self.x).abs() <= REST && (event.client_y() - self.y).abs() <= REST
    }
}

thread_local! {
    static LAST: RefCell<Option<Click>> = const { RefCell::new(None) };
    /// Counts the deletions: only the timer of the last one ends the guard.
    static DELETIONS: Cell<u32> = const { Cell::new(0) };
}

/// A click at the place of the one before.
#[derive(Debug, Clone, Copy)]
struct SecondClick {
    /// The browser counts both as a double click.
    is_double: bool,
    /// Both are on the same button.
    is_same: bool,
    /// The button changes something at once.
    acts: bool,
    /// The button deletes, and the pointer rests since something was deleted.
    deletes_at_rest: bool,
    after_ms: f64,
}

impl SecondClick {
    fn is_dropped(self) -> bool {
        if self.is_same {
            return self.is_double && self.acts;
        }
        self.is_double || self.deletes_at_rest || (self.acts && self.after_ms < GUARDED_MS)
    }
}

/// Starts the guard.
pub(crate) fn guard_clicks() {
    effect(|| {
        browser::capture("click", on_click);
        browser::capture("pointermove", |event| {
            if !LAST.with_borrow(|last| last.as_ref().is_some_and(|last| last.is_near(event.unchecked_ref()))) {
                end_delete_guard();
            }
        });
        // After a key the next click is meant: it is not the second of a double click.
        browser::capture("keydown", |_| {
            LAST.set(None);
            end_delete_guard();
        });
    });
}

fn on_click(event: &Event) {
    let click: &PointerEvent = event.unchecked_ref();
    // A key or the page itself pressed it.
    if click.detail() == 0 {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(on) = target.and_then(|target| target.closest(BUTTONS).ok().flatten()) else { return };
    let is = |selector: &str| on.matches(selector) == Ok(true);
    let is_dropped = LAST.with_borrow(|last| {
        last.as_ref().filter(|last| last.is_near(click)).is_some_and(|last| {
            let second = SecondClick {
                is_double: click.detail() > 1,
                is_same: last.on == on,
                acts: is(ACTS),
                deletes_at_rest: is(DELETES) && browser::has_root(DELETE_GUARD),
                after_ms: browser::now() - last.at,
            };
            second.is_dropped()
        })
    });
    if is_dropped {
        event.prevent_default();
        event.stop_immediate_propagation();
        return;
    }
    if is(DELETES) {
        start_delete_guard(if click.pointer_type() == "touch" { TOUCH_GUARD_MS } else { MOUSE_GUARD_MS });
    }
    LAST.set(Some(Click { x: click.client_x(), y: click.client_y(), at: browser::now(), on }));
}

fn start_delete_guard(milliseconds: u64) {
    let number = DELETIONS.get().wrapping_add(1);
    DELETIONS.set(number);
    browser::set_root(DELETE_GUARD, "");
    browser::after(milliseconds, move || {
        if DELETIONS.get() == number {
            end_delete_guard();
        }
    });
}

fn end_delete_guard() {
    if browser::has_root(DELETE_GUARD) {
        browser::remove_root(DELETE_GUARD);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UI-80, UI-80c: the second click of a double click, and one on a button that moved under the pointer, do nothing.
    #[test]
    fn second_clicks_are_dropped() {
        let second =
            SecondClick { is_double: false, is_same: true, acts: true, deletes_at_rest: false, after_ms: 100.0 };
        assert!(!second.is_dropped(), "a second click on the same check takes it back");
        assert!(SecondClick { is_double: true, ..second }.is_dropped());
        assert!(!SecondClick { is_double: true, acts: false, ..second }.is_dropped(), "a toggle may be pressed twice");
        let other = SecondClick { is_same: false, ..second };
        assert!(other.is_dropped());
        assert!(!SecondClick { after_ms: 2_500.0, ..other }.is_dropped());
        assert!(SecondClick { after_ms: 2_500.0, deletes_at_rest: true, ..other }.is_dropped());
        assert!(SecondClick { is_double: true, acts: false, ..other }.is_dropped());
        assert!(!SecondClick { acts: false, ..other }.is_dropped());
    }
}
