//! Sending messages: one after the other, in the order they were written; what cannot be sent waits.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{ChatRequest, ConversationId, InvalidText, MessageText};

use super::{
    BEGINS, Cell, Chat, HELD_MS, PATIENCE, PAUSE_MS, Phase, draft_key,
    follow::Follow,
    key_of,
    messages::to_early_end,
    turn::{Activity, State, Turn, failure},
    unsent::{Place, Unsent},
};
use crate::{
    api::{Call, Fault},
    browser,
    session::kept::{self, keep, kept},
    time_zone::time_zone,
};

/// Whether what waits can be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Wait,
}

/// Whether somebody else is signed in by now than who wrote.
fn is_of_another(author: Option<&str>) -> bool {
    author.is_some() && author != kept::owner().as_deref()
}

impl Chat {
    /// Says something; while the agent is at work it waits. Nothing is sent where it is no message.
    pub(crate) fn say(self, text: &str) -> Result<(), InvalidText> {
        let message = text.parse()?;
        // A digit, `y` or `n` stands for the answer that the question offers.
        let answer = self.typed_answer(text).and_then(|answer| answer.parse().ok());
        _ = self.begin_turn(&answer.unwrap_or(message), None);
        Ok(())
    }

    /// Says what a button offers: once, and not while the agent is at work.
    pub(crate) fn pick(self, text: &str) {
        if !self.is_busy_untracked() {
            _ = self.say(text);
        }
    }

    pub(super) fn begin_turn(self, message: &MessageText, expected: Option<u32>) -> String {
        self.tasks.toasts.leave();
        let said = message.as_str().to_owned();
        let conversation = self.conversation.get_untracked();
        let (start, after) = self.cells.with_untracked(|cells| {
            let waits =
                |cell: &&Cell| cell.turn.with_untracked(|turn| turn.state == State::Queued || turn.is_running());
            let begins = |cell: &Cell| cell.idempotency.clone().filter(|key| key.starts_with(BEGINS));
            let start = cells.iter().filter(waits).find_map(begins).filter(|_| conversation.is_none());
            (start, cells.iter().rev().find_map(|cell| cell.turn.with_untracked(|turn| turn.id)))
        });
        let begins = conversation.is_none() && start.is_none();
        let key = if begins { BEGINS.to_owned() + &browser::random_key() } else { browser::random_key() };
        let turn = Turn { state: State::Queued, ..Turn::sent(said.clone()) };
        let cell = Cell { idempotency: Some(key.clone()), expected, ..self.cell(turn) };
        self.cells.update(|cells| cells.push(cell));
        // Who changes a task goes on reading where they read.
        if expected.is_none() {
            to_early_end();
        }
        if let Some(id) = conversation {
            self.conversations.move_up(id);
        }
        self.queue.add(Unsent { said, key: key.clone(), conversation, start, after, refused: false, expected });
        self.send_queued();
        key
    }

    pub(super) fn is_loading(self) -> bool {
        self.phase.with_untracked(|phase| *phase == Phase::Loading)
    }

    /// What runs elsewhere came to its end, or may have: its conversation takes what waits for it.
    pub(crate) fn send_held(self) {
        self.occupied.set_value(Vec::new());
        self.send_queued();
    }

    /// Sends what waits, unless that is under way, or the agent is at work here.
    pub(crate) fn send_queued(self) {
        if is_of_another(self.queue.owner().as_deref())
            || self.sending.get_value()
            || self.is_loading()
            || self.is_busy_untracked()
            || self.api.network().away.get_untracked()
        {
            return;
        }
        let Some(unsent) = self.queue.next(&self.occupied.get_value()) else { return };
        self.sending.set_value(true);
        spawn_local(async move {
            // That of a conversation that is not shown is read there.
            let shown = self.cell_of(&unsent.key);
            let cell = shown.clone().unwrap_or_else(|| {
                let turn = Turn::sent(unsent.said.clone());
                Cell { idempotency: Some(unsent.key.clone()), expected: unsent.expected, ..self.cell(turn) }
            });
            cell.turn.update(Turn::retry);
            let next = self.send(&cell).await;
            self.sending.set_value(false);
            if shown.is_none() && self.queue.find(&unsent.key).is_none() {
                self.drop_cells(&[unsent.key]);
            }
            if next == Next::GoOn {
                self.send_queued();
            }
        });
    }

