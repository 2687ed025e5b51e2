//! The tools, through an MCP client.

use std::time::Duration;

use rmcp::{
    Peer, RoleClient, ServiceError,
    model::{CallToolRequestParams, CallToolResponse, CallToolResult, JsonObject, RequestMetaObject, Tool},
};
use serde_json::Value;
use tokio::time::{Instant, timeout};

use crate::{AgentError, Event, ToolCall, telemetry};

/// The tools there are.
pub(crate) async fn list(peer: &Peer<RoleClient>, limit: Duration) -> Result<Vec<Tool>, AgentError> {
    let listed = timeout(limit, peer.list_all_tools()).await;
    listed.unwrap_or(Err(ServiceError::Timeout { timeout: limit })).map_err(AgentError::from)
}

/// Runs one call. A refusal is an answer; anything else that goes wrong leaves open whether the call had its effect.
pub(crate) async fn run(peer: &Peer<RoleClient>, call: ToolCall, limit: Duration) -> Event {
    let started = Instant::now();
    let mut meta = RequestMetaObject::new();
    meta.insert("saydo/call_id".to_owned(), call.id.into());
    let mut params = CallToolRequestParams::new(call.tool.clone()).with_arguments(match call.arguments {
        Value::Object(arguments) => arguments,
        _ => JsonObject::new(),
    });
    params.meta = Some(meta);

    let answered = timeout(limit, peer.call_tool_once(params)).await;
    let event = match answered.unwrap_or(Err(ServiceError::Timeout { timeout: limit })) {
        Ok(CallToolResponse::Complete(result)) => answer(result),
        Err(ServiceError::McpError(refusal)) => {
            Event::ToolAnswered { result: refusal.message.into_owned().into(), is_error: true }
        }
        Ok(_) => Event::Failed(ServiceError::UnexpectedResponse.into()),
        Err(error) => Event::Failed(error.into()),
    };
    let outcome = match &event {
        Event::ToolAnswered { is_error: false, .. } => "ok",
        Event::ToolAnswered { .. } => "refused",
        _ => "failed",
    };
    telemetry::tool_call(&call.tool, outcome, started.elapsed());
    event
}

fn answer(result: CallToolResult) -> Event {
    let is_error = result.is_error.unwrap_or(false);
    let text = || {
        let texts: Vec<&str> =
            result.content.iter().filter_map(|block| block.as_text()).map(|block| block.text.as_str()).collect();
        texts.join("\n")
    };
    let result = match &result.structured_content {
        Some(structured) if !is_error => structured.clone(),
        // What is no JSON is words.
        _ => {
            let text = text();
            if is_error { text.into() } else { serde_json::from_str(&text).unwrap_or(Value::String(text)) }
        }
    };
    Event::ToolAnswered { result, is_error }
}
