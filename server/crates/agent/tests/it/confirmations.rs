//! Changes of many tasks wait for a yes.

use std::pin::pin;

use chrono::TimeDelta;
use futures::StreamExt;
use proptest::{prelude::*, test_runner::TestRunner};
use saydo_agent::{Agent, Step, TurnInput};
use saydo_test_support::fake_model::{FakeModel, Reply};
use serde_json::{Value, json};

use crate::{
    offline::{Talk, call},
    rig::{config, connect, input, run_with, user},
    tools::TestTools,
};

const FIVE: [&str; 5] = ["Buy milk", "Call mom", "Pay rent", "Read book", "Sell bike"];

fn deletes(ids: &[i64]) -> Vec<(String, Value)> {
    ids.iter().flat_map(|id| call("delete_task", json!({ "task_id": id }))).collect()
}

/// AGENT-26: three tasks, "all" and a sweep wait for a yes, which runs exactly them; the answer names them.
#[tokio::test]
async fn a_yes_runs_what_was_asked() {
    let mut talk = Talk::given(&FIVE[..3]);
    let ran = talk.say("delete everything").await;
    assert_eq!(ran.shape()[ran.shape().len() - 4..], ["delta", "answer", "confirm", "done"]);
    assert!(
        ran.answer().starts_with("Delete 3 tasks? Nothing was changed yet.\n\n- #1 Buy milk\n"),
        "{}",
        ran.answer()
    );
    assert_eq!(talk.tools.tasks().len(), 3);
    let (said, calls) = talk.turn("yes, go ahead").await;
    assert_eq!(calls, deletes(&[1, 2, 3]));
    assert_eq!(said, "Deleted #1 Buy milk, #2 Call mom and #3 Pay rent.");
    assert_eq!(talk.turn("yes").await.1, [], "it is asked once");
    let (said, calls) = talk.turn("undo").await;
    assert_eq!(calls.len(), 3, "undoing asks nothing: {said}");

    let mut talk = Talk::given(&FIVE[..3]);
    assert_eq!(talk.turn("complete tasks 1, 2 and 3").await.1, []);
    assert_eq!(talk.turn("ok").await.1.len(), 3);
    let mut talk = Talk::given(&FIVE[..1]);
    assert_eq!(talk.turn("delete all my tasks").await.1, [], "all is all, be it one");
    assert_eq!(talk.turn("add milk; eggs; bread").await.1.len(), 3, "new tasks need no yes");
    assert_eq!(talk.turn("complete tasks 1 and 2").await.1.len(), 2);
}