    /// Sends a turn's message again, under the same key.
    pub(crate) fn retry(self, cell: &Cell) {
        if !cell.can_retry() || self.is_busy_untracked() {
            return;
        }
        if cell.turn.with_untracked(|turn| turn.id.is_none()) {
            self.cells.update(|cells| {
                cells.retain(|other| other.key != cell.key);
                cells.push(cell.clone());
            });
        }
        self.tasks.toasts.leave();
        cell.turn.update(Turn::retry);
        let cell = cell.clone();
        spawn_local(async move {
            if self.send(&cell).await == Next::GoOn {
                self.send_queued();
            }
        });
    }

    fn cell_of(self, key: &str) -> Option<Cell> {
        self.cells.with_untracked(|cells| cells.iter().find(|cell| cell.idempotency.as_deref() == Some(key)).cloned())
    }

    /// Whether a turn is among those that the page shows.
    pub(super) fn is_shown(self, cell: &Cell) -> bool {
        self.cells.with_untracked(|cells| cells.iter().any(|other| other.key == cell.key))
    }

    async fn send(self, cell: &Cell) -> Next {
        let visit = self.visit.get_value();
        let key = cell.idempotency.clone().unwrap_or_default();
        let author = self.queue.owner();
        let sent = self.post_in_turn(cell, visit, author.as_deref()).await;
        let conversation = self.queue.find(&key).and_then(|unsent| unsent.conversation);
        let is_begun = cell.turn.with_untracked(|turn| turn.id.is_some());
        match sent {
            // It is over, although its beginning is not told any more.
            Ok(Follow::Ended) => self.queue.forget(&key),
            // Where it is not known to have arrived it is sent again.
            Ok(Follow::Left) if self.queue.find(&key).is_some() => return Next::GoOn,
            Ok(Follow::Left) => {}
            Ok(Follow::Cut) if is_begun && !self.is_shown(cell) => {}
            Ok(Follow::Cut) if is_begun => self.resume(cell, visit).await,
            // Where the person left meanwhile, or more waits, or it is asked again who that is, it goes on waiting.
            Err(Fault::SignedOut)
                if !self.is_shown(cell)
                    || self.queue.all().len() > 1
                    || is_of_another(author.as_deref())
                    || self.api.is_unknown() =>
            {
                cell.turn.update(|turn| turn.state = State::Queued);
                return Next::Wait;
            }
            Err(Fault::SignedOut) => {
                self.keep_as_draft(cell);
                return Next::Wait;
            }
            Ok(Follow::Cut) | Err(Fault::Unreachable) if !is_begun && !self.api.network().check().await => {
                self.queue.set_refused(&key, false);
                cell.turn.update(|turn| turn.state = State::Queued);
                return Next::Wait;
            }
            // It goes on waiting until that turn is over.
            Err(fault) if fault.is_in_progress() && conversation.is_some() => {
                self.queue.set_refused(&key, false);
                cell.turn.update(|turn| turn.state = State::Queued);
                self.hold(conversation);
                return Next::GoOn;
            }
            Ok(Follow::Cut) => self.refuse(cell, &Fault::Unreachable),
            Err(fault) => self.refuse(cell, &fault),
        }
        self.settle(cell);
        self.conversations.refresh();
        Next::GoOn
    }

    /// Sends nothing to a conversation until its turn is over.
    fn hold(self, conversation: Option<ConversationId>) {
        let was_free = self.occupied.with_value(Vec::is_empty);
        self.occupied.update_value(|occupied| occupied.extend(conversation));
        if was_free {
            spawn_local(async move {
                // Its end may go unheard.
                browser::wait(HELD_MS).await;
                self.send_held();
            });
        }
    }

