//! Tasks: numbers, fields, receipts, the trash and repeated calls.

use futures::future::join_all;
use saydo_contract::{ChangeVerb, Patch, Priority};
use saydo_store::{NewTask, SAME_TITLES, TASK_LIMIT, TaskError, TaskPatch, Trash, UserStore};
use saydo_test_support::databases::on_every_database;
use sea_orm::{ConnectionTrait, Database};

use crate::{add, ann, begin, call, id, nobody, says, store, task, user};

/// STORE-05: Adding at the same moment never gives one number to two tasks, nor leaves one out.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_consecutive_under_load() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let nobody = nobody();
        let added = join_all((0..200).map(|n| ann.add_task(task(&format!("Task {n}")), &nobody))).await;
        let mut numbers: Vec<i64> = added.into_iter().map(|added| added.unwrap().task.id.get()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=200).collect::<Vec<_>>());
    })
    .await;
}

/// STORE-06: A number belongs to its task for good.
#[tokio::test]
async fn numbers_are_not_used_again() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        add(&ann, "Buy milk").await;
        let second = add(&ann, "Buy eggs").await;
        ann.delete_task(second, &nobody()).await.unwrap();
        assert_eq!(add(&ann, "Buy flour").await, id(3));
    })
    .await;
}

/// STORE-42: An addition names the older open tasks of its title, in any case, and no others.
#[tokio::test]
async fn an_addition_names_tasks_of_the_same_title() {
    on_every_database(async |database| {
        let store = store(database).await;
        let (ann, bob) = (store.for_user(user("ann")), store.for_user(user("bob")));
        let same = async |store: &UserStore, title| store.add_task(task(title), &nobody()).await.unwrap().same_title;
        assert_eq!(same(&ann, "Buy milk").await, []);
        assert_eq!(same(&ann, "buy MILK").await, [id(1)]);
        assert_eq!(same(&ann, "Buy milk today").await, []);
        assert_eq!(same(&bob, "Buy milk").await, []);
        ann.complete_task(id(1), &nobody()).await.unwrap();
        assert_eq!(same(&ann, "Buy milk").await, [id(2)]);
        ann.delete_task(id(2), &nobody()).await.unwrap();
        assert_eq!(same(&ann, "BUY MILK").await, [id(4)]);
        assert_eq!(same(&ann, "Äpfel kaufen").await, []);
        assert_eq!(same(&ann, "Äpfel kaufen").await, [id(6)]);
        for _ in 0..SAME_TITLES {
            same(&ann, "Call mom").await;
        }
        assert_eq!(same(&ann, "Call mom").await, [8, 9, 10, 11, 12].map(id));
        let turn = begin(&ann, says("again")).await;
        let first = ann.add_task(task("Call mom"), &call(&turn, "a")).await.unwrap();
        assert_eq!(first.same_title, [8, 9, 10, 11, 12].map(id));
        assert_eq!(ann.add_task(task("Call mom"), &call(&turn, "a")).await.unwrap(), first);
    })
    .await;
}

/// STORE-08: What was written is what is read.
#[tokio::test]
async fn a_task_reads_back_as_it_was_written() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        for (title, description, due, priority) in [
            ("Äpfel 🍎 für Żaneta", Some("zwei\nZeilen"), Some("2026-11-30"), Priority::High),
            ("हिन्दी; DROP TABLE tasks; --", Some(""), Some("2026-11-30T00:30:00+05:45"), Priority::Low),
            ("O'Brien said \"go\"", None, Some("1900-01-01"), Priority::Medium),
            ("مرحبا", None, Some("9998-12-31T23:59:59-11:00"), Priority::None),
            ("買牛奶", None, None, Priority::None),
        ] {
            let new = NewTask {
                title: title.parse().unwrap(),
                description: description.map(|text| text.parse().unwrap()),
                due: due.map(|due| due.parse().unwrap()),
                priority,
            };
            let added = ann.add_task(new, &nobody()).await.unwrap().task;
            let read = ann.task(added.id).await.unwrap().unwrap();
            assert!(!read.in_trash);
            assert_eq!(read.task, added);
            assert_eq!(read.task.title.as_str(), title);
            assert_eq!(read.task.description.as_deref(), description.filter(|text| !text.is_empty()));
            assert_eq!(read.task.due.map(|due| due.to_string()).as_deref(), due);
            assert_eq!((read.task.priority, read.task.completed, read.task.completed_at), (priority, false, None));
            assert_eq!(read.task.created_at, read.task.updated_at);
        }
    })
    .await;
}

