//! The list in the history pane.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::entry::{SEARCH, entry};
use crate::{
    app::Page,
    html::{Element, Node, each, el},
    icons::{Icon, icon},
    notice::{again_button, error_notice, out_of_reach, skeleton},
};

/// A way to a new chat, and to each conversation.
pub(crate) fn conversation_list(page: Page) -> Node {
    let Page { words, conversations, .. } = page;
    let is_searching = Memo::new(move |_| !conversations.searched.with(String::is_empty));
    let state = Memo::new(move |_| {
        let count = conversations.listed().as_ref().map(Vec::len);
        let failed = || {
            if is_searching.get() {
                conversations.search_failed.get()
            } else {
                conversations.fault.with(Option::is_some)
            }
        };
        (count.is_none() && failed(), count.map(|count| count == 0))
    });
    let body = move || match (state.get(), is_searching.get()) {
        ((false, None), _) if page.is_out_of_reach() => out_of_reach(words),
        ((false, None), _) => skeleton(4),
        ((true, None), searching) => error_notice(
            el("p").add(words.conversations_failed),
            again_button(words).on("click", move |_| {
                if searching {
                    conversations.search(conversations.searched.get_untracked())
                } else {
                    conversations.load()
                }
            }),
        ),
        ((_, Some(true)), false) => el("p").class("quiet").add(words.no_conversations),
        ((_, Some(true)), true) => el("p").class("quiet").add(words.nothing_found),
        ((_, Some(false)), _) => items(page),
    };
    let search = el("input")
        .attr("type", "search")
        .id(SEARCH)
        .class("conversation-search")
        .attr("aria-label", words.search_conversations)
        .attr("placeholder", words.search_conversations)
        .attr("autocomplete", "off")
        .on("input", move |event| {
            if let Some(field) = event.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
                conversations.search(field.value());
            }
        });
    let told = move || {
        let count = conversations.listed().map(|items| items.len());
        is_searching.get().then(|| count.map(words.conversations_found)).flatten()
    };
    Node::all([
        el("a").class("button button-new").attr("href", "/").add(icon(Icon::Plus)).add(words.new_chat),
        el("h2").class("pane-title").add(words.conversations),
        search,
        el("div").class("visually-hidden").attr("role", "status").add_fn(told),
        el("div").class("conversation-list").attr("tabindex", "-1").add_fn(body),
    ])
}

fn items(page: Page) -> Element {
    let Page { words, conversations, .. } = page;
    let items = move || {
        let items = conversations.listed().unwrap_or_default();
        items.into_iter().map(|item| (item.id.get().unsigned_abs(), item)).collect()
    };
    let more = move || {
        (conversations.next.with(Option::is_some) && conversations.searched.with(String::is_empty)).then(|| {
            el("button")
                .attr("type", "button")
                .id("more-conversations")
                .class("button button-quiet")
                .on("click", move |_| spawn_local(conversations.load_more()))
                .add(words.more_conversations)
        })
    };
    el("div").add(el("ul").add(each(items, move |item| entry(page, &item)))).add_fn(more)
}
