#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{NaiveDate, TimeZone};
use saydo_contract::{Task, TurnId};
use saydo_interpreter::{
    Changes, Description, DueChange, Filter, Intent, NewItem, NoteChange, Position, Priority, Shift, Status, Target,
    When, Window,
};
use serde_json::{Map, Value, json};

use super::*;
use crate::{Confirm, PastCall, RawCall};

fn turn_id(id: i64) -> TurnId {
    id.try_into().unwrap()
}

fn now() -> DateTime<Tz> {
    chrono_tz::Europe::Berlin.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap()
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

fn recorded(tool: &str, result: Value) -> PastCall {
    PastCall {
        id: "x".to_owned(),
        tool: tool.to_owned(),
        arguments: json!({}),
        result: Some(result),
        is_error: false,
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
fn carried(said: &str, intents: &[Intent], steps: &[&[PastCall]]) -> Result<Outcome, Stop> {
    let (now, turn) = (now(), Turn { id: turn_id(1), said, steps: steps.to_vec(), answer: None });
    plan::carry_out(intents, Scene { turn: &turn, past: &[], now: &now, chosen: &[] }, &mut Replay::new(steps))
}

/// What is called once the list is known.
fn calls(said: &str, intent: Intent) -> Vec<(String, Value)> {
    let step = [recorded("list_tasks", list())];
    match carried(said, &[intent], &[&step]) {
        Err(Stop::Calls { calls, .. }) => calls.into_iter().map(parsed).collect(),
        other => panic!("no calls: {other:?}"),
    }
}

/// What is said once the list is known.
fn said(words: &str, intent: Intent) -> String {
    let step = [recorded("list_tasks", list())];
    match carried(words, &[intent], &[&step]) {
        Ok(Outcome::Said(text)) => text,
        other => panic!("not said: {other:?}"),
    }
}

fn asked(intent: Intent) -> Choice {
    let step = [recorded("list_tasks", list())];
    match carried("", &[intent], &[&step]) {
        Ok(Outcome::Asked(choice)) => choice,
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
    let Err(Stop::Calls { calls: first, .. }) = carried("complete 4", &[Intent::Complete(numbers(&[4]))], &[]) else {
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
    assert_eq!(said("delete 99", Intent::Delete(numbers(&[99]))), "There is no task 99 on your list.");
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
        let Err(Stop::Calls { calls, confirm: asked, .. }) = carried(words, &[intent], &[&step]) else {
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
    assert!(said("", Intent::Complete(matching(due(1, 3)))).contains("no such task"));
    let single = Target::Matching { filter: due(20, 28), single: true };
    assert_eq!(asked(Intent::Complete(single)).options.len(), 2);
    let done = Filter { status: Status::Completed, ..Filter::default() };
    assert_eq!(calls("", Intent::Delete(matching(done)))[0].1, json!({ "task_id": 3 }));
}

/// AGENT-20: a choice is settled by place, by number where no place fits, and by nothing else.
#[test]
fn a_choice_is_settled() {
    let choice = asked(Intent::Delete(Target::OneOf(vec![2, 4])));
    assert_eq!(
        choice.question(),
        "Which one do you mean? Nothing was changed yet.\n\n1. Send report (task 2)\n2. Buy milk (task 4)\n\n\
         Say the number of the option: 1 or 2."
    );
    let settled = |said: &str, intent: Intent| match choice.settle(said, &[intent]) {
        Settled::Intents(intents, _) => match &intents[..] {
            [Intent::Delete(Target::Numbers(ids))] => Some(ids.clone()),
            other => panic!("{other:?}"),
        },
        Settled::Unclear => Some(vec![]),
        Settled::Apart => None,
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
    let Ok(Outcome::Asked(choice)) = carried("", &intents, &[&step]) else { panic!() };
    assert_eq!(choice.at, 1);
    let Settled::Intents(settled, _) = choice.settle("", &[Intent::Choose(vec![1])]) else { panic!() };
    let Err(Stop::Calls { calls, .. }) = carried("1", &settled, &[&step]) else { panic!() };
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
        (Changes { note: NoteChange::Clear, ..Changes::default() }, json!({ "description": null })),
        (Changes { priority: Some(Priority::High), ..Changes::default() }, json!({ "priority": "high" })),
    ] {
        let mut expected = json!({ "task_id": 2 });
        expected.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        assert_eq!(given(changes), expected);
    }
}

/// AGENT-19: what was done is said with number, title and absolute date, or why it was not.
#[test]
fn what_was_done_is_said() {
    let added = task(5, "Call the *dentist*", Some("2026-11-22T17:00:00+01:00"), false);
    let item = NewItem { title: "Call the *dentist*".to_owned(), recurring: true, ..NewItem::default() };
    let ok = recorded("add_task", outcome_of(added.clone(), None, Some(added)));
    let mut refused = recorded("add_task", json!("The list is full."));
    refused.is_error = true;

    let intents = [Intent::Add(vec![item.clone(), item.clone()])];
    let both = [ok.clone(), refused];
    let Ok(Outcome::Said(text)) = carried("", &intents, &[&both]) else { panic!() };
    assert_eq!(
        text,
        "- Added #5 Call the \\*dentist\\*, due Sun, 22 Nov 2026, 17:00.\n\
         - I could not add “Call the \\*dentist\\*”: The list is full.\n\n\
         I cannot repeat tasks yet, so this is a single one."
    );
    // A turn that used up its calls says so.
    let Ok(Outcome::Said(text)) = carried("", &intents, &[&[ok]]) else { panic!() };
    assert!(text.contains("The other 1 change did not run"), "{text}");
}

/// AGENT-19: an update says what is different now.
#[test]
fn differences_are_said() {
    let before = task(1, "Call mom", None, false);
    let mut after = task(1, "Call mom tonight", Some("2026-11-27"), false);
    after["priority"] = json!("high");
    let list = [recorded("list_tasks", json!({ "tasks": [before], "total": 1, "next_cursor": null }))];
    let done = [recorded("update_task", outcome_of(after.clone(), Some(before), Some(after)))];
    let changes = Changes { title: Some("Call mom tonight".to_owned()), ..Changes::default() };
    let intents = [Intent::Update { target: numbers(&[1]), changes }];
    let Ok(Outcome::Said(text)) = carried("1", &intents, &[&list, &done]) else { panic!() };
    assert_eq!(
        text,
        "Updated #1 Call mom tonight, renamed from “Call mom”, now due Fri, 27 Nov 2026, now with high priority."
    );
}

/// AGENT-21: a list that cannot be read is said, and changes nothing.
#[test]
fn an_unreadable_list_changes_nothing() {
    let mut failed = recorded("list_tasks", json!("The list cannot be reached."));
    failed.is_error = true;
    let nonsense = recorded("list_tasks", json!("what"));
    for call in [failed, nonsense] {
        let Err(Stop::Say(text)) = carried("", &[Intent::Delete(numbers(&[1]))], &[&[call]]) else { panic!() };
        assert!(text.starts_with("I could not read your list, so nothing was changed"), "{text}");
    }
    // Another model began this turn.
    let Err(Stop::Say(text)) = carried("", &[Intent::Delete(numbers(&[1]))], &[&[recorded("add_task", json!({}))]])
    else {
        panic!()
    };
    assert!(text.contains("interrupted"));
}

/// AGENT-21: without words that name a task, the open ones are shown.
#[test]
fn a_missing_target_is_asked_for() {
    let text = said("delete", Intent::Delete(Target::Missing));
    assert!(text.starts_with("Which task should I delete? Say its number"), "{text}");
    assert!(text.contains("- #4 Buy milk") && !text.contains("Pay rent"), "{text}");
}

fn turn<'a>(said: &'a str, steps: Vec<&'a [PastCall]>, answer: &'a str) -> Turn<'a> {
    Turn { id: turn_id(1), said, steps, answer: Some(answer) }
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
    let add = turn("add buy milk", vec![&added], "Added #4 Buy milk.");
    let thanks = turn("thanks", vec![], "You're welcome.");
    let listed = turn("list", vec![&looked], "You have 2 tasks:\n\n- #1 Write report\n- #2 Fix bug (task 9)");
    let choice =
        turn("delete it", vec![&looked], "Which one do you mean?\n\n1. A (task 8) (task 1)\n2. B (task 2, done)");
    let failed = turn("delete 99", vec![&looked], "There is no task 99 on your list.");
    for (past, tasks, list) in [
        (vec![add.clone()], vec![4], vec![]),
        (vec![add.clone(), thanks.clone()], vec![4], vec![]),
        (vec![add.clone(), listed.clone()], vec![1, 2], vec![1, 2]),
        (vec![listed.clone(), add.clone()], vec![4], vec![]),
        (vec![add.clone(), choice], vec![1, 2], vec![1, 2]),
        (vec![add, failed], vec![], vec![]),
    ] {
        assert_eq!(conversation::last_tasks(&past), tasks);
        assert_eq!(conversation::last_listed(&past), list);
    }
}

/// AGENT-22: undo takes each change back, latest first, and leaves alone what has changed since.
#[test]
fn undo_takes_changes_back() {
    let milk = |title: &str, completed| task(4, title, None, completed);
    let undone = |changes: Vec<Value>, now: Vec<Value>| {
        let step = [recorded("update_task", json!({ "changes": changes }))];
        let past = [turn("x", vec![&step], "Done.")];
        let all = now.into_iter().map(|task| serde_json::from_value::<Task>(task).unwrap()).collect();
        let last = undo::Asked::Last(undo::Way::Back);
        let (_, deeds, notes) = undo::plan(last, &past, &tasks::Tasks { all, more: false }, &super::tests::now());
        let calls: Vec<_> =
            deeds.into_iter().map(|deed| (deed.wanted.tool.as_str(), Value::Object(deed.wanted.arguments))).collect();
        (calls, notes.len())
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
    assert_eq!(conversation::trash(&[turn("x", vec![&step], "Done.")]), [(2, "B".to_owned())]);
}

/// AGENT-23: slash commands are known by their first word, and so is "undo" where it is all that is said.
#[test]
fn our_commands_are_known() {
    let is = |text: &str| {
        let items = vec![HistoryItem::User { turn: turn_id(1), text: text.to_owned() }];
        is_ours(&ModelRequest { items, now: now(), waited: None })
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
    assert!(said("", Intent::Delete(described("spaceship"))).contains("no task like “spaceship”"));
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
    let text = said("change milk to bread", update("milk", "bread"));
    assert!(text.starts_with("Nothing was changed.") && text.contains("“rename task 4 to …”"), "{text}");
    assert_eq!(calls("change milk to buy bread", update("milk", "Buy bread"))[0].1["title"], "Buy bread");
    assert_eq!(calls("change buy milk to bread", update("buy milk", "Bread"))[0].1["title"], "Bread");
}

/// AGENT-19: where words were meant as a date and cannot be read, the answer says so.
#[test]
fn a_date_that_cannot_be_read_is_told() {
    for (title, told) in
        [("Call Bob at 25:00", true), ("Pay tax on Feb 30", true), ("Gifts by Christmas", true), ("Buy 3 eggs", false)]
    {
        let task = task(5, title, None, false);
        let step = [recorded("add_task", outcome_of(task.clone(), None, Some(task)))];
        let intents = [Intent::Add(vec![NewItem { title: title.to_owned(), ..NewItem::default() }])];
        let Ok(Outcome::Said(text)) = carried("", &intents, &[&step]) else { panic!() };
        assert_eq!(text.contains("No due date was set"), told, "{text}");
    }
}
