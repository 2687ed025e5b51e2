//! What the agent says, in English Markdown: the only file with sentences for people. Nothing reads them back.

mod about;
mod changes;
mod markdown;
mod period;
mod questions;

use crate::LocalNow;
use saydo_contract::{ChangeVerb, ConfirmationItem, Due, PageAction, Priority, Task};
use saydo_interpreter::{Filter, Status, When};

use self::{
    changes::{changed, split, taken_back},
    markdown::escaped,
    period::Period,
    questions::{ask, choose, confirm},
};
use super::reply::{Doubt, Listing, Reply, Undoable};
pub(crate) use questions::{ask_options, confirm_title, options, suggestion};

/// Titles that are written out in one sentence.
const NAMED: usize = 10;

const EXAMPLES: &str = "- “Buy milk”
- “Dentist Thursday 3pm”
- “What's due this week?”
- “Mark task 3 as done”
- “Move the dentist to Friday”
- “Delete the meeting task”
- “Undo”";

/// The words of a reply.
pub(crate) fn say(reply: &Reply, now: &LocalNow) -> String {
    match reply {
        Reply::Greeting => "Hello! Tell me what to put on your list, or ask what's on it.".to_owned(),
        Reply::Welcome => "You're welcome.".to_owned(),
        Reply::Goodbye => "Goodbye!".to_owned(),
        Reply::Abilities { examples: true } => {
            format!("I can add, find, change and finish tasks. Try:\n\n{EXAMPLES}")
        }
        Reply::Abilities { examples: false } => {
            format!("I can add, find, change and finish tasks. [See what you can say]({}).", PageAction::Help.address())
        }
        Reply::Unrecognised { examples: true, .. } => format!("I didn't get that. Try:\n\n{EXAMPLES}"),
        Reply::Unrecognised { examples: false, .. } => "I didn't get that.".to_owned(),
        Reply::About(topic) => about::answer(*topic),
        Reply::Declined => "OK, left as is.".to_owned(),
        Reply::NothingToConfirm => "There's nothing to confirm.".to_owned(),
        Reply::NoLongerValid => "No longer valid. Say it again if you still want it.".to_owned(),
        Reply::UndoAlone => "Say “undo” or “redo” in a message of its own.".to_owned(),
        Reply::Interrupted => "I was interrupted. Check your list, then say what's missing.".to_owned(),
        Reply::UnreadableList(reason) => because("I couldn't read your list, so nothing changed", reason.as_deref()),
        Reply::TooMany { most } => format!("I can add {most} tasks at a time at most. Say it in parts."),
        Reply::NothingMatches { verb, filter } => nothing_matches(*verb, filter.as_deref(), now),
        Reply::NoSuchNumbers(numbers) => no_such_numbers(numbers),
        Reply::NoSuchPlace { open } => format!("Your list has only {}.", counted(*open, "open task")),
        Reply::NoMatch { said, nearest } => no_match(said, nearest),
        Reply::WhichTask { verb, open } => which_task(*verb, open, now),
        Reply::OneTitle => "That's one title for several tasks. Which one do you mean?".to_owned(),
        Reply::WholeTitle { id, title } => {
            format!("To rename {}, say the whole title: “rename task {id} to …”.", quoted(title))
        }
        Reply::NoDueDate { id, title } => {
            format!("{} has no date to move. Say a date instead.", title.as_ref().map_or(format!("Task {id}"), quoted))
        }
        Reply::AlreadyListed(tasks) => already_listed(tasks),
        Reply::NothingToSplit { title } => format!("{} is one thing, so there's nothing to split.", quoted(title)),
        Reply::DoneAlready { title } => format!("{} is done already.", quoted(title)),
        Reply::SplitAlone => "I can split one task at a time.".to_owned(),
        Reply::NothingToTakeBack(Undoable::Change) => "There's nothing to undo.".to_owned(),
        Reply::NothingToTakeBack(Undoable::Undo) => "There's nothing to redo.".to_owned(),
        Reply::NothingToTakeBack(Undoable::Receipt) => {
            "There's no such change here, or it's undone already.".to_owned()
        }
        Reply::ChangedLater { title } => {
            format!("{} was changed later, so this can't be undone.", quoted(title))
        }
        Reply::NotAsOffered { title } => {
            format!("{} was changed since I asked, so I left it as it is.", quoted(title))
        }
        Reply::Listed(listing) => listed(listing, now),
        Reply::Changed { reports, not_run } => changed(reports, *not_run, now),
        Reply::Split { title, reports } => split(title, reports),
        Reply::TakenBack { kind, reports, not_run } => taken_back(*kind, reports, *not_run, now),
        Reply::Choose(choice) => choose(choice, now),
        Reply::Ask(items) => ask(items, now),
        Reply::Confirm { items, shared } => confirm(items, *shared, now),
        Reply::AskAgain(Doubt::Which) => "I'm not sure which ones you mean.".to_owned(),
        Reply::AskAgain(Doubt::BareNumber) => "Say “yes” or “no”, or “only” before the number.".to_owned(),
        Reply::AskAgain(Doubt::Unrecognised) => "I didn't get that.".to_owned(),
        Reply::AskAgain(Doubt::AnswerFirst) => "Answer “yes” or “no” first, then say the rest.".to_owned(),
        Reply::AboutTheFirst { count } => {
            format!("That's more than I change at a time, so this is about the first {}.", counted(*count, "task"))
        }
        Reply::Confirmed { done, failed, changed_since } => confirmed(done, failed, changed_since),
        Reply::Done { failed: false, .. } => "Done.".to_owned(),
        Reply::Done { failed: true, .. } => "Done, but not all of it worked.".to_owned(),
        Reply::Found { total, tasks } => found(*total, tasks, now),
        Reply::Several(replies) => paragraphs(replies, now),
    }
}

