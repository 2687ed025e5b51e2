use std::time::Duration;

use saydo_contract::TurnStatus;
use saydo_store::{BeginTurn, BegunTurn, LeaseState, NewTurn, TurnError, UserStore};
use saydo_test_support::databases::on_every_database;

use crate::{LEASE, ann, begin, ended, finish, keyed, says, says_in};

/// A turn whose lease has lapsed as soon as it began.
fn lapsed(new: NewTurn) -> NewTurn {
    NewTurn { lease: Duration::ZERO, ..new }
}

async fn is_lost(store: &UserStore, turn: &BegunTurn) -> bool {
    let message = store.add_assistant_message(turn, "late", &[]).await;
    let calls = store.set_tool_calls(turn, turn.message_id, &[]).await;
    let events =
        store.append_events(turn, &[(9, saydo_contract::TurnEvent::MessageDelta { text: "late".into() })]).await;
    let lost = [
        matches!(store.renew_lease(turn, LEASE).await.unwrap(), LeaseState::Lost),
        matches!(message, Err(TurnError::Lost)),
        matches!(calls, Err(TurnError::Lost)),
        matches!(events, Err(TurnError::Lost)),
        !store.finish_turn(turn, ended(TurnStatus::Completed)).await.unwrap(),
    ];
    assert!(lost.iter().all(|one| *one == lost[0]), "{lost:?}");
    lost[0]
}

/// STORE-19: A turn whose server went away is interrupted and blocks nobody.
#[tokio::test]
async fn a_lapsed_turn_does_not_block() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let gone = begin(&ann, lapsed(says("One"))).await;
        assert_eq!(ann.turn(gone.turn_id).await.unwrap().unwrap().status, TurnStatus::Interrupted);
        let page = ann.messages(gone.conversation_id, None, Default::default()).await.unwrap().unwrap();
        assert_eq!(page.items[0].turn.status, TurnStatus::Interrupted);
        assert_eq!(ann.request_stop(gone.conversation_id).await.unwrap(), None);

        let next = begin(&ann, says_in(gone.conversation_id, "Two")).await;
        assert_eq!(ann.turn(gone.turn_id).await.unwrap().unwrap().status, TurnStatus::Interrupted);
        assert_eq!(ann.turn(next.turn_id).await.unwrap().unwrap().status, TurnStatus::Running);
    })
    .await;
}

/// STORE-21: Who lost a turn to a newer message, to a resumption, to its end or its deletion writes nothing more.
#[tokio::test]
async fn a_former_holder_writes_nothing() {
    on_every_database(async |database| {
        let ann = ann(database).await;

        let superseded = begin(&ann, lapsed(says("One"))).await;
        begin(&ann, says_in(superseded.conversation_id, "Two")).await;
        assert!(is_lost(&ann, &superseded).await);
        assert_eq!(ann.history(superseded.conversation_id, 10).await.unwrap().len(), 2);

        let taken = begin(&ann, lapsed(keyed(says("One"), "k", 1))).await;
        let BeginTurn::Resumed(holder) = ann.begin_turn(keyed(says("One"), "k", 1)).await.unwrap() else {
            panic!("not resumed")
        };
        assert!(is_lost(&ann, &taken).await);
        assert_eq!(ann.events_after(taken.turn_id, 0, 10).await.unwrap(), []);
        assert_eq!(ann.history(taken.conversation_id, 10).await.unwrap().len(), 1);
        finish(&ann, &holder).await;
        assert!(is_lost(&ann, &holder).await);

        let deleted = begin(&ann, says("One")).await;
        assert!(ann.delete_conversation(deleted.conversation_id).await.unwrap());
        assert!(is_lost(&ann, &deleted).await);
    })
    .await;
}

/// STORE-21: A holder who is late, but whose turn nobody took, keeps it.
#[tokio::test]
async fn a_late_holder_keeps_what_nobody_took() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, lapsed(says("One"))).await;
        let held = ann.renew_lease(&turn, LEASE).await.unwrap();
        assert_eq!(held, LeaseState::Held { stop_requested: false });
        assert_eq!(ann.turn(turn.turn_id).await.unwrap().unwrap().status, TurnStatus::Running);
        assert!(!is_lost(&ann, &turn).await);
    })
    .await;
}

/// STORE-23: A request to stop reaches the holder, and nobody else's turn.
#[tokio::test]
async fn a_stop_reaches_the_holder() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let (turn, other) = (begin(&ann, says("One")).await, begin(&ann, says("Two")).await);
        let stopping = ann.request_stop(turn.conversation_id).await.unwrap().unwrap();
        assert_eq!((stopping.id, stopping.stop_requested), (turn.turn_id, true));
        let held = |stop_requested| LeaseState::Held { stop_requested };
        assert_eq!(ann.renew_lease(&turn, LEASE).await.unwrap(), held(true));
        assert_eq!(ann.renew_lease(&other, LEASE).await.unwrap(), held(false));

        assert!(ann.finish_turn(&turn, ended(TurnStatus::Stopped)).await.unwrap());
        assert_eq!(ann.request_stop(turn.conversation_id).await.unwrap(), None);
        let next = begin(&ann, says_in(turn.conversation_id, "Three")).await;
        assert_eq!(ann.renew_lease(&next, LEASE).await.unwrap(), held(false));
    })
    .await;
}
