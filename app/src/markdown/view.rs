//! The tree as elements.

use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::prelude::*;

use super::{Block, Inline, Item, parse};

/// Shows a text that may still grow: blocks that stay as they are keep their elements.
#[component]
pub(crate) fn MarkdownView(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let blocks = Memo::new(move |_| text.with(|text| parse(text)));
    let numbered = move || blocks.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <div class="markdown">
            <For each=numbered key=|(at, block)| (*at, fingerprint(block)) children=|(_, block)| block_view(&block) />
        </div>
    }
}

fn fingerprint(block: &Block) -> u64 {
    let mut hasher = DefaultHasher::new();
    block.hash(&mut hasher);
    hasher.finish()
}

fn block_view(block: &Block) -> AnyView {
    match block {
        Block::Paragraph(line) => view! { <p>{line_view(line)}</p> }.into_any(),
        // The page's own headings come before those of an answer.
        Block::Heading(1, line) => view! { <h4>{line_view(line)}</h4> }.into_any(),
        Block::Heading(2, line) => view! { <h5>{line_view(line)}</h5> }.into_any(),
        Block::Heading(_, line) => view! { <h6>{line_view(line)}</h6> }.into_any(),
        // Focusable, so that the keyboard can scroll it.
        Block::Code(text) => view! { <pre tabindex="0"><code>{text.clone()}</code></pre> }.into_any(),
        Block::List { start: None, items } => view! { <ul>{items_view(items)}</ul> }.into_any(),
        Block::List { start: Some(start), items } => view! { <ol start=*start>{items_view(items)}</ol> }.into_any(),
        Block::Quote(blocks) => {
            view! { <blockquote>{blocks.iter().map(block_view).collect::<Vec<_>>()}</blockquote> }.into_any()
        }
        Block::Table { head, rows } => table_view(head, rows),
        Block::Rule => view! { <hr /> }.into_any(),
    }
}

fn items_view(items: &[Item]) -> Vec<AnyView> {
    items.iter().map(item_view).collect()
}

fn item_view(item: &Item) -> AnyView {
    let box_sign = item.checked.map(|checked| if checked { "☑ " } else { "☐ " });
    // A first paragraph stands without its element, so that the list stays tight.
    let (first, rest) = match item.blocks.split_first() {
        Some((Block::Paragraph(line), rest)) => (line_view(line), rest),
        _ => (Vec::new(), item.blocks.as_slice()),
    };
    view! { <li>{box_sign}{first}{rest.iter().map(block_view).collect::<Vec<_>>()}</li> }.into_any()
}

fn table_view(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) -> AnyView {
    let head: Vec<_> = head.iter().map(|cell| view! { <th scope="col">{line_view(cell)}</th> }).collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let cells: Vec<_> = row.iter().map(|cell| view! { <td>{line_view(cell)}</td> }).collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    view! {
        <div class="markdown-table" tabindex="0">
            <table>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line_view(line: &[Inline]) -> Vec<AnyView> {
    line.iter().map(inline_view).collect()
}

fn inline_view(part: &Inline) -> AnyView {
    match part {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Code(text) => view! { <code>{text.clone()}</code> }.into_any(),
        Inline::Emphasis(children) => view! { <em>{line_view(children)}</em> }.into_any(),
        Inline::Strong(children) => view! { <strong>{line_view(children)}</strong> }.into_any(),
        Inline::Struck(children) => view! { <s>{line_view(children)}</s> }.into_any(),
        Inline::Link { href, children } => view! {
            <a href=href.clone() target="_blank" rel="noopener noreferrer nofollow">
                {line_view(children)}
            </a>
        }
        .into_any(),
        Inline::Break => view! { <br /> }.into_any(),
    }
}
