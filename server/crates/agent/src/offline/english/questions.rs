//! Questions and their options: which task, whether to add, whether to change many.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveTime};
use saydo_contract::{
    ChangeVerb, ChoiceOption, ConfirmationItem, Due, HourCycle, Priority, ProposedTask, SlashCommand, TaskId,
};
use saydo_interpreter::{Changes, DueChange, NoteChange};

use super::{counted, date, infinitive, joined, listing_of, markdown::escaped, priority, quoted};
use crate::{
    LocalNow,
    offline::{
        reply::{Candidate, ChoiceQuestion, Purpose, SharedUpdate},
        tasks,
    },
};

/// Characters of a title on a button.
const LONGEST_LABEL: usize = 60;

/// The options of a choice, each with the message that chooses it.
pub(crate) fn options(choice: &ChoiceQuestion, now: &LocalNow) -> Vec<ChoiceOption> {
    let verb = match &choice.purpose {
        Purpose::Verb(verb) => Some(*verb),
        Purpose::Update(_) => Some(ChangeVerb::Updated),
        Purpose::Split => None,
    };
    let option = |(place, option): (usize, &Candidate)| ChoiceOption {
        label: format!("{} {}", option.title, apart(option, &choice.options, now)),
        message: if choice.options.len() == 1 { "yes".to_owned() } else { place.to_string() },
        task_id: option.id.try_into().ok(),
        verb,
    };
    (1..).zip(&choice.options).map(option).collect()
}

/// The options of an offer to add tasks.
pub(crate) fn ask_options() -> Vec<ChoiceOption> {
    [("Add", "yes"), ("No", "no")]
        .map(|(label, message)| ChoiceOption {
            label: label.to_owned(),
            message: message.to_owned(),
            task_id: None,
            verb: None,
        })
        .into()
}

/// A button that adds what was not understood.
pub(crate) fn suggestion(said: &str) -> ChoiceOption {
    let message = format!("{} {said}", SlashCommand::Add.name());
    ChoiceOption { label: format!("Add “{}” as a task", shortened(said)), message, task_id: None, verb: None }
}

/// A title for a button.
fn shortened(title: &str) -> String {
    if title.chars().count() <= LONGEST_LABEL {
        return title.to_owned();
    }
    let cut: String = title.chars().take(LONGEST_LABEL - 1).collect();
    format!("{}…", cut.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '…')))
}

/// "Delete 15 tasks?": the question about frozen calls, without what they are about.
pub(crate) fn confirm_title(items: &[ConfirmationItem], shared: Option<SharedUpdate>, now: &LocalNow) -> String {
    let tasks: BTreeSet<TaskId> = items.iter().map(|item| item.task_id).collect();
    let tasks = counted(tasks.len(), "task");
    match shared {
        Some(SharedUpdate::Due(Some(due))) => format!("Move {tasks} to {}?", date(due, now)),
        Some(SharedUpdate::Due(None)) => format!("Remove the date of {tasks}?"),
        Some(SharedUpdate::Priority(level)) => format!("Set {tasks} to {}?", priority(level)),
        None => format!("{} {tasks}?", common_verb(items).map_or("Change", infinitive)),
    }
}

pub(super) fn confirm(items: &[ConfirmationItem], shared: Option<SharedUpdate>, now: &LocalNow) -> String {
    let is_mixed = common_verb(items).is_none();
    let line = |item: &ConfirmationItem| {
        let what = if is_mixed { format!(" ({})", infinitive(item.verb).to_lowercase()) } else { String::new() };
        format!("- #{} {}{what}", item.task_id, escaped(&item.title))
    };
    let lines: Vec<String> = items.iter().map(line).collect();
    let example = if items.len() > 2 { ", or for example “only the first two”" } else { "" };
    format!("{}\n\n{}\n\nSay “yes” or “no”{example}.", confirm_title(items, shared, now), lines.join("\n"))
}

fn common_verb(items: &[ConfirmationItem]) -> Option<ChangeVerb> {
    let first = items.first()?.verb;
    items.iter().all(|item| item.verb == first).then_some(first)
}

