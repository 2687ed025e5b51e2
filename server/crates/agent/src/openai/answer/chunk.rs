//! One chunk of a message, or a whole one, as its pieces: what servers leave out, add or type differently is no fault
//! as long as its meaning is clear.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{super::request::error_code, calls::CallPart};
use crate::{ModelError, model::Usage};

/// Fields of a message that hold what the model thought. Some servers want them back.
const THOUGHTS: [&str; 7] = [
    "reasoning_content",
    "reasoning",
    "reasoning_details",
    "reasoning_text",
    "reasoning_opaque",
    "thinking",
    "thinking_blocks",
];
/// A field that only its server understands, such as the signature of a thought.
const EXTRA: &str = "extra_content";

/// What a chunk holds of the message.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) text: String,
    /// Whether it holds a part of the model's thoughts.
    pub(super) has_thoughts: bool,
    /// Fields that go back to the server with the message.
    pub(super) fields: Vec<(String, Value)>,
    pub(super) calls: Vec<CallPart>,
    /// The reason of the message's end.
    pub(super) finish: Option<String>,
    /// Whether this is the whole message and not a part of it.
    pub(super) is_whole: bool,
    pub(super) usage: Option<Usage>,
}

impl Chunk {
    /// Reads an event.
    pub(super) fn read(event: &Value, key: &SecretString) -> Result<Self, ModelError> {
        if let Some(error) = error(event) {
            return Err(ModelError::reported(error_code(error, key), error.to_string().as_bytes()));
        }
        let mut chunk = Self { usage: usage(event), ..Self::default() };
        match event.get("choices").and_then(Value::as_array) {
            Some(choices) => {
                // Some servers put the words and the calls of one answer into two choices of the same index.
                let index = choices.first().and_then(|choice| choice.get("index"));
                choices
                    .iter()
                    .filter(|choice| choice.get("index") == index)
                    .for_each(|choice| chunk.add_choice(choice));
            }
            // Ollama's own form: the event is the choice.
            None if event.get("message").is_some() => chunk.add_choice(event),
            None => {}
        }
        Ok(chunk)
    }

    fn add_choice(&mut self, choice: &Value) {
        let reason = ["finish_reason", "done_reason"].iter().find_map(|name| choice.get(name)?.as_str());
        self.finish = reason.filter(|reason| !matches!(*reason, "" | "null")).map(str::to_owned).or(self.finish.take());
        let message = |name: &str| choice.get(name).and_then(Value::as_object).filter(|message| !message.is_empty());
        // Ollama's messages are parts.
        let is_part = choice.get("done").is_some();
        let (message, is_whole) = match (message("delta"), message("message")) {
            (Some(delta), _) => (delta, false),
            (None, Some(message)) => (message, !is_part),
            (None, None) => {
                self.text.push_str(choice.get("text").and_then(Value::as_str).unwrap_or_default());
                return;
            }
        };
        self.is_whole |= is_whole;
        if let Some(content) = message.get("content") {
            self.add_content(content);
        }
        // A refusal is words too, and the person should read them.
        self.text.push_str(message.get("refusal").and_then(Value::as_str).unwrap_or_default());
        for (name, value) in message.iter().filter(|(_, value)| !is_blank(value)) {
            let is_thought = THOUGHTS.contains(&name.as_str());
            if is_thought || name == EXTRA {
                self.has_thoughts |= is_thought;
                self.fields.push((name.clone(), value.clone()));
            }
        }
        let calls = match message.get("tool_calls") {
            Some(Value::Array(calls)) => calls.as_slice(),
            Some(call) => std::slice::from_ref(call),
            None => &[],
        };
        // What came before `tool_calls`.
        self.calls.extend(calls.iter().chain(message.get("function_call")).filter_map(CallPart::read));
    }

    /// Text, or parts of it. The parts of a kind that is no text are passed over.
    fn add_content(&mut self, content: &Value) {
        match content {
            Value::String(text) => self.text.push_str(text),
            Value::Array(parts) => parts.iter().for_each(|part| self.add_content(part)),
            Value::Object(part) => {
                let kind = part.get("type").and_then(Value::as_str).unwrap_or("text");
                if matches!(kind, "thinking" | "reasoning" | "reasoning_text") {
                    self.has_thoughts = true;
                } else if let Some(text) = ["text", "refusal"].iter().find_map(|name| part.get(*name)?.as_str()) {
                    self.text.push_str(text);
                }
            }
            _ => {}
        }
    }
}

/// The error that an event reports. Servers differ in where it is.
fn error(event: &Value) -> Option<&Value> {
    let is_named = |name: &str| event.get(name).and_then(Value::as_str) == Some("error");
    let has_error = |value: &Value| value.get("error").is_some_and(|error| !is_blank(error) && *error != false);
    if is_named("object") || is_named("type") || has_error(event) {
        return Some(event);
    }
    event.get("choices").and_then(Value::as_array)?.iter().find(|choice| has_error(choice))
}

fn usage(event: &Value) -> Option<Usage> {
    let usage = event.get("usage").filter(|usage| usage.is_object())?;
    let count = |name: &str| usage.get(name).and_then(Value::as_u64).unwrap_or_default();
    Some(Usage { prompt: count("prompt_tokens"), completion: count("completion_tokens") })
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A string, or a number as one.
pub(super) fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Collects the fields of a message that come in parts.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fields: Map<String, Value>,
    bytes: usize,
}

impl Fields {
    /// Adds a part. What is longer than `most` bytes is not kept at all: half of it is of no use to its server.
    pub(super) fn add(&mut self, name: String, value: Value, most: usize) {
        self.bytes = self.bytes.saturating_add(name.len() + value.to_string().len());
        if self.bytes > most {
            self.fields.clear();
            return;
        }
        merge(self.fields.entry(name).or_insert(Value::Null), value);
    }

    pub(super) fn into_map(self) -> Map<String, Value> {
        self.fields
    }
}

/// Texts grow, lists get longer, and anything else is replaced.
fn merge(own: &mut Value, part: Value) {
    match (own, part) {
        (_, Value::Null) => {}
        (Value::String(text), Value::String(more)) => text.push_str(&more),
        (Value::Object(map), Value::Object(more)) => {
            for (name, value) in more {
                map.insert(name, value);
            }
        }
        (Value::Array(list), Value::Array(more)) => more.into_iter().for_each(|entry| add_entry(list, entry)),
        (own, part) => *own = part,
    }
}

/// Adds an entry, or more of the one with the same index.
fn add_entry(list: &mut Vec<Value>, entry: Value) {
    let index = entry.get("index").filter(|index| !index.is_null());
    let same = |own: &&mut Value| index.is_some() && own.get("index") == index && own.get("type") == entry.get("type");
    let (Some(Value::Object(own)), Value::Object(more)) = (list.iter_mut().find(same), &entry) else {
        list.push(entry);
        return;
    };
    for (name, value) in more {
        match (own.get_mut(name), value) {
            (_, Value::Null) => {}
            (Some(Value::String(text)), Value::String(more)) if grows(name) => text.push_str(more),
            _ => {
                own.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Whether the texts of a field of an entry are parts of one.
fn grows(name: &str) -> bool {
    matches!(name, "text" | "summary" | "data" | "thinking")
}
