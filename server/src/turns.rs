//! Turns: begun by a request, run apart from it, told as events.
//!
//! A turn's truth is its rows. What is in memory is a copy of the running turn's events, for followers in this
//! process, and the wake-ups. A client that goes away does not stop a turn; `stop` does.

mod elsewhere;
mod english;
mod follow;
mod live;
mod outcome;
mod runner;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono_tz::Tz;
use futures::Stream;
use saydo_agent::Agent;
use saydo_contract::{
    AccountEvent, ChatRequest, ConversationId, EventId, IdempotencyKey, Locale, ProblemKind, StopReply, TurnEvent,
    TurnId, TurnStatus, UserId,
};
use saydo_store::{BeginTurn, Idempotency, NewTurn, Store, StoreError, TurnRecord, UserStore};
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{http::edge::RequestId, regional::Regional};
use live::{LiveTurns, TurnLog};
pub(crate) use outcome::Outcome;
use runner::Runner;

/// How long a replica may be silent before its turn counts as interrupted.
const LEASE: Duration = Duration::from_secs(15);
/// How long a turn that is let go may take to write that down.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Runs turns and lets others follow them.
#[derive(Clone)]
pub(crate) struct TurnService {
    agent: Agent,
    live: LiveTurns,
    tasks: TaskTracker,
    draining: CancellationToken,
}

/// How a turn is asked for, beside the words.
pub(crate) struct TurnOptions {
    /// `Idempotency-Key`
    pub(crate) key: Option<IdempotencyKey>,
    /// `Time-Zone`: what "tomorrow" means; `None`: what it meant last.
    pub(crate) zone: Option<Tz>,
    /// `Accept-Language`: how dates and times are read and written; `None`: as they were last.
    pub(crate) locale: Option<Locale>,
    /// The request that asks.
    pub(crate) request_id: RequestId,
}

/// Why no turn was begun. Nothing was stored but the regional settings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BeginError {
    /// Unknown, or another person's.
    #[error("no such conversation")]
    ConversationNotFound,
    /// One turn at a time.
    #[error("a turn is running in this conversation")]
    InProgress,
    /// The key came with another body before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The server is about to stop.
    #[error("the server is draining")]
    Draining,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A turn that runs or has run.
pub(crate) struct Turn {
    live: LiveTurns,
    store: UserStore,
    id: TurnId,
    /// What an earlier run of the turn told up to.
    after: u32,
    source: Source,
}

/// Where a turn's end is learnt.
enum Source {
    /// It runs in this process.
    Live(Arc<TurnLog>),
    /// It runs on another replica, or did a moment ago.
    Elsewhere,
    /// It is over.
    Known(Box<Outcome>),
}

impl TurnService {
    /// A service without turns.
    #[must_use]
    pub(crate) fn new(agent: Agent, store: Store) -> Self {
        let (live, draining) = (LiveTurns::new(store.clone()), CancellationToken::new());
        tokio::spawn(elsewhere::hear(live.clone(), store, draining.clone()));
        Self { agent, live, tasks: TaskTracker::new(), draining }
    }

    /// What runs the turns.
    pub(crate) fn agent(&self) -> &Agent {
        &self.agent
    }

    /// Stores the message and starts the turn; or finds the turn that the same key began before.
    ///
    /// # Errors
    /// As [`BeginError`] says; then nothing was stored.
    pub(crate) async fn begin(
        &self,
        store: &UserStore,
        request: ChatRequest,
        options: TurnOptions,
    ) -> Result<Turn, BeginError> {
        if self.draining.is_cancelled() {
            return Err(BeginError::Draining);
        }
        // Apart from the request: a client that leaves while its message is stored leaves no turn without a runner.
        let begun = self.tasks.spawn(self.clone().begin_apart(store.clone(), request, options)).await;
        begun.unwrap_or(Err(BeginError::Draining))
    }

    async fn begin_apart(
        self,
        store: UserStore,
        request: ChatRequest,
        options: TurnOptions,
    ) -> Result<Turn, BeginError> {
        let regional = Regional::keep(&store, options.zone, options.locale).await?;
        let fingerprint = fingerprint(&request);
        let begun = store
            .begin_turn(NewTurn {
                conversation: request.conversation_id,
                message: request.message,
                idempotency: options.key.clone().map(|key| Idempotency { key, fingerprint }),
                lease: LEASE,
            })
            .await?;
        match begun {
            BeginTurn::Started(begun) | BeginTurn::Resumed(begun) => {
                let running = self.live.open(&begun, store.user().clone());
                let log = running.log();
                let runner = Runner::new(store.clone(), begun, log.clone(), options.request_id);
                let agent = self.agent.clone();
                self.tasks.spawn(async move {
                    runner.run(&agent, regional).await;
                    drop(running);
                });
                Ok(self.turn(&store, begun.turn_id, log.told_before, Source::Live(log)))
            }
            BeginTurn::Existing(record) => {
                let source = match self.live.get(record.id) {
                    Some(log) => Source::Live(log),
                    None if is_over(&record) => Source::Known(Box::new(Outcome::of(&record))),
                    None => Source::Elsewhere,
                };
                // Of a turn that was retried, its last run.
                let after = match &source {
                    Source::Live(log) => log.told_before,
                    _ => runner::run_start(store.last_event(record.id).await?),
                };
                Ok(self.turn(&store, record.id, after, source))
            }
            BeginTurn::KeyReused => Err(BeginError::KeyReused),
            BeginTurn::InProgress => Err(BeginError::InProgress),
            BeginTurn::ConversationNotFound => Err(BeginError::ConversationNotFound),
        }
    }

