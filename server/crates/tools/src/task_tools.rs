//! The handler: five tools over one person's tasks.

use std::sync::LazyLock;

use http::request::Parts;
use rmcp::{
    RoleServer, ServerHandler, ServiceExt,
    handler::server::{router::tool::ToolRouter, tool::IntoCallToolResult, wrapper::Parameters},
    model::{
        CallToolResponse, CallToolResult, CompleteRequestMethod, CompleteRequestParams, CompleteResult, ContentBlock,
        ErrorData, Implementation, ListPromptsRequestMethod, ListPromptsResult, ListResourceTemplatesRequestMethod,
        ListResourceTemplatesResult, ListResourcesRequestMethod, ListResourcesResult, PaginatedRequestParams,
        RequestMetaObject, ServerCapabilities, ServerConfig,
    },
    service::RequestContext,
    tool, tool_handler, tool_router,
};
use saydo_contract::{
    AddTask, CompleteTask, DeleteTask, ListTasks, TaskList, TaskOutcome, TaskOutcomeStatus, UpdateTask, UserId,
    for_model,
};
use saydo_store::{BegunTurn, Changed, NewTask, Origin, Store, TaskFilter, TaskPatch, Trash, UserStore};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{Caller, arguments::Checked, failure::ToolFailure, schemas};

const INSTRUCTIONS: &str = "Saydo is one person's to-do list. Tasks have small numbers: call list_tasks to find them, \
                            then pass the number as task_id. Dates are 2026-11-30 or 2026-11-30T17:00:00+01:00.";

static ROUTER: LazyLock<ToolRouter<TaskTools>> = LazyLock::new(TaskTools::tool_router);

/// The five tools, for whoever the connection speaks for.
#[derive(Debug, Clone)]
pub struct TaskTools {
    principal: Principal,
}

#[derive(Debug, Clone)]
enum Principal {
    /// The connection's own, for one turn.
    Fixed(UserStore, BegunTurn),
    /// The [`Caller`] of each HTTP request.
    PerRequest(Store),
}

impl TaskTools {
    /// The tools of one person, for a connection in process that lives as long as a run of a turn. They change nothing
    /// once the turn was taken over.
    #[must_use]
    pub const fn for_turn(store: UserStore, turn: BegunTurn) -> Self {
        Self { principal: Principal::Fixed(store, turn) }
    }

    /// The tools of each request's [`Caller`].
    #[must_use]
    pub const fn over_http(store: Store) -> Self {
        Self { principal: Principal::PerRequest(store) }
    }

    /// Serves a connection in process until its other end is dropped.
    pub async fn serve_io(self, io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) {
        match self.serve(io).await {
            Ok(running) => {
                if let Err(error) = running.waiting().await {
                    tracing::error!(error = &error as &dyn std::error::Error, "a tool connection broke");
                }
            }
            Err(error) => tracing::debug!(error = &error as &dyn std::error::Error, "no tool connection was made"),
        }
    }

    /// The principal's data and where the call comes from, unless `named` is somebody else.
    fn enter(
        &self,
        named: Option<&UserId>,
        context: &RequestContext<RoleServer>,
    ) -> Result<(UserStore, Origin), ToolFailure> {
        let (store, origin) = match &self.principal {
            Principal::Fixed(store, turn) => {
                (store.clone(), Origin { turn: Some(*turn), call_id: call_id(&context.meta) })
            }
            Principal::PerRequest(store) => {
                let parts = context.extensions.get::<Parts>();
                let Caller(user) = parts.and_then(|parts| parts.extensions.get()).ok_or(ToolFailure::NoCaller)?;
                (store.for_user(user.clone()), Origin::default())
            }
        };
        match named {
            Some(named) if named != store.user() => Err(ToolFailure::WrongUser),
            _ => Ok((store, origin)),
        }
    }
}

/// The call that the agent names in `_meta`.
fn call_id(meta: &RequestMetaObject) -> Option<String> {
    meta.get("saydo/call_id").and_then(Value::as_str).map(str::to_owned)
}

