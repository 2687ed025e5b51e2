//! Deleting a conversation: at once for the eye, for good when it can no longer be taken back.

use gloo_net::http::Method;
use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{ConversationId, ConversationItem};

use super::Conversations;
use crate::{
    api::Fault,
    browser,
    session::kept::{DELETING, keep, kept},
};

/// So long the request of a page that was left may be under way.
const PATIENCE_MS: u64 = 3_000;

impl Conversations {
    /// Hides a conversation and offers to take that back, as long as the toast is there.
    pub(crate) fn delete(self, id: ConversationId, title: &str) {
        self.delete_hidden();
        self.hidden.update(|hidden| hidden.push(id));
        self.keep_hidden();
        self.toasts.offer(
            (self.words.conversation_deleted)(title),
            self.words.undo,
            move || self.forget(id),
            move || self.delete_hidden(),
        );
    }

    /// Deletes for good what can no longer be taken back.
    pub(crate) fn delete_hidden(self) {
        self.toasts.withdraw_offer();
        for id in self.hidden.get_untracked() {
            if !self.deleting.with_value(|deleting| deleting.contains(&id)) {
                spawn_local(self.delete_now(id));
            }
        }
    }

    /// The same, to be waited for: whoever signs out can take nothing back.
    pub(crate) async fn settle(self) {
        for id in self.hidden.get_untracked() {
            self.delete_now(id).await;
        }
    }

    /// Loads the latest. What a page that was left was to delete stays hidden, and is deleted where it may be there
    /// after a while: that page's request may be under way.
    pub(crate) fn load(self) {
        let kept = kept(DELETING).unwrap_or_default();
        for id in kept.split(' ').filter_map(|id| id.parse().ok()) {
            if !self.is_hidden(id) {
                self.hidden.update(|hidden| hidden.push(id));
                self.deleting.update_value(|deleting| deleting.push(id));
                spawn_local(self.delete_left(id));
            }
        }
        self.refresh();
    }

    async fn delete_left(self, id: ConversationId) {
        let session = self.api.session();
        browser::wait(PATIENCE_MS).await;
        self.read_latest().await;
        if self.api.session() == session {
            if self.may_have(id) { self.delete_now(id).await } else { self.forget(id) }
        }
    }

    /// It was deleted in another tab, or on another device: it cannot be taken back here.
    pub(crate) fn deleted_elsewhere(self, id: ConversationId) {
        if self.is_hidden(id) && !self.deleting.with_value(|deleting| deleting.contains(&id)) {
            self.toasts.withdraw_offer();
            self.forget(id);
        }
        self.remove(id);
    }

    fn is_hidden(self, id: ConversationId) -> bool {
        self.hidden.try_with_untracked(|hidden| hidden.contains(&id)) == Some(true)
    }

    /// Whether the list has it, or may have it further down.
    fn may_have(self, id: ConversationId) -> bool {
        let is_listed = |items: &Vec<ConversationItem>| items.iter().any(|item| item.id == id);
        let is_beyond = self.next.with_untracked(Option::is_some);
        self.items.with_untracked(|items| items.as_ref().is_none_or(|items| is_beyond || is_listed(items)))
    }

    async fn delete_now(self, id: ConversationId) {
        self.deleting.update_value(|deleting| deleting.push(id));
        match self.manage(Method::DELETE, id, None).await {
            // It stays kept for whose it is.
            Err(Fault::SignedOut) => return,
            Err(fault) if !fault.is_missing() => {
                self.toasts.alert(self.words.not_deleted.to_owned() + " " + &fault.message(self.words));
            }
            _ => self.remove(id),
        }
        self.forget(id);
        // A list that was asked for before may still have it, and is not shown any more.
        self.refresh();
    }

    /// It is deleted, or stays.
    fn forget(self, id: ConversationId) {
        self.deleting.update_value(|deleting| deleting.retain(|other| *other != id));
        self.hidden.update(|hidden| hidden.retain(|other| *other != id));
        self.keep_hidden();
    }

    fn keep_hidden(self) {
        let mut ids = String::new();
        for id in self.hidden.get_untracked() {
            ids.push_str(&id.to_string());
            ids.push(' ');
        }
        keep(DELETING, &ids);
    }
}
