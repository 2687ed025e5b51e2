//! What each tool does for its person.

use std::time::Duration;

use saydo_contract::{TaskList, TaskOutcome};
use saydo_store::{BeginTurn, Idempotency, NewTurn};
use serde_json::{Value, json};

use crate::{
    client::{Client, says, text, user},
    each_database,
};

/// TOOL-04: everything that is given is kept, answered and listed.
#[tokio::test]
async fn a_task_is_added() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let given = json!({
            "title": "  Buy milk ", "description": "the oat one\nor soy", "due": "2026-11-30", "priority": "high"
        });
        let added = ann.does("add_task", given).await;
        assert_eq!(
            [&added["task_id"], &added["status"], &added["title"]],
            [&json!(1), &json!("created"), &json!("Buy milk")]
        );
        let task = &added["task"];
        assert_eq!(task["description"], "the oat one\nor soy");
        assert_eq!([&task["due"], &task["priority"]], ["2026-11-30", "high"]);
        assert_eq!([&task["completed"], &task["completed_at"]], [&json!(false), &Value::Null]);
        let change = json!([{ "task_id": 1, "title": "Buy milk", "verb": "created", "before": null, "after": task }]);
        assert_eq!(added["changes"], change);
        assert_eq!(ann.list().await, json!([task]));

        let timed = ann.does("add_task", json!({ "title": "Call", "due": "2026-11-30T17:00:00+01:00" })).await;
        assert_eq!(timed["task_id"], 2);
        assert_eq!(timed["task"]["due"], "2026-11-30T17:00:00+01:00");
        assert_eq!([&timed["task"]["priority"], &timed["task"]["description"]], [&json!("none"), &Value::Null]);
    })
    .await;
}

/// TOOL-22: an addition tells that the list has the title already.
#[tokio::test]
async fn a_repeated_title_is_told() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let first = ann.does("add_task", json!({ "title": "Buy milk" })).await;
        assert_eq!(first.get("same_title"), None);
        let again = ann.does("add_task", json!({ "title": "buy milk" })).await;
        assert_eq!((&again["status"], &again["same_title"]), (&json!("created"), &json!([1])));
        let other = ann.does("add_task", json!({ "title": "Buy bread" })).await;
        assert_eq!(other.get("same_title"), None);
    })
    .await;
}

/// TOOL-05: the filters, alone and together.
#[tokio::test]
async fn tasks_are_found() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        for (title, due) in [
            ("Buy milk", Some("2026-11-30")),
            ("Buy bread", None),
            ("Pay rent", Some("2026-12-01T09:00:00Z")),
            ("Call Bob", Some("2026-12-05")),
            ("Gone", None),
        ] {
            let mut task = json!({ "title": title });
            if let Some(due) = due {
                task["due"] = json!(due);
            }
            ann.does("add_task", task).await;
        }
        ann.does("complete_task", json!({ "task_id": 2 })).await;
        ann.does("delete_task", json!({ "task_id": 5 })).await;

        for (filter, expected) in [
            (json!({}), vec![1, 3, 4, 2]),
            (json!({ "status": "all" }), vec![1, 3, 4, 2]),
            (json!({ "status": "pending" }), vec![1, 3, 4]),
            (json!({ "status": "completed" }), vec![2]),
            (json!({ "due_before": "2026-12-01" }), vec![1]),
            (json!({ "due_after": "2026-11-30" }), vec![3, 4]),
            (json!({ "due_after": "2026-11-30", "due_before": "2026-12-05" }), vec![3]),
            (json!({ "query": "buy" }), vec![1, 2]),
            (json!({ "query": "buy", "status": "pending" }), vec![1]),
            (json!({ "query": "nothing like it" }), vec![]),
        ] {
            let found = ann.does("list_tasks", filter.clone()).await;
            let numbers: Vec<i64> =
                found["tasks"].as_array().unwrap().iter().map(|task| task["id"].as_i64().unwrap()).collect();
            assert_eq!(numbers, expected, "{filter}");
            assert_eq!(found["total"], expected.len(), "{filter}");
            assert_eq!(found["next_cursor"], Value::Null, "{filter}");
        }
    })
    .await;
}

