//! Nodes as HTML text, on the server.
//!
//! Hydration finds each node where this puts one: two texts in a row are kept apart by `<!>`, which HTML reads as an
//! empty comment; an empty comment also stands for what is empty, and ends a keyed list.

use super::{Node, Parts, Value};

/// What was written before, within the same parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    Text,
    Other,
}

const PLACEHOLDER: &str = "<!>";

/// Elements that have no children and no end tag.
const VOID: [&str; 3] = ["input", "br", "hr"];

pub(super) fn write(node: Node, out: &mut String, before: Before) -> Before {
    match node {
        Node::Text(text) if !text.is_empty() => {
            if before == Before::Text {
                out.push_str(PLACEHOLDER);
            }
            escape(&text, out, Place::Text);
            return Before::Text;
        }
        Node::Empty | Node::Text(_) => out.push_str(PLACEHOLDER),
        Node::Element(element) => write_element(*element.0, out),
        Node::Part(part) => write_element(*part.owner.clone().with(|| part.make()).0, out),
        Node::Fragment(nodes) if nodes.is_empty() => out.push_str(PLACEHOLDER),
        Node::Fragment(nodes) => return nodes.into_iter().fold(before, |before, node| write(node, out, before)),
        Node::Dynamic(make) => return write(make(), out, before),
        Node::Keyed(children) => {
            let children: Vec<_> = children().into_iter().map(super::Child::make).collect();
            children.into_iter().fold(before, |before, (_, node)| write(node, out, before));
            out.push_str(PLACEHOLDER);
        }
    }
    Before::Other
}

fn write_element(element: Parts, out: &mut String) {
    out.push('<');
    out.push_str(element.tag);
    for (name, value) in element.attributes {
        let value = match value {
            Value::Fixed(value) => Some(value),
            Value::Dynamic(make) => make().map(Into::into),
        };
        if let Some(value) = value {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(&value, out, Place::Attribute);
            out.push('"');
        }
    }
    out.push('>');
    if VOID.contains(&element.tag) {
        return;
    }
    element.children.into_iter().fold(Before::Other, |before, child| write(child, out, before));
    out.push_str("</");
    out.push_str(element.tag);
    out.push('>');
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Attribute,
}

fn escape(text: &str, out: &mut String, place: Place) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' if place == Place::Text => out.push_str("&gt;"),
            '"' if place == Place::Attribute => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}
