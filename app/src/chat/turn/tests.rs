#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::words::ENGLISH;

mod data;

const TASK: &str = r#"{"id":3,"title":"Buy milk","description":null,"completed":false,"due":null,"priority":"none",
    "created_at":"2026-11-20T08:00:00Z","updated_at":"2026-11-20T08:00:00Z","completed_at":null}"#;

fn change() -> String {
    format!(r#"{{"task_id":3,"title":"Buy milk","verb":"created","before":null,"after":{TASK}}}"#)
}

/// A turn of two tools and an answer, as the server tells it.
fn events() -> Vec<(EventId, Event)> {
    let outcome =
        format!(r#"{{"task_id":3,"status":"created","title":"Buy milk","task":{TASK},"changes":[{}]}}"#, change());
    let told = [
        ("turn.started", r#"{"conversation_id":5,"turn_id":7,"message_id":11}"#.to_owned()),
        ("message.delta", r#"{"text":"Let me "}"#.to_owned()),
        ("message.delta", r#"{"text":"look"}"#.to_owned()),
        ("message.completed", r#"{"message_id":12,"text":"Let me look."}"#.to_owned()),
        ("tool.started", r#"{"call_id":"a","tool":"list_tasks","arguments":{"query":"milk"}}"#.to_owned()),
        (
            "tool.finished",
            r#"{"call_id":"a","tool":"list_tasks","result":{"tasks":[],"total":3,"next_cursor":null},"is_error":false,"changes":[]}"#
                .to_owned(),
        ),
        ("tool.started", r#"{"call_id":"b","tool":"add_task","arguments":{"title":"Buy milk"}}"#.to_owned()),
        (
            "tool.finished",
            format!(
                r#"{{"call_id":"b","tool":"add_task","result":{outcome},"is_error":false,"changes":[{}]}}"#,
                change()
            ),
        ),
        ("message.delta", r#"{"text":"Added **Buy milk**"}"#.to_owned()),
        ("message.completed", r#"{"message_id":13,"text":"Added **Buy milk**."}"#.to_owned()),
        (
            "turn.completed",
            r#"{"conversation_id":5,"response":"Added **Buy milk**.","tool_calls":[]}"#.to_owned(),
        ),
    ];
    let turn = "7".parse().unwrap();
    let numbered = told.iter().zip(1..);
    numbered.map(|((name, data), seq)| (EventId { turn, seq }, Event::read(name, data).unwrap())).collect()
}

fn played() -> Turn {
    let mut turn = Turn::sent("Add milk".into());
    for (id, event) in events() {
        turn.apply(Some(id), event);
    }
    turn
}

fn message(step: &Step) -> &str {
    match step {
        Step::Message { text, .. } => text,
        other => panic!("no message: {other:?}"),
    }
}

/// UI-08: pieces join, and the completed text takes their place.
#[test]
fn an_answer_grows() {
    let mut turn = Turn::sent("Hi".into());
    let mut events = events().into_iter();
    let mut step = || events.next().map(|(id, event)| turn.apply(Some(id), event)).map(|_| turn.clone()).unwrap();
    step();
    step();
    assert_eq!(step().steps, [Step::Message { text: "Let me look".into(), whole: false }]);
    assert_eq!(step().steps, [Step::Message { text: "Let me look.".into(), whole: true }]);
    assert_eq!(played().state, State::Completed);
    assert_eq!(message(played().steps.last().unwrap()), "Added **Buy milk**.");
}

/// UI-08: an answer that comes whole, without pieces, is shown too.
#[test]
fn an_answer_without_pieces_is_shown() {
    let mut turn = Turn::sent("Hi".into());
    let whole = Event::read("turn.completed", r#"{"conversation_id":5,"response":"Hello","tool_calls":[]}"#).unwrap();
    assert_eq!(turn.apply(None, whole), Effect::Ended);
    assert_eq!(turn.steps, [Step::Message { text: "Hello".into(), whole: true }]);
}

/// UI-10, UI-94: the page says at what the agent is, and nothing when it is done.
#[test]
fn progress_has_words() {
    let mut turn = Turn::sent("Hi".into());
    let lines: Vec<_> = std::iter::once(turn.progress(&ENGLISH))
        .chain(events().into_iter().map(|(id, event)| {
            turn.apply(Some(id), event);
            turn.progress(&ENGLISH)
        }))
        .map(Option::unwrap_or_default)
        .collect();
    let (sending, thinking, looking, adding) =
        ("Sending…", "Thinking…", "Looking through your tasks…", "Adding a task…");
    let expected = [sending, thinking, "", "", thinking, looking, "Found 3 tasks", adding, thinking, "", thinking, ""];
    assert_eq!(lines, expected);
}

/// UI-12: events that come again, singly or from the start, change nothing.
#[test]
fn a_replay_shows_nothing_twice() {
    let whole = played();
    let mut twice = Turn::sent("Add milk".into());
    for (id, event) in events() {
        twice.apply(Some(id), event.clone());
        if id.seq > 1 {
            assert_eq!(twice.apply(Some(id), event), Effect::None);
        }
    }
    assert_eq!(twice.steps, whole.steps);

    for cut in 0..events().len() {
        let mut again = Turn::sent("Add milk".into());
        events().into_iter().take(cut).chain(events()).for_each(|(id, event)| {
            again.apply(Some(id), event);
        });
        assert_eq!((again.steps, again.state), (whole.steps.clone(), whole.state.clone()), "cut at {cut}");
    }
}

/// UI-12: a turn that is tried again goes on from what is recorded.
#[test]
fn a_second_run_keeps_what_was_done() {
    let mut turn = Turn::sent("Add milk".into());
    for (id, event) in events().into_iter().take(9) {
        turn.apply(Some(id), event);
    }
    turn.fail(Failure { message: "The model failed.".into(), retryable: true });
    turn.retry();
    let id = |seq| Some(EventId { turn: "7".parse().unwrap(), seq });
    let started = Event::read("turn.started", r#"{"conversation_id":5,"turn_id":7,"message_id":11}"#).unwrap();
    turn.apply(id(100_001), started);
    let done = Event::read("message.completed", r#"{"message_id":13,"text":"Added."}"#).unwrap();
    turn.apply(id(100_002), done);
    let receipts = turn.steps.iter().filter(|step| matches!(step, Step::Tool(_))).count();
    assert_eq!(receipts, 2);
    assert_eq!(message(turn.steps.last().unwrap()), "Added.");
}

/// UI-12: a turn that is tried again, and read back in the middle of that, shows each step once.
#[test]
fn a_second_run_that_is_read_back_shows_nothing_twice() {
    let mut turn = past_turns(past(&messages().replace("completed\"}", "running\"}")), &ENGLISH).remove(0);
    let before = turn.steps.clone();
    let (started, rest) = (events().remove(0), events().split_off(6));
    // The first message and its list are of the first run.
    for (at, (id, event)) in std::iter::once(started).chain(rest).enumerate() {
        let seq = 100_001 + u32::try_from(at).unwrap();
        turn.apply(Some(EventId { seq, ..id }), event);
    }
    let seen = |steps: &[Step]| {
        let changes = |step: &Step| match step {
            Step::Tool(ToolStep { outcome: Some(ToolOutcome::Changes(changes)), .. }) => changes.clone(),
            _ => Vec::new(),
        };
        let texts: Vec<_> = steps.iter().filter(|step| matches!(step, Step::Message { .. })).cloned().collect();
        (texts, steps.iter().flat_map(changes).collect::<Vec<_>>())
    };
    assert_eq!(seen(&turn.steps), seen(&before));
    assert_eq!(turn.state, State::Completed);
    // What is new in it is shown.
    let mut turn = past_turns(past(&messages().replace("completed\"}", "running\"}")), &ENGLISH).remove(0);
    let id = |seq| Some(EventId { turn: "7".parse().unwrap(), seq });
    turn.apply(id(100_001), events().remove(0).1);
    for seq in [100_002, 100_003] {
        let said = Event::read("message.completed", r#"{"message_id":14,"text":"Added **Buy milk**."}"#).unwrap();
        turn.apply(id(seq), said);
    }
    assert_eq!(turn.steps.len(), before.len() + 1);
}

/// UI-20: each finished message is spoken once, in plain words.
#[test]
fn finished_messages_are_spoken_once() {
    let mut turn = Turn::sent("Add milk".into());
    let doubled = events().into_iter().flat_map(|told| [told.clone(), told]);
    let spoken: Vec<String> = doubled
        .filter_map(|(id, event)| match turn.apply(Some(id), event) {
            Effect::Finished(words, _) => Some(words),
            _ => None,
        })
        .collect();
    assert_eq!(spoken, ["Let me look.", "Added Buy milk."]);
}

/// UI-11: a failure says why, keeps what was said, and offers a retry where one helps.
#[test]
fn a_failure_is_told() {
    let problem = r#"{"type":"/problems/model-failed","title":"The model failed","status":502,"detail":"The model failed. Your message is kept; try again.","request_id":"r"}"#;
    for retryable in [true, false] {
        let mut turn = Turn::sent("Add milk".into());
        let data = format!(r#"{{"problem":{problem},"retryable":{retryable}}}"#);
        assert_eq!(turn.apply(None, Event::read("turn.failed", &data).unwrap()), Effect::Ended);
        let message = "The model failed. Your message is kept; try again.".to_owned();
        assert_eq!(turn.state, State::Failed(Failure { message, retryable }));
        assert_eq!(turn.said, "Add milk");
    }
    let lost = failure(&Fault::Unreachable, &ENGLISH);
    assert!(lost.retryable && lost.message.contains("safe to try again"));
}

/// UI-10: a turn that is stopped keeps the words it had.
#[test]
fn stopping_keeps_what_was_written() {
    let mut turn = Turn::sent("Hi".into());
    for (id, event) in events().into_iter().take(3) {
        turn.apply(Some(id), event);
    }
    let stopped = r#"{"done":[],"not_done":[{"tool":"add_task","arguments":{}}]}"#;
    assert_eq!(turn.apply(None, Event::read("turn.stopped", stopped).unwrap()), Effect::Ended);
    assert_eq!(turn.state, State::Stopped { left: 1 });
    assert_eq!(turn.steps, [Step::Message { text: "Let me look".into(), whole: true }]);
    assert_eq!(turn.progress(&ENGLISH), None);
}

fn past(json: &str) -> Vec<PastMessage> {
    serde_json::from_str(json).unwrap()
}

fn messages() -> String {
    let turn = r#""created_at":"2026-11-20T08:00:00Z","turn":{"id":7,"status":"completed"}"#;
    let list =
        r#"{"tool":"list_tasks","arguments":{"query":"milk"},"result":{"tasks":[],"total":3,"next_cursor":null}}"#;
    let add = format!(
        r#"{{"tool":"add_task","arguments":{{"title":"Buy milk"}},"result":{{"task_id":3,"status":"created","title":"Buy milk","task":{TASK},"changes":[{}]}}}}"#,
        change()
    );
    format!(
        r#"[{{"id":11,"role":"user","content":"Add milk","tool_calls":[],{turn}}},
            {{"id":12,"role":"assistant","content":"Let me look.","tool_calls":[{list},{add}],{turn}}},
            {{"id":13,"role":"assistant","content":"Added **Buy milk**.","tool_calls":[],{turn}}}]"#
    )
}

/// UI-13: read back, a turn is what it was live.
#[test]
fn a_replayed_turn_is_the_live_turn() {
    let turns = past_turns(past(&messages()), &ENGLISH);
    let [turn] = turns.as_slice() else { panic!("{turns:?}") };
    let nameless = |turn: &Turn| {
        let mut steps = turn.steps.clone();
        for step in &mut steps {
            if let Step::Tool(tool) = step {
                tool.call_id.clear();
            }
        }
        (turn.id, turn.said.clone(), steps, turn.state.clone())
    };
    assert_eq!(nameless(turn), nameless(&played()));
}

/// UI-13: how a turn ended is seen later too.
#[test]
fn a_replayed_turn_has_its_outcome() {
    for (status, expected) in
        [("running", None), ("stopped", None), ("failed", Some(true)), ("interrupted", Some(true))]
    {
        let turns = past_turns(past(&messages().replace("completed\"}", &format!("{status}\"}}"))), &ENGLISH);
        let retry = match &turns[0].state {
            State::Failed(failure) => Some(failure.retryable),
            _ => None,
        };
        assert_eq!(retry, expected, "{status}");
        assert_eq!(turns[0].is_running(), status == "running");
    }
}

/// UI-14: a turn that two pages share is one again.
#[test]
fn halves_of_a_turn_join() {
    let mut older = past(&messages());
    let newer = older.split_off(2);
    let mut newer = past_turns(newer, &ENGLISH);
    assert!(newer[0].said.is_empty());
    let mut older = past_turns(older, &ENGLISH);
    join(older.pop().unwrap(), &mut newer[0]);
    assert_eq!(newer, past_turns(past(&messages()), &ENGLISH));
}
