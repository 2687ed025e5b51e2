//! Task lists: order, date filters, search and paging.

use std::collections::BTreeSet;

use saydo_contract::{Cursor, PageLimit, StatusFilter};
use saydo_store::{ListError, NewTask, TaskFilter, UserStore};
use saydo_test_support::databases::on_every_database;

use crate::{add, ann, begin, finish, id, nobody, reply, says, says_in, store, task, user};

async fn add_due(store: &UserStore, title: &str, due: &str) {
    let new = NewTask { due: (!due.is_empty()).then(|| due.parse().unwrap()), ..task(title) };
    store.add_task(new, &nobody()).await.unwrap();
}

async fn titles(store: &UserStore, filter: TaskFilter) -> Vec<String> {
    let page = store.list_tasks(&filter, PageLimit::default(), None).await.unwrap();
    assert_eq!(page.total, page.tasks.len() as u64);
    page.tasks.iter().map(|task| task.title.to_string()).collect()
}

fn limit(items: i64) -> PageLimit {
    items.try_into().unwrap()
}

/// STORE-09: Open tasks first, then by day and time, those without last, then by number.
#[tokio::test]
async fn tasks_are_listed_in_order() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        for (title, due) in [
            ("no due", ""),
            ("evening", "2026-11-30T18:00:00+01:00"),
            ("done early", "2026-11-01"),
            ("morning", "2026-11-30T06:30:00+01:00"),
            ("the day after", "2026-12-01"),
            ("all day", "2026-11-30"),
            ("no due either", ""),
            ("all day too", "2026-11-30"),
            ("done without due", ""),
        ] {
            add_due(&ann, title, due).await;
        }
        ann.complete_task(id(3), &nobody()).await.unwrap();
        ann.complete_task(id(9), &nobody()).await.unwrap();

        let open = ["all day", "all day too", "morning", "evening", "the day after", "no due", "no due either"];
        let done = ["done early", "done without due"];
        assert_eq!(titles(&ann, TaskFilter::default()).await, [open.as_slice(), done.as_slice()].concat());
        let pending = TaskFilter { status: StatusFilter::Pending, ..TaskFilter::default() };
        assert_eq!(titles(&ann, pending).await, open);
        let completed = TaskFilter { status: StatusFilter::Completed, ..TaskFilter::default() };
        assert_eq!(titles(&ann, completed).await, done);
    })
    .await;
}

/// STORE-10: Dates compare with the person's day, moments with moments.
#[tokio::test]
async fn due_bounds_are_exact() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        // 22:30 on the 29th in UTC, but the 30th where it was said.
        add_due(&ann, "half past midnight", "2026-11-30T00:30:00+02:00").await;
        add_due(&ann, "all day", "2026-11-30").await;
        add_due(&ann, "never", "").await;
        let before = |due: &str| TaskFilter { due_before: due.parse().ok(), ..TaskFilter::default() };
        let after = |due: &str| TaskFilter { due_after: due.parse().ok(), ..TaskFilter::default() };
        let (both, neither) = (["all day", "half past midnight"].as_slice(), [].as_slice());
        for (filter, expected) in [
            (before("2026-11-30"), neither),
            (before("2026-12-01"), both),
            (after("2026-11-30"), neither),
            (after("2026-11-29"), both),
            (before("2026-11-30T00:30:00+02:00"), neither),
            (before("2026-11-30T00:30:01+02:00"), &["half past midnight"]),
            (before("2026-11-29T22:30:01Z"), &["half past midnight"]),
            (before("2026-12-01T00:00:00+02:00"), both),
            (after("2026-11-30T00:30:00+02:00"), neither),
            (after("2026-11-30T00:29:59+02:00"), &["half past midnight"]),
            (after("2026-11-29T12:00:00Z"), both),
        ] {
            assert_eq!(titles(&ann, filter.clone()).await, expected, "{filter:?}");
        }
        let between = TaskFilter {
            due_after: "2026-11-29".parse().ok(),
            due_before: "2026-12-01".parse().ok(),
            ..TaskFilter::default()
        };
        assert_eq!(titles(&ann, between).await, both);
    })
    .await;
}

/// STORE-11: Words are found in any case and script, and only as themselves.
#[tokio::test]
async fn words_are_found_as_themselves() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        for title in ["Äpfel kaufen", "100% sure", "100 percent sure", "a_b", "a-b", "Wow!", r"C:\temp", "ПРИВЕТ"]
        {
            add(&ann, title).await;
        }
        let described = NewTask { description: "Bring ÄPFEL and bread".parse().ok(), ..task("Party") };
        ann.add_task(described, &nobody()).await.unwrap();
        for (query, expected) in [
            ("äPFEL", ["Äpfel kaufen", "Party"].as_slice()),
            ("bread party", &["Party"]),
            ("bread kaufen", &[]),
            ("100%", &["100% sure"]),
            ("a_b", &["a_b"]),
            ("!", &["Wow!"]),
            (r"c:\t", &[r"C:\temp"]),
            ("привет", &["ПРИВЕТ"]),
            ("' OR 1=1 --", &[]),
        ] {
            let filter = TaskFilter { query: query.parse().ok(), ..TaskFilter::default() };
            assert_eq!(titles(&ann, filter).await, expected, "{query}");
        }
        let all = TaskFilter { query: " ".parse().ok(), ..TaskFilter::default() };
        assert_eq!(titles(&ann, all).await.len(), 9);
    })
    .await;
}

