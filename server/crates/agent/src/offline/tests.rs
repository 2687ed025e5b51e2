//! The offline model on recorded calls: what it calls, says and asks, without tools.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{NaiveDate, TimeZone};
use saydo_contract::{ChangeVerb, MessageMeta, MessageOutcome, Task, TurnId, UndoKind};
use saydo_interpreter::{
    Changes, Description, DueChange, Filter, Intent, NewItem, NoteChange, Position, Priority, Shift, Status, Target,
    When, Window,
};
use serde_json::{Map, Value, json};

use super::*;
use super::{
    reply::Purpose,
    report::{Change, ReportResult, was_done},
    tasks::Tasks,
};
use crate::{CallOutcome, HistoryItem, LocalNow, RawCall, ToolCall, history::UndoTarget, model::Confirm};

fn turn_id(id: i64) -> TurnId {
    id.try_into().unwrap()
}

fn now() -> LocalNow {
    let moment = chrono_tz::Europe::Berlin.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap();
    LocalNow { moment, locale: saydo_interpreter::zone_locale(moment.timezone()) }
}

fn task(id: i64, title: &str, due: Option<&str>, completed: bool) -> Value {
    json!({
        "id": id, "title": title, "description": null, "completed": completed, "due": due, "priority": "none",
        "created_at": "2026-11-01T08:00:00Z", "updated_at": "2026-11-01T08:00:00Z",
        "completed_at": completed.then_some("2026-11-20T08:00:00Z"),
    })
}

fn list() -> Value {
    let tasks = [
        task(1, "Write report", Some("2026-11-21"), false),
        task(2, "Send report", Some("2026-11-27T17:00:00+01:00"), false),
        task(4, "Buy milk", None, false),
        task(3, "Pay rent", None, true),
    ];
    json!({ "tasks": tasks, "total": 4, "next_cursor": null })
}

fn recorded(tool: &str, result: Value) -> ToolCall {
    ToolCall {
        id: "x".to_owned(),
        tool: tool.to_owned(),
        arguments: json!({}),
        outcome: Some(CallOutcome { result, is_error: false }),
        extra: Map::new(),
    }
}

fn outcome_of(task: Value, before: Option<Value>, after: Option<Value>) -> Value {
    let change =
        json!({ "task_id": task["id"], "title": task["title"], "verb": "updated", "before": before, "after": after });
    let changes = if before == after { json!([]) } else { json!([change]) };
    json!({ "task_id": task["id"], "status": "updated", "title": task["title"], "task": task, "changes": changes })
}

/// Carries intents out with these recorded messages.
fn carried(said: &str, intents: &[Intent], steps: &[&[ToolCall]]) -> Result<TurnOutcome, PendingStep> {
    let (now, turn) = (now(), Turn { id: turn_id(1), said, steps: steps.to_vec(), meta: None });
    plan::carry_out(intents, PlanContext { turn: &turn, past: &[], now: &now, chosen: &[] }, &mut Replay::new(steps))
}

/// A call that failed with these words.
fn refused(tool: &str, words: &str) -> ToolCall {
    ToolCall { outcome: Some(CallOutcome { result: words.into(), is_error: true }), ..recorded(tool, Value::Null) }
}

/// What is called once the list is known.
fn calls(said: &str, intent: Intent) -> Vec<(String, Value)> {
    let step = [recorded("list_tasks", list())];
    match carried(said, &[intent], &[&step]) {
        Err(PendingStep::Calls { calls, .. }) => calls.into_iter().map(parsed).collect(),
        other => panic!("no calls: {other:?}"),
    }
}

/// What is said once the list is known.
fn said(words: &str, intent: Intent) -> Reply {
    let step = [recorded("list_tasks", list())];
    match carried(words, &[intent], &[&step]) {
        Ok(TurnOutcome::Said(reply)) => reply,
        other => panic!("not said: {other:?}"),
    }
}

fn asked(intent: Intent) -> Choice {
    let step = [recorded("list_tasks", list())];
    match carried("", &[intent], &[&step]) {
        Ok(TurnOutcome::Asked(choice)) => choice,
        other => panic!("not asked: {other:?}"),
    }
}

