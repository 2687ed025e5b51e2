//! The words of a message: thoughts are left out, and nothing else.

use super::*;

fn streamed(pieces: &[&str]) -> Vec<String> {
    let deltas: Vec<Value> = pieces.iter().map(|piece| json!({ "content": piece })).collect();
    let body = stream(&deltas, "stop");
    let events = body.split_inclusive("\n\n").map(str::as_bytes);
    read_answer(events, &TOOLS, Limits::default()).unwrap().0
}

fn thinks(message: &ModelMessage) -> bool {
    message.meta.reasoning.is_some()
}

/// AGENT-78: thoughts in tags are left out, wherever the tags are cut and whatever their name.
#[test]
fn thoughts_in_tags_are_left_out() {
    for (open, close) in [
        ("<think>", "</think>"),
        ("<thinking>", "</thinking>"),
        ("<reasoning>", "</reasoning>"),
        ("<Think>", "</THINK>"),
        ("[THINK]", "[/THINK]"),
    ] {
        let text = format!("{open}Is a < b? `\n</b>{close}\n\nHello.");
        for cut in 0..text.len() {
            let (before, after) = text.split_at(cut);
            let deltas = [before, after].map(|piece| json!({ "content": piece }));
            let message = in_pieces([stream(&deltas, "stop").as_bytes()]).unwrap().1;
            assert_eq!((message.text.as_str(), thinks(&message)), ("Hello.", true), "{before}|{after}");
        }
    }
    for (text, words) in [
        ("\n<think>\nHm.\n</think>\n\nHello.", "\nHello."),
        ("Sure. <think>Hm.</think>Done.", "Sure. Done."),
        ("<think>A</think>Hello<think>B</think>.", "Hello."),
        ("Okay, hm.\n</think>\n\nHello.", "Hello."),
        ("<think>A<think>B</think>Hello.</think>", "Hello."),
    ] {
        let message = said(&[text]);
        assert_eq!((message.text.trim_start(), thinks(&message)), (words.trim_start(), true), "{text}");
    }
    let empty = said(&["<think>\n\n</think>\n\nHello."]);
    assert_eq!((empty.text.as_str(), thinks(&empty)), ("Hello.", false));
    let cut = fault(&stream(&[json!({ "content": "<think>Hm, let me" })], "length"));
    assert!(matches!(cut, ModelError::CutShort));
    assert_eq!(said(&["<think>Hm, let me"]).text, "");
}

/// AGENT-79: in code, and where it never ends within a line of words, a tag is text.
#[test]
fn tags_in_code_are_text() {
    for text in [
        "The tag `<think>` opens it, `</think>` closes it.",
        "```xml\n<think>a</think>\n```\nThat's it.",
        "``a ` <think>``, </thin, <thinkers>, < think>",
        "Write <think> and go on.",
        "a <tool_cal> b",
    ] {
        let message = said(&[text]);
        assert_eq!((message.text.as_str(), thinks(&message)), (text, false));
    }
    assert_eq!(said(&["`a` <think>b</think>c `d"]).text, "`a` c `d");
    assert_eq!(said(&["It`s\n\n<think>b</think>so"]).text, "It`s\n\nso");
}

/// AGENT-79b: words come at once, but for what may be the beginning of a tag.
#[test]
fn words_are_not_held_back() {
    assert_eq!(streamed(&["Hello", " <b", ">you", " </thi", "s>"]), ["Hello", " <b", ">you", " ", "</this>"]);
    assert_eq!(streamed(&["<thi", "nk>a", "</think>", "Hi"]), ["Hi"]);
    assert_eq!(streamed(&["[Milk", "](x)"]), ["[Milk", "](x)"]);
    assert_eq!(streamed(&["{\"a\"", ":1}"]), ["{\"a\":1}"]);
}

