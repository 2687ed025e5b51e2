//! The forms in which servers send the same message.

use saydo_agent::{Agent, HistoryItem};
use saydo_test_support::fake_model::{FakeModel, Form, Reply};
use serde_json::{Map, json};

use crate::{
    rig::{config, run, run_with, user},
    tools::TestTools,
};

fn forms() -> Vec<(&'static str, Form)> {
    let extra = Map::from_iter([("extra_content".to_owned(), json!({ "google": { "thought_signature": "abc" } }))]);
    vec![
        ("reference", Form::default()),
        ("bare", Form { bare: true, ..Form::default() }),
        ("no index", Form { no_index: true, bare: true, ..Form::default() }),
        ("no index, no id", Form { no_index: true, ids: Some(vec!["", ""]), ..Form::default() }),
        ("no index, one id", Form { no_index: true, ids: Some(vec!["x", "x"]), ..Form::default() }),
        ("objects", Form { object_arguments: true, ..Form::default() }),
        ("objects, no index", Form { object_arguments: true, no_index: true, bare: true, ..Form::default() }),
        ("extra", Form { extra, no_index: true, ..Form::default() }),
    ]
}

/// AGENT-08: every form, ended by every reason and cut anywhere, is the same message.
#[tokio::test]
async fn every_form_is_understood() {
    let mut cases = Vec::new();
    for (name, form) in forms() {
        for reason in ["tool_calls", "stop", "function_call", "length"] {
            // A cut within a character is the same for every reason.
            let pieces = if reason == "stop" { &[1, 3, 1000][..] } else { &[1000] };
            for piece in pieces {
                cases.push((format!("{name}, {reason}, {piece}"), form.clone(), reason, *piece));
            }
        }
    }
    let script = cases.iter().flat_map(|(_, form, reason, piece)| {
        let call = Reply::call("add_task", json!({ "title": "Grüße 👋" })).and_call("list_tasks", json!({}));
        [
            call.in_form(form.clone()).finishing(Some(reason)).in_pieces_of(*piece),
            Reply::text("Grüße 👋 an alle.").in_form(form.clone()).in_pieces_of(*piece),
        ]
    });
    let model = FakeModel::scripted(script).await;
    let agent = Agent::new(config(&model)).unwrap();
    for (name, ..) in &cases {
        let tools = TestTools::default();
        let ran = run_with(&agent, &tools, vec![user("grüße")]).await;
        assert_eq!(ran.answer(), "Grüße 👋 an alle.", "{name}");
        assert_eq!(tools.tasks(), [(1, "Grüße 👋".into(), false)], "{name}");
        assert_eq!(tools.log().len(), 2, "{name}");
    }
    model.assert_sound();
}

/// AGENT-08: fields of a call that only its server understands come back as they were, now and in later turns.
#[tokio::test]
async fn unknown_fields_come_back() {
    let extra = json!({ "google": { "thought_signature": "abc" } });
    let form = Form { extra: Map::from_iter([("extra_content".to_owned(), extra.clone())]), ..Form::default() };
    let model = FakeModel::scripted([
        Reply::call("list_tasks", json!({})).in_form(form),
        Reply::text("Nothing there."),
        Reply::text("Hello."),
    ])
    .await;
    let ran = run(config(&model), &TestTools::default(), vec![user("list")]).await;
    assert_eq!(model.bodies()[1]["messages"][2]["tool_calls"][0]["extra_content"], extra);

    let mut history: Vec<HistoryItem> = vec![user("list")];
    history.extend(ran.recorded());
    history.push(user("hi"));
    run(config(&model), &TestTools::default(), history).await;
    assert_eq!(model.bodies()[2]["messages"][2]["tool_calls"][0]["extra_content"], extra);
    model.assert_sound();
}

/// AGENT-08: a refusal is words too; so is content beside calls, and a numeric code within an error is no fault.
#[tokio::test]
async fn a_refusal_is_an_answer() {
    let model = FakeModel::scripted([Reply::raw(&[
        r#"{"choices": [{"index": 0, "delta": {"role": "assistant", "content": null, "refusal": ""}}]}"#,
        r#"{"choices": [{"index": 0, "delta": {"refusal": "I cannot"}, "finish_reason": ""}], "error": null}"#,
        r#"{"choices": [{"index": 0, "delta": {"refusal": " do that."}, "finish_reason": "stop"}], "usage": null}"#,
        r#"{"choices": [], "usage": {"prompt_tokens": 3.5, "completion_tokens": null}}"#,
    ])])
    .await;
    let ran = run(config(&model), &TestTools::default(), vec![user("hi")]).await;
    assert_eq!(ran.answer(), "I cannot do that.");
}
