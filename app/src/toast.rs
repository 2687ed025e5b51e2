//! A line above the page that says what just went wrong, or what can be taken back.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    browser,
    chat::MESSAGES,
    html::{Element, el},
    icons::{Icon, icon},
    tasks::TASKS,
    words::Words,
};

/// What is said, one at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Toasts {
    alert: RwSignal<Option<String>>,
    offer: RwSignal<Option<Offer>>,
}

/// Something to take back.
#[derive(Clone)]
struct Offer {
    text: String,
    action: &'static str,
    taken: Arc<dyn Fn() + Send + Sync>,
    dismissed: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Toasts {
    pub(crate) fn new() -> Self {
        Self { alert: RwSignal::new(None), offer: RwSignal::new(None) }
    }

    /// Says what went wrong, to those who listen at once.
    pub(crate) fn alert(self, text: String) {
        self.alert.set(Some(text));
    }

    /// Says what was done and offers to take it back. It stays until one or the other is chosen.
    pub(crate) fn offer(
        self,
        text: String,
        action: &'static str,
        taken: impl Fn() + Send + Sync + 'static,
        dismissed: impl Fn() + Send + Sync + 'static,
    ) {
        self.offer.set(Some(Offer { text, action, taken: Arc::new(taken), dismissed: Arc::new(dismissed) }));
    }

    pub(crate) fn clear(self) {
        self.alert.set(None);
        self.offer.set(None);
    }

    pub(crate) fn withdraw_offer(self) {
        self.offer.set(None);
    }
}

/// Where a toast went that had the focus, whichever pane is in view has it.
fn find_focus() {
    for pane in [MESSAGES, TASKS] {
        if browser::is_focus_lost() {
            browser::focus(pane);
        }
    }
}

/// Where they are shown.
pub(crate) fn toasts(toasts: Toasts, words: &'static Words) -> Element {
    let close = |call: Arc<dyn Fn() + Send + Sync>| {
        el("button")
            .attr("type", "button")
            .class("icon-button")
            .attr("aria-label", words.dismiss)
            .on("click", move |_| call())
            .add(icon(Icon::Close))
    };
    let alert = move || {
        toasts.alert.get().map(|text| {
            el("div")
                .class("toast is-fault")
                .add(icon(Icon::Warning))
                .add(el("p").attr("dir", "auto").add(text))
                .add(close(Arc::new(move || toasts.alert.set(None))))
        })
    };
    let offer = move || {
        toasts.offer.get().map(|Offer { text, action, taken, dismissed }| {
            let take = move |_| {
                toasts.offer.set(None);
                taken();
            };
            let dismiss = move || {
                toasts.offer.set(None);
                dismissed();
            };
            el("div")
                .class("toast")
                .add(el("p").attr("dir", "auto").add(text))
                .add(el("button").attr("type", "button").class("button").on("click", take).add(action))
                .add(close(Arc::new(dismiss)))
        })
    };
    el("div")
        .class("toasts")
        .on("click", |_| browser::next_frame(find_focus))
        .add(el("div").attr("role", "alert").add_fn(alert))
        .add(el("div").attr("role", "status").add_fn(offer))
}
