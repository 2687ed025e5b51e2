//! An MCP server with the five tools over a list in memory, which keeps a log and can be told to misbehave.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use rmcp::{
    RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData, JsonObject, ListToolsResult,
        PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
};
use saydo_contract::{Due, ToolName};
use serde_json::{Value, json};

/// What happened, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Logged {
    pub(crate) tool: String,
    pub(crate) arguments: Value,
    pub(crate) call: Value,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Well,
    /// Refuses every call in band.
    Refuses,
    /// Refuses every call with a protocol error.
    Objects,
    /// Never answers.
    Hangs,
}

#[derive(Clone, Default)]
pub(crate) struct TestTools {
    mood: Mood,
    list: Arc<Mutex<List>>,
}

#[derive(Default)]
struct List {
    tasks: Vec<(Value, bool)>,
    log: Vec<Logged>,
}

fn at(moment: &str) -> DateTime<Utc> {
    moment.parse().unwrap()
}

impl TestTools {
    pub(crate) fn new(mood: Mood) -> Self {
        Self { mood, list: Arc::default() }
    }

    /// Puts a task on the list.
    pub(crate) fn given(&self, title: &str, due: Option<&str>, completed: bool) {
        let mut list = self.list.lock().unwrap();
        let id = list.tasks.len() + 1;
        list.tasks.push((task(id, title, due, completed), false));
    }

    /// Changes a task's title, as another device would.
    pub(crate) fn rename(&self, number: usize, title: &str) {
        self.list.lock().unwrap().tasks[number - 1].0["title"] = title.into();
    }

    /// Moves a task to the trash, as another device would.
    pub(crate) fn remove(&self, number: usize) {
        self.list.lock().unwrap().tasks[number - 1].1 = true;
    }

    pub(crate) fn log(&self) -> Vec<Logged> {
        self.list.lock().unwrap().log.clone()
    }

    /// The tasks that are not in the trash, as `(number, title, completed)`.
    pub(crate) fn tasks(&self) -> Vec<(i64, String, bool)> {
        let list = self.list.lock().unwrap();
        let shown = list.tasks.iter().filter(|(_, deleted)| !deleted);
        shown
            .map(|(task, _)| {
                let title = task["title"].as_str().unwrap().to_owned();
                (task["id"].as_i64().unwrap(), title, task["completed"].as_bool().unwrap())
            })
            .collect()
    }
}

fn task(id: usize, title: &str, due: Option<&str>, completed: bool) -> Value {
    let moment = at("2026-11-01T08:00:00Z");
    json!({
        "id": id, "title": title, "description": null, "completed": completed, "due": due, "priority": "none",
        "created_at": moment, "updated_at": moment, "completed_at": completed.then_some(moment),
    })
}

impl List {
    fn run(&mut self, tool: ToolName, arguments: &JsonObject) -> Result<Value, String> {
        if tool == ToolName::ListTasks {
            return Ok(self.page(arguments));
        }
        let mut same_title = Vec::new();
        let number = match tool {
            ToolName::AddTask => {
                let is_same = |task: &&(Value, bool)| !task.1 && task.0["title"] == arguments["title"];
                let open = self.tasks.iter().filter(is_same).filter(|(task, _)| task["completed"] == false);
                same_title.extend(open.map(|(task, _)| task["id"].clone()));
                let id = self.tasks.len() + 1;
                self.tasks.push((task(id, arguments["title"].as_str().unwrap(), None, false), true));
                id
            }
            _ => usize::try_from(arguments["task_id"].as_u64().ok_or("task_id must be a number")?).unwrap(),
        };
        let (task, deleted) = self
            .tasks
            .get_mut(number - 1)
            .filter(|(_, deleted)| !deleted || tool != ToolName::CompleteTask)
            .ok_or_else(|| format!("No task {number} on this list. Call list_tasks to see the numbers."))?;
        let before = (!*deleted).then(|| task.clone());
        let (status, verb) = match tool {
            ToolName::AddTask => ("created", "created"),
            ToolName::CompleteTask => ("completed", "completed"),
            ToolName::DeleteTask => ("deleted", "deleted"),
            _ if *deleted => ("updated", "restored"),
            _ if arguments.get("completed") == Some(&json!(false)) => ("updated", "reopened"),
            _ => ("updated", "updated"),
        };
        for (name, value) in arguments.iter().filter(|(name, _)| *name != "task_id" && *name != "deleted") {
            task[name] = value.clone();
        }
        if tool == ToolName::CompleteTask {
            task["completed"] = true.into();
        }
        *deleted = tool == ToolName::DeleteTask;
        let after = (!*deleted).then(|| task.clone());
        let change = json!({
            "task_id": number, "title": task["title"], "verb": verb, "before": before, "after": after,
        });
        let changes = if before == after { json!([]) } else { json!([change]) };
        let mut outcome =
            json!({ "task_id": number, "status": status, "title": task["title"], "task": task, "changes": changes });
        if !same_title.is_empty() {
            outcome["same_title"] = same_title.into();
        }
        Ok(outcome)
    }

