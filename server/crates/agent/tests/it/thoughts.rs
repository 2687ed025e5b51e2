//! What a turn keeps of a model's thoughts, and what of an answer that was cut.

use saydo_agent::{AgentError, ModelError, Step};
use saydo_contract::CutReason;
use saydo_test_support::fake_model::{FakeModel, Reply};
use serde_json::{Value, json};

use crate::{
    rig::{Ran, config, run, user},
    tools::TestTools,
};

async fn ask(replies: impl IntoIterator<Item = Reply>) -> Ran {
    let model = FakeModel::scripted(replies).await;
    run(config(&model), &TestTools::default(), vec![user("hi")]).await
}

fn raw(deltas: &[Value], reason: &str) -> Reply {
    let mut events: Vec<String> =
        deltas.iter().map(|delta| json!({ "choices": [{ "delta": delta }] }).to_string()).collect();
    events.push(json!({ "choices": [{ "delta": {}, "finish_reason": reason }] }).to_string());
    Reply::raw(&events.iter().map(String::as_str).collect::<Vec<_>>())
}

/// AGENT-80, AGENT-80a: each message keeps the fields of its thoughts and their time.
#[tokio::test]
async fn thoughts_go_with_their_message() {
    let call = json!({ "index": 0, "id": "a", "function": { "name": "list_tasks", "arguments": "{}" } });
    let ran = ask([
        raw(
            &[
                json!({ "reasoning_content": "I " }),
                json!({ "reasoning_content": "look." }),
                json!({ "tool_calls": [call] }),
            ],
            "tool_calls",
        ),
        raw(&[json!({ "content": "<think>Hm.</think>" }), json!({ "content": "Hello." })], "stop"),
    ])
    .await;
    assert_eq!(ran.answer(), "Hello.");
    let kept: Vec<_> = ran
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Answer { meta, .. } => meta.reasoning.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|reasoning| reasoning.seconds > 0), "{kept:?}");
    assert_eq!(Value::Object(kept[0].fields.clone()), json!({ "reasoning_content": "I look." }));
    assert!(kept[1].fields.is_empty());
}

/// AGENT-72, AGENT-72a: an answer that was cut is an answer with its mark; without a word it is a failure.
#[tokio::test]
async fn a_cut_answer_is_an_answer() {
    let ran = ask([raw(&[json!({ "content": "You have" })], "length")]).await;
    assert_eq!((ran.answer(), ran.meta().finish), ("You have", Some(CutReason::Length)));
    let ran = ask([raw(&[json!({ "reasoning": "Hm." })], "length")]).await;
    assert!(matches!(ran.error(), AgentError::ModelRefused(ModelError::CutShort)), "{:?}", ran.error());
}

/// AGENT-76, AGENT-77: a call as text is run and not shown; what is not certain ends the turn.
#[tokio::test]
async fn a_call_as_text_is_run() {
    let tools = TestTools::default();
    let text = "{\"name\": \"add_task\", \"arguments\": {\"title\": \"Milk\"}}";
    let model = FakeModel::scripted([Reply::text(text), Reply::text("Added.")]).await;
    let ran = run(config(&model), &tools, vec![user("milk")]).await;
    assert_eq!(ran.shape(), ["answer", "started", "finished", "delta", "answer", "done"]);
    assert_eq!(tools.tasks(), [(1, "Milk".to_owned(), false)]);
    model.assert_sound();
    let ran = ask([Reply::text("<tool_call>{\"name\": \"add_task\"}</tool_call>")]).await;
    assert!(matches!(ran.error(), AgentError::ModelRefused(ModelError::CallAsText)), "{:?}", ran.error());
    assert_eq!(ran.shape(), ["failed"]);
}