/// One reply after the other.
pub(crate) fn paragraphs(replies: &[Reply], now: &LocalNow) -> String {
    replies.iter().map(|reply| say(reply, now)).collect::<Vec<_>>().join("\n\n")
}

fn confirmed(
    done: &[ConfirmationItem],
    failed: &[(ConfirmationItem, Option<String>)],
    changed_since: &[ConfirmationItem],
) -> String {
    let mut sentences = Vec::new();
    let mut verbs: Vec<ChangeVerb> = Vec::new();
    for item in done {
        if !verbs.contains(&item.verb) {
            verbs.push(item.verb);
        }
    }
    for verb in verbs {
        let titles: Vec<&str> = done.iter().filter(|item| item.verb == verb).map(|item| item.title.as_str()).collect();
        let what = if titles.len() > NAMED { counted(titles.len(), "task") } else { joined(&titles, "and") };
        sentences.push(format!("{} {what}.", past(verb)));
    }
    for (item, reason) in failed {
        let tried = format!("I couldn't {} {}", infinitive(item.verb).to_lowercase(), quoted(&item.title));
        sentences.push(because(&tried, reason.as_deref()));
    }
    let titles: Vec<&str> = changed_since.iter().map(|item| item.title.as_str()).collect();
    match titles.len() {
        0 => {}
        1 => sentences.push(format!("{} was changed since I asked, so I left it as it is.", quoted(titles[0]))),
        _ => {
            let titles = joined(&titles, "and");
            sentences.push(format!("{titles} were changed since I asked, so I left them as they are."));
        }
    }
    sentences.join("\n\n")
}

fn already_listed(tasks: &[Task]) -> String {
    let titles: Vec<&str> = tasks.iter().map(|task| task.title.as_str()).collect();
    let are = if titles.len() == 1 { "is" } else { "are" };
    format!("{} {are} already on your list.", joined(&titles, "and"))
}

fn no_such_numbers(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|number| format!("task {number}")).collect();
    format!("There's no {} on your list.", listing_of(&numbers, "or"))
}

fn no_match(said: &str, nearest: &[String]) -> String {
    let found = format!("I couldn't find “{}”.", escaped(said));
    if nearest.is_empty() {
        return found;
    }
    let nearest: Vec<&str> = nearest.iter().map(String::as_str).collect();
    format!("{found} Did you mean {}?", joined(&nearest, "or"))
}

fn which_task(verb: ChangeVerb, open: &[Task], now: &LocalNow) -> String {
    let verb = infinitive(verb).to_lowercase();
    let first = open.first().map_or(1, |task| task.id.get());
    format!("Which task should I {verb}? Say “{verb} task {first}”, for example.\n\n{}", lines(open, now))
}

fn nothing_matches(verb: ChangeVerb, filter: Option<&Filter>, now: &LocalNow) -> String {
    match (filter, verb) {
        (Some(filter), _) if *filter != Filter::default() => nothing_of(filter, now),
        (_, ChangeVerb::Completed) => "You have no open tasks.".to_owned(),
        (_, ChangeVerb::Reopened) => "You have no completed tasks.".to_owned(),
        (_, ChangeVerb::Restored) => "There's nothing to restore.".to_owned(),
        _ => "Your list is empty.".to_owned(),
    }
}

/// A list, or only how many there are where none are shown.
fn listed(listing: &Listing, now: &LocalNow) -> String {
    let Listing { filter, total, shown } = listing;
    if *total == 0 {
        return nothing_of(filter, now);
    }
    let total = usize::try_from(*total).unwrap_or(usize::MAX);
    format!("{}{}", some_of(filter, total, now), list_of(total, shown, now))
}

