//! Turn events, read as far as the page shows them. What it does not know it passes over.

use chrono::{DateTime, Utc};
use saydo_contract::{ChangeVerb, ConfirmationItem, ConversationId, Problem, TaskChange, TurnId};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use crate::browser;

/// What happened in a turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    Started(Started),
    ToolStarted(ToolStarted),
    ToolFinished(ToolFinished),
    Delta(Delta),
    MessageCompleted(Delta),
    Choice(Choice),
    Confirmation(Confirmation),
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
            "message.completed" => Self::MessageCompleted(parse(data)?),
            "choice.required" => Self::Choice(parse(data)?),
            "confirmation.required" => Self::Confirmation(parse(data)?),
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

/// Several tasks fit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Choice {
    pub(crate) prompt: String,
    pub(crate) options: Vec<ChoiceOption>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ChoiceOption {
    pub(crate) label: String,
    /// What to say for it.
    pub(crate) message: String,
    /// What would happen to the task, where the server tells that.
    #[serde(default)]
    verb: Option<String>,
}

/// So begin words that ask for a deletion.
const DELETING: [&str; 12] =
    ["delet", "remov", "eras", "drop", "cancel", "scrap", "discard", "trash", "bin", "forget", "rid", "clear"];

impl Choice {
    /// Whether the task that is chosen is deleted. `said` is what the person asked for.
    pub(crate) fn deletes(&self, said: &str) -> bool {
        let verbs = || self.options.iter().filter_map(|option| option.verb.as_deref());
        if verbs().next().is_some() {
            return verbs().any(|verb| verb == "deleted");
        }
        // Where in doubt the digits do nothing.
        let said = browser::lower(said);
        said.split(' ').any(|word| DELETING.iter().any(|start| word.starts_with(start)))
    }
}

/// A sweeping change that waits for a yes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Confirmation {
    pub(crate) prompt: String,
    pub(crate) items: Vec<ConfirmationItem>,
    #[serde(deserialize_with = "saydo_contract::rfc3339")]
    pub(crate) expires_at: DateTime<Utc>,
}

impl Confirmation {
    /// What would happen to all of its tasks, where that is one thing.
    pub(crate) fn verb(&self) -> Option<ChangeVerb> {
        let first = self.items.first()?.verb;
        self.items.iter().all(|item| item.verb == first).then_some(first)
    }

    /// When its time is over, in milliseconds since 1970.
    pub(crate) fn expires(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a date fit")]
        return self.expires_at.timestamp_millis() as f64;
    }
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
