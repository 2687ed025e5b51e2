//! The chat as a page of links and one form.

use leptos::prelude::Owner;
use saydo_contract::{ConversationId, ConversationItem};

use super::{PLAIN, PlainFault, document, plain_conversation};
use crate::{
    chat::plain_messages,
    html::{Element, Node, el},
    icons::{Icon, icon},
    shell::{PageRequest, SiteAssets},
    words::{Words, words},
};

/// What the chat shows.
#[derive(Debug, Default)]
pub struct PlainChat {
    /// The latest conversations.
    pub conversations: Vec<ConversationItem>,
    /// Where more of them begin, as the API says it.
    pub more: Option<String>,
    /// The open one; `None` for a new one.
    pub conversation: Option<ConversationId>,
    /// Its messages: a reply of the API to `GET …/messages`. Empty where there are none.
    pub messages: String,
    /// What was written and could not be sent.
    pub draft: String,
    /// Why.
    pub fault: Option<PlainFault>,
    /// All tries of the message carry this.
    pub key: String,
}

/// The chat.
#[must_use]
pub fn plain_chat(request: &PageRequest, assets: &SiteAssets, chat: PlainChat) -> String {
    Owner::new().with(|| {
        let words = words(&request.language);
        let open = chat.conversations.iter().find(|item| Some(item.id) == chat.conversation);
        let title = open.map(|item| item.title.as_str().to_owned());
        let heading = title.clone().unwrap_or_else(|| match chat.conversation {
            Some(_) => words.conversation.to_owned(),
            None => words.new_chat.to_owned(),
        });
        let main = el("main")
            .id("main")
            .class("plain-chat")
            .add(el("h1").class("plain-title").add(el("bdi").add(heading)))
            .add(messages(&chat, words))
            .add(form(&chat, words));
        let body = Node::all([
            el("a").class("skip").attr("href", "#message").add(words.skip_to_message),
            el("div").class("plain").add(top(words)).add(main).add(history(&chat, words)),
        ]);
        document(request, assets, title.as_deref(), body)
    })
}

fn top(words: &'static Words) -> Element {
    let out = el("button").attr("type", "submit").class("button").add(words.sign_out);
    el("header")
        .class("top")
        .add(el("a").class("brand").attr("href", PLAIN).add(icon(Icon::Logo)).add(el("span").add(words.product)))
        .add(el("form").attr("method", "post").attr("action", "/plain/sign-out").add(out))
}

fn history(chat: &PlainChat, words: &'static Words) -> Element {
    let items = chat.conversations.iter().map(|item| {
        let link = el("a").attr("href", plain_conversation(item.id)).add(el("bdi").add(item.title.as_str().to_owned()));
        let is_open = Some(item.id) == chat.conversation;
        el("li").add(if is_open { link.attr("aria-current", "page") } else { link })
    });
    let is_none = chat.conversations.is_empty() && chat.fault.is_none();
    let none = is_none.then(|| el("p").class("quiet").add(words.no_conversations));
    let more = chat.more.as_ref().map(|cursor| {
        let here = chat.conversation.map_or_else(|| PLAIN.to_owned(), plain_conversation);
        el("a").attr("href", here + "?more=" + cursor).add(words.more_conversations)
    });
    el("nav")
        .class("plain-history")
        .attr("aria-label", words.conversations)
        .add(el("a").class("button").attr("href", PLAIN).add(icon(Icon::Plus)).add(words.new_chat))
        .add(el("ul").add(Node::all(items)))
        .add(none)
        .add(more)
}

fn messages(chat: &PlainChat, words: &'static Words) -> Element {
    let (older, turns) = plain_messages(&chat.messages, words);
    let older = older.zip(chat.conversation).map(|(cursor, id)| {
        let address = plain_conversation(id) + "?older=" + cursor.as_str();
        el("a").class("button button-quiet earlier").attr("href", address).add(words.earlier_messages)
    });
    let greeting = chat.conversation.is_none().then(|| el("p").class("plain-lead").add(words.greeting_lead));
    el("section").class("messages-content").attr("aria-label", words.messages).add(older).add(greeting).add(turns)
}

fn form(chat: &PlainChat, words: &'static Words) -> Element {
    let field = el("textarea")
        .id("message")
        .attr("name", "message")
        .attr("rows", "3")
        .attr("placeholder", words.message_placeholder)
        .attr("dir", "auto")
        .attr("autocomplete", "off")
        .flag("required");
    // What stands for nothing elsewhere would be text in here.
    let field = if chat.draft.is_empty() { field } else { field.add(chat.draft.clone()) };
    let is_missing = chat.fault == Some(PlainFault::Missing);
    let elsewhere = is_missing.then(|| {
        el("button").attr("type", "submit").attr("formaction", PLAIN).class("button").add(words.send_in_new_chat)
    });
    el("form")
        .class("plain-form")
        .attr("method", "post")
        .attr("action", chat.conversation.map_or_else(|| PLAIN.to_owned(), plain_conversation))
        .add(chat.fault.as_ref().map(|fault| fault.notice(words)))
        .add(el("label").attr("for", "message").add(words.message_label))
        .add(field)
        .add(el("input").attr("type", "hidden").attr("name", "key").attr("value", chat.key.clone()))
        .add(el("button").attr("type", "submit").class("button button-primary").add(words.send))
        .add(elsewhere)
}