    /// The message was not taken, nor is what was to follow it.
    fn refuse(self, cell: &Cell, fault: &Fault) {
        let key = cell.idempotency.clone().unwrap_or_default();
        let followers = self.queue.all().into_iter().filter(|unsent| unsent.start.as_ref() == Some(&key));
        for key in followers.map(|unsent| unsent.key).chain([key.clone()]) {
            let unsent = self.queue.find(&key);
            if let Some(number) = unsent.as_ref().and_then(|unsent| unsent.expected) {
                self.tasks.give_up(number, &fault.message(self.words));
            }
            if fault.is_retryable() {
                self.queue.set_refused(&key, true);
            } else {
                self.queue.forget(&key);
            }
            match self.cell_of(&key) {
                Some(cell) => cell.turn.update(|turn| turn.fail(failure(fault, self.words))),
                None if fault.is_retryable() => {}
                None => {
                    let said = unsent.map_or_else(|| cell.turn.with_untracked(|turn| turn.said.clone()), |it| it.said);
                    self.tasks.alert("“\u{2068}".to_owned() + &said + "\u{2069}”: " + &fault.message(self.words));
                }
            }
        }
    }

    /// Sends a message; where another tab's turn is under way, again when that should be over.
    async fn post_in_turn(self, cell: &Cell, visit: u32, author: Option<&str>) -> Result<Follow, Fault> {
        let mut tries = 0;
        loop {
            tries += 1;
            let posted = self.post(cell, visit, author).await;
            let waits = matches!(&posted, Err(fault) if fault.is_in_progress()) && self.is_shown(cell);
            if !waits || tries > PATIENCE {
                return posted;
            }
            cell.turn.update(|turn| turn.set_activity(Activity::Waiting));
            browser::wait(PAUSE_MS).await;
        }
    }

    async fn post(self, cell: &Cell, visit: u32, author: Option<&str>) -> Result<Follow, Fault> {
        let key = cell.idempotency.clone().unwrap_or_default();
        let path = self.api.path("/chat").await?;
        // Meanwhile it may have turned out that somebody else is signed in: then it waits for who wrote it.
        if is_of_another(author) {
            return Ok(Follow::Left);
        }
        let kept = self.queue.find(&key).and_then(|unsent| unsent.conversation);
        let conversation = kept.or_else(|| self.conversation.get_untracked().filter(|_| self.is_shown(cell)));
        // All tries are one request: what began a conversation begins it each time.
        let conversation_id = conversation.filter(|_| !key.starts_with(BEGINS));
        let said = cell.turn.with_untracked(|turn| turn.said.parse());
        let request = ChatRequest { conversation_id, message: said.map_err(|_| Fault::Unreadable(422))? };
        let body = serde_json::to_string(&request).map_err(|_| Fault::Unreadable(0))?;
        let mut call = Call::post(path, body).header("Idempotency-Key", key);
        match time_zone() {
            Some(zone) => call = call.header("Time-Zone", zone),
            None => self.say_zone_is_unknown(),
        }
        self.stream(call, cell, visit).await
    }

    /// Says once in this browser that dates may be read for another zone than the person's.
    fn say_zone_is_unknown(self) {
        const SAID: &str = "zone-unknown";
        if browser::stored(SAID).is_none() {
            browser::store(SAID, "said");
            self.tasks.toasts.note(self.words.zone_unknown.to_owned());
        }
    }

    /// Takes up what an earlier tab, or the page before its reload, could not send.
    pub(crate) fn restore_unsent(self) {
        self.take_up();
        if self.conversation.with_untracked(Option::is_none) && self.cells.with_untracked(Vec::is_empty) {
            self.show_unsent(None);
        }
        self.send_queued();
    }

    /// Shows what waits, before it is known who is here.
    pub(crate) fn show_waiting(self) {
        if !kept::is_left() {
            self.take_up();
            self.show_unsent(self.conversation.get_untracked());
        }
    }

    /// Takes up what is kept for the account, and drops what is another's.
    fn take_up(self) {
        let foreign = self.queue.load();
        self.cells.update(|cells| {
            cells.retain(|cell| cell.idempotency.as_ref().is_none_or(|key| !foreign.contains(key)));
        });
    }

