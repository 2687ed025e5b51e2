use saydo_contract::{ChatReply, Problem, ProblemKind, TurnEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a turn ended: kept with it, so that a repeated request gets the same answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// The turn's last event.
    pub event: TurnEvent,
    /// What a JSON client gets, unless the turn failed.
    pub reply: Option<ChatReply>,
}

impl Outcome {
    pub(super) fn from_stored(stored: &Value) -> Option<Self> {
        Self::deserialize(stored).ok()
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

    /// The server that ran the turn went away.
    pub(super) fn interrupted() -> Self {
        Self::failed(ProblemKind::Unavailable, "The server that worked on this went away. Send it again to go on.", "")
    }
}
