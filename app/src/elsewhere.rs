//! What changes in other tabs and on other devices, heard while the page is seen.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{ConversationId, TurnId};
use send_wrapper::SendWrapper;
use serde::Deserialize;
use web_sys::AbortController;

use crate::{
    api::{Call, Fault},
    app::Page,
    browser,
    stream::{Frames, SILENCE, Watchdog},
};

/// How long to wait before connecting again, at first and at most.
const FIRST_PAUSE_MS: u64 = 500;
const LONGEST_PAUSE_MS: u64 = 15_000;

/// An [`AccountEvent`](saydo_contract::AccountEvent), as far as this page needs it: the whole costs 5 KB.
#[derive(Deserialize)]
struct Told {
    conversation_id: Option<ConversationId>,
    turn_id: Option<TurnId>,
}

/// The connection, where there is one.
pub(crate) type Connection = StoredValue<Option<SendWrapper<AbortController>>>;

/// What may have changed before the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missed {
    /// Everything was just read.
    Nothing,
    /// Nobody heard for a while.
    Something,
}

impl Page {
    /// Hears, from when the page is seen until it is hidden: a browser has few connections for all its tabs.
    pub(crate) fn listen_elsewhere(self) {
        browser::listen("visibilitychange", move |_| {
            if browser::is_seen() {
                self.hear_elsewhere(Missed::Something);
            } else {
                self.stop_hearing();
                // What is deleted here is not talked on in another tab, and cannot be taken back by a page that is left.
                self.conversations.delete_hidden();
            }
        });
    }

    /// Reads anew what may have changed unheard.
    pub(crate) fn look_elsewhere(self) {
        if self.session.user_id().is_some() {
            self.tasks.refresh();
            self.chat.refresh();
            self.conversations.refresh();
        }
    }

    pub(crate) fn stop_hearing(self) {
        if let Some(controller) = self.elsewhere.try_update_value(Option::take).flatten() {
            controller.abort();
        }
    }

    /// Connects, and again where the connection is lost, while the person is signed in and the server is there.
    pub(crate) fn hear_elsewhere(self, mut missed: Missed) {
        let is_signed_in = self.session.present.get_untracked();
        if !is_signed_in || !browser::is_seen() || self.elsewhere.with_value(Option::is_some) {
            return;
        }
        let number = self.api.session();
        spawn_local(async move {
            let mut pause = FIRST_PAUSE_MS;
            loop {
                let Ok(controller) = AbortController::new() else { return };
                self.elsewhere.set_value(Some(SendWrapper::new(controller.clone())));
                let is_current = || {
                    self.api.session() == number
                        && self.elsewhere.with_value(|now| now.as_ref().is_some_and(|now| **now == controller))
                };
                if let Ok(mut frames) = self.connect(&controller).await {
                    if is_current() && missed == Missed::Something {
                        self.look_elsewhere();
                    }
                    pause = FIRST_PAUSE_MS;
                    while is_current()
                        && let Some(next) = frames.next(&controller, SILENCE).await
                    {
                        for frame in next {
                            if let Ok(told) = serde_json::from_str(&frame.data) {
                                self.heard(&frame.name, told);
                            }
                        }
                    }
                }
                if !is_current() {
                    return;
                }
                if self.api.network().away.get_untracked() {
                    return self.stop_hearing();
                }
                browser::wait(pause).await;
                if !is_current() {
                    return;
                }
                (missed, pause) = (Missed::Something, (pause * 2).min(LONGEST_PAUSE_MS));
            }
        });
    }

    async fn connect(self, controller: &AbortController) -> Result<Frames, Fault> {
        let mut call = Call::get(self.api.path("/events").await?).header("Accept", "text/event-stream");
        call.signal = Some(controller.signal());
        call.is_idle = true;
        let watchdog = Watchdog::start(controller, SILENCE);
        let response = self.api.send(call).await;
        drop(watchdog);
        Ok(Frames::of(&response?))
    }

    /// What this page follows it knows from the turn's own events.
    fn heard(self, name: &str, told: Told) {
        if told.turn_id.is_some_and(|turn| self.chat.follows(turn)) {
            return;
        }
        match name {
            "tasks.changed" => return self.tasks.refresh(),
            "turn.started" | "turn.ended" => self.conversations.refresh(),
            "conversation.renamed" => return self.conversation_renamed(told.conversation_id),
            "conversation.deleted" => return self.conversation_deleted(told.conversation_id),
            _ => {}
        }
        if self.chat.conversation.get_untracked() == told.conversation_id {
            self.chat.refresh();
        } else if name == "turn.ended" {
            self.chat.send_held();
        }
    }

    fn conversation_renamed(self, id: Option<ConversationId>) {
        if let Some(id) = id {
            spawn_local(self.conversations.read_again(id));
        }
    }

    fn conversation_deleted(self, id: Option<ConversationId>) {
        if let Some(id) = id {
            self.conversations.deleted_elsewhere(id);
            // A list that was asked for before may still have it.
            self.conversations.refresh();
            if self.chat.conversation.get_untracked() == Some(id) {
                self.chat.lose();
            }
        }
    }
}
