//! The list in the history pane.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::ConversationItem;

use super::Conversations;
use crate::{
    chat::Chat,
    icons::{Icon, icon},
    routes::conversation_path,
    words::use_words,
};

/// A way to a new chat, and to each conversation.
#[component]
pub(crate) fn ConversationList() -> impl IntoView {
    let words = use_words();
    let conversations = expect_context::<Conversations>();
    let body = move || {
        if conversations.fault.with(Option::is_some) && conversations.items.with(Option::is_none) {
            return failed(conversations).into_any();
        }
        match conversations.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => skeleton().into_any(),
            Some(true) => view! { <p class="quiet">{words.no_conversations}</p> }.into_any(),
            Some(false) => items(conversations).into_any(),
        }
    };
    view! {
        <a class="button button-new" href="/">
            {icon(Icon::Plus)}
            {words.new_chat}
        </a>
        <h2 class="pane-title">{words.conversations}</h2>
        <div class="conversation-list">{body}</div>
    }
}

fn items(conversations: Conversations) -> impl IntoView {
    let words = use_words();
    let items = move || conversations.items.get().unwrap_or_default();
    let more = move || {
        conversations.next.with(Option::is_some).then(|| {
            view! {
                <button type="button" class="button button-quiet" on:click=move |_| spawn_local(conversations.load_more())>
                    {words.more_conversations}
                </button>
            }
        })
    };
    view! {
        <ul>
            <For each=items key=|item| (item.id, item.title.as_str().to_owned()) children=entry />
        </ul>
        {more}
    }
}

fn entry(item: ConversationItem) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let current = move || (chat.conversation.get() == Some(item.id)).then_some("page");
    view! {
        <li>
            <a href=conversation_path(item.id) aria-current=current>
                {item.title.as_str().to_owned()}
            </a>
        </li>
    }
}

fn skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            <span></span>
            <span></span>
            <span></span>
            <span></span>
        </div>
    }
}

fn failed(conversations: Conversations) -> impl IntoView {
    let words = use_words();
    view! {
        <p class="notice notice-error" role="alert">
            {words.conversations_failed}
        </p>
        <button type="button" class="button" on:click=move |_| conversations.load()>
            {words.try_again}
        </button>
    }
}
