//! The sentences, word for word. No behaviour depends on them: only this file knows them.
#![allow(clippy::unwrap_used)]

use crate::LocalNow;
use chrono::{NaiveDate, NaiveTime, TimeZone};
use saydo_contract::{HourCycle, Locale, Priority, UndoKind};
use saydo_interpreter::{Changes, DueChange, NoteChange, Shift, Topic, Window};
use serde_json::{Value, json};

use super::*;
use crate::offline::reply::SharedUpdate;
use crate::offline::reply::{Candidate, ChoiceQuestion, Purpose};
use crate::offline::report::{Change, Extras, Report, ReportResult, TaskName};

fn now() -> LocalNow {
    let moment = chrono_tz::Europe::Berlin.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap();
    LocalNow { moment, locale: saydo_interpreter::zone_locale(moment.timezone()) }
}

fn says(reply: &Reply, words: &str) {
    assert_eq!(say(reply, &now()), words, "{reply:?}");
}

fn task(id: i64, title: &str, fields: Value) -> Value {
    let mut task = json!({
        "id": id, "title": title, "description": null, "completed": false, "due": null, "priority": "none",
        "created_at": "2026-11-01T08:00:00Z", "updated_at": "2026-11-01T08:00:00Z", "completed_at": null,
    });
    task.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    task
}

fn read(task: Value) -> Task {
    serde_json::from_value(task).unwrap()
}

/// A call that changed a task from `before` to `after`; both the same: it changed nothing.
fn report(change: Change, before: Value, after: Value) -> Report {
    let made =
        json!({ "task_id": after["id"], "title": after["title"], "verb": "updated", "before": before, "after": after });
    let changes = if before == after { json!([]) } else { json!([made]) };
    let outcome = json!({
        "task_id": after["id"], "status": "updated", "title": after["title"], "task": after, "changes": changes,
    });
    let result = ReportResult::Done(serde_json::from_value(outcome).unwrap());
    Report { change, task: TaskName::Number(1), extras: Extras::default(), result }
}

fn refused(change: Change, reason: Option<&str>) -> Report {
    let task = TaskName::Title("Milk".to_owned());
    let result = ReportResult::Failed(reason.map(str::to_owned));
    Report { change, task, extras: Extras::default(), result }
}

fn changed(reports: Vec<Report>) -> Reply {
    Reply::Changed { reports, not_run: 0 }
}

fn item(id: i64, title: &str, verb: ChangeVerb) -> ConfirmationItem {
    ConfirmationItem { task_id: id.try_into().unwrap(), title: title.to_owned(), verb }
}

/// AGENT-45: the words of small talk, help and refusals.
#[test]
fn talk() {
    for (reply, words) in [
        (Reply::Greeting, "Hello! Tell me what to put on your list, or ask what's on it."),
        (Reply::Welcome, "You're welcome."),
        (Reply::Goodbye, "Goodbye!"),
        (Reply::Declined, "OK, left as is."),
        (Reply::NothingToConfirm, "There's nothing to confirm."),
        (Reply::NoLongerValid, "No longer valid. Say it again if you still want it."),
        (Reply::Unrecognised { examples: false, said: None }, "I didn't get that."),
        (
            Reply::Abilities { examples: false },
            "I can add, find, change and finish tasks. [See what you can say](/#help).",
        ),
        (Reply::TooMany { most: 200 }, "I can add 200 tasks at a time at most. Say it in parts."),
        (Reply::NothingToTakeBack(Undoable::Change), "There's nothing to undo."),
        (Reply::NothingToTakeBack(Undoable::Undo), "There's nothing to redo."),
        (Reply::NothingToTakeBack(Undoable::Receipt), "There's no such change here, or it's undone already."),
        (Reply::ChangedLater { title: "Stretch".into() }, "“Stretch” was changed later, so this can't be undone."),
        (Reply::NoSuchNumbers(vec![7, 9]), "There's no task 7 or task 9 on your list."),
        (Reply::NoMatch { said: "milk thing".into(), nearest: vec![] }, "I couldn't find “milk thing”."),
        (
            Reply::NoMatch { said: "milk thing".into(), nearest: vec!["Buy milk".into()] },
            "I couldn't find “milk thing”. Did you mean “Buy milk”?",
        ),
        (Reply::UnreadableList(Some("try later".into())), "I couldn't read your list, so nothing changed: try later"),
        (Reply::Several(vec![Reply::Declined, Reply::Welcome]), "OK, left as is.\n\nYou're welcome."),
    ] {
        says(&reply, words);
    }
    let help = say(&Reply::Unrecognised { examples: true, said: None }, &now());
    assert!(help.starts_with("I didn't get that. Try:\n\n- “Buy milk”"), "{help}");
    let abilities = say(&Reply::Abilities { examples: true }, &now());
    assert!(abilities.starts_with("I can add, find, change and finish tasks. Try:\n\n- “"), "{abilities}");
}