/// AGENT-27: some of the tasks, all but some, or none; where it is not clear which, the question stays.
#[tokio::test]
async fn some_or_none_are_run() {
    let all = &[1, 2, 3, 4, 5][..];
    for (answer, expected) in [
        ("yes please", all),
        ("ok do it", all),
        ("Yes!", all),
        ("y", all),
        ("all", all),
        ("all of them", all),
        ("yes, all of them", all),
        ("delete them all", all),
        ("go ahead", all),
        ("only the first two", &[1, 2]),
        ("the first two", &[1, 2]),
        ("just the third", &[3]),
        ("the last one", &[5]),
        ("only the last two", &[4, 5]),
        ("only 2 and #5", &[2, 5]),
        ("1 and 3", &[1, 3]),
        ("yes, 1 and 3", &[1, 3]),
        ("1, 2", &[1, 2]),
        ("#4", &[4]),
        ("task 4", &[4]),
        ("only milk", &[1]),
        ("Only buy milk and the rent.", &[1, 3]),
        ("yes but only the book", &[4]),
        ("all but 3", &[1, 2, 4, 5]),
        ("all but the second", &[1, 3, 4, 5]),
        ("all but the last", &[1, 2, 3, 4]),
        ("all except milk", &[2, 3, 4, 5]),
        ("everything except 1 and 2", &[3, 4, 5]),
        ("not 3", &[1, 2, 4, 5]),
        ("not the bike", &[1, 2, 3, 4]),
        ("keep 3", &[1, 2, 4, 5]),
        ("yes, but not the first", &[2, 3, 4, 5]),
        ("no, only 2", &[2]),
        ("no", &[]),
        ("No thanks", &[]),
        ("cancel", &[]),
        ("never mind", &[]),
        ("don't", &[]),
        ("none of them", &[]),
    ] {
        let mut talk = Talk::given(&FIVE);
        talk.say("delete all tasks").await;
        let (said, calls) = talk.turn(answer).await;
        assert_eq!(calls, deletes(expected), "{answer}: {said}");
    }

    // Places and numbers differ: #1 is done, so #2 comes first.
    let mut talk = Talk::new(TestTools::default());
    talk.tools.given("Done before", None, true);
    FIVE.iter().for_each(|title| talk.tools.given(title, None, false));
    talk.say("delete tasks 2, 3, 4 and 5").await;
    let ran = talk.say("only 2").await;
    let is_doubt = |step: &Step| matches!(step, Step::Answer { text, .. } if text.starts_with("I am not sure which"));
    assert!(ran.steps.iter().any(is_doubt), "{ran:?}");
    assert!(ran.answer().starts_with("Delete 4 tasks?"), "{}", ran.answer());
    assert_eq!(talk.tools.tasks().len(), 6);
    assert_eq!(talk.turn("only #2").await.1, deletes(&[2]));

    // It is not said which: asked again, and a clear answer still counts.
    for answer in ["milk", "9", "only 9", "all but 9", "only the tenth", "both"] {
        let mut talk = Talk::given(&FIVE);
        talk.say("delete all tasks").await;
        let (said, calls) = talk.turn(answer).await;
        assert!(calls.is_empty() && said.starts_with("Delete 5 tasks?"), "{answer}: {said}");
        assert_eq!(talk.turn("yes").await.1.len(), 5, "{answer}");
    }
    for (command, expected) in [
        ("add buy bread", call("add_task", json!({ "title": "Buy bread" }))),
        ("delete task 2", deletes(&[2])),
        ("/delete 2", deletes(&[2])),
        ("no, delete task 2", deletes(&[2])),
        ("no, add milk", call("add_task", json!({ "title": "Milk" }))),
        ("complete buy milk", call("complete_task", json!({ "task_id": 1 }))),
        ("what's pending?", vec![]),
        ("what about milk?", vec![]),
        ("maybe", vec![]),
        ("complete them all", vec![]),
        ("yes, complete them", vec![]),
    ] {
        let mut talk = Talk::given(&FIVE);
        talk.say("delete all tasks").await;
        let (said, calls) = talk.turn(command).await;
        assert_eq!(calls, expected, "a new command is a new command: {said}");
        assert_eq!(talk.turn("yes").await.1, [], "and the question is gone: {command}");
    }
}

/// AGENT-27: a task that stands in two lines is left alone, or done, as a whole.
#[tokio::test]
async fn a_task_in_two_lines_is_one_task() {
    for (answer, expected) in
        [("all but #3", vec![1, 2, 4, 5]), ("yes but not #3", vec![1, 2, 4, 5]), ("only #3", vec![3, 3])]
    {
        let mut talk = Talk::given(&FIVE);
        let (question, calls) = talk.turn("mark everything done and delete pay rent").await;
        assert_eq!(calls, [], "{question}");
        let (said, calls) = talk.turn(answer).await;
        let tasks: Vec<_> = calls.iter().map(|(_, arguments)| arguments["task_id"].as_i64().unwrap()).collect();
        assert_eq!(tasks, expected, "{answer}: {said}");
    }
}