/// What follows the number of tasks: those that are shown, and how many more there are.
fn list_of(total: usize, shown: &[Task], now: &LocalNow) -> String {
    if shown.is_empty() {
        return ".".to_owned();
    }
    let rest = if total > shown.len() { format!("\n\n…and {} more.", total - shown.len()) } else { String::new() };
    format!(":\n\n{}{rest}", lines(shown, now))
}

/// Tasks that a model asked for, in its own terms.
fn found(total: u64, tasks: &[Task], now: &LocalNow) -> String {
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    match total {
        0 => "I found no tasks.".to_owned(),
        _ => format!("I found {}{}", counted(total, "task"), list_of(total, tasks, now)),
    }
}

fn is_narrowed(filter: &Filter) -> bool {
    Filter { status: Status::All, ..filter.clone() } != Filter::default()
}

fn some_of(filter: &Filter, total: usize, now: &LocalNow) -> String {
    let kind = match filter.status {
        Status::All => "task",
        Status::Pending => "open task",
        Status::Completed => "completed task",
    };
    if !is_narrowed(filter) {
        return format!("You have {}", counted(total, kind));
    }
    match details(filter, now) {
        (Some(when), None) if filter.status != Status::Completed || filter.finished.is_some() => {
            format!("{total} {when}")
        }
        (when, what) => {
            let parts: Vec<String> = [Some(counted(total, kind)), when, what].into_iter().flatten().collect();
            parts.join(" ")
        }
    }
}

fn nothing_of(filter: &Filter, now: &LocalNow) -> String {
    let kind = match filter.status {
        Status::All => "tasks",
        Status::Pending => "open tasks",
        Status::Completed => "completed tasks",
    };
    match details(filter, now) {
        (None, None) if filter.status == Status::All => "Your list is empty.".to_owned(),
        (None, None) => format!("You have no {kind}."),
        (Some(when), None) if when == period::OVERDUE => format!("Nothing is {when}."),
        (Some(when), None) => format!("Nothing {when}."),
        (when, what) => {
            let parts: Vec<String> = [Some(format!("No {kind}")), when, what].into_iter().flatten().collect();
            format!("{}.", parts.join(" "))
        }
    }
}

/// What a filter asks for: when, and what else.
fn details(filter: &Filter, now: &LocalNow) -> (Option<String>, Option<String>) {
    let due = filter.due.map(|window| Period::of(&window, now).due(now));
    let finished = filter.finished.map(|window| format!("completed {}", Period::of(&window, now).spoken(now)));
    let when = [due, finished].into_iter().flatten().collect::<Vec<_>>();
    let about = filter.query.as_ref().map(|words| format!("with “{}”", escaped(words)));
    let priority = filter.priority.map(|wanted| format!("with {}", priority(super::tasks::priority(wanted))));
    let what = [about, priority].into_iter().flatten().collect::<Vec<_>>();
    let some = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join(" and "));
    (some(when), some(what))
}

/// A sentence with the reason that a tool gave.
fn because(tried: &str, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("{tried}: {}", escaped(reason)),
        None => format!("{tried}."),
    }
}

fn lines(tasks: &[Task], now: &LocalNow) -> String {
    let line = |task: &Task| {
        let done = if task.completed { " (done)" } else { "" };
        format!("- #{} {}{}{done}", task.id, escaped(task.title.as_str()), attributes(task, now))
    };
    tasks.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// “Call the dentist”, due Sun, 22 Nov 2026, 17:00
fn described(task: &Task, now: &LocalNow) -> String {
    format!("{}{}", quoted(task.title.as_str()), attributes(task, now))
}

fn attributes(task: &Task, now: &LocalNow) -> String {
    let due = task.due.map_or(String::new(), |due| format!(", due {}", date(due, now)));
    let urgency = match task.priority {
        Priority::None => String::new(),
        urgent => format!(", {}", priority(urgent)),
    };
    format!("{due}{urgency}")
}

/// The one place where dates become words.
fn date(due: Due, now: &LocalNow) -> String {
    moment(super::tasks::when(due), now)
}

fn moment(when: When, now: &LocalNow) -> String {
    now.spoken(when)
}

const fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::None => "no priority",
        Priority::Low => "low priority",
        Priority::Medium => "medium priority",
        Priority::High => "high priority",
    }
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

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn quoted(title: impl AsRef<str>) -> String {
    format!("“{}”", escaped(title.as_ref()))
}

/// Titles in a sentence: “A”, “B” and “C”.
fn joined(titles: &[&str], word: &str) -> String {
    listing_of(&titles.iter().map(quoted).collect::<Vec<_>>(), word)
}

fn listing_of(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

#[cfg(test)]
#[path = "english/tests.rs"]
mod tests;
