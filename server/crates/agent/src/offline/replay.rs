//! A turn that is gone through again and again until no result is missing.

use saydo_contract::ToolName;
use serde_json::{Map, Value};

use super::words;
use crate::{Confirm, PastCall, RawCall};

/// Why a turn cannot go on for now, or at all.
#[derive(Debug, PartialEq)]
pub(super) enum Stop {
    /// These calls have to run first.
    Calls {
        calls: Vec<RawCall>,
        /// Whether they have to be confirmed before.
        confirm: Confirm,
        /// What to say before the question.
        lead: String,
    },
    /// There is nothing more to do but to say this.
    Say(String),
}

/// A call to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    pub(super) tool: ToolName,
    pub(super) arguments: Map<String, Value>,
}

/// What came of a call.
pub(super) type Answered<'a> = Result<&'a Value, String>;

/// The recorded messages of this turn that were not gone through yet.
pub(super) struct Replay<'a> {
    steps: std::slice::Iter<'a, &'a [PastCall]>,
}

impl<'a> Replay<'a> {
    pub(super) fn new(steps: &'a [&'a [PastCall]]) -> Self {
        Self { steps: steps.iter() }
    }

    /// The results of one message with these calls: the recorded ones, or a stop until they are. A result may be
    /// missing at the end where the turn used up its calls. The notes are said before the question whether to run them.
    pub(super) fn calls(
        &mut self,
        wanted: Vec<Wanted>,
        confirm: Confirm,
        notes: &[String],
    ) -> Result<Vec<Answered<'a>>, Stop> {
        let Some(recorded) = self.steps.next() else {
            let calls = wanted.into_iter().map(raw).collect();
            return Err(Stop::Calls { calls, confirm, lead: notes.join("\n\n") });
        };
        // Dates may differ when an interrupted turn goes on later; another tool means another turn.
        if recorded.len() > wanted.len()
            || recorded.iter().zip(&wanted).any(|(call, want)| call.tool != want.tool.as_str())
        {
            return Err(Stop::Say(words::lost_thread()));
        }
        Ok(recorded.iter().map(answered).collect())
    }

    /// The result of one call.
    pub(super) fn call(&mut self, wanted: Wanted) -> Result<Answered<'a>, Stop> {
        self.calls(vec![wanted], Confirm::Never, &[])?.pop().ok_or_else(|| Stop::Say(words::lost_thread()))
    }
}

fn answered(call: &PastCall) -> Answered<'_> {
    match &call.result {
        Some(result) if !call.is_error => Ok(result),
        Some(Value::String(words)) => Err(words.clone()),
        Some(other) => Err(other.to_string()),
        None => Err("it did not run".to_owned()),
    }
}

fn raw(wanted: Wanted) -> RawCall {
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
