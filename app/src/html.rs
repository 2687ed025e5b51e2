//! Elements whose shape is known at run time only.
//!
//! Leptos' own views are types: each element, with its attributes and children, is compiled anew, six times over. For
//! this page that makes 1.4 MB of WASM. Here all of a page is one type, [`Node`]: a third of the size, and a view costs
//! next to nothing more. Signals, effects, rendering on the server and hydration are Leptos' as ever; `Node` is a Leptos
//! view, and the whole body is one.

mod alike;
mod dom;
mod hydrate;
mod list;
mod markup;
mod parts;
mod render;

use std::{borrow::Cow, sync::Arc};

use leptos::prelude::{Effect, Owner};

pub(crate) use parts::{all_hydrated, later};

/// A part of a page.
pub(crate) enum Node {
    Empty,
    Text(Cow<'static, str>),
    Element(Element),
    Fragment(Vec<Node>),
    /// Made again whenever a signal changes that it reads.
    Dynamic(Arc<dyn Fn() -> Node + Send + Sync>),
    /// Made again likewise; children whose keys stay keep their elements.
    Keyed(Arc<dyn Fn() -> Vec<Child> + Send + Sync>),
    Part(Part),
}

/// An element of this tag and class that is hydrated in a task of its own.
pub(crate) struct Part {
    tag: &'static str,
    class: &'static str,
    owner: Owner,
    make: Box<dyn FnOnce() -> Element + Send + Sync>,
}

/// A child of a keyed list: made only where its key is new.
pub(crate) struct Child {
    key: u64,
    /// The list's owner.
    parent: Owner,
    make: Box<dyn FnOnce() -> Node>,
}

/// An element. A pointer, because it is handed on at each step of its making.
pub(crate) struct Element(Box<Parts>);

struct Parts {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    listeners: Vec<(&'static str, Listener)>,
    children: Vec<Node>,
}

type Listener = Box<dyn Fn(web_sys::Event) + Send + Sync>;

/// An attribute's value. `None` leaves the attribute out.
enum Value {
    Fixed(Cow<'static, str>),
    Dynamic(Arc<dyn Fn() -> Option<String> + Send + Sync>),
}

/// An element without attributes and children.
pub(crate) fn el(tag: &'static str) -> Element {
    Element(Box::new(Parts { tag, attributes: Vec::new(), listeners: Vec::new(), children: Vec::new() }))
}

/// An element of this tag and class that is hydrated in its turn, after what is around it: all at once would hold up what
/// the person does. Until all have had theirs, no signal may change that a first view reads.
pub(crate) fn part(
    tag: &'static str,
    class: &'static str,
    make: impl FnOnce() -> Element + Send + Sync + 'static,
) -> Node {
    Node::Part(Part { tag, class, owner: Owner::current().unwrap_or_default(), make: Box::new(make) })
}

/// A part that follows the signals it reads.
pub(crate) fn dynamic<N: Into<Node>>(make: impl Fn() -> N + Send + Sync + 'static) -> Node {
    Node::Dynamic(Arc::new(move || make().into()))
}

/// A list that follows the signals it reads. Keys are unique within it.
pub(crate) fn each<T: 'static, N: Into<Node>>(
    items: impl Fn() -> Vec<(u64, T)> + Send + Sync + 'static,
    view: impl Fn(T) -> N + Send + Sync + 'static,
) -> Node {
    let view = Arc::new(view);
    // Not the owner of the list's own effect: that ends what it owns each time it runs.
    let owner = Owner::current().unwrap_or_default();
    Node::Keyed(Arc::new(move || {
        let child = |(key, item)| {
            let view = Arc::clone(&view);
            Child { key, parent: owner.clone(), make: Box::new(move || view(item).into()) }
        };
        items().into_iter().map(child).collect()
    }))
}

/// Runs in the browser, after the page is there and whenever a signal changes that it reads.
pub(crate) fn effect(run: impl Fn() + Send + Sync + 'static) {
    let run: Box<dyn Fn() + Send + Sync> = Box::new(run);
    Effect::new(move |_: Option<()>| run());
}

impl Element {
    // Kept out of line: each is called a hundred times.

    #[inline(never)]
    fn with_attribute(mut self, name: &'static str, value: Value) -> Self {
        self.0.attributes.push((name, value));
        self
    }

    #[inline(never)]
    fn with_listener(mut self, event: &'static str, call: Listener) -> Self {
        self.0.listeners.push((event, call));
        self
    }

    /// An element's own children are no fragments: they can be compared one by one.
    #[inline(never)]
    fn with_child(mut self, child: Node) -> Self {
        match child {
            Node::Fragment(nodes) if !nodes.is_empty() => {
                for node in nodes {
                    self = self.with_child(node);
                }
            }
            Node::Fragment(_) => self.0.children.push(Node::Empty),
            child => self.0.children.push(child),
        }
        self
    }

    #[inline(never)]
    fn with_word(self, name: &'static str, value: &'static str) -> Self {
        self.with_attribute(name, Value::Fixed(Cow::Borrowed(value)))
    }

