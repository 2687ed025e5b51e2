//! What a server demands of a request, in words: a named rule, or one place in the body.
//!
//! * `no /stream_options`: nothing is at this JSON pointer;
//! * `/stream = true`: this JSON is at it;
//! * `assistant 1 /reasoning_content = "…"`, `no tool 2 /name`: the same in the n-th message of a role;
//! * `nowhere <think>`: the body's text does not contain this;
//! * `header x = y`: a header has this value;
//! * a name of [`RULES`].

use serde_json::Value;

use super::{row::Exchange, server::Request};

type Rule = fn(&Value) -> Vec<String>;

/// The strictness of real servers by name.
const RULES: [(&str, Rule); 8] = [
    ("plain schemas", plain_schemas),
    ("ids of nine letters and digits", short_ids),
    ("roles in order", roles_in_order),
    ("calls answered", calls_answered),
    ("names of tools", names_of_tools),
    ("arguments are objects", object_arguments),
    ("content is text", text_content),
    ("no empty message", no_empty_message),
];

/// What this request lacks.
pub(super) fn faults(exchange: &Exchange, request: &Request) -> Vec<String> {
    let mut faults: Vec<String> = exchange.demands.iter().flat_map(|demand| unmet(demand, request)).collect();
    if exchange.target != request.target {
        faults.push(format!("asks {}, not {}", request.target, exchange.target));
    }
    faults
}

fn unmet(demand: &str, request: &Request) -> Vec<String> {
    if let Some((_, rule)) = RULES.iter().find(|(name, _)| *name == demand) {
        return rule(&request.body);
    }
    let fault = |is: &dyn std::fmt::Display| vec![format!("demanded {demand:?}, is {is}")];
    if let Some(text) = demand.strip_prefix("nowhere ") {
        return if request.body.to_string().contains(text) { fault(&"there") } else { Vec::new() };
    }
    if let Some((name, value)) = demand.strip_prefix("header ").and_then(|header| header.split_once(" = ")) {
        let is = request.headers.get(name).map(String::as_str);
        return if is == Some(value) { Vec::new() } else { fault(&format!("{is:?}")) };
    }
    if let Some(place) = demand.strip_prefix("no ") {
        let is = at(&request.body, place);
        return if is.is_null() { Vec::new() } else { fault(is) };
    }
    let (place, json) = demand.split_once(" = ").unwrap_or_else(|| panic!("no such demand: {demand}"));
    let expected: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{demand}: {error}"));
    let is = at(&request.body, place);
    if *is == expected { Vec::new() } else { fault(is) }
}

/// The value at a JSON pointer, of the body or of the n-th message of a role: `assistant 2 /content`.
fn at<'a>(body: &'a Value, place: &str) -> &'a Value {
    let (message, pointer) = match place.split_once(" /") {
        None => (Some(body), place.to_owned()),
        Some((message, pointer)) => {
            let (role, number) = message.split_once(' ').unwrap_or_else(|| panic!("no place: {place}"));
            let number: usize = number.parse().unwrap_or_else(|_| panic!("no number: {place}"));
            (messages(body).filter(|message| message["role"] == role).nth(number - 1), format!("/{pointer}"))
        }
    };
    message.and_then(|message| message.pointer(&pointer)).unwrap_or(&Value::Null)
}

fn messages(body: &Value) -> impl Iterator<Item = &Value> {
    body["messages"].as_array().into_iter().flatten()
}

fn calls(message: &Value) -> impl Iterator<Item = &Value> {
    message["tool_calls"].as_array().into_iter().flatten()
}

/// Only keywords that every validator knows; one type each; texts in an `enum`; objects with `properties` and `required`.
fn plain_schemas(body: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for tool in body["tools"].as_array().into_iter().flatten() {
        let function = &tool["function"];
        schema_faults(&function["parameters"], function["name"].as_str().unwrap_or_default(), &mut faults);
    }
    faults
}

