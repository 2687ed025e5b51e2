//! Ids of another person behave like ids that don't exist.

use saydo_contract::TurnEvent;
use saydo_store::{BeginTurn, LeaseState, TaskError, TaskPatch, Trash, TurnError};
use saydo_test_support::databases::on_every_database;

use crate::{LEASE, add, begin, call, ended, keyed, nobody, reply, says, says_in, store, user};

/// STORE-07: Ids of somebody else's are answered as ids that do not exist, by every method.
#[tokio::test]
async fn nobody_reaches_what_is_anothers() {
    on_every_database(async |database| {
        let store = store(database).await;
        let (ann, eve) = (store.for_user(user("ann")), store.for_user(user("eve")));
        let (page, all) = (Default::default(), Default::default());

        let milk = add(&ann, "Buy milk").await;
        let turn = begin(&ann, keyed(says("Buy milk"), "k", 1)).await;
        let said = TurnEvent::MessageDelta { text: "Bought".to_owned() };
        ann.append_events(&turn, &[(1, said.clone())]).await.unwrap();
        let message = ann.add_assistant_message(&turn, reply("Bought")).await.unwrap();
        let before = ann.export().await.unwrap();

        // Tasks.
        assert_eq!(eve.list_tasks(&all, page, None).await.unwrap().total, 0);
        assert_eq!(eve.task(milk).await.unwrap(), None);
        let restore = TaskPatch { trash: Trash::Restore, ..TaskPatch::default() };
        assert!(matches!(eve.update_task(milk, restore, &nobody()).await, Err(TaskError::NotFound)));
        assert!(matches!(eve.complete_task(milk, &nobody()).await, Err(TaskError::NotFound)));
        assert!(matches!(eve.delete_task(milk, &nobody()).await, Err(TaskError::NotFound)));
        assert!(matches!(eve.restore_task(milk, &nobody()).await, Err(TaskError::NotFound)));
        // A call neither sees nor repeats one of somebody else's turn.
        let origin = call(&turn, "a");
        ann.complete_task(milk, &origin).await.unwrap();
        assert!(matches!(eve.complete_task(milk, &origin).await, Err(TaskError::Lost)));
        let reopen = TaskPatch { completed: Some(false), ..TaskPatch::default() };
        ann.update_task(milk, reopen, &nobody()).await.unwrap();

        // Conversations.
        let talk = turn.conversation_id;
        assert_eq!(eve.conversations(None, page, None).await.unwrap().items, []);
        let words = "milk".parse().ok();
        assert_eq!(eve.conversations(None, page, words.as_ref()).await.unwrap().items, []);
        assert_eq!(eve.conversation(talk).await.unwrap(), None);
        assert_eq!(eve.messages(talk, None, page).await.unwrap(), None);
        assert_eq!(eve.history(talk, 10).await.unwrap(), []);
        assert!(!eve.rename_conversation(talk, &"Mine".parse().unwrap()).await.unwrap());
        assert!(!eve.delete_conversation(talk).await.unwrap());
        assert_eq!(eve.begin_turn(says_in(talk, "Hello")).await.unwrap(), BeginTurn::ConversationNotFound);

        // Turns, also with the holder's own token.
        assert_eq!(eve.turn(turn.turn_id).await.unwrap(), None);
        assert_eq!(eve.current_turn(talk).await.unwrap(), None);
        assert_eq!(eve.turn_after(talk, 1.try_into().unwrap()).await.unwrap(), None);
        assert_eq!(eve.request_stop(talk).await.unwrap(), None);
        assert_eq!(eve.events_after(turn.turn_id, 0, 10).await.unwrap(), []);
        assert_eq!(eve.last_event(turn.turn_id).await.unwrap(), None);
        assert_eq!(eve.renew_lease(&turn, LEASE).await.unwrap(), LeaseState::Lost);
        assert!(matches!(eve.append_events(&turn, &[(2, said)]).await, Err(TurnError::Lost)));
        assert!(matches!(eve.add_assistant_message(&turn, reply("x")).await, Err(TurnError::Lost)));
        assert!(matches!(eve.set_tool_calls(&turn, message, &[]).await, Err(TurnError::Lost)));
        assert!(!eve.finish_turn(&turn, ended(saydo_contract::TurnStatus::Failed)).await.unwrap());
        // The same idempotency key is another person's own.
        assert!(matches!(eve.begin_turn(keyed(says("Mine"), "k", 2)).await.unwrap(), BeginTurn::Started(_)));

        // Everything at once.
        let mine = eve.export().await.unwrap();
        assert_eq!((mine.tasks.len(), mine.conversations.len()), (0, 1));
        eve.erase().await.unwrap();
        let mut after = ann.export().await.unwrap();
        // Ann completed and reopened her task herself.
        after.tasks[0].updated_at = before.tasks[0].updated_at;
        assert_eq!((after.tasks, after.conversations), (before.tasks, before.conversations));
        assert_eq!(ann.events_after(turn.turn_id, 0, 10).await.unwrap().len(), 1);
        assert_eq!(ann.renew_lease(&turn, LEASE).await.unwrap(), LeaseState::Held { stop_requested: false });
    })
    .await;
}
