//! Conversations, and the history that a model is given.

use saydo_contract::{ConversationId, PageLimit, Role, TurnStatus};
use saydo_store::{MessageBody, StoredToolCall, UserStore};
use saydo_test_support::databases::on_every_database;
use serde_json::{Map, Value, json};

use crate::{LEASE, add, ann, begin, ended, finish, reply, says, says_in};

async fn found(store: &UserStore, query: &str) -> Vec<String> {
    let query = query.parse().ok();
    let page = store.conversations(None, PageLimit::default(), query.as_ref()).await.unwrap();
    page.items.iter().map(|item| item.title.to_string()).collect()
}

async fn talk(store: &UserStore, message: &str) -> ConversationId {
    let turn = begin(store, says(message)).await;
    finish(store, &turn).await;
    turn.conversation_id
}

/// STORE-25: Conversations are listed by their newest message, found by their words, renamed and deleted.
#[tokio::test]
async fn conversations_are_kept_in_order() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let milk = add(&ann, "Buy milk").await;
        let first = talk(&ann, "First\n100% sure of the Ärger").await;
        let second = talk(&ann, "Second").await;
        talk(&ann, "Third").await;
        assert_eq!(found(&ann, "").await, ["Third", "Second", "First"]);

        let turn = begin(&ann, says_in(first, "once more")).await;
        assert_eq!(found(&ann, "").await, ["First", "Third", "Second"]);
        ann.add_assistant_message(&turn, reply("Milk is **bought**.\0")).await.unwrap();
        finish(&ann, &turn).await;

        for (query, expected) in [
            ("ärger", ["First"].as_slice()),
            ("100%", &["First"]),
            ("1_0%", &[]),
            ("BOUGHT milk", &["First"]),
            ("bought ärger", &[]),
            ("seCOND", &["Second"]),
        ] {
            assert_eq!(found(&ann, query).await, expected, "{query}");
        }

        assert!(ann.rename_conversation(second, &"Über Zwei".parse().unwrap()).await.unwrap());
        assert_eq!(found(&ann, "über").await, ["Über Zwei"]);
        assert_eq!(found(&ann, "").await, ["First", "Third", "Über Zwei"]);

        assert!(ann.delete_conversation(first).await.unwrap());
        assert!(!ann.delete_conversation(first).await.unwrap());
        assert!(!ann.rename_conversation(first, &"Gone".parse().unwrap()).await.unwrap());
        assert_eq!(ann.conversation(first).await.unwrap(), None);
        assert_eq!(ann.messages(first, None, PageLimit::default()).await.unwrap(), None);
        assert_eq!(ann.turn(turn.turn_id).await.unwrap(), None);
        assert_eq!(found(&ann, "").await, ["Third", "Über Zwei"]);
        assert!(ann.task(milk).await.unwrap().is_some());
    })
    .await;
}

fn called(call_id: &str, result: Option<Value>) -> StoredToolCall {
    StoredToolCall {
        call_id: call_id.to_owned(),
        tool: "add_task".to_owned(),
        arguments: json!({ "title": "Milk \u{0} & eggs", "n": 0.1 }),
        result,
        is_error: false,
        changes: Vec::new(),
        extra: Map::from_iter([("extra_content".to_owned(), json!({ "google": { "thought_signature": "x==" } }))]),
    }
}

/// STORE-24, AGENT-97: History is the newest messages, oldest first, with tool calls exactly as they were stored; its
/// oldest message moves in steps.
#[tokio::test]
async fn history_is_read_from_its_newest_end() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let turn = begin(&ann, says("m1")).await;
        let asked = [called("a", None), called("b", None)];
        let message =
            ann.add_assistant_message(&turn, MessageBody { tool_calls: &asked, ..reply("m2") }).await.unwrap();
        assert_eq!(ann.history(turn.conversation_id, 10).await.unwrap()[1].tool_calls, asked);
        let answered = [called("a", Some(json!({ "task_id": 1 }))), called("b", Some(Value::Null))];
        ann.set_tool_calls(&turn, message, &answered).await.unwrap();
        for n in 3..=7 {
            ann.add_assistant_message(&turn, reply(&format!("m{n}"))).await.unwrap();
        }
        assert!(ann.finish_turn(&turn, ended(TurnStatus::Stopped)).await.unwrap());

        for (least, oldest) in [(1, "m7"), (2, "m5"), (3, "m4"), (4, "m1"), (7, "m1")] {
            let history = ann.history(turn.conversation_id, least).await.unwrap();
            let words: Vec<_> = history.iter().map(|message| message.content.as_str()).collect();
            let all = ["m1", "m2", "m3", "m4", "m5", "m6", "m7"];
            assert!(all.ends_with(&words), "{words:?}");
            assert_eq!(words[0], oldest, "{least}");
        }
        let history = ann.history(turn.conversation_id, 100).await.unwrap();
        assert_eq!(history[1].tool_calls[0], answered[0]);
        assert_eq!((history[0].role, history[1].role), (Role::User, Role::Assistant));
        assert!(history.iter().all(|message| message.turn_id == turn.turn_id));

        let (mut pages, mut cursor) = (Vec::new(), None);
        loop {
            let limit = PageLimit::try_from(3).unwrap();
            let page = ann.messages(turn.conversation_id, cursor.as_ref(), limit).await.unwrap().unwrap();
            pages.push(page.items.iter().map(|item| item.content.clone()).collect::<Vec<_>>());
            if let Some(item) = page.items.iter().find(|item| item.content == "m2") {
                assert_eq!(item.tool_calls.len(), 2);
                assert_eq!(item.tool_calls[0].result, json!({ "task_id": 1 }));
                assert_eq!((item.turn.id, item.turn.status), (turn.turn_id, TurnStatus::Stopped));
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(pages, [vec!["m5", "m6", "m7"], vec!["m2", "m3", "m4"], vec!["m1"]]);
    })
    .await;
}

/// STORE-24: A message of another turn is not this turn's to change.
#[tokio::test]
async fn tool_calls_belong_to_their_turn() {
    on_every_database(async |database| {
        let ann = ann(database).await;
        let first = begin(&ann, says("One")).await;
        let message = ann
            .add_assistant_message(&first, MessageBody { tool_calls: &[called("a", None)], ..reply("") })
            .await
            .unwrap();
        finish(&ann, &first).await;
        let second = begin(&ann, says_in(first.conversation_id, "Two")).await;
        ann.set_tool_calls(&second, message, &[]).await.unwrap();
        assert_eq!(ann.history(first.conversation_id, 10).await.unwrap()[1].tool_calls, [called("a", None)]);
        ann.renew_lease(&second, LEASE).await.unwrap();
    })
    .await;
}
