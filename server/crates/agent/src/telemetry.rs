//! What operators can count. No label and no span holds what anybody said.

use std::time::Duration;

use metrics::{counter, histogram};

use crate::{AgentError, ModelError, Refusal, model::Usage};

/// A request to the model is over.
pub(crate) fn model_call(model: &'static str, error: Option<&AgentError>, took: Duration) {
    let outcome = error.map_or("ok", outcome);
    counter!("saydo_model_calls_total", "model" => model, "outcome" => outcome).increment(1);
    histogram!("saydo_model_call_seconds", "model" => model).record(took.as_secs_f64());
    tracing::debug!(model, outcome, seconds = took.as_secs_f64(), "model call");
}

/// The kind of a failure: few, so that each is a series of its own.
fn outcome(error: &AgentError) -> &'static str {
    let error = match error {
        AgentError::ModelTimeout(_) => return "timeout",
        AgentError::ModelRefused(error) | AgentError::ModelFailed(error) => error,
        AgentError::TooManySteps(_) | AgentError::Tools(_) => return "failed",
    };
    match (error.refusal(), error) {
        (Some(Refusal::Key), _) => "key",
        (Some(Refusal::Credit), _) => "credit",
        (Some(Refusal::RateLimit(_)), _) => "rate_limit",
        (Some(Refusal::UnknownModel), _) => "unknown_model",
        (Some(Refusal::ContextTooLong), _) => "context_too_long",
        (Some(Refusal::NoTools), _) => "no_tools",
        (Some(Refusal::Address), _) => "address",
        (Some(Refusal::Filtered), _) => "filtered",
        (Some(Refusal::Loading | Refusal::Overloaded), _) => "overloaded",
        (Some(Refusal::Feature(_) | Refusal::Other), _) => "refused",
        (None, ModelError::Connection(_)) => "unreachable",
        (None, ModelError::Closed | ModelError::Broken(_) | ModelError::Unfinished) => "cut",
        (None, _) => "failed",
    }
}

/// The model's server has told what a message cost.
pub(crate) fn tokens(usage: Usage) {
    counter!("saydo_model_tokens_total", "kind" => "prompt").increment(usage.prompt);
    counter!("saydo_model_tokens_total", "kind" => "completion").increment(usage.completion);
}

/// A tool call is over. `tool` is the name of one of our tools.
pub(crate) fn tool_call(tool: &str, outcome: &'static str, took: Duration) {
    counter!("saydo_tool_calls_total", "tool" => tool.to_owned(), "outcome" => outcome).increment(1);
    histogram!("saydo_tool_call_seconds", "tool" => tool.to_owned()).record(took.as_secs_f64());
    tracing::debug!(tool, outcome, seconds = took.as_secs_f64(), "tool call");
}
