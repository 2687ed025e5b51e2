//! Arguments of the tools as models and clients write them, brought to the form of the contract.
//!
//! [`normalize`] changes a value only where its meaning is certain. Any other value stays as it was written, and the
//! argument types refuse it. The tools read every call this way, and the agent does where it says what a call would
//! change, so both see the same change. Normalized arguments stay the same when they are normalized again.

use serde_json::{Map, Value};

use crate::{Due, ToolName};

/// What n8n sends with every call, which is not for the tool.
const IGNORED: [&str; 4] = ["toolCallId", "sessionId", "action", "chatInput"];

/// Fields of a task that an update can clear.
const CLEARABLE: [&str; 3] = ["description", "due", "priority"];

/// Arguments in the form of the contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NormalizedArguments {
    /// The arguments, without those that count as absent.
    pub arguments: Map<String, Value>,
    /// Fields of an update that were read as not given, because several nulls beside a change are filler.
    pub filler: Vec<String>,
}

impl ToolName {
    /// The names of its arguments.
    #[must_use]
    pub const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::AddTask => &["title", "description", "due", "priority", "user_id"],
            Self::ListTasks => &["status", "due_before", "due_after", "query", "limit", "cursor", "user_id"],
            Self::CompleteTask | Self::DeleteTask => &["task_id", "user_id"],
            Self::UpdateTask => {
                &["task_id", "title", "description", "completed", "due", "priority", "deleted", "user_id"]
            }
        }
    }
}

/// Reads the arguments of a call.
#[must_use]
pub fn normalize(tool: ToolName, mut given: Map<String, Value>) -> NormalizedArguments {
    given.retain(|name, _| !IGNORED.contains(&name.as_str()));
    for (name, value) in &mut given {
        if let Some(certain) = read(name, value) {
            *value = certain;
        }
    }
    // An empty title of a new task is refused in words, and an empty description of a task that is there removes it.
    given.retain(|name, value| {
        !is_blank(value)
            || matches!((tool, name.as_str()), (ToolName::AddTask, "title") | (ToolName::UpdateTask, "description"))
    });
    let filler = if tool == ToolName::UpdateTask {
        clear(&mut given)
    } else {
        given.retain(|name, value| !value.is_null() && (!is_due(name) || value != "none"));
        Vec::new()
    };
    NormalizedArguments { arguments: given, filler }
}

/// Applies the rule for nulls of an update. Returns the fields that are filler.
fn clear(given: &mut Map<String, Value>) -> Vec<String> {
    let of_task = |name: &str| !matches!(name, "task_id" | "user_id");
    let nulls = given.iter().filter(|(name, value)| of_task(name) && value.is_null()).count();
    let has_change = given.iter().any(|(name, value)| of_task(name) && !value.is_null());
    let is_filler = nulls >= 2 && has_change;
    let mut filler = Vec::new();
    for name in CLEARABLE {
        match given.get(name) {
            Some(Value::Null) if is_filler => filler.push(name.to_owned()),
            // At most one null is left, so that the next reading finds no filler.
            Some(Value::Null) if name == "description" => _ = given.insert(name.to_owned(), "".into()),
            Some(Value::Null) if name == "priority" => _ = given.insert(name.to_owned(), "none".into()),
            _ => {}
        }
    }
    if is_filler && given.get("completed") == Some(&Value::Bool(false)) {
        given.remove("completed");
        filler.push("completed".to_owned());
    }
    given.retain(|name, value| !value.is_null() || (name == "due" && !is_filler));
    if given.get("due").is_some_and(|due| due == "none") {
        given.insert("due".to_owned(), Value::Null);
    }
    filler
}

/// The value that this one certainly means.
fn read(name: &str, value: &Value) -> Option<Value> {
    match (name, value) {
        ("task_id" | "limit", Value::Number(number)) => whole(number.as_f64()?),
        ("task_id", Value::String(text)) => {
            let text = text.trim();
            digits(text.strip_prefix('#').unwrap_or(text))
        }
        ("limit", Value::String(text)) => digits(text.trim()),
        ("completed" | "deleted", Value::String(text)) => {
            let text = text.trim();
            [true, false].into_iter().find(|flag| text.eq_ignore_ascii_case(&flag.to_string())).map(Value::Bool)
        }
        ("priority", Value::String(text)) => {
            choice(text, &[("none", &[]), ("low", &[]), ("medium", &[]), ("high", &[])])
        }
        ("status", Value::String(text)) => choice(
            text,
            &[("all", &[]), ("pending", &["open", "todo", "incomplete"]), ("completed", &["done", "complete"])],
        ),
        (name, Value::String(text)) if is_due(name) => {
            let text = text.trim();
            if text.eq_ignore_ascii_case("none") { Some("none".into()) } else { moment(text) }
        }
        _ => None,
    }
}

fn is_due(name: &str) -> bool {
    matches!(name, "due" | "due_before" | "due_after")
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// JSON knows no whole numbers: `1.0` is 1.
fn whole(number: f64) -> Option<Value> {
    /// Up to here every whole number is exact.
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small enough")]
    (number.fract() == 0.0 && number.abs() <= LARGEST).then(|| Value::from(number as i64))
}

fn digits(text: &str) -> Option<Value> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse::<i64>().ok()).flatten().map(Value::from)
}

/// The choice that a word names, in any case of its letters.
fn choice(text: &str, choices: &[(&str, &[&str])]) -> Option<Value> {
    let text = text.trim();
    let means = |words: &str| text.eq_ignore_ascii_case(words);
    let (name, _) = choices.iter().find(|(name, others)| means(name) || others.iter().any(|other| means(other)))?;
    Some(Value::from(*name))
}

/// A date-time with offset of ISO 8601 in the form of RFC 3339, where it is one: `2026-11-30 17:00+0100`.
fn moment(text: &str) -> Option<Value> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-'])?);
    let clock = clock.trim_end();
    let seconds = if clock.len() == "17:00".len() { ":00" } else { "" };
    let offset = match (offset.get(..3), offset.get(3..)) {
        (Some(hours), Some("")) => format!("{hours}:00"),
        (Some(hours), Some(minutes)) if minutes.len() == 2 => format!("{hours}:{minutes}"),
        _ => offset.to_owned(),
    };
    let due: Due = format!("{date}T{clock}{seconds}{offset}").parse().ok()?;
    Some(due.to_string().into())
}

#[cfg(test)]
mod tests;
