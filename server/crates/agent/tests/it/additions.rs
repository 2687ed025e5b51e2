//! What becomes a task offline: offers, suggestions, and what the receipts of additions don't show.

use saydo_contract::{MessageOutcome, PageAction, Question, ReceiptNote, TaskId};
use serde_json::{Value, json};

use crate::{
    offline::{Talk, call},
    rig::Ran,
};

fn id(id: i64) -> TaskId {
    id.try_into().unwrap()
}

/// The titles that a message offers to add.
fn offered(ran: &Ran) -> Vec<&str> {
    match &ran.meta().question {
        Some(Question::Add { items }) => items.iter().map(|item| item.title.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// AGENT-48: words in doubt are offered with their date, and only "yes" adds them.
#[tokio::test]
async fn words_in_doubt_are_offered() {
    for (words, title, due) in [
        ("42", "42", None),
        ("asdkjh qwe", "Asdkjh qwe", None),
        ("I will call the bank tomorrow", "Call the bank", Some("2026-11-22")),
    ] {
        for (answer, is_added) in [("yes", true), ("no", false)] {
            let mut talk = Talk::given(&["Buy milk"]);
            let (ran, calls) = talk.run(words).await;
            assert_eq!((ran.outcome(), offered(&ran), calls), (Some(MessageOutcome::Ask), vec![title], vec![]));
            assert_eq!(ran.shape().iter().filter(|step| **step == "choice").count(), 1, "{words}");
            let messages: Vec<_> = ran.options().unwrap().iter().map(|option| option.message.as_str()).collect();
            assert_eq!(messages, ["yes", "no"]);
            let mut arguments = json!({ "title": title });
            due.into_iter().for_each(|due| arguments["due"] = due.into());
            let expected = if is_added { call("add_task", arguments) } else { vec![] };
            let (said, calls) = talk.run(answer).await;
            assert_eq!(calls, expected, "{words}: {answer}");
            assert_eq!(said.outcome(), (!is_added).then_some(MessageOutcome::Talk), "{words}: {answer}");
        }
    }
}

/// AGENT-48: another title, command or doubt while an offer is open is that other thing, and the offer is gone.
#[tokio::test]
async fn other_words_leave_an_offer() {
    for (words, expected) in [
        ("buy bread", call("add_task", json!({ "title": "Buy bread" }))),
        ("delete task 1", call("delete_task", json!({ "task_id": 1 }))),
        ("43", vec![]),
    ] {
        let mut talk = Talk::given(&["Buy milk"]);
        talk.say("42").await;
        assert_eq!(talk.run(words).await.1, expected, "{words}");
        let calls = talk.run("yes").await.1;
        let added: Vec<&Value> = calls.iter().map(|(_, arguments)| &arguments["title"]).collect();
        assert_eq!(json!(added), if words == "43" { json!(["43"]) } else { json!([]) }, "{words}");
    }
}

/// AGENT-49: what is on the list and open is not offered again, articles aside.
#[tokio::test]
async fn what_is_listed_is_not_offered() {
    for (title, done, is_offered) in [
        ("Call the bank", false, false),
        ("call bank", false, false),
        ("Call the bank", true, true),
        ("Call", false, true),
    ] {
        let mut talk = Talk::given(&[]);
        talk.tools.given(title, None, done);
        let (ran, calls) = talk.run("I will call the bank tomorrow").await;
        assert_eq!(calls, []);
        let outcome = if is_offered { MessageOutcome::Ask } else { MessageOutcome::Help };
        assert_eq!((ran.outcome(), offered(&ran).len()), (Some(outcome), usize::from(is_offered)), "{title}");
        assert_eq!(ran.meta().listed.len(), usize::from(!is_offered), "{title}");
    }
}

/// AGENT-50: a question about the app is answered without a call, and its links act.
#[tokio::test]
async fn questions_about_the_app_are_answered() {
    for (words, action) in [
        ("turn on dark mode", Some(PageAction::DarkMode)),
        ("export my tasks", Some(PageAction::Export)),
        ("can you repeat tasks?", None),
        ("how do I delete my account?", None),
        ("change my password", None),
    ] {
        let mut talk = Talk::given(&["Buy milk"]);
        let ran = talk.say(words).await;
        assert_eq!((ran.outcome(), talk.tools.log()), (Some(MessageOutcome::Talk), vec![]), "{words}");
        let linked: Vec<PageAction> = PageAction::ALL
            .into_iter()
            .filter(|action| ran.answer().contains(&format!("]({})", action.address())))
            .collect();
        assert_eq!(linked, Vec::from_iter(action), "{words}");
    }
}

/// AGENT-51: what is not understood can be added with a button, which asks nothing.
#[tokio::test]
async fn what_is_not_understood_may_be_added() {
    let mut talk = Talk::given(&["Buy milk"]);
    for words in ["who won  the game?", "why is\nit raining?"] {
        let ran = talk.say(words).await;
        assert_eq!((ran.outcome(), &ran.meta().question), (Some(MessageOutcome::Help), &None), "{words}");
        let [suggestion] = &ran.meta().suggestions[..] else { panic!("{:?}", ran.meta()) };
        let title = words.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(suggestion.message, format!("/add {title}"));
        assert_eq!(talk.run("yes").await.1, [], "it is no question");
        let added = talk.run(&suggestion.message).await.1;
        assert_eq!(added.len(), 1, "{added:?}");
    }
    for words in ["/frobnicate 2", "delete task 99"] {
        assert_eq!(talk.say(words).await.meta().suggestions, [], "{words}");
    }
    let long = talk.say(&format!("who won {}?", "the game ".repeat(100))).await;
    assert_eq!(long.meta().suggestions, []);
}

/// AGENT-52, AGENT-53, AGENT-54, AGENT-63: what a receipt doesn't show is data beside the words, which say it as well.
#[tokio::test]
async fn receipts_have_notes() {
    for (words, note) in [
        ("add buy milk", Some(ReceiptNote::SameTitle { task_id: id(3), others: vec![id(1)] })),
        ("add pay rent", None),
        ("add pay tax on Feb 30", Some(ReceiptNote::UnreadDate { task_id: id(3), text: "on Feb 30".to_owned() })),
        ("remind me to call mom", Some(ReceiptNote::NoReminder { task_id: id(3) })),
        ("water plants every monday", Some(ReceiptNote::NoRepeat { task_id: id(3) })),
    ] {
        let mut talk = Talk::given(&["Buy milk"]);
        talk.tools.given("Pay rent", None, true);
        let plain = talk.tools.tasks().len();
        let ran = talk.say(words).await;
        assert_eq!(talk.tools.tasks().len(), plain + 1, "{words}");
        let has_note = note.is_some();
        assert_eq!(ran.meta().notes, Vec::from_iter(note), "{words}");
        assert_eq!((ran.meta().receipts_only, ran.meta().notes_complete), (!has_note, has_note), "{words}");
    }
}

/// AGENT-52, AGENT-54: what an offer's words ask for beside the task is noted when it is added.
#[tokio::test]
async fn an_accepted_offer_has_its_notes() {
    let mut talk = Talk::given(&[]);
    talk.say("I will pay the tax on Feb 30").await;
    let ran = talk.say("yes").await;
    assert_eq!(ran.meta().notes, [ReceiptNote::UnreadDate { task_id: id(1), text: "on Feb 30".to_owned() }]);
}

/// AGENT-55, AGENT-56: a title that lists things is one task, and its receipt offers to split it, which one undo takes
/// back.
#[tokio::test]
async fn a_list_in_a_title_can_be_split() {
    let mut talk = Talk::given(&[]);
    let ran = talk.say("eggs, bread and butter tomorrow !high").await;
    let split = ReceiptNote::Split { task_id: id(1), count: 3, message: "/split 1".to_owned() };
    assert_eq!((&ran.meta().notes[..], ran.meta().receipts_only), (&[split][..], true));
    for words in ["/split 1", "split task 1"] {
        let (ran, calls) = talk.run(words).await;
        let added = |title: &str| call("add_task", json!({ "title": title, "due": "2026-11-22", "priority": "high" }));
        let renamed = call("update_task", json!({ "task_id": 1, "title": "Eggs" }));
        assert_eq!(calls, [renamed, added("Bread"), added("Butter")].concat(), "{words}");
        assert!(ran.meta().receipts_only && ran.meta().question.is_none());
        assert_eq!(talk.run("undo").await.1.len(), 3);
        assert_eq!(talk.tools.tasks(), [(1, "Eggs, bread and butter".to_owned(), false)], "{words}");
    }
}

/// AGENT-57: what can't be split is said, and nothing is changed.
#[tokio::test]
async fn what_is_one_thing_stays_one() {
    let mut talk = Talk::given(&["Call the dentist", "Eggs and bread", "Milk and bread"]);
    talk.tools.given("Salad, soup", None, true);
    for words in ["/split 1", "/split 4", "/split 99", "/split 2 3", "/split"] {
        let (ran, calls) = talk.run(words).await;
        assert_eq!((ran.outcome(), calls), (Some(MessageOutcome::Help), vec![]), "{words}");
    }
    // Several fit: it is asked which, and then done.
    assert_eq!(talk.run("/split bread").await.0.outcome(), Some(MessageOutcome::Choice));
    assert_eq!(talk.run("2").await.1.len(), 2);
}
