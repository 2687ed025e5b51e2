//! A line of text that is edited where it stands.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use crate::{
    browser,
    html::{Element, el},
};

/// A field with a text of `longest` UTF-16 units at most, selected. `done` is called once: with the text on Enter and
/// where the focus goes elsewhere, and with none on Escape.
pub(crate) fn text_field(
    id: String,
    label: &'static str,
    text: String,
    longest: usize,
    done: impl Fn(Option<String>) + Send + Sync + 'static,
) -> Element {
    let is_done = StoredValue::new(false);
    let done = Arc::new(move |text: Option<String>| {
        if is_done.try_update_value(|is_done| std::mem::replace(is_done, true)) == Some(false) {
            done(text);
        }
    });
    let shown = id.clone();
    // As soon as it is shown: the next key is meant for it.
    browser::soon(move || {
        if let Some(field) = browser::by_id::<HtmlInputElement>(&shown) {
            _ = field.focus();
            field.select();
        }
    });
    let field_of = |event: &web_sys::Event| event.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    let blurred = Arc::clone(&done);
    el("input")
        .attr("id", id)
        .class("text-field")
        .attr("dir", "auto")
        .attr("maxlength", longest.to_string())
        .attr("aria-label", label)
        .attr("autocomplete", "off")
        .attr("value", text)
        .on("keydown", move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            match key.key().as_str() {
                // A key that is held down opened the field.
                "Enter" if key.repeat() => event.prevent_default(),
                "Enter" if !key.is_composing() => {
                    event.prevent_default();
                    event.stop_propagation();
                    done(field_of(&event).map(|field| field.value()));
                }
                "Escape" => {
                    event.prevent_default();
                    event.stop_propagation();
                    done(None);
                }
                _ => {}
            }
        })
        .on("blur", move |event| blurred(field_of(&event).map(|field| field.value())))
}
