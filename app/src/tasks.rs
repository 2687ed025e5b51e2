//! The list of tasks beside the chat, read through the tool `list_tasks`.

mod groups;
mod pane;

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{Cursor, ListTasks, PageLimit, Task, TaskList};
use serde::{Deserialize, Serialize};

pub(crate) use groups::Clock;
pub(crate) use pane::{open, task_pane};

use crate::api::{Api, Call, Fault};

/// The tasks of the signed-in person, as the server orders them: open first, by due date.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tasks {
    /// `None` before they are loaded.
    pub(crate) items: RwSignal<Option<Vec<Task>>>,
    pub(crate) next: RwSignal<Option<Cursor>>,
    pub(crate) fault: RwSignal<Option<Fault>>,
    progress: StoredValue<Progress>,
    api: Api,
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
    pub(crate) fn new(api: Api) -> Self {
        Self {
            items: RwSignal::new(None),
            next: RwSignal::new(None),
            fault: RwSignal::new(None),
            progress: StoredValue::new(Progress::Idle),
            api,
        }
    }

    pub(crate) fn clear(self) {
        self.items.set(None);
        self.next.set(None);
        self.fault.set(None);
    }

    /// Loads the list again, as far as it was loaded.
    pub(crate) fn refresh(self) {
        if self.progress.get_value() != Progress::Idle {
            return self.progress.set_value(Progress::Stale);
        }
        spawn_local(async move {
            loop {
                self.progress.set_value(Progress::Loading);
                self.load_all().await;
                if self.progress.get_value() == Progress::Loading {
                    break;
                }
            }
            self.progress.set_value(Progress::Idle);
        });
    }

    async fn load_all(self) {
        let shown = self.items.with_untracked(|items| items.as_ref().map_or(0, Vec::len));
        let mut items: Vec<Task> = Vec::new();
        let mut cursor = None;
        loop {
            match self.page(cursor).await {
                Ok(page) => {
                    items.extend(page.tasks);
                    cursor = page.next_cursor;
                }
                Err(Fault::SignedOut) => return,
                Err(fault) => return self.fault.set(Some(fault)),
            }
            if cursor.is_none() || items.len() >= shown {
                break;
            }
        }
        self.fault.set(None);
        self.next.set(cursor);
        self.items.set(Some(items));
    }

    /// Loads the next page.
    pub(crate) async fn load_more(self) {
        let Some(cursor) = self.next.get_untracked() else { return };
        match self.page(Some(cursor)).await {
            Ok(page) => {
                self.next.set(page.next_cursor);
                self.items.update(|items| items.get_or_insert_default().extend(page.tasks));
            }
            Err(Fault::SignedOut) => {}
            Err(fault) => self.fault.set(Some(fault)),
        }
    }

    async fn page(self, cursor: Option<Cursor>) -> Result<TaskList, Fault> {
        let arguments = ListTasks { limit: Some(PageLimit::MAX), cursor, ..ListTasks::default() };
        let request =
            Request { jsonrpc: "2.0", id: 1, method: "tools/call", params: Params { name: "list_tasks", arguments } };
        let body = serde_json::to_string(&request).map_err(|_| Fault::Unreadable(0))?;
        let call = Call::post("/mcp".to_owned(), body)
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2025-11-25");
        let reply: Reply = self.api.json(call).await?;
        reply.result.and_then(|result| result.structured).ok_or(Fault::Unreadable(200))
    }
}
