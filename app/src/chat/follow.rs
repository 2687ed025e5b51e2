//! Following a turn's events over one connection, and over the next where that is cut.

use std::time::Duration;

use gloo_net::http::Response;
use js_sys::{Reflect, Uint8Array};
use leptos::prelude::*;
use saydo_contract::EventId;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader};

use super::{
    Cell, Chat,
    events::Event,
    key_of,
    turn::{Activity, Effect, failure},
    unsent::Unsent,
};
use crate::{
    api::{Call, Fault},
    browser,
    session::kept::keep,
    sse,
};

/// The server writes at least a comment every 15 s: a line that is silent for longer is dead.
const SILENCE: Duration = Duration::from_secs(40);
/// How long to wait before each try to connect again.
const PAUSES_MS: [u64; 7] = [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000];

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
        let watchdog = Watchdog::start(&controller);
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
        let reader = response.body().map(|body| body.get_reader());
        let Some(Ok(reader)) = reader.map(JsCast::dyn_into::<ReadableStreamDefaultReader>) else { return Follow::Cut };
        let mut parser = sse::Parser::default();
        loop {
            let watchdog = Watchdog::start(controller);
            let chunk = JsFuture::from(reader.read()).await;
            drop(watchdog);
            if self.visit.get_value() != visit {
                return Follow::Left;
            }
            let bytes = chunk.ok().and_then(|chunk| Reflect::get(&chunk, &"value".into()).ok());
            let Some(bytes) = bytes.and_then(|bytes| bytes.dyn_into::<Uint8Array>().ok()) else { return Follow::Cut };
            for frame in parser.feed(&bytes.to_vec()) {
                if self.take(&frame, cell) == Effect::Ended {
                    return Follow::Ended;
                }
            }
        }
    }

    fn take(self, frame: &sse::Frame, cell: &Cell) -> Effect {
        let Some(event) = Event::read(&frame.name, &frame.data) else { return Effect::None };
        if let Event::Started(started) = &event {
            if let Some(key) = &cell.idempotency {
                keep(&key_of(started.turn_id), key);
                Unsent::forget(self.conversation.get_untracked());
            }
            self.adopt(started.conversation_id);
        }
        let failed = matches!(event, Event::Failed(_));
        let id: Option<EventId> = frame.id.parse().ok();
        let effect = cell.turn.try_update(|turn| turn.apply(id, event)).unwrap_or(Effect::None);
        match &effect {
            Effect::None => {}
            Effect::Finished(words) => self.speak(words.clone()),
            Effect::TasksChanged(changes) => self.tasks.follow(changes.clone()),
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
        let last = self.cells.with_untracked(|cells| cells.last().cloned());
        if let Some(cell) = last.filter(|cell| cell.turn.with_untracked(|turn| turn.is_running())) {
            self.resume(&cell, visit).await;
            self.conversations.refresh().await;
        }
    }

    /// Connects again until the turn is over.
    pub(super) async fn resume(self, cell: &Cell, visit: u32) {
        let mut tries = 0;
        let mut seen = cell.turn.with_untracked(|turn| turn.last);
        let mut fault = Fault::Unreachable;
        while let Some(pause) = PAUSES_MS.get(tries) {
            if tries > 0 {
                cell.turn.update(|turn| turn.set_activity(Activity::Reconnecting));
            }
            browser::wait(*pause).await;
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

/// Ends a connection that stays silent, unless it is dropped before.
struct Watchdog(Option<TimeoutHandle>);

impl Watchdog {
    fn start(controller: &AbortController) -> Self {
        let controller = controller.clone();
        Self(set_timeout_with_handle(move || controller.abort(), SILENCE).ok())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(timer) = self.0.take() {
            timer.clear();
        }
    }
}
