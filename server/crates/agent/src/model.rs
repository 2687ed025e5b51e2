//! What passes between the turn and a model, whichever it is.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use rmcp::model::Tool;
use serde_json::{Map, Value};

use crate::{
    AgentError, BuildError, Confirm, HistoryItem, config::AgentConfig, config::ModelConfig, confirmation, offline,
    openai::OpenAi,
};

/// A question to the model: what to say or do next.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRequest {
    /// The whole conversation, oldest first, every call with its result. What comes after the last message of the
    /// person belongs to this turn. How much of it fits is the model's affair.
    pub items: Vec<HistoryItem>,
    /// Now, on the person's clock.
    pub now: DateTime<Tz>,
    /// How long the person took to answer the message before, where there is one.
    pub waited: Option<TimeDelta>,
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
    pub lead: String,
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
#[derive(Debug)]
pub(crate) enum ModelEvent {
    Delta(String),
    Done(Result<ModelMessage, AgentError>),
}

pub(crate) enum Model {
    Offline,
    OpenAi(Box<OpenAi>),
}

impl Model {
    pub(crate) fn new(config: &AgentConfig) -> Result<Self, BuildError> {
        Ok(match &config.model {
            ModelConfig::Offline => Self::Offline,
            ModelConfig::OpenAi { base_url, api_key, model } => {
                Self::OpenAi(Box::new(OpenAi::new(base_url, api_key.as_ref(), model, config)?))
            }
        })
    }

    /// The label of this model in metrics.
    pub(crate) const fn label(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::OpenAi(_) => "openai",
        }
    }

    /// Asks; slash commands and answers to our own questions go without the model. The stream ends with
    /// [`ModelEvent::Done`]; dropping it takes the question back.
    pub(crate) fn ask(&self, request: ModelRequest, tools: Arc<[Tool]>) -> BoxStream<'static, ModelEvent> {
        let message = match (confirmation::answer(&request, matches!(self, Self::Offline)), self) {
            (Some(message), _) => message,
            (None, Self::OpenAi(model)) if !offline::is_ours(&request) => return model.ask(&request, &tools),
            (None, _) => offline::reply(&request),
        };
        let delta = (!message.text.is_empty()).then(|| ModelEvent::Delta(message.text.clone()));
        stream::iter(delta.into_iter().chain([ModelEvent::Done(Ok(message))])).boxed()
    }
}
