//! Requests and errors as they stand on the wire.

use rmcp::model::Tool;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::messages::messages;
use crate::{Limits, ModelRequest};

/// The longest code of an error that is kept.
const LONGEST_CODE: usize = 64;

/// How a server deviates from what a request has by default. Whoever meets a refusal switches the feature over, and
/// keeps that for the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// The request has `stream_options`, which asks for the usage.
    pub(super) stream_options: bool,
    /// A message with calls and no words has `null` as content, else "". Some servers that forward to Anthropic's or
    /// Bedrock's API refuse "", and it makes some templates write calls as text; a few servers want a string.
    pub(super) null_content: bool,
    /// Ids that a server gave its calls go back unchanged, else they too become nine letters and digits: for a server
    /// that refuses those of the one before it.
    pub(super) own_ids: bool,
    /// Fields that only the server that sent them understands go back: reasoning, and further fields of calls. Groq,
    /// Cerebras and Mistral refuse those of another server.
    pub(super) server_fields: bool,
    /// Messages without reasoning get one that says nothing: for a server that wants `reasoning_content` with every
    /// call, also with those that the agent made itself.
    pub(super) fill_reasoning: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { stream_options: true, null_content: true, own_ids: true, server_fields: true, fill_reasoning: false }
    }
}

/// The body of a request, with as much of the conversation as fits.
pub(super) fn body(model: &str, request: &ModelRequest, limits: &Limits, tools: &[Tool], dialect: Dialect) -> Value {
    let tools: Vec<Value> = tools.iter().map(tool).collect();
    let mut body = json!({
        "model": model,
        "messages": messages(request, limits, dialect),
        "tools": tools,
        "stream": true,
    });
    if dialect.stream_options {
        body["stream_options"] = json!({ "include_usage": true });
    }
    body
}

fn tool(tool: &Tool) -> Value {
    let mut parameters: Map<String, Value> = tool.input_schema.as_ref().clone();
    // Some servers refuse what they do not know, and these say nothing to a model.
    parameters.remove("$schema");
    parameters.remove("title");
    // The connection to the tools says whose list it is.
    if let Some(properties) = parameters.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove("user_id");
    }
    json!({
        "type": "function",
        "function": { "name": tool.name, "description": tool.description, "parameters": parameters },
    })
}

/// The code or type of an error object. Servers differ in where and as what it stands.
///
/// The words beside it are left: some servers repeat the request in them. What is no identifier is words too.
pub(super) fn error_code(body: &Value, key: &SecretString) -> Option<String> {
    // Some wrap it in a list.
    let body = body.get(0).unwrap_or(body);
    let error = body.get("error").unwrap_or(body);
    let code = |name: &str| match error.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let secret = key.expose_secret();
    let is_identifier = |code: &String| {
        (1..=LONGEST_CODE).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
    };
    let is_secret = |code: &String| !secret.is_empty() && code.contains(secret);
    ["code", "type"].into_iter().filter_map(code).find(|code| is_identifier(code) && !is_secret(code))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// AGENT-93: a model sees neither `$schema` and `title` nor whose list it is.
    #[test]
    fn a_tool_is_sent_plain() {
        let schema = json!({
            "$schema": "s",
            "title": "T",
            "type": "object",
            "properties": { "title": { "type": "string" }, "user_id": { "type": "string" } },
            "required": ["title"],
        });
        let Value::Object(schema) = schema else { return };
        let parameters = json!({
            "type": "object",
            "properties": { "title": { "type": "string" } },
            "required": ["title"],
        });
        let sent = tool(&Tool::new("add_task", "Adds a task.", Arc::new(schema)));
        let function = json!({ "name": "add_task", "description": "Adds a task.", "parameters": parameters });
        assert_eq!(sent, json!({ "type": "function", "function": function }));
    }
}
