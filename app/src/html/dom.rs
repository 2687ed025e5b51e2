//! Nodes as the browser's elements: made, found again by hydration, changed in place.
//!
//! Others change the page too. Extensions put elements into it: hydration passes over what is not as the server wrote it.
//! Translators put a `font` element in the place of a text, or around it, at any time: an anchor behind each text that can
//! change tells where it was.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use leptos::{
    prelude::{RenderEffect, document},
    tachys::renderer::Rndr,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, Node as DomNode};

use super::{
    Node, Parts, Value,
    list::{KeyedChild, KeyedState, follow_list},
};
use crate::browser;

/// What a node became, kept as long as it is shown.
pub(crate) enum State {
    /// A text, or the comment that stands for what is empty.
    Leaf(DomNode),
    /// A text that follows signals, and the comment behind it, its anchor.
    Text(DomNode, DomNode),
    Element(ElementState),
    Fragment(Vec<State>),
    Dynamic(RenderEffect<State>),
    Keyed(RenderEffect<KeyedState>),
    /// An element, and what it is once it has had its turn.
    Part(DomNode, Rc<RefCell<Option<ElementState>>>),
}

/// An element with what follows signals in it.
pub(crate) struct ElementState {
    pub(super) element: DomNode,
    /// Its tag and attributes, where it has no listener and no attribute that follows signals: only its children can
    /// differ from those of another that is made with the same.
    pub(super) plain: Option<(&'static str, Vec<(&'static str, Value)>)>,
    // An effect runs as long as it is kept.
    _attributes: Vec<RenderEffect<Option<String>>>,
    pub(super) children: Vec<State>,
}

/// What the DOM calls nodes that are no elements.
pub(super) const TEXT: &str = "#text";
pub(super) const COMMENT: &str = "#comment";
/// What translators put in the place of a text, or around it. The page itself has none.
pub(super) const FONT: &str = "FONT";

impl Node {
    /// Makes it, not yet in the page.
    pub(super) fn make(self) -> State {
        match self {
            Self::Text(text) if !text.is_empty() => State::Leaf(document().create_text_node(&text).into()),
            Self::Empty | Self::Text(_) => State::Leaf(placeholder()),
            Self::Fragment(nodes) if nodes.is_empty() => State::Leaf(placeholder()),
            Self::Fragment(nodes) => State::Fragment(nodes.into_iter().map(Self::make).collect()),
            Self::Part(part) => Self::Element(part.make()).make(),
            Self::Element(element) => {
                let namespace = matches!(element.0.tag, "svg" | "path").then_some("http://www.w3.org/2000/svg");
                let made = Rndr::create_element(element.0.tag, namespace);
                let children = |nodes: Vec<Self>| {
                    let states: Vec<State> = nodes.into_iter().map(Self::make).collect();
                    states.iter().for_each(|state| state.insert(&made, None));
                    states
                };
                State::Element(element.0.into_state(&made, children))
            }
            Self::Dynamic(make) => State::Dynamic(follow(make, Self::make)),
            Self::Keyed(list) => State::Keyed(follow_list(list, |children| {
                let children = children.into_iter().map(|child| KeyedChild::of(child, Node::make)).collect();
                KeyedState { children, end: placeholder() }
            })),
        }
    }
}

pub(super) fn placeholder() -> DomNode {
    document().create_comment("").into()
}

/// Shows a node that follows signals. A text gets its anchor.
fn anchored(node: Node, show: impl FnOnce(Node) -> State) -> State {
    let is_text = matches!(&node, Node::Text(text) if !text.is_empty());
    match show(node) {
        State::Leaf(text) if is_text => {
            let anchor = placeholder();
            if let Some(parent) = text.parent_node() {
                _ = parent.insert_before(&anchor, text.next_sibling().as_ref());
            }
            State::Text(text, anchor)
        }
        state => state,
    }
}

/// Shows what `make` makes: the first time as `first` says, then in its place.
pub(super) fn follow(
    make: Arc<dyn Fn() -> Node + Send + Sync>,
    first: impl FnOnce(Node) -> State + 'static,
) -> RenderEffect<State> {
    let mut first: Option<Box<dyn FnOnce(Node) -> State>> = Some(Box::new(first));
    RenderEffect::new(move |before: Option<State>| {
        let node = make();
        match (before, first.take()) {
            (Some(before), _) => before.replace(node),
            (None, Some(first)) => anchored(node, first),
            (None, None) => anchored(node, Node::make),
        }
    })
}

/// Changes children without losing the focus: what is moved, or made anew with the same id, has it again, and its pane
/// where it is gone.
pub(super) fn keep_focus<T>(change: impl FnOnce() -> T) -> T {
    let before = document().active_element();
    let pane = before.as_ref().and_then(|before| before.parent_element()?.closest(browser::PANE).ok()?);
    let result = change();
    if let Some(before) = before
        && document().active_element().as_ref() != Some(&before)
    {
        let now = if before.is_connected() { Some(before) } else { document().get_element_by_id(&before.id()) };
        let now = now.or_else(|| pane.filter(|pane| pane.is_connected()));
        if let Some(now) = now.and_then(|now| now.dyn_into::<HtmlElement>().ok()) {
            _ = now.focus();
        }
    }
    result
}

