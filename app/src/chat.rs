//! The conversation on the page: what is said, what comes back, and going on after a cut.

mod commands;
mod completion;
mod composer;
mod dictation;
mod early;
mod events;
mod follow;
mod messages;
mod meta;
mod plain;
mod questions;
mod receipts;
mod refresh;
mod sending;
mod start;
mod steps;
mod turn;
mod undo;
mod unsent;

use gloo_net::http::Method;
use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{ConversationId, Cursor};
use send_wrapper::SendWrapper;
use serde::Deserialize;
use web_sys::AbortController;

pub(crate) use composer::{MESSAGE, composer};
pub use early::EarlyMessages;
pub(crate) use messages::{SCROLLER as MESSAGES, messages};
pub(crate) use plain::{PlainMessages, plain_messages};
pub(crate) use receipts::priority_words;

use crate::{
    api::{Api, Call, Fault},
    browser,
    conversations::Conversations,
    routes::{Route, Router, conversation_path},
    session::kept::{keep, kept},
    tasks::Tasks,
    words::Words,
};
use turn::{Activity, PastMessage, Turn, join, past_turns};
use unsent::Queue;

/// A turn with what the page needs beside it.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    /// Its place among the page's cells, for good.
    pub(crate) key: u32,
    pub(crate) turn: ArcRwSignal<Turn>,
    /// All tries of this turn carry this. Without it, it cannot be tried again: its effects might be repeated.
    idempotency: Option<String>,
    /// What the pane of tasks shows of it already.
    expected: Option<u32>,
}

/// What stands where the messages stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    Ready,
    Loading,
    /// There is no such conversation.
    Missing,
    Failed(Fault),
}

/// Messages before the first shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Older {
    None,
    At(Cursor),
    Loading,
}

/// One page of `GET …/messages`.
#[derive(Deserialize)]
struct MessagePage {
    items: Vec<PastMessage>,
    next_cursor: Option<Cursor>,
}

/// The chat.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chat {
    /// The conversation; `None` before the first message of a new one.
    pub(crate) conversation: RwSignal<Option<ConversationId>>,
    pub(crate) cells: RwSignal<Vec<Cell>>,
    /// Counts the tool results that came: one may take back what another receipt shows.
    tool_results: RwSignal<usize>,
    pub(crate) phase: RwSignal<Phase>,
    /// Counts the accounts that left: what the server wrote for one is not shown to the next.
    left: RwSignal<usize>,
    pub(crate) older: RwSignal<Older>,
    /// Finished messages, for those who listen.
    pub(crate) log: RwSignal<Vec<(u32, String)>>,
    queue: Queue,
    /// Whether one of the queue is under way.
    sending: StoredValue<bool>,
    /// Conversations that took nothing of the queue: turns that are not followed here run there.
    occupied: StoredValue<Vec<ConversationId>>,
    /// Words to put into the composer.
    pub(crate) suggested: RwSignal<Option<String>>,
    /// Whether something was said elsewhere while the conversation was loaded.
    is_stale: StoredValue<bool>,
    /// Counts conversations that were opened: what still runs for an earlier one is dropped.
    visit: StoredValue<u32>,
    next_key: StoredValue<u32>,
    connection: StoredValue<Option<SendWrapper<AbortController>>>,
    api: Api,
    router: Router,
    conversations: Conversations,
    tasks: Tasks,
    words: &'static Words,
}

/// So starts the key of a message that begins a conversation.
const BEGINS: &str = "new-";

/// How often, and after how long, a message is offered again while another turn of its conversation runs.
const PATIENCE: u32 = 60;
const PAUSE_MS: u64 = 1_000;
/// The same where nobody looks at that conversation.
const HELD_MS: u64 = 15_000;

/// The log keeps this many messages.
const LOG: usize = 5;

impl Chat {
    pub(crate) fn new(
        api: Api,
        router: Router,
        conversations: Conversations,
        tasks: Tasks,
        words: &'static Words,
    ) -> Self {
        let (conversation, phase) = addressed(router);
        Self {
            conversation: RwSignal::new(conversation),
            cells: RwSignal::new(Vec::new()),
            tool_results: RwSignal::new(0),
            phase: RwSignal::new(phase),
            left: RwSignal::new(0),
            older: RwSignal::new(Older::None),
            log: RwSignal::new(Vec::new()),
            queue: Queue::new(),
            sending: StoredValue::new(false),
            occupied: StoredValue::new(Vec::new()),
            suggested: RwSignal::new(None),
            is_stale: StoredValue::new(false),
            visit: StoredValue::new(0),
            next_key: StoredValue::new(0),
            connection: StoredValue::new(None),
            api,
            router,
            conversations,
            tasks,
            words,
        }
    }

