//! Several commands, targets and answers: what a message means in its dialogue.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use chrono::TimeZone;
use chrono_tz::Tz;
use saydo_interpreter::{
    Context, Dialogue, Intent, ListRequest, Position, Priority, Receipt, Status, Target, When, interpret,
};

fn context() -> Context {
    Context::new(Tz::Europe__Berlin.with_ymd_and_hms(2026, 11, 21, 10, 0, 0).single().expect("a time that exists"))
}

fn with(dialogue: Dialogue) -> Context {
    Context { dialogue, ..context() }
}

fn one(message: &str, context: &Context) -> Intent {
    match interpret(message, context).as_slice() {
        [intent] => intent.clone(),
        other => panic!("{message}: {other:?}"),
    }
}

fn titles(message: &str) -> Vec<String> {
    match one(message, &context()) {
        Intent::Add(items) => items.into_iter().map(|item| item.title).collect(),
        other => panic!("{message}: {other:?}"),
    }
}

fn listed(message: &str) -> ListRequest {
    match one(message, &context()) {
        Intent::List(request) => request,
        other => panic!("{message}: {other:?}"),
    }
}

fn target(message: &str, context: &Context) -> Target {
    match one(message, context) {
        Intent::Complete(target) | Intent::Delete(target) | Intent::Update { target, .. } => target,
        other => panic!("{message}: {other:?}"),
    }
}

/// INTERP-03: commands come in the order said.
#[test]
fn one_message_may_hold_several_commands() {
    let said = interpret("remind me to call the dentist tomorrow at 5, and what's still open?", &context());
    let [Intent::Add(items), Intent::List(request)] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!(items[0].title, "Call the dentist");
    assert!(matches!(items[0].due, Some(When::At(moment)) if moment.to_rfc3339() == "2026-11-22T17:00:00+01:00"));
    assert_eq!(request.filter.status, Status::Pending);

    let said = interpret("delete 1, mark 2 as done and then show my tasks", &context());
    assert!(matches!(said.as_slice(), [Intent::Delete(_), Intent::Complete(_), Intent::List(_)]), "{said:?}");
    let said = interpret("complete 2 and delete it", &context());
    assert_eq!(
        said,
        [Intent::Complete(Target::Numbers(vec![2])), Intent::Delete(Target::Numbers(vec![2]))],
        "it is what the command before named"
    );
}

/// INTERP-03a: what is not understood in part does nothing.
#[test]
fn a_part_that_is_not_understood_makes_the_whole_unknown() {
    for message in [
        "delete task 2. Just kidding",
        "delete task 2, no wait",
        "when I finish task 2, delete it",
        "add buy milk and mark it as done",
        "if it rains, add buy an umbrella",
    ] {
        assert_eq!(interpret(message, &context()), [Intent::Unknown], "{message}");
    }
}

/// INTERP-04, INTERP-04a: several items only where the words say so.
#[test]
fn items_are_parted_only_where_the_words_say_so() {
    for (message, expected) in [
        ("add three tasks: milk, eggs and bread", vec!["Milk", "Eggs", "Bread"]),
        ("add two tasks: salt and pepper, bread", vec!["Salt and pepper", "Bread"]),
        ("add milk and eggs", vec!["Milk and eggs"]),
        ("add milk, eggs and bread", vec!["Milk, eggs and bread"]),
        ("add milk; eggs; bread", vec!["Milk", "Eggs", "Bread"]),
        ("add buy milk and add call bob", vec!["Buy milk", "Call bob"]),
        ("add finish the report and delete old files", vec!["Finish the report and delete old files"]),
        ("Add these:\n- book flights\n- reserve hotel", vec!["Book flights", "Reserve hotel"]),
        ("1) milk\n2) eggs", vec!["Milk", "Eggs"]),
        ("add 'a' and 'b and c'", vec!["A", "B and c"]),
        ("add a task to buy milk and another to buy eggs", vec!["Buy milk", "Buy eggs"]),
    ] {
        assert_eq!(titles(message), expected, "{message}");
    }
}

