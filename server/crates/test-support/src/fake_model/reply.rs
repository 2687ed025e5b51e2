//! What the fake model answers to one request.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use super::Gate;

/// One reply: a stream of events, or an error status.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) error_body: Option<Value>,
    pub(super) delay: Duration,
    pub(super) gate: Option<Gate>,
    pub(super) ending: Ending,
    text: String,
    calls: Vec<(String, String)>,
    form: Form,
    finish: Option<&'static str>,
    piece: usize,
    events: Option<usize>,
    raw: Vec<String>,
}

/// How a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// `[DONE]`, then the end.
    Done,
    /// The connection breaks.
    Cut,
    /// Nothing more comes, and the connection stays open.
    Silence,
    /// Without end.
    Flood(Flood),
}

/// What a flood consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flood {
    /// Text.
    Text,
    /// Arguments of one call.
    Arguments,
    /// Calls, one after the other.
    Calls,
    /// One event's line.
    Line,
    /// Comments between events.
    Comments,
    /// Events that say nothing.
    Nothing,
}

/// How a server deviates from the reference in the form of its events.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Leave out the `index` of tool calls, and send each call whole.
    pub no_index: bool,
    /// Send arguments as an object instead of a text.
    pub object_arguments: bool,
    /// What to send as ids of the calls, instead of `call_1`, `call_2`, ….
    pub ids: Option<Vec<&'static str>>,
    /// Further fields of each tool call.
    pub extra: Map<String, Value>,
    /// Leave out everything that clients may do without: id, model, created, usage, role.
    pub bare: bool,
}

