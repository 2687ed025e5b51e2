//! What of a conversation goes along with a request, and how long its parts may be.
//!
//! Invariant: what goes along is a function of the conversation from its beginning, so two requests of one conversation
//! begin alike until a cut, and a cut leaves room for many turns.

use std::{borrow::Cow, collections::VecDeque};

use saydo_contract::{TaskChange, for_model};
use serde_json::{Value, json};

use crate::ToolCall;

/// The mark of a cut.
const CUT: char = '…';
/// Results are not cut below this, so that their beginning still tells something.
pub(crate) const LEAST_RESULT_CHARS: usize = 256;

/// What one item of the history costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) is_user: bool,
    pub(crate) tokens: usize,
}

/// Chooses the items that go along: those that fit, oldest first.
///
/// Where they become too many, the oldest turns are left out until half of the budget is free, then the oldest steps of
/// this turn. The last message of the person and the newest item are always in.
pub(crate) fn window(items: &[Cost], budget: usize) -> Vec<usize> {
    let least = budget / 2;
    let mut kept = VecDeque::new();
    let mut total = 0;
    let mut question = None;
    for (at, item) in items.iter().enumerate() {
        if item.is_user {
            question = Some(at);
        }
        kept.push_back(at);
        total += item.tokens;
        if total <= budget {
            continue;
        }
        let always = question.unwrap_or(at);
        while let Some(&oldest) = kept.front()
            && oldest < always
            // What is left begins with the person's words: answers without their question only confuse.
            && (total > least || !items[oldest].is_user)
        {
            kept.pop_front();
            total -= items[oldest].tokens;
        }
        if total > budget {
            while total > least && kept.len() > 2 {
                total -= kept.remove(1).map_or(0, |step: usize| items[step].tokens);
            }
        }
    }
    kept.into()
}

/// Estimated tokens of a text that is a message of its own.
pub(crate) fn text_tokens(text: &str) -> usize {
    text.len().div_ceil(4) + 8
}

/// The text, or its first `max - 1` characters and a mark.
pub(crate) fn cut(text: &str, max: usize) -> Cow<'_, str> {
    // A character has at least one byte.
    if text.len() <= max || text.chars().count() <= max {
        return text.into();
    }
    let mut short: String = text.chars().take(max.saturating_sub(1)).collect();
    short.push(CUT);
    short.into()
}

/// A call's arguments as the JSON object that servers want to see, also where the model wrote something else, or more
/// than `max` characters.
pub(crate) fn arguments_text(call: &ToolCall, max: usize) -> String {
    let text = match &call.arguments {
        Value::Object(_) => call.arguments.to_string(),
        unreadable => json!({ "unreadable": unreadable }).to_string(),
    };
    if text.len() <= max || text.chars().count() <= max {
        text
    } else {
        json!({ "left_out": CUT.to_string() }).to_string()
    }
}

/// A call's result as JSON for the model.
pub(crate) fn result_text(call: &ToolCall, max: usize) -> String {
    let text = match &call.outcome {
        None => json!({ "error": NOT_RUN }).to_string(),
        Some(outcome) if outcome.is_error => json!({ "error": outcome.result }).to_string(),
        Some(outcome) => for_model(&outcome.result).to_string(),
    };
    cut(&text, max).into_owned()
}

/// What a call without an outcome is answered with.
pub(crate) const NOT_RUN: &str = "this call did not run, because the turn was interrupted";

/// The changes that a call made; none where it failed or did not run.
pub(crate) fn changes_of(call: &ToolCall) -> Vec<TaskChange> {
    call.result().map(changes_in).unwrap_or_default()
}

/// The changes that a result tells; none where it tells none.
pub(crate) fn changes_in(result: &Value) -> Vec<TaskChange> {
    result.get("changes").and_then(|changes| serde_json::from_value(changes.clone()).ok()).unwrap_or_default()
}

#[cfg(test)]
#[path = "context/tests.rs"]
mod tests;