/// STORE-14: Each kind of change gives its receipt, and none where nothing is to be changed.
#[tokio::test]
async fn a_change_is_told_once() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let milk = add(&ann, "Buy milk").await;
        let patch = |change: fn(&mut TaskPatch)| {
            let mut patch = TaskPatch::default();
            change(&mut patch);
            patch
        };
        for (verb, patch) in [
            (ChangeVerb::Updated, patch(|p| p.title = "Buy oat milk".parse().ok())),
            (ChangeVerb::Updated, patch(|p| p.description = Patch::Set("2 litres".parse().unwrap()))),
            (ChangeVerb::Updated, patch(|p| p.description = Patch::Set("".parse().unwrap()))),
            (ChangeVerb::Updated, patch(|p| p.due = Patch::Set("2026-11-30T17:00:00+01:00".parse().unwrap()))),
            (ChangeVerb::Updated, patch(|p| p.due = Patch::Set("2026-11-30".parse().unwrap()))),
            (ChangeVerb::Updated, patch(|p| p.due = Patch::Clear)),
            (ChangeVerb::Updated, patch(|p| p.priority = Some(Priority::High))),
            (ChangeVerb::Completed, patch(|p| p.completed = Some(true))),
            (ChangeVerb::Reopened, patch(|p| p.completed = Some(false))),
        ] {
            let before = ann.task(milk).await.unwrap().unwrap().task;
            let changed = ann.update_task(milk, patch.clone(), &nobody()).await.unwrap();
            let change = changed.change.unwrap();
            assert_eq!(change.verb, verb);
            assert_eq!(change.before, Some(before));
            assert_eq!(change.after.as_ref(), Some(&changed.task));
            assert_eq!(ann.task(milk).await.unwrap().unwrap().task, changed.task);

            let again = ann.update_task(milk, patch, &nobody()).await.unwrap();
            assert_eq!((again.change, again.task), (None, changed.task));
        }
        let done = ann.complete_task(milk, &nobody()).await.unwrap();
        assert_eq!(done.change.unwrap().verb, ChangeVerb::Completed);
        assert_eq!(done.task.completed_at, Some(done.task.updated_at));

        let deleted = ann.delete_task(milk, &nobody()).await.unwrap();
        let change = deleted.change.unwrap();
        assert_eq!((change.verb, change.after, change.before.as_ref()), (ChangeVerb::Deleted, None, Some(&done.task)));
        assert_eq!(deleted.task.title.as_str(), "Buy oat milk");
        assert_eq!(ann.delete_task(milk, &nobody()).await.unwrap().change, None);

        let restored = ann.restore_task(milk, &nobody()).await.unwrap();
        let change = restored.change.unwrap();
        assert_eq!((change.verb, change.after), (ChangeVerb::Restored, Some(restored.task)));
        assert_eq!(ann.restore_task(milk, &nobody()).await.unwrap().change, None);

        assert!(matches!(ann.complete_task(id(7), &nobody()).await, Err(TaskError::NotFound)));
    })
    .await;
}

/// STORE-15: The trash is out of sight and out of reach, until a task is taken back.
#[tokio::test]
async fn the_trash_is_left_alone() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let milk = add(&ann, "Buy milk").await;
        ann.delete_task(milk, &nobody()).await.unwrap();
        assert_eq!(ann.list_tasks(&Default::default(), Default::default(), None).await.unwrap().total, 0);
        assert!(ann.task(milk).await.unwrap().unwrap().in_trash);
        assert!(matches!(ann.complete_task(milk, &nobody()).await, Err(TaskError::InTrash)));
        let rename = TaskPatch { title: "Buy eggs".parse().ok(), ..TaskPatch::default() };
        assert!(matches!(ann.update_task(milk, rename.clone(), &nobody()).await, Err(TaskError::InTrash)));
        let restore = TaskPatch { trash: Trash::Restore, ..rename };
        assert_eq!(ann.update_task(milk, restore, &nobody()).await.unwrap().task.title.as_str(), "Buy eggs");
        assert_eq!(ann.list_tasks(&Default::default(), Default::default(), None).await.unwrap().total, 1);
    })
    .await;
}