/// INTERP-05: quotes are literal.
#[test]
fn quoted_text_is_literal() {
    let Intent::Add(items) = one("add \"Call mom tomorrow, high priority\"", &context()) else { panic!("not added") };
    assert_eq!(items[0].title, "Call mom tomorrow, high priority");
    assert_eq!((items[0].due, items[0].priority), (None, None));
    let Intent::Update { changes, .. } = one("change task 1 to 'finished'", &context()) else { panic!("not changed") };
    assert_eq!(changes.title.as_deref(), Some("Finished"));
    assert_eq!(titles("add “Friday: plans”"), ["Friday: plans"]);
}

/// INTERP-11, INTERP-11a: numbers, ordinals, pronouns, sets.
#[test]
fn targets_are_the_tasks_that_the_words_name() {
    let none = context();
    for (words, expected) in [
        ("3", vec![3]),
        ("#3", vec![3]),
        ("task number three", vec![3]),
        ("3, 5 and 7", vec![3, 5, 7]),
        ("tasks 2-4", vec![2, 3, 4]),
        ("2 through 4", vec![2, 3, 4]),
        ("1 & 1 & 2", vec![1, 2]),
    ] {
        assert_eq!(target(&format!("complete {words}"), &none), Target::Numbers(expected), "{words}");
    }
    for words in ["delete -1", "delete –1"] {
        assert_eq!(interpret(words, &none), [Intent::Unknown], "-1 is not 1");
    }
    assert_eq!(titles("add:\n-2 eggs\n-3 apples"), ["2 eggs", "3 apples"]);
    assert_eq!(target("complete the second one", &none), Target::Positions(vec![Position::FromStart(2)]));
    assert_eq!(
        target("complete the last two tasks", &none),
        Target::Positions(vec![Position::FromEnd(2), Position::FromEnd(1)])
    );
    assert_eq!(target("delete everything", &none), Target::All);
    assert_eq!(target("delete it", &none), Target::Missing);

    let listed = with(Dialogue { last_listed: vec![4, 9, 6], ..Dialogue::default() });
    assert_eq!(target("complete the second one", &listed), Target::Numbers(vec![9]));
    assert_eq!(target("complete the first and third", &listed), Target::Numbers(vec![4, 6]));
    assert_eq!(target("delete the fifth one", &listed), Target::Missing);

    let spoken = with(Dialogue { last_tasks: vec![4, 5], ..Dialogue::default() });
    assert_eq!(target("delete them", &spoken), Target::Numbers(vec![4, 5]));
    assert_eq!(target("delete both", &spoken), Target::Numbers(vec![4, 5]));
    assert_eq!(target("delete it", &spoken), Target::OneOf(vec![4, 5]));
    assert_eq!(target("delete the last one", &spoken), Target::Numbers(vec![5]));

    let both = with(Dialogue { last_tasks: vec![7, 8], last_listed: vec![1, 2], ..Dialogue::default() });
    assert_eq!(target("delete the second one", &both), Target::OneOf(vec![2, 8]), "either list may be meant");
}

/// INTERP-11: what tasks have in common.
#[test]
fn filters_name_sets_of_tasks() {
    let Target::Matching { filter, single } = target("complete everything due today", &context()) else { panic!() };
    assert_eq!((filter.status, single), (Status::Pending, false));
    let window = filter.due.expect("a window");
    assert_eq!(window.after, Some(When::Date("2026-11-20".parse().expect("a date"))));
    assert_eq!(window.before, Some(When::Date("2026-11-22".parse().expect("a date"))));
    let Target::Matching { filter, single } = target("delete all completed tasks", &context()) else { panic!() };
    assert_eq!((filter.status, single), (Status::Completed, false));
    assert!(matches!(target("delete the task due tomorrow", &context()), Target::Matching { single: true, .. }));
    assert_eq!(interpret("delete everything except task 2", &context()), [Intent::Unknown]);
}

