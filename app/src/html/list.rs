//! Lists whose children have keys.

use std::sync::Arc;

use leptos::prelude::{Owner, RenderEffect};
use web_sys::Node as DomNode;

use super::{
    Child, Node,
    dom::{State, keep_focus, placeholder},
};

/// The children of a keyed list, with the comment behind them.
pub(crate) struct KeyedState {
    pub(super) children: Vec<KeyedChild>,
    pub(super) end: DomNode,
}

pub(super) struct KeyedChild {
    pub(super) key: u64,
    pub(super) state: State,
    // Behind the state: what is shown may read signals of its owner until it is gone.
    pub(super) _owner: Owner,
}

pub(super) fn follow_list(
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

impl KeyedChild {
    pub(super) fn of(child: Child, show: impl FnOnce(Node) -> State) -> Self {
        let key = child.key;
        let (owner, node) = child.make();
        let state = owner.with(|| show(node));
        Self { key, state, _owner: owner }
    }

    fn remove(self) {
        // The owner goes last.
        self.state.remove();
    }

    /// Makes way for a child of the same place, or becomes it.
    fn turn_into(mut self, child: Child) -> Self {
        let key = child.key;
        let (owner, node) = child.make();
        match owner.with(|| self.state.adapt(node)) {
            Ok(()) => Self { key, state: self.state, _owner: owner },
            Err(node) => {
                self.remove();
                Self { key, state: owner.with(|| node.make()), _owner: owner }
            }
        }
    }
}

impl KeyedState {
    /// Keeps the children whose keys stay, makes the new ones, and puts all in order.
    fn update(self, children: Vec<Child>) -> Self {
        let Self { children: mut before, end } = self;
        // The last one may have grown, such as the paragraph that is being written: then it keeps its elements.
        let count = before.len();
        let mut last = before.pop_if(|last| children.iter().all(|child| child.key != last.key));
        let mut kept = |(at, child): (usize, Child)| match before.iter().position(|old| old.key == child.key) {
            Some(at) => before.remove(at),
            None => match last.take_if(|_| at + 1 == count) {
                Some(last) => last.turn_into(child),
                None => KeyedChild::of(child, Node::make),
            },
        };
        let children: Vec<KeyedChild> = children.into_iter().enumerate().map(&mut kept).collect();
        before.into_iter().for_each(KeyedChild::remove);
        if let Some(last) = last {
            last.remove();
        }
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
