//! A model's answer, read by rules: bytes of the body in, words and a whole message out. No IO and no clock.
//!
//! The bytes become events ([`events`]), an event a [`chunk`], and the parts of chunks the words ([`text`]), the
//! [`calls`] and the fields that the server wants back. However the body is cut into pieces, the message is the same.
//! What has one certain meaning is repaired; what has not is left for the machine to refuse.

mod calls;
mod chunk;
mod ending;
mod events;
mod json_scan;
mod markers;
mod spoken_calls;
mod text;

use saydo_contract::{CutReason, MessageMeta, Reasoning};
use secrecy::SecretString;
use serde_json::Value;

use self::{
    calls::Calls,
    chunk::{Chunk, Fields},
    ending::Ending,
    events::{EventReader, WireEvent},
    spoken_calls::Spoken,
    text::{Ended, Words},
};
use super::request::error_code;
use crate::{Limits, Malformed, ModelError, ModelMessage, RawCall, model::Usage};

/// An answer while it is read.
pub(super) struct AnswerParser {
    limits: Limits,
    key: SecretString,
    /// The names of the tools.
    tools: Vec<String>,
    events: EventReader,
    words: Words,
    calls: Calls,
    fields: Fields,
    has_thoughts: bool,
    is_thinking: bool,
    ending: Option<Ending>,
    is_done: bool,
    usage: Usage,
}

impl AnswerParser {
    pub(super) fn new(limits: Limits, key: SecretString, tools: Vec<String>) -> Self {
        Self {
            limits,
            key,
            tools,
            events: EventReader::default(),
            words: Words::default(),
            calls: Calls::new(limits.argument_bytes),
            fields: Fields::default(),
            has_thoughts: false,
            is_thinking: false,
            ending: None,
            is_done: false,
            usage: Usage::default(),
        }
    }

    /// Whether the server has said that the message is over. What follows cannot harm it.
    pub(super) const fn is_ended(&self) -> bool {
        self.is_done || self.ending.is_some()
    }

    /// Whether nothing more is to be read.
    pub(super) const fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether what came last are thoughts.
    pub(super) const fn is_thinking(&self) -> bool {
        self.is_thinking
    }

    pub(super) const fn usage(&self) -> Usage {
        self.usage
    }

