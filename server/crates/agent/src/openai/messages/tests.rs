//! The messages of a request, after anything that can happen in a conversation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "tests/random.rs"]
mod random;

use chrono::{DateTime, TimeDelta, TimeZone};
use saydo_contract::{CutReason, Reasoning, TurnId, UndoKind};
use saydo_interpreter::zone_locale;

use super::*;
use crate::CallOutcome;

fn now() -> LocalNow {
    let moment = chrono_tz::Europe::Berlin.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap();
    LocalNow { moment, locale: zone_locale(moment.timezone()) }
}

fn user(turn: i64, text: &str) -> HistoryItem {
    let said_at = now().moment.to_utc() + TimeDelta::minutes(turn);
    HistoryItem::User { turn: TurnId::try_from(turn).unwrap(), text: text.to_owned(), said_at }
}

fn answer(text: &str, calls: Vec<ToolCall>) -> HistoryItem {
    HistoryItem::Assistant { text: text.to_owned(), calls, meta: MessageMeta::default() }
}

fn thought(text: &str, calls: Vec<ToolCall>, field: &str) -> HistoryItem {
    let fields = Map::from_iter([(field.to_owned(), "Hm.".into())]);
    let meta = MessageMeta { reasoning: Some(Reasoning { seconds: 3, fields }), ..MessageMeta::default() };
    HistoryItem::Assistant { text: text.to_owned(), calls, meta }
}

fn call(id: &str, outcome: Option<Value>) -> ToolCall {
    ToolCall {
        id: id.to_owned(),
        tool: "add_task".to_owned(),
        arguments: json!({ "title": "Milk" }),
        outcome: outcome.map(|result| CallOutcome { result, is_error: false }),
        extra: Map::new(),
    }
}

fn done(id: &str) -> ToolCall {
    call(id, Some(json!({ "task_id": 1 })))
}

fn request(items: &[HistoryItem]) -> ModelRequest {
    let said_at = items.iter().rev().find_map(|item| match item {
        HistoryItem::User { said_at, .. } => Some(*said_at),
        HistoryItem::Assistant { .. } => None,
    });
    let said_at = said_at.unwrap_or(DateTime::UNIX_EPOCH);
    ModelRequest { items: items.to_vec(), now: now(), said_at, reply_delay: None }
}

fn sent(items: &[HistoryItem]) -> Vec<Value> {
    in_dialect(items, Dialect::default())
}

fn in_dialect(items: &[HistoryItem], dialect: Dialect) -> Vec<Value> {
    messages(&request(items), &Limits::default(), dialect)
}

fn roles(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["role"].as_str().unwrap()).collect()
}

/// AGENT-85, AGENT-86: whatever a turn ended with, the next one follows an assistant's message.
#[test]
fn open_turns_are_closed() {
    let cases = [
        vec![],
        vec![answer("", vec![])],
        vec![answer(" \n", vec![])],
        vec![answer("", vec![done("a")])],
        vec![answer("", vec![call("a", None)])],
        vec![answer("One", vec![]), answer("Two", vec![])],
    ];
    for before in cases {
        let mut items = vec![user(1, "milk")];
        items.extend(before.clone());
        items.push(user(2, "bread"));
        let messages = sent(&items);
        let [.., assistant, person] = &messages[..] else { panic!() };
        assert_eq!((&assistant["role"], &person["role"]), (&json!("assistant"), &json!("user")), "{before:?}");
        let closing = if before.len() == 2 { "One\n\nTwo" } else { UNANSWERED };
        assert_eq!(assistant["content"], closing, "{before:?}");
        assert_eq!(roles(&messages)[..2], ["system", "user"]);
    }
    assert_eq!(roles(&sent(&[answer("Hello", vec![]), user(1, "milk")])), ["system", "user"], "its question is gone");
}

/// AGENT-87: a server's ids come back as they were; ours, and repeated or empty ones, get nine letters and digits.
#[test]
fn ids_fit_every_server() {
    let items = [
        user(1, "/add milk"),
        answer("", vec![done("call_7_1"), done("call_7_2")]),
        answer("Added.", vec![]),
        user(2, "more"),
        answer("", vec![done("functions.add_task:0"), done("call_AbC123"), done(""), done("abcDEF123")]),
        answer("", vec![done("call_AbC123")]),
    ];
    let ids = |messages: &[Value]| -> Vec<String> {
        let results = messages.iter().filter(|message| message["role"] == "tool");
        results.map(|result| result["tool_call_id"].as_str().unwrap().to_owned()).collect()
    };
    let all = ids(&sent(&items));
    assert_eq!([&all[2], &all[3], &all[5]], ["functions.add_task:0", "call_AbC123", "abcDEF123"]);
    for at in [0, 1, 4, 6] {
        assert!(is_nine(&all[at]), "{all:?}");
    }
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 7, "{all:?}");
    assert_eq!(ids(&sent(&items[..3]))[..], all[..2], "they stay the same");

    let strict = ids(&in_dialect(&items, Dialect { own_ids: false, ..Dialect::default() }));
    assert!(strict.iter().all(|id| is_nine(id)), "{strict:?}");
    assert_eq!(strict[5], "abcDEF123");
}

