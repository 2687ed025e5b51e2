//! Whether a person sees what the row says.

use std::error::Error;

use saydo_agent::{AgentError, ModelError, Refusal, Step, Timeouts};
use serde_json::Value;

use super::row::{Row, SeenTask};
use crate::rig::Ran;

/// What differs from the row: in the last turn, or on the list.
pub(super) fn faults(row: &Row, ran: &Ran, tasks: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    match ran.steps.last() {
        Some(Step::Finished { text }) => answer_faults(row, text, &mut faults),
        Some(Step::Failed(error)) => failure_faults(row, error, &mut faults),
        other => faults.push(format!("the turn ends with {other:?}")),
    }
    let metas: Vec<_> = ran.steps.iter().filter_map(answer_meta).collect();
    let cut = metas.last().and_then(|meta| meta.finish);
    if cut != row.sees.cut {
        faults.push(format!("cut: {cut:?}, expected {:?}", row.sees.cut));
    }
    let thinking = metas.iter().any(|meta| meta.reasoning.is_some());
    if thinking != row.sees.thinking {
        faults.push(format!("thinking: {thinking}, expected {}", row.sees.thinking));
    }
    let refused = ran.results().iter().filter(|(_, _, is_error)| *is_error).count();
    if refused != row.sees.refused_calls {
        faults.push(format!("refused calls: {refused}, expected {}: {:?}", row.sees.refused_calls, ran.results()));
    }
    faults.extend(streaming_faults(ran, &row.sees.retracted));
    faults.extend(list_faults(row, tasks));
    faults
}

/// Whether the usual time-outs of a server nearby are shorter than the silence that this one is known for.
pub(super) fn impatience(row: &Row) -> Vec<String> {
    let (times, silence) = (Timeouts::local(), row.silence);
    let waits = [("first byte", times.first_byte, silence.first_byte), ("more", times.idle, silence.within)];
    let short = waits.into_iter().filter(|(_, limit, seconds)| *seconds > 0 && limit.as_secs() <= *seconds);
    short
        .map(|(what, limit, seconds)| format!("waits {limit:?} for the {what}, the server takes {seconds} s"))
        .collect()
}

fn answer_meta(step: &Step) -> Option<&saydo_contract::MessageMeta> {
    match step {
        Step::Answer { meta, .. } => Some(meta),
        _ => None,
    }
}

fn answer_faults(row: &Row, text: &str, faults: &mut Vec<String>) {
    if let Some(failure) = &row.sees.failure {
        faults.push(format!("answers {text:?}, expected the failure {failure:?}"));
    }
    if row.sees.text.as_ref().is_some_and(|expected| expected != text) {
        faults.push(format!("answers {text:?}, expected {:?}", row.sees.text));
    }
    if row.sees.part.as_ref().is_some_and(|part| !text.contains(part)) {
        faults.push(format!("answers {text:?}, expected {:?} in it", row.sees.part));
    }
}

fn failure_faults(row: &Row, error: &AgentError, faults: &mut Vec<String>) {
    let (kind, retryable) = (kind(error), error.is_retryable());
    if row.sees.failure.as_deref() != Some(kind) {
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        faults.push(format!("fails with {kind:?} ({cause}), expected {:?}", row.sees.failure));
    } else if row.sees.retryable.is_some_and(|expected| expected != retryable) {
        faults.push(format!("retryable: {retryable}"));
    }
}

/// The deltas of a message must be its words, but for what the row says is taken back.
fn streaming_faults(ran: &Ran, retracted: &str) -> Vec<String> {
    let (mut faults, mut shown) = (Vec::new(), String::new());
    for step in &ran.steps {
        match step {
            Step::Delta(text) => shown.push_str(text),
            Step::Answer { text, .. } => {
                if shown.strip_prefix(retracted) != Some(text) {
                    faults.push(format!("streams {shown:?}, keeps {text:?}"));
                }
                shown.clear();
            }
            _ => {}
        }
    }
    faults
}

fn list_faults(row: &Row, tasks: &[Value]) -> Option<String> {
    let given = || row.given.iter().cloned().map(SeenTask::Title).collect();
    let expected = row.sees.tasks.clone().unwrap_or_else(given);
    let fits =
        expected.len() == tasks.len() && expected.iter().zip(tasks).all(|(expected, task)| is_seen(expected, task));
    (!fits).then(|| format!("the list is {}, expected {expected:?}", Value::from(tasks)))
}

fn is_seen(expected: &SeenTask, task: &Value) -> bool {
    match expected {
        SeenTask::Title(title) => task["title"] == **title,
        SeenTask::Fields(fields) => fields.iter().all(|(name, value)| match value.as_str() {
            // TOML has no null.
            Some("(none)") => task[name].is_null(),
            _ => task[name] == *value,
        }),
    }
}

/// The row's name of a failure.
fn kind(error: &AgentError) -> &'static str {
    let Some(cause) = error.source().and_then(|source| source.downcast_ref::<ModelError>()) else {
        return if matches!(error, AgentError::TooManySteps(_)) { "steps" } else { "tools are away" };
    };
    match (cause, cause.refusal()) {
        (ModelError::CutShort, _) => "cut",
        (ModelError::CallAsText, _) => "call as text",
        (ModelError::Empty, _) => "empty",
        (ModelError::Timeout(_), _) => "timeout",
        (ModelError::Unreadable(_), _) => "unreadable",
        (ModelError::TooLarge(_), _) => "too large",
        (_, None) => "broken",
        (_, Some(refusal)) => match refusal {
            Refusal::Key => "key",
            Refusal::Credit => "credit",
            Refusal::RateLimit(_) => "rate",
            Refusal::UnknownModel => "model",
            Refusal::ContextTooLong => "context",
            Refusal::NoTools => "tools",
            Refusal::Feature(_) => "feature",
            Refusal::Address => "address",
            Refusal::Filtered => "filtered",
            Refusal::Loading => "loading",
            Refusal::Overloaded => "overloaded",
            Refusal::Other => "refused",
        },
    }
}
