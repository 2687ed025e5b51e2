//! What a server demands of a request, in words: a named rule, or one place in the body.
//!
//! * `no /stream_options`: nothing is at this JSON pointer;
//! * `/stream = true`: this JSON is at it;
//! * `assistant 1 /reasoning_content = "…"`, `no tool 2 /name`: the same in the n-th message of a role;
//! * `nowhere <think>`: the body's text does not contain this;
//! * `header x = y`: a header has this value;
//! * a name of [`RULES`], or of [`ALWAYS`], which says what of the usual strictness this server is known for.

use saydo_test_support::fake_model::violations;
use serde_json::Value;

use super::{row::Exchange, server::Request};

type Rule = fn(&Value) -> Vec<String>;

/// What [`violations`] checks of every request, whatever the row demands.
const ALWAYS: [&str; 6] = [
    "plain schemas",
    "roles in order",
    "calls answered",
    "names of tools",
    "arguments are objects",
    "no empty message",
];
/// What single servers demand beyond that.
const RULES: [(&str, Rule); 2] = [("ids of nine letters and digits", short_ids), ("content is text", text_content)];

/// What this request lacks.
///
/// Each request has to please the strictest server of all. Ids may have any form in which this one gave them.
pub(super) fn faults(exchange: &Exchange, request: &Request, is_given: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut faults: Vec<String> = exchange.demands.iter().flat_map(|demand| unmet(demand, request)).collect();
    faults.extend(violations(&usual(exchange, &request.body), is_given));
    if exchange.target != request.target {
        faults.push(format!("asks {}, not {}", request.target, exchange.target));
    }
    faults
}

/// The request in the form that most servers take, where this one demands another.
fn usual(exchange: &Exchange, body: &Value) -> Value {
    let demands = |name: &str| exchange.demands.iter().any(|demand| demand == name);
    let mut body = body.clone();
    if demands("no /stream") {
        body["stream"] = true.into();
    }
    if demands("content is text") {
        let messages = body["messages"].as_array_mut().into_iter().flatten();
        messages.filter(|message| message["content"] == "").for_each(|message| message["content"] = Value::Null);
    }
    body
}

fn unmet(demand: &str, request: &Request) -> Vec<String> {
    if ALWAYS.contains(&demand) {
        return Vec::new();
    }
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

fn short_ids(body: &Value) -> Vec<String> {
    let is_short = |id: &str| id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let ids = messages(body).flat_map(calls).map(|call| &call["id"]);
    let all = ids.chain(messages(body).map(|message| &message["tool_call_id"]).filter(|id| !id.is_null()));
    all.filter(|id| !id.as_str().is_some_and(is_short)).map(|id| format!("the call id {id}")).collect()
}

fn text_content(body: &Value) -> Vec<String> {
    let other = messages(body).filter(|message| !message["content"].is_string());
    other.map(|message| format!("{} has the content {}", message["role"], message["content"])).collect()
}
