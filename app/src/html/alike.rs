//! Makes one node of another that is made alike: what they have in common stays in the page, and with it what is selected
//! there.

use wasm_bindgen::JsCast;
use web_sys::{CharacterData, Node as DomNode};

use super::{
    Node, Parts, Value,
    dom::{COMMENT, ElementState, State, TEXT},
};

impl State {
    /// Becomes another node where that is made alike: its elements stay, and the texts that they have in common. Else the
    /// node is given back.
    pub(super) fn adapt(&mut self, node: Node) -> Result<(), Node> {
        match (self, node) {
            (Self::Leaf(shown), Node::Text(text)) if !text.is_empty() && shown.node_name() == TEXT => {
                set_text(shown, &text);
            }
            (Self::Text(shown, anchor), Node::Text(text))
                if !text.is_empty() && shown.parent_node() == anchor.parent_node() =>
            {
                set_text(shown, &text);
            }
            (Self::Leaf(shown), Node::Empty) if shown.node_name() == COMMENT => {}
            (Self::Element(state), Node::Element(element)) if state.is_like(&element.0) => {
                state.adapt(element.0.children);
            }
            (_, node) => return Err(node),
        }
        Ok(())
    }
}

impl ElementState {
    /// Whether the other is made as this was, but for its children, of which no translator took one away.
    fn is_like(&self, other: &Parts) -> bool {
        let is_ours = |state: &State| match state {
            State::Leaf(node) => node.parent_node().as_ref() == Some(&self.element),
            _ => true,
        };
        let is_same = |((name, value), (other, new)): (&(&str, Value), &(&str, Value))| match (value, new) {
            (Value::Fixed(value), Value::Fixed(new)) => name == other && value == new,
            _ => false,
        };
        self.plain.as_ref().is_some_and(|(tag, attributes)| {
            *tag == other.tag
                && other.listeners.is_empty()
                && attributes.len() == other.attributes.len()
                && attributes.iter().zip(&other.attributes).all(is_same)
                && self.children.iter().all(is_ours)
        })
    }

    /// Takes other children, and changes only what differs in them.
    fn adapt(&mut self, nodes: Vec<Node>) {
        let mut nodes = nodes.into_iter();
        for mut state in std::mem::take(&mut self.children) {
            match nodes.next().map(|node| state.adapt(node)) {
                Some(Ok(())) => self.children.push(state),
                Some(Err(node)) => {
                    let new = node.make();
                    new.insert(&self.element, state.place().as_ref());
                    state.remove();
                    self.children.push(new);
                }
                None => state.remove(),
            }
        }
        for node in nodes {
            let new = node.make();
            new.insert(&self.element, None);
            self.children.push(new);
        }
    }
}

/// Changes a text from where it differs on, so that what is selected before stays selected.
pub(super) fn set_text(node: &DomNode, text: &str) {
    let shown = node.node_value().unwrap_or_default();
    if shown == text {
        return;
    }
    // The browser counts UTF-16 units.
    let (mut bytes, mut units) = (0, 0);
    let mut new = text.chars();
    for c in shown.chars() {
        if new.next() != Some(c) {
            break;
        }
        bytes += c.len_utf8();
        units += 1 + u32::from(c.len_utf16() > 1);
    }
    let rest = text.get(bytes..).unwrap_or_default();
    // All that is behind it is replaced.
    _ = node.unchecked_ref::<CharacterData>().replace_data(units, u32::MAX, rest);
}