/// TOOL-05: pages hold each task once, and the text content is the bare array.
#[tokio::test]
async fn a_long_list_comes_in_pages() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        for n in 1..=5 {
            ann.adds(&format!("Task {n}")).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), Value::Null);
        for expected in [2, 2, 1] {
            let mut filter = json!({ "limit": 2 });
            if cursor.is_string() {
                filter["cursor"] = cursor;
            }
            let result = ann.call("list_tasks", filter).await;
            let page = result.structured_content.clone().unwrap();
            let read: Value = serde_json::from_str(&text(&result)).unwrap();
            let (read, whole) = (read.as_array().unwrap(), page["tasks"].as_array().unwrap());
            assert_eq!(read.len(), whole.len());
            assert!(read.iter().zip(whole).all(|(read, whole)| read["id"] == whole["id"]), "{read:?}");
            assert_eq!(page["total"], 5);
            let tasks = page["tasks"].as_array().unwrap();
            assert_eq!(tasks.len(), expected);
            seen.extend(tasks.iter().map(|task| task["id"].as_i64().unwrap()));
            cursor = page["next_cursor"].clone();
        }
        assert_eq!((seen, cursor), (vec![1, 2, 3, 4, 5], Value::Null));
    })
    .await;
}

/// TOOL-06: done is done and gone is gone, however often it is asked for.
#[tokio::test]
async fn completing_and_deleting_are_idempotent() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let number = ann.adds("Buy milk").await;
        for (tool, status, completed) in [("complete_task", "completed", true), ("delete_task", "deleted", true)] {
            let first = ann.does(tool, json!({ "task_id": number })).await;
            assert_eq!([&first["status"], &first["title"]], [status, "Buy milk"]);
            assert_eq!(first["task"]["completed"], completed);
            assert_eq!(first["changes"][0]["verb"], status);
            assert_eq!(first["changes"][0]["before"]["title"], "Buy milk");

            let second = ann.does(tool, json!({ "task_id": number })).await;
            assert_eq!(second["changes"], json!([]));
            assert_eq!([&second["status"], &second["title"]], [status, "Buy milk"]);
            assert_eq!(second["task"]["completed_at"], first["task"]["completed_at"]);
        }
        assert_eq!(ann.list().await, json!([]));
    })
    .await;
}

/// TOOL-07: what is given changes, the rest stays; null clears; a task is reopened and restored.
#[tokio::test]
async fn a_task_is_updated() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let full = json!({ "title": "Milk", "description": "oat", "due": "2026-11-30", "priority": "low" });
        let mut expected = ann.does("add_task", full).await["task"].take();
        for (field, given, kept, verb) in [
            ("title", json!("Bread"), json!("Bread"), "updated"),
            ("due", json!("2026-12-01T09:00:00Z"), json!("2026-12-01T09:00:00Z"), "updated"),
            ("due", Value::Null, Value::Null, "updated"),
            ("description", json!("rye"), json!("rye"), "updated"),
            ("description", json!(""), Value::Null, "updated"),
            ("priority", json!("high"), json!("high"), "updated"),
            ("completed", json!(true), json!(true), "completed"),
            ("completed", json!(false), json!(false), "reopened"),
        ] {
            let mut arguments = json!({ "task_id": 1 });
            arguments[field] = given;
            let updated = ann.does("update_task", arguments.clone()).await;
            assert_eq!(updated["status"], "updated");
            assert_eq!(updated["changes"][0]["verb"], verb, "{arguments}");
            let before = expected.clone();
            expected[field] = kept;
            for clock in ["updated_at", "completed_at"] {
                expected[clock] = updated["task"][clock].clone();
            }
            assert_eq!(updated["task"], expected, "{arguments}");
            assert_eq!(updated["changes"][0]["before"], before, "{arguments}");
            let again = ann.does("update_task", arguments.clone()).await;
            assert_eq!([&again["task"], &again["changes"]], [&expected, &json!([])], "{arguments}");
        }

        ann.does("delete_task", json!({ "task_id": 1 })).await;
        let restored = ann.does("update_task", json!({ "task_id": 1, "deleted": false })).await;
        assert_eq!(restored["changes"][0]["verb"], "restored");
        assert_eq!(ann.list().await, json!([restored["task"]]));
    })
    .await;
}

