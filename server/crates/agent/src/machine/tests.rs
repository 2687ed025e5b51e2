//! The machine alone: fixed events, random events, and turns that are begun again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "tests/answers.rs"]
mod answers;

use std::collections::HashSet;

use chrono::TimeZone;
use proptest::prelude::*;
use saydo_contract::TurnId;
use serde_json::{Map, json};

use super::*;
use rmcp::ServiceError as ServiceFault;

fn input(history: Vec<HistoryItem>) -> TurnInput {
    let moment = chrono_tz::UTC.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap();
    let now = LocalNow { moment, locale: saydo_interpreter::zone_locale(moment.timezone()) };
    TurnInput {
        history,
        now,
        said_at: moment.with_timezone(&Utc),
        reply_delay: None,
        turn: TurnId::try_from(7).unwrap(),
    }
}

fn machine(history: Vec<HistoryItem>, limits: Limits) -> (Machine, Vec<Effect>) {
    let mut machine = Machine::new(input(history), limits);
    let effects = machine.handle(started());
    (machine, effects)
}

fn started() -> Event {
    Event::Started { tools: vec!["add_task".to_owned(), "list_tasks".to_owned()] }
}

fn user(text: &str) -> HistoryItem {
    HistoryItem::User { turn: TurnId::try_from(7).unwrap(), text: text.to_owned(), said_at: DateTime::UNIX_EPOCH }
}

fn assistant(text: &str, calls: Vec<ToolCall>) -> HistoryItem {
    HistoryItem::Assistant { text: text.to_owned(), calls, meta: MessageMeta::default() }
}

fn raw(id: &str, tool: &str, arguments: &str) -> RawCall {
    RawCall { id: id.to_owned(), tool: tool.to_owned(), arguments: arguments.to_owned(), extra: Map::new() }
}

fn message(text: &str, calls: Vec<RawCall>) -> Event {
    Event::Answered(ModelMessage { text: text.to_owned(), calls, ..ModelMessage::default() })
}

fn names(effects: &[Effect]) -> Vec<&'static str> {
    effects
        .iter()
        .map(|effect| match effect {
            Effect::Emit(Step::Delta(_)) => "delta",
            Effect::Emit(Step::Answer { .. }) => "answer",
            Effect::Emit(Step::ToolStarted { .. }) => "started",
            Effect::Emit(Step::ToolFinished { .. }) => "finished",
            Effect::Emit(Step::Choice { .. }) => "choice",
            Effect::Emit(Step::Confirm { .. }) => "confirm",
            Effect::Emit(Step::Finished { .. }) => "done",
            Effect::Emit(Step::Failed(_)) => "failed",
            Effect::AskModel(_) => "ask",
            Effect::RunTool(_) => "run",
        })
        .collect()
}

/// AGENT-05: message, then each call in order, then the model again, then the answer.
#[test]
fn a_turn_goes_its_way() {
    let (mut machine, begun) = machine(vec![user("milk, eggs")], Limits::default());
    assert_eq!(names(&begun), ["ask"]);
    assert_eq!(names(&machine.handle(Event::Delta("One".into()))), ["delta"]);
    let calls = vec![raw("a", "add_task", "{}"), raw("b", "add_task", "{}")];
    assert_eq!(names(&machine.handle(message("One", calls))), ["answer", "started", "run"]);
    let answered = || Event::ToolAnswered { result: json!({ "task_id": 1 }), is_error: false };
    assert_eq!(names(&machine.handle(answered())), ["finished", "started", "run"]);
    assert_eq!(names(&machine.handle(answered())), ["finished", "ask"]);
    assert_eq!(names(&machine.handle(message("Done.", vec![]))), ["answer", "done"]);
    assert!(machine.is_over());
}

/// AGENT-06: what cannot run is answered in its place; the rest runs.
#[test]
fn refused_calls_are_answered_in_order() {
    let (mut machine, _) = machine(vec![user("x")], Limits::default());
    let calls = vec![raw("a", "nothing", "{}"), raw("b", "add_task", "{"), raw("c", "add_task", " ")];
    let effects = machine.handle(message("", calls));
    assert_eq!(names(&effects), ["answer", "started", "finished", "started", "finished", "started", "run"]);
    let Effect::Emit(Step::Answer { calls, .. }) = &effects[0] else { panic!() };
    assert_eq!(calls[1].arguments, json!("{"), "kept as it was written");
    assert_eq!(calls[2].arguments, json!({}));
}

