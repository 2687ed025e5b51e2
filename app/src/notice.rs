//! What stands where something is loading, or went wrong.

use crate::{
    html::{Element, Node, el},
    icons::{Icon, icon},
    words::Words,
};

/// Grey lines in place of what is loading.
pub(crate) fn skeleton(lines: usize) -> Element {
    let lines = (0..lines).map(|_| el("span"));
    el("div").class("skeleton").attr("aria-hidden", "true").add(Node::all(lines))
}

/// In place of what cannot be loaded now.
pub(crate) fn out_of_reach(words: &'static Words) -> Element {
    el("p").class("quiet").add(words.not_loaded)
}

/// Something that went wrong, and what can be done about it.
pub(crate) fn notice(what: impl Into<Node>, action: impl Into<Node>) -> Element {
    el("div").class("notice notice-error").add(icon(Icon::Warning)).add(el("div").add(what).add(action))
}

/// The same, spoken at once.
pub(crate) fn error_notice(what: impl Into<Node>, action: impl Into<Node>) -> Element {
    spoken(notice(what, action))
}

/// Has it spoken at once.
pub(crate) fn spoken(notice: Element) -> Element {
    notice.attr("role", "alert")
}

/// A button that tries again.
pub(crate) fn again_button(words: &'static Words) -> Element {
    el("button").attr("type", "button").class("button").add(icon(Icon::Retry)).add(words.try_again)
}

/// A place where nothing is, and why.
pub(crate) fn empty(title: &'static str, lead: &'static str) -> Element {
    el("div").class("empty").add(el("p").class("empty-title").add(title)).add(el("p").add(lead))
}
