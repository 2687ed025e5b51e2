//! How a body becomes events, and how a message ends.

use super::*;

const CHUNK: &str = r#"{"choices":[{"index":0,"delta":{"content":"Hello."},"finish_reason":null}]}"#;
const END: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
const WHOLE: &str =
    r#"{"object":"chat.completion","choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}]}"#;

/// AGENT-71, AGENT-71a: events in every form, lines of JSON, a list of chunks and a whole completion are the same message.
#[test]
fn every_form_of_a_body_is_read() {
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(WHOLE).unwrap()).unwrap();
    let lines: String = pretty.lines().map(|line| format!("data: {line}\n")).collect();
    for body in [
        format!("data: {CHUNK}\n\ndata: {END}\n\ndata: [DONE]\n\n"),
        format!("data: {CHUNK}\r\n\r\ndata: {END}\r\n\r\ndata: [DONE]\r\n\r\n"),
        format!("data: {CHUNK}\r\rdata: {END}\r\rdata: [DONE]\r\r"),
        format!("\u{feff}data: {CHUNK}\n\ndata: {END}\n\n"),
        format!("data:{CHUNK}\n\ndata:{END}\n\ndata:[DONE]\n\n"),
        format!(": hi\n\nevent: message\nid: 1\nretry: 5\ndata: {CHUNK}\n\n:\n\ndata: {END}\n\n"),
        format!("event: ping\ndata: now\n\ndata: {CHUNK}\n\ndata: {END}"),
        format!("data: {CHUNK}\ndata: {END}\ndata: [DONE]\n"),
        format!("data: data: {CHUNK}\n\ndata: data: {END}\n\n"),
        format!("data: {CHUNK}\n\ndata: [DONE]\n\n"),
        format!("{CHUNK}\n{END}\n[DONE]\n"),
        format!("[{CHUNK},\n{END}\n]"),
        format!("data: [{CHUNK},{END}]\n\n"),
        format!("{lines}\n"),
        format!("\n\n\n{WHOLE}"),
        format!("\u{feff}{pretty}"),
        format!("data: {WHOLE}\n\ndata: [DONE]\n\n"),
        r#"{"message":{"role":"assistant","content":"Hel"},"done":false}
{"message":{"role":"assistant","content":"lo."},"done":true,"done_reason":"stop"}"#
            .to_owned(),
    ] {
        assert_eq!(message(&body), ModelMessage { text: "Hello.".to_owned(), ..ModelMessage::default() }, "{body}");
    }
}

/// AGENT-71b: a page, plain words and half an event are no answer.
#[test]
fn what_is_no_answer_is_a_fault() {
    for body in ["<html>\nno</html>", "upstream connect error", "data: {\"choices\":[{\n\n", "data: Hello.\n\n"] {
        assert!(matches!(fault(body), ModelError::Unreadable(_)), "{body}");
    }
    for body in ["", "\n\n", ": comment\n\n", "data: {\"choi", "{\"choices\":[{\"mess", &format!("data: {CHUNK}\n\n")] {
        assert!(matches!(fault(body), ModelError::Unfinished), "{body}");
    }
}

