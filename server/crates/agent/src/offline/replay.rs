//! A turn that is gone through again and again until no result is missing.

use saydo_contract::ToolName;
use serde_json::{Map, Value};

use super::{
    reply::Reply,
    report::{Change, Extras},
};
use crate::{CallOutcome, RawCall, ToolCall, model::Confirm};

/// What has to happen before the turn can go on, if it can.
#[derive(Debug, PartialEq)]
pub(super) enum PendingStep {
    /// These calls have to run first.
    Calls {
        calls: Vec<RawCall>,
        /// Whether they have to be confirmed before.
        confirm: Confirm,
        /// What to say before the question.
        preamble: Vec<Reply>,
        /// Whether they are a part of more than a round's changes.
        batch: bool,
    },
    /// There is nothing more to do but to say this.
    Say(Reply),
}

/// A call to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ToolRequest {
    pub(super) tool: ToolName,
    pub(super) arguments: Map<String, Value>,
}

/// A call that changes a task, and how it is reported.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlannedCall {
    pub(super) request: ToolRequest,
    pub(super) change: Change,
    pub(super) extras: Extras,
}

/// What came of a call, or why it failed, where the tool gave a reason.
pub(super) type CallResult<'a> = Result<&'a Value, Option<String>>;

/// The recorded messages of this turn that were not gone through yet.
pub(super) struct Replay<'a> {
    steps: std::slice::Iter<'a, &'a [ToolCall]>,
}

impl<'a> Replay<'a> {
    pub(super) fn new(steps: &'a [&'a [ToolCall]]) -> Self {
        Self { steps: steps.iter() }
    }

    /// The results of one message with these calls: the recorded ones, or a stop until they are. A result may be
    /// missing at the end where the turn used up its calls. The notes are said before the question whether to run them.
    pub(super) fn calls(
        &mut self,
        wanted: Vec<ToolRequest>,
        confirm: Confirm,
        notes: &[Reply],
        batch: bool,
    ) -> Result<Vec<CallResult<'a>>, PendingStep> {
        let Some(recorded) = self.steps.next() else {
            let calls = wanted.into_iter().map(raw).collect();
            return Err(PendingStep::Calls { calls, confirm, preamble: notes.to_vec(), batch });
        };
        // Dates may differ when an interrupted turn goes on later; another tool means another turn.
        if recorded.len() > wanted.len()
            || recorded.iter().zip(&wanted).any(|(call, want)| call.tool != want.tool.as_str())
        {
            return Err(PendingStep::Say(Reply::Interrupted));
        }
        Ok(recorded.iter().map(answered).collect())
    }

    /// The result of one call.
    pub(super) fn call(&mut self, wanted: ToolRequest) -> Result<CallResult<'a>, PendingStep> {
        self.calls(vec![wanted], Confirm::Never, &[], false)?.pop().ok_or(PendingStep::Say(Reply::Interrupted))
    }
}

fn answered(call: &ToolCall) -> CallResult<'_> {
    match &call.outcome {
        Some(CallOutcome { result, is_error: false }) => Ok(result),
        Some(CallOutcome { result: Value::String(reason), .. }) => Err(Some(reason.clone())),
        Some(CallOutcome { result, .. }) => Err(Some(result.to_string())),
        None => Err(None),
    }
}

fn raw(wanted: ToolRequest) -> RawCall {
    RawCall {
        // The machine gives ids.
        id: String::new(),
        tool: wanted.tool.as_str().to_owned(),
        arguments: Value::Object(wanted.arguments).to_string(),
        extra: Map::new(),
    }
}

/// Arguments from pairs.
pub(super) fn arguments<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