fn parsed(call: RawCall) -> (String, Value) {
    (call.tool, serde_json::from_str(&call.arguments).unwrap())
}

fn numbers(numbers: &[i64]) -> Target {
    Target::Numbers(numbers.to_vec())
}

fn matching(filter: Filter) -> Target {
    Target::Matching { filter, single: false }
}

/// AGENT-19: a change by number looks at the list first, then calls.
#[test]
fn a_number_is_looked_up() {
    let Err(PendingStep::Calls { calls: first, .. }) = carried("complete 4", &[Intent::Complete(numbers(&[4]))], &[])
    else {
        panic!()
    };
    assert_eq!(parsed(first[0].clone()), ("list_tasks".into(), json!({ "status": "all", "limit": 200 })));
    assert_eq!(
        calls("complete 4", Intent::Complete(numbers(&[4]))),
        [("complete_task".into(), json!({ "task_id": 4 }))]
    );
    assert_eq!(calls("reopen 3", Intent::Reopen(numbers(&[3])))[0].1, json!({ "task_id": 3, "completed": false }));
    assert_eq!(calls("restore 9", Intent::Restore(numbers(&[9])))[0].1, json!({ "task_id": 9, "deleted": false }));
}

/// AGENT-21: a number that is not there is said, and what is there is still done.
#[test]
fn missing_numbers_are_said() {
    assert_eq!(said("delete 99", Intent::Delete(numbers(&[99]))), Reply::NoSuchNumbers(vec![99]));
    assert_eq!(
        calls("delete 1 and 99", Intent::Delete(numbers(&[1, 99, 1]))),
        [("delete_task".into(), json!({ "task_id": 1 }))]
    );
}

/// AGENT-21: sweeping changes have to be confirmed, whichever words they come in.
#[test]
fn bulk_has_to_be_confirmed() {
    let pending = Filter { status: Status::Pending, ..Filter::default() };
    for (words, intent) in [
        ("delete everything", Intent::Delete(Target::All)),
        ("complete all tasks", Intent::Complete(Target::All)),
        ("delete all open tasks", Intent::Delete(matching(pending))),
        ("delete them", Intent::Delete(numbers(&[1, 2, 4]))),
        ("delete 1 to 4", Intent::Delete(numbers(&[1, 2, 3, 4]))),
        (
            "delete the first three",
            Intent::Delete(Target::Positions(vec![
                Position::FromStart(1),
                Position::FromStart(2),
                Position::FromEnd(1),
            ])),
        ),
        ("delete tasks", Intent::Delete(matching(Filter::default()))),
    ] {
        let step = [recorded("list_tasks", list())];
        let Err(PendingStep::Calls { calls, confirm: asked, .. }) = carried(words, &[intent], &[&step]) else {
            panic!("{words}")
        };
        assert!(!calls.is_empty() && asked == Confirm::Always, "{words}: {calls:?} {asked:?}");
    }
    assert_eq!(calls("delete 1, 2 and 4", Intent::Delete(numbers(&[1, 2, 4]))).len(), 3);
}

/// AGENT-20: a filter that fits one or two acts; "the task due today" must be one.
#[test]
fn filters_find_their_tasks() {
    let day = |day| When::Date(NaiveDate::from_ymd_opt(2026, 11, day).unwrap());
    let due = |after, before| {
        let window = Window { after: Some(day(after)), before: Some(day(before)) };
        Filter { due: Some(window), ..Filter::default() }
    };
    assert_eq!(calls("", Intent::Complete(matching(due(20, 28)))).len(), 2);
    assert_eq!(calls("", Intent::Complete(matching(due(26, 28))))[0].1, json!({ "task_id": 2 }));
    let nothing = said("", Intent::Complete(matching(due(1, 3))));
    assert_eq!(nothing, Reply::NothingMatches { verb: ChangeVerb::Completed, filter: Some(Box::new(due(1, 3))) });
    let single = Target::Matching { filter: due(20, 28), single: true };
    assert_eq!(asked(Intent::Complete(single)).options.len(), 2);
    let done = Filter { status: Status::Completed, ..Filter::default() };
    assert_eq!(calls("", Intent::Delete(matching(done)))[0].1, json!({ "task_id": 3 }));
}