    /// The turn that the agent is at: the last that the server knows of, else one of those that wait behind it.
    fn at_work(self) -> Option<Cell> {
        self.cells.with(|cells| {
            let mut found = None;
            for cell in cells.iter().rev() {
                let (runs, is_known) = cell.turn.with(|turn| (turn.is_running(), turn.id.is_some()));
                if runs {
                    found = Some(cell);
                }
                if is_known {
                    break;
                }
            }
            found.cloned()
        })
    }

    /// Whether the agent is at work.
    pub(crate) fn is_busy(self) -> bool {
        self.at_work().is_some()
    }

    /// Leaves what is shown and begins a new conversation.
    pub(crate) fn begin(self) {
        self.leave();
        self.conversation.set(None);
        self.phase.set(Phase::Ready);
        self.send_queued();
    }

    /// Forgets everything of an account.
    pub(crate) fn forget(self) {
        self.left.update(|left| *left += 1);
        self.queue.clear();
        undo::forget();
        self.leave();
        let (conversation, phase) = addressed(self.router);
        self.conversation.set(conversation);
        self.phase.set(phase);
    }

    /// Goes where the address leads, before it is known who is here.
    pub(crate) fn go_unknown(self) {
        self.leave();
        let (conversation, phase) = addressed(self.router);
        self.conversation.set(conversation);
        self.phase.set(phase);
        self.show_unsent(conversation);
    }

    /// Shows a conversation.
    pub(crate) fn open(self, id: ConversationId) {
        self.leave();
        self.conversation.set(Some(id));
        self.phase.set(Phase::Loading);
        self.show_unsent(Some(id));
        let visit = self.visit.get_value();
        spawn_local(async move {
            let page = self.page(id, None).await;
            if self.visit.get_value() != visit {
                return;
            }
            match page {
                Ok(page) => {
                    let turns = past_turns(page.items, self.words);
                    self.find_arrived(id, &turns);
                    self.older.set(page.next_cursor.map_or(Older::None, Older::At));
                    if !self.put_in_front(turns, visit).await {
                        return;
                    }
                    self.phase.set(Phase::Ready);
                    self.show_unsent(Some(id));
                    self.send_queued();
                    if self.is_stale.try_update_value(std::mem::take) == Some(true) {
                        self.refresh();
                    }
                    spawn_local(self.conversations.read(id));
                    self.follow_running(visit).await;
                }
                Err(Fault::SignedOut) => {}
                Err(fault) if fault.is_missing() => self.lose(),
                Err(fault) => {
                    self.phase.set(Phase::Failed(fault));
                    self.send_queued();
                }
            }
        });
    }

    /// Adds the turns of a conversation that is being opened, a few in each task and the last first, before what waits to
    /// be sent. Whether it is still this one that is open.
    async fn put_in_front(self, mut turns: Vec<Turn>, visit: u32) -> bool {
        const AT_ONCE: usize = 2;
        let waits = |cell: &Cell| cell.idempotency.as_ref().is_some_and(|key| self.queue.find(key).is_some());
        self.cells.update(|cells| cells.retain(waits));
        while !turns.is_empty() {
            let some = turns.split_off(turns.len().saturating_sub(AT_ONCE));
            let some: Vec<Cell> = some.into_iter().map(|turn| self.cell(turn)).collect();
            self.cells.update(|cells| drop(cells.splice(0..0, some)));
            browser::pause().await;
            if self.visit.get_value() != visit {
                return false;
            }
        }
        true
    }

    /// What is open is not there, or not any more.
    pub(crate) fn lose(self) {
        self.leave();
        self.phase.set(Phase::Missing);
        self.show_unsent(self.conversation.get_untracked());
        self.send_queued();
    }

    fn leave(self) {
        self.visit.update_value(|visit| *visit += 1);
        if let Some(connection) = self.connection.try_update_value(Option::take).flatten() {
            connection.abort();
        }
        self.is_stale.set_value(false);
        self.occupied.set_value(Vec::new());
        self.cells.set(Vec::new());
        self.older.set(Older::None);
        self.log.set(Vec::new());
    }

