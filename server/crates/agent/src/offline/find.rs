//! From what a command names to the tasks it means.

use std::collections::HashSet;

use saydo_contract::{ChangeVerb, Task};
use saydo_interpreter::{
    Candidate as Titled, Description, Filter, Intent, Match, Position, Status, Target, is_task_number, numbered_phrase,
    plain_words, resolve,
};

use super::{
    PlanContext,
    reply::{Candidate, Reply},
    tasks::{Tasks, candidate},
};
use crate::history;

/// From this many tasks on that were not named one by one, a change is only told.
const BULK: usize = 3;

/// What a target comes to.
pub(super) enum Found {
    /// These tasks; the second list holds numbers that are no tasks.
    Tasks(Vec<i64>, Vec<i64>),
    /// One of these.
    OneOf(Vec<Candidate>),
    /// So many that naming them is asked for.
    Bulk(Vec<i64>),
    /// None; what to say about it.
    Nothing(Reply),
}

/// Finds the tasks that `intent` means by `target`.
pub(super) fn find(intent: &Intent, target: &Target, tasks: &Tasks, context: &PlanContext<'_>) -> Found {
    match target {
        Target::Numbers(numbers) => named(intent, numbers, tasks, context),
        Target::OneOf(numbers) => {
            one_of(numbers.iter().filter_map(|id| tasks.get(*id)).collect(), || nothing(intent, None))
        }
        Target::Description(description) => described(intent, description, tasks, context),
        Target::Positions(positions) => at_places(positions, tasks),
        Target::Matching { filter, single } => {
            let asked = filter;
            let mut filter = filter.clone();
            match intent {
                Intent::Complete(_) => filter.status = Status::Pending,
                Intent::Reopen(_) => filter.status = Status::Completed,
                _ => {}
            }
            let found = tasks.matching(&filter, context.now);
            match found.len() {
                0 => Found::Nothing(nothing(intent, Some(asked))),
                _ if *single => one_of(found, || nothing(intent, Some(asked))),
                1 | 2 if filter != Filter::default() && !tasks.more => Found::Tasks(ids(&found), Vec::new()),
                _ => Found::Bulk(ids(&found)),
            }
        }
        Target::All => {
            let all: Vec<&Task> = match intent {
                Intent::Complete(_) => tasks.open().collect(),
                Intent::Reopen(_) => tasks.all.iter().filter(|task| task.completed).collect(),
                _ => tasks.all.iter().collect(),
            };
            if all.is_empty() { Found::Nothing(nothing(intent, None)) } else { Found::Bulk(ids(&all)) }
        }
        Target::Missing => {
            let open: Vec<Task> = tasks.open().take(10).cloned().collect();
            Found::Nothing(match open[..] {
                [] => nothing(intent, None),
                _ => Reply::WhichTask { verb: verb(intent), open },
            })
        }
    }
}

fn named(intent: &Intent, numbers: &[i64], tasks: &Tasks, context: &PlanContext<'_>) -> Found {
    let mut wanted: Vec<i64> = Vec::new();
    for number in numbers {
        if !wanted.contains(number) {
            wanted.push(*number);
        }
    }
    // What is in the trash is on no list; nor is what was not read.
    let known = |id: &i64| tasks.more || matches!(intent, Intent::Restore(_)) || tasks.get(*id).is_some();
    let (known, missing): (Vec<i64>, Vec<i64>) = wanted.into_iter().partition(known);
    if !matches!(intent, Intent::Restore(_))
        && let Some(found) = titled(numbers, tasks, context.turn.said)
    {
        return found;
    }
    if known.is_empty() {
        return Found::Nothing(Reply::NoSuchNumbers(missing));
    }
    // "them" stands for many as well: only what the person has written out counts as named.
    if known.len() >= BULK && !known.iter().all(|id| is_written(context.turn.said, *id)) {
        return Found::Bulk(known);
    }
    Found::Tasks(known, missing)
}

/// "Chore 1" may number a task and may be a title: asks where it is both, unless the title is exactly that and the
/// word no plain "task".
fn titled(numbers: &[i64], tasks: &Tasks, said: &str) -> Option<Found> {
    let mut offered: Vec<i64> = Vec::new();
    let mut sure = true;
    for number in numbers {
        let Some(phrase) = numbered_phrase(said, *number) else { continue };
        let spaced = format!(" {phrase} ");
        let fitting: Vec<&Task> = tasks
            .all
            .iter()
            .filter(|task| {
                task.id.get() != *number && format!(" {} ", plain_words(task.title.as_str())).contains(&spaced)
            })
            .collect();
        let exact: Vec<&&Task> = fitting.iter().filter(|task| plain_words(task.title.as_str()) == phrase).collect();
        let itself =
            tasks.get(*number).filter(|task| plain_words(task.title.as_str()) != phrase).map(|task| task.id.get());
        if fitting.is_empty() || (itself.is_none() && tasks.get(*number).is_some()) {
            continue;
        }
        match exact[..] {
            [only] if !is_task_number(&phrase) => offered.push(only.id.get()),
            _ => {
                sure = false;
                offered.extend(fitting.iter().map(|task| task.id.get()).chain(itself));
            }
        }
    }
    if offered.is_empty() {
        return None;
    }
    Some(if numbers.len() > 1 {
        Found::Bulk(offered.into_iter().chain(numbers.iter().copied().filter(|id| tasks.get(*id).is_some())).collect())
    } else if sure {
        Found::Tasks(offered, Vec::new())
    } else {
        Found::OneOf(offered.iter().filter_map(|id| tasks.get(*id)).map(Candidate::of).collect())
    })
}

