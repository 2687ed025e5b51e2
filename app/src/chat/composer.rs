//! Where the person writes.

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html::Textarea,
    prelude::*,
    task::spawn_local,
};
use saydo_contract::{InvalidText, MessageText};

use super::{Chat, draft_key};
use crate::{
    browser,
    icons::{Icon, icon},
    routes::Router,
    settings::Settings,
    words::{Words, use_words},
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

/// A field that grows with its text, and the button that sends or stops.
#[component]
pub(crate) fn Composer() -> impl IntoView {
    let words = use_words();
    let chat = expect_context::<Chat>();
    let router = expect_context::<Router>();
    let settings = expect_context::<Settings>();
    let field = NodeRef::<Textarea>::new();
    // The field keeps its own text: a person may write before the page reacts. This follows it.
    let text = RwSignal::new(String::new());
    let note = RwSignal::new(Note::None);

    let read = move || {
        let value = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        browser::keep(&draft_key(chat.conversation.get_untracked()), &value);
        note.set(Note::None);
        text.set(value);
    };
    let write = move |value: &str| {
        if let Some(field) = field.get_untracked() {
            field.set_value(value);
        }
        read();
    };
    let send = move || {
        let value = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        if chat.is_busy_untracked() {
            return note.set(Note::Wait);
        }
        match chat.say(&value) {
            Ok(()) => write(""),
            Err(InvalidText::Empty | InvalidText::TooLong { .. }) => {}
            Err(_) => note.set(Note::Refused),
        }
        browser::focus(MESSAGE);
    };
    let on_key = move |event: KeyboardEvent| {
        // 229: a key that an input method took, in browsers that say no more.
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            send();
        }
    };

    // Each conversation has its own draft. What was written before hydration stays.
    Effect::new(move |before: Option<()>| {
        let key = draft_key(chat.conversation.get());
        let written = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        if before.is_some() || written.is_empty() {
            write(&browser::kept(&key).unwrap_or_default());
        } else {
            read();
        }
    });
    Effect::new(move |_| {
        if let Some(words) = chat.suggested.get() {
            chat.suggested.set(None);
            write(&words);
            browser::focus(MESSAGE);
        }
    });
    Effect::new(move |_| {
        if !chat.is_busy() {
            note.set(Note::None);
        }
    });

    let shown = Memo::new(move |_| note.get().words(text.with(|text| excess(text)), words));
    let button = move || {
        if chat.is_busy() {
            view! {
                <button
                    type="button"
                    class="composer-button is-stop"
                    aria-label=words.stop
                    on:click=move |_| spawn_local(chat.stop())
                >
                    {icon(Icon::Stop)}
                </button>
            }
            .into_any()
        } else {
            let idle = move || text.with(|text| text.trim().is_empty() || excess(text) > 0);
            view! {
                <button
                    type="submit"
                    class="composer-button"
                    aria-label=words.send
                    aria-disabled=move || idle().then_some("true")
                >
                    {icon(Icon::Send)}
                </button>
            }
            .into_any()
        }
    };
    view! {
        <form
            class="composer"
            method="post"
            action=move || router.route.get().path()
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                send();
            }
        >
            <div class="composer-box">
                <label class="visually-hidden" for=MESSAGE>{words.message_label}</label>
                // The text's copy gives the box its height.
                <div class="composer-grow" data-text=move || text.get()>
                    <textarea
                        node_ref=field
                        id=MESSAGE
                        name="message"
                        rows="1"
                        placeholder=words.message_placeholder
                        autocomplete="off"
                        enterkeyhint="send"
                        aria-describedby="message-note"
                        aria-invalid=move || shown.with(Option::is_some).then_some("true")
                        on:input=move |_| read()
                        on:keydown=on_key
                    ></textarea>
                </div>
                {button}
            </div>
            <div class="composer-foot">
                <p id="message-note" class="composer-note" class:is-fault=move || shown.with(Option::is_some)>
                    {move || shown.get().unwrap_or_else(|| words.keys_hint.to_owned())}
                </p>
                {move || {
                    settings
                        .offline
                        .get()
                        .then(|| view! { <p class="badge" title=words.offline_mode_hint>{words.offline_mode}</p> })
                }}
            </div>
        </form>
    }
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
