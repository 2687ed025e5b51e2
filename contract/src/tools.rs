//! The five MCP tools: their names, arguments and results.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    Cursor, Due, Patch, Priority, SearchQuery, StatusFilter, Task, TaskChange, TaskDescription, TaskId, TaskTitle,
    UserId,
};

/// The name of a tool. There are exactly these five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToolName {
    /// Adds a task.
    AddTask,
    /// Lists tasks.
    ListTasks,
    /// Marks a task as done.
    CompleteTask,
    /// Moves a task to the trash.
    DeleteTask,
    /// Changes, reopens or restores a task.
    UpdateTask,
}

impl ToolName {
    /// All of them, in the order of the contract.
    pub const ALL: [Self; 5] = [Self::AddTask, Self::ListTasks, Self::CompleteTask, Self::DeleteTask, Self::UpdateTask];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddTask => "add_task",
            Self::ListTasks => "list_tasks",
            Self::CompleteTask => "complete_task",
            Self::DeleteTask => "delete_task",
            Self::UpdateTask => "update_task",
        }
    }
}

impl fmt::Display for ToolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Arguments of `add_task`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTask {
    /// What to do, in the person's words.
    pub title: TaskTitle,
    /// Notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<TaskDescription>,
    /// 2026-11-30 or 2026-11-30T17:00:00+01:00.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// How urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Leave out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

/// Arguments of `list_tasks`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTasks {
    /// All by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusFilter>,
    /// Due before that day or moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_before: Option<Due>,
    /// Due after that day or moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_after: Option<Due>,
    /// Words that title or description contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<SearchQuery>,
    /// 1 to 200; 50 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<PageLimit>,
    /// next_cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// Leave out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

/// Arguments of `complete_task`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteTask {
    /// Its number.
    pub task_id: TaskId,
    /// Leave out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

/// Arguments of `delete_task`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteTask {
    /// Its number.
    pub task_id: TaskId,
    /// Leave out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

/// Arguments of `update_task`: what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateTask {
    /// Its number.
    pub task_id: TaskId,
    /// The new title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<TaskTitle>,
    /// The new notes; "" removes them.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub description: Patch<TaskDescription>,
    /// false reopens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
    /// 2026-11-30 or 2026-11-30T17:00:00+01:00; "none" removes it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub due: Patch<Due>,
    /// "none" removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Only false: takes it back from the trash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
    /// Leave out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

/// How many items a page holds: 1 to 200, 50 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 1, maximum = 200)]
pub struct PageLimit(u16);

impl PageLimit {
    /// The largest page.
    pub const MAX: Self = Self(200);

    /// The number of items.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for PageLimit {
    fn default() -> Self {
        Self(50)
    }
}

/// A page limit outside 1 to 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 200")]
pub struct InvalidLimit;

impl TryFrom<i64> for PageLimit {
    type Error = InvalidLimit;

    fn try_from(value: i64) -> Result<Self, InvalidLimit> {
        u16::try_from(value).ok().filter(|n| (1..=200).contains(n)).map(Self).ok_or(InvalidLimit)
    }
}

impl From<PageLimit> for i64 {
    fn from(limit: PageLimit) -> i64 {
        limit.0.into()
    }
}

impl JsonSchema for PageLimit {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "PageLimit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer" })
    }
}

/// What a changing tool did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum TaskOutcomeStatus {
    /// `add_task`
    Created,
    /// `complete_task`
    Completed,
    /// `delete_task`
    Deleted,
    /// `update_task`
    Updated,
}

/// Result of the four changing tools.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, JsonSchema)]
pub struct TaskOutcome {
    /// The task's number.
    pub task_id: TaskId,
    /// What was done.
    pub status: TaskOutcomeStatus,
    /// The task's title now.
    pub title: TaskTitle,
    /// The whole task now (as it was, where it was deleted).
    pub task: Task,
    /// What changed; empty where the task already was as asked.
    pub changes: Vec<TaskChange>,
    /// Of `add_task`: older open tasks with the same title, oldest first, at most five. Absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_title: Vec<TaskId>,
    /// What of the arguments did not count, and how to say what was meant. Absent where all of them counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Result of `list_tasks`. Open tasks come first, by due date, then by number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, JsonSchema)]
pub struct TaskList {
    /// The tasks of this page.
    pub tasks: Vec<Task>,
    /// How many tasks fit the filters in all.
    pub total: u64,
    /// Where the next page starts; `null` on the last.
    pub next_cursor: Option<Cursor>,
}

/// What a model reads of a tool's result: not what only programs need, since every word costs the model's attention.
///
/// Left out are nulls, `created_at`, `updated_at`, fractions of seconds, and `changes`, which repeat the task; only that
/// nothing changed is said.
#[must_use]
pub fn for_model(result: &Value) -> Value {
    let is_read = |(name, value): &(&String, &Value)| match name.as_str() {
        "created_at" | "updated_at" => false,
        "changes" => value.as_array().is_some_and(Vec::is_empty),
        _ => !value.is_null(),
    };
    match result {
        Value::Object(fields) => {
            let read = fields.iter().filter(is_read).map(|(name, value)| match (name.as_str(), value) {
                ("completed_at", Value::String(moment)) => (name.clone(), whole_seconds(moment).into()),
                _ => (name.clone(), for_model(value)),
            });
            Value::Object(read.collect())
        }
        Value::Array(items) => items.iter().map(for_model).collect(),
        other => other.clone(),
    }
}

/// A date-time in UTC without the fraction of its seconds.
fn whole_seconds(moment: &str) -> String {
    moment.split_once('.').map_or_else(|| moment.to_owned(), |(seconds, _)| format!("{seconds}Z"))
}

impl FromStr for ToolName {
    type Err = UnknownTool;

    fn from_str(text: &str) -> Result<Self, UnknownTool> {
        Self::ALL.into_iter().find(|tool| tool.as_str() == text).ok_or(UnknownTool)
    }
}

/// A name that is none of the five tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of add_task, list_tasks, complete_task, delete_task, update_task")]
pub struct UnknownTool;
