//! The messages, and staying at their end while more come.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::ConversationId;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element as DomElement, ResizeObserver};

use super::{
    Chat, Older, Phase,
    early::{EARLY, early},
    start::start,
    steps::{progress, turn_view},
};
use crate::{
    api::Fault,
    app::Page,
    browser,
    html::{Element, Node, dynamic, each, effect, el},
    icons::{Icon, icon},
    notice::{again_button, empty, error_notice, out_of_reach, skeleton},
};

/// The part that scrolls.
pub(crate) const SCROLLER: &str = "messages";
const CONTENT: &str = "messages-content";

/// So near to the end, in CSS pixels, the view moves along.
const NEAR: i32 = 80;

/// Where the person is in the messages.
#[derive(Debug, Clone, Copy)]
struct Place {
    at_end: RwSignal<bool>,
    /// Something came while the person read further up.
    unseen: RwSignal<bool>,
    top: StoredValue<i32>,
    /// The distance to the end that is kept while earlier messages are put in front.
    held: StoredValue<Option<i32>>,
    /// How far from the end of what the server wrote of a conversation the person reads.
    early: StoredValue<Option<(ConversationId, i32)>>,
}

fn scroller() -> Option<DomElement> {
    browser::by_id(SCROLLER)
}

impl Place {
    fn new() -> Self {
        Self {
            at_end: RwSignal::new(true),
            unseen: RwSignal::new(false),
            top: StoredValue::new(0),
            held: StoredValue::new(None),
            early: StoredValue::new(None),
        }
    }

    /// Takes up where the person reads what the server wrote.
    fn begin(self, chat: Chat) {
        if let Some(id) = chat.conversation.get_untracked()
            && browser::exists(EARLY)
        {
            self.early.set_value(Some((id, 0)));
            self.scrolled();
        }
    }

    /// The page's own messages have come, or what the person said.
    fn come(self, conversation: Option<ConversationId>) {
        let read = self.early.try_update_value(Option::take).flatten();
        match (read, scroller()) {
            (Some((id, distance)), Some(scroller)) if conversation == Some(id) && distance >= NEAR => {
                scroller.set_scroll_top(scroller.scroll_height() - scroller.client_height() - distance);
                self.top.set_value(scroller.scroll_top());
            }
            _ => self.to_end(),
        }
    }

    fn to_end(self) {
        if self.unseen.try_set(false).is_some() || self.at_end.try_set(true).is_some() {
            return;
        }
        if let Some(scroller) = scroller() {
            self.show_end(&scroller);
        }
    }

    fn show_end(self, scroller: &DomElement) {
        scroller.set_scroll_top(scroller.scroll_height());
        self.top.set_value(scroller.scroll_top());
    }

    /// Only scrolling up leaves the end, however little: content that grows or shrinks does not. Scrolling down to near
    /// the end comes back to it.
    fn scrolled(self) {
        let Some(scroller) = scroller() else { return };
        let top = scroller.scroll_top();
        let before = self.top.try_update_value(|before| std::mem::replace(before, top)).unwrap_or(top);
        let is_early = self.early.with_value(Option::is_some) && browser::exists(EARLY);
        // Its zero is the end.
        let below = if is_early { -top } else { scroller.scroll_height() - top - scroller.client_height() };
        if is_early {
            self.early.update_value(|early| early.iter_mut().for_each(|early| early.1 = below));
        }
        let is_up = top < before && below > 1;
        let near = below < NEAR && !is_up;
        let at_end = near || (self.at_end.get_untracked() && !is_up);
        if self.at_end.get_untracked() != at_end {
            self.at_end.set(at_end);
        }
        if near && self.unseen.get_untracked() {
            self.unseen.set(false);
        }
    }

    fn hold(self) {
        let distance = scroller().map(|scroller| scroller.scroll_height() - scroller.scroll_top());
        self.held.set_value(distance);
    }

    fn resized(self, chat: Chat) {
        let Some(scroller) = scroller() else { return };
        if let Some(distance) = self.held.try_update_value(Option::take).flatten() {
            scroller.set_scroll_top(scroller.scroll_height() - distance);
        } else if self.at_end.try_get_untracked() == Some(true) {
            // Content that shrank has scrolled up by itself; that is told later, when it may have grown again.
            self.show_end(&scroller);
        } else if untrack(|| chat.is_busy()) {
            self.unseen.try_set(true);
        }
    }

    /// Watches the height of the content, whatever makes it grow, and of the window onto it.
    fn watch(self, chat: Chat) {
        let resized = Closure::<dyn Fn()>::new(move || self.resized(chat)).into_js_value();
        let Ok(observer) = ResizeObserver::new(resized.unchecked_ref()) else { return };
        [SCROLLER, CONTENT].into_iter().filter_map(browser::by_id).for_each(|element| observer.observe(&element));
    }
}

/// Looks at the end of what the server wrote: something is said there.
pub(super) fn to_early_end() {
    if let (true, Some(scroller)) = (browser::exists(EARLY), scroller()) {
        scroller.set_scroll_top(0);
    }
}

