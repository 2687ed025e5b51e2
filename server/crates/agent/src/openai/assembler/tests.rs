//! The pieces of a streamed message in every form that servers send.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;

use super::*;

fn assembled(chunks: &[Value]) -> ModelMessage {
    let mut assembler = Assembler::new(Limits::default(), SecretString::default());
    for chunk in chunks {
        assembler.take(chunk).unwrap();
    }
    assembler.take(&json!({ "choices": [{ "finish_reason": "stop" }] })).unwrap();
    assembler.finish().unwrap()
}

fn delta(calls: Value) -> Value {
    json!({ "choices": [{ "delta": { "tool_calls": calls } }] })
}

fn ids_and_arguments(message: &ModelMessage) -> Vec<(&str, &str, &str)> {
    message.calls.iter().map(|call| (call.id.as_str(), call.tool.as_str(), call.arguments.as_str())).collect()
}

/// AGENT-08: calls that come interleaved, or all under the index 0, are kept apart.
#[test]
fn calls_are_told_apart() {
    let interleaved = assembled(&[
        delta(json!([
            { "index": 0, "id": "a", "function": { "name": "x", "arguments": "" } },
            { "index": 1, "id": "b", "function": { "name": "y", "arguments": "" } },
        ])),
        delta(
            json!([{ "index": 1, "function": { "arguments": "{\"n\":" } }, { "index": 0, "function": { "arguments": "{" } }]),
        ),
        delta(
            json!([{ "index": 0, "function": { "arguments": "}" } }, { "index": 1, "function": { "arguments": "2}" } }]),
        ),
    ]);
    assert_eq!(ids_and_arguments(&interleaved), [("a", "x", "{}"), ("b", "y", "{\"n\":2}")]);

    let all_zero = assembled(&[
        delta(json!([{ "index": 0, "id": "a", "function": { "name": "x", "arguments": "{}" } }])),
        delta(json!([{ "index": 0, "id": "b", "function": { "name": "x", "arguments": "{" } }])),
        delta(json!([{ "index": 0, "function": { "arguments": "}" } }])),
    ]);
    assert_eq!(ids_and_arguments(&all_zero), [("a", "x", "{}"), ("b", "x", "{}")]);
}

/// AGENT-08: an id or a name that is sent with every piece does not make a new call.
#[test]
fn repeated_heads_are_one_call() {
    let piece = |arguments: &str| json!([{ "id": "a", "function": { "name": "x", "arguments": arguments } }]);
    let message = assembled(&[delta(piece("{\"n\"")), delta(piece(":1")), delta(piece("}"))]);
    assert_eq!(ids_and_arguments(&message), [("a", "x", "{\"n\":1}")]);
}

/// AGENT-08: whatever is of another type than expected is passed over.
#[test]
fn nonsense_is_passed_over() {
    for chunk in [
        json!(null),
        json!([]),
        json!({ "choices": null }),
        json!({ "choices": [null] }),
        json!({ "choices": [{ "delta": null, "finish_reason": null }] }),
        json!({ "choices": [{ "delta": { "content": 5, "tool_calls": {} } }] }),
        json!({ "choices": [{ "delta": { "tool_calls": [null, 3] } }], "usage": 7, "error": null }),
    ] {
        assert_eq!(assembled(&[chunk]), ModelMessage::default());
    }
}
