//! Parts of the page that are hydrated one after the other, each in a task of its own.

use std::{cell::RefCell, collections::VecDeque, time::Duration};

use js_sys::Promise;
use leptos::prelude::set_timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

type Turn = Box<dyn FnOnce()>;

thread_local! {
    /// What waits; `None` while nothing is under way.
    static WAITING: RefCell<Option<VecDeque<Turn>>> = const { RefCell::new(None) };
}

/// Does this in a task of its own, behind all that waits for its turn, but before that where it is said in a turn.
pub(crate) fn in_turn(turn: impl FnOnce() + 'static) {
    fn boxed(turn: Turn) {
        let is_first = WAITING.with_borrow_mut(|waiting| {
            let is_first = waiting.is_none();
            waiting.get_or_insert_default().push_back(turn);
            is_first
        });
        if is_first {
            set_timeout(next, Duration::ZERO);
        }
    }
    boxed(Box::new(turn));
}

fn next() {
    let turn = WAITING.with_borrow_mut(|waiting| {
        let turn = waiting.as_mut().and_then(VecDeque::pop_front);
        if turn.is_none() {
            *waiting = None;
        }
        turn
    });
    let Some(turn) = turn else { return };
    // First, for a turn that fails must not hold up the others.
    set_timeout(next, Duration::ZERO);
    // What comes up in it stands before what waits.
    let mut rest = WAITING.replace(Some(VecDeque::new())).unwrap_or_default();
    turn();
    WAITING.with_borrow_mut(|waiting| waiting.get_or_insert_default().append(&mut rest));
}

/// Waits until all that waits now has had its turn.
pub(crate) async fn hydrated() {
    let turn = Promise::new(&mut |done, _| in_turn(move || _ = done.call0(&JsValue::UNDEFINED)));
    _ = JsFuture::from(turn).await;
}