impl Reply {
    /// An answer in words, in pieces of a few characters.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            error_body: None,
            delay: Duration::ZERO,
            gate: None,
            ending: Ending::Done,
            text: text.to_owned(),
            calls: Vec::new(),
            form: Form::default(),
            finish: Some("stop"),
            piece: 16,
            events: None,
            raw: Vec::new(),
        }
    }

    /// A call of one tool, its arguments in many pieces.
    #[must_use]
    pub fn call(tool: &str, arguments: Value) -> Self {
        Self::text("").and_call(tool, arguments)
    }

    /// One more call in the same message.
    #[must_use]
    pub fn and_call(self, tool: &str, arguments: Value) -> Self {
        let arguments = arguments.to_string();
        self.and_raw_call(tool, &arguments)
    }

    /// One more call, with arguments as they are, broken or not.
    #[must_use]
    pub fn and_raw_call(mut self, tool: &str, arguments: &str) -> Self {
        self.calls.push((tool.to_owned(), arguments.to_owned()));
        self.finish = Some("tool_calls");
        self
    }

    /// An error status with an error object such as OpenAI sends.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let error = json!({ "error": { "message": "scripted", "type": "scripted", "param": null, "code": null } });
        Self { status, error_body: Some(error), ..Self::text("") }
    }

    /// A stream of exactly these lines' events (`data: …` is added), without `[DONE]`.
    #[must_use]
    pub fn raw(events: &[&str]) -> Self {
        let raw = events.iter().map(|event| format!("data: {event}\n\n")).collect();
        Self { raw, finish: None, ..Self::text("") }
    }

    /// Sends nothing at all, and keeps the connection open.
    #[must_use]
    pub fn silence() -> Self {
        Self::text("").after(Duration::from_secs(3600))
    }

    /// Sets the body of an error status.
    #[must_use]
    pub fn with_error(mut self, body: Value) -> Self {
        self.error_body = Some(body);
        self
    }

    /// Waits before the head is sent.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends nothing, not even the head, before the gate is open; a delay begins there.
    #[must_use]
    pub fn held_by(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((HeaderName::from_static(name), HeaderValue::from_static(value)));
        self
    }

    /// Sends the stream in frames of so many bytes, wherever that cuts.
    #[must_use]
    pub fn in_pieces_of(mut self, bytes: usize) -> Self {
        self.piece = bytes.max(1);
        self
    }

    /// Changes the events' form.
    #[must_use]
    pub fn in_form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// Ends the message for this reason; `None` leaves the reason out.
    #[must_use]
    pub fn finishing(mut self, reason: Option<&'static str>) -> Self {
        self.finish = reason;
        self
    }

    /// Ends the stream like this after so many events.
    #[must_use]
    pub fn ending_after(mut self, events: usize, ending: Ending) -> Self {
        self.events = Some(events);
        self.ending = ending;
        self
    }

    /// What a flood repeats.
    pub(super) fn endless_frame(&self, flood: Flood) -> Vec<u8> {
        let much = "x".repeat(1024);
        let call = |index: Option<u32>, name: Option<&str>, arguments: &str| {
            let function = json!({ "name": name, "arguments": arguments });
            json!({ "tool_calls": [{ "index": index, "id": null, "function": function }] })
        };
        let frame = match flood {
            Flood::Text => self.event(&json!({ "content": much }), None),
            Flood::Arguments => self.event(&call(Some(0), None, &much), None),
            Flood::Calls => self.event(&call(None, Some("list_tasks"), "{}"), None),
            Flood::Line => much,
            Flood::Comments => format!(": {much}\n\n"),
            Flood::Nothing => self.event(&json!({ "reasoning": much }), None),
        };
        frame.into_bytes()
    }

    /// The stream's bytes, frame by frame.
    pub(super) fn frames(&self) -> Vec<Vec<u8>> {
        let mut events = if self.raw.is_empty() { self.events() } else { self.raw.clone() };
        if let Some(count) = self.events {
            events.truncate(count);
        } else if self.raw.is_empty() {
            events.push("data: [DONE]\n\n".to_owned());
        }
        events.concat().as_bytes().chunks(self.piece).map(<[u8]>::to_vec).collect()
    }

    fn events(&self) -> Vec<String> {
        let mut events = Vec::new();
        if !self.form.bare {
            events.push(": a comment keeps the line open\n\n".to_owned());
            events.push(self.event(&json!({ "role": "assistant", "content": null }), None));
        }
        let characters: Vec<char> = self.text.chars().collect();
        for part in characters.chunks(5) {
            events.push(self.event(&json!({ "content": part.iter().collect::<String>() }), None));
        }
        for (index, (tool, arguments)) in self.calls.iter().enumerate() {
            events.extend(self.call_events(index, tool, arguments));
        }
        if let Some(reason) = self.finish {
            events.push(self.event(&json!({}), Some(reason)));
        }
        if !self.form.bare {
            let usage = json!({ "prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110 });
            events.push(format!("data: {}\n\n", json!({ "choices": [], "usage": usage })));
        }
        events
    }

    fn call_events(&self, index: usize, tool: &str, arguments: &str) -> Vec<String> {
        let id = match &self.form.ids {
            Some(ids) => ids.get(index).copied().unwrap_or_default().to_owned(),
            None => format!("call_{}", index + 1),
        };
        let mut head = self.form.extra.clone();
        head.insert("id".into(), id.into());
        head.insert("type".into(), "function".into());
        let whole = self.form.no_index || self.form.object_arguments;
        let given = match serde_json::from_str::<Value>(arguments) {
            Ok(object) if self.form.object_arguments => object,
            _ if whole => arguments.into(),
            _ => "".into(),
        };
        head.insert("function".into(), json!({ "name": tool, "arguments": given }));
        if !self.form.no_index {
            head.insert("index".into(), index.into());
        }
        let mut events = vec![self.event(&json!({ "tool_calls": [head] }), None)];
        if !whole {
            let characters: Vec<char> = arguments.chars().collect();
            for part in characters.chunks(3) {
                let function = json!({ "arguments": part.iter().collect::<String>() });
                events.push(self.event(&json!({ "tool_calls": [{ "index": index, "function": function }] }), None));
            }
        }
        events
    }

    fn event(&self, delta: &Value, finish: Option<&str>) -> String {
        let chunk = if self.form.bare {
            match finish {
                Some(reason) => json!({ "choices": [{ "delta": delta, "finish_reason": reason }] }),
                None => json!({ "choices": [{ "delta": delta }] }),
            }
        } else {
            json!({
                "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "fake",
                "choices": [{ "index": 0, "delta": delta, "finish_reason": finish, "logprobs": null }],
                "usage": null,
            })
        };
        format!("data: {chunk}\n\n")
    }
}
