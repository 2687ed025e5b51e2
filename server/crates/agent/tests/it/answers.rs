//! What is answered to a question whether many tasks are to be changed.

use proptest::{prelude::*, test_runner::TestRunner};
use saydo_contract::MessageOutcome;
use serde_json::json;

use crate::{
    confirmations::{FIVE, asked, deletes},
    offline::{Talk, call},
    rig::Ran,
    tools::TestTools,
};

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
    let (said, calls) = talk.run("only 2").await;
    assert_eq!((asked(&said).len(), calls), (4, vec![]));
    assert_eq!(talk.tools.tasks().len(), 6);
    assert_eq!(talk.turn("only #2").await.1, deletes(&[2]));

    // It is not said which, or not understood, or said with more: asked again, and a clear answer still counts.
    for answer in [
        "milk",
        "9",
        "only 9",
        "all but 9",
        "only the tenth",
        "both",
        "maybe",
        "what about milk?",
        "yes, and add milk",
        "yes, complete them",
        // The page's buttons have these numbers, and so have tasks.
        "1",
        "2",
        // Saying it again is no yes.
        "delete all tasks",
        "Delete all tasks ",
    ] {
        let mut talk = Talk::given(&FIVE);
        talk.say("delete all tasks").await;
        let (said, calls) = talk.run(answer).await;
        assert_eq!((asked(&said).len(), calls), (5, vec![]), "{answer}");
        for again in [answer, "delete all tasks"] {
            let (said, calls) = talk.run(again).await;
            assert_eq!((asked(&said).len(), calls), (5, vec![]), "{again} after {answer}");
        }
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
        ("complete them all", vec![]),
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
        let (question, calls) = talk.run("mark everything done and delete pay rent").await;
        assert_eq!((asked(&question).len(), calls), (6, vec![]));
        let (said, calls) = talk.turn(answer).await;
        let tasks: Vec<_> = calls.iter().map(|(_, arguments)| arguments["task_id"].as_i64().unwrap()).collect();
        assert_eq!(tasks, expected, "{answer}: {said}");
    }
    let mut talk = Talk::given(&["Buy milk", "Pay rent"]);
    assert_eq!(asked(&talk.say("mark everything done and delete pay rent").await).len(), 3);
    assert_eq!(talk.turn("both").await.1.len(), 3);
}

/// Whether a turn came to what is expected.
type Expectation<'a> = &'a dyn Fn(&Ran) -> bool;

/// AGENT-27: a refusal runs nothing but what it restricts itself to; what may be something else, or asks, runs nothing;
/// a list is a list.
#[tokio::test]
async fn in_doubt_nothing_is_run() {
    let is_declined = |ran: &Ran| ran.outcome() == Some(MessageOutcome::Talk);
    let is_asked_again = |ran: &Ran| asked(ran).len() == 5;
    let is_list = |ran: &Ran| ran.meta().listed.len() == 5;
    let expectations: [(Expectation<'_>, &[&str]); 4] = [
        (
            &is_declined,
            &[
                "no, complete them instead",
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
            &is_asked_again,
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
            &is_list,
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
            &|_| true,
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
    ];
    for (is_expected, answers) in expectations {
        for answer in answers {
            let mut talk = Talk::given(&FIVE);
            talk.say("delete everything").await;
            let (said, calls) = talk.run(answer).await;
            assert!(calls.is_empty() && is_expected(&said), "{answer}: {said:?}, {calls:?}");
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
