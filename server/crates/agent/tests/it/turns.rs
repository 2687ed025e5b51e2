//! Turns that go well.

use std::pin::pin;

use chrono::TimeDelta;
use futures::StreamExt;
use saydo_agent::{Agent, CallOutcome, Step, ToolCall};
use saydo_test_support::fake_model::{Ending, FakeModel, Flood, Form, Reply, said};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::{
    offline::Talk,
    rig::{PATIENCE, assistant, config, connect, input, run, run_with, user},
    tools::{Mood, TestTools},
};

/// The eight first commands with the calls that a model makes of them.
fn commands() -> Vec<(&'static str, Vec<&'static str>, &'static str, Value)> {
    let three = || vec!["Buy groceries", "Call mom", "Pay rent"];
    vec![
        ("Add a task to buy groceries", vec![], "add_task", json!({ "title": "Buy groceries" })),
        ("I need to remember to pay bills", vec![], "add_task", json!({ "title": "Pay bills" })),
        ("Show me all my tasks", three(), "list_tasks", json!({ "status": "all" })),
        ("What's pending?", three(), "list_tasks", json!({ "status": "pending" })),
        ("What have I completed?", three(), "list_tasks", json!({ "status": "completed" })),
        ("Mark task 3 as complete", three(), "complete_task", json!({ "task_id": 3 })),
        ("Delete the meeting task", vec!["Prepare slides", "Team meeting"], "delete_task", json!({ "task_id": 2 })),
        (
            "Change task 1 to 'Call mom tonight'",
            vec!["Call mom"],
            "update_task",
            json!({ "task_id": 1, "title": "Call mom tonight" }),
        ),
    ]
}

/// AGENT-01: the eight first commands make exactly their tool calls, however the stream is cut.
#[tokio::test]
async fn the_eight_commands_make_their_calls() {
    for piece in [1, 7, 4096] {
        let script = commands().into_iter().flat_map(|(_, _, tool, arguments)| {
            [Reply::call(tool, arguments).in_pieces_of(piece), Reply::text("Done: “Größe” ✓").in_pieces_of(piece)]
        });
        let model = FakeModel::scripted(script).await;
        let agent = Agent::new(config(&model)).unwrap();
        for (said, given, tool, arguments) in commands() {
            let tools = TestTools::default();
            given.iter().for_each(|title| tools.given(title, None, false));
            let ran = run_with(&agent, &tools, vec![user(said)]).await;
            let calls: Vec<_> = tools.log().into_iter().map(|call| (call.tool, call.arguments)).collect();
            assert_eq!(calls, [(tool.to_owned(), arguments)], "{said}");
            assert_eq!(ran.answer(), "Done: “Größe” ✓");
            assert_eq!(ran.shape(), ["answer", "started", "finished", "delta", "answer", "done"]);
        }
        model.assert_sound();
    }
}

/// AGENT-04, AGENT-05: the calls of one message run in order, and the model gets every result, as JSON.
#[tokio::test]
async fn calls_run_in_order_and_their_results_go_back() {
    let tools = TestTools::default();
    let model = FakeModel::scripted([
        Reply::text("One moment.")
            .and_call("add_task", json!({ "title": "Milk" }))
            .and_call("add_task", json!({ "title": "Eggs" }))
            .and_call("complete_task", json!({ "task_id": 9 })),
        Reply::text("Added both."),
    ])
    .await;
    let ran = run(config(&model), &tools, vec![user("milk and eggs")]).await;
    assert_eq!(tools.tasks(), [(1, "Milk".into(), false), (2, "Eggs".into(), false)]);
    assert_eq!(ran.results().iter().map(|result| result.2).collect::<Vec<_>>(), [false, false, true]);

    let messages = &model.bodies()[1]["messages"];
    let contents: Vec<Value> =
        (3..6).map(|at| serde_json::from_str(messages[at]["content"].as_str().unwrap()).unwrap()).collect();
    assert_eq!(messages[2]["content"], "One moment.");
    assert_eq!(contents[0]["task"]["title"], "Milk");
    assert_eq!(contents[1]["task_id"], 2);
    assert!(contents[2]["error"].as_str().unwrap().contains("No task 9"), "{}", contents[2]);
    model.assert_sound();

    let changed =
        ran.steps.iter().filter(|step| matches!(step, Step::ToolFinished { changes, .. } if changes.len() == 1));
    assert_eq!(changed.count(), 2);
}

/// AGENT-05: the request names the model, asks for a stream with usage, and carries the tools and the key.
#[tokio::test]
async fn a_request_has_what_servers_need() {
    let model = FakeModel::scripted([Reply::text("Hello.")]).await;
    run(config(&model), &TestTools::default(), vec![user("hi")]).await;
    let request = model.requests().remove(0);
    assert_eq!(request.headers["authorization"], "Bearer sk-very-secret");
    assert_eq!(request.body["model"], "fake");
    assert_eq!(request.body["stream_options"], json!({ "include_usage": true }));
    let names: Vec<_> =
        request.body["tools"].as_array().unwrap().iter().map(|tool| &tool["function"]["name"]).collect();
    assert_eq!(names, ["add_task", "list_tasks", "complete_task", "delete_task", "update_task"]);
    assert!(request.body["tools"][0]["function"]["parameters"].is_object());
}

