//! Saydo's contract as types: everything that crosses a process border, and nothing else.
//!
//! No IO, no clock, no features; it builds for the server and for `wasm32-unknown-unknown`. A value of a type in this
//! crate is valid: text, ids and dates are checked when they are parsed. The OpenAPI document and the MCP tool
//! schemas are generated from these types.
//!
//! Names, paths and required fields never change; optional fields may be added.

mod account;
mod arguments;
mod auth;
mod chat;
mod conversations;
mod events;
mod ids;
mod locale;
mod meta;
mod moment;
mod page_action;
mod problem;
mod settings;
mod slash;
mod task;
mod text;
mod tools;

pub use account::{AccountExport, ConversationExport, EraseAccount};
pub use arguments::{NormalizedArguments, normalize};
pub use auth::{
    AuthError, AuthErrorCode, AuthSession, AuthUser, Jwks, SessionView, SignInEmail, SignInReply, SignOutReply,
    SignUpEmail, SignUpReply, StatusReply, TokenReply,
};
pub use chat::{ChatReply, ChatRequest, ToolCallRecord};
pub use conversations::{
    ConversationItem, MessageItem, Page, RenameConversation, Role, StopReply, TurnItem, TurnStatus,
};
pub use events::{AccountEvent, ChoiceOption, ConfirmationItem, EventId, InvalidEventId, StoppedCall, TurnEvent};
pub use ids::{ConversationId, InvalidId, MessageId, TaskId, TurnId, UserId};
pub use locale::{DateOrder, HourCycle, Locale};
pub use meta::{
    AskedAt, CutReason, FrozenCall, MessageMeta, MessageOutcome, ProposedTask, Question, Reasoning, ReceiptNote,
    UndoKind,
};
pub use moment::rfc3339;
pub use page_action::PageAction;
pub use problem::{FieldError, Problem, ProblemKind};
pub use settings::{ModelMode, Settings};
pub use slash::{SlashArgument, SlashCommand};
pub use task::{ChangeVerb, Due, InvalidDue, Patch, Priority, StatusFilter, Task, TaskChange};
pub use text::{
    ConversationTitle, Cursor, EmailAddress, IdempotencyKey, InvalidText, MessageText, Password, PersonName,
    SearchQuery, TaskDescription, TaskTitle,
};
pub use tools::{
    AddTask, CompleteTask, DeleteTask, InvalidLimit, ListTasks, PageLimit, TaskList, TaskOutcome, TaskOutcomeStatus,
    ToolName, UnknownTool, UpdateTask, for_model,
};