    pub(crate) fn class(self, names: &'static str) -> Self {
        self.with_word("class", names)
    }

    pub(crate) fn id(self, id: &'static str) -> Self {
        self.with_word("id", id)
    }

    pub(crate) fn attr(self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.with_attribute(name, Value::Fixed(value.into()))
    }

    /// An attribute without a value.
    pub(crate) fn flag(self, name: &'static str) -> Self {
        self.attr(name, "")
    }

    /// An attribute that follows the signals it reads.
    pub(crate) fn attr_fn<V: Into<String>>(
        self,
        name: &'static str,
        value: impl Fn() -> Option<V> + Send + Sync + 'static,
    ) -> Self {
        self.with_attribute(name, Value::Dynamic(Arc::new(move || value().map(Into::into))))
    }

    /// Calls this for each event of this name that reaches the element.
    pub(crate) fn on(self, event: &'static str, call: impl Fn(web_sys::Event) + Send + Sync + 'static) -> Self {
        self.with_listener(event, Box::new(call))
    }

    /// Adds a child at the end.
    pub(crate) fn add(self, child: impl Into<Node>) -> Self {
        self.with_child(child.into())
    }

    /// Adds a child that follows the signals it reads.
    pub(crate) fn add_fn<N: Into<Node>>(self, make: impl Fn() -> N + Send + Sync + 'static) -> Self {
        self.add(dynamic(make))
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

impl From<&'static str> for Node {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<N: Into<Self>> From<Option<N>> for Node {
    fn from(node: Option<N>) -> Self {
        node.map_or(Self::Empty, Into::into)
    }
}

impl From<Vec<Self>> for Node {
    fn from(nodes: Vec<Self>) -> Self {
        Self::Fragment(nodes)
    }
}

impl Node {
    /// Several parts, one after the other.
    pub(crate) fn all<N: Into<Self>>(nodes: impl IntoIterator<Item = N>) -> Self {
        Self::Fragment(nodes.into_iter().map(Into::into).collect())
    }
}

impl Part {
    /// Makes it. To be called under its owner.
    fn make(self) -> Element {
        let element = (self.make)();
        debug_assert_eq!((element.0.tag, element.0.class()), (self.tag, Some(self.class)));
        element
    }
}

impl Parts {
    /// Its class, where that is always the same.
    fn class(&self) -> Option<&str> {
        self.attributes.iter().find_map(|(name, value)| match value {
            Value::Fixed(class) if *name == "class" => Some(class.as_ref()),
            _ => None,
        })
    }
}

impl Child {
    /// Makes it under an owner of its own, so that its signals last as long as its elements.
    fn make(self) -> (Owner, Node) {
        let owner = self.parent.child();
        let node = owner.with(self.make);
        (owner, node)
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{Get, RenderHtml, RwSignal};

    use super::*;

    fn html(node: impl Into<Node>) -> String {
        Owner::new().with(|| node.into().to_html())
    }

    /// UI-17: words and attributes cannot become markup.
    #[test]
    fn text_is_escaped() {
        let hostile = "<script>alert(\"1\")</script>&amp;".to_owned();
        let shown = html(el("p").attr("title", hostile.clone()).add(hostile));
        assert_eq!(
            shown,
            "<p title=\"&lt;script>alert(&quot;1&quot;)&lt;/script>&amp;amp;\">\
             &lt;script&gt;alert(\"1\")&lt;/script&gt;&amp;amp;</p>"
        );
    }

    /// UI-06: each part leaves exactly the nodes that hydration looks for.
    #[test]
    fn every_part_has_its_nodes() {
        assert_eq!(html(Node::Empty), "<!>");
        assert_eq!(html(""), "<!>");
        assert_eq!(html(Node::all(["a", "b"])), "a<!>b");
        assert_eq!(html(Node::Fragment(Vec::new())), "<!>");
        assert_eq!(html(Node::Fragment(vec!["a".into(), dynamic(|| "b"), el("br").into(), "c".into()])), "a<!>b<br>c");
        assert_eq!(html(each(|| vec![(1, "a"), (2, "b")], |text| el("li").add(text))), "<li>a</li><li>b</li><!>");
        assert_eq!(html(part("p", "b", || el("p").class("b").add("a"))), "<p class=\"b\">a</p>");
        let nested = el("p").add("a").add(Node::all(["b"])).add(Node::Fragment(Vec::new()));
        assert_eq!(html(nested), "<p>a<!>b<!></p>");
        assert_eq!(html(el("input").flag("required").attr_fn("value", || None::<String>)), "<input required=\"\">");
    }

    /// UI-06: what follows a signal shows its first value.
    #[test]
    fn dynamic_parts_are_rendered() {
        let shown = Owner::new().with(|| {
            let name = RwSignal::new("Ann".to_owned());
            let node: Node = el("p").attr_fn("lang", move || Some("en")).add_fn(move || name.get()).into();
            node.to_html()
        });
        assert_eq!(shown, "<p lang=\"en\">Ann</p>");
    }
}
