//! The Markdown that answers use, as a tree.
//!
//! A subset of CommonMark with tables, task items and struck text. It is parsed in time proportional to the text's
//! length and nests to a bounded depth, whatever the text; HTML and images are plain text. Line breaks are kept.

mod blocks;
mod inline;
mod view;

pub(crate) use blocks::parse;
pub(crate) use view::markdown;

/// How deep lists and quotes nest; what is deeper stays text.
const MAX_DEPTH: usize = 8;

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Block {
    Paragraph(Vec<Inline>),
    /// Level 1 to 6.
    Heading(u8, Vec<Inline>),
    Code(String),
    List {
        /// The first number of a numbered list.
        start: Option<u32>,
        items: Vec<Item>,
    },
    Quote(Vec<Block>),
    Table {
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Rule,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Item {
    /// Whether the box of a task item is checked.
    pub(crate) checked: Option<bool>,
    pub(crate) blocks: Vec<Block>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Inline {
    Text(String),
    Code(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Struck(Vec<Inline>),
    Link { href: String, children: Vec<Inline> },
    Break,
}

/// The words alone, for those who listen.
pub(crate) fn plain(blocks: &[Block]) -> String {
    let mut out = String::new();
    plain_blocks(blocks, &mut out);
    out
}

fn plain_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Paragraph(line) | Block::Heading(_, line) => plain_inline(line, out),
            Block::Code(text) => out.push_str(text),
            Block::List { items, .. } => items.iter().for_each(|item| plain_blocks(&item.blocks, out)),
            Block::Quote(blocks) => plain_blocks(blocks, out),
            Block::Table { head, rows } => {
                for row in std::iter::once(head).chain(rows) {
                    for cell in row {
                        plain_inline(cell, out);
                        out.push_str(", ");
                    }
                    out.push('\n');
                }
            }
            Block::Rule => {}
        }
    }
}

fn plain_inline(line: &[Inline], out: &mut String) {
    for part in line {
        match part {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Emphasis(children)
            | Inline::Strong(children)
            | Inline::Struck(children)
            | Inline::Link { children, .. } => plain_inline(children, out),
            Inline::Break => out.push('\n'),
        }
    }
}

#[cfg(test)]
mod tests;