/// The conversation.
pub(crate) fn messages(page: Page) -> Element {
    let Page { words, chat, .. } = page;
    let place = Place::new();
    effect(move || {
        place.begin(chat);
        place.watch(chat);
    });
    // A new conversation, and a message of one's own, are looked at from their end.
    let last = Memo::new(move |_| {
        let last = chat.cells.with(|cells| cells.iter().rev().find(|cell| cell.is_written_here()).map(|cell| cell.key));
        (chat.conversation.get(), last)
    });
    effect(move || {
        let (conversation, _) = last.get();
        let is_early = chat.phase.get() == Phase::Loading && place.early.with_value(Option::is_some);
        if !is_early {
            // When all of it is there, and before it is drawn: what the server wrote may be as high as what follows it.
            // The first page's own messages are work enough for one task.
            let come = move || place.come(conversation);
            if place.early.with_value(Option::is_some) { browser::next_frame(come) } else { browser::soon(come) }
        }
    });
    let content = el("div")
        .id(CONTENT)
        .class("messages-content")
        .add(el("h2").id("messages-title").class("visually-hidden").add(words.messages))
        .add(before_turns(page, place))
        .add(turns(page));
    let scroller = el("div")
        .id(SCROLLER)
        .class("messages")
        .attr("role", "region")
        .attr("aria-labelledby", "messages-title")
        .attr("tabindex", "0")
        .on("scroll", move |_| place.scrolled())
        .add(content);
    let unseen = move || {
        place.unseen.get().then(|| {
            el("button")
                .attr("type", "button")
                .class("button new-messages")
                .on("click", move |_| place.to_end())
                .add(icon(Icon::Down))
                .add(words.new_messages)
        })
    };
    // Each finished message comes in here once; what is being written stands outside.
    let finished = move || chat.log.get().into_iter().map(|(key, words)| (key.into(), words)).collect();
    let log = el("div")
        .attr("role", "log")
        .attr("aria-label", words.log)
        .class("visually-hidden")
        .add(each(finished, |words| el("p").add(words)));
    // The progress has a place of its own: neither an answer that grows moves it, nor does it move an answer.
    el("div").class("messages-frame").add(scroller).add_fn(unseen).add(progress(page)).add(log)
}

/// What stands before the turns: the way to earlier ones, or what there is instead of any.
fn before_turns(page: Page, place: Place) -> Node {
    let Page { words, chat, session, .. } = page;
    let is_empty = Memo::new(move |_| chat.cells.with(Vec::is_empty));
    // Made anew where one of them changes, not where it is set.
    let state = Memo::new(move |_| {
        let phase = chat.phase.get();
        let loading = (phase == Phase::Loading).then(|| (page.router.route.get(), chat.left.get()));
        (session.fault.get(), phase, loading)
    });
    let written = StoredValue::new(early(page));
    dynamic(move || match state.get() {
        // The banner says so, and a message can be written all the same.
        (Some(Fault::Unreachable), phase, _) if session.network.away.get() => match phase {
            Phase::Ready => ready(page, place, is_empty),
            _ => out_of_reach(words).into(),
        },
        (Some(fault), ..) => {
            let again = again_button(words).on("click", move |_| session.restore());
            error_notice(el("p").add(fault.message(words)), again).into()
        }
        (None, Phase::Loading, _) => {
            let told = el("p").class("visually-hidden").attr("role", "status").add(words.loading_messages);
            // The server wrote those of the conversation that was opened first.
            let early = written.try_update_value(Option::take).flatten();
            Node::all([told, early.unwrap_or_else(|| skeleton(5))])
        }
        (None, Phase::Missing, _) => {
            let away = el("a").class("button button-primary").attr("href", "/").add(words.new_chat);
            empty(words.conversation_missing, words.conversation_missing_lead).add(away).into()
        }
        (None, Phase::Failed(_), _) => {
            let again = again_button(words).on("click", move |_| {
                if let Some(id) = chat.conversation.get_untracked() {
                    chat.open(id);
                }
            });
            error_notice(el("p").add(words.messages_failed), again).into()
        }
        (None, Phase::Ready, _) => ready(page, place, is_empty),
    })
}

fn ready(page: Page, place: Place, is_empty: Memo<bool>) -> Node {
    if is_empty.get() { start(page).into() } else { dynamic(move || older(page, place)) }
}

fn turns(page: Page) -> Node {
    let phase = page.chat.phase;
    let cells = move || page.chat.cells.get().into_iter().map(|cell| (cell.key.into(), cell)).collect();
    each(cells, move |cell| {
        // Those of a conversation that is being opened are shown once all are there.
        let is_early = phase.get_untracked() == Phase::Loading && cell.turn.with_untracked(|turn| turn.id.is_some());
        let turn = turn_view(page, cell);
        let hidden = move || (phase.get() == Phase::Loading).then_some("");
        if is_early { turn.attr_fn("hidden", hidden) } else { turn }
    })
}

fn older(page: Page, place: Place) -> Option<Element> {
    let Page { words, chat, .. } = page;
    let older = chat.older.get();
    (older != Older::None).then(|| {
        el("button")
            .attr("type", "button")
            .id("earlier")
            .class("button button-quiet earlier")
            .attr_fn("aria-disabled", move || (older == Older::Loading).then_some("true"))
            .on("click", move |_| {
                place.hold();
                spawn_local(chat.load_older());
            })
            .add(words.earlier_messages)
    })
}