pub(super) fn ask(items: &[ProposedTask], now: &LocalNow) -> String {
    match items {
        [item] => {
            let due = item.due.map_or(String::new(), |due| format!(", {}", short(due, now)));
            let urgency = match item.priority {
                None | Some(Priority::None) => String::new(),
                Some(urgent) => format!(", {}", priority(urgent)),
            };
            format!("Add {}{due}{urgency}?", quoted(item.title.as_str()))
        }
        _ => {
            let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
            format!("Add {}?", joined(&titles, "and"))
        }
    }
}

pub(super) fn choose(choice: &ChoiceQuestion, now: &LocalNow) -> String {
    if let [only] = &choice.options[..] {
        return format!("{}?", would(&choice.purpose, &quoted(&only.title), now));
    }
    let what = choice.said.as_ref().map_or("one".to_owned(), quoted);
    let lines: Vec<String> = (1..)
        .zip(&choice.options)
        .map(|(place, option)| format!("{place}. {} {}", escaped(&option.title), apart(option, &choice.options, now)))
        .collect();
    let places: Vec<String> = (1..=lines.len()).map(|place: usize| place.to_string()).collect();
    format!("Which {what}?\n\n{}\n\nSay {}.", lines.join("\n"), listing_of(&places, "or"))
}

/// "Move “Dentist” to Thu 3 Dec": what would be done with one task.
fn would(purpose: &Purpose, title: &str, now: &LocalNow) -> String {
    let changes = match purpose {
        Purpose::Verb(verb) => return format!("{} {title}", infinitive(*verb)),
        Purpose::Split => return format!("Split {title}"),
        Purpose::Update(changes) => changes,
    };
    let Changes { title: name, note, due, priority: urgency } = &**changes;
    match (name, note, due, urgency) {
        (Some(name), NoteChange::Keep, DueChange::Keep, None) => format!("Rename {title} to {}", quoted(name)),
        (None, NoteChange::Keep, DueChange::Set(when), None) => {
            format!("Move {title} to {}", short(tasks::due(*when), now))
        }
        (None, NoteChange::Keep, DueChange::Time(time), None) => format!("Move {title} to {}", clock(*time, now)),
        (None, NoteChange::Keep, DueChange::Clear, None) => format!("Remove the date of {title}"),
        (None, NoteChange::Keep, DueChange::Shift(_), None) => format!("Move {title}"),
        (None, NoteChange::Keep, DueChange::Keep, Some(urgency)) => {
            format!("Set {title} to {}", priority(tasks::priority(*urgency)))
        }
        (None, NoteChange::Clear, DueChange::Keep, None) => format!("Remove the note of {title}"),
        (None, NoteChange::Set(_) | NoteChange::Append(_), DueChange::Keep, None) => {
            format!("Add the note to {title}")
        }
        _ => format!("Change {title}"),
    }
}

/// What tells an option from the others: "(task 3)". Those with the same title are told apart by when they are due.
fn apart(option: &Candidate, options: &[Candidate], now: &LocalNow) -> String {
    let same = |other: &Candidate| other.id != option.id && other.title.eq_ignore_ascii_case(&option.title);
    let due = match option.due {
        Some(due) if options.iter().any(same) => format!(", due {}", date(due, now)),
        _ => String::new(),
    };
    let done = if option.completed { ", done" } else { "" };
    format!("(task {}{due}{done})", option.id)
}

/// "Thu 3 Dec, 15:00": a date in a question, with the year only where it is another one.
fn short(due: Due, now: &LocalNow) -> String {
    let zone = now.moment.timezone();
    let (day, time) = match due {
        Due::Date(date) => (date, None),
        Due::At(moment) => {
            let local = moment.with_timezone(&zone);
            (local.date_naive(), Some(local.time()))
        }
    };
    let form = if day.year() == now.moment.year() { "%a %-d %b" } else { "%a %-d %b %Y" };
    let time = time.map_or(String::new(), |time| format!(", {}", clock(time, now)));
    format!("{}{time}", day.format(form))
}

fn clock(time: NaiveTime, now: &LocalNow) -> String {
    let form = match now.locale.hour_cycle {
        HourCycle::H12 => "%-I:%M %p",
        HourCycle::H23 => "%H:%M",
    };
    time.format(form).to_string()
}
