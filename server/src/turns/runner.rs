//! Runs one turn to its end: takes the steps of the agent, writes each down, and tells it to those who follow.
//!
//! Invariant: a step is in the rows before the agent takes the next one, so a turn that is taken over goes on from
//! exactly what happened.

use std::{pin::pin, sync::Arc, time::Duration};

use futures::StreamExt;
use saydo_agent::{Agent, AgentError, Asked, CallOutcome, HistoryItem, Step, ToolCall, TurnInput};
use saydo_contract::{ChatReply, MessageId, ProblemKind, Role, StoppedCall, ToolCallRecord, TurnEvent, TurnStatus};
use saydo_store::{
    BegunTurn, Finish, LeaseState, MessageBody, StoreError, StoredMessage, StoredToolCall, TurnError, UserStore,
};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::{LEASE, Outcome, english, live::TurnLog};
use crate::{causes::chain, http::edge::RequestId, mcp, regional::Regional};

/// How often the lease is renewed and a stop on another replica is seen.
const RENEW_EVERY: Duration = Duration::from_secs(1);
/// How long to wait for a database that is away.
const PAUSE: Duration = Duration::from_millis(500);
/// Deltas are kept in rows in batches of this age at most.
const SAVE_EVERY: Duration = Duration::from_millis(250);
/// The newest messages that are read for the model, and up to as many more; the agent bounds them further.
const HISTORY: u64 = 150;
/// The events of a turn's second run start at the next multiple: what the first run told and did not keep is never
/// told again under the same id.
const RUN: u32 = 100_000;

/// The last event before the run that told `last`.
pub(super) fn run_start(last: Option<u32>) -> u32 {
    last.map_or(0, |last| (last - 1) / RUN * RUN)
}

/// Runs one turn to its end and writes down what happens before it goes on.
pub(super) struct Runner {
    store: UserStore,
    turn: BegunTurn,
    log: Arc<TurnLog>,
    request_id: RequestId,
    /// The model and where it is asked.
    asked: Option<Asked>,
    next_seq: u32,
    unsaved: Vec<(u32, TurnEvent)>,
    /// The agent's message whose calls run.
    current: Option<MessageId>,
    /// All calls of the turn, in order; those of `current` are the last.
    calls: Vec<StoredToolCall>,
    current_from: usize,
    /// The answer's text since the last whole message.
    partial: String,
}

enum Interruption {
    /// The person stopped the turn.
    Stopped,
    /// Another replica took it over, or the rows cannot be written.
    Lost(TurnError),
}

impl<E: Into<TurnError>> From<E> for Interruption {
    fn from(error: E) -> Self {
        Self::Lost(error.into())
    }
}

impl Runner {
    pub(super) fn new(store: UserStore, turn: BegunTurn, log: Arc<TurnLog>, request_id: RequestId) -> Self {
        Self {
            store,
            turn,
            log,
            request_id,
            asked: None,
            next_seq: (turn.next_seq - 1).div_ceil(RUN) * RUN + 1,
            unsaved: Vec::new(),
            current: None,
            calls: Vec::new(),
            current_from: 0,
            partial: String::new(),
        }
    }

    pub(super) async fn run(mut self, agent: &Agent, regional: Regional) {
        let outcome = match self.work(agent, regional).await {
            Ok(outcome) => outcome,
            Err(Interruption::Stopped) => self.stopped().await,
            Err(Interruption::Lost(fault)) => self.lost(&fault),
        };
        self.finish(outcome).await;
    }

