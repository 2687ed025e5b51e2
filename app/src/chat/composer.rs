//! Where the person writes.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{ConversationId, InvalidText, MessageText};
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::{
    Chat, Phase,
    completion::{Completion, byte_at, complete},
    dictation::{Dictation, dictation_button},
    draft_key,
};
use crate::{
    app::Page,
    browser,
    html::{Element, Node, effect, el},
    icons::{Icon, icon},
    routes::Router,
    session::{Session, kept},
    task_number::number,
    tasks::Tasks,
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
    Refused,
    Unheard,
    /// There is no conversation to send it to.
    Missing,
    Unloaded,
}

impl Note {
    fn words(self, excess: usize, words: &Words) -> Option<String> {
        match self {
            _ if excess > 0 => Some((words.too_long)(excess)),
            Self::None => None,
            Self::Refused => Some(words.message_refused.to_owned()),
            Self::Unheard => Some(words.dictation_failed.to_owned()),
            Self::Missing => Some(words.conversation_missing.to_owned()),
            Self::Unloaded => Some(words.messages_failed.to_owned()),
        }
    }

    /// Whether the fault is in what is written.
    fn is_of_text(self, excess: usize) -> bool {
        excess > 0 || self == Self::Refused
    }
}

/// What is being written.
#[derive(Clone, Copy)]
struct Draft {
    chat: Chat,
    session: Session,
    tasks: Tasks,
    words: &'static Words,
    completion: RwSignal<Option<Completion>>,
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
        // What comes late finds no field any more, and nobody's draft.
        let Some(field) = browser::by_id::<HtmlTextAreaElement>(MESSAGE) else { return };
        let text = field.value();
        kept::keep(&self.key(), &text);
        self.note.set(Note::None);
        self.text.set(text);
        if self.completion.with_untracked(Option::is_some) {
            self.completion.set(None);
        }
    }

    /// Suggests what may follow.
    fn suggest(self) {
        let Some(field) = browser::by_id::<HtmlTextAreaElement>(MESSAGE) else { return };
        let text = field.value();
        let caret = field.selection_end().ok().flatten().unwrap_or_default() as usize;
        let before = text.get(..byte_at(&text, caret)).unwrap_or_default();
        let found = self.tasks.shown.with_untracked(|list| {
            let tasks = list.as_ref().map(|list| list.tasks.as_slice()).unwrap_or_default();
            complete(before, tasks, self.words)
        });
        if found.is_some() || self.completion.with_untracked(Option::is_some) {
            self.completion.set(found);
        }
    }

    /// Puts a suggestion in place of what was typed.
    fn accept(self, at: usize) {
        let Some(field) = browser::by_id::<HtmlTextAreaElement>(MESSAGE) else { return };
        let Some(completion) = self.completion.get_untracked() else { return };
        let Some(item) = completion.items.get(at) else { return };
        let mut text = field.value();
        let caret = byte_at(&text, field.selection_end().ok().flatten().unwrap_or_default() as usize);
        if completion.start > caret {
            return;
        }
        text.replace_range(completion.start..caret, &item.insert);
        let head = text.get(..completion.start + item.insert.len()).unwrap_or_default();
        let units = u32::try_from(head.encode_utf16().count()).unwrap_or_default();
        self.write(&text);
        _ = field.focus();
        _ = field.set_selection_range(units, units);
    }

    /// What a key does to the suggestions; whether it did something.
    fn key_in_suggestions(self, key: &str) -> bool {
        let Some((count, active, is_whole)) = self.completion.with_untracked(|found| {
            found.as_ref().map(|found| (found.items.len(), found.active, found.is_whole && found.active == 0))
        }) else {
            return false;
        };
        let go = |to| {
            self.completion.update(|found| {
                if let Some(found) = found {
                    found.active = to;
                }
            });
            browser::next_frame(move || browser::show(&suggestion_id(to)));
        };
        match key {
            "ArrowDown" => go((active + 1) % count),
            "ArrowUp" => go((active + count - 1) % count),
            "Enter" if !is_whole => self.accept(active),
            "Tab" => self.accept(active),
            "Escape" => self.completion.set(None),
            key => {
                // The caret goes elsewhere.
                if matches!(key, "ArrowLeft" | "ArrowRight" | "Home" | "End" | "Enter") {
                    self.completion.set(None);
                }
                return false;
            }
        }
        true
    }

    fn write(self, text: &str) {
        if let Some(field) = browser::by_id::<HtmlTextAreaElement>(MESSAGE) {
            field.set_value(text);
        }
        self.read();
    }

    /// Puts what was heard behind what is written.
    fn hear(self, heard: &str) {
        let typed = written();
        let gap = if typed.is_empty() || typed.ends_with(char::is_whitespace) { "" } else { " " };
        self.write(&(typed + gap + heard));
    }

    /// Sends what was written where there is no conversation, in a new chat.
    fn send_in_new_chat(self, router: Router) {
        let text = written();
        self.write("");
        router.go("/");
        browser::soon(move || {
            if self.chat.say(&text).is_err() {
                self.chat.suggested.set(Some(text));
            }
        });
    }

    fn send(self) {
        match self.chat.phase.get_untracked() {
            Phase::Missing => return self.note.set(Note::Missing),
            // Without a network it waits until the conversation can be loaded.
            Phase::Failed(_) if !self.session.network.away.get_untracked() => return self.note.set(Note::Unloaded),
            _ => {}
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
        if event.is_composing() || event.key_code() == 229 || event.shift_key() {
            return;
        }
        let key = event.key();
        // A key that is held down sends nothing that it just completed.
        if event.repeat() && key == "Enter" {
            return event.prevent_default();
        }
        if self.key_in_suggestions(&key) {
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        match key.as_str() {
            "Enter" => self.send(),
            "ArrowUp" if written().is_empty() => match self.chat.last_said() {
                Some(said) => self.write(&said),
                None => return,
            },
            _ => return,
        }
        event.prevent_default();
    }

    /// Each conversation of each person has its own draft. What was written before hydration, or before it was known
    /// who writes, stays.
    fn follow(self, words: &'static Words) {
        let chat = self.chat;
        let last = StoredValue::new(None::<(Option<String>, Option<ConversationId>)>);
        effect(move || {
            self.session.account.track();
            let now = (kept::owner(), chat.conversation.get());
            let before = last.try_update_value(|last| last.replace(now.clone())).flatten();
            match before {
                Some(before) if before == now => {}
                Some((None, conversation)) if conversation == now.1 => self.read(),
                None if !written().is_empty() => self.read(),
                _ => self.write(&kept::kept(&draft_key(now.1)).unwrap_or_default()),
            }
        });
        effect(move || {
            if let Some(suggested) = chat.suggested.get() {
                chat.suggested.set(None);
                let typed = written();
                let is_typed = !typed.trim().is_empty() && words.prompts.iter().all(|(_, message)| *message != typed);
                self.write(&if is_typed { typed + "\n" + &suggested } else { suggested });
                browser::focus(MESSAGE);
            }
        });
    }
}

/// A field that grows with its text, and the button that sends or stops.
pub(crate) fn composer(page: Page) -> Element {
    let Page { words, chat, session, router, settings, .. } = page;
    let draft = Draft {
        chat,
        session,
        tasks: page.tasks,
        words,
        completion: RwSignal::new(None),
        text: RwSignal::new(String::new()),
        note: RwSignal::new(Note::None),
    };
    draft.follow(words);
    let text = draft.text;
    let shown = Memo::new(move |_| draft.note.get().words(text.with(|text| excess(text)), words));
    let is_invalid = Memo::new(move |_| draft.note.get().is_of_text(text.with(|text| excess(text))));
    let field = el("textarea")
        .id(MESSAGE)
        .attr("name", "message")
        .attr("rows", "1")
        .attr("placeholder", words.message_placeholder)
        .attr("autocomplete", "off")
        .attr("enterkeyhint", "send")
        .attr("aria-describedby", "message-note")
        // The words before the first are the page's own.
        .attr_fn("dir", move || text.with(|text| !text.is_empty()).then_some("auto"))
        .attr_fn("aria-invalid", move || is_invalid.get().then_some("true"))
        .attr("aria-autocomplete", "list")
        .attr("aria-haspopup", "listbox")
        .attr("aria-controls", SUGGESTIONS)
        .attr_fn("aria-activedescendant", move || {
            draft.completion.with(|found| found.as_ref().map(|found| suggestion_id(found.active)))
        })
        .on("input", move |_| {
            draft.read();
            draft.suggest();
        })
        .on("blur", move |_| {
            // A field that is taken away loses the focus too, after its signals.
            if draft.completion.try_with_untracked(Option::is_some) == Some(true) {
                draft.completion.set(None);
            }
        })
        .on("keydown", move |event| draft.key_down(event.unchecked_ref()));
    // The text's copy gives the box its height.
    let grow = el("div").class("composer-grow").attr_fn("data-text", move || Some(text.get())).add(field);
    // What is written meanwhile can be sent, and waits.
    let stops = Memo::new(move |_| chat.is_busy() && text.with(|text| text.trim().is_empty()));
    let button = move || if stops.get() { stop_button(page) } else { send_button(page, text) };
    let dictation = Dictation::new();
    let dictate = move || {
        dictation_button(dictation, words, move |heard| draft.hear(heard), move || draft.note.set(Note::Unheard))
    };
    let note = el("p")
        .id("message-note")
        .attr_fn("class", move || {
            Some(if shown.with(Option::is_some) { "composer-note is-fault" } else { "composer-note" })
        })
        .add_fn(move || shown.get().unwrap_or_else(|| words.keys_hint.to_owned()));
    let elsewhere = move || {
        (draft.note.get() == Note::Missing).then(|| {
            let send = move |_| draft.send_in_new_chat(router);
            el("button").attr("type", "button").class("button").on("click", send).add(words.send_in_new_chat)
        })
    };
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
                .add(suggestions(draft))
                .add(el("label").class("visually-hidden").attr("for", MESSAGE).add(words.message_label))
                .add(grow)
                .add_fn(dictate)
                .add_fn(button),
        )
        .add(el("div").class("composer-foot").add(note).add_fn(elsewhere).add_fn(mode))
}