/// AGENT-80: fields with thoughts are put together from their parts: texts grow, lists get longer, entries of one index
/// are one.
#[test]
fn fields_of_thoughts_are_kept() {
    let message = message(&stream(
        &[
            json!({ "reasoning_content": "They ", "reasoning": "They " }),
            json!({ "reasoning_content": "ask.", "reasoning": "ask.", "content": "" }),
            json!({ "reasoning_details": [{ "type": "reasoning.text", "index": 0, "text": "They ", "signature": null }] }),
            json!({ "reasoning_details": [{ "type": "reasoning.text", "index": 0, "text": "ask.", "signature": "x" }] }),
            json!({ "reasoning_details": [{ "type": "reasoning.encrypted", "data": "yz" }] }),
            json!({ "content": "Hello.", "reasoning_content": null, "extra_content": { "google": { "thought": "s" } } }),
        ],
        "stop",
    ));
    let reasoning = message.meta.reasoning.unwrap();
    assert_eq!(
        Value::Object(reasoning.fields),
        json!({
            "reasoning_content": "They ask.",
            "reasoning": "They ask.",
            "reasoning_details": [
                { "type": "reasoning.text", "index": 0, "text": "They ask.", "signature": "x" },
                { "type": "reasoning.encrypted", "data": "yz" },
            ],
            "extra_content": { "google": { "thought": "s" } },
        })
    );
    assert_eq!((message.text.as_str(), reasoning.seconds), ("Hello.", 1));
}

/// AGENT-80a, AGENT-80b: thoughts that no field carries are kept as their time only; too long ones are not kept.
#[test]
fn other_thoughts_are_time() {
    let parts = json!({ "content": [{ "type": "thinking", "thinking": [{ "type": "text", "text": "Hm." }] }, { "type": "text", "text": "Hel" }, "lo."] });
    for body in [stream(&[parts], "stop"), stream(&[json!({ "content": "<think>Hm.</think>Hello." })], "stop")] {
        let message = message(&body);
        assert_eq!(message.text, "Hello.");
        assert_eq!(message.meta.reasoning, Some(Reasoning { seconds: 1, ..Reasoning::default() }));
    }
    let long = json!({ "reasoning_content": "x".repeat(600) });
    let body = stream(&[long.clone(), long, json!({ "content": "Hello." })], "stop");
    let limits = Limits { answer_bytes: 1000, ..Limits::default() };
    let (_, message) = read_answer([body.as_bytes()], &TOOLS, limits).unwrap();
    assert_eq!(message.meta.reasoning, Some(Reasoning { seconds: 1, ..Reasoning::default() }));
    let signature = json!({ "content": "Hi.", "extra_content": { "google": { "thought_signature": "x" } } });
    let reasoning = super::message(&stream(&[signature], "stop")).meta.reasoning.unwrap();
    assert_eq!((reasoning.seconds, reasoning.fields.len()), (0, 1));
}

proptest! {
    /// AGENT-79a: outside of tags, no character is lost.
    #[test]
    fn no_visible_character_is_lost(
        parts in proptest::collection::vec((any::<bool>(), "[a-zäß 👋.,!?<>/\\n]{0,12}"), 0..8),
        cuts in proptest::collection::vec(any::<u16>(), 0..8),
    ) {
        let mut expected = String::new();
        let mut text = String::from("-");
        for (is_thought, part) in &parts {
            if *is_thought {
                text.push_str(&format!("<think>{part}</think>"));
            } else {
                text.push_str(part);
                expected.push_str(part);
            }
        }
        let characters: Vec<char> = text.chars().collect();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| usize::from(cut) % (characters.len() + 1)).collect();
        cuts.extend([0, characters.len()]);
        cuts.sort_unstable();
        let mut words = super::super::text::Words::default();
        let mut shown = String::new();
        for cut in cuts.windows(2) {
            shown.push_str(&words.push(&characters[cut[0]..cut[1]].iter().collect::<String>()));
        }
        let ended = words.finish(false);
        prop_assert!(ended.text.starts_with(&shown));
        prop_assert_eq!(ended.text, format!("-{expected}"));
    }
}