/// AGENT-71c: an error is one wherever a server puts it.
#[test]
fn errors_are_found() {
    for (body, expected) in [
        (r#"data: {"error":{"code":502,"message":"x"}}"#, Some("502")),
        (r#"data: {"error":"overloaded"}"#, None),
        ("event: error\ndata: {\"code\":\"busy\"}\n\n", Some("busy")),
        ("event: error\ndata: no words\n\n", None),
        (r#"error: {"code":500,"type":"server_error"}"#, Some("500")),
        (r#"{"object":"error","message":"x","code":400}"#, Some("400")),
        (r#"{"type":"error","error":{"type":"overloaded_error"}}"#, Some("overloaded_error")),
        (r#"[{"error":{"code":429}}]"#, Some("429")),
        (r#"data: {"choices":[{"delta":{},"error":{"code":524},"finish_reason":"error"}]}"#, Some("524")),
        (r#"data: {"choices":[{"delta":{},"finish_reason":"error"}]}"#, None),
        (r#"data: {"choices":[{"delta":{},"finish_reason":"network_error"}]}"#, Some("network_error")),
        (
            r#"data: {"choices":[{"delta":{},"finish_reason":"function_call_filter: MALFORMED_FUNCTION_CALL"}]}"#,
            Some("malformed_function_call"),
        ),
    ] {
        match fault(body) {
            ModelError::Reported { code, .. } => assert_eq!(code.as_deref(), expected, "{body}"),
            other => panic!("{other:?}: {body}"),
        }
    }
    assert_eq!(said(&["Hello."]), message(&format!("data: {CHUNK}\n\ndata: {END}\n\nevent: error\ndata: late\n\n")));
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
        json!({ "choices": [{ "delta": { "content": 5, "tool_calls": {} }, "finish_reason": "" }] }),
        json!({ "choices": [{ "delta": { "tool_calls": [null, 3] } }], "usage": 7, "error": null }),
        json!({ "choices": [{ "delta": { "function_call": null } }], "error": false }),
    ] {
        assert_eq!(message(&format!("data: {chunk}\n\ndata: {CHUNK}\n\ndata: {END}\n\n")), said(&["Hello."]));
    }
}

/// AGENT-72, AGENT-72a: an answer that the server cut has its words and its mark, whatever the server calls that.
#[test]
fn a_cut_answer_is_marked() {
    for (reason, cut) in [
        ("length", CutReason::Length),
        ("max_tokens", CutReason::Length),
        ("MAX_TOKENS", CutReason::Length),
        ("model_length", CutReason::Length),
        ("content_filter", CutReason::ContentFilter),
        ("SAFETY", CutReason::ContentFilter),
        ("sensitive", CutReason::ContentFilter),
        ("content_filter: PROHIBITED_CONTENT", CutReason::ContentFilter),
    ] {
        let words = message(&stream(&[json!({ "content": "Half a" })], reason));
        assert_eq!((words.text.as_str(), words.meta.finish), ("Half a", Some(cut)), "{reason}");
        let nothing = fault(&stream(&[json!({ "reasoning_content": "Hm." })], reason));
        match cut {
            CutReason::Length => assert!(matches!(nothing, ModelError::CutShort), "{reason}"),
            CutReason::ContentFilter => assert!(matches!(nothing, ModelError::Filtered), "{reason}"),
        }
    }
    for reason in ["stop", "tool_calls", "eos", "end_turn", "COMPLETE"] {
        assert_eq!(message(&stream(&[json!({ "content": "All." })], reason)).meta.finish, None, "{reason}");
    }
}

/// AGENT-73: the end without a reason is one where words or a whole call came.
#[test]
fn an_end_needs_no_reason() {
    let call = |arguments: &str| {
        let function = json!({ "name": "add_task", "arguments": arguments });
        let chunk = json!({ "choices": [{ "delta": { "tool_calls": [{ "index": 0, "function": function }] } }] });
        format!("data: {chunk}\n\ndata: [DONE]\n\n")
    };
    assert_eq!(calls(&message(&call(r#"{"title":"Milk"}"#))), [("add_task", r#"{"title":"Milk"}"#)]);
    assert!(matches!(fault(&call(r#"{"title":"Mi"#)), ModelError::Unfinished));
    assert!(matches!(fault("data: [DONE]\n\n"), ModelError::Unfinished));
    let thought = r#"data: {"choices":[{"delta":{"reasoning":"Hm."}}]}"#;
    assert!(matches!(fault(&format!("{thought}\n\ndata: [DONE]\n\n")), ModelError::Unfinished));
}

/// AGENT-71d: bounds hold in every form of a body.
#[test]
fn bounds_hold() {
    let limits = Limits { answer_bytes: 1000, argument_bytes: 1000, ..Limits::default() };
    let call = json!({ "tool_calls": [{ "function": { "name": "list_tasks", "arguments": "{}" } }] });
    for delta in [
        json!({ "content": "x".repeat(50) }),
        json!({ "content": format!("<tool_call>{}", "x".repeat(50)) }),
        json!({ "content": format!("a <think>{}", "x".repeat(50)) }),
        call,
    ] {
        let event = format!("data: {}\n\n", json!({ "choices": [{ "delta": delta }] }));
        let pieces = std::iter::repeat_n(event.as_bytes(), 200);
        let flooded = read_answer(pieces, &TOOLS, limits);
        assert!(matches!(flooded, Err(ModelError::TooLarge(1000))), "{flooded:?}");
    }
    for flood in ["x", ": x\n", "\n", "{", "data: x\n", "  "] {
        let flood = flood.repeat(4096);
        let pieces = std::iter::repeat_n(flood.as_bytes(), 257);
        let flooded = read_answer(pieces, &TOOLS, limits);
        assert!(matches!(flooded, Err(ModelError::TooLarge(_))), "{flood:?}: {flooded:?}");
    }
}
