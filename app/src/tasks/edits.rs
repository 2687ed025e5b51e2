//! A change of one task: what to say for it, what it comes to, and what takes it back.

use saydo_contract::{ChangeVerb, Due, Priority, SlashCommand, Task, TaskChange, TaskId, TaskTitle};

use crate::{browser, dates};

/// What a person changes of a task at a click or a key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Edit {
    Complete,
    Reopen,
    Delete,
    Restore,
    Title(TaskTitle),
    Notes(Option<String>),
    Due(Option<Due>),
    Priority(Priority),
}

impl Edit {
    /// The exact command that does it.
    pub(crate) fn command(&self, id: TaskId) -> String {
        let (command, rest) = match self {
            Self::Complete => (SlashCommand::Done, String::new()),
            Self::Reopen => (SlashCommand::Reopen, String::new()),
            Self::Delete => (SlashCommand::Delete, String::new()),
            Self::Restore => (SlashCommand::Restore, String::new()),
            Self::Title(title) => (SlashCommand::Edit, title.as_str().to_owned()),
            Self::Notes(notes) => (SlashCommand::Note, notes.clone().unwrap_or_default()),
            Self::Due(due) => (SlashCommand::Due, due.map_or_else(|| "none".to_owned(), dates::spoken)),
            Self::Priority(priority) => (SlashCommand::Priority, level(*priority).to_owned()),
        };
        let mut command = command.name().to_owned() + " #" + &id.to_string();
        if !rest.is_empty() {
            command.push(' ');
            command.push_str(&rest);
        }
        command
    }

    /// The task afterwards; `None` where it is no longer on the list.
    pub(crate) fn apply(&self, task: &Task) -> Option<Task> {
        let mut task = task.clone();
        match self {
            Self::Complete => task.completed = true,
            Self::Reopen => task.completed = false,
            Self::Delete => return None,
            Self::Restore => {}
            Self::Title(title) => task.title = title.clone(),
            Self::Notes(notes) => task.description.clone_from(notes),
            Self::Due(due) => task.due = *due,
            Self::Priority(priority) => task.priority = *priority,
        }
        Some(task)
    }

    /// Whether the task is as this leaves it.
    pub(super) fn holds(&self, task: &Task) -> bool {
        match self {
            // No notes may be told as empty ones.
            Self::Notes(notes) => {
                notes.as_deref().unwrap_or_default() == task.description.as_deref().unwrap_or_default()
            }
            _ => self.apply(task).as_ref() == Some(task),
        }
    }

    /// Whether the task has the change, however the agent writes it: a title with a capital, and without quotes.
    pub(super) fn came(&self, task: &Task) -> bool {
        match self {
            Self::Title(title) => letters(title) == letters(&task.title),
            _ => self.holds(task),
        }
    }
}

/// A title whatever its case, without blanks, quotes and their like.
fn letters(title: &TaskTitle) -> String {
    let is_sign = |c: char| c.is_ascii_punctuation() || c.is_whitespace() || c.is_control() || "“”„‘’‚«»".contains(c);
    browser::lower(title.as_str()).chars().filter(|c| !is_sign(*c)).collect()
}

const fn level(priority: Priority) -> &'static str {
    match priority {
        Priority::None => "none",
        Priority::Low => "low",
        Priority::Medium => "medium",
        Priority::High => "high",
    }
}

/// What takes a change back.
pub(crate) fn reversal(change: &TaskChange) -> Vec<Edit> {
    match change.verb {
        ChangeVerb::Created | ChangeVerb::Restored => vec![Edit::Delete],
        ChangeVerb::Completed => vec![Edit::Reopen],
        ChangeVerb::Reopened => vec![Edit::Complete],
        ChangeVerb::Deleted => vec![Edit::Restore],
        ChangeVerb::Updated => {
            let (Some(before), Some(after)) = (&change.before, &change.after) else { return Vec::new() };
            let edits = [
                Edit::Title(before.title.clone()),
                Edit::Notes(before.description.clone().filter(|notes| !notes.is_empty())),
                Edit::Due(before.due),
                Edit::Priority(before.priority),
            ];
            edits.into_iter().filter(|edit| !edit.holds(after)).collect()
        }
    }
}

