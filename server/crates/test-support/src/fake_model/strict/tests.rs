use serde_json::json;

use super::*;

fn system() -> Value {
    json!({ "role": "system", "content": "s" })
}

fn user() -> Value {
    json!({ "role": "user", "content": "u" })
}

fn answer() -> Value {
    json!({ "role": "assistant", "content": "a" })
}

fn call(id: &str) -> Value {
    json!({ "id": id, "type": "function", "function": { "name": "list_tasks", "arguments": "{}" } })
}

fn calls(ids: &[&str]) -> Value {
    json!({ "role": "assistant", "content": null, "tool_calls": ids.iter().map(|id| call(id)).collect::<Vec<_>>() })
}

fn result(id: &str) -> Value {
    json!({ "role": "tool", "tool_call_id": id, "content": "{}" })
}

fn tool(parameters: &Value) -> Value {
    json!([{ "type": "function", "function": { "name": "list_tasks", "description": "d", "parameters": parameters } }])
}

fn request(messages: &[Value]) -> Value {
    let parameters = json!({ "type": "object", "properties": { "a": { "type": "string" } }, "required": [] });
    json!({ "model": "m", "stream": true, "messages": messages, "tools": tool(&parameters) })
}

fn faults(request: &Value) -> Vec<String> {
    violations(request, &|id| id == "given")
}

#[test]
fn sound_requests_have_no_faults() {
    let (a, b) = ("aaaaaaaaa", "given");
    let messages = [
        vec![system(), user()],
        vec![system(), user(), answer(), user()],
        vec![system(), user(), calls(&[a, b]), result(a), result(b)],
        vec![system(), user(), calls(&[a]), result(a), calls(&[b]), result(b), answer(), user()],
    ];
    for messages in messages {
        assert_eq!(faults(&request(&messages)), Vec::<String>::new(), "{messages:?}");
    }
    let probe = json!({ "model": "m", "messages": [user()], "max_tokens": 1 });
    assert_eq!(faults(&probe), Vec::<String>::new());
}

#[test]
fn each_fault_of_messages_is_found() {
    let (a, b) = ("aaaaaaaaa", "bbbbbbbbb");
    let with = |change: fn(&mut Value)| {
        let mut message = calls(&["aaaaaaaaa"]);
        change(&mut message);
        vec![system(), user(), message, result("aaaaaaaaa")]
    };
    for (messages, fault) in [
        (vec![user()], "system prompt"),
        (vec![system(), system(), user()], "system after system"),
        (vec![system(), answer(), user()], "assistant after system"),
        (vec![system(), user(), user()], "user after user"),
        (vec![system(), user(), answer(), answer(), user()], "assistant after assistant"),
        (vec![system(), user(), calls(&[a]), result(a), user()], "user after tool"),
        (vec![system(), user(), answer(), calls(&[a]), result(a)], "calls after assistant"),
        (vec![system(), user(), answer()], "the last message is assistant"),
        (vec![system(), user(), result(a)], "tool after user"),
        (vec![system(), user(), calls(&[a]), user()], "user after calls"),
        (vec![system(), user(), calls(&[a, b]), result(a)], "have the results"),
        (vec![system(), user(), calls(&[a, b]), result(b), result(a)], "have the results"),
        (vec![system(), user(), calls(&[a]), result(a), result(a)], "have the results"),
        (vec![system(), user(), calls(&[a, a]), result(a), result(a)], "repeated"),
        (vec![system(), user(), calls(&["call_7_1"]), result("call_7_1")], "nine letters"),
        (with(|message| message["content"] = "".into()), "the content is \"\""),
        (with(|message| message["tool_calls"][0]["type"] = Value::Null), "no function"),
        (with(|message| message["tool_calls"][0]["function"]["name"] = "add task".into()), "add task"),
        (with(|message| message["tool_calls"][0]["function"]["arguments"] = json!({})), "no JSON object"),
        (vec![system(), json!({ "role": "user", "content": "u", "name": "n" })], "unknown field \"name\""),
        (vec![system(), json!({ "role": "user", "content": [] })], "the content is []"),
    ] {
        let found = faults(&request(&messages));
        assert!(found.iter().any(|text| text.contains(fault)), "{fault}: {found:?}");
    }
    let mut more = request(&[system(), user()]);
    more["parallel_tool_calls"] = true.into();
    more["stream"] = false.into();
    assert_eq!(faults(&more), ["unknown field \"parallel_tool_calls\"", "the request does not ask for a stream"]);
}

#[test]
fn each_fault_of_a_schema_is_found() {
    let object = |property: Value| json!({ "type": "object", "properties": { "a": property }, "required": [] });
    for (parameters, fault) in [
        (json!({ "type": "object", "required": [] }), "without properties"),
        (json!({ "type": "object", "properties": {} }), "without required"),
        (json!({ "type": "object", "properties": {}, "required": ["a"] }), "no property"),
        (json!({ "type": "object", "properties": {}, "required": [], "additionalProperties": false }), "not plain"),
        (object(json!({ "type": ["string", "null"] })), "the type is"),
        (object(json!({ "type": "string", "enum": ["a", null] })), "the enum is"),
        (object(json!({ "type": "boolean", "const": false })), "\"const\" is not plain"),
        (object(json!({ "type": "integer", "format": "uint64" })), "\"format\" is not plain"),
        (object(json!({ "type": "string", "default": "a" })), "\"default\" is not plain"),
        (object(json!({ "anyOf": [{ "type": "string" }] })), "\"anyOf\" is not plain"),
        (object(json!({ "$ref": "#/$defs/A" })), "\"$ref\" is not plain"),
        (object(json!({ "type": "array" })), "the schema is no object"),
        (object(object(json!({ "type": "null" }))), "list_tasks.a.a"),
    ] {
        let mut request = request(&[system(), user()]);
        request["tools"] = tool(&parameters);
        let found = faults(&request);
        assert!(found.iter().any(|text| text.contains(fault)), "{fault}: {found:?}");
    }
}
