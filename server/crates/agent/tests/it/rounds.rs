//! Changes of many tasks, which are made in several messages of one turn.

use std::pin::pin;

use futures::StreamExt;
use saydo_agent::{CallOutcome, HistoryItem, Step};
use saydo_contract::MessageOutcome;

use crate::{
    confirmations::asked,
    offline::Talk,
    rig::{Ran, connect, input, user},
};

/// The most calls in one message.
const ROUND: usize = 50;

fn lines(count: usize) -> String {
    (1..=count).map(|number| format!("- water plant {number}x\n")).collect()
}

fn long_list(count: usize) -> Talk {
    let titles: Vec<String> = (1..=count).map(|number| format!("Water plant {number}x")).collect();
    Talk::given(&titles.iter().map(String::as_str).collect::<Vec<_>>())
}

/// How many calls each message makes that change something.
fn rounds(ran: &Ran) -> Vec<usize> {
    let changes = ran.steps.iter().filter_map(|step| match step {
        Step::Answer { calls, .. } => Some(calls.iter().filter(|call| call.tool != "list_tasks").count()),
        _ => None,
    });
    changes.filter(|count| *count > 0).collect()
}

/// AGENT-58, AGENT-60: many lines are added in rounds, and one undo takes all back, which one redo makes again.
#[tokio::test]
async fn many_lines_are_added_in_rounds() {
    let mut talk = Talk::given(&[]);
    let ran = talk.say(&lines(120)).await;
    assert_eq!(rounds(&ran), [ROUND, ROUND, 20]);
    assert!(ran.meta().receipts_only, "{:?}", ran.meta());
    let titles: Vec<String> = talk.tools.tasks().into_iter().map(|(_, title, _)| title).collect();
    assert_eq!(titles, (1..=120).map(|number| format!("Water plant {number}x")).collect::<Vec<_>>());
    let undone = talk.say("undo").await;
    assert_eq!((rounds(&undone), talk.tools.tasks().len()), (vec![ROUND, ROUND, 20], 0));
    assert!(undone.meta().receipts_only);
    assert_eq!(talk.say("redo").await.meta().outcome, None);
    assert_eq!(talk.tools.tasks().len(), 120);

    let mut talk = Talk::given(&[]);
    assert_eq!(rounds(&talk.say(&lines(ROUND)).await), [ROUND], "one round is one message");
}

/// AGENT-59, AGENT-60: a yes to many changes makes them in rounds, also to some of them; one undo takes them back.
#[tokio::test]
async fn a_yes_makes_many_changes_in_rounds() {
    let mut talk = long_list(120);
    assert_eq!(asked(&talk.say("delete all tasks").await).len(), 120);
    let ran = talk.say("yes").await;
    assert_eq!(rounds(&ran), [ROUND, ROUND, 20]);
    assert!(ran.meta().receipts_only);
    assert_eq!(talk.tools.tasks().len(), 0);
    assert_eq!(rounds(&talk.say("undo").await), [ROUND, ROUND, 20]);
    assert_eq!(talk.tools.tasks().len(), 120);
    talk.say("complete all tasks").await;
    assert_eq!(asked(&talk.say("what about 9?").await).len(), 120, "asked again about all");
    assert_eq!(rounds(&talk.say("all but #7").await), [ROUND, ROUND, 19]);
    let open: Vec<i64> = talk.tools.tasks().into_iter().filter(|(.., done)| !done).map(|(id, ..)| id).collect();
    assert_eq!(open, [7]);
}

/// AGENT-30, AGENT-59: a question is about the first 200 of more tasks; more new ones are not added at once.
#[tokio::test]
async fn there_is_a_bound() {
    let mut talk = long_list(230);
    assert_eq!(asked(&talk.say("delete all tasks").await).len(), 200);
    assert_eq!(rounds(&talk.say("yes").await), [ROUND; 4]);
    assert_eq!(talk.tools.tasks().len(), 30);
    assert_eq!(rounds(&talk.say("undo").await), [ROUND; 4]);
    assert_eq!(talk.tools.tasks().len(), 230);
    let mut talk = Talk::given(&[]);
    assert_eq!(talk.say(&lines(201)).await.outcome(), Some(MessageOutcome::Help));
    assert_eq!(talk.tools.tasks().len(), 0);
    assert_eq!(rounds(&talk.say(&lines(200)).await), [ROUND; 4]);
}

/// Runs the last turn of a conversation until it has taken so many steps, and records them.
async fn run_until(talk: &mut Talk, steps: usize) {
    let connection = connect(&talk.tools).await;
    let ran = pin!(talk.agent.run(input(talk.history.clone()), connection.peer().clone()));
    for step in ran.take(steps).collect::<Vec<_>>().await {
        match step {
            Step::Answer { text, calls, meta } => talk.history.push(HistoryItem::Assistant { text, calls, meta }),
            Step::ToolFinished { call_id, result, is_error, .. } => {
                let Some(HistoryItem::Assistant { calls, .. }) = talk.history.last_mut() else { panic!("no message") };
                let call = calls.iter_mut().find(|call| call.id == call_id).unwrap();
                assert_eq!(call.outcome.replace(CallOutcome { result, is_error }), None, "it runs once");
            }
            _ => {}
        }
    }
}

/// AGENT-61: a turn that is interrupted within a round or between two goes on, and does nothing twice.
#[tokio::test]
async fn interrupted_rounds_go_on() {
    let whole = Talk::given(&[]).say(&lines(110)).await.steps.len();
    for steps in [0, 1, 2, 3, 60, 100, 101, 102, 103, 104, 150, 203, 204, 205, whole - 1] {
        let mut talk = Talk::given(&[]);
        talk.history = vec![user(&lines(110))];
        run_until(&mut talk, steps).await;
        run_until(&mut talk, usize::MAX).await;
        let titles: Vec<String> = talk.tools.tasks().into_iter().map(|(_, title, _)| title).collect();
        assert_eq!(titles, (1..=110).map(|number| format!("Water plant {number}x")).collect::<Vec<_>>(), "{steps}");
    }
}

/// AGENT-61: so does a yes.
#[tokio::test]
async fn an_interrupted_yes_goes_on() {
    for steps in [3, 4, 60, 104, 105, 106, 107, 108, 160] {
        let mut talk = long_list(110);
        talk.say("delete all tasks").await;
        talk.history.push(user("yes"));
        run_until(&mut talk, steps).await;
        run_until(&mut talk, usize::MAX).await;
        assert_eq!(talk.tools.tasks().len(), 0, "after {steps} steps");
        let deleted = talk.tools.log().iter().filter(|logged| logged.tool == "delete_task").count();
        assert_eq!(deleted, 110, "after {steps} steps");
    }
}
