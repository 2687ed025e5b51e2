//! Turns in the store: begin, idempotency keys and events.

use futures::future::join_all;
use saydo_contract::{ConversationId, TurnEvent, TurnStatus};
use saydo_store::{BeginTurn, BegunTurn, Finish};
use saydo_test_support::databases::on_every_database;
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;

use crate::{ann, begin, ended, finish, keyed, reply, says, says_in};

fn said(text: &str) -> TurnEvent {
    TurnEvent::MessageDelta { text: text.to_owned() }
}

/// STORE-18: Conversation, message and running turn come into being together.
#[tokio::test]
async fn beginning_stores_message_and_turn() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, says("Plan the party\nfor Saturday")).await;
        assert_eq!(turn.next_seq, 1);
        let conversation = ann.conversation(turn.conversation_id).await.unwrap().unwrap();
        assert_eq!(conversation.title.as_str(), "Plan the party");
        let history = ann.history(turn.conversation_id, 10).await.unwrap();
        assert_eq!(history.len(), 1);
        assert_eq!((history[0].id, history[0].content.as_str()), (turn.message_id, "Plan the party\nfor Saturday"));
        let record = ann.turn(turn.turn_id).await.unwrap().unwrap();
        assert_eq!((record.status, record.message_id, record.outcome), (TurnStatus::Running, turn.message_id, None));

        finish(&ann, &turn).await;
        let record = ann.turn(turn.turn_id).await.unwrap().unwrap();
        assert_eq!((record.status, record.outcome), (TurnStatus::Completed, Some(json!({ "response": "Done." }))));

        let long = begin(&ann, says(&"x".repeat(100))).await;
        let title = ann.conversation(long.conversation_id).await.unwrap().unwrap().title;
        assert_eq!(title.as_str(), format!("{}…", "x".repeat(59)));

        let second = begin(&ann, says_in(turn.conversation_id, "And balloons")).await;
        assert_eq!(second.conversation_id, turn.conversation_id);
        assert_eq!(ann.current_turn(turn.conversation_id).await.unwrap().unwrap().id, second.turn_id);
        let next = ann.turn_after(turn.conversation_id, turn.turn_id).await.unwrap().unwrap();
        assert_eq!(next.id, second.turn_id);
        assert_eq!(ann.turn_after(turn.conversation_id, second.turn_id).await.unwrap(), None);

        let nowhere = says_in(ConversationId::try_from(999).unwrap(), "Hello?");
        assert_eq!(ann.begin_turn(nowhere).await.unwrap(), BeginTurn::ConversationNotFound);
    })
    .await;
}

/// STORE-19: One turn at a time.
#[tokio::test]
async fn a_conversation_has_one_running_turn() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, says("One")).await;
        let more = says_in(turn.conversation_id, "Two");
        assert_eq!(ann.begin_turn(more.clone()).await.unwrap(), BeginTurn::InProgress);
        assert_eq!(ann.history(turn.conversation_id, 10).await.unwrap().len(), 1);
        // Another conversation is free.
        begin(&ann, says("Elsewhere")).await;
        finish(&ann, &turn).await;
        begin(&ann, more).await;
    })
    .await;
}

/// STORE-19: Of messages that arrive together one begins its turn.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_messages_at_once_one_is_answered() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, says("One")).await;
        finish(&ann, &turn).await;
        let begun = join_all((0..8).map(|_| ann.begin_turn(says_in(turn.conversation_id, "Two")))).await;
        let begun: Vec<_> = begun.into_iter().map(Result::unwrap).collect();
        assert_eq!(begun.iter().filter(|begun| matches!(begun, BeginTurn::Started(_))).count(), 1);
        assert_eq!(begun.iter().filter(|begun| matches!(begun, BeginTurn::InProgress)).count(), 7);
        assert_eq!(ann.history(turn.conversation_id, 10).await.unwrap().len(), 2);
    })
    .await;
}

/// STORE-20: A repeated request finds its turn, running or over; another request under its key is refused.
#[tokio::test]
async fn a_repeated_request_finds_its_turn() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, keyed(says("One"), "k1", 1)).await;
        let again = || ann.begin_turn(keyed(says("One"), "k1", 1));
        let BeginTurn::Existing(record) = again().await.unwrap() else { panic!("not found") };
        assert_eq!((record.id, record.status), (turn.turn_id, TurnStatus::Running));

        finish(&ann, &turn).await;
        let BeginTurn::Existing(record) = again().await.unwrap() else { panic!("not found") };
        assert_eq!((record.id, record.status), (turn.turn_id, TurnStatus::Completed));
        assert_eq!(record.outcome, Some(json!({ "response": "Done." })));

        assert_eq!(ann.begin_turn(keyed(says("Other"), "k1", 2)).await.unwrap(), BeginTurn::KeyReused);
        let other = begin(&ann, keyed(says("One"), "k2", 1)).await;
        assert_ne!(other.turn_id, turn.turn_id);
        assert_eq!(ann.history(turn.conversation_id, 10).await.unwrap().len(), 1);
    })
    .await;
}