type Outcome = Result<Changes, ToolFailure>;

#[tool_router]
impl TaskTools {
    #[tool(
        title = "Add a task",
        description = "Adds a task. For several, call it several times. A date belongs in due and urgency in priority, not in the title.",
        input_schema = schemas::input::<AddTask>(),
        output_schema = schemas::output::<TaskOutcome>(),
        annotations(
            read_only_hint = false,
            destructive_hint = false,
            idempotent_hint = false,
            open_world_hint = false
        )
    )]
    async fn add_task(
        &self,
        Parameters(arguments): Parameters<Checked<AddTask>>,
        context: RequestContext<RoleServer>,
    ) -> Outcome {
        let asked = arguments.valid()?;
        let (store, origin) = self.enter(asked.user_id.as_ref(), &context)?;
        let task = NewTask {
            title: asked.title,
            description: asked.description,
            due: asked.due,
            priority: asked.priority.unwrap_or_default(),
        };
        Ok(outcome(TaskOutcomeStatus::Created, store.add_task(task, &origin).await?))
    }

    #[tool(
        title = "List tasks",
        description = "Lists tasks with their numbers, open ones first, by due date. Where there is next_cursor there are more: pass it as cursor, with the same filters.",
        input_schema = schemas::input::<ListTasks>(),
        output_schema = schemas::output::<TaskList>(),
        annotations(read_only_hint = true, destructive_hint = false, idempotent_hint = true, open_world_hint = false)
    )]
    async fn list_tasks(
        &self,
        Parameters(arguments): Parameters<Checked<ListTasks>>,
        context: RequestContext<RoleServer>,
    ) -> Result<Listed, ToolFailure> {
        let asked = arguments.valid()?;
        let (store, _) = self.enter(asked.user_id.as_ref(), &context)?;
        let filter = TaskFilter {
            status: asked.status.unwrap_or_default(),
            due_before: asked.due_before,
            due_after: asked.due_after,
            query: asked.query,
        };
        let page = store.list_tasks(&filter, asked.limit.unwrap_or_default(), asked.cursor.as_ref()).await?;
        Ok(Listed(TaskList { tasks: page.tasks, total: page.total, next_cursor: page.next_cursor }))
    }

    #[tool(
        title = "Complete a task",
        description = "Marks a task as done.",
        input_schema = schemas::input::<CompleteTask>(),
        output_schema = schemas::output::<TaskOutcome>(),
        annotations(
            read_only_hint = false,
            destructive_hint = false,
            idempotent_hint = true,
            open_world_hint = false
        )
    )]
    async fn complete_task(
        &self,
        Parameters(arguments): Parameters<Checked<CompleteTask>>,
        context: RequestContext<RoleServer>,
    ) -> Outcome {
        let asked = arguments.valid()?;
        let (store, origin) = self.enter(asked.user_id.as_ref(), &context)?;
        let changed = store.complete_task(asked.task_id, &origin).await.map_err(ToolFailure::about(asked.task_id))?;
        Ok(outcome(TaskOutcomeStatus::Completed, changed))
    }

    #[tool(
        title = "Delete a task",
        description = "Moves a task to the trash. update_task with deleted false takes it back.",
        input_schema = schemas::input::<DeleteTask>(),
        output_schema = schemas::output::<TaskOutcome>(),
        annotations(
            read_only_hint = false,
            destructive_hint = true,
            idempotent_hint = true,
            open_world_hint = false
        )
    )]
    async fn delete_task(
        &self,
        Parameters(arguments): Parameters<Checked<DeleteTask>>,
        context: RequestContext<RoleServer>,
    ) -> Outcome {
        let asked = arguments.valid()?;
        let (store, origin) = self.enter(asked.user_id.as_ref(), &context)?;
        let changed = store.delete_task(asked.task_id, &origin).await.map_err(ToolFailure::about(asked.task_id))?;
        Ok(outcome(TaskOutcomeStatus::Deleted, changed))
    }

    #[tool(
        title = "Update a task",
        description = "Changes, reopens or restores a task. What is left out stays.",
        input_schema = schemas::input::<UpdateTask>(),
        output_schema = schemas::output::<TaskOutcome>(),
        annotations(
            read_only_hint = false,
            destructive_hint = false,
            idempotent_hint = true,
            open_world_hint = false
        )
    )]
    async fn update_task(
        &self,
        Parameters(mut arguments): Parameters<Checked<UpdateTask>>,
        context: RequestContext<RoleServer>,
    ) -> Outcome {
        let note = filler_note(&arguments.take_filler());
        let asked = arguments.valid()?;
        let (store, origin) = self.enter(asked.user_id.as_ref(), &context)?;
        if asked.deleted == Some(true) {
            return Err(ToolFailure::DeleteInstead);
        }
        let nothing = asked.title.is_none()
            && asked.description.is_keep()
            && asked.completed.is_none()
            && asked.due.is_keep()
            && asked.priority.is_none()
            && asked.deleted.is_none();
        if nothing {
            return Err(note.map_or(ToolFailure::NothingToUpdate, ToolFailure::OnlyFiller));
        }
        let patch = TaskPatch {
            title: asked.title,
            description: asked.description,
            completed: asked.completed,
            due: asked.due,
            priority: asked.priority,
            trash: if asked.deleted == Some(false) { Trash::Restore } else { Trash::Keep },
        };
        let changed =
            store.update_task(asked.task_id, patch, &origin).await.map_err(ToolFailure::about(asked.task_id))?;
        let Changes(outcome) = outcome(TaskOutcomeStatus::Updated, changed);
        Ok(Changes(TaskOutcome { note, ..outcome }))
    }
}