/// AGENT-12: an empty answer is a failure, and so is one more model call than allowed.
#[test]
fn no_answer_is_a_failure() {
    let (mut ends_empty, _) = machine(vec![user("x")], Limits::default());
    assert_eq!(names(&ends_empty.handle(message(" \n", vec![]))), ["failed"]);

    let (mut never_ends, _) = machine(vec![user("x")], Limits { model_calls: 1, ..Limits::default() });
    never_ends.handle(message("", vec![raw("a", "add_task", "{}")]));
    let effects = never_ends.handle(Event::ToolAnswered { result: json!({}), is_error: false });
    assert_eq!(names(&effects), ["finished", "failed"]);
}

/// AGENT-16: what was recorded before an interruption counts.
#[test]
fn recorded_steps_count_against_the_limits() {
    let call = ToolCall {
        id: "a".into(),
        tool: "add_task".into(),
        arguments: json!({}),
        outcome: Some(CallOutcome { result: json!({}), is_error: false }),
        extra: Map::new(),
    };
    let step = assistant("", vec![call]);
    let limits = Limits { model_calls: 2, ..Limits::default() };
    let (_, effects) = machine(vec![user("x"), step.clone()], limits);
    assert_eq!(names(&effects), ["ask"]);
    let (_, effects) = machine(vec![user("x"), step.clone(), step], limits);
    assert_eq!(names(&effects), ["failed"]);
}