/// AGENT-45: what was done is a sentence of one verb, with the title and what is different.
#[test]
fn changes() {
    let (none, milk) = (json!({}), task(1, "Milk", json!({})));
    let with = |fields: Value| task(1, "Milk", fields);
    let updated = |after: Value| changed(vec![report(Change::Updated, milk.clone(), after)]);
    let dentist = task(2, "Call the *dentist*", json!({ "due": "2026-11-22T17:00:00+01:00", "priority": "high" }));
    for (reply, words) in [
        (
            changed(vec![report(Change::Added, Value::Null, dentist)]),
            "Added “Call the \\*dentist\\*”, due Sun, 22 Nov 2026, 17:00, high priority.",
        ),
        (changed(vec![report(Change::Completed, milk.clone(), milk.clone())]), "“Milk” was done already."),
        (changed(vec![report(Change::Deleted, milk.clone(), with(json!({ "priority": "low" })))]), "Deleted “Milk”."),
        (updated(task(1, "Oat milk", none)), "Renamed “Milk” to “Oat milk”."),
        (updated(with(json!({ "due": "2026-12-10" }))), "Moved “Milk” to Thu, 10 Dec 2026."),
        (updated(with(json!({ "priority": "high" }))), "Set “Milk” to high priority."),
        (updated(with(json!({ "description": "2 l" }))), "Added a note to “Milk”: “2 l”."),
        (
            updated(task(1, "Oat milk", json!({ "due": "2026-12-10", "priority": "low" }))),
            "Changed “Oat milk”: renamed from “Milk”, due Thu, 10 Dec 2026, low priority.",
        ),
        (changed(vec![refused(Change::Added, Some("The list is full."))]), "I couldn't add “Milk”: The list is full."),
        (
            Reply::Changed { reports: vec![refused(Change::Updated, None)], not_run: 2 },
            "- I couldn't change “Milk”.\n- The other 2 changes did not run.",
        ),
    ] {
        says(&reply, words);
    }
    let done = json!({ "completed": true, "due": "2026-11-20" });
    let later = json!({ "completed": true, "due": "2026-12-10" });
    let snoozed = changed(vec![report(Change::Updated, with(done.clone()), with(later))]);
    says(&snoozed, "Moved “Milk” to Thu, 10 Dec 2026. It's done already.");
    let cleared = changed(vec![report(Change::Updated, with(json!({ "due": "2026-11-20" })), milk)]);
    says(&cleared, "Removed the date of “Milk”.");
}

