//! What must hold in every request to a model.

use std::collections::HashSet;

use serde_json::Value;

/// The faults of one request's messages; empty where there are none.
pub(super) fn violations(request: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let none = Vec::new();
    let messages = request["messages"].as_array().unwrap_or(&none);
    if messages.first().is_none_or(|first| first["role"] != "system") {
        faults.push("the first message is not the system prompt".to_owned());
    }
    if !messages.last().is_some_and(|last| last["role"] == "user" || last["role"] == "tool") {
        faults.push("the last message is neither the person's nor a tool's".to_owned());
    }
    if request["stream"] != true {
        faults.push("the request does not ask for a stream".to_owned());
    }

    let mut open = HashSet::new();
    let mut seen = HashSet::new();
    for (at, message) in messages.iter().enumerate() {
        let role = message["role"].as_str().unwrap_or_default();
        if role == "tool" {
            let id = message["tool_call_id"].as_str().unwrap_or_default();
            if !open.remove(id) {
                faults.push(format!("message {at}: a result for {id:?}, which is no open call"));
            }
            if message["content"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("message {at}: a result without content"));
            }
            continue;
        }
        for id in open.drain() {
            faults.push(format!("message {at}: call {id:?} has no result"));
        }
        for call in message["tool_calls"].as_array().unwrap_or(&none) {
            let id = call["id"].as_str().unwrap_or_default();
            if id.is_empty() || !seen.insert(id) {
                faults.push(format!("message {at}: call id {id:?} is empty or repeated"));
            }
            open.insert(id);
            let arguments = call["function"]["arguments"].as_str().unwrap_or_default();
            if !serde_json::from_str::<Value>(arguments).is_ok_and(|arguments| arguments.is_object()) {
                faults.push(format!("message {at}: arguments of {id:?} are no JSON object"));
            }
        }
        if role == "assistant" && message["tool_calls"].is_null() && message["content"].as_str().is_none() {
            faults.push(format!("message {at}: neither content nor calls"));
        }
    }
    for id in open {
        faults.push(format!("at the end: call {id:?} has no result"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(messages: Value) -> Value {
        json!({ "stream": true, "messages": messages })
    }

    fn call(id: &str) -> Value {
        json!({ "id": id, "type": "function", "function": { "name": "list_tasks", "arguments": "{}" } })
    }

    #[test]
    fn sound_requests_have_no_violations() {
        let messages = json!([
            { "role": "system", "content": "s" },
            { "role": "user", "content": "u" },
            { "role": "assistant", "content": null, "tool_calls": [call("a"), call("b")] },
            { "role": "tool", "tool_call_id": "b", "content": "{}" },
            { "role": "tool", "tool_call_id": "a", "content": "{}" },
        ]);
        assert_eq!(violations(&request(messages)), Vec::<String>::new());
    }

    #[test]
    fn unpaired_calls_and_results_are_found() {
        let user = json!({ "role": "user", "content": "u" });
        let system = json!({ "role": "system", "content": "s" });
        let result = |id: &str| json!({ "role": "tool", "tool_call_id": id, "content": "{}" });
        let calls = |ids: &[&str]| {
            let calls: Vec<Value> = ids.iter().map(|id| call(id)).collect();
            json!({ "role": "assistant", "content": null, "tool_calls": calls })
        };
        for (messages, fault) in [
            (json!([system, calls(&["a"]), user]), "has no result"),
            (json!([system, calls(&["a", "b"]), result("a")]), "has no result"),
            (json!([system, user, result("a")]), "no open call"),
            (json!([system, calls(&["a"]), result("a"), result("a")]), "no open call"),
            (json!([system, calls(&["a", "a"]), result("a")]), "repeated"),
            (json!([user]), "system prompt"),
        ] {
            let found = violations(&request(messages));
            assert!(found.iter().any(|text| text.contains(fault)), "{fault}: {found:?}");
        }
    }
}
