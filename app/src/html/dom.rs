//! Nodes as the browser's elements: made, found again by hydration, changed in place.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use leptos::{
    prelude::{Owner, RenderEffect, document},
    tachys::renderer::Rndr,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, Node as DomNode};

use super::{Child, Element, Node, Parts, Value, parts::later};
use crate::browser;

/// What a node became, kept as long as it is shown.
pub(crate) enum State {
    /// A text, or the comment that stands for what is empty.
    Leaf(DomNode),
    Element(ElementState),
    Fragment(Vec<State>),
    Dynamic(RenderEffect<State>),
    Keyed(RenderEffect<KeyedState>),
    /// An element, and what it is once it has had its turn.
    Part(DomNode, Rc<RefCell<Option<ElementState>>>),
}

/// An element with what follows signals in it.
pub(crate) struct ElementState {
    element: DomNode,
    // An effect runs as long as it is kept.
    _attributes: Vec<RenderEffect<Option<String>>>,
    children: Vec<State>,
}

/// The children of a keyed list, with the comment behind them.
pub(crate) struct KeyedState {
    children: Vec<KeyedChild>,
    end: DomNode,
}

struct KeyedChild {
    key: u64,
    state: State,
    // Behind the state: what is shown may read signals of its owner until it is gone.
    _owner: Owner,
}

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

    /// The next node, where it has this name.
    fn take(&self, name: &str) -> Option<DomNode> {
        let mut place = self.0.borrow_mut();
        let found = place.next.clone().filter(|node| node.node_name().eq_ignore_ascii_case(name))?;
        place.next = found.next_sibling();
        place.after_text = false;
        Some(found)
    }

    fn take_text(&self) -> Option<DomNode> {
        if self.0.borrow().after_text {
            self.take(COMMENT);
        }
        let found = self.take(TEXT);
        self.0.borrow_mut().after_text = true;
        found
    }

    /// Something else stands there than the server wrote: this part is made anew, and the rest goes on.
    fn make_instead(&self, node: Node) -> State {
        let state = node.make();
        let place = self.0.borrow();
        state.insert(&place.parent, place.next.as_ref());
        state
    }
}

