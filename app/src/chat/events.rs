//! Turn events, read as far as the page shows them. What it does not know it passes over. Questions are read from the
//! data of their messages, which says the same as their events and is kept.

use saydo_contract::{ConversationId, Problem, TaskChange, TurnId};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::meta::Meta;

/// What happened in a turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    Started(Started),
    ToolStarted(ToolStarted),
    ToolFinished(ToolFinished),
    Delta(Delta),
    MessageCompleted(Whole),
    Completed(Completed),
    Stopped(Stopped),
    Failed(Failed),
}

impl Event {
    /// Reads an event of the stream; `None` where it is none that is shown.
    pub(crate) fn read(name: &str, data: &str) -> Option<Self> {
        Some(match name {
            "turn.started" => Self::Started(parse(data)?),
            "tool.started" => Self::ToolStarted(parse(data)?),
            "tool.finished" => {
                let raw: RawToolFinished<'_> = parse(data)?;
                Self::ToolFinished(ToolFinished {
                    call_id: raw.call_id,
                    is_error: raw.is_error,
                    found: (raw.tool == "list_tasks").then(|| total(raw.result)).flatten(),
                    changes: raw.changes,
                })
            }
            "message.delta" => Self::Delta(parse(data)?),
            "message.completed" => {
                let raw: RawWhole<'_> = parse(data)?;
                Self::MessageCompleted(Whole { text: raw.text, meta: Meta::read(raw.meta) })
            }
            "turn.completed" => Self::Completed(parse(data)?),
            "turn.stopped" => Self::Stopped(parse(data)?),
            "turn.failed" => Self::Failed(parse(data)?),
            _ => return None,
        })
    }
}

fn parse<'a, T: Deserialize<'a>>(data: &'a str) -> Option<T> {
    serde_json::from_str(data).ok()
}

#[derive(Deserialize)]
struct Total {
    total: u64,
}

fn total(result: &RawValue) -> Option<u64> {
    parse::<Total>(result.get()).map(|list| list.total)
}

#[derive(Deserialize)]
struct Outcome {
    #[serde(default)]
    changes: Vec<TaskChange>,
}

/// The changes in a tool's stored result.
pub(crate) fn changes(result: &RawValue) -> Vec<TaskChange> {
    parse::<Outcome>(result.get()).map(|outcome| outcome.changes).unwrap_or_default()
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Started {
    pub(crate) conversation_id: ConversationId,
    pub(crate) turn_id: TurnId,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct ToolStarted {
    pub(crate) call_id: String,
    pub(crate) tool: String,
}

#[derive(Deserialize)]
struct RawToolFinished<'a> {
    call_id: String,
    tool: String,
    #[serde(borrow)]
    result: &'a RawValue,
    is_error: bool,
    #[serde(default)]
    changes: Vec<TaskChange>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolFinished {
    pub(crate) call_id: String,
    pub(crate) is_error: bool,
    /// How many tasks a list found.
    pub(crate) found: Option<u64>,
    pub(crate) changes: Vec<TaskChange>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Delta {
    pub(crate) text: String,
}

#[derive(Deserialize)]
struct RawWhole<'a> {
    text: String,
    #[serde(default, borrow)]
    meta: Option<&'a RawValue>,
}

/// A whole message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Whole {
    pub(crate) text: String,
    pub(crate) meta: Meta,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Completed {
    pub(crate) response: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Stopped {
    #[serde(deserialize_with = "count")]
    pub(crate) not_done: usize,
}

fn count<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    Vec::<IgnoredAny>::deserialize(deserializer).map(|calls| calls.len())
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Failed {
    pub(crate) problem: Problem,
    pub(crate) retryable: bool,
}
