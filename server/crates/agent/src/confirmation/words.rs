//! What is said about frozen changes.

use std::collections::BTreeSet;

use saydo_contract::{ChangeVerb, ConfirmationItem, TaskId};

use crate::markdown::escaped;

/// Titles that are written out in one sentence.
const NAMED: usize = 10;

pub(super) const DECLINED: &str = "All right, nothing was changed.";
pub(super) const LAPSED: &str =
    "That question is older than ten minutes, so nothing was changed. Say again what you want done.";
pub(super) const WHICH: &str = "I am not sure which of them you mean, so nothing was changed yet.";
pub(super) const NUMBER: &str = "Say “yes” or “no”, or “only” before the number. Nothing was changed yet.";
pub(super) const UNKNOWN: &str = "I did not understand that, so nothing was changed yet.";
pub(super) const FIRST: &str = "Answer with only “yes” or “no” first, then say the rest. Nothing was changed yet.";

pub(super) fn question(items: &[ConfirmationItem]) -> String {
    let one_verb = items.iter().all(|item| item.verb == items[0].verb);
    let title = match items.first() {
        Some(item) if one_verb => infinitive(item.verb),
        _ => "Change",
    };
    let lines: Vec<String> = items
        .iter()
        .map(|item| {
            let what = if one_verb { String::new() } else { format!(" ({})", infinitive(item.verb).to_lowercase()) };
            format!("- #{} {}{what}", item.task_id, escaped(&item.title))
        })
        .collect();
    let tasks: BTreeSet<TaskId> = items.iter().map(|item| item.task_id).collect();
    let example = if items.len() > 2 { ", or for example “only the first two”" } else { "" };
    format!(
        "{title} {}? Nothing was changed yet.\n\n{}\n\nSay “yes” or “no”{example}.",
        counted(tasks.len()),
        lines.join("\n")
    )
}

/// Numbers that are on no list.
pub(super) fn missing(numbers: &BTreeSet<i64>) -> String {
    let named: Vec<String> = numbers.iter().map(|number| format!("task {number}")).collect();
    format!("There is no {} on your list.", named.join(" or "))
}

pub(super) fn first(most: usize) -> String {
    format!("That is more than I change at a time, so this is about the first {}.", counted(most))
}

/// What was done, by verb.
pub(super) fn done(items: &[ConfirmationItem]) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut verbs: Vec<ChangeVerb> = Vec::new();
    for item in items {
        if !verbs.contains(&item.verb) {
            verbs.push(item.verb);
        }
    }
    for verb in verbs {
        let of_verb: Vec<&ConfirmationItem> = items.iter().filter(|item| item.verb == verb).collect();
        sentences.push(if of_verb.len() > NAMED {
            format!("{} {}.", past(verb), counted(of_verb.len()))
        } else {
            format!("{} {}.", past(verb), names(&of_verb))
        });
    }
    sentences
}

pub(super) fn failed(item: &ConfirmationItem, reason: &str) -> String {
    format!("I could not {} #{} {}: {reason}", infinitive(item.verb).to_lowercase(), item.task_id, escaped(&item.title))
}

/// Tasks that are not as they were when the question was asked.
pub(super) fn left_out(items: &[ConfirmationItem]) -> String {
    let names = names(&items.iter().collect::<Vec<_>>());
    let (it, is) = if items.len() == 1 { ("it", "has") } else { ("them", "have") };
    format!(
        "{names} {is} changed since I asked, so I left {it} as {}.",
        if items.len() == 1 { "it is" } else { "they are" }
    )
}

fn names(items: &[&ConfirmationItem]) -> String {
    let each: Vec<String> = items.iter().map(|item| format!("#{} {}", item.task_id, escaped(&item.title))).collect();
    match each.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => each.concat(),
    }
}

fn counted(count: usize) -> String {
    if count == 1 { "1 task".to_owned() } else { format!("{count} tasks") }
}

const fn infinitive(verb: ChangeVerb) -> &'static str {
    match verb {
        ChangeVerb::Created => "Add",
        ChangeVerb::Completed => "Complete",
        ChangeVerb::Reopened => "Reopen",
        ChangeVerb::Updated => "Change",
        ChangeVerb::Deleted => "Delete",
        ChangeVerb::Restored => "Restore",
    }
}

const fn past(verb: ChangeVerb) -> &'static str {
    match verb {
        ChangeVerb::Created => "Added",
        ChangeVerb::Completed => "Completed",
        ChangeVerb::Reopened => "Reopened",
        ChangeVerb::Updated => "Changed",
        ChangeVerb::Deleted => "Deleted",
        ChangeVerb::Restored => "Restored",
    }
}
