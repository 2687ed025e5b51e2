//! Finds the elements of a first view where the server wrote them.
//!
//! Others may have put something between them, or in the place of a text; what is not as it was written is passed over,
//! and what is missing is made.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::Node as DomNode;

use super::{
    Element, Node,
    alike::set_text,
    dom::{COMMENT, ElementState, FONT, State, TEXT, follow, placeholder},
    list::{KeyedChild, KeyedState, follow_list},
    parts::later,
};

/// Goes over the children of one parent while they are hydrated.
#[derive(Clone)]
pub(super) struct Walk(Rc<RefCell<Place>>);

struct Place {
    parent: DomNode,
    next: Option<DomNode>,
    after_text: bool,
}

impl Walk {
    pub(super) fn into_children(parent: DomNode) -> Self {
        let next = parent.first_child();
        Self(Rc::new(RefCell::new(Place { parent, next, after_text: false })))
    }

    /// The next node that is this. What others put before it is passed over.
    fn take(&self, is_this: &dyn Fn(&DomNode) -> bool) -> Option<DomNode> {
        let mut place = self.0.borrow_mut();
        let mut next = place.next.clone();
        while let Some(node) = next {
            next = node.next_sibling();
            if is_this(&node) {
                place.next = next;
                place.after_text = false;
                return Some(node);
            }
        }
        None
    }

    /// The next element of this tag and, where that is known, class. Others may have added classes to it.
    fn take_element(&self, tag: &str, class: Option<&str>) -> Option<DomNode> {
        self.take(&|node| {
            let has = |class: &str| {
                node.unchecked_ref::<web_sys::Element>().get_attribute("class").is_some_and(|all| all.contains(class))
            };
            node.node_name().eq_ignore_ascii_case(tag) && class.is_none_or(has)
        })
    }

    fn take_comment(&self) -> Option<DomNode> {
        self.take(&|node| node.node_name() == COMMENT)
    }

    fn take_text(&self) -> Option<DomNode> {
        if self.0.borrow().after_text {
            self.take_comment();
        }
        let found = self.take(&|node| matches!(node.node_name().as_str(), TEXT | FONT))?;
        self.0.borrow_mut().after_text = true;
        if found.node_name() == TEXT {
            return Some(found);
        }
        let text = document().create_text_node("").into();
        found.parent_node()?.replace_child(&text, &found).ok()?;
        Some(text)
    }

    /// The page has another node here than the server wrote: this part is replaced, and the rest hydrates.
    fn make_instead(&self, node: Node) -> State {
        let state = node.make();
        let place = self.0.borrow();
        state.insert(&place.parent, place.next.as_ref());
        state
    }
}

impl Node {
    /// Finds it in the page, where the server wrote it.
    pub(super) fn find(self, walk: &Walk) -> State {
        match self {
            Self::Text(text) if !text.is_empty() => match walk.take_text() {
                Some(found) => {
                    set_text(&found, &text);
                    State::Leaf(found)
                }
                None => walk.make_instead(Self::Text(text)),
            },
            Self::Fragment(nodes) if !nodes.is_empty() => {
                State::Fragment(nodes.into_iter().map(|node| node.find(walk)).collect())
            }
            Self::Element(element) => match walk.take_element(element.0.tag, element.0.class()) {
                Some(found) => State::Element(element.find_as(&found)),
                None => walk.make_instead(Self::Element(element)),
            },
            Self::Part(part) => match walk.take_element(part.tag, Some(part.class)) {
                Some(found) => {
                    let state = Rc::new(RefCell::new(None));
                    let (element, waiting) = (found.clone(), Rc::downgrade(&state));
                    later(move || {
                        if let Some(state) = waiting.upgrade() {
                            let owner = part.owner.clone();
                            *state.borrow_mut() = Some(owner.with(|| part.make().find_as(&element)));
                        }
                    });
                    State::Part(found, state)
                }
                None => walk.make_instead(Self::Part(part)),
            },
            Self::Dynamic(make) => {
                let walk = walk.clone();
                State::Dynamic(follow(make, move |node| node.find(&walk)))
            }
            Self::Keyed(list) => {
                let walk = walk.clone();
                State::Keyed(follow_list(list, move |children| {
                    // All are made before the first is found, as on the server.
                    let made: Vec<_> = children.into_iter().map(|child| (child.key, child.make())).collect();
                    let found = made.into_iter().map(|(key, (owner, node))| {
                        let state = owner.with(|| node.find(&walk));
                        KeyedChild { key, state, _owner: owner }
                    });
                    KeyedState { children: found.collect(), end: end_of(&walk) }
                }))
            }
            // What is empty.
            node => walk.take_comment().map_or_else(|| walk.make_instead(node), State::Leaf),
        }
    }
}

impl Element {
    fn find_as(self, found: &DomNode) -> ElementState {
        let children = |nodes: Vec<Node>| {
            let walk = Walk::into_children(found.clone());
            nodes.into_iter().map(|node| node.find(&walk)).collect()
        };
        self.0.into_state(found.unchecked_ref(), children)
    }
}

fn end_of(walk: &Walk) -> DomNode {
    walk.take_comment().unwrap_or_else(|| {
        let State::Leaf(end) = walk.make_instead(Node::Empty) else { return placeholder() };
        end
    })
}