/// Says which fields of an update did not count, and how to clear one.
fn filler_note(fields: &[String]) -> Option<String> {
    let clears = [("description", "description: \"\""), ("due", "due: \"none\""), ("priority", "priority: \"none\"")];
    let is_filler = |name: &str| fields.iter().any(|field| field == name);
    let clears: Vec<&str> = clears.into_iter().filter(|(name, _)| is_filler(name)).map(|(_, how)| how).collect();
    let mut note = String::new();
    if !clears.is_empty() {
        note = format!("Several nulls beside a change clear nothing. To clear, send {}.", clears.join(", "));
    }
    if is_filler("completed") {
        note.push_str(" completed: false beside several nulls was ignored. To reopen, send it without nulls.");
    }
    (!note.is_empty()).then(|| note.trim_start().to_owned())
}

fn outcome(status: TaskOutcomeStatus, Changed { task, change, same_title }: Changed) -> Changes {
    Changes(TaskOutcome {
        task_id: task.id,
        status,
        title: task.title.clone(),
        task,
        changes: change.into_iter().collect(),
        same_title,
        note: None,
    })
}

/// The result of a tool that changes.
struct Changes(TaskOutcome);

impl IntoCallToolResult for Changes {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        let outcome = json!(self.0);
        let text = for_model(&outcome);
        Ok(structured(outcome, &text))
    }
}

/// A page of tasks; clients that know no structured content read the bare array.
struct Listed(TaskList);

impl IntoCallToolResult for Listed {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        let tasks = for_model(&json!(self.0.tasks));
        Ok(structured(json!(self.0), &tasks))
    }
}

/// A result for programs, with a text for the model.
fn structured(content: Value, text: &Value) -> CallToolResponse {
    let mut result = CallToolResult::structured(content);
    result.content = vec![ContentBlock::text(text.to_string())];
    result.into()
}

#[tool_handler(router = ROUTER)]
impl ServerHandler for TaskTools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("saydo", env!("CARGO_PKG_VERSION")).with_title("Saydo"))
            .with_instructions(INSTRUCTIONS)
    }

    // The library answers these with empty results, although the server declares neither prompts nor resources.

    async fn complete(
        &self,
        _: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        Err(ErrorData::method_not_found::<CompleteRequestMethod>())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListPromptsRequestMethod>())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListResourcesRequestMethod>())
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListResourceTemplatesRequestMethod>())
    }
}
