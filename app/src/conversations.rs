//! The list of conversations.

mod deleting;
mod entry;
mod list;

use gloo_net::http::Method;
use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{ConversationId, ConversationItem, ConversationTitle, Cursor, Page, RenameConversation};

pub(crate) use list::conversation_list;

use crate::{
    api::{Api, Call, Fault},
    browser,
    toast::Toasts,
    words::Words,
};

/// So long nobody types before a search begins.
const PAUSE_MS: u64 = 250;

/// The conversations of the signed-in person, the latest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conversations {
    /// `None` before they are loaded.
    pub(crate) items: RwSignal<Option<Vec<ConversationItem>>>,
    pub(crate) next: RwSignal<Option<Cursor>>,
    pub(crate) fault: RwSignal<Option<Fault>>,
    /// What is searched for; where it is empty, everything is shown.
    pub(crate) searched: RwSignal<String>,
    /// What was found; `None` before it is.
    found: RwSignal<Option<Vec<ConversationItem>>>,
    /// The search came to nothing because it failed.
    search_failed: RwSignal<bool>,
    /// Those that were opened and stand further down the list than it is loaded.
    further: RwSignal<Vec<ConversationItem>>,
    /// Those that were deleted, until the server has done it or they were taken back.
    hidden: RwSignal<Vec<ConversationId>>,
    /// Those of them that the server was asked to delete, by this page or the one before.
    deleting: StoredValue<Vec<ConversationId>>,
    /// Counts how often the latest were asked for: an older answer never comes after a newer one.
    asked: StoredValue<u32>,
    api: Api,
    toasts: Toasts,
    words: &'static Words,
}

impl Conversations {
    pub(crate) fn new(api: Api, toasts: Toasts, words: &'static Words) -> Self {
        Self {
            items: RwSignal::new(None),
            next: RwSignal::new(None),
            fault: RwSignal::new(None),
            searched: RwSignal::new(String::new()),
            found: RwSignal::new(None),
            search_failed: RwSignal::new(false),
            further: RwSignal::new(Vec::new()),
            hidden: RwSignal::new(Vec::new()),
            deleting: StoredValue::new(Vec::new()),
            asked: StoredValue::new(0),
            api,
            toasts,
            words,
        }
    }

    /// What the pane lists: all of them, or those that were found; `None` before it is known.
    pub(crate) fn listed(self) -> Option<Vec<ConversationItem>> {
        let items = if self.searched.with(String::is_empty) { self.items.get() } else { self.found.get() };
        let hidden = self.hidden.get();
        items.map(|items| items.into_iter().filter(|item| !hidden.contains(&item.id)).collect())
    }

    /// Looks for words in titles and messages, once the person stops typing.
    pub(crate) fn search(self, words: String) {
        self.found.set(None);
        self.search_failed.set(false);
        self.searched.set(words.clone());
        if words.is_empty() {
            return;
        }
        spawn_local(async move {
            browser::wait(PAUSE_MS).await;
            let is_current = move || self.searched.with_untracked(|now| *now == words);
            if !is_current() {
                return;
            }
            let query = self.searched.get_untracked();
            let path = "/conversations?q=".to_owned() + &browser::escape(query.trim());
            let found = match self.api.path(&path).await {
                Ok(path) => self.api.json::<Page<ConversationItem>>(Call::get(path)).await,
                Err(fault) => Err(fault),
            };
            if is_current() {
                match found {
                    Ok(page) => self.found.set(Some(page.items)),
                    Err(_) => self.search_failed.set(true),
                }
            }
        });
    }

    /// Gives one another title.
    pub(crate) fn rename(self, id: ConversationId, title: ConversationTitle) {
        self.change(id, |item| item.title = title.clone());
        spawn_local(async move {
            let body = serde_json::to_string(&RenameConversation { title }).unwrap_or_default();
            if let Err(fault) = self.manage(Method::PATCH, id, Some(body)).await {
                self.toasts.alert(self.words.not_renamed.to_owned() + " " + &fault.message(self.words));
            }
            self.refresh();
        });
    }

