use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use saydo_contract::{ConversationId, TurnEvent, TurnId};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use super::{ById, Outcome};

/// The turns that run in this process.
#[derive(Clone)]
pub(super) struct LiveTurns {
    logs: Arc<Mutex<ById<Arc<TurnLog>>>>,
    started: broadcast::Sender<ConversationId>,
}

impl Default for LiveTurns {
    fn default() -> Self {
        Self { logs: Arc::default(), started: broadcast::channel(256).0 }
    }
}

impl LiveTurns {
    pub(super) fn open(&self, turn: TurnId, conversation: ConversationId) -> Arc<TurnLog> {
        let log = Arc::new(TurnLog::default());
        lock(&self.logs).insert(turn, log.clone());
        // Nobody listening is no fault.
        let _ = self.started.send(conversation);
        log
    }

    pub(super) fn get(&self, turn: TurnId) -> Option<Arc<TurnLog>> {
        lock(&self.logs).get(&turn).cloned()
    }

    pub(super) fn close(&self, turn: TurnId) {
        lock(&self.logs).remove(&turn);
    }

    /// Tells of each turn that starts from now on.
    pub(super) fn started(&self) -> broadcast::Receiver<ConversationId> {
        self.started.subscribe()
    }
}

/// The events of a running turn, for its followers. Bounded by the agent's limits on a turn.
pub(super) struct TurnLog {
    entries: Mutex<Vec<(u32, TurnEvent)>>,
    length: watch::Sender<usize>,
    outcome: OnceLock<Outcome>,
    /// Cancelled to stop the turn.
    pub(super) stop: CancellationToken,
}

impl Default for TurnLog {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
            length: watch::Sender::new(0),
            outcome: OnceLock::new(),
            stop: CancellationToken::new(),
        }
    }
}

impl TurnLog {
    pub(super) fn push(&self, seq: u32, event: TurnEvent) {
        let length = {
            let mut entries = lock(&self.entries);
            entries.push((seq, event));
            entries.len()
        };
        self.length.send_replace(length);
    }

    /// Ends the log. Its last event was pushed before.
    pub(super) fn end(&self, outcome: Outcome) {
        // Only the runner ends a log, once.
        let _ = self.outcome.set(outcome);
        self.length.send_modify(|_| ());
    }

    /// The events after `seq` that are there now.
    pub(super) fn after(&self, seq: u32) -> Vec<(u32, TurnEvent)> {
        let entries = lock(&self.entries);
        let from = entries.partition_point(|(at, _)| *at <= seq);
        entries[from..].to_vec()
    }

    /// Sees each growth from now on.
    pub(super) fn watch(&self) -> watch::Receiver<usize> {
        self.length.subscribe()
    }

    pub(super) async fn outcome(&self) -> Outcome {
        let mut growth = self.length.subscribe();
        loop {
            if let Some(outcome) = self.outcome.get() {
                return outcome.clone();
            }
            if growth.changed().await.is_err() {
                return Outcome::interrupted();
            }
        }
    }
}

/// A thread that panicked while it held the lock left a whole list behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
