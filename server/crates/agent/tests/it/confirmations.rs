//! Changes of many tasks wait for a yes.

use chrono::TimeDelta;
use saydo_agent::{Agent, HistoryItem, LocalNow, ToolCall, TurnInput};
use saydo_contract::{ChangeVerb, MessageOutcome, Question};
use saydo_test_support::fake_model::{FakeModel, Reply};
use serde_json::{Map, Value, json};

use crate::{
    offline::{Talk, call},
    rig::{Ran, config, input, local_now, now, run_turn, run_with, user},
    tools::TestTools,
};

pub(crate) const FIVE: [&str; 5] = ["Buy milk", "Call mom", "Pay rent", "Read book", "Sell bike"];

/// The tasks and changes that a turn asks about.
pub(crate) fn asked(ran: &Ran) -> Vec<(i64, ChangeVerb)> {
    ran.asked_about().unwrap_or_default().iter().map(|item| (item.task_id.get(), item.verb)).collect()
}

/// How many changes of which kind a turn asks about.
fn asks(ran: &Ran, verb: ChangeVerb) -> Option<usize> {
    let asked = asked(ran);
    asked.iter().all(|(_, other)| *other == verb).then_some(asked.len())
}

pub(crate) fn deletes(ids: &[i64]) -> Vec<(String, Value)> {
    ids.iter().flat_map(|id| call("delete_task", json!({ "task_id": id }))).collect()
}

