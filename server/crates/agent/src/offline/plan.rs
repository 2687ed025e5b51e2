//! From what a message asks for to calls, and from their results to what is said.

use saydo_contract::{SlashCommand, Task, TaskOutcome, ToolName, UndoKind};
use saydo_interpreter::{
    Changes, DueChange, Intent, NewItem, NoteChange, Priority, Target, has_task_noun, selection, split_title,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    PlanContext, TurnOutcome,
    choice::Choice,
    find::{Found, find},
    listing, offer,
    replay::{CallResult, PendingStep, PlannedCall, Replay, ToolRequest, arguments},
    reply::{Candidate, Reply},
    report::{Change, Extras, Report, ReportResult, TaskName, all_changed},
    tasks::{Tasks, due_text, priority_text, spoken_priority, when},
    undo,
};
use crate::{
    history::UndoTarget,
    limits::{MOST_CHANGES, ROUND},
    model::Confirm,
};

/// What an intent comes to.
enum Planned {
    Calls(Vec<PlannedCall>, Vec<Reply>),
    /// Changes of tasks that were not named one by one.
    Bulk(Vec<PlannedCall>),
    /// Calls that make the parts of a title tasks.
    Split {
        title: String,
        calls: Vec<PlannedCall>,
    },
    /// Calls that take changes back, or do them again.
    Undo(undo::UndoPlan),
    /// The message is only answered. None of its intents is carried out.
    AnswerOnly(Reply),
    Unclear(Vec<Candidate>),
}

/// Everything that a message asks for, before any of it is done.
#[derive(Default)]
struct Plan {
    calls: Vec<PlannedCall>,
    notes: Vec<Reply>,
    confirm: Confirm,
    undo: Option<UndoKind>,
    /// The title that is all that the plan splits.
    split: Option<String>,
}

impl Plan {
    /// The results of the calls. More than a round's are made in several messages, one after the other; what has to be
    /// confirmed is one question, and its answer makes the rounds.
    fn run<'a>(&self, replay: &mut Replay<'a>) -> Result<Vec<CallResult<'a>>, PendingStep> {
        let requests: Vec<ToolRequest> = self.calls.iter().map(|call| call.request.clone()).collect();
        let is_batch = requests.len() > ROUND;
        let is_unasked = self.confirm == Confirm::Never || self.calls.iter().all(|call| call.change == Change::Added);
        let mut results = Vec::new();
        for round in requests.chunks(if is_unasked { ROUND } else { requests.len() }) {
            let answered = replay.calls(round.to_vec(), self.confirm, &self.notes, is_batch)?;
            let is_short = answered.len() < round.len();
            results.extend(answered);
            if is_short {
                break;
            }
        }
        Ok(results)
    }
}

/// Does what the intents ask for. Everything is found before anything is changed: where one of several commands is
/// unclear, none is carried out.
pub(super) fn carry_out(
    intents: &[Intent],
    context: PlanContext<'_>,
    replay: &mut Replay<'_>,
) -> Result<TurnOutcome, PendingStep> {
    if let [intent] = intents
        && let Some(reply) = talk(intent, &context)
    {
        return Ok(TurnOutcome::Said(reply));
    }
    let tasks = if intents.iter().any(needs_tasks) { Some(Tasks::read(replay)?) } else { None };
    if let Some(changed) = changed_since_offered(context.chosen, tasks.as_ref()) {
        return Ok(TurnOutcome::Said(Reply::NotAsOffered { title: changed.title.clone() }));
    }
    let plan = match planned(intents, tasks.as_ref(), &context) {
        Ok(plan) => plan,
        Err(outcome) => return Ok(outcome),
    };
    // Of more changes the question is about the first ones.
    if plan.calls.iter().filter(|call| call.change == Change::Added).count() > MOST_CHANGES {
        return Ok(TurnOutcome::Said(Reply::TooMany { most: MOST_CHANGES }));
    }
    let mut said = Vec::new();
    if !plan.calls.is_empty() {
        let results = plan.run(replay)?;
        said.push(reply_about(&plan, &results));
    }
    said.extend(plan.notes);
    for intent in intents {
        match intent {
            Intent::List(asked) => said.push(listing::show(asked, &context, replay)?),
            Intent::About(topic) => said.push(Reply::About(*topic)),
            _ => {}
        }
    }
    Ok(TurnOutcome::Said(match said.len() {
        0 => context.unrecognised(),
        1 => said.remove(0),
        _ => Reply::Several(said),
    }))
}

