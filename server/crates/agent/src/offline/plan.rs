//! From what a message asks for to calls, and from their results to words.

use saydo_contract::ToolName;
use saydo_interpreter::{Changes, DueChange, Intent, NewItem, NoteChange, Target};
use serde_json::{Map, Value};

use crate::Confirm;

use super::{
    Outcome, Scene,
    choice::{Choice, Offer},
    listing,
    replay::{Replay, Stop, Wanted, arguments},
    resolve::{Found, find},
    tasks::{Tasks, due_text, priority_text, when},
    undo::{self, Asked},
    words,
};

/// More changes than this in one message are not made. One message takes back what one turn did, however much.
const MOST_DEEDS: usize = 50;

/// A call that changes something, and how to tell it.
pub(super) struct Deed {
    pub(super) wanted: Wanted,
    pub(super) told: Told,
}

/// How a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Added {
        /// Whether the words asked for a repetition, which there is none of.
        recurring: bool,
    },
    Completed,
    Reopened,
    Deleted,
    Restored,
    Updated,
}

/// What an intent comes to.
enum Planned {
    Deeds(Vec<Deed>, Vec<String>),
    /// Changes of tasks that were not named one by one.
    Bulk(Vec<Deed>),
    /// Nothing is done, for none of the intents.
    Held(String),
    Unclear(Vec<Offer>),
}

/// Does what the intents ask for. Everything is found before anything is changed: where one of several commands is
/// unclear, none is carried out.
pub(super) fn carry_out(intents: &[Intent], scene: Scene<'_>, replay: &mut Replay<'_>) -> Result<Outcome, Stop> {
    if let [intent] = intents
        && let Some(words) = talk(intent)
    {
        return Ok(Outcome::Said(words));
    }
    let tasks = if intents.iter().any(needs_tasks) { Some(Tasks::read(replay)?) } else { None };
    let is_other = |offer: &&Offer| {
        tasks.as_ref().and_then(|tasks| tasks.get(offer.id)).is_some_and(|task| Offer::of(task) != **offer)
    };
    if let Some(other) = scene.chosen.iter().find(is_other) {
        return Ok(Outcome::Said(words::not_as_offered(other)));
    }
    let (mut deeds, mut notes, mut confirm) = (Vec::new(), Vec::new(), Confirm::Many);
    let mut way = None;
    for (at, intent) in intents.iter().enumerate() {
        let planned = match (intent, &tasks) {
            (Intent::Add(items), _) => {
                Planned::Deeds(items.iter().map(add).collect(), items.iter().filter_map(undated).collect())
            }
            (intent, Some(tasks)) => match Asked::of(intent) {
                Some(_) if intents.len() > 1 => Planned::Held(words::UNDO_ALONE.to_owned()),
                Some(asked) => {
                    let (taken, deeds, notes) = undo::plan(asked, scene.past, tasks, scene.now);
                    (way, confirm) = (taken, Confirm::Never);
                    Planned::Deeds(deeds, notes)
                }
                None => plan(intent, tasks, &scene),
            },
            _ => continue,
        };
        match planned {
            Planned::Deeds(more, told) => {
                deeds.extend(more);
                notes.extend(told);
            }
            Planned::Bulk(more) => {
                deeds.extend(more);
                confirm = Confirm::Always;
            }
            Planned::Held(words) => return Ok(Outcome::Said(words)),
            Planned::Unclear(options) => {
                let places = (1..).take(options.len());
                let taken =
                    tasks.as_ref().map(|tasks| places.filter(|id| tasks.more || tasks.get(*id).is_some()).collect());
                let taken = taken.unwrap_or_default();
                return Ok(Outcome::Asked(Choice { intents: intents.to_vec(), at, options, taken }));
            }
        }
    }
    if way.is_none() && deeds.len() > MOST_DEEDS {
        return Ok(Outcome::Said(words::too_many(MOST_DEEDS)));
    }

    let mut said = Vec::new();
    if !deeds.is_empty() {
        let results = replay.calls(deeds.iter().map(|deed| deed.wanted.clone()).collect(), confirm, &notes)?;
        said.push(match way {
            Some(way) => words::taken_back(way, &deeds, &results, scene.now),
            None => words::done(&deeds, &results, scene.now),
        });
    }
    said.extend(notes);
    for intent in intents {
        if let Intent::List(asked) = intent {
            said.push(listing::show(asked, &scene, replay)?);
        }
    }
    Ok(Outcome::Said(if said.is_empty() { words::help() } else { said.join("\n\n") }))
}

/// The answer to what needs no tool.
fn talk(intent: &Intent) -> Option<String> {
    Some(match intent {
        Intent::Greet => words::GREETING.to_owned(),
        Intent::Thanks => words::WELCOME.to_owned(),
        Intent::Goodbye => words::GOODBYE.to_owned(),
        Intent::Help => words::abilities(),
        Intent::Decline => words::DECLINED.to_owned(),
        Intent::Confirm => words::NOTHING_WAITS.to_owned(),
        Intent::Choose(_) => words::NOTHING_WAITS.to_owned(),
        Intent::About(_) => words::abilities(),
        Intent::Unknown | Intent::Offer(_) | Intent::Split(_) => words::help(),
        _ => return None,
    })
}

const fn needs_tasks(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Complete(_)
            | Intent::Reopen(_)
            | Intent::Delete(_)
            | Intent::Restore(_)
            | Intent::Update { .. }
            | Intent::Undo
            | Intent::UndoReceipt(_)
            | Intent::Redo
    )
}