    async fn work(&mut self, agent: &Agent, regional: Regional) -> Result<Outcome, Interruption> {
        self.tell(TurnEvent::TurnStarted {
            conversation_id: self.turn.conversation_id,
            turn_id: self.turn.turn_id,
            message_id: self.turn.message_id,
        })
        .await?;
        let mut history = self.store.history(self.turn.conversation_id, HISTORY).await?;
        // A turn that is retried later goes on where it was: what was said since is not its own.
        history.retain(|message| message.turn_id <= self.turn.turn_id);
        let Some(at) = history.iter().position(|message| message.id == self.turn.message_id) else {
            return Ok(self.failure(ProblemKind::ModelFailed, english::TOO_MUCH_SAID).for_good());
        };
        let said_at = history[at].created_at;
        let reply_delay = at.checked_sub(1).map(|before| said_at - history[before].created_at);
        // What an earlier run did; its last calls may not all have results yet.
        for message in history.iter().filter(|message| message.turn_id == self.turn.turn_id) {
            self.current = (message.role == Role::Assistant).then_some(message.id);
            self.current_from = self.calls.len();
            self.calls.extend(message.tool_calls.iter().cloned());
        }
        let input = TurnInput {
            said_at,
            reply_delay,
            history: history.into_iter().map(history_item).collect(),
            now: regional.now(),
            turn: self.turn.turn_id,
        };
        let tools = match mcp::connect(self.store.clone(), self.turn).await {
            Ok(tools) => tools,
            Err(fault) => return Ok(self.tools_failure(&fault)),
        };
        self.asked = agent.asked();
        let mut steps = pin!(agent.run(input, tools.peer().clone()));
        let stop = self.log.stop.clone();
        let let_go = self.log.let_go.clone();
        let (mut beat, mut save) = (interval(RENEW_EVERY), interval(SAVE_EVERY));
        let mut held_until = Instant::now() + LEASE;
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        save.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut in_tool = false;
        loop {
            tokio::select! {
                // A tool that runs is let finish: its effect would be there and nobody would know.
                () = stop.cancelled(), if !in_tool => return Err(Interruption::Stopped),
                () = let_go.cancelled(), if !in_tool => return Ok(Outcome::interrupted()),
                // A database that is away for a moment may be back before the next step is to be written.
                _ = beat.tick() => match self.store.renew_lease(&self.turn, LEASE).await {
                    Ok(LeaseState::Held { stop_requested }) => {
                        held_until = Instant::now() + LEASE;
                        if stop_requested {
                            stop.cancel();
                        }
                    }
                    Ok(LeaseState::Lost) => return Err(TurnError::Lost.into()),
                    Err(StoreError::Unavailable(_)) if Instant::now() < held_until => {}
                    Err(fault) => return Err(fault.into()),
                },
                _ = save.tick(), if !self.unsaved.is_empty() => match self.save().await {
                    Err(TurnError::Store(StoreError::Unavailable(_))) if Instant::now() < held_until => {}
                    saved => saved?,
                },
                step = steps.next() => match step {
                    Some(step) => {
                        in_tool = matches!(step, Step::ToolStarted { .. });
                        if let Some(outcome) = self.take(step).await? {
                            return Ok(outcome);
                        }
                    }
                    None => return Ok(self.failure(ProblemKind::Internal, english::NO_ANSWER)),
                },
            }
        }
    }

    /// Writes one step down and tells it.
    async fn take(&mut self, step: Step) -> Result<Option<Outcome>, Interruption> {
        match step {
            Step::Delta(text) => {
                self.partial.push_str(&text);
                self.push(TurnEvent::MessageDelta { text });
            }
            Step::Answer { text, calls, meta } => {
                let partial = std::mem::take(&mut self.partial);
                self.current_from = self.calls.len();
                self.calls.extend(calls.into_iter().map(stored_call));
                let tool_calls = &self.calls[self.current_from..];
                let body = MessageBody { content: &text, tool_calls, meta: Some(&meta) };
                let message = self.store.add_assistant_message(&self.turn, body).await?;
                self.current = Some(message);
                // Where all of what was streamed turned out to be no words, they are taken back.
                if !text.is_empty() || !partial.is_empty() {
                    let meta = meta.for_clients();
                    self.tell(TurnEvent::MessageCompleted { message_id: message, text, meta }).await?;
                }
            }
            Step::ToolStarted { call_id, tool, arguments } => {
                self.tell(TurnEvent::ToolStarted { call_id, tool, arguments }).await?;
            }
            Step::ToolFinished { call_id, tool, result, is_error, changes } => {
                self.record_result(&call_id, &result, is_error, &changes).await?;
                self.tell(TurnEvent::ToolFinished { call_id, tool, result, is_error, changes }).await?;
            }
            Step::Choice { prompt, options } => {
                self.tell(TurnEvent::ChoiceRequired { prompt, options, free_text: true }).await?;
            }
            Step::Confirm { prompt, items, expires_at } => {
                let confirmation_id = self.turn.turn_id.get();
                self.tell(TurnEvent::ConfirmationRequired { confirmation_id, prompt, items, expires_at }).await?;
            }
            Step::Finished { text } => {
                let reply = ChatReply {
                    conversation_id: self.turn.conversation_id,
                    response: text,
                    // What waits for a yes has no result.
                    tool_calls: self.calls.iter().filter(|call| call.result.is_some()).map(call_record).collect(),
                };
                return Ok(Some(Outcome { event: TurnEvent::TurnCompleted(reply.clone()), reply: Some(reply) }));
            }
            Step::Failed(fault) => return Ok(Some(self.agent_failure(&fault))),
        }
        Ok(None)
    }