fn schema_faults(schema: &Value, place: &str, faults: &mut Vec<String>) {
    const KNOWN: [&str; 11] = [
        "type",
        "description",
        "properties",
        "required",
        "enum",
        "items",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "pattern",
    ];
    let Some(keywords) = schema.as_object() else { return faults.push(format!("{place} is no schema")) };
    let unknown = keywords.keys().filter(|keyword| !KNOWN.contains(&keyword.as_str()));
    faults.extend(unknown.map(|keyword| format!("{place} has {keyword}")));
    if !schema["type"].is_string() {
        faults.push(format!("{place} has the type {}", schema["type"]));
    }
    let values = schema["enum"].as_array().into_iter().flatten();
    faults.extend(values.filter(|value| !value.is_string()).map(|value| format!("{place} has {value} in its enum")));
    if schema["type"] == "object" && !(schema["properties"].is_object() && schema["required"].is_array()) {
        faults.push(format!("{place} lacks properties or required"));
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        schema_faults(property, &format!("{place}.{name}"), faults);
    }
    if let Some(items) = keywords.get("items") {
        schema_faults(items, &format!("{place}[]"), faults);
    }
}

fn short_ids(body: &Value) -> Vec<String> {
    let is_short = |id: &str| id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let ids = messages(body).flat_map(calls).map(|call| &call["id"]);
    let all = ids.chain(messages(body).map(|message| &message["tool_call_id"]).filter(|id| !id.is_null()));
    all.filter(|id| !id.as_str().is_some_and(is_short)).map(|id| format!("the call id {id}")).collect()
}

/// System, then the person and the assistant in turns; the results of calls behind their message; a tool's result or the
/// person last.
fn roles_in_order(body: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut before = "";
    for message in messages(body) {
        let role = message["role"].as_str().unwrap_or_default();
        let fits = match role {
            "system" => before.is_empty(),
            "user" => matches!(before, "system" | "assistant"),
            "assistant" => matches!(before, "user" | "tool"),
            "tool" => matches!(before, "calls" | "tool"),
            _ => false,
        };
        if !fits {
            faults.push(format!("{role} after {before}"));
        }
        before = if calls(message).next().is_some() { "calls" } else { role };
    }
    if !matches!(before, "user" | "tool") {
        faults.push(format!("{before} is last"));
    }
    faults
}

fn calls_answered(body: &Value) -> Vec<String> {
    let (mut open, mut faults) = (Vec::<&Value>::new(), Vec::new());
    for message in messages(body) {
        if message["role"] == "tool" {
            match open.iter().position(|id| **id == message["tool_call_id"]) {
                Some(at) => drop(open.remove(at)),
                None => faults.push(format!("a result of no call: {}", message["tool_call_id"])),
            }
        } else {
            faults.extend(open.drain(..).map(|id| format!("the call {id} has no result")));
        }
        open.extend(calls(message).map(|call| &call["id"]));
    }
    faults.extend(open.into_iter().map(|id| format!("the call {id} has no result")));
    faults
}

fn names_of_tools(body: &Value) -> Vec<String> {
    let tools: Vec<&Value> =
        body["tools"].as_array().into_iter().flatten().map(|tool| &tool["function"]["name"]).collect();
    let names = messages(body).flat_map(calls).map(|call| &call["function"]["name"]);
    names.filter(|name| !tools.contains(name)).map(|name| format!("the call of {name}, which is no tool")).collect()
}

fn object_arguments(body: &Value) -> Vec<String> {
    let arguments = messages(body).flat_map(calls).map(|call| &call["function"]["arguments"]);
    let is_object = |text: &Value| {
        text.as_str().is_some_and(|text| serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object()))
    };
    arguments.filter(|text| !is_object(text)).map(|text| format!("the arguments {text}")).collect()
}

fn text_content(body: &Value) -> Vec<String> {
    let other = messages(body).filter(|message| !message["content"].is_string());
    other.map(|message| format!("{} has the content {}", message["role"], message["content"])).collect()
}

fn no_empty_message(body: &Value) -> Vec<String> {
    let is_empty = |message: &&Value| message["content"].as_str().unwrap_or_default().trim().is_empty();
    let empty = messages(body).filter(is_empty).filter(|message| calls(message).next().is_none());
    empty.map(|message| format!("an empty message of {}", message["role"])).collect()
}