/// AGENT-88: names and arguments that a server would refuse are sent in a form that it takes.
#[test]
fn names_and_arguments_fit_every_server() {
    for (name, sent_name) in [
        ("add_task", "add_task"),
        ("functions.add task", "functions_add_task"),
        ("", "unknown"),
        (&"ü".repeat(100), &"_".repeat(64)),
    ] {
        let odd = ToolCall { tool: name.to_owned(), arguments: json!("{\"a\""), ..done("a") };
        let messages = sent(&[user(1, "x"), answer("", vec![odd])]);
        let function = &messages[2]["tool_calls"][0]["function"];
        assert_eq!(function["name"], sent_name);
        assert_eq!(function["arguments"], r#"{"unreadable":"{\"a\""}"#);
        assert_eq!(messages[2]["content"], Value::Null);
    }
}

/// AGENT-89: reasoning goes back with every message of a turn that called tools, then and later, and with no other.
#[test]
fn reasoning_goes_back_with_calls() {
    let mut items = vec![
        user(1, "hi"),
        thought("Hello.", vec![], "reasoning_details"),
        user(2, "milk"),
        thought("", vec![done("abcDEF123")], "reasoning_details"),
        thought("Added.", vec![], "reasoning_details"),
        user(3, "thanks"),
    ];
    let messages = sent(&items);
    assert_eq!(messages[2], json!({ "role": "assistant", "content": "Hello." }));
    assert_eq!(messages[4]["reasoning_details"], "Hm.");
    assert_eq!(messages[6], json!({ "role": "assistant", "content": "Added.", "reasoning_details": "Hm." }));
    assert!(!Value::from(messages).to_string().contains("seconds"));

    items.truncate(4);
    assert_eq!(sent(&items)[4]["reasoning_details"], "Hm.", "within the turn too");
    let without = in_dialect(&items, Dialect { server_fields: false, ..Dialect::default() });
    assert!(without.iter().all(|message| message.get("reasoning_details").is_none()));
}

/// AGENT-89a: once a server has sent `reasoning_content`, the agent's own calls carry one that says nothing.
#[test]
fn own_calls_get_reasoning_where_a_server_wants_it() {
    let own = [user(1, "/add milk"), answer("", vec![done("call_1_1")]), answer("Added.", vec![])];
    let asked = [user(2, "bread"), thought("", vec![done("abcDEF123")], REASONING), answer("Added.", vec![])];
    let items = [&own[..], &asked, &own, &[user(4, "x")]].concat();
    let of = |dialect| -> Vec<Value> {
        let assistants = in_dialect(&items, dialect).into_iter().filter(|message| message["role"] == "assistant");
        assistants.map(|message| message[REASONING].clone()).collect()
    };
    let (none, space) = (Value::Null, json!(" "));
    assert_eq!(of(Dialect::default()), [none.clone(), none, json!("Hm."), space.clone(), space.clone(), space.clone()]);
    let filled = of(Dialect { fill_reasoning: true, ..Dialect::default() });
    assert_eq!(filled, [space.clone(), space.clone(), json!("Hm."), space.clone(), space.clone(), space.clone()]);
    let foreign = of(Dialect { fill_reasoning: true, server_fields: false, ..Dialect::default() });
    assert_eq!(foreign, vec![space; 6], "a server that also refuses another's fields");
}

/// AGENT-94: what a server refuses can be left out, each on its own.
#[test]
fn features_can_be_left_out() {
    let mut extra = done("abcDEF123");
    extra.extra.insert("extra_content".to_owned(), json!({ "signature": "s" }));
    let items = [user(1, "milk"), answer("", vec![extra])];
    let body = |dialect| super::super::request::body("m", &request(&items), &Limits::default(), &[], dialect);
    let whole = body(Dialect::default());
    assert_eq!(whole["stream_options"], json!({ "include_usage": true }));
    assert_eq!(whole["messages"][2]["content"], Value::Null);
    assert_eq!(whole["messages"][2]["tool_calls"][0]["extra_content"], json!({ "signature": "s" }));

    let mut less = body(Dialect { stream_options: false, ..Dialect::default() });
    less["stream_options"] = whole["stream_options"].clone();
    assert_eq!(less, whole);
    let mut less = body(Dialect { null_content: false, ..Dialect::default() });
    assert_eq!(less["messages"][2]["content"].take(), "");
    assert_eq!(less, whole);
    let mut less = body(Dialect { server_fields: false, ..Dialect::default() });
    less["messages"][2]["tool_calls"][0]["extra_content"] = json!({ "signature": "s" });
    assert_eq!(less, whole);
}

/// AGENT-13: where the newest message alone is too large, its results are cut shorter.
#[test]
fn one_huge_step_is_squeezed() {
    let calls = (0..60).map(|n| call(&n.to_string(), Some(json!("x".repeat(16_000))))).collect();
    let messages = sent(&[user(1, "now"), answer("", calls)]);
    assert_eq!(messages.len(), 63);
    let tokens: usize = messages.iter().map(|message| text_tokens(&message.to_string())).sum();
    assert!(tokens <= Limits::default().context_tokens, "{tokens}");
}
