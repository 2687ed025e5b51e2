//! What a model is told when it asks for what cannot be.

use saydo_store::{DatabaseConfig, Store};
use saydo_test_support::databases::TestDatabase;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::{client::Client, each_database};

/// TOOL-10: each wrong argument is named with its rule, and nothing is done.
#[tokio::test]
async fn wrong_arguments_are_named() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        ann.adds("Milk").await;
        let before = ann.list().await;
        let long = "x".repeat(201);
        for (tool, arguments, named) in [
            ("add_task", json!({}), "missing field `title`"),
            ("add_task", json!({ "title": "  " }), "`title`: must not be empty"),
            ("add_task", json!({ "title": long }), "`title`: must have at most 200 characters"),
            ("add_task", json!({ "title": 7 }), "`title`: invalid type: integer `7`, expected a string"),
            ("add_task", json!({ "title": "a\nb" }), "`title`: must not contain control characters"),
            (
                "add_task",
                json!({ "title": "Milk", "when": "now" }),
                "unknown argument `when` (allowed: title, description, due, priority)",
            ),
            ("add_task", json!({ "title": "Milk", "due": "tomorrow" }), "`due`: must be a date such as 2026-11-30"),
            ("add_task", json!({ "title": "Milk", "due": "2026-02-30" }), "`due`: must be a date"),
            ("add_task", json!({ "title": "Milk", "priority": "urgent" }), "unknown variant `urgent`, expected one of"),
            ("add_task", json!({ "title": "Milk", "user_id": "a b" }), "`user_id`: must be 1 to 128 characters"),
            ("list_tasks", json!({ "status": "late" }), "`status`: unknown variant `late`, expected one of `all`"),
            ("list_tasks", json!({ "limit": 0 }), "`limit`: must be a whole number from 1 to 200"),
            ("list_tasks", json!({ "limit": 201 }), "`limit`: must be a whole number from 1 to 200"),
            ("list_tasks", json!({ "cursor": "nonsense" }), "`cursor` does not belong to this list"),
            ("complete_task", json!({}), "missing field `task_id`"),
            ("complete_task", json!({ "task_id": 0 }), "`task_id`: must be a whole number from 1"),
            (
                "complete_task",
                json!({ "task_id": "one" }),
                "`task_id`: invalid type: string \"one\", expected a whole number",
            ),
            (
                "complete_task",
                json!({ "task_id": 1.5 }),
                "`task_id`: invalid type: floating point `1.5`, expected a whole",
            ),
            ("delete_task", json!({ "task_id": -1 }), "`task_id`: must be a whole number from 1"),
            ("delete_task", json!({ "task_id": 1, "all": true }), "unknown argument `all` (allowed: task_id)"),
            ("complete_task", json!({ "task_id": null }), "missing field `task_id`"),
            ("complete_task", json!({ "task_id": "" }), "missing field `task_id`"),
            ("add_task", json!({ "title": "Milk", "due": "2026-11-30T17:00:00" }), "date-time with offset such as"),
            ("update_task", json!({ "task_id": 1, "completed": "yes" }), "`completed`: invalid type: string \"yes\""),
            (
                "update_task",
                json!({ "task_id": 1, "description": "x".repeat(1001) }),
                "`description`: must have at most",
            ),
        ] {
            let words = ann.fails(tool, arguments.clone()).await;
            assert!(words.contains(named), "{tool} {arguments}: {words}");
            assert!(words.contains("Nothing was done") || tool == "list_tasks", "{words}");
        }
        assert_eq!(ann.list().await, before);
    })
    .await;
}

