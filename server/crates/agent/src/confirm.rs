//! Which calls need a confirmation, and freezing them. Any model's message that changes many tasks is frozen.
//!
//! Only the conversation keeps frozen calls: they are data of the question, in the agent's last message. The calls of
//! that message stay empty, because a server of a version before would run them when it takes the turn over. The turn
//! that asks reads the tasks first, so a task that changed since is found by comparison. The answer runs exactly the
//! frozen calls, and no model is asked again.

mod answer;

use std::collections::{BTreeMap, BTreeSet};

use saydo_contract::{ChangeVerb, ConfirmationItem, FrozenCall, Question, Task, TaskList, ToolName, normalize};
use saydo_interpreter::{Filter, Intent, Target, interpret};
use serde_json::{Value, json};

pub(crate) use answer::{Reader, answer};

use crate::{
    HistoryItem, LocalNow, ModelMessage, RawCall, ToolCall,
    context::changes_of,
    limits::LIST_PAGES,
    model::Confirm,
    offline::reply::{Reply, SharedUpdate},
};

/// Whether a message has to be confirmed. `turn` is what the agent said and did in this turn.
pub(crate) fn is_needed(message: &ModelMessage, said: &str, turn: &[HistoryItem], from: usize, now: LocalNow) -> bool {
    let meant: BTreeSet<i64> = message.calls.iter().filter_map(change).map(|(id, _)| id).collect();
    if meant.is_empty() {
        return false;
    }
    match message.confirm {
        Confirm::Never => false,
        Confirm::Always => true,
        Confirm::Many => {
            let done = calls(turn).filter(|call| call.tool != ToolName::AddTask.as_str()).flat_map(changes_of);
            let all: BTreeSet<i64> = done.map(|change| change.task_id.get()).chain(meant).collect();
            all.len() >= from || is_sweeping(said, now)
        }
    }
}

/// Whether the person asked to change every task.
fn is_sweeping(said: &str, now: LocalNow) -> bool {
    interpret(said, &now.context()).iter().filter_map(changed_target).any(|target| {
        matches!(target, Target::All)
            || matches!(target, Target::Matching { filter, single: false } if *filter == Filter::default())
    })
}

/// The tasks on the list that an intent changes.
fn changed_target(intent: &Intent) -> Option<&Target> {
    match intent {
        Intent::Complete(target)
        | Intent::Reopen(target)
        | Intent::Delete(target)
        | Intent::Restore(target)
        | Intent::Update { target, .. } => Some(target),
        _ => None,
    }
}

/// Takes out of a message what waits for a yes; what is left changes no task that is there.
pub(crate) fn split(message: &mut ModelMessage) -> Vec<RawCall> {
    let (changing, rest) = std::mem::take(&mut message.calls).into_iter().partition(|call| change(call).is_some());
    message.calls = rest;
    changing
}

/// Calls to ask about, and what to say of those that are left out.
pub(crate) struct ConfirmationRequest {
    pub(crate) calls: Vec<FrozenCall>,
    pub(crate) left_out: Vec<Reply>,
}

/// Asks whether to run these calls: those for tasks that are on the list or come back to it, `most` of them at most.
/// `None` where no task is left.
pub(crate) fn ask(frozen: &[RawCall], seen: &Seen, most: usize) -> Option<ConfirmationRequest> {
    let is_there = |call: &&RawCall| change(call).is_some_and(|(id, _)| seen.may_have(id) || restores(call));
    let (calls, missing): (Vec<&RawCall>, Vec<&RawCall>) = frozen.iter().partition(is_there);
    let mut calls: Vec<FrozenCall> = calls.into_iter().filter_map(|call| seen.freeze(call)).collect();
    let mut left_out = Vec::new();
    let missing: BTreeSet<i64> = missing.into_iter().filter_map(change).map(|(id, _)| id).collect();
    left_out.extend((!missing.is_empty()).then(|| Reply::NoSuchNumbers(missing.into_iter().collect())));
    if calls.len() > most {
        calls.truncate(most);
        left_out.push(Reply::AboutTheFirst { count: most });
    }
    (!calls.is_empty()).then_some(ConfirmationRequest { calls, left_out })
}

