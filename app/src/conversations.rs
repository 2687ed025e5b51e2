//! The list of conversations.

mod list;

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{ConversationId, ConversationItem, Cursor, Page};

pub(crate) use list::conversation_list;

use crate::{
    api::{Api, Call, Fault},
    browser,
};

/// The conversations of the signed-in person, the latest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conversations {
    /// `None` before they are loaded.
    pub(crate) items: RwSignal<Option<Vec<ConversationItem>>>,
    pub(crate) next: RwSignal<Option<Cursor>>,
    pub(crate) fault: RwSignal<Option<Fault>>,
    api: Api,
}

impl Conversations {
    pub(crate) fn new(api: Api) -> Self {
        Self { items: RwSignal::new(None), next: RwSignal::new(None), fault: RwSignal::new(None), api }
    }

    pub(crate) fn clear(self) {
        self.items.set(None);
        self.next.set(None);
        self.fault.set(None);
    }

    pub(crate) fn load(self) {
        spawn_local(self.refresh());
    }

    /// Loads the latest; older ones that were loaded stay.
    pub(crate) async fn refresh(self) {
        match self.page(None).await {
            Ok(page) => {
                self.fault.set(None);
                let known = self.items.with_untracked(Option::is_some);
                self.items.update(|items| {
                    let older = items.take().unwrap_or_default();
                    let mut latest = page.items;
                    let is_older = |item: &ConversationItem| {
                        latest.last().is_some_and(|last| item.updated_at < last.updated_at)
                            && latest.iter().all(|other| other.id != item.id)
                    };
                    let older: Vec<_> = older.into_iter().filter(is_older).collect();
                    latest.extend(older);
                    *items = Some(latest);
                });
                if !known {
                    self.next.set(page.next_cursor);
                }
            }
            Err(Fault::SignedOut) => {}
            Err(fault) => self.fault.set(Some(fault)),
        }
    }

    /// Loads the next page.
    pub(crate) async fn load_more(self) {
        let Some(cursor) = self.next.get_untracked() else { return };
        match self.page(Some(&cursor)).await {
            Ok(page) => {
                self.items.update(|items| {
                    let items = items.get_or_insert_default();
                    let new = page.items.into_iter().filter(|new| items.iter().all(|item| item.id != new.id));
                    let new: Vec<_> = new.collect();
                    items.extend(new);
                });
                self.next.set(page.next_cursor);
            }
            Err(Fault::SignedOut) => {}
            Err(fault) => self.fault.set(Some(fault)),
        }
    }

    async fn page(self, cursor: Option<&Cursor>) -> Result<Page<ConversationItem>, Fault> {
        let mut path = "/conversations?limit=30".to_owned();
        if let Some(cursor) = cursor {
            path.push_str("&cursor=");
            path.push_str(&browser::escape(cursor.as_str()));
        }
        self.api.json(Call::get(self.api.path(&path).await?)).await
    }

    /// The title of one, where it is loaded.
    pub(crate) fn title(self, id: ConversationId) -> Option<String> {
        self.items.with(|items| {
            let item = items.as_ref()?.iter().find(|item| item.id == id)?;
            Some(item.title.as_str().to_owned())
        })
    }
}
