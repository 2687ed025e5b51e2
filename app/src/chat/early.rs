//! The latest messages in the HTML: they are read before the script is there, until the page has loaded its own.

use std::sync::Arc;

use leptos::prelude::use_context;

use super::plain::early_messages;
use crate::{
    app::Page,
    browser,
    html::{Element, Node, el},
    shell::PageRequest,
};

/// Where they are.
pub(super) const EARLY: &str = "section.early";

/// What the server knows of the conversation in the address. It is put into Leptos' context before rendering.
#[derive(Clone)]
pub struct EarlyMessages(Arc<dyn Fn(Page) -> Node + Send + Sync>);

impl std::fmt::Debug for EarlyMessages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EarlyMessages")
    }
}

impl EarlyMessages {
    /// Those of a reply of the API to `GET …/messages`.
    #[must_use]
    pub fn of_reply(json: String) -> Self {
        // Made here, and not where it is shown: the browser needs no code for it.
        Self(Arc::new(move |page| early_messages(&json, page)))
    }
}

/// What the server wrote of them, or writes now. Nothing in it can be used yet.
///
/// The service worker keeps no page with it: it cuts out what begins with `<section class="early"`, up to the first end
/// of a section.
pub(super) fn early(page: Page) -> Option<Element> {
    let section = el("section").class("early").flag("inert");
    if let Some(EarlyMessages(messages)) = use_context() {
        return Some(section.add(messages(page)));
    }
    let is_server = use_context::<PageRequest>().is_some();
    (!is_server && browser::exists(EARLY)).then_some(section)
}
