//! The person of a row: a conversation with the agent, and a list in the database.

use std::pin::pin;

use futures::StreamExt;
use rmcp::{RoleClient, ServiceExt, model::CallToolRequestParams, service::RunningService};
use saydo_agent::{Agent, HistoryItem, Step};
use saydo_contract::TurnId;
use saydo_store::{BeginTurn, NewTurn, Store, UserStore};
use saydo_tools::TaskTools;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{row::Row, server::Pieces};
use crate::rig::{PATIENCE, Ran, input, now};

pub(super) struct Person {
    store: UserStore,
    history: Vec<HistoryItem>,
}

impl Person {
    /// Somebody with the row's tasks and no conversation yet.
    pub(super) async fn new(row: &Row, pieces: Pieces, store: &Store) -> Self {
        let id = format!("{}-{pieces:?}", row.name.replace('/', "-"));
        let person = Self { store: store.for_user(id.parse().unwrap()), history: Vec::new() };
        let (_, tools) = person.connect("given").await;
        for title in &row.given {
            call(&tools, "add_task", json!({ "title": title })).await;
        }
        person
    }

    /// One turn; `stopped` as soon as its first tool has run.
    pub(super) async fn say(&mut self, agent: &Agent, words: &str, stopped: bool) -> Ran {
        let (turn, tools) = self.connect(words).await;
        self.history.push(HistoryItem::User { turn, text: words.to_owned(), said_at: now().to_utc() });
        let mut steps = pin!(agent.run(input(self.history.clone()), tools.peer().clone()));
        let mut ran = Ran { steps: Vec::new() };
        while let Some(step) = timeout(PATIENCE, steps.next()).await.expect("the turn does not end") {
            let has_run = matches!(step, Step::ToolFinished { .. });
            ran.steps.push(step);
            if stopped && has_run {
                break;
            }
        }
        self.history.extend(ran.recorded());
        ran
    }

    /// The list, oldest first.
    pub(super) async fn tasks(&self) -> Vec<Value> {
        let (_, tools) = self.connect("list").await;
        let page = call(&tools, "list_tasks", json!({})).await;
        let mut list = page["tasks"].as_array().unwrap().clone();
        list.sort_by_key(|task| task["id"].as_i64());
        list
    }

    /// The tools, within a new turn.
    async fn connect(&self, message: &str) -> (TurnId, RunningService<RoleClient, ()>) {
        let lease = std::time::Duration::from_hours(1);
        let new = NewTurn { conversation: None, message: message.parse().unwrap(), idempotency: None, lease };
        let BeginTurn::Started(turn) = self.store.begin_turn(new).await.unwrap() else { panic!("no turn") };
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(TaskTools::for_turn(self.store.clone(), turn).serve_io(theirs));
        (turn.turn_id, ().serve(ours).await.unwrap())
    }
}

async fn call(tools: &RunningService<RoleClient, ()>, tool: &'static str, arguments: Value) -> Value {
    let params = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().unwrap().clone());
    let result = tools.call_tool(params).await.unwrap();
    result.structured_content.unwrap_or_else(|| panic!("{tool}: {:?}", result.content))
}
