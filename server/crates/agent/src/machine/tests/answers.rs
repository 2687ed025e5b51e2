//! What a model's message is repaired to, and what a turn ends with where the model says nothing.

use super::*;

fn all_tools() -> Event {
    Event::Started { tools: ToolName::ALL.iter().map(|tool| tool.as_str().to_owned()).collect() }
}

fn begun() -> Machine {
    let mut machine = Machine::new(input(vec![user("x")]), Limits::default());
    machine.handle(all_tools());
    machine
}

fn recorded(effects: &[Effect]) -> Vec<ToolCall> {
    let calls = effects.iter().find_map(|effect| match effect {
        Effect::Emit(Step::Answer { calls, .. }) => Some(calls.clone()),
        _ => None,
    });
    calls.expect("a message")
}

/// AGENT-81, AGENT-81a, AGENT-82, AGENT-82a: calls are repaired before they are kept; what is not certain is refused
/// under a name that every server takes.
#[test]
fn calls_are_repaired() {
    let calls =
        vec![raw("a", "functions.addTask", "\"{\\\"title\\\":\\\"Milk\\\"}\""), raw("b", "", "{'title': 'Ann's'}")];
    let effects = begun().handle(message("", calls));
    assert_eq!(names(&effects), ["answer", "started", "run"]);
    let kept = recorded(&effects);
    assert_eq!((kept[0].tool.as_str(), &kept[0].arguments), ("add_task", &json!({ "title": "Milk" })));
    assert_eq!((kept[1].tool.as_str(), &kept[1].arguments), ("unknown_tool", &json!("{'title': 'Ann's'}")));
}

/// AGENT-82b: three deletions are asked about, however they are written.
#[test]
fn repaired_calls_are_confirmed() {
    let calls = vec![
        raw("a", "deleteTask", "{\"task_id\": 1}"),
        raw("b", "functions.delete_task", "```json\n{\"task_id\": 2}\n```"),
        raw("c", "delete_task", "\"{\\\"task_id\\\": 3}\""),
    ];
    let mut machine = begun();
    let effects = machine.handle(message("", calls));
    assert_eq!(names(&effects), ["answer", "started", "run"]);
    assert_eq!(recorded(&effects)[0].tool, "list_tasks");
    let effects = machine.handle(Event::ToolAnswered { result: listed(), is_error: false });
    assert_eq!(names(&effects), ["finished", "delta", "answer", "confirm", "done"]);
}

/// AGENT-83, AGENT-83a: our ids are nine letters and digits, the same in each run; the model's are kept where they can
/// be.
#[test]
fn ids_of_calls() {
    let long = "x".repeat(257);
    let calls = || ["", "a", "a", &long, "call_1"].map(|id| raw(id, "list_tasks", "{}")).to_vec();
    let ids =
        || -> Vec<String> { recorded(&begun().handle(message("", calls()))).into_iter().map(|call| call.id).collect() };
    let first = ids();
    assert_eq!(first, ids());
    assert_eq!((first[1].as_str(), first[4].as_str()), ("a", "call_1"));
    for own in [&first[0], &first[2], &first[3]] {
        assert!(own.len() == 9 && own.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{own}");
    }
    assert_eq!(first.iter().collect::<HashSet<_>>().len(), 5);

    let used = ToolCall { id: first[0].clone(), ..recorded(&begun().handle(message("", calls())))[1].clone() };
    let mut later = Machine::new(input(vec![user("x"), assistant("", vec![used]), user("y")]), Limits::default());
    later.handle(all_tools());
    let again = recorded(&later.handle(message("", calls())));
    assert!(again.iter().all(|call| call.id != first[0]), "{again:?}");
}

/// A turn with these results, whose model then says nothing.
fn ended_without_words(results: &[(&str, Value, bool)]) -> Vec<Effect> {
    let mut machine = begun();
    let calls = results.iter().map(|(tool, ..)| raw("", tool, "{\"task_id\": 1, \"title\": \"Milk\"}")).collect();
    machine.handle(message("", calls));
    for (_, result, is_error) in results {
        machine.handle(Event::ToolAnswered { result: result.clone(), is_error: *is_error });
    }
    let meta = MessageMeta {
        reasoning: Some(saydo_contract::Reasoning { seconds: 3, ..Default::default() }),
        ..MessageMeta::default()
    };
    machine.handle(Event::Answered(ModelMessage { text: " \n".to_owned(), meta, ..ModelMessage::default() }))
}

/// AGENT-84, AGENT-84a: no words after a call that worked are an answer; after none that worked, a failure.
#[test]
fn no_words_after_a_call() {
    let change = json!({ "task_id": 1, "title": "Milk", "verb": "created", "before": null, "after": null });
    let changed = || ("add_task", json!({ "changes": [change] }), false);
    let refused = || ("add_task", json!("no"), true);
    for (results, text, receipts_only) in [
        (vec![changed()], "Done.", true),
        (vec![changed(), refused()], "Done, but not all of it worked.", false),
        (vec![("update_task", json!({ "changes": [] }), false)], "Done.", false),
        (
            vec![("list_tasks", json!({ "tasks": [], "total": 0, "next_cursor": null }), false)],
            "I found no tasks.",
            false,
        ),
        (vec![("list_tasks", listed(), false), changed()], "Done.", true),
    ] {
        let effects = ended_without_words(&results);
        assert_eq!(names(&effects), ["delta", "answer", "done"], "{results:?}");
        let Some(Effect::Emit(Step::Answer { text: kept, meta, .. })) = effects.get(1) else { panic!() };
        assert_eq!((kept.as_str(), meta.receipts_only), (text, receipts_only), "{results:?}");
        assert_eq!(meta.reasoning.as_ref().map(|reasoning| reasoning.seconds), Some(3));
    }
    let found = ended_without_words(&[("list_tasks", listed(), false)]);
    let Some(Effect::Emit(Step::Answer { text, meta, .. })) = found.get(1) else { panic!() };
    assert!(text.starts_with("I found 6 tasks:") && text.contains("#6 Task 6"), "{text}");
    assert_eq!(meta.listed.len(), 6);
    assert_eq!(names(&ended_without_words(&[refused()])), ["failed"]);
}