/// AGENT-45, AGENT-54: an addition says what of its words isn't done, and what was there before; what Saydo can't do,
/// once.
#[test]
fn additions() {
    let added = |id: i64, title: &str, extras: Extras| Report {
        extras,
        ..report(Change::Added, Value::Null, task(id, title, json!({})))
    };
    let unread = Extras { unread_date: Some("Feb 30".to_owned()), ..Extras::default() };
    let reminder = Extras { reminder: true, ..Extras::default() };
    let both = Extras { reminder: true, recurring: true, ..Extras::default() };
    says(
        &changed(vec![added(1, "Tax Feb 30", unread.clone())]),
        "Added “Tax Feb 30”. I couldn't read “Feb 30” as a date.",
    );
    says(&changed(vec![added(1, "Milk", reminder.clone())]), "Added “Milk”. Saydo doesn't notify yet.");
    says(
        &changed(vec![added(1, "Tax Feb 30", unread), added(2, "Milk", reminder), added(3, "Gym daily", both)]),
        "- Added “Tax Feb 30”. I couldn't read “Feb 30” as a date.\n- Added “Milk”.\n- Added “Gym daily”.\n\n\
         Saydo doesn't notify yet.\n\nSaydo can't repeat tasks yet.",
    );
    let mut again = added(2, "Milk", Extras::default());
    let ReportResult::Done(outcome) = &mut again.result else { return };
    outcome.same_title = vec![1.try_into().unwrap()];
    says(&changed(vec![again]), "Added “Milk”. It was already on your list.");
}

/// AGENT-45: a split says what became of the title.
#[test]
fn splits() {
    let reports = vec![
        report(Change::Updated, task(1, "Eggs and bread", json!({})), task(1, "Eggs", json!({}))),
        report(Change::Added, Value::Null, task(2, "Bread", json!({}))),
    ];
    says(&Reply::Split { title: "Eggs and bread".into(), reports }, "Split “Eggs and bread” into “Eggs” and “Bread”.");
    says(&Reply::NothingToSplit { title: "Eggs".into() }, "“Eggs” is one thing, so there's nothing to split.");
    says(&Reply::DoneAlready { title: "Eggs".into() }, "“Eggs” is done already.");
    says(&Reply::SplitAlone, "I can split one task at a time.");
}

/// AGENT-45, AGENT-50a: questions about the app are answered by what it can do today, with a link that does it.
#[test]
fn answers_about_the_app() {
    for (topic, words) in [
        (Topic::Repeat, "Saydo can't repeat tasks yet. The words stay in the title."),
        (Topic::Reminders, "Saydo doesn't notify yet. A task keeps its date and time."),
        (Topic::DeleteAccount, "You can't delete your account on the page yet, only with the [API](/api/docs)."),
        (Topic::ChangePassword, "You can't change your password in Saydo yet."),
        (Topic::ForgottenPassword, "Saydo can't reset a forgotten password yet."),
        (Topic::ChangeEmail, "You can't change your email or name in Saydo yet."),
        (
            Topic::Settings,
            "There's no settings page yet. You can choose the theme ([dark](/#dark-mode), [light](/#light-mode) or \
             [as your system](/#system-theme)) and the [language](/#language).",
        ),
        (Topic::Export, "[Save a file](/#export) with your tasks and conversations."),
        (Topic::Import, "Saydo can't read files of other apps. Paste your tasks, one on each line."),
        (Topic::DarkMode, "[Turn on dark mode](/#dark-mode)."),
        (Topic::LightMode, "[Turn on light mode](/#light-mode)."),
        (Topic::SystemTheme, "[Use the theme of your system](/#system-theme)."),
        (Topic::Language, "[Choose the page's language](/#language): English or Urdu."),
        (Topic::Shortcuts, "[Show the keyboard shortcuts](/#shortcuts)."),
        (Topic::SignOut, "[Sign out](/#sign-out)."),
        (Topic::Undo, "Say “undo”, or click Undo on a receipt."),
        (Topic::Trash, "Say “restore” and the title of a task that you deleted in this chat."),
        (Topic::Subtasks, "Saydo has no subtasks. A task can have a note: “/note 3 …”."),
        (Topic::Share, "Saydo can't share lists. Each account has its own."),
        (Topic::Attachments, "Saydo can't attach files. A note can hold a link."),
        (Topic::Calendar, "Saydo can't connect to calendars yet."),
        (Topic::Tags, "Saydo has one list, and no tags yet. Words like #home stay in the title."),
        (Topic::Voice, "If your browser can, click the microphone in the message box and speak."),
        (Topic::Apps, "Saydo runs in the browser, on phones too, and your browser may install it."),
        (
            Topic::Privacy,
            "Your list is kept on this Saydo server, and its operator can read it. If an AI model is connected, it gets \
             your messages and tasks.",
        ),
        (Topic::Offline, "Without a network the page opens, keeps what you write, and sends it later."),
        (Topic::Price, "Saydo is free and open source."),
        (Topic::Support, "Tell whoever runs this Saydo server."),
        (Topic::Assistant, "Without an AI model, Saydo understands simple sentences. [See what you can say](/#help)."),
    ] {
        says(&Reply::About(topic), words);
    }
}