    async fn record_result(
        &mut self,
        call_id: &str,
        result: &serde_json::Value,
        is_error: bool,
        changes: &[saydo_contract::TaskChange],
    ) -> Result<(), TurnError> {
        if let Some(call) = self.calls.iter_mut().rfind(|call| call.call_id == call_id) {
            call.result = Some(result.clone());
            call.is_error = is_error;
            call.changes = changes.to_vec();
        }
        match self.current {
            Some(message) => self.store.set_tool_calls(&self.turn, message, &self.calls[self.current_from..]).await,
            None => Ok(()),
        }
    }

    fn agent_failure(&self, fault: &AgentError) -> Outcome {
        let kind = match fault {
            AgentError::Tools(_) => return self.tools_failure(fault),
            AgentError::ModelTimeout(_) => ProblemKind::ModelTimeout,
            AgentError::ModelFailed(_) | AgentError::ModelRefused(_) | AgentError::TooManySteps(_) => {
                ProblemKind::ModelFailed
            }
        };
        let Asked { model, address } = self.asked.clone().unwrap_or_default();
        let cause = chain(fault);
        tracing::error!(turn = %self.turn.turn_id, request = %self.request_id, model, address, cause, "the agent failed");
        let outcome = self.failure(kind, &english::failure(fault, &model));
        if fault.is_retryable() { outcome } else { outcome.for_good() }
    }

