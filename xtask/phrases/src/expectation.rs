//! What a case expects, and the judgement of a turn.

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::reading::{is_due, is_reading};

/// What is expected of a turn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    calls: Option<Vec<Map<String, Value>>>,
    #[serde(default, deserialize_with = "outcomes")]
    outcome: Vec<Outcome>,
}

/// How a turn ended that did not simply do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Offered to add a task.
    Ask,
    /// Asked which task is meant.
    Choice,
    /// Asked for a yes to frozen changes.
    Confirm,
    /// Found nothing, or can't answer.
    Help,
    /// Answered.
    Talk,
}

/// One or several of them, separated by `|`.
fn outcomes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Outcome>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let one = |word: &str| serde_json::from_value(Value::from(word)).map_err(serde::de::Error::custom);
    text.split('|').map(one).collect()
}

/// A call of a tool.
#[derive(Debug, Clone)]
pub struct Call {
    /// The tool's name.
    pub tool: String,
    /// Its arguments. Task numbers are those of the case.
    pub arguments: Map<String, Value>,
}

impl Call {
    fn due(&self) -> Option<&Value> {
        self.arguments.get("due").filter(|due| !(due.is_null() && self.tool == "add_task"))
    }
}

/// What a turn did.
#[derive(Debug, Clone, Default)]
pub struct Turn {
    /// The calls in order, those that only looked for a task among them.
    pub calls: Vec<Call>,
    /// How it ended, unless it did what was asked.
    pub outcome: Option<Outcome>,
}

/// The judgement of a turn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How the turn differs from what was expected.
    pub miss: Option<String>,
    /// Due dates that were set and are not those of the label.
    pub wrong_dates: Vec<String>,
    /// Changes of tasks that were there, and were not to be changed so.
    pub wrong_writes: Vec<String>,
}

impl Expectation {
    /// Judges a turn that began at one of these moments: the clock may strike in between.
    #[must_use]
    pub fn judge(&self, turn: &Turn, moments: &[DateTime<Tz>]) -> Verdict {
        let verdicts = moments.iter().map(|now| self.judge_at(turn, *now));
        verdicts.min_by_key(|verdict| verdict.miss.is_some()).unwrap_or_default()
    }

    fn judge_at(&self, turn: &Turn, now: DateTime<Tz>) -> Verdict {
        let expected = self.calls.as_deref().unwrap_or_default();
        let miss = if self.outcome.is_empty() { self.misses_calls(turn, now) } else { self.misses_outcome(turn) };
        let mut verdict = Verdict { miss, ..Verdict::default() };
        let changes: Vec<_> = expected.iter().filter(|label| !is_tool(label, "list_tasks")).collect();
        for (position, call) in turn.calls.iter().filter(|call| call.tool != "list_tasks").enumerate() {
            if expected.iter().any(|label| fits(label, call, now)) {
                continue;
            }
            let same = |label: &&Map<String, Value>| fits_but_for_date(label, call);
            let added = |label: &&Map<String, Value>| call.tool == "add_task" && is_tool(label, "add_task");
            if let Some(label) = expected.iter().find(same).or(changes.get(position).copied().filter(added)) {
                // A date that was not found is a miss and no wrong date.
                if call.due().is_some() && !fits_date(label, call, now) {
                    verdict.wrong_dates.push(format!("{:?} for {:?}", call.arguments, label.get("due")));
                }
            } else if call.tool != "add_task" {
                verdict.wrong_writes.push(format!("{} {:?}", call.tool, call.arguments));
            }
        }
        verdict
    }

    fn misses_outcome(&self, turn: &Turn) -> Option<String> {
        let changed = turn.calls.iter().any(|call| call.tool != "list_tasks");
        let right = turn.outcome.is_some_and(|outcome| self.outcome.contains(&outcome));
        (changed || !right).then(|| format!("expected {:?}, got {turn:?}", self.outcome))
    }

    /// The expected calls in order; between them only searches.
    fn misses_calls(&self, turn: &Turn, now: DateTime<Tz>) -> Option<String> {
        let mut expected = self.calls.as_deref().unwrap_or_default().iter().peekable();
        let mut only_searches = true;
        for call in &turn.calls {
            if expected.peek().is_some_and(|label| fits(label, call, now)) {
                expected.next();
            } else if call.tool != "list_tasks" {
                only_searches = false;
            }
        }
        let asked = matches!(turn.outcome, Some(Outcome::Ask | Outcome::Choice | Outcome::Confirm));
        let open = asked && self.calls.as_ref().is_some_and(|calls| !calls.is_empty());
        (!only_searches || expected.peek().is_some() || open)
            .then(|| format!("expected {:?}, got {turn:?}", self.calls))
    }

    pub(crate) fn kind(&self) -> String {
        match (self.outcome.first(), self.calls.as_deref().and_then(<[_]>::first)) {
            (Some(outcome), _) => format!("{outcome:?}").to_lowercase(),
            (None, Some(call)) => call.get("tool").and_then(Value::as_str).unwrap_or("nothing").to_owned(),
            (None, None) => "nothing".to_owned(),
        }
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        if self.calls.is_none() && self.outcome.is_empty() {
            return Err("expects nothing".to_owned());
        }
        let dues = self.calls.iter().flatten().filter_map(|call| call.get("due")?.as_str());
        match dues.flat_map(|due| due.split('|')).find(|label| !is_reading(label)) {
            Some(label) => Err(format!("`{label}` is no date")),
            None => Ok(()),
        }
    }
}

fn is_tool(label: &Map<String, Value>, tool: &str) -> bool {
    label.get("tool").is_some_and(|name| name == tool)
}

fn fits(label: &Map<String, Value>, call: &Call, now: DateTime<Tz>) -> bool {
    fits_but_for_date(label, call) && fits_date(label, call, now)
}

