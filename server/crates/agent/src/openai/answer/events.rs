//! The bytes of a body as events: server-sent events, JSON lines, a list of JSON objects, or one JSON object.
//!
//! The crates that read server-sent events drop or refuse a line that is no field, which is where a body of plain JSON
//! begins, and an event without an empty line behind it. So the lines are read here. A fault is an event, too: what
//! came before it is valid whatever the pieces of the body were.

use serde_json::Value;

use super::json_scan::JsonScan;
use crate::{Malformed, ModelError};

/// Bytes that may pass without an event in them.
const EVENT_BYTES: usize = 1024 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// Names of events that only keep the connection open.
const KEEP_ALIVE: [&str; 4] = ["ping", "keepalive", "keep-alive", "heartbeat"];

/// One event of an answer.
#[derive(Debug)]
pub(super) enum WireEvent {
    /// A chunk of the message, or all of it.
    Json(Value),
    /// The server names this an error. `Null` where it is no JSON.
    Error(Value),
    /// `[DONE]`: nothing follows.
    Done,
}

/// Cuts a body into its events.
#[derive(Debug, Default)]
pub(super) struct EventReader {
    line: Vec<u8>,
    /// A `\r` ended the line before; a `\n` behind it belongs to it.
    after_return: bool,
    /// A JSON object that is no event's data, so far.
    document: Option<(Vec<u8>, JsonScan)>,
    name: String,
    data: Option<(String, JsonScan)>,
    /// Bytes since the last event.
    silent: usize,
    has_events: bool,
    /// Whether there was a line that is neither a field nor a comment.
    has_other_text: bool,
}

type Events = Vec<Result<WireEvent, ModelError>>;

impl EventReader {
    /// The events that end in these bytes. A fault is the last one.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Events {
        let mut events = Vec::new();
        for byte in bytes {
            let before = events.len();
            self.silent += 1;
            self.push_byte(*byte, &mut events);
            if events.len() > before {
                self.silent = 0;
                self.has_events = true;
            }
            if self.silent > EVENT_BYTES {
                events.push(Err(ModelError::TooLarge(EVENT_BYTES)));
            }
            if matches!(events.last(), Some(Err(_))) {
                break;
            }
        }
        events
    }

    /// The events that the end of the body ends. Half an event is none.
    pub(super) fn finish(&mut self) -> Vec<WireEvent> {
        let mut events = Vec::new();
        self.end_line(&mut events);
        self.dispatch(&mut events);
        let events: Vec<WireEvent> = events.into_iter().flatten().collect();
        self.has_events |= !events.is_empty();
        events
    }

    /// Whether the body is something else than events.
    pub(super) const fn is_other_text(&self) -> bool {
        self.has_other_text && !self.has_events
    }

    fn push_byte(&mut self, byte: u8, events: &mut Events) {
        if let Some((mut text, mut scan)) = self.document.take() {
            text.push(byte);
            scan.push_byte(byte);
            if scan.is_whole() {
                events.push(parsed(&String::from_utf8_lossy(&text)).map(WireEvent::Json));
            } else {
                self.document = Some((text, scan));
            }
            return;
        }
        let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
        match byte {
            b'\n' if after_return => {}
            b'\n' | b'\r' => self.end_line(events),
            b'{' if self.line.is_empty() => {
                self.dispatch(events);
                let mut scan = JsonScan::default();
                scan.push_byte(byte);
                self.document = Some((vec![byte], scan));
            }
            // Between the objects of a list.
            b'[' | b']' | b',' | b' ' | b'\t' if self.line.is_empty() => {}
            b'<' if self.line.is_empty() && !self.has_events => {
                events.push(Err(ModelError::Unreadable(Malformed::Stream)));
            }
            _ => self.line.push(byte),
        }
        if self.line == BYTE_ORDER_MARK {
            self.line.clear();
        }
    }

    fn end_line(&mut self, events: &mut Events) {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        if line.is_empty() {
            return self.dispatch(events);
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => self.add_data(value, events),
            "event" => value.clone_into(&mut self.name),
            // As llama.cpp sends it.
            "error" => {
                self.dispatch(events);
                events.push(Ok(WireEvent::Error(serde_json::from_str(value).unwrap_or_default())));
            }
            // The bracket before it is passed over, as at the beginning of a list.
            "DONE]" => events.push(Ok(WireEvent::Done)),
            "" | "id" | "retry" => {}
            _ => self.has_other_text = true,
        }
    }

    fn add_data(&mut self, mut value: &str, events: &mut Events) {
        // A proxy may add the field's name to lines that have it.
        while let Some(rest) = value.strip_prefix("data:") {
            value = rest.trim_start();
        }
        // Without an empty line between them, two whole values are two events.
        let is_next = value.starts_with(['{', '[']);
        if is_next && self.data.as_ref().is_some_and(|(_, scan)| scan.is_whole()) {
            self.dispatch(events);
        }
        let (data, scan) = self.data.get_or_insert_default();
        if !data.is_empty() {
            data.push('\n');
        }
        data.push_str(value);
        scan.push(value.as_bytes());
    }

    fn dispatch(&mut self, events: &mut Events) {
        let name = std::mem::take(&mut self.name);
        let Some((data, _)) = self.data.take() else { return };
        events.extend(match data.trim() {
            "" => None,
            "[DONE]" => Some(Ok(WireEvent::Done)),
            data => match parsed(data) {
                Ok(value) if name == "error" => Some(Ok(WireEvent::Error(value))),
                Ok(value) => Some(Ok(WireEvent::Json(value))),
                Err(_) if name == "error" => Some(Ok(WireEvent::Error(Value::Null))),
                Err(_) if KEEP_ALIVE.contains(&name.as_str()) => None,
                Err(fault) => Some(Err(fault)),
            },
        });
    }
}

/// Keeps the place of a fault and drops the text, which holds what was said.
fn parsed(text: &str) -> Result<Value, ModelError> {
    serde_json::from_str(text).map_err(|fault| {
        let (category, line, column) = (fault.classify(), fault.line(), fault.column());
        ModelError::Unreadable(Malformed::Json { category, line, column })
    })
}
