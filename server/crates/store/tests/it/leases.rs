//! Leases of turns: expiry, takeover and requests to stop.

use std::time::Duration;

use saydo_contract::TurnStatus;
use saydo_store::{BeginTurn, BegunTurn, LeaseState, NewTurn, TaskError, TurnError, UserStore};
use saydo_test_support::databases::on_every_database;

use crate::{LEASE, add, ann, begin, call, ended, finish, id, keyed, reply, says, says_in, task};

/// A turn whose lease has lapsed as soon as it began.
fn lapsed(new: NewTurn) -> NewTurn {
    NewTurn { lease: Duration::ZERO, ..new }
}

async fn is_lost(store: &UserStore, turn: &BegunTurn) -> bool {
    let message = store.add_assistant_message(turn, reply("late")).await;
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
        assert_eq!(stopping.id, turn.turn_id);
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

/// STORE-31: Who lost a turn changes no task by its calls, not even one that was recorded; the next holder does, and
/// finds what was recorded.
#[tokio::test]
async fn a_former_holder_changes_no_task() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let milk = add(&ann, "Buy milk").await;
        let former = begin(&ann, lapsed(keyed(says("One"), "k", 1))).await;
        let recorded = ann.add_task(task("Buy eggs"), &call(&former, "a")).await.unwrap();
        let BeginTurn::Resumed(holder) = ann.begin_turn(keyed(says("One"), "k", 1)).await.unwrap() else {
            panic!("not resumed")
        };
        let is_lost = async |turn: &BegunTurn| {
            let tried = [
                ann.add_task(task("Buy eggs"), &call(turn, "a")).await,
                ann.add_task(task("Late"), &call(turn, "b")).await,
                ann.complete_task(milk, &call(turn, "c")).await,
                ann.delete_task(milk, &call(turn, "d")).await,
            ];
            tried.iter().all(|tried| matches!(tried, Err(TaskError::Lost)))
        };
        assert!(is_lost(&former).await);
        assert_eq!(ann.add_task(task("Buy eggs"), &call(&holder, "a")).await.unwrap(), recorded);
        assert_eq!(ann.add_task(task("Bread"), &call(&holder, "b")).await.unwrap().task.id, id(3));
        finish(&ann, &holder).await;
        assert!(is_lost(&holder).await);
        let tasks = ann.list_tasks(&Default::default(), Default::default(), None).await.unwrap().tasks;
        let titles: Vec<_> = tasks.iter().map(|task| (task.title.as_str(), task.completed)).collect();
        assert_eq!(titles, [("Buy milk", false), ("Buy eggs", false), ("Bread", false)]);
    })
    .await;
}

/// STORE-31: A change and a take-over at the same moment come one after the other: either the change is there before
/// the next holder begins, or it is not made.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_over_and_a_change_at_once() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        for round in 0..20 {
            let key = format!("k{round}");
            let former = begin(&ann, lapsed(keyed(says("One"), &key, 1))).await;
            let count = async || ann.list_tasks(&Default::default(), Default::default(), None).await.unwrap().total;
            let before = count().await;
            let next = async {
                let begun = ann.begin_turn(keyed(says("One"), &key, 1)).await.unwrap();
                let BeginTurn::Resumed(holder) = begun else { panic!("{begun:?}") };
                (holder, count().await)
            };
            let origin = call(&former, "a");
            let (late, (holder, seen)) = tokio::join!(ann.add_task(task("Milk"), &origin), next);
            assert_eq!(seen - before, u64::from(late.is_ok()), "{late:?}");
            ann.add_task(task("Milk"), &call(&holder, "a")).await.unwrap();
            assert_eq!(count().await, before + 1);
        }
    })
    .await;
}
