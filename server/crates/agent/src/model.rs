//! What passes between the turn and whoever answers: data only.

use chrono::{DateTime, TimeDelta, Utc};
use saydo_contract::{MessageMeta, Question};
use serde_json::{Map, Value};

use crate::{AgentError, HistoryItem, LocalNow, limits::QUESTION_LIFETIME};

/// A question to the model: what to say or do next.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRequest {
    /// The whole conversation, oldest first, every call with its outcome. What comes after the last message of the
    /// person belongs to this turn. How much of it fits is the model's affair.
    pub items: Vec<HistoryItem>,
    /// Now, on the person's clock.
    pub now: LocalNow,
    /// When the server took the person's message.
    pub said_at: DateTime<Utc>,
    /// How long the person took to answer the message before, where there is one.
    pub reply_delay: Option<TimeDelta>,
}

impl ModelRequest {
    /// Whether a question had lapsed when the person answered it. One that doesn't tell its end lapses by the time
    /// between the messages.
    pub(crate) fn has_lapsed(&self, question: &Question) -> bool {
        let expires_at = match question {
            Question::Confirm { expires_at, .. } => Some(*expires_at),
            Question::Choose { asked: Some(asked), .. } => asked.moment.checked_add_signed(QUESTION_LIFETIME),
            Question::Choose { asked: None, .. } | Question::Add { .. } => None,
        };
        match expires_at {
            Some(expires_at) => self.said_at > expires_at,
            None => self.reply_delay.is_some_and(|delay| delay > QUESTION_LIFETIME),
        }
    }
}

/// A whole message of the model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelMessage {
    /// Its words.
    pub text: String,
    /// The calls it asks for, in order.
    pub calls: Vec<RawCall>,
    /// Whether the person has to confirm them first.
    pub confirm: Confirm,
    /// What to say before the question whether to run them.
    pub preamble: String,
    /// What is kept beside the words. The question about frozen calls is the machine's.
    pub meta: MessageMeta,
}

/// Whether a message's calls have to be confirmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Confirm {
    /// Where they change as many tasks as [`Limits::confirm_from`](crate::Limits::confirm_from), or the person spoke
    /// of all.
    #[default]
    Many,
    /// In any case.
    Always,
    /// They are confirmed, or take changes back.
    Never,
}

/// A tool call as the model wrote it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RawCall {
    /// May be empty or repeated.
    pub id: String,
    /// May be no tool of ours.
    pub tool: String,
    /// May be no JSON.
    pub arguments: String,
    /// Fields that only the model's server understands.
    pub extra: Map<String, Value>,
}

/// What a model tells while it answers.
#[allow(clippy::large_enum_variant, reason = "one event lives at a time")]
#[derive(Debug)]
pub(crate) enum ModelEvent {
    Delta(String),
    Done(Result<ModelMessage, AgentError>),
}

/// The tokens of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) prompt: u64,
    pub(crate) completion: u64,
}
