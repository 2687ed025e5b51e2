//! What goes into a turn and what comes out of it.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use saydo_contract::{ChoiceOption, ConfirmationItem, TaskChange, TurnId};
use serde_json::{Map, Value};

use crate::AgentError;

/// A turn to run.
#[derive(Debug, Clone)]
pub struct TurnInput {
    /// The conversation, oldest first. It ends with this turn's message and the agent's messages already recorded for
    /// this turn: a resumed turn goes on after them and repeats no call that has a result.
    pub history: Vec<HistoryItem>,
    /// Now, on the person's clock.
    pub now: DateTime<Tz>,
    /// How long after the message before the person wrote this one; `None` where there is none.
    pub waited: Option<TimeDelta>,
    /// The turn.
    pub turn: TurnId,
}

/// One message of the conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum HistoryItem {
    /// The person's message.
    User {
        /// The turn that it began.
        turn: TurnId,
        /// The words.
        text: String,
    },
    /// A message of the agent.
    Assistant {
        /// Its words; may be empty where it has calls.
        text: String,
        /// Its tool calls, in order.
        calls: Vec<PastCall>,
    },
}

/// A tool call of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct PastCall {
    /// Unique within its turn.
    pub id: String,
    /// The tool's name, as the model wrote it.
    pub tool: String,
    /// An object, or the raw text where the model wrote no JSON object.
    pub arguments: Value,
    /// What the tool answered; `None` where it did not run.
    pub result: Option<Value>,
    /// Whether `result` is an error.
    pub is_error: bool,
    /// Fields of the call that only the model's server understands; sent back as they came.
    pub extra: Map<String, Value>,
}

/// A tool call of a new message.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Unique within its turn.
    pub id: String,
    /// The tool's name, as the model wrote it.
    pub tool: String,
    /// An object, or the raw text where the model wrote no JSON object.
    pub arguments: Value,
    /// Fields of the call that only the model's server understands.
    pub extra: Map<String, Value>,
}

/// What happens in a turn, in order. The last one is [`Step::Finished`] or [`Step::Failed`].
#[derive(Debug)]
pub enum Step {
    /// More text of the message that the model writes.
    Delta(String),
    /// A whole message of the model; without calls it is the answer and [`Step::Finished`] follows. Its text is the
    /// deltas since the last one. Store it before taking the next step, which may run its calls.
    Answer {
        /// Its words.
        text: String,
        /// Its tool calls, in the order in which they will run.
        calls: Vec<Call>,
    },
    /// A call of the last message is about to run, or is refused without running.
    ToolStarted {
        /// The call.
        call_id: String,
        /// The tool's name, as the model wrote it.
        tool: String,
        /// As in [`Call`].
        arguments: Value,
    },
    /// A call has its result. Store it before taking the next step.
    ToolFinished {
        /// The call.
        call_id: String,
        /// The tool's name, as the model wrote it.
        tool: String,
        /// The structured result, or the error's text.
        result: Value,
        /// Whether the call failed.
        is_error: bool,
        /// What changed.
        changes: Vec<TaskChange>,
    },
    /// The message before asks which of several tasks is meant; nothing was changed. [`Step::Finished`] follows.
    Choice {
        /// The question.
        prompt: String,
        /// What can be chosen.
        options: Vec<ChoiceOption>,
    },
    /// The message before asks whether to run its calls, which wait for a yes; [`Step::Finished`] follows.
    Confirm {
        /// The question.
        prompt: String,
        /// What would be done.
        items: Vec<ConfirmationItem>,
        /// When the question lapses.
        expires_at: DateTime<Utc>,
    },
    /// The turn is over and answered.
    Finished {
        /// The answer, as in the [`Step::Answer`] before.
        text: String,
    },
    /// The turn is over without an answer. What was recorded stays; the turn can be resumed where the error says so.
    Failed(AgentError),
}