    fn page(&self, arguments: &JsonObject) -> Value {
        let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
        let day = |text: &str| text.parse::<Due>().ok().map(|due| due.day());
        let mut tasks: Vec<&Value> = self
            .tasks
            .iter()
            .filter(|(_, deleted)| !deleted)
            .map(|(task, _)| task)
            .filter(|task| match text("status") {
                "pending" => task["completed"] == false,
                "completed" => task["completed"] == true,
                _ => true,
            })
            .filter(|task| {
                let title = task["title"].as_str().unwrap().to_lowercase();
                text("query").split_whitespace().all(|word| title.contains(&word.to_lowercase()))
            })
            .filter(|task| {
                let due = task["due"].as_str().and_then(day);
                let before = day(text("due_before")).is_none_or(|limit| due.is_some_and(|due| due < limit));
                before && day(text("due_after")).is_none_or(|limit| due.is_some_and(|due| due > limit))
            })
            .collect();
        tasks.sort_by_key(|task| {
            let due = task["due"].as_str().map_or("9999".to_owned(), str::to_owned);
            (task["completed"].as_bool(), due, task["id"].as_i64())
        });
        let number = |name: &str| arguments.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let from: usize = text("cursor").parse().unwrap_or_default();
        let to = number("limit").map_or(tasks.len(), |limit| tasks.len().min(from + limit));
        let next = (to < tasks.len()).then(|| to.to_string());
        json!({ "tasks": tasks[from..to], "total": tasks.len(), "next_cursor": next })
    }
}

impl ServerHandler for TestTools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = json!({ "type": "object", "properties": {}, "required": [] });
        let schema = Arc::new(schema.as_object().cloned().unwrap());
        let tools = ToolName::ALL.iter().map(|tool| Tool::new(tool.as_str(), "A tool.", Arc::clone(&schema))).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let meta = |key: &str| context.meta.get(key).cloned().unwrap_or_default();
        self.list.lock().unwrap().log.push(Logged {
            tool: request.name.to_string(),
            arguments: Value::Object(arguments.clone()),
            call: meta("saydo/call_id"),
        });
        match self.mood {
            Mood::Well => {}
            Mood::Refuses => return Ok(CallToolResult::error(vec![ContentBlock::text("refused: try later")]).into()),
            Mood::Objects => return Err(ErrorData::invalid_params("objected: no such argument", None)),
            Mood::Hangs => std::future::pending().await,
        }
        let tool: ToolName = request.name.parse().map_err(|_| ErrorData::invalid_params("unknown tool", None))?;
        let ran = self.list.lock().unwrap().run(tool, &arguments);
        Ok(match ran {
            Ok(result) => CallToolResult::structured(result),
            Err(words) => CallToolResult::error(vec![ContentBlock::text(words)]),
        }
        .into())
    }
}