/// STORE-16: A tool call that is made again does nothing, and answers as it did.
#[tokio::test]
async fn a_call_has_its_effect_once() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let (one, two) = (begin(&ann, says("One")).await, begin(&ann, says("Two")).await);
        let first = ann.add_task(task("Buy milk"), &call(&one, "a")).await.unwrap();
        assert_eq!(ann.add_task(task("Buy milk"), &call(&one, "a")).await.unwrap(), first);
        let milk = first.task.id;

        // Another turn, another call, or no call at all: another effect.
        for (number, origin) in [(2, call(&two, "a")), (3, call(&one, "b")), (4, nobody()), (5, nobody())] {
            assert_eq!(ann.add_task(task("Buy eggs"), &origin).await.unwrap().task.id, id(number));
        }

        let deleted = ann.delete_task(milk, &call(&one, "c")).await.unwrap();
        assert_eq!(ann.delete_task(milk, &call(&one, "c")).await.unwrap(), deleted);
        ann.restore_task(milk, &nobody()).await.unwrap();
        assert_eq!(ann.delete_task(milk, &call(&one, "c")).await.unwrap(), deleted);
        assert!(!ann.task(milk).await.unwrap().unwrap().in_trash);

        // A call that found nothing to do finds nothing later either.
        ann.complete_task(milk, &nobody()).await.unwrap();
        assert_eq!(ann.complete_task(milk, &call(&one, "d\0")).await.unwrap().change, None);
        let reopen = TaskPatch { completed: Some(false), ..TaskPatch::default() };
        ann.update_task(milk, reopen, &nobody()).await.unwrap();
        assert_eq!(ann.complete_task(milk, &call(&one, "d\0")).await.unwrap().change, None);
        assert!(!ann.task(milk).await.unwrap().unwrap().task.completed);
    })
    .await;
}

/// STORE-16: The same call several times at the same moment is one effect too.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_made_at_once_has_its_effect_once() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let origin = call(&begin(&ann, says("One")).await, "a");
        let added = join_all((0..8).map(|_| ann.add_task(task("Buy milk"), &origin))).await;
        let added: Vec<_> = added.into_iter().map(Result::unwrap).collect();
        assert!(added.iter().all(|changed| *changed == added[0]));
        assert_eq!(add(&ann, "Buy eggs").await, id(2));
    })
    .await;
}

/// Puts tasks into the table that only their number tells apart.
async fn fill(url: &str, ann: &UserStore, until: u64) {
    add(ann, "Task").await;
    let direct = Database::connect(url).await.unwrap();
    let copies = format!(
        "WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {until}) \
         INSERT INTO tasks (user_id, number, title, search_text, completed, priority, created_at, updated_at) \
         SELECT user_id, n, title, search_text, completed, priority, created_at, updated_at FROM tasks, numbers"
    );
    direct.execute_unprepared(&copies).await.unwrap();
    direct.execute_unprepared(&format!("UPDATE task_numbers SET last = {until}")).await.unwrap();
    direct.close().await.unwrap();
}

/// STORE-17: A full list takes no more; the trash does not count.
#[tokio::test]
async fn a_list_has_a_limit() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        fill(&database.url, &ann, TASK_LIMIT).await;
        let full = ann.add_task(task("One more"), &nobody()).await;
        assert!(matches!(full, Err(TaskError::TooMany)));
        ann.delete_task(id(5), &nobody()).await.unwrap();
        assert_eq!(add(&ann, "One more").await, id(i64::try_from(TASK_LIMIT).unwrap() + 1));
        assert!(matches!(ann.restore_task(id(5), &nobody()).await, Err(TaskError::TooMany)));
        assert!(ann.complete_task(id(6), &nobody()).await.is_ok());
    })
    .await;
}