impl Parts {
    pub(super) fn into_state(
        self,
        element: &web_sys::Element,
        children: impl FnOnce(Vec<Node>) -> Vec<State>,
    ) -> ElementState {
        let is_silent = self.listeners.is_empty();
        for (event, call) in self.listeners {
            let call = Closure::<dyn Fn(web_sys::Event)>::new(call).into_js_value();
            _ = element.add_event_listener_with_callback(event, call.unchecked_ref());
        }
        let mut attributes = Vec::new();
        for (name, value) in &self.attributes {
            match value {
                // The server wrote it, or it is written now.
                Value::Fixed(value) if !element.has_attribute(name) => _ = element.set_attribute(name, value),
                Value::Fixed(_) => {}
                Value::Dynamic(make) => attributes.push(follow_attribute(element.clone(), name, Arc::clone(make))),
            }
        }
        ElementState {
            element: element.clone().into(),
            plain: (is_silent && attributes.is_empty()).then_some((self.tag, self.attributes)),
            _attributes: attributes,
            children: children(self.children),
        }
    }
}

fn follow_attribute(
    element: web_sys::Element,
    name: &'static str,
    make: Arc<dyn Fn() -> Option<String> + Send + Sync>,
) -> RenderEffect<Option<String>> {
    RenderEffect::new(move |before: Option<Option<String>>| {
        let value = make();
        let shown = before.unwrap_or_else(|| element.get_attribute(name));
        if value != shown {
            _ = match &value {
                Some(value) => element.set_attribute(name, value),
                None => element.remove_attribute(name),
            };
        }
        // Once a person used it, the attribute says nothing any more.
        if name == "checked"
            && let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>()
        {
            input.set_checked(value.is_some());
        }
        value
    })
}

impl ElementState {
    fn end(self) {
        self.children.into_iter().for_each(State::end);
    }
}

impl State {
    /// The nodes that stand in the parent, in order.
    pub(super) fn roots(&self) -> Vec<DomNode> {
        let mut out = Vec::new();
        self.collect_roots(&mut out);
        out
    }

    fn collect_roots(&self, out: &mut Vec<DomNode>) {
        match self {
            Self::Leaf(node) | Self::Element(ElementState { element: node, .. }) | Self::Part(node, _) => {
                out.push(node.clone());
            }
            Self::Text(text, anchor) => {
                let is_there = text.parent_node() == anchor.parent_node();
                let translated = || anchor.previous_sibling().filter(|node| node.node_name() == FONT);
                out.extend(if is_there { Some(text.clone()) } else { translated() });
                out.push(anchor.clone());
            }
            Self::Fragment(states) => states.iter().for_each(|state| state.collect_roots(out)),
            Self::Dynamic(effect) => _ = effect.with_value_mut(|state| state.collect_roots(out)),
            Self::Keyed(effect) => {
                effect.with_value_mut(|list| {
                    list.children.iter().for_each(|child| child.state.collect_roots(out));
                    out.push(list.end.clone());
                });
            }
        }
    }

    pub(super) fn insert(&self, parent: &DomNode, before: Option<&DomNode>) {
        for node in self.roots() {
            _ = parent.insert_before(&node, before);
        }
    }

    pub(super) fn remove(self) {
        for node in self.roots() {
            if let Some(parent) = node.parent_node() {
                _ = parent.remove_child(&node);
            }
        }
        self.end();
    }

    /// Ends its effects at once, those within too: a task that keeps an effect's value lives a little longer than the
    /// effect, and what runs in it meanwhile may read what is disposed of.
    pub(super) fn end(self) {
        match self {
            Self::Leaf(_) | Self::Text(..) => {}
            Self::Element(element) => element.end(),
            Self::Part(_, state) => _ = state.take().map(ElementState::end),
            Self::Fragment(states) => states.into_iter().for_each(Self::end),
            Self::Dynamic(effect) => _ = effect.take_value().map(Self::end),
            Self::Keyed(effect) => {
                let children = effect.take_value().map(|list| list.children);
                children.into_iter().flatten().for_each(|child| child.state.end());
            }
        }
    }

    /// Puts another node where this one stands. A text that stays a text only changes its words.
    pub(super) fn replace(mut self, node: Node) -> Self {
        let is_element = matches!(self, Self::Element(_));
        let Err(node) = (if is_element { Err(node) } else { self.adapt(node) }) else { return self };
        keep_focus(move || {
            let new = anchored(node, Node::make);
            let place = self.place();
            if let Some((place, parent)) = place.and_then(|place| place.parent_node().map(|parent| (place, parent))) {
                new.insert(&parent, Some(&place));
            }
            self.remove();
            new
        })
    }

    /// The first of its nodes.
    pub(super) fn place(&self) -> Option<DomNode> {
        self.roots().into_iter().next()
    }
}
