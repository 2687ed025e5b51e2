//! Whole accounts: export, deletion, and the settings that are kept per account.

use chrono::{TimeDelta, Utc};
use saydo_contract::{DateOrder, HourCycle, Locale};
use saydo_store::{NewUser, RegionalSettings, Store, UserStore};
use saydo_test_support::databases::on_every_database;
use sea_orm::{ConnectionTrait, Database, Statement};

use crate::{AMERICAN, add, american_in_berlin, begin, call, finish, keyed, nobody, reply, says, store, task};

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
    mine.keep_regional_settings(american_in_berlin()).await.unwrap();
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

const JAPANESE: Locale = Locale { date_order: DateOrder::Ymd, hour_cycle: HourCycle::H23 };

/// STORE-32, STORE-60: Everybody has the time zone and the locale that were kept for them last, each on its own.
#[tokio::test]
async fn regional_settings_are_kept() {
    on_every_database(async |database| {
        let store = store(database).await;
        let (ann, bob) = (store.for_user(crate::user("ann")), store.for_user(crate::user("bob")));
        let settings = |zone: Option<&str>, locale| RegionalSettings { time_zone: zone.map(str::to_owned), locale };
        assert_eq!(ann.regional_settings().await.unwrap(), RegionalSettings::default());
        for (named, kept) in [
            (settings(None, None), settings(None, None)),
            (settings(None, Some(AMERICAN)), settings(None, Some(AMERICAN))),
            (settings(Some("Europe/Berlin"), None), settings(Some("Europe/Berlin"), Some(AMERICAN))),
            (settings(Some("Europe/Berlin"), Some(AMERICAN)), settings(Some("Europe/Berlin"), Some(AMERICAN))),
            (settings(Some("Asia/Karachi"), None), settings(Some("Asia/Karachi"), Some(AMERICAN))),
            (settings(None, Some(JAPANESE)), settings(Some("Asia/Karachi"), Some(JAPANESE))),
        ] {
            assert_eq!(ann.keep_regional_settings(named).await.unwrap(), kept);
            assert_eq!(ann.regional_settings().await.unwrap(), kept);
        }
        assert_eq!(bob.regional_settings().await.unwrap(), RegionalSettings::default());
        let export = ann.export().await.unwrap();
        assert_eq!((export.time_zone.as_deref(), export.locale), (Some("Asia/Karachi"), Some(JAPANESE)));
    })
    .await;
}

/// STORE-61: A zone that the version before kept is there after the migration, and that version goes on beside this
/// one: its statements leave the locale alone, and it can read a row that has no zone.
#[tokio::test]
async fn locales_come_to_a_database_of_the_version_before() {
    on_every_database(async |database| {
        let ann = store(database).await.for_user(crate::user("ann"));
        let direct = Database::connect(&database.url).await.unwrap();
        for step in [
            "ALTER TABLE settings DROP COLUMN date_order",
            "ALTER TABLE settings DROP COLUMN hour_cycle",
            "DELETE FROM seaql_migrations WHERE version = 'm0007_account_locale'",
            "INSERT INTO settings (user_id, time_zone) VALUES ('ann', 'Europe/Berlin')",
        ] {
            direct.execute_unprepared(step).await.unwrap();
        }

        let store = store(database).await;
        let (ann, bob) = (store.for_user(ann.user().clone()), store.for_user(crate::user("bob")));
        let zone = async |user: &UserStore| user.regional_settings().await.unwrap().time_zone;
        assert_eq!(zone(&ann).await.as_deref(), Some("Europe/Berlin"));
        for user in [&ann, &bob] {
            let named = RegionalSettings { locale: Some(AMERICAN), ..RegionalSettings::default() };
            user.keep_regional_settings(named).await.unwrap();
        }
        direct
            .execute_unprepared(
                "INSERT INTO settings (user_id, time_zone) VALUES ('ann', 'Asia/Karachi') \
                 ON CONFLICT (user_id) DO UPDATE SET time_zone = excluded.time_zone",
            )
            .await
            .unwrap();
        assert_eq!(zone(&ann).await.as_deref(), Some("Asia/Karachi"));
        assert_eq!(ann.regional_settings().await.unwrap().locale, Some(AMERICAN));
        let before = "SELECT COUNT(*) FROM settings WHERE time_zone IS NOT NULL";
        let rows = direct.query_one_raw(Statement::from_string(direct.get_database_backend(), before)).await;
        assert_eq!(rows.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap(), 2);
        // An order that a later version knows is none for this one.
        direct.execute_unprepared("UPDATE settings SET date_order = 'ydm'").await.unwrap();
        assert_eq!(ann.regional_settings().await.unwrap().locale, None);
        direct.close().await.unwrap();
    })
    .await;
}
