#![allow(clippy::unwrap_used)]
use serde_json::json;

use super::*;
use crate::{AddTask, Patch, Priority, UpdateTask};

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn read_as(tool: ToolName, given: &Value) -> Value {
    normalize(tool, object(given)).arguments.into()
}

/// TOOL-26, TOOL-27: numbers, flags and choices in other forms that mean one thing; any other form stays.
#[test]
fn certain_forms_are_read() {
    let update = ToolName::UpdateTask;
    for (name, given, expected) in [
        ("task_id", json!("1"), json!(1)),
        ("task_id", json!(" #1 "), json!(1)),
        ("task_id", json!(1.0), json!(1)),
        ("task_id", json!("1.0"), json!(1)),
        ("task_id", json!(1.5), json!(1.5)),
        ("task_id", json!("one"), json!("one")),
        ("task_id", json!("-1"), json!("-1")),
        ("task_id", json!("1 2"), json!("1 2")),
        ("task_id", json!(1e300), json!(1e300)),
        ("completed", json!("True"), json!(true)),
        ("completed", json!("false"), json!(false)),
        ("completed", json!("yes"), json!("yes")),
        ("deleted", json!("false"), json!(false)),
        ("priority", json!(" Medium "), json!("medium")),
        ("priority", json!("HIGH"), json!("high")),
        ("priority", json!("urgent"), json!("urgent")),
        ("title", json!(" 1 "), json!(" 1 ")),
        ("title", json!("none"), json!("none")),
        ("description", json!("none"), json!("none")),
    ] {
        assert_eq!(read_as(update, &json!({ name: given }))[name], expected, "{name}: {given}");
    }
    for (name, given, expected) in [
        ("limit", json!("10"), json!(10)),
        ("limit", json!(10.0), json!(10)),
        ("limit", json!("#10"), json!("#10")),
        ("status", json!("Pending"), json!("pending")),
        ("status", json!("open"), json!("pending")),
        ("status", json!("done"), json!("completed")),
        ("status", json!("late"), json!("late")),
    ] {
        assert_eq!(read_as(ToolName::ListTasks, &json!({ name: given }))[name], expected, "{name}: {given}");
    }
}

/// TOOL-28: a date-time with offset in other forms of ISO 8601; without an offset its moment is uncertain.
#[test]
fn date_times_are_read() {
    for (given, expected) in [
        ("2026-11-30 17:00:00+01:00", "2026-11-30T17:00:00+01:00"),
        ("2026-11-30T17:00+01:00", "2026-11-30T17:00:00+01:00"),
        ("2026-11-30T17:00:00+0100", "2026-11-30T17:00:00+01:00"),
        ("2026-11-30t17:00:00+01", "2026-11-30T17:00:00+01:00"),
        ("2026-11-30T17:00:00 +01:00", "2026-11-30T17:00:00+01:00"),
        ("2026-11-30T17:00z", "2026-11-30T17:00:00Z"),
        (" 2026-11-30T17:00:00.123Z ", "2026-11-30T17:00:00Z"),
        (" 2026-11-30 ", " 2026-11-30 "),
        ("2026-11-30T17:00:00", "2026-11-30T17:00:00"),
        ("2026-11-30T25:00Z", "2026-11-30T25:00Z"),
        ("2026-11-30T17Z", "2026-11-30T17Z"),
        ("tomorrow", "tomorrow"),
        ("éééééé", "éééééé"),
    ] {
        assert_eq!(read_as(ToolName::AddTask, &json!({ "due": given }))["due"], expected, "{given}");
    }
}

/// TOOL-25: an empty text is no argument, but for the two that mean something.
#[test]
fn empty_texts_are_absent() {
    for (tool, given, expected) in [
        (
            ToolName::AddTask,
            json!({ "title": "Milk", "description": " ", "due": "", "priority": "", "user_id": "" }),
            json!({ "title": "Milk" }),
        ),
        (ToolName::AddTask, json!({ "title": "" }), json!({ "title": "" })),
        (
            ToolName::AddTask,
            json!({ "title": "Milk", "description": null, "due": "none", "priority": "none", "user_id": null }),
            json!({ "title": "Milk", "priority": "none" }),
        ),
        (
            ToolName::ListTasks,
            json!({ "status": "", "due_before": "", "due_after": null, "query": "", "limit": "", "cursor": "" }),
            json!({}),
        ),
        (ToolName::CompleteTask, json!({ "task_id": "", "user_id": "" }), json!({})),
        (
            ToolName::UpdateTask,
            json!({ "task_id": 1, "title": "", "completed": "", "due": " ", "priority": "", "deleted": "" }),
            json!({ "task_id": 1 }),
        ),
        (ToolName::UpdateTask, json!({ "task_id": 1, "description": "" }), json!({ "task_id": 1, "description": "" })),
    ] {
        assert_eq!(read_as(tool, &given), expected, "{given}");
    }
}

