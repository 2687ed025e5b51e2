//! What every test here needs: an agent, its tools, and a turn run to its end.

use std::{pin::pin, time::Duration};

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use futures::StreamExt;
use rmcp::{RoleClient, ServiceExt, service::RunningService};
use saydo_agent::{
    Agent, AgentConfig, AgentError, CallOutcome, HistoryItem, LocalNow, ModelConfig, Step, ToolCall, TurnInput,
    zone_locale,
};
use saydo_contract::{ChoiceOption, ConfirmationItem, MessageMeta, MessageOutcome, TurnId};
use saydo_test_support::fake_model::FakeModel;
use serde_json::Value;
use tokio::time::timeout;

use crate::tools::TestTools;

/// Longer than anything here takes; a test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A Saturday morning.
pub(crate) fn now() -> DateTime<Tz> {
    chrono_tz::Europe::Berlin.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap()
}

/// The same, for somebody whose client names no locale.
pub(crate) fn local_now() -> LocalNow {
    LocalNow { moment: now(), locale: zone_locale(now().timezone()) }
}

pub(crate) fn turn_id() -> TurnId {
    TurnId::try_from(7).unwrap()
}

/// An agent's configuration for a fake model.
pub(crate) fn config(model: &FakeModel) -> AgentConfig {
    remote(&model.base_url())
}

pub(crate) fn remote(base_url: &str) -> AgentConfig {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let key = Some("sk-very-secret".into());
    AgentConfig::new(ModelConfig::OpenAi { base_url: base_url.to_owned(), api_key: key, model: "fake".to_owned() })
}

pub(crate) fn user(text: &str) -> HistoryItem {
    HistoryItem::User { turn: turn_id(), text: text.to_owned(), said_at: now().to_utc() }
}

pub(crate) fn input(history: Vec<HistoryItem>) -> TurnInput {
    TurnInput { history, now: local_now(), said_at: now().to_utc(), reply_delay: None, turn: turn_id() }
}

/// A connection to the tools.
pub(crate) async fn connect(tools: &TestTools) -> RunningService<RoleClient, ()> {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let server = tools.clone();
    tokio::spawn(async move {
        if let Ok(running) = server.serve(theirs).await {
            let _ = running.waiting().await;
        }
    });
    ().serve(ours).await.unwrap()
}

/// A turn that ran to its end.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) steps: Vec<Step>,
}

pub(crate) async fn run(config: AgentConfig, tools: &TestTools, history: Vec<HistoryItem>) -> Ran {
    let agent = Agent::new(config).unwrap();
    run_with(&agent, tools, history).await
}

pub(crate) async fn run_with(agent: &Agent, tools: &TestTools, history: Vec<HistoryItem>) -> Ran {
    run_turn(agent, tools, input(history)).await
}

pub(crate) async fn run_turn(agent: &Agent, tools: &TestTools, turn: TurnInput) -> Ran {
    let connection = connect(tools).await;
    let steps = pin!(agent.run(turn, connection.peer().clone()));
    let steps = timeout(PATIENCE, steps.collect()).await.expect("the turn does not end");
    Ran { steps }
}

impl Ran {
    pub(crate) fn answer(&self) -> &str {
        match self.steps.last() {
            Some(Step::Finished { text }) => text,
            other => panic!("no answer: {other:?}"),
        }
    }

    pub(crate) fn error(&self) -> &AgentError {
        match self.steps.last() {
            Some(Step::Failed(error)) => error,
            other => panic!("no failure: {other:?}"),
        }
    }

    /// What the turn records: the history items that a consumer would store.
    pub(crate) fn recorded(&self) -> Vec<HistoryItem> {
        let mut items = Vec::new();
        for step in &self.steps {
            match step {
                Step::Answer { text, calls, meta } => {
                    items.push(HistoryItem::Assistant { text: text.clone(), calls: calls.clone(), meta: meta.clone() })
                }
                Step::ToolFinished { call_id, result, is_error, .. } => {
                    let Some(HistoryItem::Assistant { calls, .. }) = items.last_mut() else { panic!("no message") };
                    let call = calls.iter_mut().find(|call| call.id == *call_id).unwrap();
                    call.outcome = Some(CallOutcome { result: result.clone(), is_error: *is_error });
                }
                _ => {}
            }
        }
        items
    }

    /// What the answer carries.
    pub(crate) fn meta(&self) -> &MessageMeta {
        let answers = self.steps.iter().rev().find_map(|step| match step {
            Step::Answer { meta, .. } => Some(meta),
            _ => None,
        });
        answers.expect("no message")
    }

    pub(crate) fn outcome(&self) -> Option<MessageOutcome> {
        self.meta().outcome
    }

    /// The options of the choice that the turn ends in.
    pub(crate) fn options(&self) -> Option<&[ChoiceOption]> {
        self.steps.iter().find_map(|step| match step {
            Step::Choice { options, .. } => Some(&options[..]),
            _ => None,
        })
    }

    /// What the turn asks about before it runs.
    pub(crate) fn asked_about(&self) -> Option<&[ConfirmationItem]> {
        self.steps.iter().find_map(|step| match step {
            Step::Confirm { items, .. } => Some(&items[..]),
            _ => None,
        })
    }

    /// `(tool, result, is_error)` of every finished call.
    pub(crate) fn results(&self) -> Vec<(&str, &Value, bool)> {
        self.steps
            .iter()
            .filter_map(|step| match step {
                Step::ToolFinished { tool, result, is_error, .. } => Some((tool.as_str(), result, *is_error)),
                _ => None,
            })
            .collect()
    }

    /// The names of the steps, deltas joined to one.
    pub(crate) fn shape(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self
            .steps
            .iter()
            .map(|step| match step {
                Step::Delta(_) => "delta",
                Step::Answer { .. } => "answer",
                Step::ToolStarted { .. } => "started",
                Step::ToolFinished { .. } => "finished",
                Step::Choice { .. } => "choice",
                Step::Confirm { .. } => "confirm",
                Step::Finished { .. } => "done",
                Step::Failed(_) => "failed",
            })
            .collect();
        names.dedup_by(|a, b| a == b && *a == "delta");
        names
    }
}

/// A message of the agent as versions before kept it: without meta.
pub(crate) fn assistant(text: &str, calls: Vec<ToolCall>) -> HistoryItem {
    HistoryItem::Assistant { text: text.to_owned(), calls, meta: MessageMeta::default() }
}
