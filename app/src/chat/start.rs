//! The screen of a new chat.

use leptos::prelude::Set;

use crate::{
    app::Page,
    html::{Element, Node, el},
};

/// A greeting, and things to say at a click.
pub(super) fn start(page: Page) -> Element {
    let Page { words, chat, .. } = page;
    let prompts = words.prompts.map(|prompt| {
        let choose = move |_| {
            // Words that are to be completed go to the composer first.
            if prompt.ends_with(' ') || chat.say(prompt).is_err() {
                chat.suggested.set(Some(prompt.to_owned()));
            }
        };
        let shown = if prompt.ends_with(' ') { prompt.trim_end().to_owned() + "…" } else { prompt.to_owned() };
        el("li").add(el("button").attr("type", "button").class("prompt").on("click", choose).add(shown))
    });
    el("div")
        .class("start")
        .add(el("p").class("start-greeting").add(words.greeting))
        .add(el("p").class("start-lead").add(words.greeting_lead))
        .add(el("ul").class("prompts").attr("aria-label", words.prompts_label).add(Node::all(prompts)))
}
