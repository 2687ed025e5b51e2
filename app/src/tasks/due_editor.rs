//! A small form for the date and time a task is due.

use std::sync::Arc;

use saydo_contract::{Due, TaskId};
use wasm_bindgen::JsCast;
use web_sys::{Element as DomElement, Event, HtmlInputElement, KeyboardEvent};

use super::Edit;
use crate::{
    app::Page,
    browser, dates,
    html::{Element, el},
};

/// Edits when a task is due. `id` names the form's first field, which gets the focus; `close` is called at the end.
pub(crate) fn due_editor(
    page: Page,
    task: TaskId,
    due: Option<Due>,
    id: String,
    close: impl Fn() + Send + Sync + 'static,
) -> Element {
    let words = page.words;
    let close = Arc::new(close);
    let (date, time) = due.map(dates::fields).unwrap_or_default();
    let first = id.clone();
    browser::next_frame(move || browser::focus(&first));
    let change = {
        let close = Arc::clone(&close);
        move |new: Option<Due>| {
            close();
            if new != due {
                page.chat.change(task, Edit::Due(new));
            }
        }
    };
    let field = |kind: &'static str, label: &'static str, value: String| {
        el("input").attr("type", kind).attr("name", kind).attr("aria-label", label).attr("value", value)
    };
    let button = |kind: &'static str, class: &'static str, label: &'static str| {
        el("button").attr("type", kind).class(class).add(label)
    };
    let cancel = {
        let close = Arc::clone(&close);
        move |_| close()
    };
    let remove = {
        let change = change.clone();
        due.map(|_| button("button", "button", words.no_date).on("click", move |_| change(None)))
    };
    el("form")
        .class("due-editor")
        .attr("aria-label", words.due)
        .on("submit", move |event| {
            event.prevent_default();
            let [date, time] = ["date", "time"].map(|name| value(&event, name));
            if let Some(due) = dates::from_fields(&date, &time) {
                change(Some(due));
            }
        })
        .on("keydown", move |event| {
            if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                close();
            }
        })
        .add(field("date", words.date, date).attr("id", id).flag("required"))
        .add(field("time", words.time, time))
        .add(button("submit", "button button-primary", words.set_date))
        .add(remove)
        .add(button("button", "button button-quiet", words.leave).on("click", cancel))
}

fn value(event: &Event, name: &str) -> String {
    let form = event.current_target().and_then(|form| form.dyn_into::<DomElement>().ok());
    let field = form.and_then(|form| form.query_selector(&("[name=".to_owned() + name + "]")).ok().flatten());
    field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()).map(|field| field.value()).unwrap_or_default()
}
