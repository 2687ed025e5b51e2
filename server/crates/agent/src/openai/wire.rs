//! Requests and errors as they stand on the wire.

use rmcp::model::Tool;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::{
    HistoryItem, ModelRequest, PastCall,
    context::{arguments_text, cut, result_text},
    error::Report,
    prompt,
};

/// Characters of an error's message that are kept.
const REPORT_CHARS: usize = 300;

/// The body of a request.
pub(super) fn request(model: &str, request: &ModelRequest, tools: &[Tool]) -> Value {
    let mut messages = vec![json!({ "role": "system", "content": prompt::system(&request.now) })];
    for item in &request.items {
        match item {
            HistoryItem::User(text) => messages.push(json!({ "role": "user", "content": text })),
            HistoryItem::Assistant { text, calls } => {
                messages.push(assistant(text, calls));
                messages.extend(calls.iter().map(|call| {
                    json!({ "role": "tool", "tool_call_id": call.id, "content": result_text(call, request.result_chars) })
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

fn assistant(text: &str, calls: &[PastCall]) -> Value {
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

/// What an error object tells. Servers differ in where and as what its code stands.
pub(super) fn report(body: &Value, key: &SecretString) -> Report {
    // Some wrap it in a list.
    let body = body.get(0).unwrap_or(body);
    let error = body.get("error").unwrap_or(body);
    let text = |name: &str| match error.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let message = match error {
        Value::String(text) => text.clone(),
        _ => text("message").or_else(|| text("detail")).unwrap_or_default(),
    };
    let secret = key.expose_secret();
    let hide = |text: String| if secret.is_empty() { text } else { text.replace(secret, "[key]") };
    let shorten = |text: String| cut(&hide(text), REPORT_CHARS).into_owned();
    Report { code: text("code").or_else(|| text("type")).map(shorten), message: shorten(message) }
}
