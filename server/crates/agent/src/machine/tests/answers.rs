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
