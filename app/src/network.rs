//! Whether the server can be reached.

use leptos::{prelude::*, task::spawn_local};

use crate::{api::Call, browser};

/// How long to wait between two tries, at first and at most.
const FIRST_PAUSE_MS: u64 = 1_000;
const LONGEST_PAUSE_MS: u64 = 15_000;

/// The way to the server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Network {
    /// Nobody answers.
    pub(crate) away: RwSignal<bool>,
}

impl Network {
    pub(crate) fn new() -> Self {
        Self { away: RwSignal::new(false) }
    }

    /// Asks the server; where it does not answer, again and again until it does.
    pub(crate) async fn check(self) -> bool {
        if self.away.get_untracked() {
            return false;
        }
        if answers().await {
            return true;
        }
        if !self.away.get_untracked() {
            self.away.set(true);
            spawn_local(self.come_back());
        }
        false
    }

    /// Asks in the background.
    pub(crate) fn suspect(self) {
        spawn_local(async move { _ = self.check().await });
    }

    async fn come_back(self) {
        let mut pause = FIRST_PAUSE_MS;
        while self.away.get_untracked() {
            browser::wait(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE_MS);
            self.try_again().await;
        }
    }

    async fn try_again(self) {
        if self.away.get_untracked() && answers().await && self.away.get_untracked() {
            self.away.set(false);
        }
    }

    /// Hears of the browser's own connection.
    pub(crate) fn listen(self) {
        browser::listen("offline", move |_| self.suspect());
        browser::listen("online", move |_| spawn_local(self.try_again()));
        if !browser::is_online() {
            self.suspect();
        }
    }
}

/// Any answer is one, but for a proxy's word that nobody is behind it.
async fn answers() -> bool {
    browser::is_online()
        && matches!(Call::get("/api/auth/ok".to_owned()).send(None).await, Ok(answer) if !matches!(answer.status(), 502..=504))
}