fn is_written(said: &str, number: i64) -> bool {
    said.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.parse() == Ok(number))
}

fn described(intent: &Intent, description: &Description, tasks: &Tasks, context: &PlanContext<'_>) -> Found {
    if matches!(intent, Intent::Restore(_)) {
        return from_trash(description, context);
    }
    let reopening = matches!(intent, Intent::Reopen(_));
    let all: Vec<Titled<'_>> = tasks.all.iter().map(candidate).collect();
    let usual: Vec<Titled<'_>> = all.iter().copied().filter(|task| task.completed == reopening).collect();
    let (first, any) = (resolve(description, &usual), resolve(description, &all));
    let ids = match (first, any) {
        // One that is done, or already as it should be: the answer says so.
        (Match::None { .. }, any) => any,
        // A task of the other kind may fit better than one of the usual kind.
        (first, any) if !reopening && first != any => Match::Several([members(first), members(any)].concat()),
        (first, _) => first,
    };
    match ids {
        Match::One(id) => Found::Tasks(vec![id], Vec::new()),
        Match::Each(ids) => Found::Tasks(ids, Vec::new()),
        Match::Several(mut ids) => {
            let mut seen = HashSet::new();
            ids.retain(|id| seen.insert(*id));
            Found::OneOf(ids.iter().filter_map(|id| tasks.get(*id)).map(Candidate::of).collect())
        }
        Match::None { nearest } => {
            let nearest = nearest.iter().filter_map(|id| tasks.get(*id));
            let nearest = nearest.map(|task| task.title.as_str().to_owned()).collect();
            Found::Nothing(Reply::NoMatch { said: description.words.clone(), nearest })
        }
    }
}

fn members(found: Match) -> Vec<i64> {
    match found {
        Match::One(id) => vec![id],
        Match::Each(ids) | Match::Several(ids) => ids,
        Match::None { .. } => Vec::new(),
    }
}

fn from_trash(description: &Description, context: &PlanContext<'_>) -> Found {
    let trash = history::trash(context.past);
    let deleted: Vec<Titled<'_>> =
        trash.iter().map(|(id, title)| Titled { id: *id, title, completed: false }).collect();
    let offer = |id: i64| {
        let (_, title) = trash.iter().find(|(other, _)| *other == id)?;
        Some(Candidate { id, title: title.clone(), completed: false, due: None })
    };
    match resolve(description, &deleted) {
        Match::One(id) => Found::Tasks(vec![id], Vec::new()),
        Match::Each(ids) => Found::Tasks(ids, Vec::new()),
        Match::Several(ids) => Found::OneOf(ids.into_iter().filter_map(offer).collect()),
        Match::None { .. } => Found::Nothing(Reply::NoMatch { said: description.words.clone(), nearest: Vec::new() }),
    }
}

fn at_places(positions: &[Position], tasks: &Tasks) -> Found {
    let open: Vec<i64> = tasks.open().map(|task| task.id.get()).collect();
    let place = |position: &Position| {
        let at = match position {
            Position::FromStart(n) => n.checked_sub(1)?,
            Position::FromEnd(n) => open.len().checked_sub(*n).filter(|_| !tasks.more)?,
        };
        open.get(at).copied()
    };
    match positions.iter().map(place).collect::<Option<Vec<i64>>>() {
        Some(ids) if ids.len() >= BULK => Found::Bulk(ids),
        // The person has no list before the eyes: only a place that is the number too is clear.
        Some(ids) if ids.len() == 1 && !is_number(positions, &ids) => {
            Found::OneOf(ids.iter().filter_map(|id| tasks.get(*id)).map(Candidate::of).collect())
        }
        Some(ids) if ids.len() > 1 && !is_number(positions, &ids) => Found::Bulk(ids),
        Some(ids) if !ids.is_empty() => Found::Tasks(ids, Vec::new()),
        _ => Found::Nothing(Reply::NoSuchPlace { open: open.len() }),
    }
}

fn is_number(positions: &[Position], ids: &[i64]) -> bool {
    positions.iter().zip(ids).all(|(position, id)| match position {
        Position::FromStart(n) => i64::try_from(*n) == Ok(*id),
        Position::FromEnd(_) => false,
    })
}

fn one_of(found: Vec<&Task>, nothing: impl Fn() -> Reply) -> Found {
    match found[..] {
        [] => Found::Nothing(nothing()),
        [task] => Found::Tasks(vec![task.id.get()], Vec::new()),
        _ => Found::OneOf(found.into_iter().map(Candidate::of).collect()),
    }
}

fn ids(tasks: &[&Task]) -> Vec<i64> {
    tasks.iter().map(|task| task.id.get()).collect()
}

fn nothing(intent: &Intent, filter: Option<&Filter>) -> Reply {
    Reply::NothingMatches { verb: verb(intent), filter: filter.cloned().map(Box::new) }
}

/// What an intent does to a task.
pub(super) const fn verb(intent: &Intent) -> ChangeVerb {
    match intent {
        Intent::Complete(_) => ChangeVerb::Completed,
        Intent::Reopen(_) => ChangeVerb::Reopened,
        Intent::Delete(_) => ChangeVerb::Deleted,
        Intent::Restore(_) => ChangeVerb::Restored,
        _ => ChangeVerb::Updated,
    }
}
