//! Makes a node a view of Leptos: the whole of a body, or of what is rendered on the server.

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::{AddAnyAttr, Mountable, Render, RenderHtml},
    tachys::{
        hydration::Cursor,
        view::{Position, PositionState},
    },
};

use super::{
    Node,
    dom::State,
    hydrate::Walk,
    markup::{self, Before},
};

impl Render for Node {
    type State = State;

    fn build(self) -> State {
        self.make()
    }

    fn rebuild(self, state: &mut State) {
        let old = std::mem::replace(state, State::Fragment(Vec::new()));
        *state = old.replace(self);
    }
}

impl RenderHtml for Node {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, out: &mut String, at: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {
        markup::write(self, out, Before::Other);
        *at = Position::NextChild;
    }

    /// Hydrates the children of the element at the cursor.
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, _: &PositionState) -> State {
        self.find(&Walk::into_children(cursor.current()))
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// A part of a page takes no attributes from outside.
impl AddAnyAttr for Node {
    type Output<New: Attribute> = Self;

    fn add_any_attr<New: Attribute>(self, _: New) -> Self {
        self
    }
}

impl Mountable for State {
    fn unmount(&mut self) {
        std::mem::replace(self, Self::Fragment(Vec::new())).remove();
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        self.insert(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let place = self.place();
        let parent = place.as_ref().and_then(web_sys::Node::parent_element);
        if let Some(parent) = &parent {
            child.mount(parent, place.as_ref());
        }
        parent.is_some()
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        Vec::new()
    }
}