/// AGENT-91: each request of a conversation begins with the bytes of the one before, within a turn and in the next, and
/// minutes later.
#[tokio::test]
async fn each_request_begins_with_the_one_before() {
    let model = FakeModel::scripted([
        Reply::call("add_task", json!({ "title": "Milk" })),
        Reply::text("Added."),
        Reply::status(400),
        Reply::text("Hello."),
    ])
    .await;
    let mut talk = Talk::with(Agent::new(config(&model)).unwrap(), TestTools::default());
    for (minutes, words) in [(0, "add milk"), (1, "/add Bread"), (2, "are you there?"), (60 * 24, "hello?")] {
        talk.delay = Some(TimeDelta::minutes(minutes));
        talk.say(words).await;
    }
    let requests: Vec<String> = model.bodies().iter().map(|body| body["messages"].to_string()).collect();
    assert_eq!(requests.len(), 4);
    for (before, after) in requests.iter().zip(&requests[1..]) {
        assert!(after.starts_with(before.trim_end_matches(']')), "{before}\n{after}");
    }
    let bodies = model.bodies();
    assert!(bodies.iter().all(|body| body["tools"] == bodies[0]["tools"]));
}

/// AGENT-02: nothing goes on until the step before is taken, and a dropped turn runs nothing more.
#[tokio::test]
async fn a_call_waits_for_its_message_to_be_taken() {
    let tools = TestTools::default();
    let model = FakeModel::answering(|_| Reply::call("add_task", json!({ "title": "Milk" }))).await;
    let agent = Agent::new(config(&model)).unwrap();
    let connection = connect(&tools).await;
    {
        let mut steps = pin!(agent.run(input(vec![user("milk")]), connection.peer().clone()));
        assert!(matches!(steps.next().await, Some(Step::Answer { .. })));
        assert!(matches!(steps.next().await, Some(Step::ToolStarted { .. })));
    }
    // The server answers in order: had the call been sent, it would be in the log by now.
    connection.peer().list_all_tools().await.unwrap();
    assert_eq!(tools.log(), []);
    assert_eq!(model.requests().len(), 1);

    let mut steps = pin!(agent.run(input(vec![user("milk")]), connection.peer().clone()));
    while !matches!(steps.next().await, Some(Step::ToolFinished { .. })) {}
    assert_eq!(tools.log().len(), 1);
    assert_eq!(model.requests().len(), 2, "the model is asked again only when the result was taken");
    assert!(matches!(steps.next().await, Some(Step::Answer { .. })));
    assert_eq!(model.requests().len(), 3);
}

/// AGENT-03: dropping a turn while the model answers closes the connection to the model.
#[tokio::test]
async fn a_dropped_turn_takes_its_request_back() {
    for reply in [
        Reply::text("Hello, I am").ending_after(4, Ending::Silence),
        Reply::text("x").ending_after(3, Ending::Flood(Flood::Text)),
    ] {
        let model = FakeModel::scripted([reply]).await;
        let agent = Agent::new(config(&model)).unwrap();
        let connection = connect(&TestTools::default()).await;
        {
            let mut steps = pin!(agent.run(input(vec![user("hi")]), connection.peer().clone()));
            assert!(matches!(steps.next().await, Some(Step::Delta(_))));
        }
        timeout(PATIENCE, model.cut_off(1)).await.expect("the connection stays open");
    }
}

/// AGENT-15: ids are unique within the turn and go with each call.
#[tokio::test]
async fn every_call_has_an_id_of_its_own() {
    for ids in [vec!["", ""], vec!["same", "same"]] {
        let tools = TestTools::default();
        let form = Form { ids: Some(ids), ..Form::default() };
        let two = Reply::call("add_task", json!({ "title": "Milk" })).and_call("add_task", json!({ "title": "Eggs" }));
        let model =
            FakeModel::scripted([two.clone().in_form(form.clone()), two.in_form(form), Reply::text("Done.")]).await;
        run(config(&model), &tools, vec![user("milk, eggs, milk, eggs")]).await;
        let log = tools.log();
        assert_eq!(log.len(), 4);
        let mut ids: Vec<_> = log.iter().map(|call| call.call.as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 4);
        assert!(!ids.contains(&""));
        model.assert_sound();
    }
}

