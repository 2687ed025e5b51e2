//! Calls in every form in which servers send them.

use super::*;

const MILK: &str = r#"{"title":"Milk"}"#;
const EGGS: &str = r#"{"title":"Eggs"}"#;

fn call(index: Value, id: Value, name: Value, arguments: Value) -> Value {
    let mut call = json!({ "index": index, "id": id, "function": { "name": name, "arguments": arguments } });
    call.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    call["function"].as_object_mut().unwrap().retain(|_, value| !value.is_null());
    call
}

/// A stream with one of these calls in each chunk.
fn called(parts: &[Value]) -> ModelMessage {
    let deltas: Vec<Value> = parts.iter().map(|part| json!({ "tool_calls": [part] })).collect();
    message(&stream(&deltas, "tool_calls"))
}

/// AGENT-08: calls that come interleaved, or all under the index 0, are kept apart.
#[test]
fn calls_are_told_apart() {
    let null = Value::Null;
    let interleaved = called(&[
        call(json!(0), json!("a"), json!("add_task"), json!("")),
        call(json!(1), json!("b"), json!("list_tasks"), json!("")),
        call(json!(1), null.clone(), null.clone(), json!("{")),
        call(json!(0), null.clone(), null.clone(), json!(MILK)),
        call(json!(1), null.clone(), null, json!("}")),
    ]);
    assert_eq!(calls(&interleaved), [("add_task", MILK), ("list_tasks", "{}")]);
    let ids: Vec<&str> = interleaved.calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
}

/// AGENT-74: two calls under one index, without ids, or with one id are two.
#[test]
fn a_whole_object_behind_a_whole_object_is_another_call() {
    let (null, name) = (Value::Null, json!("add_task"));
    for (index, id, second) in [
        (json!(0), null.clone(), name.clone()),
        (json!(0), null.clone(), null.clone()),
        (json!(0), json!(""), name.clone()),
        (null.clone(), null.clone(), name.clone()),
        (null.clone(), null.clone(), null.clone()),
        (null.clone(), json!("x"), name.clone()),
        (json!(0), json!("null"), name.clone()),
    ] {
        let message = called(&[
            call(index.clone(), id.clone(), name.clone(), json!(MILK)),
            call(index.clone(), id.clone(), second.clone(), json!(EGGS)),
        ]);
        assert_eq!(calls(&message), [("add_task", MILK), ("add_task", EGGS)], "{index} {id} {second}");
        let parts = [
            call(index.clone(), id.clone(), name.clone(), json!("{\"title\":")),
            call(index.clone(), null.clone(), null.clone(), json!("\"Milk\"}")),
            call(index.clone(), id.clone(), second.clone(), json!("{\"title\":\"Eg")),
            call(index.clone(), null.clone(), null.clone(), json!("gs\"}")),
        ];
        assert_eq!(calls(&called(&parts)), [("add_task", MILK), ("add_task", EGGS)], "{index} {id} {second}");
    }
    let counted = |id: &str, name: Value, arguments: &str| call(json!(0), json!(id), name, json!(arguments));
    let ids = called(&[
        counted("0", name.clone(), ""),
        counted("0", null.clone(), MILK),
        counted("1", name.clone(), ""),
        counted("1", null.clone(), EGGS),
    ]);
    assert_eq!(calls(&ids), [("add_task", MILK), ("add_task", EGGS)]);
    let glued = called(&[call(json!(0), json!("a"), name.clone(), json!(format!("{MILK}{EGGS}")))]);
    assert_eq!(calls(&glued), [("add_task", MILK), ("add_task", EGGS)]);
    let ids: Vec<&str> = glued.calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids, ["a", ""]);
    let other = called(&[
        call(json!(0), null.clone(), json!("list_tasks"), json!("{}")),
        call(json!(0), null, name, json!(MILK)),
    ]);
    assert_eq!(calls(&other), [("list_tasks", "{}"), ("add_task", MILK)]);
}