/// AGENT-26: three tasks, "all" and a sweep wait for a yes, which runs exactly them; the answer names them.
#[tokio::test]
async fn a_yes_runs_what_was_asked() {
    let mut talk = Talk::given(&FIVE[..3]);
    let ran = talk.say("delete everything").await;
    assert_eq!(ran.shape()[ran.shape().len() - 4..], ["delta", "answer", "confirm", "done"]);
    assert_eq!(asked(&ran), [(1, ChangeVerb::Deleted), (2, ChangeVerb::Deleted), (3, ChangeVerb::Deleted)]);
    assert_eq!(ran.outcome(), Some(MessageOutcome::Confirm));
    assert_eq!(talk.tools.tasks().len(), 3);
    let (said, calls) = talk.run("yes, go ahead").await;
    assert_eq!(calls, deletes(&[1, 2, 3]));
    assert!(said.meta().receipts_only);
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

/// AGENT-26a: the person sees which date they agree to; where the changes differ, the question names none.
#[tokio::test]
async fn a_question_names_the_date_that_all_get() {
    let mut talk = Talk::given(&FIVE[..3]);
    let ran = talk.say("move tasks 1, 2 and 3 to 2031-12-05").await;
    assert_eq!(asks(&ran, ChangeVerb::Updated), Some(3));
    assert!(ran.answer().contains("5 Dec 2031"), "{}", ran.answer());
    let ran = talk.say("move tasks 1 and 2 to 2031-12-05 and task 3 to 2031-12-06").await;
    assert!(!ran.answer().contains("Dec 2031?"), "{}", ran.answer());
}

/// AGENT-27: titles are data: what looks like markup is shown as it is.
#[tokio::test]
async fn titles_in_a_question_are_no_markup() {
    let mut talk = Talk::given(&["*a*", "[b](http://x)", "<b>"]);
    let (said, _) = talk.turn("delete everything").await;
    for title in [r"\*a\*", r"\[b\](http://x)", r"\<b\>"] {
        assert!(said.contains(title), "{said}");
    }
    assert!(talk.turn("only 1").await.0.contains(r"\*a\*"));
}

/// AGENT-30: numbers that are no tasks are told beside the question, whoever asks for them.
#[tokio::test]
async fn what_is_not_asked_about_is_told() {
    let mut talk = Talk::given(&FIVE);
    let (said, calls) = talk.run("delete tasks 1, 2, 3 and 9").await;
    assert_eq!((asks(&said, ChangeVerb::Deleted), calls), (Some(3), vec![]));
    assert!(said.answer().contains('9'), "{}", said.answer());
    assert_eq!(talk.turn("yes").await.1, deletes(&[1, 2, 3]));
    assert!(talk.turn("delete tasks 4 and 9").await.0.contains('9'));

    let delete = |id: i64| Reply::call("delete_task", json!({ "task_id": id }));
    let and = |reply: Reply, id: i64| reply.and_call("delete_task", json!({ "task_id": id }));
    let tools = TestTools::default();
    (1..=70).for_each(|n| tools.given(&format!("Task {n}"), None, false));
    let model =
        FakeModel::scripted([[2, 3, 99].into_iter().fold(delete(1), and), (2..=200).fold(delete(1), and)]).await;
    let mut talk = Talk::with(Agent::new(config(&model)).unwrap(), tools);
    let (said, calls) = talk.run("tidy up").await;
    assert_eq!((asks(&said, ChangeVerb::Deleted), calls), (Some(3), vec![]));
    assert!(said.answer().contains("99"), "{}", said.answer());
    // More than one turn may run: as many as it may, and all of those.
    let (said, calls) = talk.run("tidy up more").await;
    assert_eq!((asks(&said, ChangeVerb::Deleted), calls), (Some(64), vec![]));
    assert_eq!(talk.turn("yes").await.1.len(), 64);
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

/// AGENT-28, AGENT-28a: a task that changed since is named and left out; after ten minutes the question has lapsed.
#[tokio::test]
async fn what_changed_since_is_left_out() {
    let mut talk = Talk::given(&FIVE[..4]);
    talk.say("delete all tasks").await;
    talk.tools.rename(2, "Call dad");
    talk.tools.remove(3);
    let (said, calls) = talk.run("yes").await;
    assert_eq!(calls, deletes(&[1, 4]));
    assert!(!said.meta().receipts_only);
    assert!(["Call mom", "Pay rent"].iter().all(|title| said.answer().contains(title)), "{}", said.answer());

    for (minutes, expected) in [(9, 3), (11, 0)] {
        let mut talk = Talk::given(&FIVE[..3]);
        talk.say("delete all tasks").await;
        talk.delay = Some(TimeDelta::minutes(minutes));
        let (said, _) = talk.run("yes").await;
        assert_eq!(said.outcome(), (expected == 0).then_some(MessageOutcome::Talk));
        let deleted = talk.tools.log().into_iter().filter(|call| call.tool == "delete_task").count();
        assert_eq!(deleted, expected, "after {minutes} minutes");
    }
}

/// AGENT-28a: the expiry sent with the question decides, however long the turn took that asked or that answers.
#[tokio::test]
async fn a_confirmation_lapses_at_its_end() {
    let model = FakeModel::scripted([]).await;
    for agent in [None, Some(Agent::new(config(&model)).unwrap())] {
        for (said, since_question, deleted) in [(9, 11, 3), (11, 1, 0)] {
            let mut talk = Talk::given(&FIVE[..3]);
            talk.say("delete all tasks").await;
            talk.agent = agent.clone().unwrap_or(talk.agent);
            talk.history.push(user("yes"));
            let turn = TurnInput {
                said_at: now().to_utc() + TimeDelta::minutes(said),
                reply_delay: Some(TimeDelta::minutes(since_question)),
                // It is retried an hour later.
                now: LocalNow { moment: now() + TimeDelta::hours(1), ..local_now() },
                ..input(talk.history.clone())
            };
            run_turn(&talk.agent, &talk.tools, turn).await;
            assert_eq!(talk.tools.tasks().len(), 3 - deleted, "after {said} minutes");
        }
    }
    model.assert_sound();
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
    let (said, calls) = talk.run("tidy up, please").await;
    assert_eq!(calls, call("add_task", json!({ "title": "Buy bread" })));
    assert_eq!(asked(&said), [(1, ChangeVerb::Deleted), (2, ChangeVerb::Deleted), (3, ChangeVerb::Completed)]);
    assert_eq!(talk.turn("yes").await.1.len(), 3);
    model.assert_sound();

    let model = FakeModel::scripted([delete(1), delete(2), delete(3)]).await;
    let mut talk = Talk::with(Agent::new(config(&model)).unwrap(), tools());
    let (said, calls) = talk.run("tidy up, please").await;
    assert_eq!(calls, deletes(&[1, 2]));
    assert_eq!(asked(&said), [(3, ChangeVerb::Deleted)]);
    assert_eq!(talk.turn("no").await.1, []);
    model.assert_sound();

    let model = FakeModel::scripted([delete(4), Reply::text("Nothing is left.")]).await;
    let mut talk = Talk::with(Agent::new(config(&model)).unwrap(), tools());
    assert_eq!(talk.turn("delete all my tasks").await.1, [], "the person spoke of all");
    assert_eq!(talk.turn("what else is there?").await.0, "Nothing is left.", "other words go to the model");
    model.assert_sound();
}

/// TOOL-35: a confirmation reads a model's arguments as the tools do: numbers as text count, and filler is left out.
#[tokio::test]
async fn a_confirmation_reads_arguments_as_the_tools_do() {
    let filler = |id: Value| json!({ "task_id": id, "priority": "High", "description": null, "due": null, "completed": false, "user_id": "" });
    let model = FakeModel::scripted([Reply::call("update_task", filler(json!("1")))
        .and_call("update_task", filler(json!("#2")))
        .and_call("update_task", filler(json!(3.0)))])
    .await;
    let mut talk = Talk::given(&FIVE[..3]);
    talk.agent = Agent::new(config(&model)).unwrap();
    let (said, calls) = talk.run("these are urgent").await;
    assert_eq!((asks(&said, ChangeVerb::Updated), calls), (Some(3), vec![]));
    assert!(said.answer().contains("high priority"), "{}", said.answer());
    let updates = |id: i64| call("update_task", json!({ "task_id": id, "priority": "high" }));
    assert_eq!(talk.turn("yes").await.1, [updates(1), updates(2), updates(3)].concat());
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
    assert_eq!(talk.say("tidy up").await.asked_about().unwrap()[1].title, "Call dad");
    let (said, calls) = talk.run("yes").await;
    assert_eq!(calls, deletes(&[1, 2, 3]));
    assert!(said.meta().receipts_only);
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
        (json!({ "title": "Done" }), ChangeVerb::Updated),
        (json!({ "completed": true }), ChangeVerb::Completed),
        (json!({ "due": "2026-12-24" }), ChangeVerb::Updated),
        (json!({}), ChangeVerb::Restored),
    ] {
        let batch = (2..=4).fold(Reply::call("update_task", update(1, fields.clone())), |reply, id| {
            reply.and_call("update_task", update(id, fields.clone()))
        });
        let model = FakeModel::scripted([batch]).await;
        let mut talk = Talk::given(&FIVE);
        talk.agent = Agent::new(config(&model)).unwrap();
        let (said, calls) = talk.run("tidy up").await;
        assert_eq!((asks(&said, verb), calls), (Some(4), vec![]), "{fields}");
        assert_eq!(talk.turn("yes").await.1.len(), 4, "{fields}");
        model.assert_sound();
    }

    let mut talk = Talk::given(&FIVE);
    talk.say("delete tasks 1, 2 and 3").await;
    talk.say("yes").await;
    let (said, calls) = talk.run("restore tasks 1, 2 and 3").await;
    assert_eq!((asks(&said, ChangeVerb::Restored), calls), (Some(3), vec![]));
    assert_eq!(said.asked_about().unwrap()[2].title, "Pay rent", "as it was deleted");
    assert_eq!(talk.turn("yes").await.1.len(), 3);
    assert_eq!(talk.tools.tasks().len(), 5);
}

/// AGENT-39a: the message of a question has no calls, so a server of the version before has nothing to run.
#[tokio::test]
async fn a_question_keeps_its_calls_as_data_alone() {
    let mut talk = Talk::given(&FIVE);
    talk.say("delete everything").await;
    for answer in [None, Some("only")] {
        if let Some(answer) = answer {
            talk.say(answer).await;
        }
        let Some(HistoryItem::Assistant { calls, meta, .. }) = talk.history.last() else { panic!() };
        assert_eq!(calls, &[]);
        let Some(Question::Confirm { calls: frozen, .. }) = &meta.question else { panic!("{answer:?}: {meta:?}") };
        let kept: Vec<_> = frozen.iter().map(|call| (call.tool.clone(), call.arguments.clone())).collect();
        assert_eq!(kept, deletes(&[1, 2, 3, 4, 5]), "{answer:?}");
    }
    assert!(talk.history.iter().flat_map(open_calls).next().is_none());
    assert_eq!(talk.turn("yes").await.1, deletes(&[1, 2, 3, 4, 5]));
}

fn open_calls(item: &HistoryItem) -> impl Iterator<Item = &ToolCall> {
    let calls = match item {
        HistoryItem::User { .. } => &[][..],
        HistoryItem::Assistant { calls, .. } => calls,
    };
    calls.iter().filter(|call| call.outcome.is_none())
}

/// AGENT-39, AGENT-39b: a question that was kept without its data does not run any more, by no answer and by no retry.
#[tokio::test]
async fn a_question_without_data_is_no_longer_valid() {
    for offline in [true, false] {
        let model = FakeModel::scripted(if offline { vec![] } else { vec![Reply::text("Hm.")] }).await;
        let mut talk = Talk::given(&FIVE);
        talk.say("delete everything").await;
        let Some(HistoryItem::Assistant { meta, calls, .. }) = talk.history.last_mut() else { panic!() };
        let Some(Question::Confirm { calls: frozen, .. }) = std::mem::take(meta).question else { panic!() };
        calls.extend((1..).zip(frozen).map(|(number, frozen)| ToolCall {
            id: format!("call_7_{number}"),
            tool: frozen.tool,
            arguments: frozen.arguments,
            outcome: None,
            extra: Map::new(),
        }));
        if !offline {
            talk.agent = Agent::new(config(&model)).unwrap();
        }
        let again = run_with(&talk.agent, &talk.tools, talk.history.clone()).await;
        assert_eq!(again.shape(), ["done"], "a server of this version takes the turn over");
        let (said, calls) = talk.run("yes").await;
        assert_eq!((said.outcome(), calls), (Some(MessageOutcome::Talk), vec![]));
        talk.history.truncate(talk.history.len() - 2);
        assert_eq!(talk.turn("no").await.1, []);
        assert_eq!(talk.tools.tasks().len(), 5);
    }
}