/// TOOL-29: what n8n sends with every call is ignored; any other unknown name is left for the tool to refuse.
#[test]
fn companions_of_a_call_are_ignored() {
    let given = json!({
        "task_id": 1, "toolCallId": "a", "sessionId": "b", "action": "sendMessage", "chatInput": "done", "when": "now"
    });
    assert_eq!(read_as(ToolName::CompleteTask, &given), json!({ "task_id": 1, "when": "now" }));
}

/// What an update does to one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Keeps,
    Clears,
    Sets,
}

use Effect::{Clears, Keeps, Sets};

/// The values that a field may be given, with what each does outside of filler.
const FORMS: [(&str, &[(&str, Effect)]); 6] = [
    ("title", &[("null", Keeps), ("\"\"", Keeps), ("\"New\"", Sets)]),
    ("description", &[("null", Clears), ("\"\"", Clears), ("\"New\"", Sets)]),
    ("completed", &[("null", Keeps), ("\"\"", Keeps), ("true", Sets), ("false", Sets)]),
    ("due", &[("null", Clears), ("\"\"", Keeps), ("\"none\"", Clears), ("\"2026-11-30\"", Sets)]),
    ("priority", &[("null", Clears), ("\"\"", Keeps), ("\"none\"", Clears), ("\"high\"", Sets)]),
    ("deleted", &[("null", Keeps), ("\"\"", Keeps), ("false", Sets)]),
];

/// Every combination of these values and of absent fields.
fn combinations() -> Vec<Map<String, Value>> {
    FORMS.iter().fold(vec![object(&json!({ "task_id": 1 }))], |all, (name, forms)| {
        let with = |given: &Map<String, Value>, form: &str| {
            let mut given = given.clone();
            given.insert((*name).to_owned(), serde_json::from_str(form).unwrap());
            given
        };
        all.iter()
            .flat_map(|given| {
                std::iter::once(given.clone())
                    .chain(forms.iter().map(|(form, _)| with(given, form)))
                    .collect::<Vec<_>>()
            })
            .collect()
    })
}

fn expected(given: &Map<String, Value>) -> [Effect; 6] {
    let nulls = given.values().filter(|value| value.is_null()).count();
    // An empty title, due date, priority or flag is as if absent.
    let is_given = |name: &str, value: &Value| name == "description" || value != "";
    let changes =
        given.iter().filter(|(name, value)| *name != "task_id" && !value.is_null() && is_given(name, value)).count();
    let is_filler = nulls >= 2 && changes >= 1;
    FORMS.map(|(name, forms)| match given.get(name) {
        None => Keeps,
        Some(Value::Null) if is_filler => Keeps,
        Some(Value::Bool(false)) if is_filler && name == "completed" => Keeps,
        Some(value) => {
            let given = value.to_string();
            forms.iter().find(|(form, _)| *form == given).unwrap().1
        }
    })
}

fn effects(update: &UpdateTask) -> [Effect; 6] {
    let set = |is_set: bool| if is_set { Sets } else { Keeps };
    let description = match &update.description {
        Patch::Keep => Keeps,
        Patch::Set(text) if !text.as_str().is_empty() => Sets,
        _ => Clears,
    };
    let due = match update.due {
        Patch::Keep => Keeps,
        Patch::Clear => Clears,
        Patch::Set(_) => Sets,
    };
    let priority = match update.priority {
        None => Keeps,
        Some(Priority::None) => Clears,
        Some(_) => Sets,
    };
    [
        set(update.title.is_some()),
        description,
        set(update.completed.is_some()),
        due,
        priority,
        set(update.deleted.is_some()),
    ]
}

/// TOOL-23, TOOL-24: every combination of what the fields of an update may be given does what the rule says, and reads
/// the same a second time.
#[test]
fn every_update_clears_by_the_rule() {
    let all = combinations();
    assert_eq!(all.len(), 4 * 4 * 5 * 5 * 5 * 4);
    for given in all {
        let once = normalize(ToolName::UpdateTask, given.clone());
        let update: UpdateTask = serde_json::from_value(once.arguments.clone().into()).unwrap();
        assert_eq!(effects(&update), expected(&given), "{given:?}");
        let ignored = |name: &str| once.filler.iter().any(|filler| filler == name);
        for ((name, forms), effect) in FORMS.iter().zip(expected(&given)) {
            let form = given.get(*name).map(ToString::to_string);
            let alone =
                forms.iter().find(|(given, _)| Some(*given) == form.as_deref()).map_or(Keeps, |(_, does)| *does);
            assert_eq!(ignored(name), alone != effect, "{name} of {given:?}");
        }
        let twice = normalize(ToolName::UpdateTask, once.arguments.clone());
        assert_eq!((twice.arguments, twice.filler), (once.arguments, Vec::new()), "{given:?}");
    }
}

/// TOOL-25: an addition reads nulls as absent.
#[test]
fn an_addition_takes_nulls() {
    let given = json!({ "title": "Milk", "description": null, "due": null, "priority": null, "user_id": null });
    let add: AddTask = serde_json::from_value(read_as(ToolName::AddTask, &given)).unwrap();
    assert_eq!((add.description, add.due, add.priority, add.user_id), (None, None, None, None));
}