/// The first chosen option whose task is not what it was when it was offered.
fn changed_since_offered<'a>(chosen: &'a [Candidate], tasks: Option<&Tasks>) -> Option<&'a Candidate> {
    let task = |offered: &Candidate| tasks?.get(offered.id).map(Candidate::of);
    chosen.iter().find(|offered| task(offered).is_some_and(|task| task != **offered))
}

/// Plans all of the intents, or gives the answer that says why none is carried out.
fn planned(intents: &[Intent], tasks: Option<&Tasks>, context: &PlanContext<'_>) -> Result<Plan, TurnOutcome> {
    let mut plan = Plan::default();
    for (at, intent) in intents.iter().enumerate() {
        match planned_one(intent, intents.len(), tasks, context) {
            Planned::Calls(calls, notes) => {
                plan.calls.extend(calls);
                plan.notes.extend(notes);
            }
            Planned::Bulk(calls) => {
                plan.calls.extend(calls);
                plan.confirm = Confirm::Always;
            }
            Planned::Split { title, calls } => {
                plan.calls.extend(calls);
                plan.split = (intents.len() == 1).then_some(title);
            }
            Planned::Undo(undo::UndoPlan { kind, calls, notes }) => {
                plan = Plan { calls, notes, confirm: Confirm::Never, undo: kind, split: None };
            }
            Planned::AnswerOnly(reply) => return Err(TurnOutcome::Said(reply)),
            Planned::Unclear(options) => {
                let places = (1..).take(options.len());
                let is_task = |tasks: &Tasks, id: i64| tasks.more || tasks.get(id).is_some();
                let taken = tasks.map(|tasks| places.filter(|id| is_task(tasks, *id)).collect()).unwrap_or_default();
                return Err(TurnOutcome::Asked(Choice { intents: intents.to_vec(), at, options, taken }));
            }
        }
    }
    Ok(plan)
}

fn planned_one(intent: &Intent, count: usize, tasks: Option<&Tasks>, context: &PlanContext<'_>) -> Planned {
    match (intent, tasks) {
        (Intent::Add(items), _) => Planned::Calls(items.iter().map(add).collect(), Vec::new()),
        (Intent::Offer(items), Some(tasks)) => Planned::AnswerOnly(offer::made(items, tasks)),
        (Intent::Split(target), Some(tasks)) => split(intent, target, tasks, context),
        (intent, Some(tasks)) => match UndoTarget::of(intent) {
            Some(_) if count > 1 => Planned::AnswerOnly(Reply::UndoAlone),
            Some(target) => Planned::Undo(undo::plan(target, context.past, tasks, context.now)),
            None => change(intent, tasks, context),
        },
        _ => Planned::Calls(Vec::new(), Vec::new()),
    }
}