/// AGENT-27: a refusal runs nothing but what it restricts itself to; what may be something else, or asks, runs nothing;
/// a list is a list.
#[tokio::test]
async fn in_doubt_nothing_is_run() {
    let declined = "All right, nothing was changed.";
    let again = "Delete 5 tasks?";
    for (begins, answers) in [
        (
            declined,
            &[
                "no tasks",
                "no, these",
                "No. All of them",
                "no, all of them",
                "no, delete all of them",
                "no 3",
                "no, milk",
                "nope, all",
                "no wait, all but 3",
                "no, not 3",
                "no, keep 3",
                "no, but 2",
                "no, only these",
                "none",
                "none of those tasks",
                "none but 3",
                "nothing",
                "don't",
                "don’t delete them",
                "don't delete 3",
                "do not delete these",
                "do not 3",
                "please don't",
                "yes, no",
                "stop",
                "stop all",
                "please stop",
                "wait, 3",
                "hold on, all",
                "cancel all",
                "cancel 3",
                "cancel buy milk",
                "never 3",
                "not these",
                "not them",
                "keep these",
                "keep the tasks",
                "skip all",
                "all but these",
                "no?",
            ][..],
        ),
        (
            again,
            &[
                "these",
                "these?",
                "those",
                "them",
                "of",
                "only these",
                "all?",
                "all of them?",
                "everything?",
                "yes?",
                "yes, all?",
                "only 3?",
                "3?",
                "the first?",
                "all but 3?",
                "delete all?",
                "which ones?",
                "which ones",
                "yes, both",
                "yes, two tasks",
                "yes, all three",
                "ok, tasks",
                "please call mom",
                "do buy milk",
            ],
        ),
        (
            "You have 5 tasks",
            &[
                "tasks",
                "all tasks",
                "all tasks?",
                "list",
                "show",
                "list tasks",
                "my tasks",
                "the tasks",
                "only tasks",
                "3 tasks",
            ],
        ),
        (
            "",
            &[
                "except not 3",
                "not not 3",
                "yes, mark them as done",
                "don't complete them",
                "all right",
                "no way, all",
                "no, yes",
                "not now, all",
            ],
        ),
    ] {
        for answer in answers {
            let mut talk = Talk::given(&FIVE);
            talk.say("delete everything").await;
            let (said, calls) = talk.turn(answer).await;
            assert!(calls.is_empty() && said.starts_with(begins), "{answer}: {said}, {calls:?}");
        }
    }
    for (answer, expected) in [
        ("no, just 2", &[2][..]),
        ("No, only the first two.", &[1, 2]),
        ("nope, but only milk", &[1]),
        ("yes, but keep 3", &[1, 2, 4, 5]),
        ("do all of them", &[1, 2, 3, 4, 5]),
        ("delete these", &[1, 2, 3, 4, 5]),
    ] {
        let mut talk = Talk::given(&FIVE);
        talk.say("delete everything").await;
        let (said, calls) = talk.turn(answer).await;
        assert_eq!(calls, deletes(expected), "{answer}: {said}");
    }
}

/// AGENT-27: titles are data: what looks like markup is shown as it is.
#[tokio::test]
async fn titles_in_a_question_are_no_markup() {
    let mut talk = Talk::given(&["*a*", "[b](http://x)", "<b>"]);
    let (said, _) = talk.turn("delete everything").await;
    assert!(said.contains("\n- #1 \\*a\\*\n- #2 \\[b\\](http://x)\n- #3 \\<b\\>\n"), "{said}");
    assert!(talk.turn("only 1").await.0.contains("#1 \\*a\\*"));
}

/// AGENT-30: numbers that are no tasks are told beside the question, whoever asks for them.
#[tokio::test]
async fn what_is_not_asked_about_is_told() {
    let question = "There is no task 9 on your list.\n\nDelete 3 tasks?";
    let mut talk = Talk::given(&FIVE);
    let (said, calls) = talk.turn("delete tasks 1, 2, 3 and 9").await;
    assert!(calls.is_empty() && said.starts_with(question), "{said}");
    assert_eq!(talk.turn("yes").await.1, deletes(&[1, 2, 3]));
    assert!(talk.turn("delete tasks 4 and 9").await.0.ends_with("There is no task 9 on your list."));

    let delete = |id: i64| Reply::call("delete_task", json!({ "task_id": id }));
    let and = |reply: Reply, id: i64| reply.and_call("delete_task", json!({ "task_id": id }));
    let tools = TestTools::default();
    (1..=70).for_each(|n| tools.given(&format!("Task {n}"), None, false));
    let model =
        FakeModel::scripted([[2, 3, 99].into_iter().fold(delete(1), and), (2..=200).fold(delete(1), and)]).await;
    let mut talk = Talk::with(Agent::new(config(&model)).unwrap(), tools);
    let (said, calls) = talk.turn("tidy up").await;
    assert!(calls.is_empty() && said.starts_with(&question.replace('9', "99")), "{said}");
    // More than one turn may run: as many as it may, and all of those.
    let (said, calls) = talk.turn("tidy up more").await;
    assert!(calls.is_empty() && said.contains("this is about the first 64 tasks.\n\nDelete 64 tasks?"), "{said}");
    let (said, calls) = talk.turn("yes").await;
    assert_eq!((calls.len(), said.as_str()), (64, "Deleted 64 tasks."));
    assert_eq!(talk.tools.tasks().len(), 6);
    // AGENT-22: what one turn did, one undo takes back.
    assert_eq!(talk.turn("undo").await.1.len(), 64);
    assert_eq!(talk.tools.tasks().len(), 70);
    model.assert_sound();
}

