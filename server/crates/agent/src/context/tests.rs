//! What of a conversation goes into a request.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use serde_json::Map;

use super::*;
use crate::CallOutcome;

fn call(id: &str, result: Value) -> ToolCall {
    ToolCall {
        id: id.to_owned(),
        tool: "list_tasks".to_owned(),
        arguments: json!({}),
        outcome: Some(CallOutcome { result, is_error: false }),
        extra: Map::new(),
    }
}

fn user(tokens: usize) -> Cost {
    Cost { is_user: true, tokens }
}

fn step(tokens: usize) -> Cost {
    Cost { is_user: false, tokens }
}

fn total(items: &[Cost], kept: &[usize]) -> usize {
    kept.iter().map(|at| items[*at].tokens).sum()
}

/// AGENT-13, AGENT-92: whole turns are left out from the beginning, at once so many that half is free for later ones.
#[test]
fn a_cut_leaves_room_for_many_turns() {
    let mut items = Vec::new();
    let mut beginnings = Vec::new();
    for _ in 0..200 {
        items.extend([user(5), step(5)]);
        let kept = window(&items, 200);
        assert!(total(&items, &kept) <= 200);
        assert!(items.len() < 20 || total(&items, &kept) >= 90, "as much as half is kept");
        assert!(items[kept[0]].is_user);
        assert!(kept.iter().copied().eq(kept[0]..items.len()), "nothing between is left out");
        beginnings.push(kept[0]);
    }
    beginnings.dedup();
    assert!(beginnings.len() <= 200 / 9, "{beginnings:?}");
}

/// AGENT-13: a long turn keeps its question and its newest steps.
#[test]
fn a_long_turn_keeps_its_question() {
    let mut items = vec![user(10), step(10), user(10)];
    for _ in 0..50 {
        items.push(step(60));
        let kept = window(&items, 500);
        assert!(kept.contains(&2), "{kept:?}");
        assert_eq!(kept.last(), Some(&(items.len() - 1)));
        assert!(total(&items, &kept) <= 500);
    }
    assert_eq!(window(&items, 500)[0], 2);
}

/// AGENT-13: what is too long is cut and marked.
#[test]
fn cuts_are_marked() {
    assert_eq!(cut("äöü", 3), "äöü");
    assert_eq!(cut("äöüß", 3), "äö…");
    let mut long = call("a", json!("x".repeat(100)));
    assert_eq!(result_text(&long, 20).chars().count(), 20);
    long.arguments = json!({ "title": "x".repeat(100) });
    assert_eq!(arguments_text(&long, 20), r#"{"left_out":"…"}"#);
    long.arguments = json!("no object");
    assert_eq!(arguments_text(&long, 100), r#"{"unreadable":"no object"}"#);
}

/// AGENT-05, TOOL-08: the model reads what changed once: as the task, or as no changes at all.
#[test]
fn results_are_brief() {
    let for_model_text =
        |result: Value| -> Value { serde_json::from_str(&result_text(&call("a", result), 1_000)).unwrap() };
    assert_eq!(for_model_text(json!({ "task_id": 1, "changes": [{}] })), json!({ "task_id": 1 }));
    assert_eq!(for_model_text(json!({ "task_id": 1, "changes": [] })), json!({ "task_id": 1, "changes": [] }));
    let task =
        json!({ "id": 1, "due": null, "created_at": "2026-11-20T08:00:00Z", "updated_at": "2026-11-20T08:00:00Z" });
    assert_eq!(for_model_text(json!({ "tasks": [task], "next_cursor": null })), json!({ "tasks": [{ "id": 1 }] }));
    assert_eq!(for_model_text(json!({ "tasks": [] })), json!({ "tasks": [] }));
    let mut failed = call("a", json!("no such task"));
    failed.outcome.as_mut().unwrap().is_error = true;
    assert_eq!(result_text(&failed, 1_000), r#"{"error":"no such task"}"#);
}

fn any_items() -> impl Strategy<Value = Vec<Cost>> {
    proptest::collection::vec(
        (any::<bool>(), 0_usize..300).prop_map(|(is_user, tokens)| Cost { is_user, tokens }),
        1..60,
    )
}

proptest! {
    /// AGENT-13, AGENT-92: within the budget wherever question and newest item allow it; both are always in, and what is
    /// left out stays left out.
    #[test]
    fn a_window_fits(items in any_items(), budget in 0_usize..3_000) {
        let mut before: Vec<usize> = Vec::new();
        for end in 1..=items.len() {
            let items = &items[..end];
            let kept = window(items, budget);
            let question = items.iter().rposition(|item| item.is_user);
            let newest = end - 1;
            prop_assert!(question.is_none_or(|question| kept.contains(&question)));
            prop_assert_eq!(kept.last(), Some(&newest));
            let least = items[newest].tokens + question.filter(|at| *at != newest).map_or(0, |at| items[at].tokens);
            prop_assert!(total(items, &kept) <= budget.max(least));
            prop_assert!(kept.iter().all(|at| *at == newest || before.contains(at)));
            before = kept;
        }
    }
}