/// AGENT-16: a resumed turn runs the recorded calls that have no result, repeats none that has one, and goes on.
#[tokio::test]
async fn a_resumed_turn_repeats_nothing() {
    let call = |id: &str, title: &str, result: Option<Value>| ToolCall {
        id: id.to_owned(),
        tool: "add_task".to_owned(),
        arguments: json!({ "title": title }),
        outcome: result.map(|result| CallOutcome { result, is_error: false }),
        extra: Map::new(),
    };
    let tools = TestTools::default();
    tools.given("Milk", None, false);
    let model = FakeModel::scripted([Reply::text("Added both.")]).await;
    let recorded =
        assistant("", vec![call("milk00001", "Milk", Some(json!({ "task_id": 1 }))), call("eggs00002", "Eggs", None)]);
    let ran = run(config(&model), &tools, vec![user("milk and eggs"), recorded]).await;
    assert_eq!(tools.tasks(), [(1, "Milk".into(), false), (2, "Eggs".into(), false)]);
    assert_eq!(tools.log()[0].call, "eggs00002");
    assert_eq!(ran.shape(), ["started", "finished", "delta", "answer", "done"]);
    model.assert_sound();

    // An answer that was recorded is the end.
    let answer = assistant("Added both.", vec![]);
    let ran = run(config(&model), &tools, vec![user("milk and eggs"), answer]).await;
    assert_eq!(ran.shape(), ["done"]);
    assert_eq!(model.requests().len(), 1);
}

/// AGENT-04: calls of an older turn that never ran are paired too, and do not run now.
#[tokio::test]
async fn calls_of_an_interrupted_turn_do_not_come_back() {
    let tools = TestTools::default();
    let model = FakeModel::scripted([Reply::text("Hello.")]).await;
    let open = ToolCall {
        id: "call_7_1".to_owned(),
        tool: "delete_task".to_owned(),
        arguments: json!({ "task_id": 1 }),
        outcome: None,
        extra: Map::new(),
    };
    let stopped = assistant("", vec![open]);
    run(config(&model), &tools, vec![user("delete 1"), stopped, user("hi")]).await;
    assert_eq!(tools.log(), []);
    assert!(model.bodies()[0]["messages"][3]["content"].as_str().unwrap().contains("did not run"));
    model.assert_sound();
}

/// AGENT-05, AGENT-07: what a tool refuses, in band or by protocol, is told to the model, and the turn goes on.
#[tokio::test]
async fn a_refusal_is_told_to_the_model() {
    for (mood, words) in [(Mood::Refuses, "refused: try later"), (Mood::Objects, "objected")] {
        let tools = TestTools::new(mood);
        let model = FakeModel::scripted([
            Reply::call("add_task", json!({ "title": "Milk", "user_id": "somebody" })),
            Reply::text("That did not work."),
        ])
        .await;
        let ran = run(config(&model), &tools, vec![user("milk")]).await;
        assert_eq!(ran.answer(), "That did not work.");
        assert_eq!(tools.log()[0].arguments["user_id"], "somebody", "the tools judge it");
        assert!(model.bodies()[1]["messages"][3]["content"].as_str().unwrap().contains(words));
    }
}

/// AGENT-01: turns of one agent run at the same time, each with its own tools.
#[tokio::test]
async fn turns_do_not_mix() {
    let model = FakeModel::answering(|request| {
        let messages = request["messages"].as_array().unwrap();
        match messages.last().unwrap()["role"].as_str() {
            Some("tool") => Reply::text("Done."),
            _ => Reply::call("add_task", json!({ "title": said(request) })),
        }
    })
    .await;
    let agent = Agent::new(config(&model)).unwrap();
    let turns = (0..16).map(|n| {
        let agent = agent.clone();
        async move {
            let tools = TestTools::default();
            run_with(&agent, &tools, vec![user(&format!("task {n}"))]).await;
            tools.tasks()
        }
    });
    let lists = futures::future::join_all(turns).await;
    for (n, list) in lists.into_iter().enumerate() {
        assert_eq!(list, [(1, format!("task {n}"), false)]);
    }
    model.assert_sound();
}

/// AGENT-22: as many changes as a turn can make are taken back at once.
#[tokio::test]
async fn a_full_turn_is_undone() {
    let add = |n: i64| json!({ "title": format!("Task {n}") });
    let all = (2..=64).fold(Reply::call("add_task", add(1)), |reply, n| reply.and_call("add_task", add(n)));
    let model = FakeModel::scripted([all, Reply::text("Added.")]).await;
    let mut talk = Talk::given(&["Pay rent"]);
    talk.agent = Agent::new(config(&model)).unwrap();
    assert_eq!(talk.turn("plan my year").await.1.len(), 64);
    assert_eq!(talk.turn("undo").await.1.len(), 64);
    assert_eq!(talk.tools.tasks(), [(1, "Pay rent".to_owned(), false)]);
    model.assert_sound();
}

/// AGENT-16, AGENT-24: a turn that looked for tasks beyond what it reads of a list goes on where it was interrupted.
#[tokio::test]
async fn an_interrupted_look_at_a_long_list_goes_on() {
    let tools = TestTools::default();
    (1..=2_100).for_each(|n| tools.given(&format!("Task {n}"), None, false));
    let mut talk = Talk::new(tools);
    let asked = talk.say("delete tasks 2098, 2099 and 2100").await;
    assert_eq!(asked.asked_about().unwrap().len(), 3);
    talk.history.pop();
    let again = run_with(&talk.agent, &talk.tools, talk.history.clone()).await;
    assert_eq!(again.asked_about(), asked.asked_about());
}
