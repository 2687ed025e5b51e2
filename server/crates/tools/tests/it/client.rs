//! An MCP client of one person's tools, in process, as the agent is.

use std::time::Duration;

use rmcp::{
    RoleClient, ServiceExt,
    model::{CallToolRequestParams, CallToolResult, RequestMetaObject, RequestParamsMeta},
    service::{RunningService, ServiceError},
};
use saydo_contract::UserId;
use saydo_store::{BeginTurn, BegunTurn, NewTurn, Store, UserStore};
use saydo_tools::TaskTools;
use serde_json::{Value, json};

pub(crate) struct Client {
    connection: RunningService<RoleClient, ()>,
}

impl Client {
    /// A client within a new turn.
    pub(crate) async fn of(store: &Store, user: &str) -> Self {
        let store = store.for_user(self::user(user));
        let turn = match store.begin_turn(says("Hello")).await.unwrap() {
            BeginTurn::Started(turn) => turn,
            other => panic!("not started: {other:?}"),
        };
        Self::within(&store, turn).await
    }

    /// A client within this turn.
    pub(crate) async fn within(store: &UserStore, turn: BegunTurn) -> Self {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(TaskTools::for_turn(store.clone(), turn).serve_io(theirs));
        Self { connection: ().serve(ours).await.unwrap() }
    }

    pub(crate) fn connection(&self) -> &RunningService<RoleClient, ()> {
        &self.connection
    }

    /// Calls a tool, whatever comes of it.
    pub(crate) async fn call(&self, tool: &'static str, arguments: Value) -> CallToolResult {
        self.try_call(tool, arguments, None).await.unwrap()
    }

    /// Calls a tool with `_meta`.
    pub(crate) async fn call_marked(&self, tool: &'static str, arguments: Value, meta: Value) -> Value {
        accepted(self.try_call(tool, arguments, Some(meta)).await.unwrap())
    }

    pub(crate) async fn try_call(
        &self,
        tool: &'static str,
        arguments: Value,
        meta: Option<Value>,
    ) -> Result<CallToolResult, ServiceError> {
        let mut params = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().unwrap().clone());
        *params.meta_mut() = meta.map(|meta| serde_json::from_value::<RequestMetaObject>(meta).unwrap());
        self.connection.call_tool(params).await
    }

    /// Calls a tool that must succeed: its structured content.
    pub(crate) async fn does(&self, tool: &'static str, arguments: Value) -> Value {
        accepted(self.call(tool, arguments).await)
    }

    /// Calls a tool that must fail in band: its words.
    pub(crate) async fn fails(&self, tool: &'static str, arguments: Value) -> String {
        refused(&self.call(tool, arguments).await)
    }

    /// Adds a task with this title: its number.
    pub(crate) async fn adds(&self, title: &str) -> i64 {
        self.does("add_task", json!({ "title": title })).await["task_id"].as_i64().unwrap()
    }

    /// The whole list.
    pub(crate) async fn list(&self) -> Value {
        self.does("list_tasks", json!({})).await["tasks"].take()
    }
}

/// A message whose turn is this server's for an hour.
pub(crate) fn says(message: &str) -> NewTurn {
    let lease = Duration::from_hours(1);
    NewTurn { conversation: None, message: message.parse().unwrap(), idempotency: None, lease }
}

pub(crate) fn user(name: &str) -> UserId {
    name.parse().unwrap()
}

pub(crate) fn accepted(result: CallToolResult) -> Value {
    assert_ne!(result.is_error, Some(true), "{:?}", result.content);
    result.structured_content.unwrap()
}

pub(crate) fn refused(result: &CallToolResult) -> String {
    assert_eq!(result.is_error, Some(true), "{:?}", result.content);
    assert_eq!(result.structured_content, None);
    text(result)
}

/// The only content block of a result.
pub(crate) fn text(result: &CallToolResult) -> String {
    let [block] = result.content.as_slice() else { panic!("{:?}", result.content) };
    block.as_text().unwrap().text.clone()
}
