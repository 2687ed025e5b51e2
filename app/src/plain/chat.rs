//! The chat as a page of links and one form.

use leptos::prelude::Owner;
use saydo_contract::{ConversationId, ConversationItem};

use super::{PLAIN, PlainFault, document, plain_conversation};
use crate::{
    chat::{PlainMessages, plain_messages},
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
    /// Whether they are not the latest.
    pub is_earlier: bool,
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
    let more = chat
        .more
        .as_ref()
        .map(|cursor| el("a").attr("href", address(chat) + "?more=" + cursor).add(words.more_conversations));
    el("nav")
        .class("plain-history")
        .attr("aria-label", words.conversations)
        .add(el("a").class("button").attr("href", PLAIN).add(icon(Icon::Plus)).add(words.new_chat))
        .add(el("ul").add(Node::all(items)))
        .add(none)
        .add(more)
}

fn messages(chat: &PlainChat, words: &'static Words) -> Element {
    let PlainMessages { older, turns, can_go_on } = plain_messages(&chat.messages, words);
    let older = older.zip(chat.conversation).map(|(cursor, id)| {
        let address = plain_conversation(id) + "?older=" + cursor.as_str();
        el("a").class("button button-quiet earlier").attr("href", address).add(words.earlier_messages)
    });
    let greeting = chat.conversation.is_none().then(|| el("p").class("plain-lead").add(words.greeting_lead));
    let go_on = (can_go_on && !chat.is_earlier).then(|| {
        let message = el("input").attr("type", "hidden").attr("name", "message").attr("value", words.go_on_message);
        let button = el("button").attr("type", "submit").class("button").add(words.go_on);
        el("form").attr("method", "post").attr("action", address(chat)).add(message).add(key(chat)).add(button)
    });
    el("section")
        .class("messages-content")
        .attr("aria-label", words.messages)
        .add(older)
        .add(greeting)
        .add(turns)
        .add(go_on)
}

/// Where the chat is.
fn address(chat: &PlainChat) -> String {
    chat.conversation.map_or_else(|| PLAIN.to_owned(), plain_conversation)
}

/// The field of a form that says which try it is.
fn key(chat: &PlainChat) -> Element {
    el("input").attr("type", "hidden").attr("name", "key").attr("value", chat.key.clone())
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
        .attr("action", address(chat))
        .add(chat.fault.as_ref().map(|fault| fault.notice(words)))
        .add(el("label").attr("for", "message").add(words.message_label))
        .add(field)
        .add(key(chat))
        .add(el("button").attr("type", "submit").class("button button-primary").add(words.send))
        .add(elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(finish: &str, is_earlier: bool) -> String {
        let turn = r#""turn":{"id":7,"status":"completed"},"tool_calls":[]"#;
        let messages = format!(
            r#"{{"items":[{{"id":1,"role":"user","content":"Hi",{turn}}},
                {{"id":2,"role":"assistant","content":"Bread, butt","meta":{{"finish":"{finish}","reasoning":{{"seconds":4}}}},{turn}}}],
                "next_cursor":null}}"#
        );
        let assets = SiteAssets { js: "/pkg/a.js".into(), wasm: "/pkg/a.wasm".into(), css: "/pkg/a.css".into() };
        let conversation = ConversationId::try_from(5).ok();
        let chat = PlainChat { conversation, messages, is_earlier, key: "k".into(), ..PlainChat::default() };
        plain_chat(&PageRequest { path: "/c/5".into(), signed_in: true, ..PageRequest::default() }, &assets, chat)
    }

    /// UI-93d: without a script, too, a cut answer says so and goes on at a click.
    #[test]
    fn a_cut_answer_goes_on_at_a_click() {
        let form = "<form method=\"post\" action=\"/plain/c/5\">\
                    <input type=\"hidden\" name=\"message\" value=\"Continue\">\
                    <input type=\"hidden\" name=\"key\" value=\"k\">";
        let cut = page("length", false);
        assert!(cut.contains("The answer was cut off.") && cut.contains(form), "{cut}");
        assert!(cut.contains("Thought for 4 s"), "{cut}");
        let earlier = page("length", true);
        assert!(earlier.contains("The answer was cut off.") && !earlier.contains(form), "{earlier}");
        let filtered = page("content_filter", false);
        assert!(filtered.contains("content filter") && !filtered.contains(form), "{filtered}");
    }
}