    async fn page(self, id: ConversationId, cursor: Option<&Cursor>) -> Result<MessagePage, Fault> {
        let mut path = "/conversations/".to_owned() + &id.to_string() + "/messages";
        if let Some(cursor) = cursor {
            path.push_str("?cursor=");
            path.push_str(&browser::escape(cursor.as_str()));
        }
        self.api.json(Call::get(self.api.path(&path).await?)).await
    }

    /// Puts the page before in front of what is shown.
    pub(crate) async fn load_older(self) {
        let Older::At(cursor) = self.older.get_untracked() else { return };
        let Some(id) = self.conversation.get_untracked() else { return };
        let visit = self.visit.get_value();
        self.older.set(Older::Loading);
        let page = self.page(id, Some(&cursor)).await;
        if self.visit.get_value() != visit {
            return;
        }
        let Ok(page) = page else { return self.older.set(Older::At(cursor)) };
        let mut turns = past_turns(page.items, self.words);
        self.cells.update(|cells| {
            let cut = cells.first().filter(|cell| {
                let id = cell.turn.with_untracked(|turn| turn.id);
                turns.last().is_some_and(|last| last.id == id)
            });
            if let (Some(cell), Some(half)) = (cut, turns.len().checked_sub(1)) {
                let half = turns.swap_remove(half);
                cell.turn.update(|turn| join(half, turn));
            }
            cells.splice(0..0, turns.into_iter().map(|turn| self.cell(turn)).collect::<Vec<_>>());
        });
        self.older.set(page.next_cursor.map_or(Older::None, Older::At));
    }

    fn cell(self, turn: Turn) -> Cell {
        self.next_key.update_value(|key| *key += 1);
        let idempotency = turn.id.and_then(|id| kept(&key_of(id)));
        Cell { key: self.next_key.get_value(), turn: ArcRwSignal::new(turn), idempotency, expected: None }
    }

    /// What the person said last in this conversation.
    fn last_said(self) -> Option<String> {
        self.cells.with_untracked(|cells| {
            cells
                .iter()
                .rev()
                .map(|cell| cell.turn.with_untracked(|turn| turn.said.clone()))
                .find(|said| !said.is_empty())
        })
    }

    fn is_busy_untracked(self) -> bool {
        untrack(|| self.is_busy())
    }

    /// Asks the agent to stop. What was done stays done.
    pub(crate) async fn stop(self) {
        let Some(cell) = untrack(|| self.at_work()) else { return };
        cell.turn.update(|turn| turn.set_activity(Activity::Stopping));
        // What has not begun is stopped when it begins.
        let Some(id) = self.conversation.get_untracked() else { return };
        let path = "/conversations/".to_owned() + &id.to_string() + "/stop";
        let stopped = match self.api.path(&path).await {
            Ok(path) => self.api.send(Call::new(Method::POST, path)).await.map(drop),
            Err(fault) => Err(fault),
        };
        if stopped.is_err() {
            cell.turn.update(|turn| turn.set_activity(Activity::Working));
        }
    }

    /// The first message of a new conversation was taken.
    fn adopt(self, id: ConversationId) {
        if self.conversation.get_untracked().is_some() {
            return;
        }
        // What was typed meanwhile belongs to the conversation now.
        keep(&draft_key(Some(id)), &kept(&draft_key(None)).unwrap_or_default());
        keep(&draft_key(None), "");
        self.conversation.set(Some(id));
        self.router.replace(&conversation_path(id));
        self.conversations.refresh();
    }

    fn speak(self, words: String) {
        self.next_key.update_value(|key| *key += 1);
        let key = self.next_key.get_value();
        self.log.update(|log| {
            log.push((key, words));
            let extra = log.len().saturating_sub(LOG);
            log.drain(..extra);
        });
    }

    /// What the header calls the conversation.
    pub(crate) fn title(self) -> Option<String> {
        let id = self.conversation.get()?;
        self.conversations.title(id).or_else(|| {
            // Before its first message is known, it has no name.
            if self.phase.get() != Phase::Ready || self.older.get() != Older::None {
                return None;
            }
            let said = self.cells.with(|cells| cells.first().map(|cell| cell.turn.with(|turn| turn.said.clone())));
            said.filter(|said| !said.is_empty()).map(|said| said.chars().take(60).collect())
        })
    }
}