/// Whether a task is still as a change left it, and was not changed to and fro. `now` is `None` where it is not on the list.
pub(crate) fn is_unchanged(change: &TaskChange, now: Option<&Task>) -> bool {
    let content = |task: &Task| {
        let notes = task.description.clone().filter(|notes| !notes.is_empty());
        (task.title.clone(), notes, task.completed, task.due, task.priority, task.updated_at)
    };
    change.after.as_ref().map(content) == now.map(content)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn task(fields: &str) -> Task {
        let rest = r#""created_at":"2026-11-20T08:00:00Z","updated_at":"2026-11-20T08:00:00Z","completed_at":null"#;
        serde_json::from_str(&format!("{{\"id\":3,{fields},{rest}}}")).unwrap()
    }

    fn milk() -> Task {
        task(r#""title":"Milk","description":null,"completed":false,"due":null,"priority":"none""#)
    }

    /// UI-30: each change has one exact command.
    #[test]
    fn edits_are_commands() {
        let id: TaskId = 3.try_into().unwrap();
        for (edit, command) in [
            (Edit::Complete, "/done #3"),
            (Edit::Reopen, "/reopen #3"),
            (Edit::Delete, "/delete #3"),
            (Edit::Restore, "/restore #3"),
            (Edit::Title("Oat milk, 2 l".parse().unwrap()), "/edit #3 Oat milk, 2 l"),
            (Edit::Notes(None), "/note #3"),
            (Edit::Due(None), "/due #3 none"),
            (Edit::Due(Some("2026-11-30".parse().unwrap())), "/due #3 2026-11-30"),
            (Edit::Priority(Priority::High), "/priority #3 high"),
        ] {
            assert_eq!(edit.command(id), command);
        }
    }

    /// UI-31: what is expected of a change, and whether it came.
    #[test]
    fn edits_tell_what_they_come_to() {
        let high = Edit::Priority(Priority::High);
        let raised = high.apply(&milk()).unwrap();
        assert_eq!(raised.priority, Priority::High);
        assert!(high.holds(&raised) && !high.holds(&milk()));
        assert_eq!(Edit::Delete.apply(&milk()), None);
        assert!(!Edit::Delete.holds(&milk()));
        let named = |title: &str| {
            task(&format!(r#""title":"{title}","description":null,"completed":false,"due":null,"priority":"none""#))
        };
        for (asked, made) in [("oat milk", "Oat milk"), ("“Oat  milk”", "Oat milk"), ("\"oat milk\"", "oat milk")] {
            assert!(Edit::Title(asked.parse().unwrap()).came(&named(made)), "{asked}");
        }
        assert!(!Edit::Title("Oat milk".parse().unwrap()).came(&milk()));
        assert!(!Edit::Title("milk".parse().unwrap()).holds(&milk()), "what takes it back is not left out");
    }

    /// UI-34: what takes a change back, and that it needs the task as the change left it.
    #[test]
    fn changes_have_reversals() {
        let after =
            task(r#""title":"Oat milk","description":"","completed":false,"due":"2026-11-30","priority":"none""#);
        let change = |verb, before, after| TaskChange {
            task_id: 3.try_into().unwrap(),
            title: "Milk".parse().unwrap(),
            verb,
            before,
            after,
        };
        let updated = change(ChangeVerb::Updated, Some(milk()), Some(after.clone()));
        assert_eq!(reversal(&updated), [Edit::Title("Milk".parse().unwrap()), Edit::Due(None)]);
        assert!(is_unchanged(&updated, Some(&after)));
        assert!(!is_unchanged(&updated, Some(&milk())));
        assert!(!is_unchanged(&updated, None));
        let deleted = change(ChangeVerb::Deleted, Some(milk()), None);
        assert_eq!(reversal(&deleted), [Edit::Restore]);
        assert!(is_unchanged(&deleted, None) && !is_unchanged(&deleted, Some(&milk())));
    }
}
