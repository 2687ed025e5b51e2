//! Moving among the rows of the pane by keyboard. One of them is reached by Tab, the others by the arrows.

use saydo_contract::TaskId;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use crate::browser;

/// The pane's part that scrolls.
pub(crate) const LIST: &str = "task-list";

/// What has the focus of a row.
pub(super) const CHECK: &str = ".task-check";
/// What in a row can be tabbed to, once the row has the focus.
const CONTROLS: &str = "input, button, select";

/// The id of a row's box to check.
pub(super) fn row_id(id: TaskId) -> String {
    "task-".to_owned() + &id.to_string()
}

fn all(parent: &Element, selector: &str) -> Vec<HtmlElement> {
    let found = parent.query_selector_all(selector).ok();
    let items = found.iter().flat_map(|found| (0..found.length()).filter_map(|at| found.item(at)));
    items.filter_map(|node| node.dyn_into().ok()).collect()
}

/// The boxes of the rows that are in view, in order.
fn boxes() -> Vec<HtmlElement> {
    let list = browser::by_id::<Element>(LIST);
    list.map(|list| all(&list, "section.group .task-check, details[open] .task-check")).unwrap_or_default()
}

fn row_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(".task").ok().flatten()
}

fn set_tab_stop(row: &Element, index: i32) {
    all(row, CONTROLS).iter().for_each(|control| control.set_tab_index(index));
}

/// The row that got the focus is the one that Tab reaches from now on.
pub(super) fn focused(event: &Event) {
    let (Some(row), Some(list)) = (row_of(event), browser::by_id::<Element>(LIST)) else { return };
    for stop in all(&list, ".task-check[tabindex=\"0\"]") {
        if let Ok(Some(other)) = stop.closest(".task")
            && other != row
        {
            set_tab_stop(&other, -1);
        }
    }
    set_tab_stop(&row, 0);
}

/// Tab reaches some row.
pub(super) fn keep_tab_stop() {
    let boxes = boxes();
    if boxes.iter().all(|check| check.tab_index() != 0)
        && let Some(Ok(Some(row))) = boxes.first().map(|check| check.closest(".task"))
    {
        set_tab_stop(&row, 0);
    }
}

/// Moves the focus into the list: to the row that had it last.
pub(crate) fn enter() {
    keep_tab_stop();
    let boxes = boxes();
    match boxes.iter().find(|check| check.tab_index() == 0) {
        Some(check) => _ = check.focus(),
        None => browser::focus(LIST),
    }
}

/// Before a row goes from where it is, finds the row that has the focus afterwards.
pub(super) fn leave(id: TaskId) {
    // Those that were just checked are about to go themselves.
    let stays = |check: &HtmlElement| check.id() != row_id(id) && check.closest(".is-staying").ok().flatten().is_some();
    let mut boxes = boxes();
    boxes.retain(|check| !stays(check));
    let at = boxes.iter().position(|check| check.id() == row_id(id)).unwrap_or_default();
    let next = boxes.get(at + 1).or_else(|| boxes.get(at.checked_sub(1)?)).map(|check| check.id());
    browser::next_frame(move || browser::focus(next.as_deref().unwrap_or(LIST)));
}

/// Moves the focus back to a row, once it is shown as it is now, unless the person went elsewhere.
pub(super) fn back_to(id: TaskId) {
    browser::next_frame(move || browser::focus_if_lost(&row_id(id)));
}

/// Arrows move, Enter edits, Delete deletes. Space checks by itself.
pub(super) fn key_down(event: &KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let Some(target) = target.filter(|target| target.matches(CHECK) == Ok(true)) else { return };
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    // A key that is held down acts on one row.
    if event.repeat() && matches!(event.key().as_str(), "Enter" | "Delete" | "Backspace") {
        return event.prevent_default();
    }
    let press = |selector: &str| {
        let row = target.closest(".task").ok().flatten();
        if let Some(button) = row.and_then(|row| all(&row, selector).into_iter().next()) {
            button.click();
        }
    };
    let boxes = boxes();
    let at = boxes.iter().position(|check| *check == target).unwrap_or_default();
    let to = match event.key().as_str() {
        "ArrowDown" => at + 1,
        "ArrowUp" => at.saturating_sub(1),
        "Home" => 0,
        "End" => boxes.len().saturating_sub(1),
        "Enter" => {
            event.prevent_default();
            return press(".task-name");
        }
        "Delete" | "Backspace" => {
            event.prevent_default();
            return press(".task-delete");
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(check) = boxes.get(to) {
        _ = check.focus();
    }
}
