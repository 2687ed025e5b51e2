//! What of a conversation goes along with a request, and how long its parts may be.

use std::borrow::Cow;

use saydo_contract::{TaskChange, for_model};
use serde_json::{Value, json};

use crate::{HistoryItem, Limits, ToolCall};

/// The mark of a cut.
const CUT: char = '…';
/// Results are not cut below this, so that their beginning still tells something.
const LEAST_RESULT_CHARS: usize = 256;

/// The part of a conversation that goes along.
pub(crate) struct Window {
    pub(crate) items: Vec<HistoryItem>,
    pub(crate) result_chars: usize,
}

/// Chooses the newest items that fit beside the system prompt.
///
/// The last message of the person and the newest item are always in: where they alone are too large, results are cut
/// shorter. What is left out is a whole beginning of the conversation, then of this turn; a call never loses its result.
pub(crate) fn window(items: &[HistoryItem], limits: &Limits, system: &str) -> Window {
    let budget = limits.context_tokens.saturating_sub(text_tokens(system));
    let user = items.iter().rposition(|item| matches!(item, HistoryItem::User { .. }));
    let newest = items.len().checked_sub(1);
    let always = |at: usize| Some(at) == user || Some(at) == newest;

    let mut result_chars = limits.result_chars;
    let cost = |item: &HistoryItem, result_chars| item_tokens(item, limits, result_chars);
    let required = |result_chars| -> usize {
        items.iter().enumerate().filter(|(at, _)| always(*at)).map(|(_, item)| cost(item, result_chars)).sum()
    };
    while required(result_chars) > budget && result_chars > LEAST_RESULT_CHARS {
        result_chars = (result_chars / 2).max(LEAST_RESULT_CHARS);
    }

    let mut left = budget.saturating_sub(required(result_chars));
    let mut from = items.len();
    for (at, item) in items.iter().enumerate().rev() {
        if !always(at) {
            match left.checked_sub(cost(item, result_chars)) {
                Some(rest) => left = rest,
                None => break,
            }
        }
        from = at;
    }
    // A conversation starts with the person: older answers without their question only confuse.
    if let Some(user) = user
        && from <= user
    {
        from += items[from..user].iter().take_while(|item| matches!(item, HistoryItem::Assistant { .. })).count();
    }
    let question = user.filter(|user| *user < from).map(|user| &items[user]);
    let items = question.into_iter().chain(&items[from..]).map(|item| shortened(item, limits)).collect();
    Window { items, result_chars }
}

/// Estimated tokens of a text that is a message of its own.
pub(crate) fn text_tokens(text: &str) -> usize {
    text.len().div_ceil(4) + 8
}

fn item_tokens(item: &HistoryItem, limits: &Limits, result_chars: usize) -> usize {
    match item {
        HistoryItem::User { text, .. } => text_tokens(&cut(text, limits.item_chars)),
        HistoryItem::Assistant { text, calls, .. } => {
            let calls: usize = calls
                .iter()
                .map(|call| {
                    text_tokens(&call.tool)
                        + text_tokens(&arguments_text(call))
                        + text_tokens(&result_text(call, result_chars))
                        + call.extra.values().map(|value| text_tokens(&value.to_string())).sum::<usize>()
                })
                .sum();
            text_tokens(&cut(text, limits.item_chars)) + calls
        }
    }
}

fn shortened(item: &HistoryItem, limits: &Limits) -> HistoryItem {
    match item {
        HistoryItem::User { turn, text } => {
            HistoryItem::User { turn: *turn, text: cut(text, limits.item_chars).into_owned() }
        }
        HistoryItem::Assistant { text, calls, meta } => {
            let mut calls = calls.clone();
            for call in &mut calls {
                if call.arguments.to_string().chars().count() > limits.item_chars {
                    call.arguments = json!({ "left_out": CUT.to_string() });
                }
            }
            HistoryItem::Assistant { text: cut(text, limits.item_chars).into_owned(), calls, meta: meta.clone() }
        }
    }
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

/// A call's arguments as the JSON object that servers want to see, also where the model wrote something else.
pub(crate) fn arguments_text(call: &ToolCall) -> String {
    if call.arguments.is_object() {
        call.arguments.to_string()
    } else {
        json!({ "unreadable": call.arguments }).to_string()
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