impl Cell {
    /// Whether the person wrote it here. What the pane of tasks sends, and other tabs, is not looked at.
    fn is_written_here(&self) -> bool {
        self.idempotency.is_some() && self.expected.is_none()
    }

    /// Whether it can be sent again without doing anything twice.
    pub(crate) fn can_retry(&self) -> bool {
        self.idempotency.is_some()
    }
}

/// What the address leads to, before anything of it is loaded: what is written counts for that from the start.
fn addressed(router: Router) -> (Option<ConversationId>, Phase) {
    match router.route.get_untracked() {
        Route::Conversation(id) => (Some(id), Phase::Loading),
        _ => (None, Phase::Ready),
    }
}

/// Where this tab keeps what is being typed.
pub(crate) fn draft_key(conversation: Option<ConversationId>) -> String {
    "draft:".to_owned() + &conversation.map_or_else(|| "new".to_owned(), |id| id.to_string())
}

/// Where this tab keeps the key of a turn that may be tried again.
fn key_of(turn: saydo_contract::TurnId) -> String {
    "key:".to_owned() + &turn.to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{PageRequest, app::Page};

    pub(super) fn on_page<T>(path: &str, look: impl FnOnce(Chat) -> T) -> T {
        let request = PageRequest { path: path.into(), signed_in: true, ..PageRequest::default() };
        Owner::new().with(|| look(Page::new(&request).chat))
    }

    /// UI-61: what is written before anything is loaded belongs to the conversation of the address.
    #[test]
    fn the_address_names_the_conversation_from_the_start() {
        let now = |chat: Chat| (chat.conversation.get_untracked(), chat.phase.get_untracked());
        assert_eq!(on_page("/c/5", now), (Some(5.try_into().unwrap()), Phase::Loading));
        assert_eq!(on_page("/", now), (None, Phase::Ready));
        let forgotten = on_page("/c/5", |chat| {
            chat.forget();
            now(chat)
        });
        assert_eq!(forgotten, (Some(5.try_into().unwrap()), Phase::Loading));
    }

    /// UI-26: a turn's own events are known where messages wait behind it, and not where another turn came after it.
    #[test]
    fn a_turn_is_followed_where_messages_wait_behind_it() {
        let known = |id: i64, state| Turn { id: Some(id.try_into().unwrap()), state, ..Turn::sent("a".into()) };
        let running = || known(7, turn::State::Running(Activity::Working));
        let follows = |after: Turn| {
            on_page("/c/5", |chat| {
                let cell = |turn| Cell { key: 1, turn: ArcRwSignal::new(turn), idempotency: None, expected: None };
                chat.cells.set(vec![cell(running()), cell(after)]);
                chat.follows(7.try_into().unwrap())
            })
        };
        assert!(follows(Turn { state: turn::State::Queued, ..Turn::sent("later".into()) }));
        assert!(!follows(known(8, turn::State::Completed)));
    }

    /// UI-54: the turn that runs is the one at work, also where messages wait behind it.
    #[test]
    fn the_turn_at_work_may_have_others_behind_it() {
        let shown = |turns: Vec<Turn>| {
            on_page("/c/5", |chat| {
                let cell = |turn| Cell { key: 1, turn: ArcRwSignal::new(turn), idempotency: None, expected: None };
                chat.cells.set(turns.into_iter().map(cell).collect());
                untrack(|| chat.at_work()).map(|cell| cell.turn.with_untracked(|turn| turn.said.clone()))
            })
        };
        let known = |said: &str, state| Turn { id: Some(7.try_into().unwrap()), state, ..Turn::sent(said.into()) };
        let queued = || Turn { state: turn::State::Queued, ..Turn::sent("later".into()) };
        let running = || turn::State::Running(Activity::Working);
        assert_eq!(shown(vec![known("a", running()), queued()]).as_deref(), Some("a"));
        assert_eq!(shown(vec![known("a", running()), Turn::sent("b".into())]).as_deref(), Some("a"));
        assert_eq!(shown(vec![known("a", turn::State::Completed), Turn::sent("b".into())]).as_deref(), Some("b"));
        assert_eq!(shown(vec![known("a", running()), known("b", turn::State::Completed), queued()]), None);
    }
}
