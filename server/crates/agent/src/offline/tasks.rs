//! The person's tasks, as `list_tasks` tells them.

use crate::LocalNow;
use saydo_contract::{Due, Priority as TaskPriority, Task, TaskList, ToolName};
use saydo_interpreter::{Candidate, Filter, Priority, Status, When, Window};
use serde_json::Value;

use super::{
    replay::{CallResult, PendingStep, Replay, ToolRequest, arguments},
    reply::Reply,
};
use crate::limits::LIST_PAGES;

/// All tasks that are not in the trash, open ones first.
pub(super) struct Tasks {
    pub(super) all: Vec<Task>,
    /// Whether there are more than were read.
    pub(super) more: bool,
}

impl Tasks {
    /// Reads the whole list.
    pub(super) fn read(replay: &mut Replay<'_>) -> Result<Self, PendingStep> {
        let mut all = Vec::new();
        let mut cursor = None;
        for _ in 0..LIST_PAGES {
            let mut page = arguments([("status", "all".into()), ("limit", 200.into())]);
            page.extend(cursor.map(|cursor| ("cursor".to_owned(), cursor)));
            let answered = replay.call(ToolRequest { tool: ToolName::ListTasks, arguments: page })?;
            let page = parse(answered)?;
            all.extend(page.tasks);
            cursor = page.next_cursor.map(|cursor| Value::String(cursor.into()));
            if cursor.is_none() {
                break;
            }
        }
        Ok(Self { all, more: cursor.is_some() })
    }

    pub(super) fn get(&self, id: i64) -> Option<&Task> {
        self.all.iter().find(|task| task.id.get() == id)
    }

    pub(super) fn open(&self) -> impl DoubleEndedIterator<Item = &Task> {
        self.all.iter().filter(|task| !task.completed)
    }

    pub(super) fn matching(&self, filter: &Filter, now: &LocalNow) -> Vec<&Task> {
        self.all.iter().filter(|task| fits(task, filter, now)).collect()
    }
}

/// A page of the list, or what to say where there is none.
pub(super) fn parse(answered: CallResult<'_>) -> Result<TaskList, PendingStep> {
    let page = answered.map_err(|error| PendingStep::Say(Reply::UnreadableList(error)))?;
    serde_json::from_value(page.clone()).map_err(|_| PendingStep::Say(Reply::UnreadableList(None)))
}

pub(super) fn candidate(task: &Task) -> Candidate<'_> {
    Candidate { id: task.id.get(), title: task.title.as_str(), completed: task.completed }
}

/// Whether a task passes all of a filter.
pub(super) fn fits(task: &Task, filter: &Filter, now: &LocalNow) -> bool {
    let status = match filter.status {
        Status::All => true,
        Status::Pending => !task.completed,
        Status::Completed => task.completed,
    };
    let text = format!("{} {}", task.title.as_str(), task.description.as_deref().unwrap_or_default()).to_lowercase();
    let query = filter.query.as_deref().unwrap_or_default().to_lowercase();
    status
        && query.split_whitespace().all(|word| text.contains(word))
        && filter.priority.is_none_or(|wanted| task.priority == priority(wanted))
        && filter.due.is_none_or(|window| task.due.is_some_and(|due| within(when(due), &window, now)))
        && filter.finished.is_none_or(|window| {
            task.completed_at.is_some_and(|moment| {
                let moment = moment.with_timezone(&now.moment.timezone()).fixed_offset();
                within(When::At(moment), &window, now)
            })
        })
}

fn within(moment: When, window: &Window, now: &LocalNow) -> bool {
    let day = |when: When| match when {
        When::Date(date) => date,
        When::At(moment) => moment.with_timezone(&now.moment.timezone()).date_naive(),
    };
    let after = |limit: When| match (moment, limit) {
        (When::At(moment), When::At(limit)) => moment > limit,
        _ => day(moment) > day(limit),
    };
    let before = |limit: When| match (moment, limit) {
        (When::At(moment), When::At(limit)) => moment < limit,
        _ => day(moment) < day(limit),
    };
    window.after.is_none_or(after) && window.before.is_none_or(before)
}

pub(super) fn when(due: Due) -> When {
    match due {
        Due::Date(date) => When::Date(date),
        Due::At(moment) => When::At(moment),
    }
}

pub(super) fn due(when: When) -> Due {
    match when {
        When::Date(date) => Due::Date(date),
        When::At(moment) => Due::At(moment),
    }
}

/// As it stands in arguments.
pub(super) fn due_text(when: When) -> String {
    due(when).to_string()
}

pub(super) fn priority(priority: Priority) -> TaskPriority {
    match priority {
        Priority::None => TaskPriority::None,
        Priority::Low => TaskPriority::Low,
        Priority::Medium => TaskPriority::Medium,
        Priority::High => TaskPriority::High,
    }
}

/// As it stands in arguments.
pub(super) fn priority_text(wanted: Priority) -> &'static str {
    match wanted {
        Priority::None => "none",
        Priority::Low => "low",
        Priority::Medium => "medium",
        Priority::High => "high",
    }
}

pub(super) fn spoken_priority(priority: TaskPriority) -> Priority {
    match priority {
        TaskPriority::None => Priority::None,
        TaskPriority::Low => Priority::Low,
        TaskPriority::Medium => Priority::Medium,
        TaskPriority::High => Priority::High,
    }
}