fn any_call() -> impl Strategy<Value = RawCall> {
    let ids = prop_oneof![Just(""), Just("a"), Just("b"), Just("c000005j5")];
    let tools = prop_oneof![Just("add_task"), Just("list_tasks"), Just("nothing")];
    let arguments = prop_oneof![Just("{}"), Just("{"), Just(""), Just("[1]"), Just(r#"{"title":"x"}"#)];
    (ids, tools, arguments).prop_map(|(id, tool, arguments)| raw(id, tool, arguments))
}

fn any_event() -> impl Strategy<Value = Happening> {
    prop_oneof![
        1 => Just(Happening::Started),
        3 => Just(Happening::Delta),
        6 => proptest::collection::vec(any_call(), 0..6).prop_map(Happening::Answered),
        9 => any::<bool>().prop_map(Happening::ToolAnswered),
        1 => Just(Happening::Failed),
    ]
}

#[derive(Debug, Clone)]
enum Happening {
    Started,
    Delta,
    Answered(Vec<RawCall>),
    ToolAnswered(bool),
    Failed,
}

impl Happening {
    fn event(self) -> Event {
        match self {
            Self::Started => started(),
            Self::Delta => Event::Delta("more".to_owned()),
            Self::Answered(calls) => message("text", calls),
            Self::ToolAnswered(is_error) => Event::ToolAnswered { result: json!("result"), is_error },
            Self::Failed => Event::Failed(ServiceFault::TransportClosed.into()),
        }
    }
}

fn any_history() -> impl Strategy<Value = Vec<HistoryItem>> {
    let call =
        (any::<u32>(), proptest::option::of(".{0,80}"), any::<bool>()).prop_map(|(id, result, is_error)| ToolCall {
            id: format!("h{id}"),
            tool: "add_task".to_owned(),
            arguments: json!({ "title": "x" }),
            outcome: result.map(|result| CallOutcome { result: result.into(), is_error }),
            extra: Map::new(),
        });
    let item = prop_oneof![
        ".{0,60}".prop_map(|text| user(&text)),
        (".{1,60}", proptest::collection::vec(call, 0..3)).prop_map(|(text, calls)| assistant(&text, calls)),
    ];
    (proptest::collection::vec(item, 0..12), ".{0,60}").prop_map(|(mut items, said)| {
        items.push(user(&said));
        items
    })
}

proptest! {
    /// AGENT-04, AGENT-15, AGENT-17: whatever happens, requests are paired, ids are unique, effects stay within the
    /// limits, and nothing follows the end.
    #[test]
    fn any_sequence_of_events_keeps_the_rules(
        history in any_history(),
        events in proptest::collection::vec(any_event(), 0..60),
        model_calls in 1_usize..6,
        tool_calls in 0_usize..6,
        context_tokens in 0_usize..2_000,
    ) {
        let limits = Limits { model_calls, tool_calls, context_tokens, ..Limits::default() };
        let said = history.last().cloned().unwrap();
        let mut machine = Machine::new(input(history), limits);
        let (mut asked, mut read, mut ran, mut ends) = (0, 0, 0, 0);
        let mut ids = HashSet::new();
        for happening in std::iter::once(Happening::Started).chain(events) {
            let was_over = machine.is_over();
            let effects = machine.handle(happening.event());
            prop_assert!(!was_over || effects.is_empty());
            prop_assert!(effects.len() <= 4 + 2 * (tool_calls + 1));
            // The machine waits for one thing at a time, and that is the last of the effects.
            let waits = effects.iter().position(|effect| !matches!(effect, Effect::Emit(_)));
            prop_assert!(waits.is_none_or(|at| at + 1 == effects.len()));
            for effect in effects {
                match effect {
                    Effect::AskModel(request) => {
                        asked += 1;
                        prop_assert!(request.items.contains(&said));
                        let this_turn = request.items.rsplit(|item| matches!(item, HistoryItem::User { .. })).next();
                        let mut calls = this_turn.into_iter().flatten().flat_map(HistoryItem::calls);
                        prop_assert!(calls.all(|call| call.outcome.is_some()));
                    }
                    Effect::RunTool(call) => {
                        *(if call.tool == "list_tasks" { &mut read } else { &mut ran }) += 1;
                        prop_assert!(call.arguments.is_object());
                    }
                    Effect::Emit(Step::Answer { calls, .. }) => {
                        for call in calls {
                            prop_assert!(!call.id.is_empty());
                            prop_assert!(ids.insert(call.id));
                        }
                    }
                    Effect::Emit(Step::Finished { .. } | Step::Failed(_)) => ends += 1,
                    Effect::Emit(_) => {}
                }
            }
            prop_assert!(asked <= model_calls);
            prop_assert!(ran <= tool_calls && read <= tool_calls);
            prop_assert_eq!(ends, usize::from(machine.is_over()));
        }
    }
}

/// A call that changes a task, or looks at the list. Tasks from 7 on are in the trash.
fn changing_call() -> impl Strategy<Value = RawCall> {
    let tools = prop_oneof![Just("delete_task"), Just("complete_task"), Just("update_task"), Just("list_tasks")];
    let fields = prop_oneof![
        Just(json!({ "title": "x" })),
        Just(json!({ "deleted": false })),
        Just(json!({ "deleted": false, "title": "x" })),
        Just(json!({ "deleted": false, "completed": true })),
        Just(json!({ "deleted": true })),
    ];
    (tools, fields, 1_i64..10).prop_map(|(tool, mut fields, id)| {
        let is_restored = tool == "update_task" && fields["deleted"] == false;
        fields["task_id"] = if is_restored { id } else { id.min(6) }.into();
        raw("", tool, &fields.to_string())
    })
}

#[derive(Debug, Clone)]
enum Fate {
    Answers(Vec<RawCall>),
    Fails,
    /// The server dies before the next thing happens, and another one goes on.
    Dies,
}

fn any_fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => proptest::collection::vec(changing_call(), 0..5).prop_map(Fate::Answers),
        1 => Just(Fate::Fails),
        3 => Just(Fate::Dies),
    ]
}

/// What a consumer has stored of a turn.
#[derive(Default)]
struct Stored {
    items: Vec<HistoryItem>,
    /// Calls that started and have no result.
    started: HashSet<String>,
    asked: bool,
    ended: bool,
}

