//! What of a conversation goes into a request.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use saydo_contract::{MessageMeta, TurnId};
use serde_json::Map;

use super::*;
use crate::CallOutcome;

const SYSTEM: &str = "You are a test.";

fn user(text: &str) -> HistoryItem {
    HistoryItem::User { turn: TurnId::try_from(7).unwrap(), text: text.to_owned() }
}

fn call(id: &str, result: Value) -> ToolCall {
    ToolCall {
        id: id.to_owned(),
        tool: "list_tasks".to_owned(),
        arguments: json!({}),
        outcome: Some(CallOutcome { result, is_error: false }),
        extra: Map::new(),
    }
}

fn assistant(text: &str, calls: Vec<ToolCall>) -> HistoryItem {
    HistoryItem::Assistant { text: text.to_owned(), calls, meta: MessageMeta::default() }
}

fn limits(context_tokens: usize) -> Limits {
    Limits { context_tokens, ..Limits::default() }
}

fn tokens(window: &Window, limits: &Limits) -> usize {
    text_tokens(SYSTEM) + window.items.iter().map(|item| item_tokens(item, limits, window.result_chars)).sum::<usize>()
}

/// AGENT-13: the newest items are kept, whole turns from their question on.
#[test]
fn the_newest_turns_are_kept() {
    let mut items = Vec::new();
    for n in 0..100 {
        items.push(user(&format!("question {n}")));
        items.push(assistant(&format!("answer {n}"), vec![]));
    }
    items.push(user("now"));
    let limits = limits(200);
    let window = window(&items, &limits, SYSTEM);
    assert!(tokens(&window, &limits) <= 200);
    assert!(tokens(&window, &limits) > 150, "as much as fits");
    assert!(items.ends_with(&window.items));
    assert!(matches!(&window.items[0], HistoryItem::User { .. }));
}

/// AGENT-13: a long turn keeps its question and its newest steps, each call with its result.
#[test]
fn a_long_turn_keeps_its_question() {
    let mut items = vec![user("old"), assistant("old", vec![]), user("now")];
    items.extend((0..50).map(|n| assistant("", vec![call(&n.to_string(), json!("x".repeat(200)))])));
    let limits = limits(500);
    let window = window(&items, &limits, SYSTEM);
    assert_eq!(window.items[0], user("now"));
    assert_eq!(window.items.last(), items.last());
    assert!(tokens(&window, &limits) <= 500);
}

/// AGENT-13: what is too long is cut and marked.
#[test]
fn cuts_are_marked() {
    assert_eq!(cut("äöü", 3), "äöü");
    assert_eq!(cut("äöüß", 3), "äö…");
    let limits = Limits { item_chars: 10, result_chars: 20, ..Limits::default() };
    let long = "x".repeat(100);
    let mut long_arguments = call("a", json!(long));
    long_arguments.arguments = json!({ "title": long });
    let window = window(&[user(&long), assistant(&long, vec![long_arguments])], &limits, SYSTEM);
    assert_eq!(window.items[0], user("xxxxxxxxx…"));
    let HistoryItem::Assistant { text, calls, .. } = &window.items[1] else { panic!() };
    assert_eq!(text, "xxxxxxxxx…");
    assert_eq!(arguments_text(&calls[0]), r#"{"left_out":"…"}"#);
    assert_eq!(result_text(&calls[0], window.result_chars).chars().count(), 20);
}

/// AGENT-13: where the newest item alone is too large, its results are cut shorter.
#[test]
fn one_huge_step_is_squeezed() {
    let calls = (0..60).map(|n| call(&n.to_string(), json!("x".repeat(16_000)))).collect();
    let items = [user("now"), assistant("", calls)];
    let limits = Limits::default();
    let window = window(&items, &limits, SYSTEM);
    assert_eq!(window.items.len(), 2);
    assert!(tokens(&window, &limits) <= limits.context_tokens);
}

/// AGENT-05, TOOL-08: the model is told what changed once: as the task, or as no changes at all.
#[test]
fn results_are_told_briefly() {
    let told = |result: Value| -> Value { serde_json::from_str(&result_text(&call("a", result), 1_000)).unwrap() };
    assert_eq!(told(json!({ "task_id": 1, "changes": [{}] })), json!({ "task_id": 1 }));
    assert_eq!(told(json!({ "task_id": 1, "changes": [] })), json!({ "task_id": 1, "changes": [] }));
    let task =
        json!({ "id": 1, "due": null, "created_at": "2026-11-20T08:00:00Z", "updated_at": "2026-11-20T08:00:00Z" });
    assert_eq!(told(json!({ "tasks": [task], "next_cursor": null })), json!({ "tasks": [{ "id": 1 }] }));
    assert_eq!(told(json!({ "tasks": [] })), json!({ "tasks": [] }));
    let mut failed = call("a", json!("no such task"));
    failed.outcome.as_mut().unwrap().is_error = true;
    assert_eq!(result_text(&failed, 1_000), r#"{"error":"no such task"}"#);
}

fn any_item() -> impl Strategy<Value = HistoryItem> {
    let any_call = (".{0,400}", any::<bool>()).prop_map(|(result, is_error)| ToolCall {
        outcome: Some(CallOutcome { result: result.into(), is_error }),
        ..call("id", Value::Null)
    });
    prop_oneof![
        ".{0,200}".prop_map(|text| user(&text)),
        (".{0,200}", proptest::collection::vec(any_call, 0..4)).prop_map(|(text, calls)| assistant(&text, calls)),
    ]
}

proptest! {
    /// AGENT-13: within the limit wherever question and newest item allow it; both are always in.
    #[test]
    fn a_window_fits(items in proptest::collection::vec(any_item(), 1..30), context_tokens in 0_usize..3_000) {
        let limits = limits(context_tokens);
        let window = window(&items, &limits, SYSTEM);
        let question = items.iter().rfind(|item| matches!(item, HistoryItem::User { .. }));
        prop_assert!(question.is_none_or(|question| window.items.contains(question)));
        prop_assert_eq!(window.items.last(), items.last());
        let least = text_tokens(SYSTEM)
            + question.map_or(0, |item| item_tokens(item, &limits, LEAST_RESULT_CHARS))
            + items.last().map_or(0, |item| item_tokens(item, &limits, LEAST_RESULT_CHARS));
        prop_assert!(tokens(&window, &limits) <= context_tokens.max(least));
    }
}