/// AGENT-20: a choice is settled by place, by number where no place fits, and by nothing else.
#[test]
fn a_choice_is_settled() {
    let choice = asked(Intent::Delete(Target::OneOf(vec![2, 4])));
    let question = choice.question();
    assert_eq!((question.purpose, question.said), (Purpose::Verb(ChangeVerb::Deleted), None));
    assert_eq!(question.options.iter().map(|option| option.id).collect::<Vec<_>>(), [2, 4]);
    let settled = |said: &str, intent: Intent| match choice.read_answer(said, &[intent]) {
        ChoiceAnswer::Intents(intents, _) => match &intents[..] {
            [Intent::Delete(Target::Numbers(ids))] => Some(ids.clone()),
            other => panic!("{other:?}"),
        },
        ChoiceAnswer::Unclear => Some(vec![]),
        ChoiceAnswer::Unrelated => None,
    };
    let place = |places: &[usize]| settled("", Intent::Choose(places.to_vec()));
    assert_eq!(place(&[1]), Some(vec![2]));
    assert_eq!(place(&[2]), Some(vec![4]));
    assert_eq!(place(&[4]), Some(vec![4]));
    assert_eq!(place(&[3]), Some(vec![]));
    assert_eq!(place(&[0]), Some(vec![]));
    assert_eq!(place(&[1, 2]), Some(vec![2, 4]));
    assert_eq!(settled("yes", Intent::Confirm), Some(vec![]));
    // Tasks 1 and 2 exist, and are not the options 1 and 2.
    let delete = |number| settled("", Intent::Delete(numbers(&[number])));
    assert_eq!(delete(1), Some(vec![]));
    assert_eq!(delete(2), Some(vec![]));
    assert_eq!(delete(4), Some(vec![4]));
    assert_eq!(delete(3), None);
    assert_eq!(settled("", Intent::Complete(numbers(&[2]))), Some(vec![]));
    for (said, expected) in [
        ("task 4", Some(vec![4])),
        ("#4", Some(vec![4])),
        ("#2", Some(vec![])),
        ("task 2", Some(vec![])),
        ("7", Some(vec![])),
        ("the one on Friday", Some(vec![2])),
        ("milk", Some(vec![4])),
        ("spaceship", None),
    ] {
        assert_eq!(settled(said, Intent::Unknown), expected, "{said}");
    }
}

/// AGENT-20: where one of several commands is unclear, none is carried out.
#[test]
fn nothing_is_done_by_halves() {
    let step = [recorded("list_tasks", list())];
    let intents = [
        Intent::Add(vec![NewItem { title: "Eggs".to_owned(), ..NewItem::default() }]),
        Intent::Delete(Target::OneOf(vec![1, 2])),
    ];
    let Ok(TurnOutcome::Asked(choice)) = carried("", &intents, &[&step]) else { panic!() };
    assert_eq!(choice.at, 1);
    let ChoiceAnswer::Intents(settled, _) = choice.read_answer("", &[Intent::Choose(vec![1])]) else { panic!() };
    let Err(PendingStep::Calls { calls, .. }) = carried("1", &settled, &[&step]) else { panic!() };
    assert_eq!(calls.len(), 2);
}