fn fits_date(label: &Map<String, Value>, call: &Call, now: DateTime<Tz>) -> bool {
    match label.get("due") {
        None => true,
        Some(Value::String(readings)) => {
            let due = call.due().and_then(Value::as_str);
            readings.split('|').any(|reading| is_due(reading, due, now))
        }
        // No date of a new task; the date of another one is taken away.
        Some(_) if call.tool == "add_task" => call.due().is_none(),
        Some(_) => call.due() == Some(&Value::Null),
    }
}

fn fits_but_for_date(label: &Map<String, Value>, call: &Call) -> bool {
    label.iter().all(|(key, value)| match (key.as_str(), value, call.arguments.get(key)) {
        ("due", ..) => true,
        ("tool", value, _) => *value == call.tool.as_str(),
        // A new task has none anyway.
        ("priority", Value::String(level), None) => level == "none" && call.tool == "add_task",
        (_, Value::String(readings), Some(Value::String(given))) => {
            readings.split('|').any(|reading| plain(reading) == plain(given))
        }
        (_, Value::Null, None) => true,
        (_, value, Some(given)) => value == given,
        _ => false,
    })
}

/// Without case and final punctuation.
fn plain(text: &str) -> String {
    text.trim().trim_end_matches(['.', '!', '?', ',', ';', ':']).trim().to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::TimeZone;
    use serde_json::json;

    use super::*;

    fn judge(expected: Value, calls: &[(&str, Value)], outcome: Option<Outcome>) -> Verdict {
        let now = Tz::UTC.with_ymd_and_hms(2026, 12, 1, 9, 0, 0).unwrap();
        let expectation: Expectation = serde_json::from_value(expected).unwrap();
        expectation.check().unwrap();
        let call = |(tool, arguments): &(&str, Value)| Call {
            tool: (*tool).to_owned(),
            arguments: arguments.as_object().unwrap().clone(),
        };
        expectation.judge(&Turn { calls: calls.iter().map(call).collect(), outcome }, &[now])
    }

    fn milk() -> Value {
        json!({"calls": [{"tool": "add_task", "title": "Buy milk|Milk", "due": "+1"}]})
    }

    /// DEV-12: calls are compared in order, titles without case and final punctuation.
    #[test]
    fn expected_calls_are_right() {
        let milk_tomorrow = ("add_task", json!({"title": "milk.", "due": "2026-12-02"}));
        assert_eq!(judge(milk(), std::slice::from_ref(&milk_tomorrow), None), Verdict::default());
        // A search for a task is no call of its own.
        let search = ("list_tasks", json!({"query": "milk"}));
        assert_eq!(judge(milk(), &[search.clone(), milk_tomorrow.clone()], None), Verdict::default());
        assert!(judge(milk(), &[search], None).miss.is_some());
        assert!(judge(milk(), &[milk_tomorrow.clone(), milk_tomorrow], None).miss.is_some());
        let none = json!({"calls": [{"tool": "add_task", "title": "Milk", "due": null, "priority": "none"}]});
        assert_eq!(judge(none, &[("add_task", json!({"title": "Milk", "due": null}))], None), Verdict::default());
    }

    /// DEV-12a: outcomes are compared, and change nothing.
    #[test]
    fn expected_outcomes_are_right() {
        let ask = || json!({"outcome": "ask|help"});
        assert_eq!(judge(ask(), &[], Some(Outcome::Help)), Verdict::default());
        assert!(judge(ask(), &[], Some(Outcome::Talk)).miss.is_some());
        assert!(judge(ask(), &[], None).miss.is_some());
        assert!(judge(ask(), &[("add_task", json!({"title": "42"}))], Some(Outcome::Ask)).miss.is_some());
        let list = json!({"calls": [{"tool": "list_tasks"}]});
        let searched = [("list_tasks", json!({}))];
        assert_eq!(judge(list.clone(), &searched, None), Verdict::default());
        assert!(judge(list, &searched, Some(Outcome::Choice)).miss.is_some());
    }

    /// DEV-13: a date that was set and is another is wrong; one that is missing is a miss.
    #[test]
    fn dates_are_wrong_where_they_are_set() {
        for (arguments, wrong) in [
            (json!({"title": "Milk", "due": "2026-12-03"}), 1),
            (json!({"title": "Buy milk the day", "due": "2026-12-03"}), 1),
            (json!({"title": "Buy milk tomorrow"}), 0),
        ] {
            let verdict = judge(milk(), &[("add_task", arguments)], None);
            assert!(verdict.miss.is_some() && verdict.wrong_writes.is_empty());
            assert_eq!(verdict.wrong_dates.len(), wrong);
        }
        let moved = json!({"calls": [{"tool": "update_task", "task_id": 2, "due": "+1"}]});
        let verdict = judge(moved, &[("update_task", json!({"task_id": 2, "due": "2026-12-08"}))], None);
        assert_eq!((verdict.wrong_dates.len(), verdict.wrong_writes.len()), (1, 0));
    }

    /// DEV-13a: an unrequested change of a task is a wrong write; an addition is a miss.
    #[test]
    fn unmeant_changes_are_wrong_writes() {
        let ask = || json!({"outcome": "help"});
        assert_eq!(judge(ask(), &[("delete_task", json!({"task_id": 1}))], None).wrong_writes.len(), 1);
        assert!(judge(ask(), &[("add_task", json!({"title": "A"}))], None).wrong_writes.is_empty());
        let first = json!({"calls": [{"tool": "complete_task", "task_id": 1}]});
        assert_eq!(judge(first, &[("complete_task", json!({"task_id": 2}))], None).wrong_writes.len(), 1);
    }
}
