//! Bodies in every form that servers send, each read whole, cut at every byte and byte by byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "tests/bodies.rs"]
mod bodies;
#[path = "tests/tool_calls.rs"]
mod tool_calls;
#[path = "tests/words.rs"]
mod words;

use proptest::prelude::*;
use serde_json::json;

use super::*;

const TOOLS: [&str; 5] = ["add_task", "list_tasks", "complete_task", "delete_task", "update_task"];

fn in_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<(String, ModelMessage), ModelError> {
    read_answer(pieces, &TOOLS, Limits::default()).map(|(words, message)| (words.concat(), message))
}

/// What a body comes to, whatever its pieces: the words that were shown, and the message or the fault.
fn read(body: &[u8]) -> Result<(String, ModelMessage), ModelError> {
    let whole = in_pieces([body]);
    let same = |other: Result<(String, ModelMessage), ModelError>, cut: usize| match (&whole, other) {
        (Ok((_, whole)), Ok((_, other))) => assert_eq!(*whole, other, "cut at {cut}"),
        (whole, other) => assert_eq!(format!("{whole:?}"), format!("{other:?}"), "cut at {cut}"),
    };
    for cut in 0..=body.len() {
        let (before, after) = body.split_at(cut);
        same(in_pieces([before, after]), cut);
    }
    same(in_pieces(body.chunks(1)), usize::MAX);
    whole
}

fn message(body: &str) -> ModelMessage {
    read(body.as_bytes()).unwrap_or_else(|fault| panic!("{fault:?}: {body}")).1
}

fn fault(body: &str) -> ModelError {
    read(body.as_bytes()).err().unwrap_or_else(|| panic!("a message: {body}"))
}

/// A usual stream of these deltas.
fn stream(deltas: &[Value], reason: &str) -> String {
    let chunk = |delta: &Value, reason: Option<&str>| {
        format!("data: {}\n\n", json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] }))
    };
    let deltas: String = deltas.iter().map(|delta| chunk(delta, None)).collect();
    format!("{deltas}{}data: [DONE]\n\n", chunk(&json!({}), Some(reason)))
}

fn said(pieces: &[&str]) -> ModelMessage {
    let deltas: Vec<Value> = pieces.iter().map(|piece| json!({ "content": piece })).collect();
    message(&stream(&deltas, "stop"))
}

/// Name and arguments of each call.
fn calls(message: &ModelMessage) -> Vec<(&str, &str)> {
    message.calls.iter().map(|call| (call.tool.as_str(), call.arguments.as_str())).collect()
}

proptest! {
    /// AGENT-70, AGENT-70a: whatever the bytes, reading ends, and the pieces don't matter.
    #[test]
    fn any_bytes_are_read(body in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..200) {
        let (before, after) = body.split_at(cut.min(body.len()));
        prop_assert_eq!(format!("{:?}", in_pieces([&body[..]]).map(|(_, message)| message)),
            format!("{:?}", in_pieces([before, after]).map(|(_, message)| message)));
    }

    /// AGENT-70: whatever is made of the parts of real bodies, the pieces don't matter.
    #[test]
    fn any_parts_are_read(parts in proptest::collection::vec(any_part(), 0..24), cuts in proptest::collection::vec(any::<u16>(), 0..6)) {
        let body = parts.concat();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| usize::from(cut) % (body.len() + 1)).collect();
        cuts.extend([0, body.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|cut| &body.as_bytes()[cut[0]..cut[1]]);
        prop_assert_eq!(format!("{:?}", in_pieces([body.as_bytes()]).map(|(_, message)| message)),
            format!("{:?}", in_pieces(pieces).map(|(_, message)| message)));
    }
}

fn any_part() -> impl Strategy<Value = String> {
    let content = prop_oneof![
        Just("Hello."),
        Just("<think>"),
        Just("</think>"),
        Just("`"),
        Just("\n\n"),
        Just("<tool_call>"),
        Just("{"),
        Just("[TOOL_CALLS]"),
        Just("```json\n"),
        Just("{\"name\":\"list_tasks\",\"arguments\":{}}"),
        Just("<"),
        Just("</thi"),
        Just("Grüße 👋"),
    ];
    let arguments = prop_oneof![
        Just("{}"),
        Just("{"),
        Just("\"title\":"),
        Just("\"Milk\"}"),
        Just("{\"title\":\"Eggs\"}"),
        Just(""),
        Just("}"),
    ];
    let call = (arguments, 0..3, prop_oneof![Just(""), Just("add_task"), Just("add_"), Just("task")], "[ab]?");
    let event = |delta: Value| format!("data: {}\n\n", json!({ "choices": [{ "delta": delta }] }));
    prop_oneof![
        4 => content.prop_map(move |text| event(json!({ "content": text }))),
        4 => call.prop_map(move |(arguments, index, name, id)| event(json!({ "tool_calls": [
            { "index": index, "id": id, "function": { "name": name, "arguments": arguments } },
        ] }))),
        1 => Just(event(json!({ "reasoning_content": "Hm." }))),
        1 => Just("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\n".to_owned()),
        1 => Just("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\r\r".to_owned()),
        1 => Just("data: [DONE]\n\n".to_owned()),
        1 => Just(": comment\n".to_owned()),
        1 => Just("{\"choices\":[{\"message\":{\"content\":\"Hi.\"}}]}".to_owned()),
        1 => Just("\u{feff}".to_owned()),
        1 => Just("data: {\"choices\":".to_owned()),
    ]
}