fn add(item: &NewItem) -> Deed {
    let mut given = arguments([("title", item.title.as_str().into())]);
    let mut give = |name: &str, value: Option<Value>| given.extend(value.map(|value| (name.to_owned(), value)));
    give("description", item.description.as_deref().map(Value::from));
    give("due", item.due.map(|due| due_text(due).into()));
    give("priority", item.priority.map(|priority| priority_text(priority).into()));
    Deed {
        wanted: Wanted { tool: ToolName::AddTask, arguments: given },
        told: Told::Added { recurring: item.recurring },
    }
}

/// What to say of an item whose title ends with what may have been meant as a date.
fn undated(item: &NewItem) -> Option<String> {
    if item.due.is_some() || item.recurring {
        return None;
    }
    let words: Vec<&str> = item.title.split_whitespace().collect();
    let last = words.len().saturating_sub(4);
    let at = (last..words.len()).find(|&at| {
        let preposition = matches!(words[at].to_ascii_lowercase().as_str(), "at" | "on" | "by" | "before" | "until");
        at > 0
            && preposition
            && words[at + 1..].iter().any(|word| {
                let feast =
                    matches!(word.to_ascii_lowercase().as_str(), "christmas" | "easter" | "eve" | "thanksgiving");
                feast || word.starts_with(|c: char| c.is_ascii_digit())
            })
    })?;
    Some(words::no_date_read(&words[at..].join(" ")))
}

fn plan(intent: &Intent, tasks: &Tasks, scene: &Scene<'_>) -> Planned {
    let (target, tool, told) = match intent {
        Intent::Complete(target) => (target, ToolName::CompleteTask, Told::Completed),
        Intent::Delete(target) => (target, ToolName::DeleteTask, Told::Deleted),
        Intent::Reopen(target) => (target, ToolName::UpdateTask, Told::Reopened),
        Intent::Restore(target) => (target, ToolName::UpdateTask, Told::Restored),
        Intent::Update { target, .. } => (target, ToolName::UpdateTask, Told::Updated),
        _ => return Planned::Deeds(Vec::new(), Vec::new()),
    };
    let mut bulk = false;
    let (ids, missing) = match find(intent, target, tasks, scene) {
        Found::Tasks(ids, missing) => (ids, missing),
        Found::OneOf(options) => return Planned::Unclear(options),
        Found::Nothing(words) => return Planned::Held(words),
        Found::Bulk(ids) => {
            bulk = true;
            (ids, Vec::new())
        }
    };
    if bulk && matches!(intent, Intent::Update { changes: Changes { title: Some(_), .. }, .. }) {
        return Planned::Held(words::ONE_TITLE.to_owned());
    }
    let mut deeds = Vec::new();
    let mut notes = Vec::new();
    if let (Intent::Update { target, changes }, [id]) = (intent, &ids[..])
        && let Some(task) = tasks.get(*id)
        && is_of_a_part(target, changes, task.title.as_str(), scene.turn.said)
    {
        return Planned::Held(words::whole_title(*id, task.title.as_str()));
    }
    for id in ids {
        let mut given = arguments([("task_id", id.into())]);
        match intent {
            Intent::Reopen(_) => given.extend(arguments([("completed", false.into())])),
            Intent::Restore(_) => given.extend(arguments([("deleted", false.into())])),
            Intent::Update { changes, .. } => match changed(changes, id, tasks, scene) {
                Ok(fields) => given.extend(fields),
                Err(words) => {
                    notes.push(words);
                    continue;
                }
            },
            _ => {}
        }
        deeds.push(Deed { wanted: Wanted { tool, arguments: given }, told });
    }
    if bulk && !deeds.is_empty() {
        return Planned::Bulk(deeds);
    }
    if !missing.is_empty() {
        notes.push(words::no_such_numbers(&missing));
    }
    Planned::Deeds(deeds, notes)
}

/// Whether "change Anna to Anne" speaks of a part of this title: the new words would leave out the rest.
fn is_of_a_part(target: &Target, changes: &Changes, title: &str, said: &str) -> bool {
    let (Target::Description(description), Some(new)) = (target, &changes.title) else { return false };
    let count = |text: &str| text.split_whitespace().count();
    let noun = ["task", "todo", "item", "reminder", "title"];
    description.verb.is_some()
        && count(&description.words) < count(title)
        && count(new) <= count(&description.words)
        && !said.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| noun.contains(&word))
}

/// The fields that an update gives for one task.
fn changed(changes: &Changes, id: i64, tasks: &Tasks, scene: &Scene<'_>) -> Result<Map<String, Value>, String> {
    let task = tasks.get(id);
    let mut fields = Map::new();
    if let Some(title) = &changes.title {
        fields.insert("title".to_owned(), title.as_str().into());
    }
    match &changes.note {
        NoteChange::Keep => {}
        NoteChange::Clear => {
            fields.insert("description".to_owned(), Value::Null);
        }
        NoteChange::Set(note) => {
            fields.insert("description".to_owned(), note.as_str().into());
        }
        NoteChange::Append(line) => {
            let note = match task.and_then(|task| task.description.as_deref()).filter(|note| !note.is_empty()) {
                Some(note) => format!("{note}\n{line}"),
                None => line.clone(),
            };
            fields.insert("description".to_owned(), note.into());
        }
    }
    if changes.due != DueChange::Keep {
        let current = task.and_then(|task| task.due).map(when);
        match (changes.due, changes.due.apply(current, scene.now)) {
            (DueChange::Clear, _) => {
                fields.insert("due".to_owned(), Value::Null);
            }
            (_, Some(due)) => {
                fields.insert("due".to_owned(), due_text(due).into());
            }
            (_, None) => return Err(words::no_due_date(id)),
        }
    }
    if let Some(priority) = changes.priority {
        fields.insert("priority".to_owned(), priority_text(priority).into());
    }
    Ok(fields)
}
