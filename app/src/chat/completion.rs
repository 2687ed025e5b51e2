//! What the composer suggests while a command or a task is being named.

use saydo_contract::{SlashArgument, SlashCommand, Task};

use crate::{browser, words::Words};

/// Something to put in place of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suggestion {
    pub(super) insert: String,
    pub(super) label: String,
    pub(super) hint: String,
}

/// Suggestions for the end of what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Completion {
    /// Where what is replaced begins, in bytes.
    pub(super) start: usize,
    pub(super) items: Vec<Suggestion>,
    /// The one that Enter and Tab take.
    pub(super) active: usize,
    /// What was typed is the number of a task already: Enter sends it unchanged.
    pub(super) is_whole: bool,
}

/// So many are suggested at most.
const MOST: usize = 8;

/// What fits the text before the caret.
pub(super) fn complete(before: &str, tasks: &[Task], words: &Words) -> Option<Completion> {
    let completion = if before.starts_with('/') && !before.contains(char::is_whitespace) {
        commands(before, words)
    } else {
        let start = before.rfind(['#', '@'])?;
        let is_word = before.get(..start)?.chars().next_back().is_none_or(char::is_whitespace);
        let typed = before.get(start + 1..)?;
        match before.as_bytes().get(start)? {
            _ if !is_word => return None,
            _ if typed.contains('\n') || is_behind_number(typed) => return None,
            _ => named(start, typed, tasks),
        }
    };
    (!completion.items.is_empty()).then_some(completion)
}

fn commands(typed: &str, words: &Words) -> Completion {
    let typed = typed.to_ascii_lowercase();
    let named = SlashCommand::ALL.into_iter().map(|command| (command.name(), command)).zip(words.commands);
    let fits = named.filter(|((name, _), _)| name.starts_with(&typed) && *name != typed);
    let items = fits.map(|((name, command), hint)| {
        let insert =
            if command.argument() == SlashArgument::Optional { name.to_owned() } else { name.to_owned() + " " };
        Suggestion { insert, label: name.to_owned(), hint: hint.to_owned() }
    });
    Completion { start: 0, items: items.collect(), active: 0, is_whole: false }
}

/// Whether a number ended and other words follow: they are not looked for in titles.
fn is_behind_number(typed: &str) -> bool {
    typed.split_once(char::is_whitespace).is_some_and(|(first, _)| first.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Tasks whose number begins with what was typed, the number itself first, or whose title has its words.
fn named(start: usize, typed: &str, tasks: &[Task]) -> Completion {
    let number = |task: &&Task| task.id.to_string() == typed;
    let typed_words = browser::lower(typed);
    let fits = |task: &&Task| {
        let title = browser::lower(task.title.as_str());
        task.id.to_string().starts_with(typed) || typed_words.split_whitespace().all(|word| title.contains(word))
    };
    let exact = tasks.iter().find(number);
    let others = tasks.iter().filter(fits).filter(|task| !number(task));
    let mut items: Vec<Suggestion> = exact.into_iter().chain(others).take(MOST).map(suggestion).collect();
    if exact.is_some() && items.len() == 1 {
        // There is nothing to add.
        items.clear();
    }
    Completion { start, items, active: 0, is_whole: exact.is_some() }
}

fn suggestion(task: &Task) -> Suggestion {
    let number = "#".to_owned() + &task.id.to_string();
    Suggestion { insert: number.clone() + " ", label: task.title.as_str().to_owned(), hint: number }
}

/// A place in a text, in bytes, that the browser counts in UTF-16.
pub(super) fn byte_at(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    let at = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > utf16
    });
    at.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::ENGLISH;

    fn tasks() -> Vec<Task> {
        let task = |id: i64, title: &str| {
            serde_json::from_value(serde_json::json!({
                "id": id, "title": title, "description": null, "completed": false, "due": null, "priority": "none",
                "created_at": "2026-11-20T08:00:00Z", "updated_at": "2026-11-20T08:00:00Z", "completed_at": null,
            }))
            .unwrap()
        };
        vec![task(1, "Buy milk"), task(12, "Call Émile"), task(3, "Oat MILK")]
    }

    fn labels(before: &str) -> Vec<String> {
        let found = complete(before, &tasks(), &ENGLISH);
        found.into_iter().flat_map(|found| found.items).map(|item| item.label).collect()
    }

    /// UI-37c: every command, in the order of the contract.
    #[test]
    fn every_command_is_suggested() {
        assert_eq!(labels("/"), SlashCommand::ALL.map(SlashCommand::name));
    }

    /// UI-37: commands at the beginning, tasks by number and by any part of their titles.
    #[test]
    fn commands_and_tasks_are_suggested() {
        assert_eq!(labels("/d"), ["/done", "/delete", "/due"]);
        assert_eq!(labels("/UND"), ["/undo"]);
        assert_eq!(labels("/done #"), ["Buy milk", "Call Émile", "Oat MILK"]);
        assert_eq!(labels("/done @milk"), ["Buy milk", "Oat MILK"]);
        assert_eq!(labels("call @éM"), ["Call Émile"]);
        assert_eq!(complete("a #1", &tasks(), &ENGLISH).unwrap().start, 2);
        assert_eq!(labels("/done #milk"), ["Buy milk", "Oat MILK"]);
        assert_eq!(labels("/done #MILK buy"), ["Buy milk"]);
        assert_eq!(labels("@3"), [""; 0], "it is whole");
        for nothing in
            ["", "/undo", "/add x", "a/d", "ann@example", "c#1", "#1x", "@zebra", "hello", "/edit #3 Milk", "#zebra"]
        {
            assert_eq!(labels(nothing), [""; 0], "{nothing}");
        }
    }

    /// UI-37a: Enter never makes another number of the one that was typed.
    #[test]
    fn a_number_is_whole_as_it_stands() {
        let found = complete("/done #1", &tasks(), &ENGLISH).unwrap();
        assert_eq!((found.active, found.is_whole), (0, true));
        let inserts: Vec<_> = found.items.iter().map(|item| item.insert.as_str()).collect();
        assert_eq!(inserts, ["#1 ", "#12 "]);
        assert_eq!(complete("/done #12", &tasks(), &ENGLISH), None);
    }

    /// UI-37: the caret is where the browser says, whatever stands before it.
    #[test]
    fn carets_are_counted_in_utf16() {
        assert_eq!(byte_at("a😀b", 3), 5);
        assert_eq!(byte_at("a😀b", 4), 6);
        assert_eq!(byte_at("", 0), 0);
    }
}