    async fn manage(self, method: Method, id: ConversationId, body: Option<String>) -> Result<(), Fault> {
        let path = self.api.path(&("/conversations/".to_owned() + &id.to_string())).await?;
        self.api.send(Call { body, ..Call::new(method, path) }).await.map(drop)
    }

    pub(crate) fn clear(self) {
        self.items.set(None);
        self.next.set(None);
        self.fault.set(None);
        self.searched.set(String::new());
        self.found.set(None);
        self.search_failed.set(false);
        self.further.set(Vec::new());
        self.hidden.set(Vec::new());
        self.deleting.set_value(Vec::new());
    }

    /// Loads the latest; older ones that were loaded stay.
    pub(crate) fn refresh(self) {
        spawn_local(self.read_latest());
    }

    async fn read_latest(self) {
        let asked = self.asked.get_value() + 1;
        self.asked.set_value(asked);
        let page = self.page(None).await;
        if self.asked.get_value() == asked {
            self.show_latest(page);
        }
    }

    fn show_latest(self, page: Result<Page<ConversationItem>, Fault>) {
        match page {
            Ok(page) => {
                self.fault.set(None);
                let known = self.items.with_untracked(Option::is_some);
                self.items.update(|items| {
                    let older = items.take().unwrap_or_default();
                    let mut latest = page.items;
                    let is_older = |item: &ConversationItem| {
                        page.next_cursor.is_some()
                            && latest.last().is_some_and(|last| item.updated_at < last.updated_at)
                            && latest.iter().all(|other| other.id != item.id)
                    };
                    let older: Vec<_> = older.into_iter().filter(is_older).collect();
                    latest.extend(older);
                    *items = Some(latest);
                });
                if !known || page.next_cursor.is_none() {
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
        let of = |item: &ConversationItem| (item.id == id).then(|| item.title.as_str().to_owned());
        let listed = self.items.with(|items| items.iter().flatten().find_map(of));
        listed.or_else(|| self.further.with(|further| further.iter().find_map(of)))
    }

    fn change(self, id: ConversationId, change: impl Fn(&mut ConversationItem)) {
        let apply = |item: Option<&mut ConversationItem>| item.map(&change);
        let is_it = |item: &&mut ConversationItem| item.id == id;
        self.items.update(|items| _ = apply(items.iter_mut().flatten().find(is_it)));
        self.found.update(|items| _ = apply(items.iter_mut().flatten().find(is_it)));
        self.further.update(|items| _ = apply(items.iter_mut().find(is_it)));
    }

    /// Something is said in it: it moves up at once, as by the person's hand, not when the answer has come.
    pub(crate) fn move_up(self, id: ConversationId) {
        let is_it = |item: &ConversationItem| item.id == id;
        self.items.update(|items| {
            let Some(items) = items else { return };
            let listed = items.iter().position(is_it).map(|at| items.remove(at));
            let further = || self.further.with_untracked(|further| further.iter().find(|item| is_it(item)).cloned());
            if let Some(item) = listed.or_else(further) {
                items.insert(0, item);
            }
            // A list that was asked for before has it further down.
            self.asked.update_value(|asked| *asked += 1);
        });
    }

    /// It is not there any more.
    pub(crate) fn remove(self, id: ConversationId) {
        let is_other = |item: &ConversationItem| item.id != id;
        self.items.update(|items| items.iter_mut().for_each(|items| items.retain(is_other)));
        self.found.update(|items| items.iter_mut().for_each(|items| items.retain(is_other)));
        self.further.update(|items| items.retain(is_other));
    }

    /// Reads one that is open, unless it is known.
    pub(crate) async fn read(self, id: ConversationId) {
        if untrack(|| self.title(id)).is_none()
            && let Ok(item) = self.one(id).await
        {
            self.further.update(|further| further.push(item));
        }
    }

    /// Reads one that was renamed elsewhere.
    pub(crate) async fn read_again(self, id: ConversationId) {
        if let Ok(now) = self.one(id).await {
            self.change(id, |item| item.title = now.title.clone());
        }
    }

    async fn one(self, id: ConversationId) -> Result<ConversationItem, Fault> {
        self.api.json(Call::get(self.api.path(&("/conversations/".to_owned() + &id.to_string())).await?)).await
    }
}
