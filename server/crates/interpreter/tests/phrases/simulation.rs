//! The five tools and the caller's side of the dialogue, in memory.

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use saydo_contract::ChangeVerb;
use saydo_interpreter::{
    Candidate, Changes, Context, Description, DueChange, Filter, Intent, ListRequest, Match, NewItem, NoteChange,
    Position, Priority, Status, Target, When, Window, interpret, resolve,
    selection::{ConfirmationLine, Selection, confirm},
};
use saydo_phrases::{Call, Given, Outcome, Turn};
use serde_json::{Map, Value, json};

#[derive(Debug, Clone)]
struct Task {
    id: i64,
    title: String,
    description: Option<String>,
    completed: bool,
    deleted: bool,
    due: Option<When>,
    priority: Priority,
}

/// What a command does to each of its tasks.
#[derive(Debug, Clone)]
enum Action {
    Complete,
    Reopen,
    Delete,
    Restore,
    Update(Changes),
}

enum Waiting {
    Choice(Action, Vec<i64>),
    Confirmation(Action, Vec<i64>),
    Offer(Vec<NewItem>),
}

enum Selected {
    These(Vec<i64>),
    Freeze(Vec<i64>),
    OneOf(Vec<i64>),
    Nothing,
}

pub(crate) struct Session {
    tasks: Vec<Task>,
    context: Context,
    waiting: Option<Waiting>,
    /// The tasks before the last turn that changed some.
    before: Option<Vec<Task>>,
}

impl Session {
    pub(crate) fn new(given: &[Given], now: DateTime<Tz>) -> Self {
        let today = now.date_naive();
        let tasks = given
            .iter()
            .zip(1..)
            .map(|(given, id)| Task {
                id,
                title: given.title().to_owned(),
                description: None,
                completed: given.done(),
                deleted: false,
                due: given.due(today).map(When::Date),
                priority: Priority::None,
            })
            .collect();
        Self { tasks, context: Context::new(now), waiting: None, before: None }
    }

    pub(crate) fn say(&mut self, message: &str) -> Turn {
        let waiting = self.waiting.take();
        let dialogue = &mut self.context.dialogue;
        dialogue.options = 0;
        dialogue.confirming = false;
        dialogue.offering = false;
        match &waiting {
            Some(Waiting::Choice(_, options)) => dialogue.options = options.len(),
            Some(Waiting::Confirmation(..)) => dialogue.confirming = true,
            Some(Waiting::Offer(_)) => dialogue.offering = true,
            None => {}
        }
        let mut turn = Turn { calls: Vec::new(), outcome: None };
        let before = self.tasks.clone();
        if let Some(Waiting::Confirmation(action, ids)) = &waiting {
            match self.selected(message, action, ids) {
                Selection::These(places) => {
                    let confirmed: Vec<i64> = places.iter().map(|&place| ids[place]).collect();
                    self.run(action, &confirmed, &mut turn.calls);
                    self.before = Some(before);
                    return turn;
                }
                Selection::Unrelated => self.context.dialogue.confirming = false,
                _ => {}
            }
        }
        for intent in interpret(message, &self.context) {
            let outcome = self.act(intent, message, waiting.as_ref(), &mut turn.calls);
            if outcome.is_some() {
                turn.outcome = outcome;
            }
        }
        if turn.calls.iter().any(|call| call.tool != "list_tasks") {
            self.before = Some(before);
        }
        turn
    }

    /// What an answer to a confirmation selects.
    fn selected(&self, message: &str, action: &Action, ids: &[i64]) -> Selection {
        let verb = match action {
            Action::Complete => ChangeVerb::Completed,
            Action::Delete => ChangeVerb::Deleted,
            Action::Reopen => ChangeVerb::Reopened,
            Action::Restore => ChangeVerb::Restored,
            Action::Update(_) => ChangeVerb::Updated,
        };
        let title = |id: i64| self.tasks.iter().find(|task| task.id == id).map_or("", |task| task.title.as_str());
        let lines: Vec<_> = ids.iter().map(|&number| ConfirmationLine { number, title: title(number), verb }).collect();
        confirm(message, &lines, &self.context)
    }

