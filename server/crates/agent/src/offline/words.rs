//! What the offline model says, in Markdown.

use std::fmt::Write;

use chrono::DateTime;
use chrono_tz::Tz;
use saydo_contract::{Due, Priority, Task, TaskChange, TaskOutcome};
use saydo_interpreter::{Filter, Intent, Status, spoken_date};
use serde_json::Value;

use crate::markdown::escaped;

use super::{
    choice::Offer,
    plan::{Deed, Told},
    replay::Answered,
    tasks::when,
    undo::{Asked, Way},
};

/// How to get a deleted task back.
const RESTORABLE: &str = " Say “undo” to bring it back.";

pub(super) const GREETING: &str = "Hello! Tell me what to put on your list, or ask what is on it.";
pub(super) const WELCOME: &str = "You're welcome.";
pub(super) const GOODBYE: &str = "Goodbye!";
pub(super) const DECLINED: &str = "All right, nothing was changed.";
pub(super) const NOTHING_WAITS: &str = "Nothing waits for an answer, so nothing was changed.";
pub(super) const UNDO_ALONE: &str = "Say “undo” or “redo” in a message of its own. Nothing was changed.";
/// What an undo did begins with this.
const UNDONE: &str = "Undone: ";
/// What a redo did begins with this.
const REDONE: &str = "Redone: ";
/// A choice of several begins with this.
const WHICH_ONE: &str = "Which one do you mean?";
/// A choice of one, which fits only roughly.
const THIS_ONE: &str = "Do you mean this one?";

const EXAMPLES: &str = "- “Remind me to call the dentist tomorrow at 5pm”
- “What's pending?”
- “Mark task 3 as done”
- “Change task 1 to 'Call mom tonight'”
- “Delete the meeting task”
- “Undo that”";

pub(super) fn help() -> String {
    format!("I did not understand that, so nothing was changed. I know plain commands, such as:\n\n{EXAMPLES}")
}

pub(super) fn abilities() -> String {
    format!(
        "I keep your to-do list: I add, list, complete, change and delete tasks. Say it plainly, such as:\n\n{EXAMPLES}"
    )
}

pub(super) fn lost_thread() -> String {
    "This was interrupted, and I cannot tell what is left to do. Look at your list and say what is missing.".to_owned()
}

pub(super) fn unreadable_list(error: &str) -> String {
    format!("I could not read your list, so nothing was changed: {}", escaped(error))
}

pub(super) fn too_many(most: usize) -> String {
    format!("That is more than the {most} changes I make at a time, so nothing was changed. Say it in parts.")
}

/// What an intent does, in words: "delete".
pub(super) const fn verb(intent: &Intent) -> &'static str {
    match intent {
        Intent::Complete(_) => "complete",
        Intent::Reopen(_) => "reopen",
        Intent::Delete(_) => "delete",
        Intent::Restore(_) => "restore",
        _ => "change",
    }
}

pub(super) fn nothing_there(verb: &str) -> String {
    format!("There is no such task to {verb}, so nothing was changed.")
}

pub(super) fn no_such_numbers(numbers: &[i64]) -> String {
    let named: Vec<String> = numbers.iter().map(|number| format!("task {number}")).collect();
    format!("There is no {} on your list.", joined(&named, "or"))
}

pub(super) fn no_such_place(open: usize) -> String {
    format!("Your list has {} in that order, so nothing was changed.", counted(open, "open task"))
}

pub(super) fn no_date_read(said: &str) -> String {
    format!("No due date was set: I cannot read “{}” as one.", escaped(said))
}

/// A part of a title was to be changed, and the title does not hold it as said.
pub(super) fn whole_title(id: i64, title: &str) -> String {
    let title = escaped(title);
    format!("Nothing was changed. To give “{title}” another title, say all of it, such as “rename task {id} to …”.")
}

pub(super) fn no_due_date(id: i64) -> String {
    format!("#{id} has no due date to move. Say a date, such as “set the due date of task {id} to Friday”.")
}

pub(super) fn nothing_to_take_back(asked: Asked) -> String {
    match asked {
        Asked::Last(Way::Back) => "There is nothing to undo in this conversation.".to_owned(),
        Asked::Last(Way::Forth) => "There is no undo in this conversation that could be taken back.".to_owned(),
        Asked::Named(_) => "I find no such change in this conversation, or it was taken back already.".to_owned(),
    }
}

pub(super) fn changed_since(change: &TaskChange) -> String {
    let (id, title) = (change.task_id, escaped(change.title.as_str()));
    format!("#{id} {title} has changed since, so I left it as it is.")
}

