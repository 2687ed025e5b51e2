//! Toasts: lines between the messages and the composer that say what went wrong, what was done, or what can be taken
//! back. Each leaves after six seconds or with the next action.

use std::cell::RefCell;

use leptos::prelude::*;

use crate::{
    browser,
    chat::MESSAGES,
    html::{Element, el},
    icons::{Icon, icon},
    tasks::TASKS,
    words::Words,
};

/// So long a toast is shown.
const SHOWN_MS: u64 = 6_000;
/// A toast that the person may still be reading: the pointer is over it, or the focus is in it.
const READ: &str = ".toast:hover, .toast:focus-within";

/// What is said, one of each kind at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Toasts {
    alert: RwSignal<Option<String>>,
    /// Something that was done. What it offers is kept beside it: another type of signal would cost kilobytes.
    note: RwSignal<Option<String>>,
    /// Count the toasts of each kind: only the timer of its last one counts.
    alerts: StoredValue<u32>,
    notes: StoredValue<u32>,
}

/// Which of the two toasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Alert,
    Note,
}

/// Something to take back.
struct Offer {
    action: &'static str,
    taken: Box<dyn Fn()>,
    dismissed: Box<dyn Fn()>,
}

thread_local! {
    static OFFER: RefCell<Option<Offer>> = const { RefCell::new(None) };
}

impl Toasts {
    pub(crate) fn new() -> Self {
        Self {
            alert: RwSignal::new(None),
            note: RwSignal::new(None),
            alerts: StoredValue::new(0),
            notes: StoredValue::new(0),
        }
    }

    /// Says what went wrong, to those who listen at once.
    pub(crate) fn alert(self, text: String) {
        self.alert.set(Some(text));
        self.start_timer(Kind::Alert);
    }

    /// Says what was done.
    pub(crate) fn note(self, text: String) {
        self.leave();
        self.note.set(Some(text));
        self.start_timer(Kind::Note);
    }

    /// Says what was done and offers to take it back. `dismissed` is called when that can no longer be done here.
    pub(crate) fn offer(
        self,
        text: String,
        action: &'static str,
        taken: impl Fn() + 'static,
        dismissed: impl Fn() + 'static,
    ) {
        self.leave();
        OFFER.set(Some(Offer { action, taken: Box::new(taken), dismissed: Box::new(dismissed) }));
        self.note.set(Some(text));
        self.start_timer(Kind::Note);
    }

    fn start_timer(self, kind: Kind) {
        let counter = self.counter(kind);
        let number = counter.get_value().wrapping_add(1);
        counter.set_value(number);
        self.leave_later(kind, number);
    }

    fn counter(self, kind: Kind) -> StoredValue<u32> {
        match kind {
            Kind::Alert => self.alerts,
            Kind::Note => self.notes,
        }
    }

    /// Nothing leaves while a toast is read: it would move.
    fn leave_later(self, kind: Kind, number: u32) {
        let leave = move || match self.counter(kind).try_get_value() {
            Some(now) if now != number => {}
            Some(_) if browser::exists(READ) => self.leave_later(kind, number),
            Some(_) if kind == Kind::Alert => self.leave_alert(),
            Some(_) => self.leave_note(),
            None => {}
        };
        browser::after(SHOWN_MS, leave);
    }

    /// Takes back what the toast offers. Whether it offered something.
    pub(crate) fn take_offer(self) -> bool {
        let Some(offer) = OFFER.take() else { return false };
        self.note.set(None);
        (offer.taken)();
        true
    }

    /// The next action ends what was said.
    pub(crate) fn leave(self) {
        self.leave_alert();
        self.leave_note();
    }

    fn leave_alert(self) {
        empty(self.alert);
    }

    fn leave_note(self) {
        let offer = OFFER.take();
        empty(self.note);
        if let Some(offer) = offer {
            (offer.dismissed)();
        }
    }

    /// Forgets what was said, whatever it offers.
    pub(crate) fn clear(self) {
        OFFER.set(None);
        self.alert.set(None);
        self.note.set(None);
    }

    #[cfg(test)]
    pub(crate) fn alert_text(self) -> Option<String> {
        self.alert.get_untracked()
    }

    pub(crate) fn withdraw_offer(self) {
        if OFFER.take().is_some() {
            self.note.set(None);
        }
    }
}

/// Empties a toast; nothing follows where it was empty, or where the page is gone.
fn empty(said: RwSignal<Option<String>>) {
    if said.try_get_untracked().flatten().is_some() {
        said.set(None);
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
    let close = move |call: fn(Toasts)| {
        el("button")
            .attr("type", "button")
            .class("icon-button")
            .attr("aria-label", words.dismiss)
            .on("click", move |_| call(toasts))
            .add(icon(Icon::Close))
    };
    let alert = move || {
        toasts.alert.get().map(|text| {
            el("div")
                .class("toast is-fault")
                .add(icon(Icon::Warning))
                .add(el("p").attr("dir", "auto").add(text))
                .add(close(|toasts| toasts.alert.set(None)))
        })
    };
    let note = move || {
        toasts.note.get().map(|text| {
            let action = OFFER.with_borrow(|offer| offer.as_ref().map(|offer| offer.action));
            let take = action.map(|action| {
                let button = el("button").attr("type", "button").class("button");
                button.on("click", move |_| _ = toasts.take_offer()).add(action)
            });
            el("div").class("toast").add(el("p").attr("dir", "auto").add(text)).add(take).add(close(Toasts::leave))
        })
    };
    el("div")
        .class("toasts")
        .on("click", |_| browser::next_frame(find_focus))
        .add(el("div").attr("role", "alert").add_fn(alert))
        .add(el("div").attr("role", "status").add_fn(note))
}