    /// Takes bytes of the body; gives the words that they make visible.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<String, ModelError> {
        let mut visible = String::new();
        for event in self.events.push(bytes) {
            match event.and_then(|event| self.take(event)) {
                Ok(words) => visible.push_str(&words),
                Err(_) if self.is_ended() => self.is_done = true,
                Err(fault) => return Err(fault),
            }
        }
        Ok(visible)
    }

    fn take(&mut self, event: WireEvent) -> Result<String, ModelError> {
        match event {
            _ if self.is_done => Ok(String::new()),
            WireEvent::Done => {
                self.is_done = true;
                Ok(String::new())
            }
            WireEvent::Error(error) => {
                Err(ModelError::reported(error_code(&error, &self.key), error.to_string().as_bytes()))
            }
            // Some servers send their chunks in lists.
            WireEvent::Json(Value::Array(chunks)) => chunks.iter().map(|chunk| self.take_chunk(chunk)).collect(),
            WireEvent::Json(chunk) => self.take_chunk(&chunk),
        }
    }

    fn take_chunk(&mut self, event: &Value) -> Result<String, ModelError> {
        let mut chunk = Chunk::read(event, &self.key)?;
        self.usage = chunk.usage.unwrap_or(self.usage);
        if let Some(reason) = &chunk.finish {
            self.ending = Some(Ending::of(reason));
        }
        if chunk.is_whole {
            self.ending.get_or_insert(Ending::Complete);
            self.leave_out_repeated(&mut chunk);
        }
        self.has_thoughts |= chunk.has_thoughts;
        self.is_thinking |= chunk.has_thoughts;
        for (name, value) in chunk.fields {
            self.fields.add(name, value, self.limits.answer_bytes);
        }
        if !chunk.text.is_empty() || !chunk.calls.is_empty() {
            self.is_thinking = false;
        }
        for part in chunk.calls {
            self.calls.add(part, &self.tools)?;
        }
        let visible = self.words.push(&chunk.text);
        self.is_thinking |= self.words.is_thinking();
        if self.words.bytes() > self.limits.answer_bytes {
            return Err(ModelError::TooLarge(self.limits.answer_bytes));
        }
        Ok(visible)
    }

    /// A whole message behind its parts says nothing new.
    fn leave_out_repeated(&self, chunk: &mut Chunk) {
        if self.words.bytes() > 0 || self.words.has_thoughts() {
            chunk.text.clear();
        }
        if !self.calls.is_empty() {
            chunk.calls.clear();
        }
        if self.has_thoughts {
            chunk.fields.clear();
        }
    }

    /// The words that were held back until the end, and the whole message, if it is one.
    pub(super) fn finish(mut self) -> Result<(String, ModelMessage), ModelError> {
        for event in self.events.finish() {
            match self.take(event) {
                Err(fault) if !self.is_ended() => return Err(fault),
                _ => {}
            }
        }
        if self.events.is_other_text() {
            return Err(ModelError::Unreadable(Malformed::Stream));
        }
        let cut = match self.ending {
            Some(Ending::Failed(code)) => {
                let words = code.clone().unwrap_or_default();
                return Err(ModelError::reported(code, words.as_bytes()));
            }
            Some(Ending::Cut(reason)) => Some(reason),
            Some(Ending::Complete) => None,
            // The end was said without a reason.
            None if self.is_done && (self.words.bytes() > 0 || self.calls.has_whole()) => None,
            None => return Err(ModelError::Unfinished),
        };
        let has_thoughts = self.has_thoughts || self.words.has_thoughts();
        let shown = self.words.text().len();
        let ended = self.words.finish(cut.is_some());
        let calls = self.calls.finish(cut.is_some());
        let (text, calls) = with_written_calls(ended, calls, &self.tools, cut.is_some())?;
        if calls.is_empty() && text.trim().is_empty() {
            match cut {
                Some(CutReason::Length) => return Err(ModelError::CutShort),
                Some(CutReason::ContentFilter) => return Err(ModelError::Filtered),
                None => {}
            }
        }
        let fields = self.fields.into_map();
        let reasoning = Reasoning { seconds: u32::from(has_thoughts), fields };
        let meta = MessageMeta {
            // What follows a call says how it went on.
            finish: cut.filter(|_| calls.is_empty()),
            reasoning: Some(reasoning).filter(|reasoning| *reasoning != Reasoning::default()),
            ..MessageMeta::default()
        };
        let held_back = text.get(shown..).unwrap_or_default().to_owned();
        Ok((held_back, ModelMessage { text, calls, meta, ..ModelMessage::default() }))
    }
}

/// The words of a message and its calls, those that are written as text among them.
fn with_written_calls(
    ended: Ended,
    calls: Vec<RawCall>,
    tools: &[String],
    is_cut: bool,
) -> Result<(String, Vec<RawCall>), ModelError> {
    let Ended { mut text, call } = ended;
    let spoken = match &call {
        Some(call) => spoken_calls::read(call, tools),
        None if spoken_calls::ends_in_call(&text, tools) => Spoken::Unclear,
        None => Spoken::Words,
    };
    match spoken {
        Spoken::Words => text.push_str(&call.unwrap_or_default()),
        // Beside real calls, or half of one.
        _ if !calls.is_empty() => {}
        Spoken::Calls(spoken) => return Ok((text, spoken)),
        Spoken::Unclear if is_cut => {}
        Spoken::Unclear => return Err(ModelError::CallAsText),
    }
    Ok((text, calls))
}

/// Reads a whole body that comes in these pieces: the words in the order in which they become visible, and the message.
///
/// # Errors
/// As the answer of a server that sends this.
pub fn read_answer<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    tools: &[&str],
    limits: Limits,
) -> Result<(Vec<String>, ModelMessage), ModelError> {
    let tools = tools.iter().map(|tool| (*tool).to_owned()).collect();
    let mut parser = AnswerParser::new(limits, SecretString::default(), tools);
    let mut words = Vec::new();
    for piece in pieces {
        words.push(parser.push(piece)?);
        if parser.is_done() {
            break;
        }
    }
    let (rest, message) = parser.finish()?;
    words.push(rest);
    words.retain(|words| !words.is_empty());
    Ok((words, message))
}

#[cfg(test)]
#[path = "answer/tests.rs"]
mod tests;