/// STORE-20: Requests with one key that arrive together begin one turn.
#[tokio::test(flavor = "multi_thread")]
async fn one_key_begins_one_turn() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let begun = join_all((0..8).map(|_| ann.begin_turn(keyed(says("One"), "k", 1)))).await;
        let begun: Vec<_> = begun.into_iter().map(Result::unwrap).collect();
        assert_eq!(begun.iter().filter(|begun| matches!(begun, BeginTurn::Started(_))).count(), 1);
        assert_eq!(begun.iter().filter(|begun| matches!(begun, BeginTurn::Existing(_))).count(), 7);
        let page = ann.conversations(None, Default::default(), None).await.unwrap();
        assert_eq!(page.items.len(), 1);
    })
    .await;
}

/// STORE-20: A request whose turn failed runs on under its key, after what the turn recorded and told.
#[tokio::test]
async fn a_failed_turn_is_resumed() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, keyed(says("One"), "k", 1)).await;
        ann.append_events(&turn, &[(1, said("a")), (2, said("b"))]).await.unwrap();
        ann.add_assistant_message(&turn, reply("half")).await.unwrap();
        assert!(ann.finish_turn(&turn, ended(TurnStatus::Failed)).await.unwrap());

        let BeginTurn::Resumed(resumed) = ann.begin_turn(keyed(says("One"), "k", 1)).await.unwrap() else {
            panic!("not resumed")
        };
        assert_eq!((resumed.turn_id, resumed.message_id), (turn.turn_id, turn.message_id));
        assert_eq!(resumed.next_seq, 3);
        let record = ann.turn(turn.turn_id).await.unwrap().unwrap();
        assert_eq!((record.status, record.outcome), (TurnStatus::Running, None));
        assert_eq!(ann.history(turn.conversation_id, 10).await.unwrap().len(), 2);

        // While another turn of the conversation runs, a failed one waits.
        assert!(ann.finish_turn(&resumed, ended(TurnStatus::Failed)).await.unwrap());
        let other = begin(&ann, says_in(turn.conversation_id, "Two")).await;
        assert_eq!(ann.begin_turn(keyed(says("One"), "k", 1)).await.unwrap(), BeginTurn::InProgress);
        finish(&ann, &other).await;
        assert!(matches!(ann.begin_turn(keyed(says("One"), "k", 1)).await.unwrap(), BeginTurn::Resumed(_)));
    })
    .await;
}

/// STORE-20: After a day a key is free.
#[tokio::test]
async fn a_key_counts_for_a_day() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, keyed(says("One"), "k", 1)).await;
        finish(&ann, &turn).await;
        let direct = Database::connect(&database.url).await.unwrap();
        for (age, expect_new) in [(23, false), (25, true)] {
            let then = chrono::Utc::now() - chrono::TimeDelta::hours(age);
            let backdate = format!("UPDATE idempotency_keys SET created_at = '{}'", then.to_rfc3339());
            direct.execute_unprepared(&backdate).await.unwrap();
            let begun = ann.begin_turn(keyed(says("Two"), "k", 2)).await.unwrap();
            assert_eq!(matches!(begun, BeginTurn::Started(_)), expect_new, "{begun:?}");
            assert_eq!(begun == BeginTurn::KeyReused, !expect_new, "{begun:?}");
        }
        direct.close().await.unwrap();
    })
    .await;
}

/// STORE-20: A request whose conversation was deleted does not run again.
#[tokio::test]
async fn a_key_outlives_its_conversation() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, keyed(says("One"), "k", 1)).await;
        finish(&ann, &turn).await;
        assert!(ann.delete_conversation(turn.conversation_id).await.unwrap());
        assert_eq!(ann.begin_turn(keyed(says("One"), "k", 1)).await.unwrap(), BeginTurn::ConversationNotFound);
        assert_eq!(ann.begin_turn(keyed(says("Two"), "k", 2)).await.unwrap(), BeginTurn::KeyReused);
        assert_eq!(ann.conversations(None, Default::default(), None).await.unwrap().items, []);
    })
    .await;
}

/// STORE-22: Events are read in order from any place; the last come with the end.
#[tokio::test]
async fn events_are_read_from_any_place() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn: BegunTurn = begin(&ann, says("One")).await;
        assert_eq!(ann.last_event(turn.turn_id).await.unwrap(), None);
        ann.append_events(&turn, &[]).await.unwrap();
        ann.append_events(&turn, &[(1, said("a\0")), (2, said("b")), (3, said("c"))]).await.unwrap();
        let finish = Finish { last_events: vec![(4, said("d")), (5, said("e"))], ..ended(TurnStatus::Completed) };
        assert!(ann.finish_turn(&turn, finish).await.unwrap());

        assert_eq!(ann.last_event(turn.turn_id).await.unwrap(), Some(5));
        let after = ann.events_after(turn.turn_id, 2, 100).await.unwrap();
        assert_eq!(after, [(3, said("c")), (4, said("d")), (5, said("e"))]);
        assert_eq!(ann.events_after(turn.turn_id, 0, 2).await.unwrap(), [(1, said("a\0")), (2, said("b"))]);
        assert_eq!(ann.events_after(turn.turn_id, u32::MAX, 2).await.unwrap(), []);

        let many: Vec<_> = (1..=2_500).map(|seq| (seq, said("x"))).collect();
        let long = begin(&ann, says("Two")).await;
        ann.append_events(&long, &many).await.unwrap();
        assert_eq!(ann.last_event(long.turn_id).await.unwrap(), Some(2_500));
    })
    .await;
}