/// Says what came of the calls.
fn reply_about(plan: &Plan, results: &[CallResult<'_>]) -> Reply {
    let reports: Vec<Report> = plan.calls.iter().zip(results).map(|(call, result)| report(call, result)).collect();
    let not_run = plan.calls.len().saturating_sub(results.len());
    match plan.undo {
        Some(kind) if results.iter().any(Result::is_ok) => Reply::TakenBack { kind, reports, not_run },
        _ => match &plan.split {
            Some(title) if not_run == 0 && all_changed(&reports) => Reply::Split { title: title.clone(), reports },
            _ => Reply::Changed { reports, not_run },
        },
    }
}

fn report(call: &PlannedCall, result: &CallResult<'_>) -> Report {
    let given = &call.request.arguments;
    let task = match given.get("task_id").and_then(Value::as_i64) {
        Some(number) => TaskName::Number(number),
        None => TaskName::Title(given.get("title").and_then(Value::as_str).unwrap_or_default().to_owned()),
    };
    let result = match result {
        Ok(value) => match TaskOutcome::deserialize(*value) {
            Ok(outcome) => ReportResult::Done(Box::new(outcome)),
            Err(_) => ReportResult::Unreadable,
        },
        Err(reason) => ReportResult::Failed(reason.clone()),
    };
    Report { change: call.change, task, extras: call.extras.clone(), result }
}

/// The answer to what needs no tool.
fn talk(intent: &Intent, context: &PlanContext<'_>) -> Option<Reply> {
    Some(match intent {
        Intent::Greet => Reply::Greeting,
        Intent::Thanks => Reply::Welcome,
        Intent::Goodbye => Reply::Goodbye,
        Intent::Help => {
            // Who asks for the list by its command gets it, as often as that is.
            let is_asked = SlashCommand::of_message(context.turn.said) == Some(SlashCommand::Help);
            Reply::Abilities { examples: is_asked || context.may_show_examples() }
        }
        Intent::Decline => Reply::Declined,
        Intent::Confirm | Intent::Choose(_) if context.had_question() => Reply::NoLongerValid,
        Intent::Unknown | Intent::Offer(_) if selection::is_number(context.turn.said) && context.had_question() => {
            Reply::NoLongerValid
        }
        Intent::Confirm | Intent::Choose(_) => Reply::NothingToConfirm,
        Intent::Unknown => context.unrecognised(),
        Intent::About(topic) => Reply::About(*topic),
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
            | Intent::Offer(_)
            | Intent::Split(_)
            | Intent::Undo
            | Intent::UndoReceipt(_)
            | Intent::Redo
    )
}

fn add(item: &NewItem) -> PlannedCall {
    let mut given = arguments([("title", item.title.as_str().into())]);
    let mut give = |name: &str, value: Option<Value>| given.extend(value.map(|value| (name.to_owned(), value)));
    give("description", item.description.as_deref().map(Value::from));
    give("due", item.due.map(|due| due_text(due).into()));
    give("priority", item.priority.map(|priority| priority_text(priority).into()));
    PlannedCall {
        request: ToolRequest { tool: ToolName::AddTask, arguments: given },
        change: Change::Added,
        extras: Extras::of(item),
    }
}

/// The first part of its title becomes the task's, and the others become tasks with its date and priority.
fn split(intent: &Intent, target: &Target, tasks: &Tasks, context: &PlanContext<'_>) -> Planned {
    let id = match find(intent, target, tasks, context) {
        Found::Tasks(ids, _) if ids.len() == 1 => ids[0],
        Found::Tasks(..) | Found::Bulk(_) => return Planned::AnswerOnly(Reply::SplitAlone),
        Found::OneOf(options) => return Planned::Unclear(options),
        Found::Nothing(reply) => return Planned::AnswerOnly(reply),
    };
    let Some(task) = tasks.get(id) else { return Planned::AnswerOnly(Reply::NoSuchNumbers(vec![id])) };
    let title = task.title.as_str().to_owned();
    let parts = split_title(&title);
    let [first, others @ ..] = &parts[..] else { return Planned::AnswerOnly(Reply::NothingToSplit { title }) };
    if task.completed {
        return Planned::AnswerOnly(Reply::DoneAlready { title });
    }
    let renamed = PlannedCall {
        request: ToolRequest {
            tool: ToolName::UpdateTask,
            arguments: arguments([("task_id", id.into()), ("title", first.as_str().into())]),
        },
        change: Change::Updated,
        extras: Extras::default(),
    };
    let other = |part: &String| {
        let priority = Some(spoken_priority(task.priority)).filter(|priority| *priority != Priority::None);
        add(&NewItem { title: part.clone(), due: task.due.map(when), priority, ..NewItem::default() })
    };
    let calls = std::iter::once(renamed).chain(others.iter().map(other)).collect();
    Planned::Split { title, calls }
}

fn change(intent: &Intent, tasks: &Tasks, context: &PlanContext<'_>) -> Planned {
    let (target, tool, change) = match intent {
        Intent::Complete(target) => (target, ToolName::CompleteTask, Change::Completed),
        Intent::Delete(target) => (target, ToolName::DeleteTask, Change::Deleted),
        Intent::Reopen(target) => (target, ToolName::UpdateTask, Change::Reopened),
        Intent::Restore(target) => (target, ToolName::UpdateTask, Change::Restored),
        Intent::Update { target, .. } => (target, ToolName::UpdateTask, Change::Updated),
        _ => return Planned::Calls(Vec::new(), Vec::new()),
    };
    let (ids, missing, is_bulk) = match find(intent, target, tasks, context) {
        Found::Tasks(ids, missing) => (ids, missing, false),
        Found::Bulk(ids) => (ids, Vec::new(), true),
        Found::OneOf(options) => return Planned::Unclear(options),
        Found::Nothing(reply) => return Planned::AnswerOnly(reply),
    };
    if let Some(reply) = misread_title(intent, &ids, is_bulk, tasks, context) {
        return Planned::AnswerOnly(reply);
    }
    let (mut calls, mut notes) = (Vec::new(), Vec::new());
    for id in ids {
        match arguments_for(intent, id, tasks, context) {
            Ok(arguments) => {
                let request = ToolRequest { tool, arguments };
                calls.push(PlannedCall { request, change, extras: Extras::default() });
            }
            Err(note) => notes.push(note),
        }
    }
    if is_bulk && !calls.is_empty() {
        return Planned::Bulk(calls);
    }
    if !missing.is_empty() {
        notes.push(Reply::NoSuchNumbers(missing));
    }
    Planned::Calls(calls, notes)
}

/// Why a new title is not given: there are several tasks, or it is of a part of the title.
fn misread_title(
    intent: &Intent,
    ids: &[i64],
    is_bulk: bool,
    tasks: &Tasks,
    context: &PlanContext<'_>,
) -> Option<Reply> {
    let Intent::Update { target, changes } = intent else { return None };
    if is_bulk && changes.title.is_some() {
        return Some(Reply::OneTitle);
    }
    let [id] = ids else { return None };
    let title = tasks.get(*id)?.title.as_str();
    let is_part = is_of_a_part(target, changes, title, context.turn.said);
    is_part.then(|| Reply::WholeTitle { id: *id, title: title.to_owned() })
}

fn arguments_for(
    intent: &Intent,
    id: i64,
    tasks: &Tasks,
    context: &PlanContext<'_>,
) -> Result<Map<String, Value>, Reply> {
    let mut given = arguments([("task_id", id.into())]);
    match intent {
        Intent::Reopen(_) => given.extend(arguments([("completed", false.into())])),
        Intent::Restore(_) => given.extend(arguments([("deleted", false.into())])),
        Intent::Update { changes, .. } => given.extend(changed(changes, id, tasks, context)?),
        _ => {}
    }
    Ok(given)
}

/// Whether "change Anna to Anne" speaks of a part of this title: the new words would leave out the rest.
fn is_of_a_part(target: &Target, changes: &Changes, title: &str, said: &str) -> bool {
    let (Target::Description(description), Some(new)) = (target, &changes.title) else { return false };
    let count = |text: &str| text.split_whitespace().count();
    description.verb.is_some()
        && count(&description.words) < count(title)
        && count(new) <= count(&description.words)
        && !has_task_noun(said)
}

/// The note that an update gives; `None` where it keeps the task's.
fn changed_note(change: &NoteChange, task: Option<&Task>) -> Option<Value> {
    Some(match change {
        NoteChange::Keep => return None,
        // Null beside another null would be filler.
        NoteChange::Clear => "".into(),
        NoteChange::Set(note) => note.as_str().into(),
        NoteChange::Append(line) => {
            match task.and_then(|task| task.description.as_deref()).filter(|note| !note.is_empty()) {
                Some(note) => format!("{note}\n{line}").into(),
                None => line.as_str().into(),
            }
        }
    })
}

/// The fields that an update gives for one task.
fn changed(changes: &Changes, id: i64, tasks: &Tasks, context: &PlanContext<'_>) -> Result<Map<String, Value>, Reply> {
    let task = tasks.get(id);
    let mut fields = Map::new();
    if let Some(title) = &changes.title {
        fields.insert("title".to_owned(), title.as_str().into());
    }
    if let Some(note) = changed_note(&changes.note, task) {
        fields.insert("description".to_owned(), note);
    }
    if changes.due != DueChange::Keep {
        let current = task.and_then(|task| task.due).map(when);
        match (changes.due, changes.due.apply(current, &context.now.moment)) {
            (DueChange::Clear, _) => {
                fields.insert("due".to_owned(), Value::Null);
            }
            (_, Some(due)) => {
                fields.insert("due".to_owned(), due_text(due).into());
            }
            (_, None) => {
                let title = task.map(|task| task.title.as_str().to_owned());
                return Err(Reply::NoDueDate { id, title });
            }
        }
    }
    if let Some(priority) = changes.priority {
        fields.insert("priority".to_owned(), priority_text(priority).into());
    }
    Ok(fields)
}