    fn act(
        &mut self,
        intent: Intent,
        message: &str,
        waiting: Option<&Waiting>,
        calls: &mut Vec<Call>,
    ) -> Option<Outcome> {
        match intent {
            Intent::Add(items) => self.add(items, calls),
            Intent::Offer(items) => self.offer(items),
            Intent::List(request) => self.list(&request, calls),
            Intent::Complete(target) => self.change(Action::Complete, &target, calls),
            Intent::Reopen(target) => self.change(Action::Reopen, &target, calls),
            Intent::Delete(target) => self.change(Action::Delete, &target, calls),
            Intent::Restore(target) => self.change(Action::Restore, &target, calls),
            Intent::Update { target, changes } => {
                assert_ne!(changes, Changes::default());
                self.change(Action::Update(changes), &target, calls)
            }
            Intent::Undo => self.undo(calls),
            Intent::Redo | Intent::UndoReceipt(_) => Some(Outcome::Talk),
            Intent::Confirm => match waiting {
                Some(Waiting::Confirmation(action, ids)) => {
                    self.run(action, &ids.clone(), calls);
                    None
                }
                Some(Waiting::Offer(items)) => self.add(items.clone(), calls),
                _ => Some(Outcome::Talk),
            },
            Intent::Choose(places) => match waiting {
                Some(Waiting::Choice(action, ids) | Waiting::Confirmation(action, ids)) => {
                    let chosen: Option<Vec<i64>> = places.iter().map(|place| ids.get(place - 1).copied()).collect();
                    let Some(chosen) = chosen else { return Some(Outcome::Help) };
                    self.run(action, &chosen, calls);
                    None
                }
                _ => Some(Outcome::Help),
            },
            Intent::Split(_) => Some(Outcome::Help),
            Intent::Decline | Intent::Greet | Intent::Thanks | Intent::Goodbye | Intent::Help | Intent::About(_) => {
                Some(Outcome::Talk)
            }
            Intent::Unknown => match waiting {
                Some(Waiting::Choice(action, ids)) => {
                    let candidates = self.candidates(|task| ids.contains(&task.id));
                    let description = Description { words: message.to_owned(), verb: None };
                    match resolve(&description, &candidates) {
                        Match::One(id) => {
                            self.run(action, &[id], calls);
                            None
                        }
                        _ => Some(Outcome::Help),
                    }
                }
                _ => Some(Outcome::Help),
            },
        }
    }

    fn add(&mut self, items: Vec<NewItem>, calls: &mut Vec<Call>) -> Option<Outcome> {
        assert!(!items.is_empty());
        let mut added = Vec::new();
        for item in items {
            let id = self.tasks.len() as i64 + 1;
            let mut arguments = Map::new();
            arguments.insert("title".into(), json!(item.title));
            if let Some(description) = &item.description {
                arguments.insert("description".into(), json!(description));
            }
            if let Some(due) = item.due {
                arguments.insert("due".into(), json!(written(due)));
            }
            if let Some(priority) = item.priority {
                arguments.insert("priority".into(), json!(level(priority)));
            }
            calls.push(Call { tool: "add_task".to_owned(), arguments });
            let priority = item.priority.unwrap_or(Priority::None);
            let (title, description, due) = (item.title, item.description, item.due);
            self.tasks.push(Task { id, title, description, completed: false, deleted: false, due, priority });
            added.push(id);
        }
        self.context.dialogue.last_tasks = added;
        None
    }