/// AGENT-45: an offer says what would be added and when; the year only where it is another one.
#[test]
fn offers() {
    let ask = |items: Value| Reply::Ask(serde_json::from_value(items).unwrap());
    for (items, words) in [
        (json!([{ "title": "Dentist", "due": "2026-12-03T15:00:00+01:00" }]), "Add “Dentist”, Thu 3 Dec, 15:00?"),
        (
            json!([{ "title": "Tax", "due": "2027-01-31", "priority": "high" }]),
            "Add “Tax”, Sun 31 Jan 2027, high priority?",
        ),
        (json!([{ "title": "42", "priority": "none" }]), "Add “42”?"),
        (json!([{ "title": "A" }, { "title": "B" }]), "Add “A” and “B”?"),
    ] {
        says(&ask(items), words);
    }
    let american = LocalNow { locale: Locale { hour_cycle: HourCycle::H12, ..now().locale }, ..now() };
    let dentist = ask(json!([{ "title": "Dentist", "due": "2026-12-03T15:00:00+01:00" }]));
    assert_eq!(say(&dentist, &american), "Add “Dentist”, Thu 3 Dec, 3:00 PM?");
    let there = |titles: &[&str]| {
        Reply::AlreadyListed((1..).zip(titles).map(|(id, title)| read(task(id, title, json!({})))).collect())
    };
    says(&there(&["Call mom"]), "“Call mom” is already on your list.");
    says(&there(&["A", "B"]), "“A” and “B” are already on your list.");
    let button = suggestion("who is [it]?");
    assert_eq!((&*button.label, &*button.message), ("Add “who is [it]?” as a task", "/add who is [it]?"));
    let cut = suggestion(&format!("{}. more", "x".repeat(58)));
    assert_eq!(cut.label, format!("Add “{}…” as a task", "x".repeat(58)));
}

/// AGENT-45: an undo says what is as it was again, a redo what is as it had become.
#[test]
fn undo_and_redo() {
    let (milk, oat) = (task(1, "Milk", json!({})), task(1, "Oat milk", json!({})));
    let taken = |kind, reports| Reply::TakenBack { kind, reports, not_run: 0 };
    let renamed = || vec![report(Change::Updated, oat.clone(), milk.clone())];
    says(&taken(UndoKind::Undo, renamed()), "Undone: “Milk” has its old name again.");
    says(&taken(UndoKind::Redo, renamed()), "Redone: “Milk” has its new name again.");
    for (change, words) in [
        (Change::Deleted, "Undone: “Milk” is off your list."),
        (Change::Restored, "Undone: “Milk” is back on your list."),
        (Change::Reopened, "Undone: “Milk” is open again."),
        (Change::Completed, "Undone: “Milk” is done again."),
    ] {
        says(&taken(UndoKind::Undo, vec![report(change, oat.clone(), milk.clone())]), words);
    }
    let both = vec![report(Change::Reopened, oat.clone(), milk.clone()), report(Change::Deleted, milk, oat)];
    says(&taken(UndoKind::Undo, both), "Undone:\n\n- “Milk” is open again.\n- “Oat milk” is off your list.");
}

