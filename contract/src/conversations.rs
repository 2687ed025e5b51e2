//! Conversations and their messages, read and managed without the agent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, ConversationTitle, Cursor, MessageId, MessageMeta, StoppedCall, ToolCallRecord, TurnId};

/// One page of a longer list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Where the next page starts; `null` on the last.
    pub next_cursor: Option<Cursor>,
}

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConversationItem {
    /// The conversation.
    pub id: ConversationId,
    /// Its title: its first message, shortened, until it is renamed.
    pub title: ConversationTitle,
    /// When it began (UTC).
    #[serde(deserialize_with = "crate::rfc3339")]
    pub created_at: DateTime<Utc>,
    /// When its last message was written (UTC).
    #[serde(deserialize_with = "crate::rfc3339")]
    pub updated_at: DateTime<Utc>,
}

/// A message, as a conversation is replayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageItem {
    /// The message.
    pub id: MessageId,
    /// Who wrote it.
    pub role: Role,
    /// The words: plain text of the person, Markdown of the agent. Empty where the agent only called tools.
    pub content: String,
    /// The tools that the agent invoked in this message, in order.
    pub tool_calls: Vec<ToolCallRecord>,
    /// When it was written (UTC).
    #[serde(deserialize_with = "crate::rfc3339")]
    pub created_at: DateTime<Utc>,
    /// The turn it belongs to.
    pub turn: TurnItem,
    /// The question that it asks and what it shows, as data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<MessageMeta>,
}

/// The turn of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TurnItem {
    /// The turn.
    pub id: TurnId,
    /// How it stands.
    pub status: TurnStatus,
}

/// How a turn stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TurnStatus {
    /// The agent is at work.
    Running,
    /// It was answered.
    Completed,
    /// The person stopped it.
    Stopped,
    /// The model gave up; the turn can be retried.
    Failed,
    /// Its server went away; the turn can be retried.
    Interrupted,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The person.
    User,
    /// The agent.
    Assistant,
}

/// A new title for a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RenameConversation {
    /// The title, 1 to 120 characters after trimming.
    pub title: ConversationTitle,
}

/// What stopping a turn came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StopReply {
    /// Whether a turn was running.
    pub stopped: bool,
    /// Tool calls that took effect and stay.
    pub done: Vec<StoppedCall>,
    /// Tool calls that were asked for and did not run.
    pub not_done: Vec<StoppedCall>,
}