    fn offer(&mut self, items: Vec<NewItem>) -> Option<Outcome> {
        let plain = |title: &str| {
            let lower = title.to_lowercase();
            lower
                .split_whitespace()
                .filter(|word| !matches!(*word, "a" | "an" | "the"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let listed = |item: &NewItem| {
            self.tasks.iter().any(|task| !task.completed && !task.deleted && plain(&task.title) == plain(&item.title))
        };
        if items.iter().all(listed) {
            return Some(Outcome::Help);
        }
        self.waiting = Some(Waiting::Offer(items));
        Some(Outcome::Ask)
    }

    fn list(&mut self, request: &ListRequest, calls: &mut Vec<Call>) -> Option<Outcome> {
        let mut arguments = Map::new();
        let filter = &request.filter;
        let status = match filter.status {
            Status::All => "all",
            Status::Pending => "pending",
            Status::Completed => "completed",
        };
        arguments.insert("status".into(), json!(status));
        if let Some(query) = &filter.query {
            arguments.insert("query".into(), json!(query));
        }
        for (key, when) in
            [("due_after", filter.due.and_then(|w| w.after)), ("due_before", filter.due.and_then(|w| w.before))]
        {
            if let Some(when) = when {
                arguments.insert(key.into(), json!(written(when)));
            }
        }
        calls.push(Call { tool: "list_tasks".to_owned(), arguments });
        let shown: Vec<i64> = self
            .tasks
            .iter()
            .filter(|task| !task.deleted && (request.numbers.is_empty() || request.numbers.contains(&task.id)))
            .filter(|task| passes(task, filter))
            .map(|task| task.id)
            .collect();
        self.context.dialogue.last_listed = shown.clone();
        self.context.dialogue.last_tasks = shown;
        None
    }

    fn candidates(&self, eligible: impl Fn(&Task) -> bool) -> Vec<Candidate<'_>> {
        self.tasks
            .iter()
            .filter(|task| eligible(task))
            .map(|task| Candidate { id: task.id, title: &task.title, completed: task.completed })
            .collect()
    }

    fn change(&mut self, action: Action, target: &Target, calls: &mut Vec<Call>) -> Option<Outcome> {
        match self.select(&action, target) {
            Selected::These(ids) if ids.len() < 3 => {
                self.run(&action, &ids, calls);
                None
            }
            Selected::These(ids) | Selected::Freeze(ids) => {
                self.waiting = Some(Waiting::Confirmation(action, ids));
                Some(Outcome::Confirm)
            }
            Selected::OneOf(ids) => {
                self.waiting = Some(Waiting::Choice(action, ids));
                Some(Outcome::Choice)
            }
            Selected::Nothing => Some(Outcome::Help),
        }
    }

    fn select(&self, action: &Action, target: &Target) -> Selected {
        let eligible = |task: &Task| match action {
            Action::Complete => !task.deleted && !task.completed,
            Action::Reopen => !task.deleted && task.completed,
            Action::Delete | Action::Update(_) => !task.deleted,
            Action::Restore => task.deleted,
        };
        let all: Vec<i64> = self.tasks.iter().filter(|task| eligible(task)).map(|task| task.id).collect();
        match target {
            Target::Numbers(ids) => {
                let there = |id: &i64| {
                    self.tasks.iter().any(|task| task.id == *id && (!task.deleted || matches!(action, Action::Restore)))
                };
                if ids.iter().all(there) { Selected::These(ids.clone()) } else { Selected::Nothing }
            }
            Target::OneOf(ids) => Selected::OneOf(ids.clone()),
            Target::Positions(positions) => {
                let open: Vec<i64> = self.tasks.iter().filter(|t| !t.deleted && !t.completed).map(|t| t.id).collect();
                let chosen: Option<Vec<i64>> = positions
                    .iter()
                    .map(|position| match position {
                        Position::FromStart(n) => open.get(n - 1).copied(),
                        Position::FromEnd(n) => open.len().checked_sub(*n).and_then(|i| open.get(i)).copied(),
                    })
                    .collect();
                chosen.map_or(Selected::Nothing, Selected::These)
            }
            Target::Description(description) => match resolve(description, &self.candidates(eligible)) {
                Match::One(id) => Selected::These(vec![id]),
                Match::Each(ids) => Selected::These(ids),
                Match::Several(ids) => Selected::OneOf(ids),
                Match::None { .. } => Selected::Nothing,
            },
            Target::Matching { filter, single } => {
                let fitting: Vec<i64> = self
                    .tasks
                    .iter()
                    .filter(|task| !task.deleted && passes(task, filter))
                    .map(|task| task.id)
                    .collect();
                match (fitting.len(), single) {
                    (0, _) => Selected::Nothing,
                    (2.., true) => Selected::OneOf(fitting),
                    _ => Selected::These(fitting),
                }
            }
            Target::All if all.is_empty() => Selected::Nothing,
            Target::All => Selected::Freeze(all),
            Target::Missing => Selected::Nothing,
        }
    }

    fn run(&mut self, action: &Action, ids: &[i64], calls: &mut Vec<Call>) {
        for id in ids {
            let now = self.context.now;
            let task = self.tasks.iter_mut().find(|task| task.id == *id).expect("a selected task");
            let mut arguments = Map::new();
            arguments.insert("task_id".into(), json!(id));
            let tool = match action {
                Action::Complete => {
                    task.completed = true;
                    "complete_task"
                }
                Action::Delete => {
                    task.deleted = true;
                    "delete_task"
                }
                Action::Reopen => {
                    task.completed = false;
                    arguments.insert("completed".into(), json!(false));
                    "update_task"
                }
                Action::Restore => {
                    task.deleted = false;
                    arguments.insert("deleted".into(), json!(false));
                    "update_task"
                }
                Action::Update(changes) => {
                    update(task, changes, &now, &mut arguments);
                    "update_task"
                }
            };
            calls.push(Call { tool: tool.to_owned(), arguments });
        }
        self.context.dialogue.last_tasks = ids.to_vec();
    }

    fn undo(&mut self, calls: &mut Vec<Call>) -> Option<Outcome> {
        let Some(before) = self.before.take() else { return Some(Outcome::Talk) };
        for task in &mut self.tasks {
            let mut arguments = Map::new();
            arguments.insert("task_id".into(), json!(task.id));
            let Some(old) = before.iter().find(|old| old.id == task.id) else {
                if !task.deleted {
                    task.deleted = true;
                    calls.push(Call { tool: "delete_task".to_owned(), arguments });
                }
                continue;
            };
            if old.deleted != task.deleted {
                arguments.insert("deleted".into(), json!(old.deleted));
            }
            if old.completed != task.completed {
                arguments.insert("completed".into(), json!(old.completed));
            }
            if old.title != task.title {
                arguments.insert("title".into(), json!(old.title));
            }
            if old.due != task.due {
                arguments.insert("due".into(), old.due.map_or(Value::Null, |due| json!(written(due))));
            }
            if old.priority != task.priority {
                arguments.insert("priority".into(), json!(level(old.priority)));
            }
            if arguments.len() > 1 {
                *task = old.clone();
                calls.push(Call { tool: "update_task".to_owned(), arguments });
            }
        }
        None
    }
}

fn update(task: &mut Task, changes: &Changes, now: &DateTime<Tz>, arguments: &mut Map<String, Value>) {
    if let Some(title) = &changes.title {
        task.title = title.clone();
        arguments.insert("title".into(), json!(title));
    }
    match &changes.note {
        NoteChange::Keep => {}
        NoteChange::Clear => task.description = None,
        NoteChange::Set(note) => task.description = Some(note.clone()),
        NoteChange::Append(note) => {
            task.description =
                Some(task.description.as_ref().map_or_else(|| note.clone(), |old| format!("{old}\n{note}")));
        }
    }
    if changes.note != NoteChange::Keep {
        arguments.insert("description".into(), json!(task.description));
    }
    if changes.due != DueChange::Keep {
        task.due = changes.due.apply(task.due, now);
        arguments.insert("due".into(), task.due.map_or(Value::Null, |due| json!(written(due))));
    }
    if let Some(priority) = changes.priority {
        task.priority = priority;
        arguments.insert("priority".into(), json!(level(priority)));
    }
}

fn passes(task: &Task, filter: &Filter) -> bool {
    let status = match filter.status {
        Status::All => true,
        Status::Pending => !task.completed,
        Status::Completed => task.completed,
    };
    let due = filter.due.is_none_or(|window| task.due.is_some_and(|due| inside(due, window)));
    let query = filter.query.as_ref().is_none_or(|query| {
        query.to_lowercase().split_whitespace().all(|word| task.title.to_lowercase().contains(word))
    });
    status && due && query && filter.priority.is_none_or(|priority| priority == task.priority)
}

fn inside(due: When, window: Window) -> bool {
    let day = |when: When| match when {
        When::Date(date) => date,
        When::At(moment) => moment.date_naive(),
    };
    window.after.is_none_or(|after| day(due) > day(after)) && window.before.is_none_or(|before| day(due) < day(before))
}

fn written(when: When) -> String {
    match when {
        When::Date(date) => date.to_string(),
        When::At(moment) => moment.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

fn level(priority: Priority) -> &'static str {
    match priority {
        Priority::None => "none",
        Priority::Low => "low",
        Priority::Medium => "medium",
        Priority::High => "high",
    }
}