/// TOOL-30: an unknown argument is refused with the allowed one that is nearest to it, and nothing is done.
#[tokio::test]
async fn the_nearest_argument_is_named() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        ann.adds("Milk").await;
        let before = ann.list().await;
        for (tool, given, nearest) in [
            ("add_task", "due_date", Some("due")),
            ("add_task", "dueDate", Some("due")),
            ("add_task", "desc", Some("description")),
            ("add_task", "titel", Some("title")),
            ("add_task", "color", None),
            ("update_task", "taskId", Some("task_id")),
            ("update_task", "id", Some("task_id")),
            ("update_task", "complete", Some("completed")),
            ("update_task", "done", None),
            ("list_tasks", "due_befor", Some("due_before")),
            ("list_tasks", "priority", None),
        ] {
            let mut arguments = json!({ given: "x" });
            match tool {
                "add_task" => arguments["title"] = json!("Bread"),
                "update_task" => arguments["task_id"] = json!(1),
                _ => {}
            }
            let words = ann.fails(tool, arguments).await;
            let suggestion = nearest.map(|nearest| format!(", did you mean `{nearest}`?")).unwrap_or_default();
            let expected = format!("Wrong arguments: unknown argument `{given}`{suggestion} (allowed: ");
            assert!(words.starts_with(&expected), "{tool} {given}: {words}");
            assert!(!words.contains("user_id"), "{words}");
        }
        assert_eq!(ann.list().await, before);
    })
    .await;
}

/// TOOL-25, TOOL-26, TOOL-27, TOOL-28, TOOL-29: arguments in other forms do what the usual form does.
#[tokio::test]
async fn other_forms_are_understood() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let added = ann
            .does(
                "add_task",
                json!({
                    "title": "Milk", "description": "", "due": "2026-12-01 17:00+0100", "priority": "High", "user_id": "",
                    "toolCallId": "a", "sessionId": "b", "action": "sendMessage", "chatInput": "add milk",
                }),
            )
            .await;
        assert_eq!([&added["task"]["due"], &added["task"]["priority"]], ["2026-12-01T17:00:00+01:00", "high"]);
        ann.adds("Bread").await;
        ann.does("complete_task", json!({ "task_id": "#2" })).await;
        for (filter, expected) in [
            (json!({ "status": "Pending", "limit": "10" }), json!([1])),
            (json!({ "status": "done", "limit": 10.0, "cursor": "" }), json!([2])),
            (json!({ "status": "", "query": "", "due_before": "", "due_after": "" }), json!([1, 2])),
        ] {
            let listed = ann.does("list_tasks", filter.clone()).await;
            let numbers: Value = listed["tasks"].as_array().unwrap().iter().map(|task| task["id"].clone()).collect();
            assert_eq!(numbers, expected, "{filter}");
        }
        let reopened = ann.does("update_task", json!({ "task_id": 2.0, "completed": "false", "title": "" })).await;
        assert_eq!([&reopened["task"]["completed"], &reopened["task"]["title"]], [&json!(false), &json!("Bread")]);
        ann.does("delete_task", json!({ "task_id": "2" })).await;
        assert_eq!(ann.list().await.as_array().unwrap().len(), 1);
    })
    .await;
}

/// TOOL-10: a long argument is not quoted back at length.
#[tokio::test]
async fn a_long_argument_is_not_quoted() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let words = ann.fails("complete_task", json!({ "task_id": "9".repeat(20_000) })).await;
        assert!(words.starts_with("Wrong arguments: `task_id`: invalid type"), "{words}");
        assert!(words.len() < 500, "{}", words.len());
        let words = ann.fails("list_tasks", json!({ "x".repeat(20_000): 1 })).await;
        assert!(words.len() < 600, "{}", words.len());
    })
    .await;
}

/// TOOL-10: a cursor of another list is refused too.
#[tokio::test]
async fn a_foreign_cursor_is_refused() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        for title in ["Milk", "Bread"] {
            ann.adds(title).await;
        }
        let page = ann.does("list_tasks", json!({ "limit": 1 })).await;
        let cursor = &page["next_cursor"];
        assert!(cursor.is_string());
        let words = ann.fails("list_tasks", json!({ "status": "pending", "limit": 1, "cursor": cursor })).await;
        assert!(words.contains("without a cursor"), "{words}");
        let bob = Client::of(&store, "bob").await;
        bob.fails("list_tasks", json!({ "limit": 1, "cursor": cursor })).await;
    })
    .await;
}