/// The suggestions, above the field that keeps the focus.
fn suggestions(draft: Draft) -> Node {
    let words = draft.words;
    let is_open = Memo::new(move |_| draft.completion.with(Option::is_some));
    let count = move || {
        let count = draft.completion.with(|found| found.as_ref().map(|found| found.items.len()));
        count.map(words.suggested)
    };
    let options = move || {
        let found = draft.completion.get();
        let active = found.as_ref().map(|found| found.active);
        let options = found.into_iter().flat_map(|found| found.items).enumerate().map(move |(at, item)| {
            el("li")
                .attr("id", suggestion_id(at))
                .attr("role", "option")
                .attr("aria-selected", if active == Some(at) { "true" } else { "false" })
                // The focus stays in the field.
                .on("mousedown", move |event| {
                    event.prevent_default();
                    draft.accept(at);
                })
                .add(el("bdi").add(item.label))
                .add(" ")
                .add(hint(item.hint))
        });
        Node::all(options)
    };
    let list = el("ul")
        .id(SUGGESTIONS)
        .class("suggestions")
        // It may scroll. Tab takes a suggestion before it leads here.
        .attr("tabindex", "0")
        .attr("role", "listbox")
        .attr("aria-label", words.suggestions)
        .attr_fn("hidden", move || (!is_open.get()).then_some(""))
        .add_fn(options);
    Node::all([el("div").class("visually-hidden").attr("role", "status").add_fn(count), list])
}