/// The question that a conversation ends with.
pub(crate) fn open_question(items: &[HistoryItem]) -> Option<&Question> {
    match items.last()? {
        HistoryItem::Assistant { meta, .. } => meta.question.as_ref(),
        HistoryItem::User { .. } => None,
    }
}

/// Whether a conversation ends with frozen calls of a version that did not keep its question as data. They never run.
pub(crate) fn ends_in_old_question(items: &[HistoryItem]) -> bool {
    let Some(HistoryItem::Assistant { text, calls, meta }) = items.last() else { return false };
    let waits = |call: &ToolCall| call.outcome.is_none() && changed(&call.tool, &call.arguments).is_some();
    meta.question.is_none() && !text.is_empty() && !calls.is_empty() && calls.iter().all(waits)
}

/// What frozen calls are about, each change of a task once.
pub(crate) fn items(frozen: &[FrozenCall]) -> Vec<ConfirmationItem> {
    let mut items: Vec<ConfirmationItem> = Vec::new();
    for FrozenCall { task_id, title, verb, .. } in frozen {
        if !items.iter().any(|item| (item.task_id, item.verb) == (*task_id, *verb)) {
            items.push(ConfirmationItem { task_id: *task_id, title: title.clone(), verb: *verb });
        }
    }
    items
}

/// What frozen updates have in common, where each sets one field, and all the same to one value.
pub(crate) fn shared_update(frozen: &[FrozenCall]) -> Option<SharedUpdate> {
    let mut fields = frozen.iter().map(|call| {
        let fields = call.arguments.as_object().filter(|_| call.verb == ChangeVerb::Updated)?;
        let mut fields = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "task_id" | "user_id"));
        fields.next().filter(|_| fields.next().is_none())
    });
    let (name, value) = fields.next()??;
    if !fields.all(|other| other == Some((name, value))) {
        return None;
    }
    match name.as_str() {
        "due" => serde_json::from_value(value.clone()).ok().map(SharedUpdate::Due),
        "priority" => serde_json::from_value(value.clone()).ok().map(SharedUpdate::Priority),
        _ => None,
    }
}

/// The tasks as the last turn's listings and changes leave them.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    tasks: BTreeMap<i64, Task>,
    /// Also of tasks that the conversation moved to the trash.
    titles: BTreeMap<i64, String>,
    /// Pages of the whole list that were read, or tried.
    pages: usize,
    /// Where the next page begins; `None` behind the last.
    cursor: Option<String>,
    failed: bool,
}

impl Seen {
    pub(crate) fn of(items: &[HistoryItem]) -> Self {
        let mut seen = Self::default();
        let from = items.iter().rposition(|item| matches!(item, HistoryItem::User { .. })).unwrap_or(0);
        let (before, turn) = items.split_at(from);
        for change in calls(before).flat_map(changes_of) {
            seen.titles.insert(change.task_id.get(), change.title.into());
        }
        for call in calls(turn) {
            if call.tool == ToolName::ListTasks.as_str() {
                seen.list(call);
            }
            for change in changes_of(call) {
                seen.titles.insert(change.task_id.get(), change.title.into());
                match change.after {
                    Some(task) => seen.tasks.insert(task.id.get(), task),
                    None => seen.tasks.remove(&change.task_id.get()),
                };
            }
        }
        seen
    }

    fn list(&mut self, call: &ToolCall) {
        let listed = call.result().and_then(|list| serde_json::from_value::<TaskList>(list.clone()).ok());
        let is_page = is_page(&call.arguments);
        self.pages += usize::from(is_page);
        self.failed |= is_page && listed.is_none();
        let Some(listed) = listed else { return };
        if is_page {
            self.cursor = listed.next_cursor.map(Into::into);
        }
        for task in listed.tasks {
            self.titles.insert(task.id.get(), task.title.as_str().to_owned());
            self.tasks.insert(task.id.get(), task);
        }
    }

