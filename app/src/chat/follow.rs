//! Following a turn's events over one connection, and over the next where that is cut.

use gloo_net::http::Response;
use leptos::{prelude::*, task::spawn_local};
use saydo_contract::EventId;
use send_wrapper::SendWrapper;
use web_sys::AbortController;

use super::{
    Cell, Chat,
    events::Event,
    key_of,
    turn::{Activity, Effect, State, Turn, failure},
    undo::is_undo,
};
use crate::{
    api::{Call, Fault},
    browser,
    session::kept::keep,
    sse,
    stream::{Frames, SILENCE, Watchdog},
};

/// How long to wait before each try to connect again.
const PAUSES_MS: [u64; 7] = [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000];

/// How often to look whether the server is there again.
const ABSENCE_MS: u64 = 500;

/// How following came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// The turn is over.
    Ended,
    /// The person went to another conversation.
    Left,
    /// The connection was lost.
    Cut,
}

impl Chat {
    /// Sends a call that is answered with events, and takes them.
    pub(super) async fn stream(self, call: Call, cell: &Cell, visit: u32) -> Result<Follow, Fault> {
        let controller = AbortController::new().map_err(|_| Fault::Unreachable)?;
        self.connection.set_value(Some(SendWrapper::new(controller.clone())));
        let mut call = call.header("Accept", "text/event-stream");
        call.signal = Some(controller.signal());
        let watchdog = Watchdog::start(&controller, SILENCE);
        let response = self.api.send(call).await;
        drop(watchdog);
        if self.visit.get_value() != visit {
            return Ok(Follow::Left);
        }
        let follow = self.read(response?, cell, visit, &controller).await;
        controller.abort();
        Ok(follow)
    }

    async fn read(self, response: Response, cell: &Cell, visit: u32, controller: &AbortController) -> Follow {
        let mut frames = Frames::of(&response);
        loop {
            let next = frames.next(controller, SILENCE).await;
            if self.visit.get_value() != visit {
                return Follow::Left;
            }
            let Some(next) = next else { return Follow::Cut };
            for frame in next {
                if self.take(&frame, cell) == Effect::Ended {
                    return Follow::Ended;
                }
                // Nobody reads it, and others wait; what it changes is told to the pane at its end.
                if cell.expected.is_none() && !self.is_shown(cell) && cell.turn.with_untracked(|turn| turn.id.is_some())
                {
                    return Follow::Left;
                }
            }
        }
    }

    fn take(self, frame: &sse::Frame, cell: &Cell) -> Effect {
        let Some(event) = Event::read(&frame.name, &frame.data) else { return Effect::None };
        if let Event::Started(started) = &event {
            if let Some(key) = &cell.idempotency {
                keep(&key_of(started.turn_id), key);
                self.queue.taken(key, started.conversation_id, started.turn_id);
            }
            // It may have arrived before, by a try whose answer was lost.
            let is_double = |other: &Cell| {
                other.key != cell.key && other.turn.with_untracked(|turn| turn.id == Some(started.turn_id))
            };
            let is_shown = self.is_shown(cell);
            if is_shown && self.cells.with_untracked(|cells| cells.iter().any(is_double)) {
                self.cells.update(|cells| cells.retain(|other| !is_double(other)));
            }
            if is_shown {
                self.adopt(started.conversation_id);
            }
            let is_unwanted = |turn: &Turn| turn.state == State::Running(Activity::Stopping);
            if is_shown && cell.turn.with_untracked(is_unwanted) {
                spawn_local(self.stop());
            }
        }
        let failed = matches!(event, Event::Failed(_));
        let id: Option<EventId> = frame.id.parse().ok();
        let effect = cell.turn.try_update(|turn| turn.apply(id, event)).unwrap_or(Effect::None);
        match &effect {
            Effect::None => {}
            Effect::Finished(words, cut) if self.is_shown(cell) => {
                self.speak(words.clone());
                if let Some(reason) = cut {
                    self.speak(self.words.cut(*reason).to_owned());
                }
            }
            Effect::Finished(..) => {}
            Effect::TasksChanged(changes) => {
                self.tool_results.update(|count| *count += 1);
                if let Some(key) = &cell.idempotency
                    && !cell.turn.with_untracked(is_undo)
                {
                    self.remember(key, changes);
                }
                self.tasks.follow(changes.clone());
            }
            Effect::Ended => {
                if let (Some(id), false) = (id, failed) {
                    keep(&key_of(id.turn), "");
                }
            }
        }
        effect
    }

    /// Follows the turn that still runs in a conversation that was opened.
    pub(super) async fn follow_running(self, visit: u32) {
        // What has no id yet is followed by who sends it.
        let running = untrack(|| self.at_work());
        if let Some(cell) = running.filter(|cell| cell.turn.with_untracked(|turn| turn.id.is_some())) {
            self.resume(&cell, visit).await;
            self.conversations.refresh();
            self.send_held();
        }
    }

    /// Connects again until the turn is over.
    pub(super) async fn resume(self, cell: &Cell, visit: u32) {
        let mut tries = 0;
        let mut seen = cell.turn.with_untracked(|turn| turn.last);
        let mut fault = Fault::Unreachable;
        while let Some(pause) = PAUSES_MS.get(tries) {
            let is_away = self.api.network().away.get_untracked();
            if tries > 0 || is_away {
                cell.turn.update(|turn| turn.set_activity(Activity::Reconnecting));
            }
            browser::wait(if is_away { ABSENCE_MS } else { *pause }).await;
            if self.visit.get_value() != visit || !self.is_shown(cell) {
                return;
            }
            // Tries count while somebody is there to answer.
            if is_away {
                continue;
            }
            match self.events(cell, visit).await {
                Ok(Follow::Ended | Follow::Left) | Err(Fault::SignedOut) => return,
                Ok(Follow::Cut) => {}
                Err(other) => {
                    let final_ = !other.is_retryable();
                    fault = other;
                    if final_ {
                        break;
                    }
                }
            }
            if self.visit.get_value() != visit {
                return;
            }
            let last = cell.turn.with_untracked(|turn| turn.last);
            tries = if last == seen { tries + 1 } else { 1 };
            seen = last;
        }
        cell.turn.update(|turn| turn.fail(failure(&fault, self.words)));
    }

    async fn events(self, cell: &Cell, visit: u32) -> Result<Follow, Fault> {
        // Without a conversation the message never arrived, as far as is known.
        let id = self.conversation.get_untracked().ok_or(Fault::Unreadable(503))?;
        let path = "/conversations/".to_owned() + &id.to_string() + "/events";
        let mut call = Call::get(self.api.path(&path).await?);
        if let Some(last) = cell.turn.with_untracked(|turn| turn.last) {
            call = call.header("Last-Event-ID", last.to_string());
        }
        self.stream(call, cell, visit).await
    }
}
