//! Deleting a conversation: at once for the eye, for good when it can no longer be taken back.

use std::time::Duration;

use gloo_net::http::Method;
use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{ConversationId, ConversationItem};

use super::Conversations;
use crate::{
    api::Fault,
    browser,
    session::kept::{keep, kept},
};

/// Where this tab keeps what is to be deleted, so that a reload does not bring it back.
const DELETING: &str = "deleting";

/// So long it can be taken back.
const GRACE: Duration = Duration::from_secs(20);

/// So long the request of a page that was left may be under way.
const PATIENCE_MS: u64 = 3_000;

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

    /// Loads the latest into a page that begins. What the page before was to delete stays hidden, and is deleted where
    /// it is still listed after a while: the request of a page that is left may be under way.
    pub(crate) fn load(self) {
        let left = kept_id();
        self.hidden.set(left);
        self.deleting.set_value(left);
        spawn_local(async move {
            self.read_latest().await;
            let Some(id) = left else { return };
            if self.may_have(id) {
                browser::wait(PATIENCE_MS).await;
                self.read_latest().await;
            }
            self.deleting.set_value(None);
            if self.may_have(id) {
                self.delete_kept();
            } else {
                keep(DELETING, "");
            }
        });
    }

    fn may_have(self, id: ConversationId) -> bool {
        let is_listed = |items: &Vec<ConversationItem>| items.iter().any(|item| item.id == id);
        let is_beyond = self.next.with_untracked(Option::is_some);
        self.items.with_untracked(|items| items.as_ref().is_none_or(|items| is_beyond || is_listed(items)))
    }

    /// It stays kept until the server has answered: the page may be left before.
    fn take_kept(self) -> Option<ConversationId> {
        let id = kept_id()?;
        self.hidden.set(Some(id));
        self.toasts.withdraw_offer();
        let before = self.deleting.try_update_value(|deleting| deleting.replace(id));
        (before != Some(Some(id))).then_some(id)
    }

    async fn delete_now(self, id: ConversationId) {
        let answer = self.manage(Method::DELETE, id, None).await;
        self.deleting.set_value(None);
        if kept_id() == Some(id) {
            keep(DELETING, "");
        }
        match answer {
            Ok(()) => self.remove(id),
            Err(Fault::SignedOut) => {}
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