/// What the DOM calls nodes that are no elements.
const TEXT: &str = "#text";
const COMMENT: &str = "#comment";

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
            Self::Element(element) => match walk.take(element.0.tag) {
                Some(found) => State::Element(element.find_as(&found)),
                None => walk.make_instead(Self::Element(element)),
            },
            Self::Part(part) => match walk.take(part.tag) {
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
            node => walk.take(COMMENT).map_or_else(|| walk.make_instead(node), State::Leaf),
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

fn placeholder() -> DomNode {
    document().create_comment("").into()
}

fn end_of(walk: &Walk) -> DomNode {
    walk.take(COMMENT).unwrap_or_else(|| {
        let State::Leaf(end) = walk.make_instead(Node::Empty) else { return placeholder() };
        end
    })
}

fn set_text(node: &DomNode, text: &str) {
    if node.node_value().as_deref() != Some(text) {
        node.set_node_value(Some(text));
    }
}

/// Shows what `make` makes: the first time as `first` says, then in its place.
fn follow(
    make: Arc<dyn Fn() -> Node + Send + Sync>,
    first: impl FnOnce(Node) -> State + 'static,
) -> RenderEffect<State> {
    let mut first: Option<Box<dyn FnOnce(Node) -> State>> = Some(Box::new(first));
    RenderEffect::new(move |before: Option<State>| {
        let node = make();
        match (before, first.take()) {
            (Some(before), _) => before.replace(node),
            (None, Some(first)) => first(node),
            (None, None) => node.make(),
        }
    })
}

/// Changes children without losing the focus: what is moved, or made anew with the same id, has it again, and its pane
/// where it is gone.
fn keep_focus<T>(change: impl FnOnce() -> T) -> T {
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

fn follow_list(
    list: Arc<dyn Fn() -> Vec<Child> + Send + Sync>,
    first: impl FnOnce(Vec<Child>) -> KeyedState + 'static,
) -> RenderEffect<KeyedState> {
    let mut first: Option<Box<dyn FnOnce(Vec<Child>) -> KeyedState>> = Some(Box::new(first));
    RenderEffect::new(move |before: Option<KeyedState>| {
        let children = list();
        match (before, first.take()) {
            (None, Some(first)) => first(children),
            (before, _) => {
                let none = || KeyedState { children: Vec::new(), end: placeholder() };
                keep_focus(|| before.unwrap_or_else(none).update(children))
            }
        }
    })
}

impl Parts {
    fn into_state(self, element: &web_sys::Element, children: impl FnOnce(Vec<Node>) -> Vec<State>) -> ElementState {
        for (event, call) in self.listeners {
            let call = Closure::<dyn Fn(web_sys::Event)>::new(call).into_js_value();
            _ = element.add_event_listener_with_callback(event, call.unchecked_ref());
        }
        let mut attributes = Vec::new();
        for (name, value) in self.attributes {
            match value {
                // The server wrote it, or it is written now.
                Value::Fixed(value) if !element.has_attribute(name) => _ = element.set_attribute(name, &value),
                Value::Fixed(_) => {}
                Value::Dynamic(make) => attributes.push(follow_attribute(element.clone(), name, make)),
            }
        }
        ElementState { element: element.clone().into(), _attributes: attributes, children: children(self.children) }
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

impl KeyedChild {
    fn of(child: Child, show: impl FnOnce(Node) -> State) -> Self {
        let key = child.key;
        let (owner, node) = child.make();
        let state = owner.with(|| show(node));
        Self { key, state, _owner: owner }
    }
}

impl KeyedChild {
    fn remove(self) {
        // The owner goes last.
        self.state.remove();
    }
}

impl ElementState {
    fn end(self) {
        self.children.into_iter().for_each(State::end);
    }
}

impl KeyedState {
    /// Keeps the children whose keys stay, makes the new ones, and puts all in order.
    fn update(self, children: Vec<Child>) -> Self {
        let Self { children: mut before, end } = self;
        let mut kept = |child: Child| match before.iter().position(|old| old.key == child.key) {
            Some(at) => before.remove(at),
            None => KeyedChild::of(child, Node::make),
        };
        let children: Vec<KeyedChild> = children.into_iter().map(&mut kept).collect();
        before.into_iter().for_each(KeyedChild::remove);
        let Some(parent) = end.parent_node() else { return Self { children, end } };
        let mut next = end.clone();
        for child in children.iter().rev() {
            let roots = child.state.roots();
            if roots.last().and_then(DomNode::next_sibling).as_ref() != Some(&next) {
                child.state.insert(&parent, Some(&next));
            }
            next = roots.into_iter().next().unwrap_or(next);
        }
        Self { children, end }
    }
}

impl State {
    /// The nodes that stand in the parent, in order.
    fn roots(&self) -> Vec<DomNode> {
        let mut out = Vec::new();
        self.collect_roots(&mut out);
        out
    }

    fn collect_roots(&self, out: &mut Vec<DomNode>) {
        match self {
            Self::Leaf(node) | Self::Element(ElementState { element: node, .. }) | Self::Part(node, _) => {
                out.push(node.clone());
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
    fn end(self) {
        match self {
            Self::Leaf(_) => {}
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
    pub(super) fn replace(self, node: Node) -> Self {
        match (&self, &node) {
            (Self::Leaf(shown), Node::Text(text)) if !text.is_empty() && shown.node_name() == TEXT => {
                set_text(shown, text);
                return self;
            }
            (Self::Leaf(shown), Node::Empty) if shown.node_name() == COMMENT => return self,
            _ => {}
        }
        keep_focus(move || {
            let new = node.make();
            let place = self.roots().into_iter().next();
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
