//! A labelled phrase, as one line of JSON has it.

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::Expectation;

/// What is said to a list of tasks, and what is expected.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    class: Option<String>,
    /// The tasks that are there, numbered from 1.
    pub given: Vec<Given>,
    say: Say,
    /// What the last message does.
    pub expect: Expectation,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Say {
    Once(String),
    InTurn(Vec<String>),
}

/// A task that is there before anything is said.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Given {
    /// An open task without a due date.
    Title(String),
    /// Any task.
    Task {
        /// Its title.
        title: String,
        /// Its due day, in days from today: `+3`, `-1`.
        #[serde(default)]
        due: Option<String>,
        /// Whether it is done.
        #[serde(default)]
        done: bool,
    },
}

impl Given {
    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Title(title) | Self::Task { title, .. } => title,
        }
    }

    /// Whether it is done.
    #[must_use]
    pub fn done(&self) -> bool {
        matches!(self, Self::Task { done: true, .. })
    }

    /// The due day, for this day as today.
    #[must_use]
    pub fn due(&self, today: NaiveDate) -> Option<NaiveDate> {
        let days = self.days()?;
        let distance = Days::new(days.unsigned_abs());
        if days < 0 { today.checked_sub_days(distance) } else { today.checked_add_days(distance) }
    }

    fn days(&self) -> Option<i64> {
        match self {
            Self::Task { due: Some(due), .. } => due.parse().ok(),
            _ => None,
        }
    }
}

impl Case {
    /// What the case samples; where the line does not say, the tool or the outcome that it expects.
    #[must_use]
    pub fn class(&self) -> String {
        self.class.clone().unwrap_or_else(|| self.expect.kind())
    }

    /// Whether the line names its class.
    #[must_use]
    pub fn is_classed(&self) -> bool {
        self.class.is_some()
    }

    /// The messages in turn. Never empty.
    #[must_use]
    pub fn messages(&self) -> Vec<&str> {
        match &self.say {
            Say::Once(message) => vec![message],
            Say::InTurn(messages) => messages.iter().map(String::as_str).collect(),
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.messages().is_empty() {
            return Err("says nothing".to_owned());
        }
        for given in &self.given {
            if matches!(given, Given::Task { due: Some(_), .. }) && given.days().is_none() {
                return Err(format!("“{}” is due at no number of days", given.title()));
            }
        }
        self.expect.check()
    }
}

/// The cases of a file, one a line; empty lines aside.
///
/// # Errors
///
/// Names the line that is no case, or expects a date that is none.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number): (&str, usize)| {
            let case: Case = serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))?;
            case.check().map_err(|fault| format!("line {number}: {fault}"))?;
            Ok(case)
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// DEV-11, DEV-11a: the format of a case, and the faults of a file.
    #[test]
    fn cases_are_read() {
        let text = r#"
            {"given": ["A", {"title": "B", "due": "-2", "done": true}], "say": ["x", "y"], "expect": {"calls": []}}
            {"class": "border", "given": [], "say": "42", "expect": {"outcome": "ask"}}"#;
        let cases = read(text).unwrap();
        assert_eq!(cases[0].messages(), ["x", "y"]);
        assert!(cases[0].given[1].done() && !cases[0].given[0].done());
        let today = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(cases[0].given[1].due(today), NaiveDate::from_ymd_opt(2026, 2, 27));
        assert_eq!((cases[0].class().as_str(), cases[1].class().as_str()), ("nothing", "border"));
        for (wrong, fault) in [
            (r#"{"given": [], "say": "x", "expect": {"outcome": "shrug"}}"#, "line 1"),
            (r#"{"given": [], "say": [], "expect": {"outcome": "ask"}}"#, "says nothing"),
            (r#"{"given": [], "say": "x", "expect": {}}"#, "expects nothing"),
            (r#"{"given": [{"title": "A", "due": "soon"}], "say": "x", "expect": {"calls": []}}"#, "due"),
            (r#"{"given": [], "say": "x", "expect": {"calls": [{"tool": "add_task", "due": "someday"}]}}"#, "someday"),
        ] {
            let error = read(wrong).unwrap_err();
            assert!(error.contains(fault), "{error}");
        }
    }
}
