//! What operators can count. No label and no span holds what anybody said.

use std::time::Duration;

use metrics::{counter, histogram};

use crate::{AgentError, model::Usage};

/// A request to the model is over.
pub(crate) fn model_call(model: &'static str, error: Option<&AgentError>, took: Duration) {
    let outcome = match error {
        None => "ok",
        Some(AgentError::ModelTimeout(_)) => "timeout",
        Some(AgentError::ModelRefused(_)) => "refused",
        Some(_) => "failed",
    };
    counter!("saydo_model_calls_total", "model" => model, "outcome" => outcome).increment(1);
    histogram!("saydo_model_call_seconds", "model" => model).record(took.as_secs_f64());
    tracing::debug!(model, outcome, seconds = took.as_secs_f64(), "model call");
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
