//! One conversation of the history: a link, and its title and end at the person's hands.

use leptos::prelude::*;
use saydo_contract::{ConversationId, ConversationItem, ConversationTitle};

use crate::{
    app::Page,
    browser,
    html::{Element, Node, dynamic, el},
    icons::{Icon, icon},
    routes::conversation_path,
    text_field::text_field,
};

pub(super) fn entry(page: Page, item: &ConversationItem) -> Element {
    let id = item.id;
    let fallback = item.title.as_str().to_owned();
    let title = Memo::new(move |_| page.conversations.title(id).unwrap_or_else(|| fallback.clone()));
    let renaming = RwSignal::new(false);
    el("li").class("conversation").add(dynamic(move || {
        if renaming.get() { field(page, id, title, renaming).into() } else { shown(page, id, title, renaming) }
    }))
}

fn link_id(id: ConversationId) -> String {
    "conversation-".to_owned() + &id.to_string()
}

fn shown(page: Page, id: ConversationId, title: Memo<String>, renaming: RwSignal<bool>) -> Node {
    let words = page.words;
    let link = el("a")
        .attr("href", conversation_path(id))
        .attr("id", link_id(id))
        .attr("dir", "auto")
        .attr_fn("aria-current", move || (page.chat.conversation.get() == Some(id)).then_some("page"))
        .add_fn(move || title.get());
    let button = |label: fn(&str) -> String, class, sign| {
        el("button")
            .attr("type", "button")
            .class(class)
            .attr_fn("aria-label", move || Some(title.with(|title| label(title))))
            .add(icon(sign))
    };
    let delete = move |_| {
        page.conversations.delete(id, &title.get_untracked());
        if page.chat.conversation.get_untracked() == Some(id) {
            page.router.go("/");
        } else {
            browser::focus(SEARCH);
        }
    };
    Node::all([
        link,
        button(words.rename_conversation, "icon-button", Icon::Pencil).on("click", move |_| renaming.set(true)),
        button(words.delete_conversation, "icon-button conversation-delete", Icon::Trash).on("click", delete),
    ])
}

/// Where the focus goes when an entry left.
pub(super) const SEARCH: &str = "conversation-search";

fn field(page: Page, id: ConversationId, title: Memo<String>, renaming: RwSignal<bool>) -> Element {
    let before = title.get_untracked();
    text_field("conversation-title".to_owned(), page.words.title, before.clone(), ConversationTitle::MAX, move |text| {
        renaming.set(false);
        if let Some(title) = text.and_then(|text| text.parse::<ConversationTitle>().ok())
            && title.as_str() != before
        {
            page.conversations.rename(id, title);
        }
        browser::next_frame(move || browser::focus_if_lost(&link_id(id)));
    })
}