    /// The call that looks for those of these tasks that were not seen yet; `None` where it would find no more.
    pub(crate) fn look_for(&self, frozen: &[RawCall]) -> Option<RawCall> {
        let all_seen = frozen.iter().filter_map(change).all(|(id, _)| self.tasks.contains_key(&id));
        if all_seen || self.failed || self.pages >= LIST_PAGES || (self.pages > 0 && self.cursor.is_none()) {
            return None;
        }
        let mut page = page();
        if let (Some(cursor), Some(page)) = (&self.cursor, page.as_object_mut()) {
            page.insert("cursor".to_owned(), cursor.as_str().into());
        }
        Some(RawCall {
            tool: ToolName::ListTasks.as_str().to_owned(),
            arguments: page.to_string(),
            ..RawCall::default()
        })
    }

    /// A call with what it changes, and the title as it was seen last.
    fn freeze(&self, call: &RawCall) -> Option<FrozenCall> {
        let arguments = normalized(&call.tool, serde_json::from_str(&call.arguments).ok()?);
        let (id, verb) = changed(&call.tool, &arguments)?;
        let title = self.titles.get(&id).cloned().unwrap_or_else(|| format!("#{id}"));
        Some(FrozenCall { tool: call.tool.clone(), arguments, task_id: id.try_into().ok()?, title, verb })
    }

    /// Whether the task is on the list, as far as that was read.
    fn may_have(&self, id: i64) -> bool {
        self.tasks.contains_key(&id) || self.failed || self.pages == 0 || self.cursor.is_some()
    }
}

fn page() -> Value {
    json!({ "status": "all", "limit": 200 })
}

/// Whether these arguments read a page of the whole list.
fn is_page(arguments: &Value) -> bool {
    let mut plain = arguments.clone();
    if let Some(plain) = plain.as_object_mut() {
        plain.remove("cursor");
    }
    plain == page()
}

/// Whether a call's task may be in the trash.
fn restores(call: &RawCall) -> bool {
    serde_json::from_str(&call.arguments).is_ok_and(|given| normalized(&call.tool, given)["deleted"] == false)
}

/// The task that a call changes, and how.
fn change(call: &RawCall) -> Option<(i64, ChangeVerb)> {
    let arguments: Value = serde_json::from_str(&call.arguments).ok()?;
    changed(&call.tool, &arguments)
}

/// The arguments as the tools read them.
fn normalized(tool: &str, arguments: Value) -> Value {
    match (tool.parse(), arguments) {
        (Ok(tool), Value::Object(given)) => normalize(tool, given).arguments.into(),
        (_, arguments) => arguments,
    }
}

/// The task that a call with these arguments changes, and how.
fn changed(tool: &str, arguments: &Value) -> Option<(i64, ChangeVerb)> {
    let arguments = normalized(tool, arguments.clone());
    let flag = |name: &str| arguments.get(name).and_then(Value::as_bool);
    let verb = match tool.parse().ok()? {
        ToolName::CompleteTask => ChangeVerb::Completed,
        ToolName::DeleteTask => ChangeVerb::Deleted,
        ToolName::UpdateTask => match (flag("deleted"), flag("completed")) {
            (Some(true), _) => ChangeVerb::Deleted,
            (_, Some(true)) => ChangeVerb::Completed,
            (_, Some(false)) => ChangeVerb::Reopened,
            // A task that is not in the trash takes the other fields all the same.
            (Some(false), None) if arguments.as_object().is_some_and(|fields| fields.len() == 2) => {
                ChangeVerb::Restored
            }
            (_, None) => ChangeVerb::Updated,
        },
        ToolName::AddTask | ToolName::ListTasks => return None,
    };
    Some((arguments.get("task_id")?.as_i64()?, verb))
}

fn calls(items: &[HistoryItem]) -> impl Iterator<Item = &ToolCall> {
    items.iter().flat_map(HistoryItem::calls)
}
