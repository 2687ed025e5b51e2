//! What messages carry beside their words.

use super::*;

/// Has a turn end in this message, live and read back.
fn ended_in(text: &str, meta: &str) -> [Turn; 2] {
    let mut live = Turn::sent("Hi".into());
    let data = format!(r#"{{"message_id":13,"text":"{text}","meta":{meta}}}"#);
    live.apply(None, Event::read("message.completed", &data).unwrap());
    live.state = State::Completed;
    let turn = r#""tool_calls":[],"turn":{"id":7,"status":"completed"}"#;
    let past = past(&format!(
        r#"[{{"id":11,"role":"user","content":"Hi",{turn}}},{{"id":13,"role":"assistant","content":"{text}","meta":{meta},{turn}}}]"#
    ));
    [live, past_turns(past, &ENGLISH).remove(0)]
}

const CHOOSE: &str = r#"{"question":{"kind":"choose","options":[{"label":"Milk","message":"1","task_id":3}]}}"#;
const CONFIRM: &str = r#"{"question":{"kind":"confirm","calls":[{"call_id":"c","task_id":3,"title":"Milk","verb":"deleted"}],"expires_at":"2026-11-20T08:00:00Z"}}"#;

/// UI-23, UI-23a, UI-23c: a question brings what can be answered, live and read back.
#[test]
fn questions_have_answers() {
    for turn in ended_in("Which one?", CHOOSE) {
        let Some(Step::Choice(choice)) = turn.steps.last() else { panic!("{turn:?}") };
        assert_eq!((choice.labels(&ENGLISH), choice.options[0].message.as_str()), (vec!["Milk".to_owned()], "1"));
    }
    for turn in ended_in("Delete 1 task?", CONFIRM) {
        let Some(Step::Confirmation(confirmation)) = turn.steps.last() else { panic!("{turn:?}") };
        assert_eq!((confirmation.items[0].title.as_str(), confirmation.items.len()), ("Milk", 1));
    }
    for turn in ended_in("Add “Milk”?", r#"{"outcome":"ask","question":{"kind":"add","items":[{"title":"Milk"}]}}"#)
    {
        let Some(Step::Choice(choice)) = turn.steps.last() else { panic!("{turn:?}") };
        assert_eq!(choice.labels(&ENGLISH), ["Add", "No"]);
        assert_eq!(turn.question(0.0).unwrap().answer_to_text("1", &ENGLISH).as_deref(), Some("yes"));
    }
}

/// UI-93, UI-93a: a message that was cut says why, live and read back.
#[test]
fn a_cut_message_says_why() {
    let cases = [
        (r#"{"finish":"length"}"#, Some(CutReason::Length)),
        (r#"{"finish":"content_filter"}"#, Some(CutReason::ContentFilter)),
        (r#"{"finish":"moon"}"#, None),
        (r#"{"finish":null}"#, None),
        (r#"{"receipts_only":false}"#, None),
    ];
    for (meta, expected) in cases {
        for turn in ended_in("Bread, butt", meta) {
            assert_eq!(turn.cut(), expected, "{meta}");
            assert_eq!(turn.steps.len(), 1 + usize::from(expected.is_some()), "{meta}");
        }
    }
    // What follows is whole.
    let [mut turn, _] = ended_in("Bread, butt", r#"{"finish":"length"}"#);
    turn.state = State::Running(Activity::Working);
    let whole = Event::read("message.completed", r#"{"message_id":14,"text":"and butter."}"#).unwrap();
    turn.apply(None, whole);
    assert_eq!(turn.cut(), None);
}

/// UI-94c: how long the model thought is the same live and read back.
#[test]
fn thinking_is_told() {
    for (meta, expected) in [
        (r#"{"reasoning":{"seconds":12,"effort":"high"}}"#, Some(Step::Thought(12))),
        (r#"{"reasoning":{"seconds":0}}"#, None),
        (r#"{"reasoning":{}}"#, None),
    ] {
        for turn in ended_in("Bread.", meta) {
            assert_eq!(turn.steps.get(1), expected.as_ref(), "{meta}");
        }
    }
}

/// UI-13: what a message carries comes before its calls, as it does live.
#[test]
fn thinking_comes_before_the_calls_of_its_message() {
    let thoughtful = messages()
        .replace(r#""content":"Let me look.","#, r#""content":"Let me look.","meta":{"reasoning":{"seconds":2}},"#);
    let turn = past_turns(past(&thoughtful), &ENGLISH).remove(0);
    assert!(matches!(turn.steps.as_slice(), [Step::Message { .. }, Step::Thought(2), Step::Tool(_), ..]), "{turn:?}");
}

/// UI-23b: data of a later server is passed over, and the message is shown.
#[test]
fn unknown_data_is_passed_over() {
    for meta in [
        r#"{"question":{"kind":"guess","number":7},"reasoning":"…"}"#,
        r#"{"question":[7]}"#,
        r#"{"notes":"many"}"#,
        "null",
        "7",
    ] {
        for turn in ended_in("Hello", meta) {
            assert_eq!(turn.steps, [Step::Message { text: "Hello".into(), whole: true }], "{meta}");
        }
    }
}

/// UI-32a: words that only repeat the receipts are not shown; those that say more are.
#[test]
fn receipts_may_say_it_all() {
    let with_meta = |meta: &str| {
        let calls = messages();
        let content = r#""content":"Added **Buy milk**.","#;
        let turns = past(&calls.replace(content, &format!(r#"{content}"meta":{meta},"#)).replace("Let me look.", ""));
        past_turns(turns, &ENGLISH).remove(0)
    };
    assert!(with_meta(r#"{"receipts_only":true}"#).is_in_receipts());
    let noted =
        with_meta(r#"{"notes_complete":true,"notes":[{"kind":"no_repeat","task_id":3},{"kind":"new","task_id":3}]}"#);
    assert!(noted.is_in_receipts() && noted.notes.len() == 2);
    for meta in ["{}", "null", r#"{"notes":[{"kind":"no_repeat","task_id":3}]}"#] {
        assert!(!with_meta(meta).is_in_receipts(), "{meta}");
    }
    let [live, _] = ended_in("Nothing to do.", r#"{"receipts_only":true}"#);
    assert!(!live.is_in_receipts(), "there is no receipt");
}

/// UI-46: a confirmation whose time is over is no question any more.
#[test]
fn a_lapsed_confirmation_has_no_answers() {
    let [turn, _] = ended_in("Delete 1 task?", CONFIRM);
    let expires = 1_795_161_600_000.0;
    assert_eq!(turn.question(expires - 1.0), Some(Question::Confirmation));
    assert_eq!(turn.question(expires), None);
}

/// UI-45a: a digit alone answers a choice that deletes nothing, and never a confirmation.
#[test]
fn no_single_key_deletes() {
    let choice = |verb: &str| {
        let option = |number: u8| format!(r#"{{"label":"Milk","message":"{number}"{verb}}}"#);
        let options = [option(1), option(2)].join(",");
        let [turn, _] = ended_in("Which one?", &format!(r#"{{"question":{{"kind":"choose","options":[{options}]}}}}"#));
        turn.question(0.0).unwrap().answer_to_digit(2)
    };
    assert_eq!(choice("").as_deref(), Some("2"));
    assert_eq!(choice(r#","verb":"deleted""#), None);
    assert_eq!(choice(r#","verb":"updated""#).as_deref(), Some("2"));
    assert_eq!(Question::Confirmation.answer_to_digit(1), None);
}

/// UI-45b: in the message box a digit, `y` and `n` stand for what the question offers.
#[test]
fn short_answers_are_typed() {
    let [turn, _] = ended_in("Add “Dentist”?", r#"{"question":{"kind":"add","items":[{"title":"Dentist"}]}}"#);
    let question = turn.question(0.0).unwrap();
    for (typed, sent) in [("1", "yes"), (" 2 ", "no"), ("y", "yes"), ("N", "no")] {
        assert_eq!(question.answer_to_text(typed, &ENGLISH).as_deref(), Some(sent), "{typed}");
    }
    for other in ["3", "0", "12", "yes please", ""] {
        assert_eq!(question.answer_to_text(other, &ENGLISH), None, "{other}");
    }
    assert_eq!(Question::Confirmation.answer_to_text("1", &ENGLISH), None, "it may mean the first of the tasks");
    assert_eq!(Question::Confirmation.answer_to_text("y", &ENGLISH).as_deref(), Some("yes"));
}

/// UI-08: events that are not known are passed over.
#[test]
fn unknown_events_are_passed_over() {
    assert_eq!(Event::read("task.exploded", "{}"), None);
    assert_eq!(Event::read("message.delta", "not json"), None);
}