/// STORE-12: Pages hold every task once, whatever is added meanwhile.
#[tokio::test]
async fn pages_hold_every_task_once() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        for n in 1..=23 {
            let due = ["", "2026-11-30", "2026-11-30T08:00:00Z", "2026-11-29T08:00:00-03:00"][n % 4];
            add_due(&ann, &format!("Task {n}"), due).await;
        }
        for n in [2, 3, 4, 5, 8] {
            ann.complete_task(id(n), &nobody()).await.unwrap();
        }
        let whole = ann.list_tasks(&TaskFilter::default(), PageLimit::MAX, None).await.unwrap();
        let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = ann.list_tasks(&TaskFilter::default(), limit(5), cursor.as_ref()).await.unwrap();
            seen.extend(page.tasks);
            pages += 1;
            if pages == 2 {
                // Sorts before everything that was read.
                add_due(&ann, "urgent", "2026-01-01").await;
            }
            assert_eq!(page.total, if pages > 2 { 24 } else { 23 });
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(pages, 5);
        assert_eq!(seen, whole.tasks);
    })
    .await;
}

/// STORE-12: Pages of conversations and messages hold each of them once.
#[tokio::test]
async fn pages_hold_every_conversation_and_message_once() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let mut started = BTreeSet::new();
        for n in 1..=7 {
            let turn = begin(&ann, says(&format!("Conversation {n}"))).await;
            finish(&ann, &turn).await;
            started.insert(turn.conversation_id);
        }
        let (mut listed, mut cursor) = (Vec::new(), None::<Cursor>);
        loop {
            let page = ann.conversations(cursor.as_ref(), limit(3), None).await.unwrap();
            listed.extend(page.items.into_iter().map(|item| item.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
            begin(&ann, says("A new one on top")).await;
        }
        assert_eq!(listed.len(), 7);
        assert_eq!(BTreeSet::from_iter(listed), started);
    })
    .await;
}

/// STORE-13: A cursor works where it came from, and nowhere else.
#[tokio::test]
async fn a_cursor_works_where_it_came_from() {
    on_every_database(async |database| {
        let (ann, bob) = (ann(database).await, store(database).await.for_user(user("bob")));
        for n in 0..3 {
            add(&ann, &format!("Task {n}")).await;
            finish(&ann, &begin(&ann, says("Hello")).await).await;
        }
        let turn = begin(&ann, says("One")).await;
        ann.add_assistant_message(&turn, reply("Two")).await.unwrap();
        finish(&ann, &turn).await;
        let other = begin(&ann, says_in(turn.conversation_id, "Three")).await.conversation_id;
        assert_eq!(other, turn.conversation_id);
        let another = begin(&ann, says("Elsewhere")).await.conversation_id;

        let one = limit(1);
        let everything = TaskFilter::default();
        let pending = TaskFilter { status: StatusFilter::Pending, ..TaskFilter::default() };
        let tasks = ann.list_tasks(&everything, one, None).await.unwrap().next_cursor.unwrap();
        let talks = ann.conversations(None, one, None).await.unwrap().next_cursor.unwrap();
        let page = ann.messages(turn.conversation_id, None, one).await.unwrap().unwrap();
        let messages = page.next_cursor.unwrap();

        let query = "hello".parse().ok();
        let cut: Cursor = tasks.as_str()[..tasks.as_str().len() - 4].parse().unwrap();
        let mut made_up: Vec<Cursor> =
            vec![cut, "x".parse().unwrap(), "é".escape_unicode().to_string().parse().unwrap()];
        let (sealed, _) = tasks.as_str().split_once('.').unwrap();
        for key in
            ["0.99999999999.0.1", "0.0.9223372036854775807.1", "0.0.-9223372036854775807.1", "0.-999999.0.1", "0.0.0"]
        {
            made_up.push(format!("{sealed}.{key}").parse().unwrap());
        }
        for wrong in made_up.iter().chain([&talks, &messages]) {
            let listed = ann.list_tasks(&everything, one, Some(wrong)).await;
            assert!(matches!(listed, Err(ListError::InvalidCursor)), "{wrong}");
        }
        assert!(matches!(ann.list_tasks(&pending, one, Some(&tasks)).await, Err(ListError::InvalidCursor)));
        assert!(matches!(bob.list_tasks(&everything, one, Some(&tasks)).await, Err(ListError::InvalidCursor)));
        for wrong in [&tasks, &messages] {
            let listed = ann.conversations(Some(wrong), one, None).await;
            assert!(matches!(listed, Err(ListError::InvalidCursor)), "{wrong}");
        }
        let (sealed, _) = talks.as_str().split_once('.').unwrap();
        for key in ["9223372036854775807.1", "-9223372036854775807.1", "1"] {
            let made_up = format!("{sealed}.{key}").parse().unwrap();
            assert!(matches!(ann.conversations(Some(&made_up), one, None).await, Err(ListError::InvalidCursor)));
        }
        assert!(matches!(ann.conversations(Some(&talks), one, query.as_ref()).await, Err(ListError::InvalidCursor)));
        assert!(matches!(bob.conversations(Some(&talks), one, None).await, Err(ListError::InvalidCursor)));
        assert!(matches!(ann.messages(another, Some(&messages), one).await, Err(ListError::InvalidCursor)));
        assert!(matches!(ann.messages(turn.conversation_id, Some(&tasks), one).await, Err(ListError::InvalidCursor)));
        // And the right ones go on working.
        assert_eq!(ann.list_tasks(&everything, one, Some(&tasks)).await.unwrap().tasks[0].id, id(2));
        assert!(ann.messages(turn.conversation_id, Some(&messages), one).await.unwrap().is_some());
    })
    .await;
}
