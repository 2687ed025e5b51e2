//! The messages, and staying at their end while more come.

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::ResizeObserver;

use super::{
    Chat, Older, Phase,
    start::Start,
    steps::{Progress, TurnView},
};
use crate::{
    icons::{Icon, icon},
    session::Session,
    words::{Words, use_words},
};

/// So near to the end, in CSS pixels, the view moves along.
const NEAR: i32 = 80;

/// Where the person is in the messages.
#[derive(Debug, Clone, Copy)]
struct Place {
    scroller: NodeRef<html::Div>,
    content: NodeRef<html::Div>,
    at_end: RwSignal<bool>,
    /// Something came while the person read further up.
    unseen: RwSignal<bool>,
    /// The distance to the end that is kept while earlier messages are put in front.
    held: StoredValue<Option<i32>>,
}

impl Place {
    fn new() -> Self {
        Self {
            scroller: NodeRef::new(),
            content: NodeRef::new(),
            at_end: RwSignal::new(true),
            unseen: RwSignal::new(false),
            held: StoredValue::new(None),
        }
    }

    fn to_end(self) {
        self.unseen.set(false);
        self.at_end.set(true);
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    }

    fn scrolled(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let at_end = scroller.scroll_height() - scroller.scroll_top() - scroller.client_height() < NEAR;
        if self.at_end.get_untracked() != at_end {
            self.at_end.set(at_end);
        }
        if at_end && self.unseen.get_untracked() {
            self.unseen.set(false);
        }
    }

    fn hold(self) {
        let distance = self.scroller.get_untracked().map(|scroller| scroller.scroll_height() - scroller.scroll_top());
        self.held.set_value(distance);
    }

    fn resized(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        if let Some(distance) = self.held.try_update_value(Option::take).flatten() {
            scroller.set_scroll_top(scroller.scroll_height() - distance);
        } else if self.at_end.get_untracked() {
            scroller.set_scroll_top(scroller.scroll_height());
        } else {
            self.unseen.set(true);
        }
    }

    /// Watches the height of the content, whatever makes it grow.
    fn watch(self) {
        let Some(content) = self.content.get() else { return };
        let resized = Closure::<dyn Fn()>::new(move || self.resized()).into_js_value();
        if let Ok(observer) = ResizeObserver::new(resized.unchecked_ref()) {
            observer.observe(&content);
        }
    }
}

/// The conversation.
#[component]
pub(crate) fn Messages() -> impl IntoView {
    let words = use_words();
    let chat = expect_context::<Chat>();
    let session = expect_context::<Session>();
    let place = Place::new();
    Effect::new(move |_| place.watch());
    // A new conversation, and a message of one's own, are looked at from their end.
    let count =
        Memo::new(move |_| (chat.conversation.get(), chat.cells.with(|cells| cells.last().map(|cell| cell.key))));
    Effect::new(move |_| {
        count.track();
        place.to_end();
    });
    let is_empty = Memo::new(move |_| chat.cells.with(Vec::is_empty));
    let body = move || match (session.fault.get(), chat.phase.get()) {
        (Some(fault), _) => failed(fault.message(words), words, move || session.restore()).into_any(),
        (None, Phase::Loading) => loading(words).into_any(),
        (None, Phase::Missing) => missing(words).into_any(),
        (None, Phase::Failed(_)) => failed(words.messages_failed.to_owned(), words, move || {
            if let Some(id) = chat.conversation.get_untracked() {
                chat.open(id);
            }
        })
        .into_any(),
        (None, Phase::Ready) if is_empty.get() => view! { <Start /> }.into_any(),
        (None, Phase::Ready) => view! {
            {older(chat, place, words)}
            <For each=move || chat.cells.get() key=|cell| cell.key children=|cell| view! { <TurnView cell /> } />
        }
        .into_any(),
    };
    view! {
        <div class="messages-frame">
            <div
                node_ref=place.scroller
                class="messages"
                role="region"
                aria-labelledby="messages-title"
                tabindex="0"
                on:scroll=move |_| place.scrolled()
            >
                <div node_ref=place.content class="messages-content">
                    <h2 id="messages-title" class="visually-hidden">{words.messages}</h2>
                    {body}
                    <Progress />
                </div>
            </div>
            {move || {
                place
                    .unseen
                    .get()
                    .then(|| {
                        view! {
                            <button type="button" class="button new-messages" on:click=move |_| place.to_end()>
                                {icon(Icon::Down)}
                                {words.new_messages}
                            </button>
                        }
                    })
            }}
            // Each finished message comes in here once; what is being written stands outside.
            <div role="log" aria-label=words.log class="visually-hidden">
                <For each=move || chat.log.get() key=|(key, _)| *key children=|(_, words)| view! { <p>{words}</p> } />
            </div>
        </div>
    }
}

fn older(chat: Chat, place: Place, words: &'static Words) -> impl IntoView {
    let load = move |_| {
        place.hold();
        spawn_local(chat.load_older());
    };
    move || match chat.older.get() {
        Older::None => None,
        older => Some(view! {
            <button
                type="button"
                class="button button-quiet earlier"
                aria-disabled=(older == Older::Loading).then_some("true")
                on:click=load
            >
                {words.earlier_messages}
            </button>
        }),
    }
}

fn loading(words: &'static Words) -> impl IntoView {
    view! {
        <p class="visually-hidden" role="status">
            {words.loading_messages}
        </p>
        <div class="skeleton skeleton-messages" aria-hidden="true">
            <span></span>
            <span></span>
            <span></span>
            <span></span>
            <span></span>
        </div>
    }
}

fn missing(words: &'static Words) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{words.conversation_missing}</p>
            <p>{words.conversation_missing_lead}</p>
            <a class="button button-primary" href="/">
                {words.new_chat}
            </a>
        </div>
    }
}

fn failed(message: String, words: &'static Words, again: impl Fn() + 'static) -> impl IntoView {
    view! {
        <div class="notice notice-error" role="alert">
            {icon(Icon::Warning)}
            <div>
                <p>{message}</p>
                <button type="button" class="button" on:click=move |_| again()>
                    {icon(Icon::Retry)}
                    {words.try_again}
                </button>
            </div>
        </div>
    }
}
