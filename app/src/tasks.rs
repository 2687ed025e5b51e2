//! The list of tasks beside the chat, read through the tool `list_tasks`.

mod checked;
mod due_editor;
mod edits;
mod expected;
mod groups;
mod loaded;
mod pane;
mod row;
mod rows;

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{Cursor, ListTasks, PageLimit, TaskChange, TaskId, TaskList};
use serde::{Deserialize, Serialize};

pub(crate) use due_editor::due_editor;
pub(crate) use edits::{Edit, is_unchanged, reversal};
pub(crate) use groups::{Clock, Group};
pub(crate) use loaded::Loaded;
pub(crate) use pane::task_pane;
pub(crate) use rows::{LIST as TASKS, enter as enter_list};

use crate::{
    api::{Api, Call, Fault},
    toast::Toasts,
    words::Words,
};
use expected::Expected;

/// The tasks of the signed-in person, as the server orders them: open first, by due date.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tasks {
    /// `None` before they are loaded.
    list: RwSignal<Option<Loaded>>,
    /// The same, with what the person changed and the server has not told yet.
    pub(crate) shown: Memo<Option<Loaded>>,
    expected: RwSignal<Vec<Expected>>,
    /// Counts what was expected: a number is never used again.
    last_expected: StoredValue<u32>,
    pub(crate) fault: RwSignal<Option<Fault>>,
    /// What was just changed is shown even where it stands on a page that is not loaded.
    changed: StoredValue<Vec<TaskChange>>,
    progress: StoredValue<Progress>,
    /// Counts how often rows began or ended to stay where they were checked.
    regrouped: RwSignal<usize>,
    /// The row that is being edited, and its key.
    edited: RwSignal<Option<(TaskId, u64)>>,
    api: Api,
    pub(crate) toasts: Toasts,
    words: &'static Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Idle,
    Loading,
    /// Something changed while they were loaded: once more.
    Stale,
}

/// A call of a tool (MCP, JSON-RPC 2.0).
#[derive(Serialize)]
struct Request {
    jsonrpc: &'static str,
    id: u32,
    method: &'static str,
    params: Params,
}

#[derive(Serialize)]
struct Params {
    name: &'static str,
    arguments: ListTasks,
}

#[derive(Deserialize)]
struct Reply {
    result: Option<ToolResult>,
}

#[derive(Deserialize)]
struct ToolResult {
    #[serde(rename = "structuredContent")]
    structured: Option<TaskList>,
}

impl Tasks {
    #[cfg(test)]
    pub(crate) fn show_list(self, list: Loaded) {
        self.list.set(Some(list));
    }

    pub(crate) fn new(api: Api, toasts: Toasts, words: &'static Words) -> Self {
        let (list, expected) = (RwSignal::new(None), RwSignal::new(Vec::new()));
        Self {
            list,
            shown: Memo::new(move |_| expected::applied(&list.read(), &expected.read())),
            expected,
            last_expected: StoredValue::new(0),
            fault: RwSignal::new(None),
            changed: StoredValue::new(Vec::new()),
            progress: StoredValue::new(Progress::Idle),
            regrouped: RwSignal::new(0),
            edited: RwSignal::new(None),
            api,
            toasts,
            words,
        }
    }

    pub(crate) fn clear(self) {
        self.list.set(None);
        self.expected.set(Vec::new());
        self.fault.set(None);
        self.changed.set_value(Vec::new());
        self.forget_checked();
        self.edited.set(None);
    }

    /// Loads the list again, as far as it was loaded.
    pub(crate) fn refresh(self) {
        self.changed.set_value(Vec::new());
        self.load();
    }

    /// The agent changed something: loads the list again, and keeps that in it.
    pub(crate) fn follow(self, changes: Vec<TaskChange>) {
        self.changed.update_value(|changed| changed.extend(changes));
        self.load();
    }

    /// Whether the list is being loaded again.
    pub(crate) fn is_loading(self) -> bool {
        self.progress.get_value() != Progress::Idle
    }

    fn load(self) {
        if self.progress.get_value() != Progress::Idle {
            return self.progress.set_value(Progress::Stale);
        }
        // From now on, not from when it begins: an older answer must never come after a newer one.
        self.progress.set_value(Progress::Loading);
        spawn_local(async move {
            loop {
                let loaded = self.load_all().await;
                if self.progress.get_value() == Progress::Stale {
                    self.progress.set_value(Progress::Loading);
                    continue;
                }
                match loaded {
                    Ok(()) => self.compare(),
                    Err(Fault::SignedOut) => {}
                    Err(fault) => self.fault.set(Some(fault)),
                }
                break;
            }
            self.progress.set_value(Progress::Idle);
        });
    }

    async fn load_all(self) -> Result<(), Fault> {
        let shown = self.list.with_untracked(|list| list.as_ref().map_or(0, Loaded::listed));
        let mut list = Loaded::default();
        loop {
            let page = self.page(list.next.take()).await?;
            list.extend(page);
            if list.next.is_none() || list.listed() >= shown {
                break;
            }
        }
        self.changed.with_value(|changes| list.keep(changes));
        self.fault.set(None);
        self.list.set(Some(list));
        Ok(())
    }

    /// Loads the next page.
    pub(crate) async fn load_more(self) {
        let next = self.list.with_untracked(|list| list.as_ref().and_then(|list| list.next.clone()));
        if next.is_none() {
            return;
        }
        match self.page(next.clone()).await {
            // Where the list was loaded again meanwhile, the page is of an older one.
            Ok(page) => self.list.update(|list| {
                if let Some(list) = list.as_mut().filter(|list| list.next == next) {
                    list.extend(page);
                }
            }),
            Err(Fault::SignedOut) => {}
            Err(fault) => self.fault.set(Some(fault)),
        }
    }

    async fn page(self, cursor: Option<Cursor>) -> Result<TaskList, Fault> {
        let arguments = ListTasks { limit: Some(PageLimit::MAX), cursor, ..ListTasks::default() };
        let request =
            Request { jsonrpc: "2.0", id: 1, method: "tools/call", params: Params { name: "list_tasks", arguments } };
        let body = serde_json::to_string(&request).map_err(|_| Fault::Unreadable(0))?;
        let mut call = Call::post("/mcp".to_owned(), body)
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2025-11-25");
        call.reads = true;
        let reply: Reply = self.api.json(call).await?;
        reply.result.and_then(|result| result.structured).ok_or(Fault::Unreadable(200))
    }
}
