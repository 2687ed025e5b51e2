//! What must hold in every request to a model: all that any known server demands, at once.
//!
//! The strictest of each kind: Mistral for the order of roles and the form of ids, OpenAI for names, Bedrock and
//! Anthropic for contents, Gemini and Moonshot for the schemas of tools.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// What a request may consist of.
const FIELDS: [&str; 7] =
    ["model", "messages", "tools", "stream", "stream_options", "max_tokens", "max_completion_tokens"];
/// What the schema of a tool's arguments may consist of.
const KEYWORDS: [&str; 11] = [
    "type",
    "description",
    "properties",
    "required",
    "items",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "maxItems",
];
const TYPES: [&str; 6] = ["object", "array", "string", "integer", "number", "boolean"];
const LONGEST_NAME: usize = 64;

/// The faults of a request; empty where there are none. A call's id has nine letters and digits, or this server gave it.
///
/// A request without tools, such as one that tries whether the server answers, needs neither system prompt nor stream.
#[must_use]
pub fn violations(request: &Value, is_given: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    for field in request.as_object().into_iter().flat_map(Map::keys) {
        faults.unless(FIELDS.contains(&field.as_str()), || format!("unknown field {field:?}"));
    }
    faults.unless(request["model"].is_string(), || "the request names no model".to_owned());
    let messages = list(&request["messages"]);
    if let Some(tools) = request.get("tools") {
        faults.unless(!list(tools).is_empty(), || "an empty list of tools".to_owned());
        faults.unless(request["stream"] == true, || "the request does not ask for a stream".to_owned());
        let is_system = messages.first().is_some_and(|first| first["role"] == "system");
        faults.unless(is_system, || "the first message is not the system prompt".to_owned());
        list(tools).iter().for_each(|tool| faults.tool(tool));
    }
    faults.order(messages);
    for (at, message) in messages.iter().enumerate() {
        faults.message(at, message);
    }
    faults.pairs(messages, is_given);
    faults.0
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn is_nine(id: &str) -> bool {
    id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

struct Faults(Vec<String>);

impl Faults {
    fn unless(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.0.push(fault());
        }
    }

    /// System once, then the person and the assistant in turns, with a tool's results only behind calls.
    fn order(&mut self, messages: &[Value]) {
        let mut before = "start";
        for (at, message) in messages.iter().enumerate() {
            let has_calls = !list(&message["tool_calls"]).is_empty();
            let (role, fits) = match text(&message["role"]) {
                "system" => ("system", before == "start"),
                "user" => ("user", matches!(before, "start" | "system" | "assistant")),
                "assistant" if has_calls => ("calls", matches!(before, "user" | "tool")),
                "assistant" => ("assistant", matches!(before, "user" | "tool")),
                "tool" => ("tool", matches!(before, "calls" | "tool")),
                _ => ("unknown", false),
            };
            self.unless(fits, || format!("message {at}: {role} after {before}"));
            before = role;
        }
        self.unless(matches!(before, "user" | "tool"), || format!("the last message is {before}"));
    }

    fn message(&mut self, at: usize, message: &Value) {
        let calls = &message["tool_calls"];
        self.unless(calls.is_null() || !list(calls).is_empty(), || format!("message {at}: an empty list of calls"));
        let content = &message["content"];
        let is_filled = content.as_str().is_some_and(|content| !content.trim().is_empty());
        self.unless(is_filled || content.is_null() && !list(calls).is_empty(), || {
            format!("message {at}: the content is {content}")
        });
        for field in message.as_object().into_iter().flat_map(Map::keys) {
            let is_known = match (text(&message["role"]), field.as_str()) {
                (_, "role" | "content") | ("tool", "tool_call_id") => true,
                // What servers send beside these has no common form.
                ("assistant", _) => true,
                _ => false,
            };
            self.unless(is_known, || format!("message {at}: unknown field {field:?}"));
        }
        for call in list(calls) {
            let (id, function) = (&call["id"], &call["function"]);
            self.unless(call["type"] == "function", || format!("message {at}: call {id} is no function"));
            self.unless(is_name(text(&function["name"])), || format!("message {at}: name {}", function["name"]));
            let arguments: Result<Value, _> = serde_json::from_str(text(&function["arguments"]));
            let is_object = arguments.is_ok_and(|arguments| arguments.is_object());
            self.unless(is_object, || format!("message {at}: arguments of {id} are no JSON object"));
        }
    }

    /// Every call has its result right behind its message, in the order of the calls, under an id of its own.
    fn pairs(&mut self, messages: &[Value], is_given: &dyn Fn(&str) -> bool) {
        let mut seen = HashSet::new();
        let mut rest = messages;
        while let [message, behind @ ..] = rest {
            let calls = list(&message["tool_calls"]);
            let results = behind.iter().take_while(|message| message["role"] == "tool").count();
            let at = messages.len() - rest.len();
            let ids: Vec<&str> = calls.iter().map(|call| text(&call["id"])).collect();
            let answered: Vec<&str> = behind[..results].iter().map(|result| text(&result["tool_call_id"])).collect();
            self.unless(ids == answered, || format!("message {at}: calls {ids:?} have the results {answered:?}"));
            for id in ids {
                self.unless(seen.insert(id), || format!("message {at}: call id {id:?} is repeated"));
                self.unless(is_nine(id) || !id.is_empty() && is_given(id), || {
                    format!("message {at}: call id {id:?} has neither nine letters and digits nor was it given")
                });
            }
            rest = &behind[results..];
        }
    }

    fn tool(&mut self, tool: &Value) {
        let function = &tool["function"];
        let name = text(&function["name"]);
        self.unless(tool["type"] == "function" && is_name(name), || format!("tool {name:?} is no function"));
        self.unless(!text(&function["description"]).is_empty(), || format!("tool {name:?} has no description"));
        let parameters = &function["parameters"];
        self.unless(parameters["type"] == "object", || format!("tool {name:?} has no object of parameters"));
        self.schema(name, parameters);
    }

    /// A schema in the subset that every server and client converts.
    fn schema(&mut self, path: &str, schema: &Value) {
        let Some(keywords) = schema.as_object() else {
            self.0.push(format!("{path}: the schema is no object"));
            return;
        };
        for keyword in keywords.keys() {
            self.unless(KEYWORDS.contains(&keyword.as_str()), || format!("{path}: {keyword:?} is not plain"));
        }
        let kind = &schema["type"];
        self.unless(TYPES.contains(&text(kind)), || format!("{path}: the type is {kind}"));
        if let Some(values) = keywords.get("enum") {
            let are_texts = kind == "string" && list(values).iter().all(|value| !text(value).is_empty());
            self.unless(are_texts && !list(values).is_empty(), || format!("{path}: the enum is {values}"));
        }
        if kind == "array" {
            self.schema(&format!("{path}[]"), &schema["items"]);
        }
        if kind == "object" {
            let properties = schema["properties"].as_object();
            self.unless(properties.is_some(), || format!("{path}: an object without properties"));
            let required = schema["required"].as_array();
            self.unless(required.is_some(), || format!("{path}: an object without required"));
            for name in required.into_iter().flatten() {
                let is_there = properties.is_some_and(|properties| properties.contains_key(text(name)));
                self.unless(is_there, || format!("{path}: {name} is required and no property"));
            }
            for (name, property) in properties.into_iter().flatten() {
                self.schema(&format!("{path}.{name}"), property);
            }
        }
    }
}

#[cfg(test)]
#[path = "strict/tests.rs"]
mod tests;
