//! From what a command names to the tasks it means.

use saydo_contract::Task;
use saydo_interpreter::{Candidate, Description, Filter, Intent, Match, Position, Status, Target, resolve};

use super::{
    Scene, conversation,
    tasks::{Tasks, candidate},
    words,
};

/// From this many tasks on that were not named one by one, a change is only told.
const BULK: usize = 3;

/// What a target comes to.
pub(super) enum Found {
    /// These tasks; the second list holds numbers that are no tasks.
    Tasks(Vec<i64>, Vec<i64>),
    /// One of these.
    OneOf(Vec<(i64, String, bool)>),
    /// So many that naming them is asked for.
    Bulk(Vec<i64>),
    /// None; what to say about it.
    Nothing(String),
}

/// Finds the tasks that `intent` means by `target`.
pub(super) fn find(intent: &Intent, target: &Target, tasks: &Tasks, scene: &Scene<'_>) -> Found {
    match target {
        Target::Numbers(numbers) => named(intent, numbers, tasks, scene),
        Target::OneOf(numbers) => one_of(numbers.iter().filter_map(|id| tasks.get(*id)).collect(), || {
            words::nothing_there(words::verb(intent))
        }),
        Target::Description(description) => described(intent, description, tasks, scene),
        Target::Positions(positions) => at_places(positions, tasks),
        Target::Matching { filter, single } => {
            let mut filter = filter.clone();
            match intent {
                Intent::Complete(_) => filter.status = Status::Pending,
                Intent::Reopen(_) => filter.status = Status::Completed,
                _ => {}
            }
            let found = tasks.matching(&filter, scene.now);
            let nothing = || words::nothing_there(words::verb(intent));
            match found.len() {
                0 => Found::Nothing(nothing()),
                _ if *single => one_of(found, nothing),
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
            if all.is_empty() {
                Found::Nothing(words::nothing_there(words::verb(intent)))
            } else {
                Found::Bulk(ids(&all))
            }
        }
        Target::Missing => Found::Nothing(words::which_task(words::verb(intent), tasks.open().take(10), scene.now)),
    }
}

fn named(intent: &Intent, numbers: &[i64], tasks: &Tasks, scene: &Scene<'_>) -> Found {
    let mut wanted: Vec<i64> = Vec::new();
    for number in numbers {
        if !wanted.contains(number) {
            wanted.push(*number);
        }
    }
    // What is in the trash is on no list; nor is what was not read.
    let known = |id: &i64| tasks.more || matches!(intent, Intent::Restore(_)) || tasks.get(*id).is_some();
    let (known, missing): (Vec<i64>, Vec<i64>) = wanted.into_iter().partition(known);
    if known.is_empty() {
        return Found::Nothing(words::no_such_numbers(&missing));
    }
    // "them" stands for many as well: only what the person has written out counts as named.
    if known.len() >= BULK && !known.iter().all(|id| is_written(scene.turn.said, *id)) {
        return Found::Bulk(known);
    }
    Found::Tasks(known, missing)
}

fn is_written(said: &str, number: i64) -> bool {
    said.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.parse() == Ok(number))
}

fn described(intent: &Intent, description: &Description, tasks: &Tasks, scene: &Scene<'_>) -> Found {
    let found = |candidates: &[Candidate<'_>]| resolve(description, candidates);
    let trash;
    let (first, then): (Vec<Candidate<'_>>, Vec<Candidate<'_>>) = match intent {
        Intent::Complete(_) => tasks.all.iter().map(candidate).partition(|task| !task.completed),
        Intent::Reopen(_) => tasks.all.iter().map(candidate).partition(|task| task.completed),
        Intent::Restore(_) => {
            trash = conversation::trash(scene.past);
            let deleted = trash.iter().map(|(id, title)| Candidate { id: *id, title, completed: false }).collect();
            (deleted, Vec::new())
        }
        _ => (tasks.all.iter().map(candidate).collect(), Vec::new()),
    };
    let mut result = found(&first);
    if let Match::None { nearest } = &result {
        match found(&then) {
            // One that is already so: the tool says that nothing changed.
            Match::One(id) => result = Match::One(id),
            _ => {
                let nearest: Vec<&Task> = nearest.iter().filter_map(|id| tasks.get(*id)).collect();
                return Found::Nothing(words::no_match(&description.words, &nearest));
            }
        }
    }
    let option = |id: &i64| {
        let all = first.iter().chain(&then);
        all.into_iter().find(|task| task.id == *id).map(|task| (task.id, task.title.to_owned(), task.completed))
    };
    match result {
        Match::One(id) => Found::Tasks(vec![id], Vec::new()),
        Match::Each(ids) => Found::Tasks(ids, Vec::new()),
        Match::Several(ids) => Found::OneOf(ids.iter().filter_map(option).collect()),
        Match::None { .. } => Found::Nothing(words::no_match(&description.words, &[])),
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
        Some(ids) if !ids.is_empty() => Found::Tasks(ids, Vec::new()),
        _ => Found::Nothing(words::no_such_place(open.len())),
    }
}

fn one_of(found: Vec<&Task>, nothing: impl Fn() -> String) -> Found {
    match found[..] {
        [] => Found::Nothing(nothing()),
        [task] => Found::Tasks(vec![task.id.get()], Vec::new()),
        _ => Found::OneOf(
            found.iter().map(|task| (task.id.get(), task.title.as_str().to_owned(), task.completed)).collect(),
        ),
    }
}

fn ids(tasks: &[&Task]) -> Vec<i64> {
    tasks.iter().map(|task| task.id.get()).collect()
}
