//! Turns that go wrong: each ends in a clear state, and only what is safe is tried again.

use std::{error::Error, pin::pin, time::Duration};

use futures::StreamExt;
use saydo_agent::{Agent, AgentConfig, AgentError, Limits, ModelError, Step, Timeouts, Waiting};
use saydo_test_support::fake_model::{Ending, FakeModel, Flood, Reply};
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    rig::{Ran, config, connect, input, remote, run, user},
    tools::{Mood, TestTools},
};

fn quick(model: &FakeModel) -> AgentConfig {
    let mut config = config(model);
    config.retries.base = Duration::from_millis(1);
    config.retries.longest = Duration::from_millis(20);
    config
}

async fn ask(config: AgentConfig) -> Ran {
    run(config, &TestTools::default(), vec![user("hi")]).await
}

fn source(ran: &Ran) -> &ModelError {
    ran.error().source().and_then(|source| source.downcast_ref()).unwrap()
}

type Expected = fn(&ModelError) -> bool;

/// AGENT-09: a stream that is broken in any way ends the turn as failed, and nothing is tried again.
#[tokio::test]
async fn nothing_is_tried_again_after_the_first_byte() {
    let text = || Reply::text("Hello, how are you?");
    let call = || Reply::call("add_task", json!({ "title": "Milk" }));
    let broken: [(&str, Reply, Expected); 7] = [
        ("cut", text().ending_after(4, Ending::Cut), |e| matches!(e, ModelError::Broken(_))),
        ("cut in a call", call().ending_after(5, Ending::Cut), |e| matches!(e, ModelError::Broken(_))),
        ("ended", text().ending_after(4, Ending::Done), |e| matches!(e, ModelError::Unfinished)),
        ("empty", Reply::text(""), |_| true),
        ("bad JSON", Reply::raw(&[r#"{"choices": [{"#]), |e| matches!(e, ModelError::Unreadable(_))),
        (
            "error",
            Reply::raw(&[r#"{"error": {"code": 502, "message": "upstream"}}"#]),
            |e| matches!(e, ModelError::Reported { code, .. } if code.as_deref() == Some("502")),
        ),
        ("error as text", Reply::raw(&[r#"{"error": "overloaded"}"#]), |e| {
            matches!(e, ModelError::Reported { code: None, .. })
        }),
    ];
    for (name, reply, expected) in broken {
        let tools = TestTools::default();
        let model = FakeModel::scripted([reply]).await;
        let ran = run(quick(&model), &tools, vec![user("hi")]).await;
        assert!(matches!(ran.error(), AgentError::ModelFailed(_)), "{name}: {:?}", ran.error());
        assert!(expected(source(&ran)), "{name}: {:?}", ran.error());
        assert_eq!(model.requests().len(), 1, "{name}");
        assert_eq!(tools.log(), [], "{name}");
        assert!(!ran.shape().contains(&"answer"), "{name}");
    }
}

/// AGENT-10: 429 and 5xx are tried again, a bounded number of times; a wait that the server asks for is capped.
#[tokio::test]
async fn transient_statuses_are_tried_again() {
    for status in [429, 500, 502, 503, 529] {
        let refused = || Reply::status(status).header("retry-after", "3600");
        let model = FakeModel::scripted([refused(), refused(), Reply::text("Hello.")]).await;
        // An hour is more than `ask` waits.
        assert_eq!(ask(quick(&model)).await.answer(), "Hello.");
        assert_eq!(model.requests().len(), 3);

        let model = FakeModel::answering(move |_| Reply::status(status)).await;
        let ran = ask(quick(&model)).await;
        assert!(matches!(source(&ran), ModelError::Status { attempts: 3, .. }), "{:?}", ran.error());
        assert!(matches!(ran.error(), AgentError::ModelFailed(_)));
        assert_eq!(model.requests().len(), 3);
    }
}

/// AGENT-10: what the server asks for is waited for, up to the cap.
#[tokio::test]
async fn retry_after_is_heeded() {
    let model = FakeModel::scripted([Reply::status(429).header("retry-after", "3600"), Reply::text("Hello.")]).await;
    let mut config = quick(&model);
    config.retries.longest = Duration::from_secs(3600);
    config.timeouts.total = Duration::from_millis(300);
    let ran = ask(config).await;
    assert!(matches!(source(&ran), ModelError::Timeout(Waiting::End)), "{:?}", ran.error());
    assert_eq!(model.requests().len(), 1);
}

/// AGENT-10: a request that the server does not take is not sent again, whatever its error looks like.
#[tokio::test]
async fn refusals_are_final() {
    for (status, body) in [
        (400, json!({ "error": { "message": "no", "code": 400 } })),
        (401, json!({ "error": { "message": "no", "code": "invalid_api_key" } })),
        (404, json!({ "error": "no such model" })),
        (422, json!([{ "error": { "code": 422, "message": "no", "status": "INVALID" } }])),
        (403, json!(null)),
    ] {
        let model = FakeModel::scripted([Reply::status(status).with_error(body)]).await;
        let ran = ask(quick(&model)).await;
        assert!(matches!(ran.error(), AgentError::ModelRefused(_)), "{:?}", ran.error());
        assert!(matches!(source(&ran), ModelError::Status { status: told, .. } if *told == status));
        assert_eq!(model.requests().len(), 1);
    }
}

/// AGENT-10: a connection that cannot be made, or breaks before the answer, is tried again.
#[tokio::test]
async fn connection_faults_are_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let hang_up_once = async {
        let (connection, _) = listener.accept().await.unwrap();
        drop(connection);
        FakeModel::answering_on(listener, |_| Reply::text("Hello."))
    };
    let mut patient = remote(&base_url);
    patient.retries.base = Duration::from_millis(1);
    let (ran, model) = tokio::join!(ask(patient.clone()), hang_up_once);
    assert_eq!(ran.answer(), "Hello.");
    drop(model);

    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1", nobody.local_addr().unwrap());
    drop(nobody);
    let mut patient = remote(&base_url);
    patient.retries.base = Duration::from_millis(1);
    let ran = ask(patient).await;
    assert!(matches!(source(&ran), ModelError::Connection(_)), "{:?}", ran.error());
}

/// AGENT-11: silence before the first byte, silence within the stream and a stream without end are timed out.
#[tokio::test]
async fn silence_is_timed_out() {
    let (long, short) = (Duration::from_secs(60), Duration::from_millis(80));
    let cases = [
        (Waiting::FirstByte, Reply::silence()),
        (Waiting::FirstByte, Reply::raw(&[]).ending_after(0, Ending::Silence)),
        (Waiting::More, Reply::text("Hello, how are").ending_after(4, Ending::Silence)),
        (Waiting::End, Reply::text("Hello, how are").ending_after(4, Ending::Silence)),
        (Waiting::End, Reply::silence()),
    ];
    for (waiting, reply) in cases {
        let model = FakeModel::scripted([reply]).await;
        let mut config = quick(&model);
        let times = &mut config.timeouts;
        (times.first_byte, times.idle, times.total) = (long, long, long);
        match waiting {
            Waiting::FirstByte => times.first_byte = short,
            Waiting::More => times.idle = short,
            _ => times.total = short * 2,
        }
        let ran = ask(config).await;
        assert!(matches!(ran.error(), AgentError::ModelTimeout(_)), "{:?}", ran.error());
        assert!(matches!(source(&ran), ModelError::Timeout(told) if *told == waiting), "{waiting}: {:?}", ran.error());
        assert_eq!(model.requests().len(), 1);
    }
}

/// AGENT-11: the usage after a whole message may stay away.
#[tokio::test]
async fn a_whole_message_needs_no_more() {
    for (after, ending) in [(5, Ending::Silence), (5, Ending::Cut), (5, Ending::Done)] {
        let model = FakeModel::scripted([Reply::text("Hello").ending_after(after, ending)]).await;
        // Comment, role, text, reason, usage: the first four and a usage or not.
        let model_without = FakeModel::scripted([Reply::text("Hello").ending_after(after - 1, ending)]).await;
        assert_eq!(ask(quick(&model)).await.answer(), "Hello");
        assert_eq!(ask(quick(&model_without)).await.answer(), "Hello");
    }
}

/// AGENT-12, AGENT-71d: an answer and arguments beyond their limits end the turn as failed.
#[tokio::test]
async fn floods_are_stopped() {
    let long = "x".repeat(5_000);
    let replies = [
        Reply::text("Hello").ending_after(3, Ending::Flood(Flood::Text)).in_pieces_of(65_536),
        Reply::call("add_task", json!({ "title": long })).in_pieces_of(65_536),
        Reply::raw(&[&long.repeat(400)]).in_pieces_of(65_536),
    ];
    for reply in replies {
        let model = FakeModel::scripted([reply]).await;
        let mut config = quick(&model);
        config.limits = Limits { answer_bytes: 10_000, argument_bytes: 4_000, ..Limits::default() };
        let ran = ask(config).await;
        assert!(matches!(source(&ran), ModelError::TooLarge(_)), "{:?}", ran.error());
        assert_eq!(model.requests().len(), 1);
    }
}

/// AGENT-12: a model that never comes to an end is stopped after so many requests.
#[tokio::test]
async fn steps_are_bounded() {
    let model = FakeModel::answering(|_| Reply::call("list_tasks", json!({}))).await;
    let mut config = quick(&model);
    config.limits.model_calls = 4;
    let ran = ask(config).await;
    assert!(matches!(ran.error(), AgentError::TooManySteps(4)));
    assert_eq!(model.requests().len(), 4);
    model.assert_sound();
}

/// AGENT-06: broken arguments, unknown tools and calls beyond the limit do not run; the model is told.
#[tokio::test]
async fn bad_calls_do_not_run() {
    let tools = TestTools::default();
    let model = FakeModel::scripted([
        Reply::call("add_task", json!({ "title": "Milk" }))
            .and_raw_call("add_task", r#"{"title": "Eg"#)
            .and_raw_call("add_task", r#"["Eggs"]"#)
            .and_call("drop_table", json!({}))
            .and_raw_call("list_tasks", ""),
        Reply::call("add_task", json!({ "title": "Bread" })).and_call("add_task", json!({ "title": "Jam" })),
        Reply::text("Hm."),
    ])
    .await;
    let mut config = quick(&model);
    config.limits.tool_calls = 3;
    config.limits.argument_bytes = 4_000;
    let ran = run(config, &tools, vec![user("add things")]).await;
    assert_eq!(ran.answer(), "Hm.");
    let ran_calls: Vec<_> = tools.log().into_iter().map(|call| call.tool).collect();
    // The message is cut after one call more than may run.
    assert_eq!(ran_calls, ["add_task", "add_task", "add_task"]);
    assert_eq!(tools.tasks().len(), 3);
    let told = model.bodies()[1]["messages"].to_string();
    assert!(told.contains("no JSON object") && told.contains("no such tool"), "{told}");
    model.assert_sound();
}

/// AGENT-07: a tool that does not answer ends the turn: it may or may not have had its effect.
#[tokio::test]
async fn a_silent_tool_ends_the_turn() {
    let tools = TestTools::new(Mood::Hangs);
    let model = FakeModel::scripted([Reply::call("add_task", json!({ "title": "Milk" }))]).await;
    let mut config = quick(&model);
    config.timeouts.tool = Duration::from_millis(200);
    let ran = run(config, &tools, vec![user("milk")]).await;
    assert!(matches!(ran.error(), AgentError::Tools(_)), "{:?}", ran.error());
    assert_eq!(ran.shape(), ["answer", "started", "failed"]);
    assert_eq!(model.requests().len(), 1);
}

/// AGENT-07, AGENT-16: a turn that ended so goes on from what was recorded, with the call that has no result.
#[tokio::test]
async fn a_turn_that_a_silent_tool_ended_goes_on() {
    let call = Reply::call("add_task", json!({ "title": "Milk" }));
    let model = FakeModel::scripted([call, Reply::text("Added.")]).await;
    let mut config = quick(&model);
    config.timeouts.tool = Duration::from_millis(200);
    let ran = run(config.clone(), &TestTools::new(Mood::Hangs), vec![user("milk")]).await;
    assert!(matches!(ran.error(), AgentError::Tools(_)), "{:?}", ran.error());

    let tools = TestTools::default();
    let mut history = vec![user("milk")];
    history.extend(ran.recorded());
    config.timeouts = Timeouts::default();
    assert_eq!(run(config, &tools, history).await.answer(), "Added.");
    assert_eq!(tools.tasks(), [(1, "Milk".to_owned(), false)]);
    model.assert_sound();
}

/// AGENT-07: so does a connection to the tools that is lost.
#[tokio::test]
async fn a_lost_connection_ends_the_turn() {
    let model = FakeModel::scripted([Reply::call("add_task", json!({ "title": "Milk" }))]).await;
    let agent = Agent::new(quick(&model)).unwrap();
    let connection = connect(&TestTools::default()).await;
    let mut steps = pin!(agent.run(input(vec![user("milk")]), connection.peer().clone()));
    while !matches!(steps.next().await, Some(Step::ToolStarted { .. })) {}
    connection.cancel().await.unwrap();
    assert!(matches!(steps.next().await, Some(Step::Failed(AgentError::Tools(_)))));
    assert!(steps.next().await.is_none());
}

/// AGENT-18: the API key appears in no `Debug` and no error, even where the server sends it back.
#[tokio::test]
async fn the_key_stays_secret() {
    let body =
        json!({ "error": { "message": "Incorrect API key provided: sk-very-secret", "code": "sk-very-secret" } });
    let model = FakeModel::scripted([Reply::status(401).with_error(body)]).await;
    let config = quick(&model);
    assert!(!format!("{config:?}").contains("secret"), "{config:?}");
    let told = told(ask(config).await.error());
    assert!(told.contains("401"), "{told}");
    assert!(!told.contains("very-secret"), "{told}");
}

/// All that a log may come to hold of an error: its form for programmers, its words, and those of its causes.
fn told(error: &AgentError) -> String {
    let mut told = format!("{error:?}");
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        told.push_str(&format!("\n{error}"));
        cause = error.source();
    }
    told
}

/// AGENT-25: an error tells what went wrong, and nothing of what a person or a model said.
#[tokio::test]
async fn errors_hold_nothing_that_was_said() {
    let echo = || json!({ "error": { "message": "bad prompt: my diary", "type": "the diary", "code": "my diary" } });
    let replies = [
        (Reply::raw(&[r#"{"choices": [{"delta": {"content": "my diary"}}]"#]), "line 1, column"),
        (Reply::raw(&[r#"{"choices": [{"delta": {"content": "my diary"}}]} my diary"#]), "line 1, column"),
        (Reply::raw(&["my diary"]), "line 1, column"),
        (Reply::raw(&[&echo().to_string()]), "an error within the answer"),
        (Reply::raw(&[r#"{"error": "my diary"}"#]), "an error within the answer"),
        (Reply::status(400).with_error(echo()), "status 400"),
        (Reply::status(500).with_error(json!("my diary")), "status 500"),
        (Reply::text("my diary").ending_after(4, Ending::Cut), "broke"),
        (Reply::text("my diary").ending_after(4, Ending::Done), "in the middle"),
    ];
    for (reply, expected) in replies {
        let model = FakeModel::answering(move |_| reply.clone()).await;
        let ran = run(quick(&model), &TestTools::default(), vec![user("my diary")]).await;
        let told = told(ran.error());
        assert!(told.contains(expected), "{told}");
        assert!(!told.contains("diary"), "{told}");
    }
    let refused = json!({ "error": { "message": "my diary", "type": "invalid_request_error", "code": null } });
    let model = FakeModel::scripted([Reply::status(400).with_error(refused)]).await;
    let ran = ask(quick(&model)).await;
    assert!(told(ran.error()).contains("invalid_request_error"), "{:?}", ran.error());
}
