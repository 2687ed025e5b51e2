//! What a turn tells while it runs, as Server-Sent Events.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{ChangeVerb, ChatReply, ConversationId, MessageId, MessageMeta, Problem, TaskChange, TaskId, TurnId};

/// One event of a turn. On the stream `type` is the event's name and `data` its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum TurnEvent {
    /// The message is stored and the agent is at work.
    #[serde(rename = "turn.started")]
    TurnStarted {
        /// The conversation, new or old.
        conversation_id: ConversationId,
        /// The turn.
        turn_id: TurnId,
        /// The person's message.
        message_id: MessageId,
    },
    /// A tool is called.
    #[serde(rename = "tool.started")]
    ToolStarted {
        /// Pairs this event with `tool.finished`.
        call_id: String,
        /// The tool's name.
        tool: String,
        /// Its arguments.
        arguments: Value,
    },
    /// A tool answered.
    #[serde(rename = "tool.finished")]
    ToolFinished {
        /// Pairs this event with `tool.started`.
        call_id: String,
        /// The tool's name.
        tool: String,
        /// The structured result, or the error's text.
        result: Value,
        /// Whether the call failed.
        is_error: bool,
        /// What changed.
        changes: Vec<TaskChange>,
    },
    /// More of the answer's text.
    #[serde(rename = "message.delta")]
    MessageDelta {
        /// The text to append.
        text: String,
    },
    /// A message of the agent is whole and stored.
    #[serde(rename = "message.completed")]
    MessageCompleted {
        /// The message.
        message_id: MessageId,
        /// Its whole text.
        text: String,
        /// As in the message's item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meta: Option<MessageMeta>,
    },
    /// Several tasks fit; nothing was changed.
    #[serde(rename = "choice.required")]
    ChoiceRequired {
        /// The question.
        prompt: String,
        /// What can be chosen.
        options: Vec<ChoiceOption>,
        /// Whether other words are welcome too.
        free_text: bool,
    },
    /// A bulk or sweeping change waits for a yes, frozen to exactly these tasks.
    #[serde(rename = "confirmation.required")]
    ConfirmationRequired {
        /// The confirmation.
        confirmation_id: i64,
        /// The question.
        prompt: String,
        /// What would be done.
        items: Vec<ConfirmationItem>,
        /// When the question lapses (UTC).
        expires_at: DateTime<Utc>,
    },
    /// The turn is over and answered.
    #[serde(rename = "turn.completed")]
    TurnCompleted(ChatReply),
    /// The person stopped the turn.
    #[serde(rename = "turn.stopped")]
    TurnStopped {
        /// Tool calls that took effect and stay.
        done: Vec<StoppedCall>,
        /// Tool calls that were asked for and did not run.
        not_done: Vec<StoppedCall>,
    },
    /// The turn failed.
    #[serde(rename = "turn.failed")]
    TurnFailed {
        /// Why.
        problem: Problem,
        /// Whether sending the message again makes sense.
        retryable: bool,
    },
}

impl TurnEvent {
    /// The event's name on the stream.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TurnStarted { .. } => "turn.started",
            Self::ToolStarted { .. } => "tool.started",
            Self::ToolFinished { .. } => "tool.finished",
            Self::MessageDelta { .. } => "message.delta",
            Self::MessageCompleted { .. } => "message.completed",
            Self::ChoiceRequired { .. } => "choice.required",
            Self::ConfirmationRequired { .. } => "confirmation.required",
            Self::TurnCompleted(_) => "turn.completed",
            Self::TurnStopped { .. } => "turn.stopped",
            Self::TurnFailed { .. } => "turn.failed",
        }
    }

    /// Whether no event of the same turn follows.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::TurnCompleted(_) | Self::TurnStopped { .. } | Self::TurnFailed { .. })
    }
}

/// Something of the person's changed, in any tab and on any device. Not kept: whoever connects reads anew first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum AccountEvent {
    /// A turn began, or began again; its events follow in its conversation's stream.
    #[serde(rename = "turn.started")]
    TurnStarted {
        /// Where.
        conversation_id: ConversationId,
        /// The turn.
        turn_id: TurnId,
    },
    /// A turn is over.
    #[serde(rename = "turn.ended")]
    TurnEnded {
        /// Where.
        conversation_id: ConversationId,
        /// The turn.
        turn_id: TurnId,
    },
    /// A task was added, changed or deleted.
    #[serde(rename = "tasks.changed")]
    TasksChanged {
        /// The turn that did it; `null`: another client of the tools.
        turn_id: Option<TurnId>,
    },
    /// A conversation has another title.
    #[serde(rename = "conversation.renamed")]
    ConversationRenamed {
        /// Which.
        conversation_id: ConversationId,
    },
    /// A conversation is gone.
    #[serde(rename = "conversation.deleted")]
    ConversationDeleted {
        /// Which.
        conversation_id: ConversationId,
    },
}

impl AccountEvent {
    /// The event's name on the stream.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TurnStarted { .. } => "turn.started",
            Self::TurnEnded { .. } => "turn.ended",
            Self::TasksChanged { .. } => "tasks.changed",
            Self::ConversationRenamed { .. } => "conversation.renamed",
            Self::ConversationDeleted { .. } => "conversation.deleted",
        }
    }
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChoiceOption {
    /// What the person reads.
    pub label: String,
    /// What to send through the chat endpoint for it.
    pub message: String,
    /// The task that it means, where it means one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
    /// What would happen to that task, where one change is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verb: Option<ChangeVerb>,
}

/// One task of a frozen change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationItem {
    /// Which task.
    pub task_id: TaskId,
    /// Its title when the question was asked.
    pub title: String,
    /// What would happen to it.
    pub verb: ChangeVerb,
}

/// A tool call of a stopped turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StoppedCall {
    /// The tool's name.
    pub tool: String,
    /// Its arguments.
    pub arguments: Value,
}

/// The id of an event on the stream, `<turn>-<seq>`: sent back as `Last-Event-ID` to go on after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// The turn.
    pub turn: TurnId,
    /// The event's place within its turn, from 1.
    pub seq: u32,
}

/// A text that is no event id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an event id such as 12-3")]
pub struct InvalidEventId;

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.turn, self.seq)
    }
}

impl FromStr for EventId {
    type Err = InvalidEventId;

    fn from_str(text: &str) -> Result<Self, InvalidEventId> {
        let (turn, seq) = text.split_once('-').ok_or(InvalidEventId)?;
        Ok(Self { turn: turn.parse().map_err(|_| InvalidEventId)?, seq: seq.parse().map_err(|_| InvalidEventId)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_type_is_the_streamed_name() {
        let event = TurnEvent::MessageDelta { text: "Hi".into() };
        let json = serde_json::to_value(&event).ok();
        assert_eq!(json, Some(serde_json::json!({ "type": event.name(), "data": { "text": "Hi" } })));
    }

    #[test]
    fn event_ids_order_by_turn_then_place() {
        let parse = |text: &str| text.parse::<EventId>().ok();
        assert!(parse("2-10") > parse("2-9"));
        assert!(parse("10-1") > parse("9-99"));
        for wrong in ["", "1", "-1", "1-", "a-1", "0-1", "1-x"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
