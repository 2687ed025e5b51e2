//! How a turn ended, as its row keeps it.

use saydo_contract::{ChatReply, Problem, ProblemKind, TurnEvent};
use saydo_store::TurnRecord;
use serde::{Deserialize, Serialize};

use super::english;

/// How a turn ended: kept with it, so that a repeated request gets the same answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The turn's last event.
    pub(crate) event: TurnEvent,
    /// What a JSON client gets, unless the turn failed.
    pub(crate) reply: Option<ChatReply>,
}

impl Outcome {
    /// The outcome that a turn's row keeps.
    pub(super) fn of(record: &TurnRecord) -> Self {
        let stored = record.outcome.as_ref();
        stored.and_then(|stored| Self::deserialize(stored).ok()).unwrap_or_else(Self::interrupted)
    }

    pub(super) fn failed(kind: ProblemKind, detail: &str, request_id: &str) -> Self {
        let problem = Problem {
            r#type: format!("/problems/{}", kind.slug()),
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.to_owned(),
            request_id: request_id.to_owned(),
            errors: Vec::new(),
        };
        Self { event: TurnEvent::TurnFailed { problem, retryable: super::retryable(kind) }, reply: None }
    }

    /// The same, where a retry fails again: for what is recorded, or until whoever runs the server changes something.
    pub(super) fn for_good(mut self) -> Self {
        if let TurnEvent::TurnFailed { retryable, .. } = &mut self.event {
            *retryable = false;
        }
        self
    }

    /// The server that ran the turn went away.
    pub(super) fn interrupted() -> Self {
        Self::failed(ProblemKind::Unavailable, english::INTERRUPTED, "")
    }
}