/// AGENT-31: a turn that was interrupted after it asked asks again, and runs nothing.
#[tokio::test]
async fn an_interrupted_question_is_asked_again() {
    let mut talk = Talk::given(&FIVE);
    let first = talk.say("delete everything").await;
    let again = run_with(&talk.agent, &talk.tools, talk.history.clone()).await;
    assert_eq!(again.shape(), ["confirm", "done"]);
    assert_eq!(again.answer(), first.answer());
    assert_eq!(talk.tools.tasks().len(), 5);

    let mut talk = Talk::given(&["Write report", "Send report"]);
    let first = talk.say("delete the report").await;
    assert_eq!(first.shape()[first.shape().len() - 4..], ["delta", "answer", "choice", "done"]);
    let again = run_with(&talk.agent, &talk.tools, talk.history.clone()).await;
    assert_eq!(again.shape(), ["choice", "done"]);
}

/// AGENT-28: a task that changed since is named and left out; after ten minutes the question has lapsed.
#[tokio::test]
async fn what_changed_since_is_left_out() {
    let mut talk = Talk::given(&FIVE[..4]);
    talk.say("delete all tasks").await;
    talk.tools.rename(2, "Call dad");
    talk.tools.remove(3);
    let (said, calls) = talk.turn("yes").await;
    assert_eq!(calls, deletes(&[1, 4]));
    assert_eq!(
        said,
        "Deleted #1 Buy milk and #4 Read book.\n\n#2 Call mom and #3 Pay rent have changed since I asked, so I left \
         them as they are."
    );

    for (minutes, expected) in [(9, 3), (11, 0)] {
        let mut talk = Talk::given(&FIVE[..3]);
        talk.say("delete all tasks").await;
        talk.history.push(user("yes"));
        let waited = Some(TimeDelta::minutes(minutes));
        let connection = connect(&talk.tools).await;
        let turn = talk.agent.run(TurnInput { waited, ..input(talk.history.clone()) }, connection.peer().clone());
        let steps: Vec<Step> = pin!(turn).collect().await;
        assert!(matches!(steps.last(), Some(Step::Finished { .. })), "{steps:?}");
        let deleted = talk.tools.log().into_iter().filter(|call| call.tool == "delete_task").count();
        assert_eq!(deleted, expected, "after {minutes} minutes");
    }
}

/// AGENT-29: a model's calls are frozen too: of one message, or where one more would be the third task of the turn; and
/// the answer goes without the model.
#[tokio::test]
async fn a_model_has_to_ask() {
    let tools = || {
        let tools = TestTools::default();
        FIVE.iter().for_each(|title| tools.given(title, None, false));
        tools
    };
    let delete = |id: i64| Reply::call("delete_task", json!({ "task_id": id }));
    let model = FakeModel::scripted([delete(1)
        .and_call("add_task", json!({ "title": "Buy bread" }))
        .and_call("delete_task", json!({ "task_id": 2 }))
        .and_call("complete_task", json!({ "task_id": 3 }))])
    .await;
    let mut talk = Talk::with(Agent::new(config(&model)).unwrap(), tools());
    let (said, calls) = talk.turn("tidy up, please").await;
    assert_eq!(calls, call("add_task", json!({ "title": "Buy bread" })));
    assert!(said.starts_with("Change 3 tasks?") && said.contains("- #3 Pay rent (complete)"), "{said}");
    assert_eq!(talk.turn("yes").await.1.len(), 3);
    model.assert_sound();

    let model = FakeModel::scripted([delete(1), delete(2), delete(3)]).await;
    let mut talk = Talk::with(Agent::new(config(&model)).unwrap(), tools());
    let (said, calls) = talk.turn("tidy up, please").await;
    assert_eq!(calls, deletes(&[1, 2]));
    assert!(said.starts_with("Delete 1 task?") && said.contains("- #3 Pay rent"), "{said}");
    assert_eq!(talk.turn("no").await.1, []);
    model.assert_sound();

    let model = FakeModel::scripted([delete(4), Reply::text("Nothing is left.")]).await;
    let mut talk = Talk::with(Agent::new(config(&model)).unwrap(), tools());
    assert_eq!(talk.turn("delete all my tasks").await.1, [], "the person spoke of all");
    assert_eq!(talk.turn("what else is there?").await.0, "Nothing is left.", "other words go to the model");
    model.assert_sound();
}

