//! A message, put together from the chunks of a stream.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::request;
use crate::{Limits, ModelError, ModelMessage, RawCall, model::Usage};

/// What a call counts for beside its texts, so that empty ones are bounded too.
const CALL_BYTES: usize = 64;

/// Reads chunks leniently: what a server leaves out, adds or types differently is no fault as long as its meaning is
/// clear.
pub(super) struct Assembler {
    limits: Limits,
    key: SecretString,
    text: String,
    calls: Vec<Building>,
    argument_bytes: usize,
    finish: Option<String>,
    usage: Usage,
}

#[derive(Default)]
struct Building {
    index: Option<u64>,
    call: RawCall,
}

impl Assembler {
    pub(super) fn new(limits: Limits, key: SecretString) -> Self {
        Self {
            limits,
            key,
            text: String::new(),
            calls: Vec::new(),
            argument_bytes: 0,
            finish: None,
            usage: Usage::default(),
        }
    }

    /// Whether the server has said that the message is over.
    pub(super) fn is_ended(&self) -> bool {
        self.finish.is_some()
    }

    pub(super) fn usage(&self) -> Usage {
        self.usage
    }

    /// Takes a chunk; gives the text in it, if there is any.
    pub(super) fn take(&mut self, chunk: &Value) -> Result<Option<String>, ModelError> {
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            return Err(ModelError::Reported { code: request::error_code(error, &self.key) });
        }
        if let Some(usage) = chunk.get("usage").filter(|usage| usage.is_object()) {
            let count = |name: &str| usage.get(name).and_then(Value::as_u64).unwrap_or_default();
            self.usage = Usage { prompt: count("prompt_tokens"), completion: count("completion_tokens") };
        }
        let Some(choice) = chunk.get("choices").and_then(|choices| choices.get(0)) else { return Ok(None) };
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str).filter(|reason| !reason.is_empty()) {
            self.finish = Some(reason.to_owned());
        }
        let Some(delta) = choice.get("delta") else { return Ok(None) };
        if let Some(calls) = delta.get("tool_calls").and_then(Value::as_array) {
            for call in calls {
                self.take_call(call)?;
            }
        }
        // A refusal is words too, and the person should read them.
        let text: String = ["content", "refusal"].iter().filter_map(|name| delta.get(name)?.as_str()).collect();
        if self.text.len() + text.len() > self.limits.answer_bytes {
            return Err(ModelError::TooLarge(self.limits.answer_bytes));
        }
        self.text.push_str(&text);
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    fn take_call(&mut self, delta: &Value) -> Result<(), ModelError> {
        let Some(delta) = delta.as_object() else { return Ok(()) };
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let function = delta.get("function");
        let part = Building {
            index: delta.get("index").and_then(Value::as_u64),
            call: RawCall {
                id: text(delta.get("id")),
                tool: text(function.and_then(|function| function.get("name"))),
                arguments: match function.and_then(|function| function.get("arguments")) {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(piece)) => piece.clone(),
                    Some(whole) => whole.to_string(),
                },
                extra: delta
                    .iter()
                    .filter(|(name, value)| {
                        !matches!(name.as_str(), "index" | "id" | "type" | "function") && !value.is_null()
                    })
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            },
        };
        let extra: usize = part.call.extra.values().map(|value| value.to_string().len()).sum();
        self.argument_bytes += part.call.arguments.len() + part.call.tool.len() + part.call.id.len() + extra;
        if self.argument_bytes > self.limits.argument_bytes {
            return Err(ModelError::TooLarge(self.limits.argument_bytes));
        }
        match self.calls.iter_mut().rfind(|building| building.is_continued_by(&part)) {
            Some(building) => building.extend(part.call),
            None => {
                self.argument_bytes += CALL_BYTES;
                self.calls.push(part);
            }
        }
        Ok(())
    }

    /// The whole message, if it is one.
    pub(super) fn finish(self) -> Result<ModelMessage, ModelError> {
        match self.finish.as_deref() {
            None => Err(ModelError::Unfinished),
            Some("error") => Err(ModelError::Reported { code: None }),
            Some("content_filter") if self.text.is_empty() && self.calls.is_empty() => Err(ModelError::Filtered),
            Some(_) => Ok(ModelMessage {
                text: self.text,
                calls: self.calls.into_iter().map(|building| building.call).collect(),
                ..ModelMessage::default()
            }),
        }
    }
}

impl Building {
    /// Whether `part` is more of this call. Some servers leave the index out, some give every call the index 0; what
    /// names another id, or a tool where nothing else tells the calls apart, is another call.
    fn is_continued_by(&self, part: &Self) -> bool {
        if !part.call.id.is_empty() && !self.call.id.is_empty() && part.call.id != self.call.id {
            return false;
        }
        match (self.index, part.index) {
            (Some(own), Some(other)) => own == other,
            _ if part.call.tool.is_empty() => true,
            _ => !part.call.id.is_empty() && part.call.id == self.call.id && !self.is_whole(),
        }
    }

    fn is_whole(&self) -> bool {
        serde_json::from_str::<Map<String, Value>>(&self.call.arguments).is_ok()
    }

    fn extend(&mut self, part: RawCall) {
        let RawCall { id, tool, arguments, extra } = part;
        if self.call.id.is_empty() {
            self.call.id = id;
        }
        if self.call.tool.is_empty() {
            self.call.tool = tool;
        }
        self.call.arguments.push_str(&arguments);
        for (name, value) in extra {
            self.call.extra.entry(name).or_insert(value);
        }
    }
}

#[cfg(test)]
#[path = "assembler/tests.rs"]
mod tests;
