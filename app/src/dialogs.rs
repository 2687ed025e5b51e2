//! The page's two dialogs: the sheet of keys and the palette.

mod palette;
mod sheet;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement};

pub(crate) use palette::palette;
pub(crate) use sheet::sheet;

use crate::{
    browser,
    html::{Element, Node, el},
};

/// A dialog of the browser's: it keeps the focus, closes on Escape and gives the focus back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialog {
    id: &'static str,
    /// Its content is made when it opens.
    is_open: RwSignal<bool>,
}

impl Dialog {
    pub(crate) fn new(id: &'static str) -> Self {
        Self { id, is_open: RwSignal::new(false) }
    }

    pub(crate) fn is_open(self) -> bool {
        self.is_open.get_untracked()
    }

    pub(crate) fn open(self) {
        self.is_open.set(true);
        let id = self.id;
        // As soon as its content is there: the next key is meant for it.
        browser::soon(move || {
            if let Some(dialog) = browser::by_id::<HtmlDialogElement>(id)
                && !dialog.open()
            {
                _ = dialog.show_modal();
            }
        });
    }

    pub(crate) fn close(self) {
        if let Some(dialog) = browser::by_id::<HtmlDialogElement>(self.id) {
            dialog.close();
        }
    }

    fn view(self, label: &'static str, content: impl Fn() -> Node + Send + Sync + 'static) -> Element {
        el("dialog")
            .id(self.id)
            .class("dialog")
            .attr("aria-label", label)
            .on("close", move |_| self.is_open.set(false))
            .on("click", move |event| {
                if is_backdrop(&event) {
                    self.close();
                }
            })
            .add_fn(move || self.is_open.get().then(&content))
    }
}

/// The content fills the dialog: a click on the dialog itself is beside it.
fn is_backdrop(event: &Event) -> bool {
    event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok()).is_some()
}