/// INTERP-13: what is asked, doubted, negated or conditional changes nothing.
#[test]
fn doubts_change_nothing() {
    let spoken = with(Dialogue { last_tasks: vec![1], last_listed: vec![1, 2, 3], ..Dialogue::default() });
    for message in [
        "I almost finished the report",
        "I haven't finished the report",
        "don't delete task 2",
        "never delete task 2",
        "should I delete task 2?",
        "did you delete task 2?",
        "can I delete it?",
        "delete task 2 if it is done",
        "delete all but the first",
        "maybe complete 2",
        "I think the report is done",
        "I didn't say complete 2",
        "what happens if I delete task 2?",
        "I will complete task 2 tomorrow",
        "delete 2 tasks",
        "finish?",
    ] {
        for intent in interpret(message, &spoken) {
            let harmless =
                matches!(intent, Intent::Unknown | Intent::List(_) | Intent::Help | Intent::Complete(Target::Missing));
            assert!(harmless, "{message}: {intent:?}");
        }
    }
}

/// INTERP-14, INTERP-14a: answers to the open question.
#[test]
fn answers_mean_what_waits() {
    let confirming = with(Dialogue { confirming: true, ..Dialogue::default() });
    for message in ["yes", "Yes please!", "y", "ok", "sure, go ahead", "yes, delete them all", "do it", "👍"] {
        assert_eq!(one(message, &confirming), Intent::Confirm, "{message}");
    }
    for message in
        ["no", "No thanks", "cancel", "stop", "never mind", "don't", "no, keep them", "wait", "cancel that", "👎"]
    {
        assert_eq!(one(message, &confirming), Intent::Decline, "{message}");
    }
    for message in ["yes, but not the first", "yes except 2", "yes if they are done", "yes?", "maybe", "hm"] {
        assert_ne!(one(message, &confirming), Intent::Confirm, "{message}");
    }
    assert_eq!(one("only the first two", &confirming), Intent::Choose(vec![1, 2]));
    assert_eq!(one("just the third", &confirming), Intent::Choose(vec![3]));
    assert_eq!(one("only 2", &confirming), Intent::Unknown, "a place or a task's number");

    let choosing = with(Dialogue { options: 3, ..Dialogue::default() });
    for (message, expected) in [
        ("2", vec![2]),
        ("2.", vec![2]),
        ("the second one please", vec![2]),
        ("option 3", vec![3]),
        ("the last one", vec![3]),
        ("1 and 3", vec![1, 3]),
        ("all of them", vec![1, 2, 3]),
    ] {
        assert_eq!(one(message, &choosing), Intent::Choose(expected), "{message}");
    }
    for message in ["4", "0", "task 2", "#2", "both"] {
        assert_eq!(one(message, &choosing), Intent::Unknown, "{message}");
    }
    assert_eq!(one("none of them", &choosing), Intent::Decline);
    assert!(matches!(one("2", &context()), Intent::Offer(_)), "nothing waits");
    assert!(matches!(one("add buy milk", &confirming), Intent::Add(_)), "a new command is a new command");
}

/// INTERP-15, INTERP-15a: slash commands are exact.
#[test]
fn slash_commands_are_exact() {
    let Intent::Update { target, changes } = one("/edit 3 Call dad tomorrow", &context()) else { panic!() };
    assert_eq!((target, changes.title.as_deref()), (Target::Numbers(vec![3]), Some("Call dad tomorrow")));
    assert_eq!(one("/done 2", &context()), Intent::Complete(Target::Numbers(vec![2])));
    assert_eq!(one("/DELETE #4", &context()), Intent::Delete(Target::Numbers(vec![4])));
    assert_eq!(one("/undo", &context()), Intent::Undo);
    for (message, receipt) in [
        ("/undo #7", Receipt::Task(7)),
        ("/undo 7", Receipt::Task(7)),
        ("/undo turn 12", Receipt::Turn(12)),
        ("/undo turn 12 #7", Receipt::TaskOfTurn { turn: 12, task: 7 }),
        ("/undo turn 12 7", Receipt::TaskOfTurn { turn: 12, task: 7 }),
    ] {
        assert_eq!(one(message, &context()), Intent::UndoReceipt(receipt), "{message}");
    }
    assert_eq!(one("/redo", &context()), Intent::Redo);
    assert_eq!(one("/help", &context()), Intent::Help);
    assert_eq!(one("/reopen 2", &context()), Intent::Reopen(Target::Numbers(vec![2])));
    for message in [
        "/frobnicate 2",
        "/",
        "/add",
        "/due 3",
        "/due 3 blah",
        "/undo everything now",
        "/undo turn",
        "/undo turn 0",
        "/undo turn 1 x",
        "/undo #7 #8",
        "/redo 3",
        "/edit",
        "/edit foo",
    ] {
        assert_eq!(one(message, &context()), Intent::Unknown, "{message}");
    }
    assert_eq!(titles("/add Delete the old files"), ["Delete the old files"]);
}

