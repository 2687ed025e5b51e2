//! Where the person writes.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{InvalidText, MessageText};
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::{Chat, draft_key};
use crate::{
    app::Page,
    browser,
    html::{Element, effect, el},
    icons::{Icon, icon},
    words::Words,
};

/// The id of the text field, for links and focus.
pub(crate) const MESSAGE: &str = "message";

/// By how many characters a text is too long for a message.
pub(crate) fn excess(text: &str) -> usize {
    text.trim().chars().count().saturating_sub(MessageText::MAX)
}

/// What the line below the field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    None,
    Wait,
    Refused,
}

impl Note {
    fn words(self, excess: usize, words: &Words) -> Option<String> {
        match self {
            _ if excess > 0 => Some((words.too_long)(excess)),
            Self::None => None,
            Self::Wait => Some(words.wait_for_answer.to_owned()),
            Self::Refused => Some(words.message_refused.to_owned()),
        }
    }
}

/// What is being written.
#[derive(Clone, Copy)]
struct Draft {
    chat: Chat,
    /// The field keeps its own text: a person may write before the page reacts. This follows it.
    text: RwSignal<String>,
    note: RwSignal<Note>,
}

fn written() -> String {
    browser::by_id::<HtmlTextAreaElement>(MESSAGE).map(|field| field.value()).unwrap_or_default()
}

impl Draft {
    fn key(self) -> String {
        draft_key(self.chat.conversation.get_untracked())
    }

    /// Takes what the field holds.
    fn read(self) {
        let text = written();
        browser::keep(&self.key(), &text);
        self.note.set(Note::None);
        self.text.set(text);
    }

    fn write(self, text: &str) {
        if let Some(field) = browser::by_id::<HtmlTextAreaElement>(MESSAGE) {
            field.set_value(text);
        }
        self.read();
    }

    fn send(self) {
        if untrack(|| self.chat.is_busy()) {
            return self.note.set(Note::Wait);
        }
        match self.chat.say(&written()) {
            Ok(()) => self.write(""),
            Err(InvalidText::Empty | InvalidText::TooLong { .. }) => {}
            Err(_) => self.note.set(Note::Refused),
        }
        browser::focus(MESSAGE);
    }

    fn key_down(self, event: &KeyboardEvent) {
        // 229: a key that an input method took, in browsers that say no more.
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            self.send();
        }
    }

    /// Each conversation has its own draft. What was written before hydration stays.
    fn follow(self) {
        let chat = self.chat;
        let begun = StoredValue::new(false);
        effect(move || {
            let kept = browser::kept(&draft_key(chat.conversation.get()));
            if begun.get_value() || written().is_empty() {
                self.write(&kept.unwrap_or_default());
            } else {
                self.read();
            }
            begun.set_value(true);
        });
        effect(move || {
            if let Some(words) = chat.suggested.get() {
                chat.suggested.set(None);
                self.write(&words);
                browser::focus(MESSAGE);
            }
        });
        effect(move || {
            if !chat.is_busy() {
                self.note.set(Note::None);
            }
        });
    }
}

/// A field that grows with its text, and the button that sends or stops.
pub(crate) fn composer(page: Page) -> Element {
    let Page { words, chat, router, settings, .. } = page;
    let draft = Draft { chat, text: RwSignal::new(String::new()), note: RwSignal::new(Note::None) };
    draft.follow();
    let text = draft.text;
    let shown = Memo::new(move |_| draft.note.get().words(text.with(|text| excess(text)), words));
    let field = el("textarea")
        .id(MESSAGE)
        .attr("name", "message")
        .attr("rows", "1")
        .attr("placeholder", words.message_placeholder)
        .attr("autocomplete", "off")
        .attr("enterkeyhint", "send")
        .attr("aria-describedby", "message-note")
        .attr_fn("aria-invalid", move || shown.with(Option::is_some).then_some("true"))
        .on("input", move |_| draft.read())
        .on("keydown", move |event| draft.key_down(event.unchecked_ref()));
    // The text's copy gives the box its height.
    let grow = el("div").class("composer-grow").attr_fn("data-text", move || Some(text.get())).add(field);
    let is_busy = Memo::new(move |_| chat.is_busy());
    let button = move || if is_busy.get() { stop_button(page) } else { send_button(page, text) };
    let note = el("p")
        .id("message-note")
        .attr_fn("class", move || {
            Some(if shown.with(Option::is_some) { "composer-note is-fault" } else { "composer-note" })
        })
        .add_fn(move || shown.get().unwrap_or_else(|| words.keys_hint.to_owned()));
    let mode = move || {
        let badge = || el("p").class("badge").attr("title", words.offline_mode_hint).add(words.offline_mode);
        settings.offline.get().then(badge)
    };
    el("form")
        .class("composer")
        .attr("method", "post")
        .attr_fn("action", move || Some(router.route.get().path()))
        .on("submit", move |event| {
            event.prevent_default();
            draft.send();
        })
        .add(
            el("div")
                .class("composer-box")
                .add(el("label").class("visually-hidden").attr("for", MESSAGE).add(words.message_label))
                .add(grow)
                .add_fn(button),
        )
        .add(el("div").class("composer-foot").add(note).add_fn(mode))
}

fn stop_button(page: Page) -> Element {
    el("button")
        .attr("type", "button")
        .class("composer-button is-stop")
        .attr("aria-label", page.words.stop)
        .on("click", move |_| spawn_local(page.chat.stop()))
        .add(icon(Icon::Stop))
}

fn send_button(page: Page, text: RwSignal<String>) -> Element {
    let idle = move || text.with(|text| text.trim().is_empty() || excess(text) > 0);
    el("button")
        .attr("type", "submit")
        .class("composer-button")
        .attr("aria-label", page.words.send)
        .attr_fn("aria-disabled", move || idle().then_some("true"))
        .add(icon(Icon::Send))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ENGLISH;

    /// UI-18: 1 to 8,000 characters after trimming; the page says how many are too many.
    #[test]
    fn a_message_has_its_limit() {
        assert_eq!("  ".parse::<MessageText>(), Err(InvalidText::Empty));
        let fits = "é".repeat(8000) + "  \n";
        assert!(fits.parse::<MessageText>().is_ok());
        assert_eq!(excess(&fits), 0);
        assert_eq!(Note::None.words(0, &ENGLISH), None);
        for (over, said) in [(1, "1 character too long"), (25, "25 characters too long")] {
            let long = "é".repeat(8000 + over);
            assert!(long.parse::<MessageText>().is_err());
            assert_eq!(Note::Wait.words(excess(&long), &ENGLISH).as_deref(), Some(said));
        }
    }
}
