//! What names and arguments mean, and what they don't.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn tools() -> Vec<String> {
    ["add_task", "list_tasks", "complete_task", "delete_task", "update_task"].map(str::to_owned).to_vec()
}

/// AGENT-81: a name means a tool where it means exactly one.
#[test]
fn names_are_repaired() {
    for name in [
        "add_task",
        "addTask",
        "AddTask",
        "ADD_TASK",
        "add task",
        " add-task ",
        "addtask",
        "functions.add_task",
        "functions.add_task:0",
        "default_api:add_task",
        "default_api.add_task",
        "tools/add_task",
        "functions_add_task",
        "saydo-add_task",
        "mcp__saydo__add_task",
        "add_task()",
        "add_task({\"title\"",
        "add_task<|channel|>commentary",
        "assistant to=functions.add_task",
    ] {
        assert_eq!(tool_name(name, &tools()), Some("add_task"), "{name}");
    }
    for name in
        ["", "task", "add", "not_add_task", "add_tasks", "remove_task", "add_task.delete", "дadd_task", "()", "0"]
    {
        assert_eq!(tool_name(name, &tools()), None, "{name}");
    }
    let twins = ["add_task", "addtask"].map(str::to_owned);
    assert_eq!(tool_name("AddTask", &twins), None);
    assert_eq!(tool_name("addtask", &twins), Some("addtask"));
}

/// AGENT-81a: what is kept is a name that every server takes back.
#[test]
fn kept_names_are_valid() {
    for (name, kept) in [
        ("addTask", "add_task"),
        ("drop_table", "drop_table"),
        ("", UNKNOWN_TOOL),
        ("drop table", UNKNOWN_TOOL),
        ("größe", UNKNOWN_TOOL),
    ] {
        assert_eq!(valid_name(name, &tools()), kept, "{name}");
    }
    assert_eq!(valid_name(&"x".repeat(65), &tools()), UNKNOWN_TOOL);
}

/// AGENT-82: arguments with one certain meaning are that object.
#[test]
fn arguments_are_repaired() {
    let milk = json!({ "title": "Milk" });
    let plain = milk.to_string();
    let encoded = Value::from(plain.clone()).to_string();
    for text in [
        plain.clone(),
        format!(" {plain}\n"),
        encoded.clone(),
        Value::from(encoded).to_string(),
        format!("```json\n{plain}\n```"),
        format!("```\n{plain}```"),
        format!("```json\n{plain}"),
        "{'title': 'Milk'}".to_owned(),
        "{\"title\": \"Milk\",}".to_owned(),
        "{\"title\": \"Milk\" , \n}".to_owned(),
    ] {
        assert_eq!(arguments(&text).map(Value::Object), Some(milk.clone()), "{text}");
    }
    for text in ["", " ", "{}", "null", "None", "\"\"", "\"{}\"", "\"null\"", "```\n```"] {
        assert_eq!(arguments(text), Some(Map::new()), "{text:?}");
    }
    let python = "{'title': 'Ann\\'s \"book\"', 'completed': True, 'due': None, 'tags': [False, 1,],}";
    assert_eq!(
        arguments(python).map(Value::Object),
        Some(json!({ "title": "Ann's \"book\"", "completed": true, "due": null, "tags": [false, 1] }))
    );
    assert_eq!(
        arguments("{\"title\": \"True\tand\nNone, }\"}").map(Value::Object),
        Some(json!({ "title": "True\tand\nNone, }" }))
    );
}

/// AGENT-82a: what may mean several things means nothing.
#[test]
fn uncertain_arguments_are_left() {
    for text in [
        "{",
        "{\"title\": \"Mi",
        "\"{\\\"title\\\": \\\"Milk\\\"}",
        "{\"title\": Milk}",
        "{title: \"Milk\"}",
        "{'title': 'Ann's book'}",
        "[\"Milk\"]",
        "[{\"title\": \"Milk\"}]",
        "Milk",
        "7",
        "true",
        "{\"title\": \"Milk\"} please",
        "{\"title\": \"Milk\"}{\"title\": \"Eggs\"}",
        "title=Milk",
    ] {
        assert_eq!(arguments(text), None, "{text}");
    }
}

proptest! {
    /// AGENT-82: an object is itself, also encoded twice, in a fence and with a comma at its end.
    #[test]
    fn objects_are_themselves(title in "\\PC*", note in any::<Option<bool>>()) {
        let object = json!({ "title": title, "note": note, "list": [1, title] });
        let text = object.to_string();
        let with_comma = format!("{},}}", text.strip_suffix('}').unwrap());
        for text in [text.clone(), Value::from(text.clone()).to_string(), format!("```json\n{text}\n```"), with_comma] {
            prop_assert_eq!(arguments(&text).map(Value::Object), Some(object.clone()), "{}", text);
        }
    }

    /// AGENT-82a: no text makes it panic.
    #[test]
    fn any_text_is_read(text in "\\PC*", name in "\\PC*") {
        let _ = arguments(&text);
        prop_assert!(valid_name(&name, &tools()).len() <= LONGEST_NAME);
    }
}