    /// Shows what waits of a conversation; of those that are not begun, the last.
    pub(super) fn show_unsent(self, conversation: Option<ConversationId>) {
        let all = self.queue.all();
        let of_new = all.iter().rev().find(|unsent| unsent.conversation.is_none());
        let start = of_new.map(|unsent| unsent.start.clone().unwrap_or_else(|| unsent.key.clone()));
        let is_shown = |unsent: &Unsent| match conversation {
            Some(_) => unsent.conversation == conversation,
            None => unsent.conversation.is_none() && (unsent.start == start || Some(&unsent.key) == start.as_ref()),
        };
        let is_new = |unsent: &Unsent| self.cell_of(&unsent.key).is_none();
        for unsent in all.into_iter().filter(is_shown).filter(is_new).collect::<Vec<_>>() {
            let mut turn = Turn { state: State::Queued, ..Turn::sent(unsent.said) };
            if unsent.refused {
                turn.fail(failure(&Fault::Unreachable, self.words));
            }
            let cell = Cell { idempotency: Some(unsent.key), expected: unsent.expected, ..self.cell(turn) };
            self.cells.update(|cells| cells.push(cell));
        }
    }

    /// Forgets the message that arrived after all and is shown as failed, or would wait for its own answer; only the
    /// first can have. Of others the server knows by their keys.
    pub(super) fn find_arrived(self, conversation: ConversationId, turns: &[Turn]) {
        let first = self.queue.all().into_iter().find(|unsent| unsent.conversation == Some(conversation));
        let Some(unsent) = first else { return };
        let Place::Arrived(turn) = unsent.place(turns) else { return };
        if unsent.refused || turns.iter().any(|other| other.id == Some(turn) && other.is_running()) {
            keep(&key_of(turn), &unsent.key);
            self.queue.taken(&unsent.key, conversation, turn);
            let is_its = |cell: &Cell| cell.idempotency.as_ref() == Some(&unsent.key);
            self.cells.update(|cells| cells.retain(|cell| !is_its(cell)));
            unsent.expected.into_iter().for_each(|number| self.tasks.told(number));
        }
    }

    /// Another tab has changed what is kept.
    pub(crate) fn compare_unsent(self) {
        let gone = self.queue.compare();
        gone.iter().filter_map(|unsent| unsent.expected).for_each(|number| self.tasks.told(number));
        self.drop_cells(&gone.into_iter().map(|unsent| unsent.key).collect::<Vec<_>>());
    }

    /// What was sent elsewhere is read like anything that was said elsewhere.
    fn drop_cells(self, keys: &[String]) {
        let is_gone = |cell: &Cell| {
            cell.turn.with_untracked(|turn| turn.state == State::Queued)
                && cell.idempotency.as_ref().is_some_and(|key| keys.contains(key))
        };
        if self.cells.with_untracked(|cells| cells.iter().any(is_gone)) {
            self.cells.update(|cells| cells.retain(|cell| !is_gone(cell)));
            self.refresh();
        }
    }

    /// The connection is there again.
    pub(crate) fn go_on(self) {
        let failed = self.phase.with_untracked(|phase| matches!(phase, Phase::Failed(_)));
        match self.conversation.get_untracked() {
            Some(id) if failed => {
                self.open(id);
                self.send_queued();
            }
            // What was said elsewhere meanwhile stands before what is sent now.
            _ => self.refresh(),
        }
    }

    /// The session ended before the message was taken: it is in the composer again afterwards.
    fn keep_as_draft(self, cell: &Cell) {
        let conversation = self.conversation.get_untracked();
        let mut draft = cell.turn.with_untracked(|turn| turn.said.clone());
        if let Some(typed) = kept(&draft_key(conversation)) {
            draft.push('\n');
            draft.push_str(&typed);
        }
        keep(&draft_key(conversation), &draft);
        self.queue.forget(&cell.idempotency.clone().unwrap_or_default());
        self.cells.update(|cells| cells.retain(|other| other.key != cell.key));
    }
}