/// AGENT-28: what the turn itself changed before it asked has not changed since it asked.
#[tokio::test]
async fn what_changed_before_the_question_is_as_it_was() {
    let delete = |id: i64| json!({ "task_id": id });
    let listed = Reply::call("list_tasks", json!({ "status": "all", "limit": 200 }));
    let renamed = Reply::call("update_task", json!({ "task_id": 2, "title": "Call dad" }));
    let asked =
        Reply::call("delete_task", delete(1)).and_call("delete_task", delete(2)).and_call("delete_task", delete(3));
    let model = FakeModel::scripted([listed, renamed, asked]).await;
    let mut talk = Talk::given(&FIVE);
    talk.agent = Agent::new(config(&model)).unwrap();
    assert!(talk.say("tidy up").await.answer().contains("- #2 Call dad\n"));
    let (said, calls) = talk.turn("yes").await;
    assert_eq!(calls, deletes(&[1, 2, 3]), "{said}");
    assert_eq!(said, "Deleted #1 Buy milk, #2 Call dad and #3 Pay rent.");
    model.assert_sound();
}

/// AGENT-29: `deleted: false` beside other fields changes a task all the same; a task in the trash comes back by a yes.
#[tokio::test]
async fn restoring_is_a_change() {
    let update = |id: i64, fields: Value| {
        let mut arguments = fields;
        (arguments["task_id"], arguments["deleted"]) = (id.into(), false.into());
        arguments
    };
    for (fields, verb) in [
        (json!({ "title": "Done" }), "Change"),
        (json!({ "completed": true }), "Complete"),
        (json!({ "due": "2026-12-24" }), "Change"),
        (json!({}), "Restore"),
    ] {
        let batch = (2..=4).fold(Reply::call("update_task", update(1, fields.clone())), |reply, id| {
            reply.and_call("update_task", update(id, fields.clone()))
        });
        let model = FakeModel::scripted([batch]).await;
        let mut talk = Talk::given(&FIVE);
        talk.agent = Agent::new(config(&model)).unwrap();
        let (said, calls) = talk.turn("tidy up").await;
        assert!(calls.is_empty() && said.starts_with(&format!("{verb} 4 tasks?")), "{fields}: {said}");
        assert_eq!(talk.turn("yes").await.1.len(), 4, "{fields}");
        model.assert_sound();
    }

    let mut talk = Talk::given(&FIVE);
    talk.say("delete tasks 1, 2 and 3").await;
    talk.say("yes").await;
    let (said, calls) = talk.turn("restore tasks 1, 2 and 3").await;
    assert!(calls.is_empty() && said.starts_with("Restore 3 tasks?"), "{said}");
    assert!(said.contains("- #1 Buy milk\n- #2 Call mom\n- #3 Pay rent\n"), "{said}");
    assert_eq!(talk.turn("yes").await.0, "Restored #1 Buy milk, #2 Call mom and #3 Pay rent.");
    assert_eq!(talk.tools.tasks().len(), 5);
}

/// AGENT-27: whatever is answered, nothing but the frozen calls runs, and each of them once at most.
#[test]
fn no_answer_runs_more() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let word = prop::sample::select(vec![
        "yes",
        "no",
        "all",
        "but",
        "except",
        "only",
        "the",
        "first",
        "two",
        "last",
        "1",
        "2",
        "3",
        "#4",
        "9",
        "and",
        "not",
        "everything",
        "them",
        "?",
        "of",
        "just",
        "third",
        "none",
    ]);
    let mut runner = TestRunner::new(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() });
    runner
        .run(&prop::collection::vec(word, 1..7), |words| {
            let answer = words.join(" ");
            let calls = runtime.block_on(async {
                let mut talk = Talk::given(&FIVE);
                talk.say("delete tasks 1, 2, 3 and 4").await;
                talk.turn(&answer).await.1
            });
            let mut ids: Vec<i64> = calls.iter().filter_map(|(_, arguments)| arguments["task_id"].as_i64()).collect();
            let count = ids.len();
            ids.dedup();
            let frozen =
                calls.iter().all(|(tool, _)| tool == "delete_task") && ids.iter().all(|id| (1..=4).contains(id));
            prop_assert!(frozen && ids.len() == count, "{}: {:?}", answer, calls);
            let refuses =
                matches!(words[0], "no" | "none") && !words.iter().any(|word| matches!(*word, "only" | "just"));
            prop_assert!(calls.is_empty() || !(refuses || words.contains(&"?")), "{}: {:?}", answer, calls);
            Ok(())
        })
        .unwrap();
}
