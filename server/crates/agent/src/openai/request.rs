//! Requests and errors as they stand on the wire.

use rmcp::model::Tool;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::{
    HistoryItem, Limits, ModelRequest, ToolCall,
    context::{arguments_text, result_text, window},
    prompt,
};

/// The longest code of an error that is kept.
const LONGEST_CODE: usize = 64;

/// The body of a request, with as much of the conversation as fits.
pub(super) fn body(model: &str, request: &ModelRequest, limits: &Limits, tools: &[Tool]) -> Value {
    let system = prompt::system(request.now);
    let window = window(&request.items, limits, &system);
    let mut messages = vec![json!({ "role": "system", "content": system })];
    for item in &window.items {
        match item {
            HistoryItem::User { text, .. } => messages.push(json!({ "role": "user", "content": text })),
            HistoryItem::Assistant { text, calls, .. } => {
                messages.push(assistant(text, calls));
                messages.extend(calls.iter().map(|call| {
                    json!({ "role": "tool", "tool_call_id": call.id, "content": result_text(call, window.result_chars) })
                }));
            }
        }
    }
    let tools: Vec<Value> = tools.iter().map(tool).collect();
    json!({
        "model": model,
        "messages": messages,
        "tools": tools,
        "stream": true,
        "stream_options": { "include_usage": true },
    })
}

fn assistant(text: &str, calls: &[ToolCall]) -> Value {
    if calls.is_empty() {
        return json!({ "role": "assistant", "content": text });
    }
    let content = if text.is_empty() { Value::Null } else { text.into() };
    let calls: Vec<Value> = calls
        .iter()
        .map(|call| {
            let mut wire = call.extra.clone();
            wire.insert("id".to_owned(), call.id.clone().into());
            wire.insert("type".to_owned(), "function".into());
            wire.insert("function".to_owned(), json!({ "name": call.tool, "arguments": arguments_text(call) }));
            Value::Object(wire)
        })
        .collect();
    json!({ "role": "assistant", "content": content, "tool_calls": calls })
}

fn tool(tool: &Tool) -> Value {
    let mut parameters: Map<String, Value> = tool.input_schema.as_ref().clone();
    // Some servers refuse what they do not know, and these say nothing to a model.
    parameters.remove("$schema");
    parameters.remove("title");
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
