//! Who answers: an open question, a command of ours, or the model.

use std::sync::Arc;

use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use rmcp::model::Tool;

use crate::{
    BuildError,
    confirm::{self, Reader},
    limits::{AgentConfig, ModelConfig},
    model::{ModelEvent, ModelRequest},
    offline,
    openai::OpenAi,
};

/// The model of an agent, with what answers before it.
pub(crate) enum Models {
    Offline,
    OpenAi(Box<OpenAi>),
}

impl Models {
    pub(crate) fn new(config: &AgentConfig) -> Result<Self, BuildError> {
        Ok(match &config.model {
            ModelConfig::Offline => Self::Offline,
            ModelConfig::OpenAi { base_url, api_key, model } => {
                Self::OpenAi(Box::new(OpenAi::new(base_url, api_key.as_ref(), model, config)?))
            }
        })
    }

    /// The model on a server, where it is on one.
    pub(crate) fn remote(&self) -> Option<&OpenAi> {
        match self {
            Self::Offline => None,
            Self::OpenAi(model) => Some(model),
        }
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
        let reader = match self {
            Self::Offline => Reader::Interpreter,
            Self::OpenAi(_) => Reader::Model,
        };
        let message = match (confirm::answer(&request, reader), self) {
            (Some(message), _) => message,
            (None, Self::OpenAi(model)) if !offline::is_answered_offline(&request) => {
                return model.ask(&request, &tools);
            }
            (None, _) => offline::reply(&request),
        };
        let delta = (!message.text.is_empty()).then(|| ModelEvent::Delta(message.text.clone()));
        stream::iter(delta.into_iter().chain([ModelEvent::Done(Ok(message))])).boxed()
    }
}