impl Stored {
    fn take(&mut self, step: Step) {
        match step {
            Step::Answer { text, calls, meta } => self.items.push(HistoryItem::Assistant { text, calls, meta }),
            Step::ToolStarted { call_id, .. } => {
                let call = self
                    .items
                    .iter()
                    .flat_map(HistoryItem::calls)
                    .find(|call| call.id == call_id)
                    .expect("its message");
                assert!(call.outcome.is_none(), "{call_id} ran before");
                self.started.insert(call_id);
            }
            Step::ToolFinished { call_id, result, is_error, .. } => {
                assert!(self.started.remove(&call_id), "{call_id} did not start");
                let call =
                    self.items.iter_mut().flat_map(HistoryItem::calls_mut).find(|call| call.id == call_id).unwrap();
                call.outcome = Some(CallOutcome { result, is_error });
            }
            Step::Confirm { .. } => self.asked = true,
            Step::Finished { .. } | Step::Failed(_) => self.ended = true,
            Step::Delta(_) | Step::Choice { .. } => {}
        }
    }
}

fn listed() -> Value {
    let task = |id: i64| {
        json!({
            "id": id, "title": format!("Task {id}"), "description": null, "completed": false, "due": null,
            "priority": "none", "created_at": "2026-11-01T08:00:00Z", "updated_at": "2026-11-01T08:00:00Z",
            "completed_at": null,
        })
    };
    json!({ "tasks": (1..7).map(task).collect::<Vec<_>>(), "total": 6, "next_cursor": null })
}

proptest! {
    /// AGENT-37: however often the turn is begun again from what was stored, calls and results stay paired, what has a
    /// result never runs again, and fewer tasks change than have to be confirmed.
    #[test]
    fn an_interrupted_turn_keeps_the_rules(
        fates in proptest::collection::vec(any_fate(), 1..40),
        confirm_from in 1_usize..5,
        lost in any::<u8>(),
    ) {
        let limits = Limits { confirm_from, ..Limits::default() };
        let mut stored = Stored::default();
        let mut changed: HashSet<i64> = HashSet::new();
        let tools = || Event::Started { tools: ToolName::ALL.iter().map(|tool| tool.as_str().to_owned()).collect() };
        let begin = |stored: &Stored| {
            let history = std::iter::once(user("tidy up")).chain(stored.items.iter().cloned()).collect();
            let mut machine = Machine::new(input(history), limits);
            let effects = machine.handle(tools());
            (machine, effects)
        };
        let (mut machine, mut effects) = begin(&stored);
        for (at, fate) in fates.into_iter().enumerate() {
            let mut wait = None;
            // A server that dies may have stored only some of the steps.
            let keep = if matches!(fate, Fate::Dies) { usize::from(lost) * (at + 1) % 5 } else { usize::MAX };
            let mut cut = false;
            for (place, effect) in effects.drain(..).enumerate() {
                cut |= place >= keep;
                match effect {
                    _ if cut => {}
                    Effect::Emit(step) => stored.take(step),
                    other => wait = Some(other),
                }
            }
            if stored.ended {
                prop_assert!(machine.is_over() && wait.is_none());
                break;
            }
            effects = match (fate, wait) {
                (Fate::Dies, _) => {
                    stored.started.clear();
                    let begun = begin(&stored);
                    machine = begun.0;
                    begun.1
                }
                (Fate::Fails, _) => machine.handle(Event::Failed(ServiceFault::TransportClosed.into())),
                (Fate::Answers(_), Some(Effect::RunTool(call))) => {
                    let id = call.arguments["task_id"].as_i64();
                    if call.tool == "list_tasks" {
                        machine.handle(Event::ToolAnswered { result: listed(), is_error: false })
                    } else {
                        let id = id.unwrap();
                        changed.insert(id);
                        let change = json!({ "task_id": id, "title": "x", "verb": "deleted", "before": null, "after": null });
                        machine.handle(Event::ToolAnswered { result: json!({ "changes": [change] }), is_error: false })
                    }
                }
                (Fate::Answers(calls), Some(Effect::AskModel(request))) => {
                    let open = request.items.iter().flat_map(HistoryItem::calls).any(|call| call.outcome.is_none());
                    prop_assert!(!open);
                    machine.handle(message("text", calls))
                }
                (Fate::Answers(_), _) => Vec::new(),
            };
        }
        prop_assert!(changed.len() < confirm_from.max(1), "{changed:?} without a yes");
        if stored.asked {
            let (_, effects) = begin(&stored);
            prop_assert_eq!(names(&effects), ["confirm", "done"]);
        }
    }
}