/// AGENT-45: a list begins with how many there are of what was asked for.
#[test]
fn lists() {
    let day = |day| When::Date(NaiveDate::from_ymd_opt(2026, 11, day).unwrap());
    let due = |after: Option<u32>, before: Option<u32>| Filter {
        status: Status::Pending,
        due: Some(Window { after: after.map(day), before: before.map(day) }),
        ..Filter::default()
    };
    let with = |words: &str| Filter { query: Some(words.to_owned()), ..Filter::default() };
    let of = |status| Filter { status, ..Filter::default() };
    for (filter, none, seven) in [
        (of(Status::All), "Your list is empty.", "You have 7 tasks."),
        (of(Status::Pending), "You have no open tasks.", "You have 7 open tasks."),
        (of(Status::Completed), "You have no completed tasks.", "You have 7 completed tasks."),
        (due(None, Some(21)), "Nothing is overdue.", "7 overdue."),
        (due(Some(20), Some(22)), "Nothing due today.", "7 due today."),
        (due(Some(21), Some(23)), "Nothing due tomorrow.", "7 due tomorrow."),
        (due(Some(20), Some(23)), "Nothing due this week.", "7 due this week."),
        (due(Some(22), Some(30)), "Nothing due next week.", "7 due next week."),
        (due(Some(25), Some(27)), "Nothing due on Thu, 26 Nov 2026.", "7 due on Thu, 26 Nov 2026."),
        (due(Some(25), None), "Nothing due after Wed, 25 Nov 2026.", "7 due after Wed, 25 Nov 2026."),
        (with("milk"), "No tasks with “milk”.", "7 tasks with “milk”."),
    ] {
        says(&Reply::Listed(Box::new(Listing { filter: filter.clone(), total: 0, shown: vec![] })), none);
        says(&Reply::Listed(Box::new(Listing { filter: filter.clone(), total: 7, shown: vec![] })), seven);
        if filter.due.is_some() {
            says(&Reply::NothingMatches { verb: ChangeVerb::Updated, filter: Some(Box::new(filter)) }, none);
        }
    }
    let shown = vec![read(task(3, "Call mom", json!({ "due": "2026-11-22" }))), read(task(1, "Milk", json!({})))];
    says(
        &Reply::Listed(Box::new(Listing { filter: of(Status::Pending), total: 3, shown: shown.clone() })),
        "You have 3 open tasks:\n\n- #3 Call mom, due Sun, 22 Nov 2026\n- #1 Milk\n\n…and 1 more.",
    );
    says(
        &Reply::WhichTask { verb: ChangeVerb::Deleted, open: shown },
        "Which task should I delete? Say “delete task 3”, for example.\n\n- #3 Call mom, due Sun, 22 Nov 2026\n- #1 Milk",
    );
}

fn offer(id: i64, title: &str, due: Option<&str>) -> Candidate {
    Candidate { id, title: title.to_owned(), completed: false, due: due.map(|due| due.parse().unwrap()) }
}

fn choice(options: Vec<Candidate>, said: Option<&str>) -> ChoiceQuestion {
    ChoiceQuestion { purpose: Purpose::Verb(ChangeVerb::Deleted), said: said.map(str::to_owned), options }
}

/// AGENT-62a: the due time of an option is written in the person's zone and on the person's clock.
#[test]
fn options_are_due_on_the_persons_clock() {
    let twelve = LocalNow { locale: Locale { hour_cycle: HourCycle::H12, ..now().locale }, ..now() };
    for (now, label) in [
        (now(), "Pay rent (task 1, due Wed, 25 Nov 2026, 05:30)"),
        (twelve, "Pay rent (task 1, due Wed, 25 Nov 2026, 5:30 AM)"),
    ] {
        let asked =
            choice(vec![offer(1, "Pay rent", Some("2026-11-24T23:30:00-05:00")), offer(2, "Pay rent", None)], None);
        assert_eq!(options(&asked, &now)[0].label, label);
        assert!(say(&Reply::Choose(asked), &now).contains(label), "{label}");
    }
}