/// AGENT-19: updates give the fields that change and no others.
#[test]
fn updates_give_what_changes() {
    let update = |changes: Changes| Intent::Update { target: numbers(&[2]), changes };
    let given = |changes: Changes| calls("2", update(changes)).remove(0).1;
    let later = DueChange::Shift(Shift { days: 1, ..Shift::default() });
    for (changes, fields) in [
        (Changes { due: later, ..Changes::default() }, json!({ "due": "2026-11-28T17:00:00+01:00" })),
        (Changes { title: Some("Post report".to_owned()), ..Changes::default() }, json!({ "title": "Post report" })),
        (Changes { due: DueChange::Clear, ..Changes::default() }, json!({ "due": null })),
        (Changes { note: NoteChange::Append("now".to_owned()), ..Changes::default() }, json!({ "description": "now" })),
        (Changes { note: NoteChange::Clear, ..Changes::default() }, json!({ "description": "" })),
        (Changes { priority: Some(Priority::High), ..Changes::default() }, json!({ "priority": "high" })),
    ] {
        let mut expected = json!({ "task_id": 2 });
        expected.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        assert_eq!(given(changes), expected);
    }
}

/// AGENT-19: what was done is told call by call, or why it was not.
#[test]
fn what_was_done_is_told() {
    let added = task(5, "Call the *dentist*", Some("2026-11-22T17:00:00+01:00"), false);
    let item = NewItem { title: "Call the *dentist*".to_owned(), recurring: true, ..NewItem::default() };
    let ok = recorded("add_task", outcome_of(added.clone(), None, Some(added)));
    let both = [ok.clone(), refused("add_task", "The list is full.")];
    let intents = [Intent::Add(vec![item.clone(), item.clone()])];
    let Ok(TurnOutcome::Said(Reply::Changed { reports, not_run: 0 })) = carried("", &intents, &[&both]) else {
        panic!()
    };
    assert!(matches!(&reports[0].result, ReportResult::Done(outcome) if outcome.task_id.get() == 5));
    assert_eq!(reports[1].result, ReportResult::Failed(Some("The list is full.".to_owned())));
    assert!(reports.iter().all(|report| report.change == Change::Added && report.extras.recurring));
    // A turn that used up its calls says so.
    let Ok(TurnOutcome::Said(reply)) = carried("", &intents, &[&[ok]]) else { panic!() };
    assert!(matches!(&reply, Reply::Changed { reports, not_run: 1 } if reports.len() == 1), "{reply:?}");
    assert!(!reply.meta().receipts_only);
}

fn update_of(before: Value, after: Value) -> Reply {
    let list = [recorded("list_tasks", json!({ "tasks": [before], "total": 1, "next_cursor": null }))];
    let done = [recorded("update_task", outcome_of(after.clone(), Some(before), Some(after)))];
    let changes = Changes { title: Some("Call mom tonight".to_owned()), ..Changes::default() };
    let intents = [Intent::Update { target: numbers(&[1]), changes }];
    match carried("rename task 1", &intents, &[&list, &done]) {
        Ok(TurnOutcome::Said(reply)) => reply,
        other => panic!("not said: {other:?}"),
    }
}

/// AGENT-41, AGENT-46: the receipts say it all where each call made its change; words that add something, as that a task
/// is done already, are no mere receipts.
#[test]
fn receipts_may_say_it_all() {
    let open = task(1, "Call mom", None, false);
    let renamed = task(1, "Call mom tonight", None, false);
    let done = |title: &str| task(1, title, None, true);
    assert!(update_of(open.clone(), renamed).meta().receipts_only);
    assert!(!update_of(open.clone(), open).meta().receipts_only, "nothing changed");
    let is_done_already = update_of(done("Call mom"), done("Call mom tonight"));
    assert!(!is_done_already.meta().receipts_only, "a done task that changes is said to be done");
    let Reply::Changed { reports, .. } = is_done_already else { panic!() };
    assert!(was_done(&reports[0]));
}

/// AGENT-21: a list that cannot be read is said, and changes nothing.
#[test]
fn an_unreadable_list_changes_nothing() {
    let failed = refused("list_tasks", "The list cannot be reached.");
    let nonsense = recorded("list_tasks", json!("what"));
    for call in [failed, nonsense] {
        let Err(PendingStep::Say(reply)) = carried("", &[Intent::Delete(numbers(&[1]))], &[&[call]]) else { panic!() };
        assert!(matches!(reply, Reply::UnreadableList(_)), "{reply:?}");
    }
    // Another model began this turn.
    let Err(PendingStep::Say(reply)) =
        carried("", &[Intent::Delete(numbers(&[1]))], &[&[recorded("add_task", json!({}))]])
    else {
        panic!()
    };
    assert_eq!(reply, Reply::Interrupted);
}