/// TOOL-08: the text is what a model reads of the structured content, which reads as the contract's types.
#[tokio::test]
async fn text_and_structure_agree() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let given = json!({ "title": "Milk", "due": "2026-11-30" });
        let one = json!({ "task_id": 1 });
        let open = json!({ "id": 1, "title": "Milk", "completed": false, "due": "2026-11-30", "priority": "none" });
        for (tool, arguments, status) in [
            ("add_task", given, "created"),
            ("update_task", json!({ "task_id": 1, "priority": "none" }), "updated"),
            ("complete_task", one.clone(), "completed"),
            ("delete_task", one, "deleted"),
        ] {
            let result = ann.call(tool, arguments).await;
            let structure = result.structured_content.clone().unwrap();
            let outcome: TaskOutcome = serde_json::from_value(structure.clone()).unwrap();
            assert_eq!(json!(outcome), structure);

            let read: Value = serde_json::from_str(&text(&result)).unwrap();
            let mut expected = json!({ "task_id": 1, "status": status, "title": "Milk", "task": open });
            if structure["changes"] == json!([]) {
                expected["changes"] = json!([]);
            }
            if let Some(moment) = structure["task"]["completed_at"].as_str() {
                expected["task"]["completed"] = json!(true);
                expected["task"]["completed_at"] = json!(format!("{}Z", moment.split(['.', 'Z']).next().unwrap()));
            }
            assert_eq!(read, expected);
        }
        let list = ann.does("list_tasks", json!({})).await;
        assert_eq!(json!(serde_json::from_value::<TaskList>(list.clone()).unwrap()), list);
    })
    .await;
}

/// TOOL-17: the same call of a turn has one effect, and the first answer again.
#[tokio::test]
async fn a_repeated_call_has_one_effect() {
    each_database(async |store| {
        let (ann, next) = (Client::of(&store, "ann").await, Client::of(&store, "ann").await);
        let milk = json!({ "title": "Milk" });
        let meta = |call: &str| json!({ "saydo/call_id": call });
        let first = ann.call_marked("add_task", milk.clone(), meta("a")).await;
        let again = ann.call_marked("add_task", milk.clone(), meta("a")).await;
        assert_eq!(again, first);
        assert_eq!(ann.list().await.as_array().unwrap().len(), 1);

        ann.call_marked("add_task", milk.clone(), meta("b")).await;
        next.call_marked("add_task", milk.clone(), meta("a")).await;
        assert_eq!(ann.list().await.as_array().unwrap().len(), 3);
    })
    .await;
}

/// TOOL-21: of two connections for one turn, that of the former holder changes nothing any more.
#[tokio::test]
async fn a_former_holder_changes_nothing() {
    each_database(async |store| {
        let store = store.for_user(user("ann"));
        let idempotency = Some(Idempotency { key: "k".parse().unwrap(), fingerprint: [1; 32] });
        let new = NewTurn { idempotency, lease: Duration::ZERO, ..says("Buy milk") };
        let begun = store.begin_turn(new.clone()).await.unwrap();
        let BeginTurn::Started(turn) = begun else { panic!("{begun:?}") };
        let former = Client::within(&store, turn).await;
        assert_eq!(former.adds("Milk").await, 1);
        let begun = store.begin_turn(new).await.unwrap();
        let BeginTurn::Resumed(turn) = begun else { panic!("{begun:?}") };
        let holder = Client::within(&store, turn).await;

        let before = holder.list().await;
        let one = json!({ "task_id": 1 });
        for (tool, arguments) in [("add_task", json!({ "title": "Eggs" })), ("delete_task", one.clone())] {
            let words = former.fails(tool, arguments).await;
            assert_eq!(words, "This turn goes on elsewhere. Nothing was changed; do not call tools any more.");
        }
        assert_eq!(holder.list().await, before);
        holder.does("delete_task", one).await;
        assert_eq!(former.list().await, json!([]), "reading is free");
    })
    .await;
}