    /// What was recorded stays, and the same message goes on from it.
    fn tools_failure(&self, fault: &(dyn std::error::Error + 'static)) -> Outcome {
        tracing::error!(turn = %self.turn.turn_id, request = %self.request_id, fault, "the tools could not be reached");
        self.failure(ProblemKind::Unavailable, english::TOOLS_AWAY)
    }

    fn failure(&self, kind: ProblemKind, detail: &str) -> Outcome {
        Outcome::failed(kind, detail, self.request_id.as_str())
    }

    /// Keeps what was written so far and tells which calls ran.
    async fn stopped(&mut self) -> Outcome {
        let partial = std::mem::take(&mut self.partial);
        if !partial.is_empty()
            && let Err(fault) = self
                .store
                .add_assistant_message(&self.turn, MessageBody { content: &partial, ..MessageBody::default() })
                .await
        {
            return self.lost(&fault);
        }
        let (done, not_done): (Vec<_>, Vec<_>) = self.calls.iter().partition(|call| call.result.is_some());
        let list = |calls: &[&StoredToolCall]| {
            calls
                .iter()
                .map(|call| StoppedCall { tool: call.tool.clone(), arguments: call.arguments.clone() })
                .collect()
        };
        let reply = ChatReply {
            conversation_id: self.turn.conversation_id,
            response: if partial.is_empty() { english::STOPPED.to_owned() } else { partial },
            tool_calls: done.iter().map(|call| call_record(call)).collect(),
        };
        let event = TurnEvent::TurnStopped { done: list(&done), not_done: list(&not_done) };
        Outcome { event, reply: Some(reply) }
    }

    fn lost(&self, fault: &(dyn std::error::Error + 'static)) -> Outcome {
        tracing::error!(turn = %self.turn.turn_id, fault, "the turn could not be written down");
        self.failure(ProblemKind::Unavailable, english::DATABASE_AWAY)
    }

    /// Writes the end with its last event, then tells it.
    async fn finish(mut self, mut outcome: Outcome) {
        let status = match &outcome.event {
            TurnEvent::TurnCompleted(_) => TurnStatus::Completed,
            TurnEvent::TurnStopped { .. } => TurnStatus::Stopped,
            _ => TurnStatus::Failed,
        };
        let mut seq = self.next_seq;
        let mut events = std::mem::take(&mut self.unsaved);
        events.push((seq, outcome.event.clone()));
        let finish =
            Finish { status, outcome: serde_json::to_value(&outcome).unwrap_or_default(), last_events: events };
        let name = outcome.event.name();
        let write = || self.store.finish_turn(&self.turn, finish.clone());
        let mut written = write().await;
        if !matches!(written, Ok(true)) {
            outcome = match &written {
                Err(fault) => self.lost(fault),
                Ok(_) => self.lost(&TurnError::Lost),
            };
            // What the rows may still get has another id.
            seq += 1;
        }
        metrics::counter!("saydo_turns_total", "outcome" => name).increment(1);
        self.log.push(seq, outcome.event.clone());
        self.log.end(outcome);
        // Where the end is never written, the lease lapses and a retry goes on from what is.
        let patience = Instant::now() + LEASE;
        while matches!(written, Err(StoreError::Unavailable(_))) && Instant::now() < patience {
            sleep(PAUSE).await;
            written = write().await;
        }
    }

    /// Tells an event that must not be lost: it is a row first.
    async fn tell(&mut self, event: TurnEvent) -> Result<(), TurnError> {
        let seq = self.number(&event);
        self.save().await?;
        self.log.push(seq, event);
        Ok(())
    }

    /// Tells an event at once and writes it soon.
    fn push(&mut self, event: TurnEvent) {
        let seq = self.number(&event);
        self.log.push(seq, event);
    }

    fn number(&mut self, event: &TurnEvent) -> u32 {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.unsaved.push((seq, event.clone()));
        seq
    }

    async fn save(&mut self) -> Result<(), TurnError> {
        self.store.append_events(&self.turn, &self.unsaved).await?;
        self.unsaved.clear();
        Ok(())
    }
}

fn history_item(message: StoredMessage) -> HistoryItem {
    match message.role {
        Role::User => HistoryItem::User { turn: message.turn_id, text: message.content, said_at: message.created_at },
        Role::Assistant => HistoryItem::Assistant {
            text: message.content,
            calls: message.tool_calls.into_iter().map(tool_call).collect(),
            meta: message.meta,
        },
    }
}

/// The row keeps the fields of an outcome beside the others, as versions before wrote them.
fn tool_call(call: StoredToolCall) -> ToolCall {
    let StoredToolCall { call_id: id, tool, arguments, result, is_error, changes: _, extra } = call;
    ToolCall { id, tool, arguments, outcome: result.map(|result| CallOutcome { result, is_error }), extra }
}

fn stored_call(call: ToolCall) -> StoredToolCall {
    let ToolCall { id: call_id, tool, arguments, outcome, extra } = call;
    let is_error = outcome.as_ref().is_some_and(|outcome| outcome.is_error);
    let result = outcome.map(|outcome| outcome.result);
    StoredToolCall { call_id, tool, arguments, result, is_error, changes: Vec::new(), extra }
}

fn call_record(call: &StoredToolCall) -> ToolCallRecord {
    ToolCallRecord {
        tool: call.tool.clone(),
        arguments: call.arguments.clone(),
        result: call.result.clone().unwrap_or_default(),
        is_error: call.is_error,
    }
}