/// AGENT-21: without words that name a task, the open ones are shown.
#[test]
fn a_missing_target_is_asked_for() {
    let reply = said("delete", Intent::Delete(Target::Missing));
    assert_eq!(reply.meta().outcome, Some(MessageOutcome::Help));
    assert_eq!(reply.meta().listed.iter().map(|task| task.get()).collect::<Vec<_>>(), [1, 2, 4]);
}

fn turn<'a>(said: &'a str, steps: Vec<&'a [ToolCall]>, meta: &'a MessageMeta) -> Turn<'a> {
    Turn { id: turn_id(1), said, steps, meta: Some(meta) }
}

fn listing(ids: &[i64]) -> MessageMeta {
    MessageMeta { listed: ids.iter().map(|id| (*id).try_into().unwrap()).collect(), ..MessageMeta::default() }
}

fn change(verb: &str, before: Option<Value>, after: Option<Value>) -> Value {
    let task = after.clone().or(before.clone()).unwrap();
    json!({ "task_id": task["id"], "title": task["title"], "verb": verb, "before": before, "after": after })
}

/// AGENT-22: words refer to what the last turn with a look at the list named, and to nothing older.
#[test]
fn words_have_the_nearest_referent() {
    let milk = task(4, "Buy milk", None, false);
    let added = [recorded("add_task", json!({ "changes": [change("created", None, Some(milk))] }))];
    let looked = [recorded("list_tasks", list())];
    let (none, two) = (MessageMeta::default(), listing(&[1, 2]));
    let add = turn("add buy milk", vec![&added], &none);
    let thanks = turn("thanks", vec![], &none);
    let listed = turn("list", vec![&looked], &two);
    let failed = turn("delete 99", vec![&looked], &none);
    for (past, tasks, list) in [
        (vec![add.clone()], vec![4], vec![]),
        (vec![add.clone(), thanks.clone()], vec![4], vec![]),
        (vec![add.clone(), listed.clone()], vec![1, 2], vec![1, 2]),
        (vec![listed.clone(), add.clone()], vec![4], vec![]),
        (vec![add, failed], vec![], vec![]),
    ] {
        assert_eq!(history::last_tasks(&past), tasks);
        assert_eq!(history::last_listed(&past), list);
    }
}

/// AGENT-22: undo takes each change back, latest first, and leaves alone what has changed since.
#[test]
fn undo_takes_changes_back() {
    let milk = |title: &str, completed| task(4, title, None, completed);
    let undone = |changes: Vec<Value>, now: Vec<Value>| {
        let step = [recorded("update_task", json!({ "changes": changes }))];
        let none = MessageMeta::default();
        let past = [turn("x", vec![&step], &none)];
        let all = now.into_iter().map(|task| serde_json::from_value::<Task>(task).unwrap()).collect();
        let plan =
            undo::plan(UndoTarget::Last(UndoKind::Undo), &past, &Tasks { all, more: false }, &super::tests::now());
        let requests = plan.calls.into_iter().map(|call| call.request);
        let calls: Vec<_> = requests.map(|request| (request.tool.as_str(), Value::Object(request.arguments))).collect();
        (calls, plan.notes.len())
    };
    let (open, done, renamed) = (milk("Milk", false), milk("Milk", true), milk("Oat milk", false));
    let some = |task: &Value| Some(task.clone());
    for (verb, before, after, call) in [
        ("created", None, some(&open), ("delete_task", json!({ "task_id": 4 }))),
        ("deleted", some(&open), None, ("update_task", json!({ "task_id": 4, "deleted": false }))),
        ("restored", None, some(&open), ("delete_task", json!({ "task_id": 4 }))),
        ("completed", some(&open), some(&done), ("update_task", json!({ "task_id": 4, "completed": false }))),
        ("reopened", some(&done), some(&open), ("complete_task", json!({ "task_id": 4 }))),
        ("updated", some(&open), some(&renamed), ("update_task", json!({ "task_id": 4, "title": "Milk" }))),
    ] {
        let now: Vec<Value> = after.iter().cloned().collect();
        assert_eq!(undone(vec![change(verb, before.clone(), after.clone())], now), (vec![call], 0), "{verb}");
        let since = if after.is_some() { vec![milk("Something else", false)] } else { vec![open.clone()] };
        assert_eq!(undone(vec![change(verb, before, after)], since), (vec![], 1), "{verb}");
    }
    let twice = vec![change("created", None, some(&open)), change("updated", some(&open), some(&renamed))];
    let (calls, notes) = undone(twice, vec![renamed]);
    assert_eq!(calls.iter().map(|(tool, _)| *tool).collect::<Vec<_>>(), ["update_task", "delete_task"]);
    assert_eq!(notes, 0);
    assert_eq!(undone(vec![], vec![]).1, 1, "there is nothing to undo");
}