/// AGENT-45, AGENT-62: a question says what it is about, and its options can be distinguished.
#[test]
fn questions() {
    let two = choice(vec![offer(1, "Pay rent", Some("2026-11-24")), offer(2, "Pay rent", None)], Some("rent"));
    says(
        &Reply::Choose(two.clone()),
        "Which “rent”?\n\n1. Pay rent (task 1, due Tue, 24 Nov 2026)\n2. Pay rent (task 2)\n\nSay 1 or 2.",
    );
    let labels: Vec<String> = options(&two, &now()).into_iter().map(|option| option.label).collect();
    assert_eq!(labels, ["Pay rent (task 1, due Tue, 24 Nov 2026)", "Pay rent (task 2)"]);
    says(&Reply::Choose(choice(vec![offer(1, "Cancel the gym", None)], None)), "Delete “Cancel the gym”?");

    let update = |changes: Changes| {
        let options = vec![offer(1, "Dentist", None)];
        Reply::Choose(ChoiceQuestion { purpose: Purpose::Update(Box::new(changes)), said: None, options })
    };
    let friday = When::Date(NaiveDate::from_ymd_opt(2026, 11, 27).unwrap());
    let due = |due| Changes { due, ..Changes::default() };
    let note = |note| Changes { note, ..Changes::default() };
    for (changes, words) in [
        (due(DueChange::Set(friday)), "Move “Dentist” to Fri 27 Nov?"),
        (due(DueChange::Time(NaiveTime::from_hms_opt(15, 0, 0).unwrap())), "Move “Dentist” to 15:00?"),
        (due(DueChange::Shift(Shift::default())), "Move “Dentist”?"),
        (due(DueChange::Clear), "Remove the date of “Dentist”?"),
        (note(NoteChange::Set("x".to_owned())), "Add the note to “Dentist”?"),
        (note(NoteChange::Clear), "Remove the note of “Dentist”?"),
        (Changes { title: Some("GP".to_owned()), ..Changes::default() }, "Rename “Dentist” to “GP”?"),
        (
            Changes { priority: Some(saydo_interpreter::Priority::High), ..Changes::default() },
            "Set “Dentist” to high priority?",
        ),
        (Changes { title: Some("GP".to_owned()), ..due(DueChange::Clear) }, "Change “Dentist”?"),
    ] {
        says(&update(changes), words);
    }
    let split = ChoiceQuestion { purpose: Purpose::Split, said: None, options: vec![offer(1, "A, B", None)] };
    says(&Reply::Choose(split), "Split “A, B”?");

    let three = ["A", "B", "C"].iter().zip(1..).map(|(title, id)| item(id, title, ChangeVerb::Deleted));
    says(
        &Reply::Confirm { items: three.collect(), shared: None },
        "Delete 3 tasks?\n\n- #1 A\n- #2 B\n- #3 C\n\nSay “yes” or “no”, or for example “only the first two”.",
    );
    let mixed = vec![item(1, "A", ChangeVerb::Deleted), item(2, "B", ChangeVerb::Completed)];
    says(
        &Reply::Confirm { items: mixed, shared: None },
        "Change 2 tasks?\n\n- #1 A (delete)\n- #2 B (complete)\n\nSay “yes” or “no”.",
    );
    let moved = vec![item(1, "A", ChangeVerb::Updated), item(2, "B", ChangeVerb::Updated)];
    for (shared, title) in [
        (SharedUpdate::Due("2026-12-04".parse().ok()), "Move 2 tasks to Fri, 4 Dec 2026?"),
        (SharedUpdate::Due(None), "Remove the date of 2 tasks?"),
        (SharedUpdate::Priority(Priority::High), "Set 2 tasks to high priority?"),
    ] {
        let words = format!("{title}\n\n- #1 A\n- #2 B\n\nSay “yes” or “no”.");
        says(&Reply::Confirm { items: moved.clone(), shared: Some(shared) }, &words);
    }
    says(
        &Reply::Confirmed {
            done: vec![item(1, "A", ChangeVerb::Deleted), item(2, "B", ChangeVerb::Deleted)],
            failed: vec![(item(3, "C", ChangeVerb::Deleted), Some("gone".to_owned()))],
            changed_since: vec![item(4, "D", ChangeVerb::Deleted)],
        },
        "Deleted “A” and “B”.\n\nI couldn't delete “C”: gone\n\n\
         “D” was changed since I asked, so I left it as it is.",
    );
}
