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
    /// Reads an event of the stream; `None` where it is none that is shown, or has another form.
    pub(crate) fn read(name: &str, data: &str) -> Option<Self> {
        let data = parse(data)?;
        Some(match name {
            "turn.started" => Self::Started(Started { conversation_id: data.conversation_id?, turn_id: data.turn_id? }),
            "tool.started" => Self::ToolStarted(ToolStarted { call_id: data.call_id?, tool: data.tool? }),
            "tool.finished" => {
                let result = data.result?;
                Self::ToolFinished(ToolFinished {
                    call_id: data.call_id?,
                    is_error: data.is_error?,
                    found: (data.tool? == "list_tasks").then(|| parse(result.get())?.total).flatten(),
                    changes: data.changes,
                })
            }
            "message.delta" => Self::Delta(Delta { text: data.text? }),
            "message.completed" => Self::MessageCompleted(Whole { text: data.text?, meta: Meta::read(data.meta) }),
            "turn.completed" => Self::Completed(Completed { response: data.response? }),
            "turn.stopped" => Self::Stopped(Stopped { not_done: data.not_done?.len() }),
            "turn.failed" => Self::Failed(Failed { problem: data.problem?, retryable: data.retryable? }),
            _ => return None,
        })
    }
}

/// The data of any of these events, and what is shown of a tool's result. One type: each that is read costs the page kilobytes.
#[derive(Deserialize)]
struct Data<'a> {
    conversation_id: Option<ConversationId>,
    turn_id: Option<TurnId>,
    call_id: Option<String>,
    tool: Option<String>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    is_error: Option<bool>,
    #[serde(default)]
    changes: Vec<TaskChange>,
    text: Option<String>,
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
    response: Option<String>,
    not_done: Option<Vec<IgnoredAny>>,
    problem: Option<Problem>,
    retryable: Option<bool>,
    total: Option<u64>,
}

fn parse(data: &str) -> Option<Data<'_>> {
    serde_json::from_str(data).ok()
}

/// The changes in a tool's stored result.
pub(crate) fn changes(result: &RawValue) -> Vec<TaskChange> {
    parse(result.get()).map(|outcome| outcome.changes).unwrap_or_default()
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Started {
    pub(crate) conversation_id: ConversationId,
    pub(crate) turn_id: TurnId,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolStarted {
    pub(crate) call_id: String,
    pub(crate) tool: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolFinished {
    pub(crate) call_id: String,
    pub(crate) is_error: bool,
    /// How many tasks a list found.
    pub(crate) found: Option<u64>,
    pub(crate) changes: Vec<TaskChange>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Delta {
    pub(crate) text: String,
}

/// A whole message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Whole {
    pub(crate) text: String,
    pub(crate) meta: Meta,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Completed {
    pub(crate) response: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stopped {
    pub(crate) not_done: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failed {
    pub(crate) problem: Problem,
    pub(crate) retryable: bool,
}
