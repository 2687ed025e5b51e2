//! The list in the history pane.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::ConversationItem;

use crate::{
    app::Page,
    html::{Element, Node, each, el},
    icons::{Icon, icon},
    notice::{again_button, error_notice, skeleton},
    routes::conversation_path,
};

/// A way to a new chat, and to each conversation.
pub(crate) fn conversation_list(page: Page) -> Node {
    let Page { words, conversations, .. } = page;
    let state = Memo::new(move |_| {
        let count = conversations.items.with(|items| items.as_ref().map(Vec::len));
        count.map(|count| count == 0).ok_or_else(|| conversations.fault.with(Option::is_some))
    });
    let body = move || match state.get() {
        Err(false) => skeleton(4),
        Err(true) => error_notice(
            el("p").add(words.conversations_failed),
            again_button(words).on("click", move |_| conversations.load()),
        ),
        Ok(true) => el("p").class("quiet").add(words.no_conversations),
        Ok(false) => items(page),
    };
    Node::all([
        el("a").class("button button-new").attr("href", "/").add(icon(Icon::Plus)).add(words.new_chat),
        el("h2").class("pane-title").add(words.conversations),
        el("div").class("conversation-list").add_fn(body),
    ])
}

fn items(page: Page) -> Element {
    let Page { words, conversations, .. } = page;
    let items = move || {
        let items = conversations.items.get().unwrap_or_default();
        items.into_iter().map(|item| (item.id.get().unsigned_abs(), item)).collect()
    };
    let more = move || {
        conversations.next.with(Option::is_some).then(|| {
            el("button")
                .attr("type", "button")
                .class("button button-quiet")
                .on("click", move |_| spawn_local(conversations.load_more()))
                .add(words.more_conversations)
        })
    };
    el("div").add(el("ul").add(each(items, move |item| entry(page, &item)))).add_fn(more)
}

fn entry(page: Page, item: &ConversationItem) -> Element {
    let id = item.id;
    let link = el("a")
        .attr("href", conversation_path(id))
        .attr_fn("aria-current", move || (page.chat.conversation.get() == Some(id)).then_some("page"))
        .add_fn(move || page.conversations.title(id));
    el("li").add(link)
}
