//! How an update clears a field, and which nulls are filler.

use serde_json::{Value, json};

use crate::{
    client::{Client, text},
    each_database,
};

/// A task with every field, done: what an update did to it, and its note.
async fn updated(ann: &Client, given: &Value) -> (Value, Value) {
    let full = json!({ "title": "Old", "description": "Notes", "due": "2026-11-30", "priority": "high" });
    let number = ann.does("add_task", full).await["task_id"].take();
    ann.does("complete_task", json!({ "task_id": number })).await;
    let mut arguments = given.clone();
    arguments["task_id"] = number;
    let result = ann.does("update_task", arguments).await;
    let of_task = |name: &str| result["task"][name].clone();
    let fields = ["title", "description", "completed", "due", "priority"].map(of_task);
    (fields.into_iter().collect(), result["note"].clone())
}

/// TOOL-23, TOOL-24: the table of the page, row by row.
#[tokio::test]
async fn fields_are_cleared_by_one_rule() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let clears =
            |fields: &str| json!(format!("Several nulls beside a change clear nothing. To clear, send {fields}."));
        let none = Value::Null;
        for (given, expected, note) in [
            (json!({ "due": null }), json!(["Old", "Notes", true, null, "high"]), &none),
            (json!({ "due": "none" }), json!(["Old", "Notes", true, null, "high"]), &none),
            (json!({ "description": null }), json!(["Old", null, true, "2026-11-30", "high"]), &none),
            (json!({ "description": "" }), json!(["Old", null, true, "2026-11-30", "high"]), &none),
            (json!({ "priority": null }), json!(["Old", "Notes", true, "2026-11-30", "none"]), &none),
            (json!({ "priority": "none" }), json!(["Old", "Notes", true, "2026-11-30", "none"]), &none),
            (json!({ "title": "New", "due": null }), json!(["New", "Notes", true, null, "high"]), &none),
            (json!({ "due": null, "completed": false }), json!(["Old", "Notes", false, null, "high"]), &none),
            (json!({ "description": null, "due": null }), json!(["Old", null, true, null, "high"]), &none),
            (
                json!({ "title": null, "due": null, "priority": null }),
                json!(["Old", "Notes", true, null, "none"]),
                &none,
            ),
            (
                json!({ "title": "New", "description": "", "due": "none", "priority": "none" }),
                json!(["New", null, true, null, "none"]),
                &none,
            ),
            (
                json!({ "title": "New", "description": null, "due": null }),
                json!(["New", "Notes", true, "2026-11-30", "high"]),
                &clears("description: \"\", due: \"none\""),
            ),
            (
                json!({ "title": "New", "completed": null, "priority": null }),
                json!(["New", "Notes", true, "2026-11-30", "high"]),
                &clears("priority: \"none\""),
            ),
            (
                json!({ "due": "none", "title": null, "description": null }),
                json!(["Old", "Notes", true, null, "high"]),
                &clears("description: \"\""),
            ),
            (
                json!({ "priority": "low", "title": null, "completed": null }),
                json!(["Old", "Notes", true, "2026-11-30", "low"]),
                &none,
            ),
            (json!({ "deleted": false, "due": null }), json!(["Old", "Notes", true, null, "high"]), &none),
        ] {
            assert_eq!(updated(&ann, &given).await, (expected, note.clone()), "{given}");
        }
    })
    .await;
}

/// TOOL-24, TOOL-33: a rename with filler renames, and the result says how to clear and to reopen, also in its text.
#[tokio::test]
async fn a_rename_with_filler_renames_alone() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let given = json!({ "title": "New", "description": null, "due": null, "completed": false });
        let (fields, note) = updated(&ann, &given).await;
        assert_eq!(fields, json!(["New", "Notes", true, "2026-11-30", "high"]));
        let expected = "Several nulls beside a change clear nothing. To clear, send description: \"\", due: \"none\". \
                        completed: false beside several nulls was ignored. To reopen, send it without nulls.";
        assert_eq!(note, expected);
        let arguments = json!({ "task_id": 1, "title": "Newer", "description": null, "due": null });
        let read: Value = serde_json::from_str(&text(&ann.call("update_task", arguments).await)).unwrap();
        assert!(read["note"].as_str().unwrap().starts_with("Several nulls"), "{read}");
    })
    .await;
}

/// TOOL-34: `completed: false` alone with nulls could mean both, so nothing is done, and the error says how to say each.
#[tokio::test]
async fn filler_without_another_change_is_refused() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        ann.adds("Milk").await;
        ann.does("complete_task", json!({ "task_id": 1 })).await;
        let before = ann.list().await;
        let given = json!({ "task_id": 1, "completed": false, "description": null, "due": null });
        let words = ann.fails("update_task", given).await;
        assert!(words.starts_with("Nothing was changed. Several nulls"), "{words}");
        assert!(words.contains("due: \"none\"") && words.contains("To reopen,"), "{words}");
        assert_eq!(ann.list().await, before);
    })
    .await;
}