/// INTERP-16, INTERP-16a: manners and slips do not matter.
#[test]
fn manners_and_slips_do_not_matter() {
    for message in [
        "delete task 2",
        "DELETE TASK 2!!!",
        "pls delte task 2 🙏",
        "Hey Saydo, could you please delete task 2 for me? Thanks!",
        "ok, now delete task 2",
        "would you mind deleting task 2",
        "i'd like to delete task 2, please",
    ] {
        assert_eq!(one(message, &context()), Intent::Delete(Target::Numbers(vec![2])), "{message}");
    }
    for message in ["clean the kitchen", "charge 2", "remote 2", "chance 2", "fish 2", "compete 2"] {
        let intent = one(message, &context());
        assert!(matches!(intent, Intent::Add(_) | Intent::Offer(_)), "{message}: {intent:?}");
    }
}

/// INTERP-21: questions give status, window, words and count.
#[test]
fn questions_are_list_requests() {
    assert_eq!(listed("what have I completed?").filter.status, Status::Completed);
    assert_eq!(listed("what's left").filter.status, Status::Pending);
    assert_eq!(listed("show me all my tasks").filter.status, Status::All);
    let week = listed("how many tasks are due this week?");
    assert!(week.count_only);
    let window = week.filter.due.expect("a window");
    assert_eq!(window.after, Some(When::Date("2026-11-15".parse().expect("a date"))));
    assert_eq!(window.before, Some(When::Date("2026-11-23".parse().expect("a date"))));
    let overdue = listed("anything overdue?");
    assert_eq!(overdue.filter.due.expect("a window").before, Some(When::Date("2026-11-21".parse().expect("a date"))));
    assert_eq!(listed("find tasks about groceries").filter.query.as_deref(), Some("groceries"));
    assert_eq!(listed("show the dentist tasks").filter.query.as_deref(), Some("dentist"));
    assert_eq!(listed("show high priority tasks").filter.priority, Some(Priority::High));
    assert_eq!(listed("show task 3").numbers, [3]);
    let yesterday = listed("what did I finish yesterday?");
    assert!(yesterday.filter.finished.is_some() && yesterday.filter.due.is_none());
    for message in ["what's the weather like?", "what time is it?", "show me the money", "tell me a joke"] {
        assert_eq!(interpret(message, &context()), [Intent::Unknown], "{message}");
    }
}

/// INTERP-22: priority and notes leave the title.
#[test]
fn priority_and_notes_leave_the_title() {
    for (message, title, priority, note) in [
        ("add pay tax, high priority", "Pay tax", Some(Priority::High), None),
        ("add a low-priority task: tidy up", "Tidy up", Some(Priority::Low), None),
        ("urgent: call the bank", "Call the bank", Some(Priority::High), None),
        ("add milk with note: oat", "Milk", None, Some("oat")),
        ("add review important contract", "Review important contract", None, None),
    ] {
        let Intent::Add(items) = one(message, &context()) else { panic!("{message}") };
        let item = &items[0];
        assert_eq!(
            (item.title.as_str(), item.priority, item.description.as_deref()),
            (title, priority, note),
            "{message}"
        );
    }
}

/// INTERP-11: "its urgent", without the apostrophe, speaks of the last task; "its cage" is a title.
#[test]
fn its_without_an_apostrophe() {
    let context = with(Dialogue { last_tasks: vec![7], ..Dialogue::default() });
    for message in ["its urgent", "Its urgent!", "it's urgent"] {
        let [Intent::Update { target: Target::Numbers(tasks), changes }] = &interpret(message, &context)[..] else {
            panic!("{message}");
        };
        assert_eq!((&tasks[..], changes.priority), (&[7][..], Some(Priority::High)), "{message}");
    }
    assert!(matches!(&interpret("its cage needs cleaning", &context)[..], [Intent::Add(_) | Intent::Offer(_)]));
}