/// A number or what a command does.
fn hint(text: String) -> Element {
    if text.starts_with('#') { number(text) } else { el("span").class("quiet").add(text) }
}

const SUGGESTIONS: &str = "suggestions";

fn suggestion_id(at: usize) -> String {
    "suggestion-".to_owned() + &at.to_string()
}

/// Where one takes the other's place it takes the focus too.
const BUTTON: &str = "send";

fn stop_button(page: Page) -> Element {
    el("button")
        .attr("type", "button")
        .id(BUTTON)
        .class("composer-button is-stop")
        .attr("aria-label", page.words.stop)
        .on("click", move |_| spawn_local(page.chat.stop()))
        .add(icon(Icon::Stop))
}

fn send_button(page: Page, text: RwSignal<String>) -> Element {
    let idle = move || text.with(|text| text.trim().is_empty() || excess(text) > 0);
    el("button")
        .attr("type", "submit")
        .id(BUTTON)
        .class("composer-button")
        .attr("aria-label", page.words.send)
        .attr_fn("disabled", move || page.too_early())
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
            assert_eq!(Note::None.words(excess(&long), &ENGLISH).as_deref(), Some(said));
            assert!(Note::None.is_of_text(excess(&long)));
        }
        assert!(!Note::None.is_of_text(0) && !Note::Unheard.is_of_text(0) && Note::Refused.is_of_text(0));
    }
}