/// AGENT-75, AGENT-75a: one call stays one whatever each of its parts repeats or changes.
#[test]
fn parts_of_one_call_are_one() {
    let (null, name) = (Value::Null, json!("add_task"));
    let halves = ["{\"title\":", "\"Milk\"}"];
    let one = |parts: &[Value]| assert_eq!(calls(&called(parts)), [("add_task", MILK)], "{parts:?}");
    // An empty object first.
    one(&[
        call(json!(0), json!("a"), name.clone(), json!("{}")),
        call(json!(0), null.clone(), null.clone(), json!(MILK)),
    ]);
    // Another id with each part; the same head with each part; names in parts; a name first.
    for index in [json!(0), json!("0"), json!(1), null.clone()] {
        let part =
            |id: &str, name: &str, arguments: &str| call(index.clone(), json!(id), json!(name), json!(arguments));
        one(&[part("a", "add_task", ""), part("b", "", halves[0]), part("c", "", halves[1])]);
        one(&[part("a", "add_task", halves[0]), part("b", "add_task", halves[1])]);
        one(&[part("a", "add_task", halves[0]), part("a", "add_task", halves[1]), part("a", "add_task", "")]);
        one(&[part("a", "add_", ""), part("a", "task", ""), part("a", "", MILK)]);
        one(&[part("a", "add_", ""), part("a", "add_task", MILK)]);
        // The whole call again.
        one(&[part("a", "add_task", MILK), part("a", "add_task", MILK)]);
        one(&[part("", "add_task", halves[0]), part("", "", halves[1]), part("", "add_task", MILK)]);
    }
    // The index missing in later parts, or unknown; arguments as an object.
    one(&[
        call(json!(3), json!("a"), name.clone(), json!(halves[0])),
        call(null.clone(), null.clone(), null, json!(halves[1])),
    ]);
    one(&[call(json!(0), json!(7), name, json!({ "title": "Milk" }))]);
    let wire =
        |deltas: &[Value]| assert_eq!(calls(&message(&stream(deltas, "stop"))), [("add_task", MILK)], "{deltas:?}");
    wire(&[
        json!({ "function_call": { "name": "add_task", "arguments": "" } }),
        json!({ "function_call": { "arguments": MILK } }),
    ]);
    wire(&[json!({ "tool_calls": { "function": { "name": "add_task", "arguments": MILK } } })]);
    wire(&[json!({ "tool_calls": [{ "name": "add_task", "arguments": MILK }] })]);
}

/// AGENT-75a: a message that repeats what its parts said, with all of its calls, says nothing new.
#[test]
fn a_repeated_message_is_one() {
    let part = |index: usize, arguments: &str| json!({ "index": index, "id": format!("c{index}"), "function": { "name": "add_task", "arguments": arguments } });
    let both = json!([part(0, MILK), part(1, EGGS)]);
    let again =
        stream(&[json!({ "content": "Hm." }), json!({ "tool_calls": both }), json!({ "tool_calls": both })], "stop");
    let end = json!({ "choices": [{ "message": { "content": "Hm.", "tool_calls": both }, "finish_reason": "stop" }] });
    let whole = format!("data: {end}\n\n");
    let parts = stream(&[json!({ "content": "Hm." }), json!({ "tool_calls": both })], "stop");
    for body in [again, parts.replace("data: [DONE]\n\n", "") + &whole, whole.clone()] {
        let message = message(&body);
        assert_eq!((message.text.as_str(), calls(&message)), ("Hm.", vec![("add_task", MILK), ("add_task", EGGS)]));
    }
}

/// AGENT-72b: of a message that was cut, only whole calls run.
#[test]
fn a_cut_call_does_not_run() {
    let part = |arguments: &str| json!({ "tool_calls": [{ "index": 0, "id": "a", "function": { "name": "add_task", "arguments": arguments } }] });
    for cut in ["", "{\"title\":\"Mi", "\"{\\\"title\\\":\\\"Milk\\\"}"] {
        assert!(matches!(fault(&stream(&[part(cut)], "length")), ModelError::CutShort), "{cut}");
        let words = message(&stream(&[json!({ "content": "I add it." }), part(cut)], "length"));
        assert_eq!((words.text.as_str(), words.calls.len()), ("I add it.", 0));
        assert_eq!(words.meta.finish, Some(CutReason::Length));
    }
    let glued = message(&stream(&[part(&format!("{MILK}{{\"title\":\"Eg"))], "length"));
    assert_eq!((calls(&glued), glued.meta.finish), (vec![("add_task", MILK)], None));
    let broken = message(&stream(&[part(&format!("{MILK}{{\"title\":\"Eg"))], "stop"));
    assert_eq!(calls(&broken), [("add_task", MILK), ("add_task", "{\"title\":\"Eg")]);
}

