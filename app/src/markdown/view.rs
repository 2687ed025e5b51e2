//! The tree as elements.

use std::hash::{DefaultHasher, Hash, Hasher};

use saydo_contract::PageAction;

use super::{Block, Inline, Item, parse};
use crate::html::{Element, Node, each, el};

/// Shows a text that may still grow: blocks that stay as they are keep their elements.
pub(crate) fn markdown(text: impl Fn() -> String + Send + Sync + 'static) -> Element {
    let blocks = move || {
        let blocks = parse(&text());
        blocks.into_iter().enumerate().map(|(at, block)| (fingerprint(at, &block), block)).collect()
    };
    el("div").class("markdown").attr("dir", "auto").add(each(blocks, |block| block_view(&block)))
}

fn fingerprint(at: usize, block: &Block) -> u64 {
    let mut hasher = DefaultHasher::new();
    (at, block).hash(&mut hasher);
    hasher.finish()
}

fn block_view(block: &Block) -> Element {
    match block {
        Block::Paragraph(line) => line_in("p", line),
        // Below the page's own headings, and on one level, for an answer may leave levels out.
        Block::Heading(level, line) => line_in("h4", line).class(match level {
            1 => "level-1",
            2 => "level-2",
            _ => "level-3",
        }),
        // Focusable, so that the keyboard can scroll it.
        Block::Code(text) => el("pre").attr("tabindex", "0").add(el("code").add(text.clone())),
        Block::List { start, items } => {
            let list = match start {
                Some(start) => el("ol").attr("start", start.to_string()),
                None => el("ul"),
            };
            list.add(Node::all(items.iter().map(item_view)))
        }
        Block::Quote(blocks) => el("blockquote").add(Node::all(blocks.iter().map(block_view))),
        Block::Table { head, rows } => table_view(head, rows),
        Block::Rule => el("hr"),
    }
}

fn item_view(item: &Item) -> Element {
    let sign = item.checked.map(|checked| if checked { "☑ " } else { "☐ " });
    // A first paragraph stands without its element, so that the list stays tight.
    let (first, rest) = match item.blocks.split_first() {
        Some((Block::Paragraph(line), rest)) => (line.as_slice(), rest),
        _ => (&[][..], item.blocks.as_slice()),
    };
    let parts = first.iter().map(inline_view).chain(rest.iter().map(|block| block_view(block).into()));
    el("li").add(sign).add(Node::all(parts))
}

fn table_view(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) -> Element {
    let head = head.iter().map(|cell| line_in("th", cell).attr("scope", "col"));
    let rows = rows.iter().map(|row| el("tr").add(Node::all(row.iter().map(|cell| line_in("td", cell)))));
    let table = el("table").add(el("thead").add(el("tr").add(Node::all(head)))).add(el("tbody").add(Node::all(rows)));
    el("div").class("markdown-table").attr("tabindex", "0").add(table)
}

fn line_in(tag: &'static str, line: &[Inline]) -> Element {
    el(tag).add(Node::all(line.iter().map(inline_view)))
}

fn inline_view(part: &Inline) -> Node {
    match part {
        Inline::Text(text) => text.clone().into(),
        Inline::Code(text) => el("code").add(text.clone()).into(),
        Inline::Emphasis(children) => line_in("em", children).into(),
        Inline::Strong(children) => line_in("strong", children).into(),
        Inline::Struck(children) => line_in("s", children).into(),
        Inline::Link { href, children } => {
            let link = line_in("a", children).attr("href", href.clone());
            if PageAction::at(href).is_some() {
                return link.into();
            }
            link.attr("target", "_blank").attr("rel", "noopener noreferrer nofollow").into()
        }
        Inline::Break => el("br").into(),
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{Owner, RenderHtml};

    use super::*;

    fn html(text: &'static str) -> String {
        Owner::new().with(|| Node::from(markdown(move || text.to_owned())).to_html())
    }

    /// UI-17: links tell the other side nothing, and tags are words.
    #[test]
    fn links_and_tags_are_harmless() {
        let link = html("[a](https://b.example/?x=\"1\")");
        let expected = "<a href=\"https://b.example/?x=&quot;1&quot;\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">a</a>";
        assert!(link.contains(expected), "{link}");
        assert!(html("[a](/#dark-mode)").contains("<a href=\"/#dark-mode\">a</a>"), "an action of this page");
        let tag = html("<img src=x onerror=alert(1)>");
        assert!(tag.contains("<p>&lt;img src=x onerror=alert(1)&gt;</p>"), "{tag}");
    }

    /// UI-15: a list stays tight, and an answer's headings come below the page's own.
    #[test]
    fn blocks_are_elements() {
        let shown = html("# A\n- [x] *b*\n  - c\n3. d");
        let expected = "<h4 class=\"level-1\">A</h4><ul><li>☑ <em>b</em><ul><li><!>c</li></ul></li></ul><ol start=\"3\"><li><!>d</li></ol>";
        assert!(shown.contains(expected), "{shown}");
    }
}
