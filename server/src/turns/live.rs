//! The turns that run in this process, each with the events it told since it began here.
//!
//! Nothing here outlives the process: a restart or another replica reads the same from rows.

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Instant,
};

use saydo_contract::{TurnEvent, TurnId, UserId};
use saydo_store::{BegunTurn, News, Store};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use super::{ById, Outcome};

/// The turns that run in this process.
#[derive(Clone)]
pub(super) struct LiveTurns {
    logs: Arc<Mutex<ById<Arc<TurnLog>>>>,
    store: Store,
    /// When somebody last began to follow here, or a turn began here.
    used: watch::Sender<Instant>,
}

impl LiveTurns {
    pub(super) fn new(store: Store) -> Self {
        Self { logs: Arc::default(), store, used: watch::Sender::new(Instant::now()) }
    }

    pub(super) fn open(&self, turn: &BegunTurn, owner: UserId) -> RunningTurn {
        let log = Arc::new(TurnLog {
            entries: Mutex::default(),
            length: watch::Sender::new(0),
            outcome: OnceLock::new(),
            stop: CancellationToken::new(),
            let_go: CancellationToken::new(),
            told_before: turn.next_seq - 1,
            owner,
        });
        lock(&self.logs).insert(turn.turn_id, log.clone());
        self.used.send_replace(Instant::now());
        RunningTurn { live: self.clone(), turn: turn.turn_id, log }
    }

    /// The turns of one person.
    pub(super) fn of(&self, owner: &UserId) -> Vec<Arc<TurnLog>> {
        lock(&self.logs).values().filter(|log| log.owner == *owner).cloned().collect()
    }

    pub(super) fn get(&self, turn: TurnId) -> Option<Arc<TurnLog>> {
        lock(&self.logs).get(&turn).cloned()
    }

    /// Follows: what changes from now on, here and elsewhere.
    pub(super) fn news(&self) -> broadcast::Receiver<Option<News>> {
        let news = self.store.news();
        self.used.send_replace(Instant::now());
        news
    }

    /// Changes when somebody begins to follow here, or a turn begins here.
    pub(super) fn used(&self) -> watch::Receiver<Instant> {
        self.used.subscribe()
    }

    /// Lets go of every turn that still runs here.
    pub(super) fn let_go(&self) {
        lock(&self.logs).values().for_each(|log| log.let_go.cancel());
    }
}

/// A turn that runs. However its runner ends, by panic too, its followers learn of it.
pub(super) struct RunningTurn {
    live: LiveTurns,
    turn: TurnId,
    log: Arc<TurnLog>,
}

impl RunningTurn {
    pub(super) fn log(&self) -> Arc<TurnLog> {
        self.log.clone()
    }
}

impl Drop for RunningTurn {
    fn drop(&mut self) {
        let mut logs = lock(&self.live.logs);
        // It may run again already, under another log.
        if logs.get(&self.turn).is_some_and(|log| Arc::ptr_eq(log, &self.log)) {
            logs.remove(&self.turn);
        }
        drop(logs);
        self.log.end(Outcome::interrupted());
    }
}

/// The events of a running turn, for its followers. Bounded by the agent's limits on a turn.
pub(super) struct TurnLog {
    entries: Mutex<Vec<(u32, TurnEvent)>>,
    length: watch::Sender<usize>,
    outcome: OnceLock<Outcome>,
    /// Cancelled to stop the turn.
    pub(super) stop: CancellationToken,
    /// Cancelled to leave the turn to another server.
    pub(super) let_go: CancellationToken,
    /// The last event of the turn's earlier run; 0 where there was none.
    pub(super) told_before: u32,
    owner: UserId,
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

    /// Ends the log. Its last event was pushed before. A second end changes nothing.
    pub(super) fn end(&self, outcome: Outcome) {
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