/// A task is not what it was when it was offered.
pub(super) fn not_as_offered(offer: &Offer) -> String {
    format!("#{} {} has changed since I asked, so nothing was changed.", offer.id, escaped(&offer.title))
}

pub(super) fn no_match(said: &str, nearest: &[&Task]) -> String {
    let nearest: Vec<String> =
        nearest.iter().map(|task| format!("“{}” (task {})", escaped(task.title.as_str()), task.id)).collect();
    let nearest = if nearest.is_empty() { String::new() } else { format!(" The nearest: {}.", nearest.join(", ")) };
    format!("I found no task like “{}”, so nothing was changed.{nearest}", escaped(said))
}

pub(super) fn which_task<'a>(verb: &str, open: impl Iterator<Item = &'a Task>, now: &DateTime<Tz>) -> String {
    let open: Vec<&Task> = open.collect();
    if open.is_empty() {
        return nothing_there(verb);
    }
    format!(
        "Which task should I {verb}? Say its number, such as “{verb} task {}”.\n\n{}",
        open[0].id,
        lines(&open, now)
    )
}

/// Whether an answer looks like a choice.
pub(super) fn is_question(answer: &str) -> bool {
    answer.starts_with(WHICH_ONE) || answer.starts_with(THIS_ONE)
}

/// What was taken back, or not.
pub(super) fn taken_back(way: Way, deeds: &[Deed], results: &[Answered<'_>], now: &DateTime<Tz>) -> String {
    let told = done(deeds, results, now).replace(RESTORABLE, "");
    if results.iter().all(Result::is_err) {
        return told;
    }
    let label = match way {
        Way::Back => UNDONE,
        Way::Forth => REDONE,
    };
    let mut rest = told.chars();
    match rest.next() {
        Some(first) if first.is_ascii_uppercase() => format!("{label}{}{}", first.to_ascii_lowercase(), rest.as_str()),
        _ => format!("{label}\n\n{told}"),
    }
}

/// Whether an answer tells an undo or a redo.
pub(super) fn way(answer: &str) -> Option<Way> {
    if answer.starts_with(UNDONE) { Some(Way::Back) } else { answer.starts_with(REDONE).then_some(Way::Forth) }
}

/// A numbered choice.
pub(super) fn which_one(options: &[Offer]) -> String {
    let question = if options.len() == 1 { THIS_ONE } else { WHICH_ONE };
    let mut words = format!("{question} Nothing was changed yet.\n");
    for (place, option) in options.iter().enumerate() {
        let _ = write!(words, "\n{}. {} {}", place + 1, escaped(&option.title), apart(option, options));
    }
    if options.len() > 1 {
        let places: Vec<String> = (1..=options.len()).map(|place| place.to_string()).collect();
        let _ = write!(words, "\n\nSay the number of the option: {}.", joined(&places, "or"));
    }
    words
}

/// What tells an option from the others: "(task 3)". Those with the same title are told apart by when they are due.
pub(super) fn apart(option: &Offer, options: &[Offer]) -> String {
    let same = |other: &Offer| other.id != option.id && other.title.eq_ignore_ascii_case(&option.title);
    let due = match option.due {
        Some(due) if options.iter().any(same) => format!(", due {}", due_date(due)),
        _ => String::new(),
    };
    let done = if option.completed { ", done" } else { "" };
    format!("(task {}{due}{done})", option.id)
}

fn due_date(due: Due) -> String {
    match due {
        Due::Date(date) => date.format("%a, %-d %b %Y").to_string(),
        Due::At(moment) => moment.format("%a, %-d %b %Y, %H:%M").to_string(),
    }
}

pub(super) const ONE_TITLE: &str =
    "One title for several tasks is not what you mean, so nothing was changed. Say which task.";

/// A list, or only how many there are where `shown` is empty.
pub(super) fn list(shown: &[Task], total: u64, filter: &Filter, now: &DateTime<Tz>) -> String {
    let kind = match filter.status {
        Status::All => "task",
        Status::Pending => "open task",
        Status::Completed => "completed task",
    };
    let narrowed = Filter { status: Status::All, ..filter.clone() } != Filter::default();
    let fitting = if narrowed { " that fit" } else { "" };
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    if total == 0 {
        return format!("You have no {kind}s{fitting}.");
    }
    let fitting = if narrowed && total == 1 { " that fits" } else { fitting };
    let mut words = format!("You have {}{fitting}", counted(total, kind));
    if shown.is_empty() {
        words.push('.');
        return words;
    }
    let tasks: Vec<&Task> = shown.iter().collect();
    let _ = write!(words, ":\n\n{}", lines(&tasks, now));
    if total > shown.len() {
        let _ = write!(words, "\n\nThese are the first {}.", shown.len());
    }
    words
}

/// What was done, or why not.
pub(super) fn done(deeds: &[Deed], results: &[Answered<'_>], now: &DateTime<Tz>) -> String {
    let mut told: Vec<String> = deeds.iter().zip(results).map(|(deed, result)| deed_done(deed, result, now)).collect();
    if results.len() < deeds.len() {
        told.push(format!("The other {} did not run.", counted(deeds.len() - results.len(), "change")));
    }
    let recurring = deeds.iter().any(|deed| deed.told == Told::Added { recurring: true });
    let mut words = match told.len() {
        1 => told.remove(0),
        _ => told.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"),
    };
    if recurring {
        words.push_str("\n\nI cannot repeat tasks yet, so this is a single one.");
    }
    words
}

fn deed_done(deed: &Deed, result: &Answered<'_>, now: &DateTime<Tz>) -> String {
    let outcome = match result {
        Ok(value) => serde_json::from_value::<TaskOutcome>((*value).clone()).ok(),
        Err(error) => return format!("I could not {}: {}", attempt(deed), escaped(error)),
    };
    let Some(outcome) = outcome else { return format!("Done: {}.", attempt(deed)) };
    let task = label(&outcome.task, now);
    let was_done = outcome.task.completed && matches!(deed.told, Told::Deleted | Told::Updated);
    let done = if was_done { " (done)" } else { "" };
    let name = format!("#{} {}{done}", outcome.task_id, escaped(outcome.title.as_str()));
    let same = outcome.changes.is_empty();
    match deed.told {
        Told::Added { .. } => format!("Added {task}."),
        Told::Completed if same => format!("{name} was done already."),
        Told::Completed => format!("Completed {name}."),
        Told::Reopened if same => format!("{name} was open already."),
        Told::Reopened => format!("Reopened {task}."),
        Told::Deleted if same => format!("{name} was deleted already."),
        Told::Deleted => format!("Deleted {name}.{RESTORABLE}"),
        Told::Restored if same => format!("{name} was on the list already."),
        Told::Restored => format!("Restored {task}."),
        Told::Updated if same => format!("{name} was like that already."),
        Told::Updated => {
            let details = outcome.changes.iter().map(|change| difference(change, now)).collect::<Vec<_>>().concat();
            format!("Updated {name}{details}.")
        }
    }
}

/// What was tried, for a failure: "delete task 3".
fn attempt(deed: &Deed) -> String {
    let given = &deed.wanted.arguments;
    let task = given.get("task_id").map(Value::to_string).unwrap_or_default();
    let title = escaped(given.get("title").and_then(Value::as_str).unwrap_or_default());
    match deed.told {
        Told::Added { .. } => format!("add “{title}”"),
        Told::Completed => format!("complete task {task}"),
        Told::Reopened => format!("reopen task {task}"),
        Told::Deleted => format!("delete task {task}"),
        Told::Restored => format!("restore task {task}"),
        Told::Updated => format!("change task {task}"),
    }
}

/// What an update made different.
fn difference(change: &TaskChange, now: &DateTime<Tz>) -> String {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return String::new() };
    let mut words = String::new();
    if before.title != after.title {
        let _ = write!(words, ", renamed from “{}”", escaped(before.title.as_str()));
    }
    if before.due != after.due {
        match after.due {
            Some(due) => {
                let _ = write!(words, ", now due {}", spoken_date(when(due), now));
            }
            None => words.push_str(", now without a due date"),
        }
    }
    if before.priority != after.priority {
        let _ = write!(words, ", now with {}", priority(after.priority));
    }
    if before.description != after.description {
        match after.description.as_deref().filter(|note| !note.is_empty()) {
            Some(note) => {
                let _ = write!(words, ", with the note “{}”", escaped(note));
            }
            None => words.push_str(", now without a note"),
        }
    }
    words
}

fn lines(tasks: &[&Task], now: &DateTime<Tz>) -> String {
    tasks.iter().map(|task| format!("- {}", label(task, now))).collect::<Vec<_>>().join("\n")
}

/// "#3 Call the dentist, due Sun, 22 Nov 2026, 17:00".
fn label(task: &Task, now: &DateTime<Tz>) -> String {
    let mut words = format!("#{} {}", task.id, escaped(task.title.as_str()));
    if let Some(due) = task.due {
        let _ = write!(words, ", due {}", spoken_date(when(due), now));
    }
    if task.priority != Priority::None {
        let _ = write!(words, ", {}", priority(task.priority));
    }
    if task.completed {
        words.push_str(" (done)");
    }
    words
}

const fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::None => "no priority",
        Priority::Low => "low priority",
        Priority::Medium => "medium priority",
        Priority::High => "high priority",
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