/// AGENT-76: calls that are written as text are calls, in each form, alone or behind words.
#[test]
fn calls_as_text_are_read() {
    let json = r#"{"name": "add_task", "arguments": {"title": "Milk"}}"#;
    for form in [
        json.to_owned(),
        format!("\n{json}\n"),
        format!("```json\n{json}\n```"),
        format!("```\n[{json}]\n```"),
        format!("```\n<tool_call>{json}</tool_call>\n```"),
        format!("[{json}]"),
        format!("<tool_call>\n{json}\n</tool_call>"),
        format!("<tool_call>{json}"),
        format!("<function_call>{json}</function_call>"),
        format!("[TOOL_CALLS][{json}]"),
        format!("[TOOL_CALLS] [{json}]</s>"),
        r#"[TOOL_CALLS]add_task{"title": "Milk"}"#.to_owned(),
        r#"[TOOL_CALLS]add_task[ARGS]{"title": "Milk"}"#.to_owned(),
        format!("<|python_tag|>{json}"),
        format!("<|tool_call|>[{json}]<|/tool_call|>"),
        r#"{"type": "function", "name": "add_task", "parameters": {"title": "Milk"}}"#.to_owned(),
        r#"{"type": "function", "function": {"name": "functions.add_task", "arguments": "{\"title\":\"Milk\"}"}}"#.to_owned(),
        r#"{"tool": "add_task", "args": {"title": "Milk"}}"#.to_owned(),
        r#"{"tool_calls": [{"id": "x", "name": "add_task", "arguments": {"title": "Milk"}}]}"#.to_owned(),
        r#"<function=add_task>{"title": "Milk"}</function>"#.to_owned(),
        "<tool_call>\n<function=add_task>\n<parameter=title>\nMilk\n</parameter>\n</function>\n</tool_call>".to_owned(),
        "<tool_call>add_task\n<arg_key>title</arg_key>\n<arg_value>Milk</arg_value>\n</tool_call>".to_owned(),
        r#"<|tool_calls_section_begin|><|tool_call_begin|>functions.add_task:0<|tool_call_argument_begin|>{"title":"Milk"}<|tool_call_end|><|tool_calls_section_end|>"#.to_owned(),
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add_task\n```json\n{\"title\":\"Milk\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>".to_owned(),
        r#"<|channel|>commentary to=functions.add_task <|constrain|>json<|message|>{"title":"Milk"}<|call|>"#.to_owned(),
    ] {
        let message = said(&[&form]);
        assert_eq!(calls(&message), [("add_task", MILK)], "{form}");
        assert_eq!(message.text.trim(), "", "{form}");
        if form.starts_with(['<', '[']) && !form.starts_with("[{") {
            let behind = said(&["I add it.\n\n", &form]);
            assert_eq!((behind.text.as_str(), calls(&behind)), ("I add it.\n\n", vec![("add_task", MILK)]), "{form}");
        }
    }
    let two = said(&[
        "<tool_call>{\"name\":\"add_task\",\"arguments\":{\"title\":\"Milk\"}}</tool_call>\n<tool_call>list_tasks</tool_call>",
    ]);
    assert_eq!(calls(&two), [("add_task", MILK), ("list_tasks", "")]);
}

/// AGENT-77: what looks like a call and is not certain to be one is a failure of its own.
#[test]
fn uncertain_calls_as_text_are_a_fault() {
    for text in [
        r#"{"name": "add_task", "arguments": "Milk"}"#,
        r#"{"name": "add_task", "arguments": {"title": "Milk"}"#,
        r#"{"name": "add_task", "arguments": {"title": "Milk"}} Done!"#,
        r#"{"name": "add_task", "description": "Adds", "parameters": {"type": "object"}}"#,
        r#"<tool_call>{"name": "get_weather", "arguments": {}}</tool_call>"#,
        "<tool_call>add the milk</tool_call>",
        r#"[add_task(title="Milk")]"#,
        r#"add_task(title="Milk")"#,
        "I'll call it:\n```json\n{\"name\": \"add_task\", \"arguments\": {\"title\": \"Milk\"}}\n```",
    ] {
        assert!(matches!(fault(&stream(&[json!({ "content": text })], "stop")), ModelError::CallAsText), "{text}");
    }
    for words in [
        r#"{"name": "Ann", "age": 7}"#,
        "[ ] Milk",
        "[Milk](https://example.org) is on it.",
        "[1, 2]",
        "```\nMilk\n```",
        "```json\n{\"a\": 1}\n```",
        "Use `add_task` for {that}.",
        "1 < 2 and <b>",
        "[",
        "```",
    ] {
        let message = said(&[words]);
        assert_eq!((message.text.as_str(), message.calls.len()), (words, 0));
    }
}