    fn turn(&self, store: &UserStore, id: TurnId, after: u32, source: Source) -> Turn {
        Turn { live: self.live.clone(), store: store.clone(), id, after, source }
    }

    /// Stops the running turn of a conversation, here or on another replica, and waits until it has stopped.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn stop(&self, store: &UserStore, conversation: ConversationId) -> Result<StopReply, StoreError> {
        let nothing = StopReply { stopped: false, done: Vec::new(), not_done: Vec::new() };
        let Some(record) = store.request_stop(conversation).await? else { return Ok(nothing) };
        let source = match self.live.get(record.id) {
            Some(log) => {
                log.stop.cancel();
                Source::Live(log)
            }
            None => Source::Elsewhere,
        };
        match self.turn(store, record.id, 0, source).outcome().await?.event {
            TurnEvent::TurnStopped { done, not_done } => Ok(StopReply { stopped: true, done, not_done }),
            _ => Ok(nothing),
        }
    }

    /// Stops every turn of this person that runs in this process, and waits until they have stopped.
    pub(crate) async fn stop_all(&self, store: &UserStore) {
        for log in self.live.of(store.user()) {
            log.stop.cancel();
            log.outcome().await;
        }
    }

    /// The events of a conversation: its running or last turn after `after`, then every turn that follows.
    pub(crate) fn follow_conversation(
        &self,
        store: &UserStore,
        conversation: ConversationId,
        after: Option<EventId>,
    ) -> impl Stream<Item = Result<(EventId, TurnEvent), StoreError>> + Send + use<> {
        follow::conversation(self.live.clone(), store.clone(), conversation, after, self.draining.clone())
    }

    /// What changes of one person's data from now on, until the server drains.
    pub(crate) fn news(&self, owner: UserId) -> impl Stream<Item = AccountEvent> + Send + use<> {
        follow::account(self.live.news(), owner, self.draining.clone())
    }

    /// Takes no more turns and waits until those that run have ended, `grace` at most. What still runs shortly before
    /// is let go: it fails, and a retry goes on elsewhere at once.
    pub(crate) async fn drain(&self, grace: Duration) {
        self.draining.cancel();
        self.tasks.close();
        let ended = async |within| tokio::time::timeout(within, self.tasks.wait()).await.is_ok();
        if ended(grace.saturating_sub(LAST_WORDS)).await {
            return;
        }
        tracing::warn!(turns = self.tasks.len(), "turns still run at the end of the grace period: letting go of them");
        self.live.let_go();
        if !ended(LAST_WORDS).await {
            tracing::warn!(turns = self.tasks.len(), "turns could not be let go of; their leases lapse");
        }
    }

    /// Changes when somebody begins to follow here, or a turn begins here.
    pub(crate) fn used(&self) -> watch::Receiver<Instant> {
        self.live.used()
    }

    /// Whether the service takes no more turns.
    #[must_use]
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }
}

impl Turn {
    /// The turn's events from its first, or from the first of its new run.
    pub(crate) fn events(self) -> impl Stream<Item = Result<(EventId, TurnEvent), StoreError>> + Send {
        follow::turn(self.live, self.store, self.id, self.after)
    }

    /// Waits for the turn's end.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn outcome(self) -> Result<Outcome, StoreError> {
        match self.source {
            Source::Known(outcome) => Ok(*outcome),
            Source::Live(log) => Ok(log.outcome().await),
            Source::Elsewhere => follow::to_end(&self.store, self.id).await,
        }
    }
}

/// What one request is, so that a key can be told to come with the same body.
fn fingerprint(request: &ChatRequest) -> [u8; 32] {
    let conversation = request.conversation_id.map_or(0, ConversationId::get);
    Sha256::new().chain_update(conversation.to_be_bytes()).chain_update(request.message.as_str()).finalize().into()
}

/// The kinds of ending that a retry with the same key goes on from.
const fn retryable(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::ModelFailed | ProblemKind::ModelTimeout | ProblemKind::Unavailable)
}

/// Whether no more events follow.
const fn is_over(record: &TurnRecord) -> bool {
    !matches!(record.status, TurnStatus::Running)
}

/// Turns by id, in this process.
type ById<T> = HashMap<TurnId, T>;

#[cfg(test)]
mod tests;
