//! The keys, on a sheet.

use super::Dialog;
use crate::{
    html::{Element, Node, el},
    icons::{Icon, icon},
    words::Words,
};

/// The sheet.
pub(crate) fn sheet(dialog: Dialog, words: &'static Words) -> Element {
    dialog.view(words.keys_sheet, move || {
        let close = el("button")
            .attr("type", "button")
            .class("icon-button")
            .attr("aria-label", words.close)
            .on("click", move |_| dialog.close())
            .add(icon(Icon::Close));
        let rows = words.keys.iter().map(|(keys, what)| {
            let keys = keys.split(' ').map(|key| el("kbd").add(key));
            el("div").add(el("dt").add(Node::all(keys))).add(el("dd").add(*what))
        });
        el("div")
            .class("sheet")
            .add(el("header").add(el("h2").add(words.keys_sheet)).add(close))
            .add(el("dl").add(Node::all(rows)))
            .into()
    })
}