/// AGENT-22: what was deleted in the conversation can be restored by name.
#[test]
fn the_trash_is_remembered() {
    let step = [recorded(
        "delete_task",
        json!({ "changes": [
        change("deleted", Some(task(1, "A", None, false)), None),
        change("deleted", Some(task(2, "B", None, false)), None),
        change("restored", None, Some(task(1, "A", None, false))),
    ] }),
    )];
    assert_eq!(history::trash(&[turn("x", vec![&step], &MessageMeta::default())]), [(2, "B".to_owned())]);
}

/// AGENT-23: slash commands are known by their first word, and so is "undo" where it is all that is said.
#[test]
fn our_commands_are_known() {
    let is = |text: &str| {
        let said_at = now().moment.to_utc();
        let items = vec![HistoryItem::User { turn: turn_id(1), text: text.to_owned(), said_at }];
        is_answered_offline(&ModelRequest { items, now: now(), said_at, reply_delay: None })
    };
    assert!(is("/add milk") && is(" /DONE 2") && is("/undo") && is("/list") && is("/priority 2 high") && is("/redo"));
    assert!(is("undo") && is("Undo that!") && is("redo"));
    assert!(!is("add milk") && !is("/frobnicate") && !is("/addmilk") && !is("") && !is("undo that and add bread"));
}

fn described(words: &str) -> Target {
    Target::Description(Description { words: words.to_owned(), verb: None })
}

/// AGENT-20, AGENT-21: a description acts where it is clear, asks where it is not, and says when nothing fits.
#[test]
fn descriptions_are_resolved() {
    assert_eq!(calls("", Intent::Delete(described("milk")))[0].1, json!({ "task_id": 4 }));
    assert_eq!(asked(Intent::Delete(described("report"))).options.len(), 2);
    let unknown = said("", Intent::Delete(described("spaceship")));
    assert_eq!(unknown, Reply::NoMatch { said: "spaceship".to_owned(), nearest: Vec::new() });
    // It is done already: the tool says so.
    assert_eq!(calls("", Intent::Complete(described("rent")))[0].1, json!({ "task_id": 3 }));
    assert_eq!(calls("", Intent::Reopen(described("rent")))[0].1, json!({ "task_id": 3, "completed": false }));
}

/// AGENT-21: a part of a title is not taken for the whole.
#[test]
fn a_part_is_not_the_whole_title() {
    let update = |words: &str, title: &str| Intent::Update {
        target: Target::Description(Description { words: words.to_owned(), verb: Some("change".to_owned()) }),
        changes: Changes { title: Some(title.to_owned()), ..Changes::default() },
    };
    let whole = Reply::WholeTitle { id: 4, title: "Buy milk".to_owned() };
    assert_eq!(said("change milk to bread", update("milk", "bread")), whole);
    assert_eq!(calls("change milk to buy bread", update("milk", "Buy bread"))[0].1["title"], "Buy bread");
    assert_eq!(calls("change buy milk to bread", update("buy milk", "Bread"))[0].1["title"], "Bread");
}