/// TOOL-09: what is not there, and what is in the trash.
#[tokio::test]
async fn a_missing_task_is_told() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        ann.adds("Milk").await;
        ann.does("delete_task", json!({ "task_id": 1 })).await;
        for (tool, more) in
            [("complete_task", Value::Null), ("delete_task", Value::Null), ("update_task", json!("Bread"))]
        {
            let mut arguments = json!({ "task_id": 99 });
            if more.is_string() {
                arguments["title"] = more;
            }
            let unknown = "No task 99 on this list. Call list_tasks to see the numbers.";
            assert_eq!(ann.fails(tool, arguments.clone()).await, unknown);
            arguments["task_id"] = json!(1);
            if tool != "delete_task" {
                let trashed =
                    "Task 1 is in the trash. To restore it, call update_task with task_id 1 and deleted: false.";
                assert_eq!(ann.fails(tool, arguments).await, trashed);
            }
        }
    })
    .await;
}

/// TOOL-11: an update that updates nothing, and one that means to delete.
#[tokio::test]
async fn an_empty_update_is_refused() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        ann.adds("Milk").await;
        let words = ann.fails("update_task", json!({ "task_id": 1 })).await;
        assert!(words.starts_with("Nothing to update. Give at least one of title"), "{words}");
        let words = ann.fails("update_task", json!({ "task_id": 1, "title": "Bread", "deleted": true })).await;
        assert!(words.ends_with("call delete_task."), "{words}");
        assert_eq!(ann.list().await[0]["title"], "Milk");
    })
    .await;
}

/// TOOL-13: a database that is away is told as such, without a cause.
#[tokio::test]
async fn a_database_that_is_away_is_told() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        ann.adds("Milk").await;
        store.clone().close().await;
        for (tool, arguments) in [
            ("add_task", json!({ "title": "Bread" })),
            ("list_tasks", json!({})),
            ("complete_task", json!({ "task_id": 1 })),
            ("delete_task", json!({ "task_id": 1 })),
            ("update_task", json!({ "task_id": 1, "title": "Bread" })),
        ] {
            let words = ann.fails(tool, arguments).await;
            assert_eq!(words, "The list cannot be reached at the moment. Nothing was changed; try again.");
        }
    })
    .await;
}

/// TOOL-20: a change that may have been made is not told as one that was not.
#[tokio::test]
async fn a_change_that_was_not_confirmed_is_told() {
    let database = TestDatabase::sqlite();
    let store = Store::connect(&DatabaseConfig::new(database.url.as_str())).await.unwrap();
    store.migrate().await.unwrap();
    let ann = Client::of(&store, "ann").await;
    ann.adds("Milk").await;
    // Commits fail: what a change owes is only looked at then.
    let direct = Database::connect(&database.url).await.unwrap();
    for ddl in [
        "CREATE TABLE paid (id INTEGER PRIMARY KEY)",
        "CREATE TABLE owed (id INTEGER REFERENCES paid (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER owing AFTER INSERT ON task_changes BEGIN INSERT INTO owed (id) VALUES (1); END",
    ] {
        direct.execute_unprepared(ddl).await.unwrap();
    }
    for (tool, arguments) in [
        ("add_task", json!({ "title": "Bread" })),
        ("complete_task", json!({ "task_id": 1 })),
        ("delete_task", json!({ "task_id": 1 })),
        ("update_task", json!({ "task_id": 1, "title": "Bread" })),
    ] {
        let words = ann.fails(tool, arguments).await;
        let told = "The list did not confirm the change: it may or may not have been made. Call list_tasks first, and \
                    repeat only what is missing there.";
        assert_eq!(words, told);
    }
    direct.close().await.unwrap();
}
