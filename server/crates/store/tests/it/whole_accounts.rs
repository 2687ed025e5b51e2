use chrono::{TimeDelta, Utc};
use saydo_store::{NewUser, Store, UserStore};
use saydo_test_support::databases::on_every_database;
use sea_orm::{ConnectionTrait, Database, Statement};

use crate::{add, begin, call, finish, keyed, nobody, reply, says, store, task};

async fn sign_up(store: &Store, name: &str) -> UserStore {
    let new = NewUser {
        email: format!("{name}@example.com").parse().unwrap(),
        name: name.parse().unwrap(),
        password_hash: "hash".to_owned(),
    };
    let user = store.accounts().create_user(new).await.unwrap().id;
    let token_hash = [name.as_bytes()[0]; 32];
    store.accounts().create_session(&user, token_hash, Utc::now() + TimeDelta::days(1)).await.unwrap();
    let mine = store.for_user(user);
    let gone = add(&mine, "Thrown away").await;
    mine.delete_task(gone, &nobody()).await.unwrap();
    mine.keep_time_zone("Europe/Berlin").await.unwrap();
    for n in 0..210 {
        add(&mine, &format!("Task {n}")).await;
    }
    for n in 0..3 {
        let turn = begin(&mine, keyed(says(&format!("Message {n}")), &format!("key {n}"), 1)).await;
        mine.add_task(task("By call"), &call(&turn, "a")).await.unwrap();
        mine.append_events(&turn, &[(1, saydo_contract::TurnEvent::MessageDelta { text: "Hi".to_owned() })])
            .await
            .unwrap();
        mine.add_assistant_message(&turn, reply("Answer")).await.unwrap();
        finish(&mine, &turn).await;
    }
    mine
}

/// The rows of a person in each table.
async fn rows(url: &str, user: &str) -> Vec<(&'static str, i64)> {
    let direct = Database::connect(url).await.unwrap();
    let mut counts = Vec::new();
    for (table, owner) in [
        ("users", "id"),
        ("accounts", "user_id"),
        ("sessions", "user_id"),
        ("tasks", "user_id"),
        ("settings", "user_id"),
        ("task_numbers", "user_id"),
        ("task_changes", "user_id"),
        ("conversations", "user_id"),
        ("messages", "user_id"),
        ("turns", "user_id"),
        ("turn_events", "user_id"),
        ("idempotency_keys", "user_id"),
    ] {
        let count = format!("SELECT COUNT(*) FROM {table} WHERE {owner} = '{user}'");
        let row = direct.query_one_raw(Statement::from_string(direct.get_database_backend(), count)).await;
        counts.push((table, row.unwrap().unwrap().try_get_by_index(0).unwrap()));
    }
    direct.close().await.unwrap();
    counts
}

/// STORE-26: All of a person's data can be taken along, and erased without a trace.
#[tokio::test]
async fn an_account_is_exported_and_erased_whole() {
    on_every_database(async |database| {
        let store = store(database).await;
        let (ann, bob) = (sign_up(&store, "ann").await, sign_up(&store, "bob").await);

        let export = ann.export().await.unwrap();
        assert_eq!(export.user.as_ref().unwrap().email.as_str(), "ann@example.com");
        assert_eq!((export.tasks.len(), export.deleted_tasks.len()), (213, 1));
        assert!(export.tasks.is_sorted_by_key(|task| task.id));
        let talks: Vec<_> = export.conversations.iter().map(|talk| talk.conversation.title.as_str()).collect();
        assert_eq!(talks, ["Message 0", "Message 1", "Message 2"]);
        for talk in &export.conversations {
            let words: Vec<_> = talk.messages.iter().map(|message| message.content.as_str()).collect();
            assert_eq!(words, [talk.conversation.title.as_str(), "Answer"]);
        }

        let (before, others) =
            (rows(&database.url, ann.user().as_str()).await, rows(&database.url, bob.user().as_str()).await);
        assert!(before.iter().all(|(_, count)| *count > 0), "{before:?}");
        ann.erase().await.unwrap();
        let after = rows(&database.url, ann.user().as_str()).await;
        assert!(after.iter().all(|(_, count)| *count == 0), "{after:?}");
        assert_eq!(rows(&database.url, bob.user().as_str()).await, others);
        assert!(store.accounts().session_by_token_hash([b'a'; 32]).await.unwrap().is_none());
        // Erasing nothing is fine.
        ann.erase().await.unwrap();
    })
    .await;
}

/// STORE-32: Everybody has the time zone that was kept for them last.
#[tokio::test]
async fn a_time_zone_is_kept() {
    on_every_database(async |database| {
        let store = store(database).await;
        let (ann, bob) = (store.for_user(crate::user("ann")), store.for_user(crate::user("bob")));
        assert_eq!(ann.time_zone().await.unwrap(), None);
        for zone in ["Europe/Berlin", "Europe/Berlin", "Asia/Karachi"] {
            ann.keep_time_zone(zone).await.unwrap();
            assert_eq!(ann.time_zone().await.unwrap().as_deref(), Some(zone));
        }
        assert_eq!(bob.time_zone().await.unwrap(), None);
    })
    .await;
}
