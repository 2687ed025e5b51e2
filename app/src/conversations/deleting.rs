//! Deleting a conversation: at once for the eye, for good when it can no longer be taken back.

use std::time::Duration;

use gloo_net::http::Method;
use leptos::{prelude::*, task::spawn_local};
use saydo_contract::ConversationId;

use super::Conversations;
use crate::session::kept::{keep, kept};

/// Where this tab keeps what is to be deleted, so that a reload does not bring it back.
const DELETING: &str = "deleting";

/// So long it can be taken back.
const GRACE: Duration = Duration::from_secs(20);

fn kept_id() -> Option<ConversationId> {
    kept(DELETING)?.parse().ok()
}

impl Conversations {
    /// Hides a conversation and offers to take that back.
    pub(crate) fn delete(self, id: ConversationId, title: &str) {
        self.delete_kept();
        keep(DELETING, &id.to_string());
        self.hidden.set(Some(id));
        let restore = move || {
            keep(DELETING, "");
            self.hidden.set(None);
        };
        self.toasts
            .offer((self.words.conversation_deleted)(title), self.words.undo, restore, move || self.delete_kept());
        set_timeout(
            move || {
                if self.hidden.try_get_untracked().flatten() == Some(id) {
                    self.delete_kept();
                }
            },
            GRACE,
        );
    }

    /// Deletes for good what was to be deleted.
    pub(crate) fn delete_kept(self) {
        if let Some(id) = self.take_kept() {
            spawn_local(self.delete_now(id));
        }
    }

    /// The same, to be waited for: whoever signs out can take nothing back.
    pub(crate) async fn settle(self) {
        if let Some(id) = self.take_kept() {
            self.delete_now(id).await;
        }
    }

    /// The same, when the page is left: this may not get through, so it stays kept for a page that comes again.
    pub(crate) fn delete_on_leaving(self) {
        if let Some(id) = kept_id() {
            spawn_local(async move { _ = self.manage(Method::DELETE, id, None).await });
        }
    }

    fn take_kept(self) -> Option<ConversationId> {
        let id = kept_id()?;
        keep(DELETING, "");
        self.hidden.set(Some(id));
        self.toasts.withdraw_offer();
        Some(id)
    }

    async fn delete_now(self, id: ConversationId) {
        match self.manage(Method::DELETE, id, None).await {
            Ok(()) => self.remove(id),
            Err(fault) if fault.is_missing() => {}
            Err(fault) => self.toasts.alert(self.words.not_deleted.to_owned() + " " + &fault.message(self.words)),
        }
        if self.hidden.get_untracked() == Some(id) {
            self.hidden.set(None);
        }
        // A list that was asked for before may still have it, and is not shown any more.
        self.refresh();
    }
}
