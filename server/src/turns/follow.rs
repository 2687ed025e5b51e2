//! Follows a turn, a conversation or an account: rows first, then what is told live, each event once and in order.

use std::{collections::VecDeque, time::Duration};

use futures::{Stream, stream};
use saydo_contract::{AccountEvent, ConversationId, EventId, TurnEvent, TurnId, TurnStatus, UserId};
use saydo_store::{News, StoreError, UserStore};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::{Outcome, is_over, live::LiveTurns, runner::run_start};

/// How often the rows of a turn that runs on another replica are read.
const POLL: Duration = Duration::from_millis(300);
const PAGE: u64 = 500;

type Told = Result<(EventId, TurnEvent), StoreError>;

/// One turn's events after `after`: from the rows, then as they happen.
pub(super) fn turn(
    live: LiveTurns,
    store: UserStore,
    turn: TurnId,
    after: u32,
) -> impl Stream<Item = Told> + Send + use<> {
    stream::unfold(Some(Follower::new(live, store, turn, after)), |follower| async {
        let mut follower = follower?;
        match follower.next().await {
            Ok(told) => told.map(|told| (Ok(told), Some(follower))),
            Err(fault) => Some((Err(fault), None)),
        }
    })
}

/// Waits for the end of a turn that runs on another replica.
pub(super) async fn to_end(store: &UserStore, id: TurnId) -> Result<Outcome, StoreError> {
    loop {
        match store.turn(id).await? {
            Some(record) if !is_over(&record) => tokio::time::sleep(POLL).await,
            record => return Ok(record.as_ref().map_or_else(Outcome::interrupted, Outcome::of)),
        }
    }
}

struct Follower {
    live: LiveTurns,
    store: UserStore,
    turn: TurnId,
    after: u32,
    ready: VecDeque<(u32, TurnEvent)>,
    read_rows: bool,
    over: bool,
}

impl Follower {
    fn new(live: LiveTurns, store: UserStore, turn: TurnId, after: u32) -> Self {
        Self { live, store, turn, after, ready: VecDeque::new(), read_rows: true, over: false }
    }

    async fn next(&mut self) -> Result<Option<(EventId, TurnEvent)>, StoreError> {
        loop {
            if let Some((seq, event)) = self.ready.pop_front() {
                self.after = seq;
                self.over = event.is_last();
                return Ok(Some((EventId { turn: self.turn, seq }, event)));
            }
            if self.over {
                return Ok(None);
            }
            self.fetch().await?;
        }
    }

    /// Fills `ready`, or waits a while.
    async fn fetch(&mut self) -> Result<(), StoreError> {
        let log = self.live.get(self.turn);
        // The rows first: they hold what an earlier run of the same turn told.
        if self.read_rows || log.is_none() {
            let rows = self.store.events_after(self.turn, self.after, PAGE).await?;
            self.read_rows = !rows.is_empty();
            self.ready.extend(rows);
            if self.read_rows {
                return Ok(());
            }
        }
        let Some(log) = log else { return self.wait_for_rows().await };
        let mut growth = log.watch();
        self.ready.extend(log.after(self.after));
        if self.ready.is_empty() {
            // The log closes after its last event is a row.
            if tokio::time::timeout(POLL, growth.changed()).await.is_err() {
                self.read_rows = self.live.get(self.turn).is_none();
            }
        }
        Ok(())
    }

    async fn wait_for_rows(&mut self) -> Result<(), StoreError> {
        match self.store.turn(self.turn).await? {
            Some(record) if is_over(&record) => {
                // Rows may have come between the two reads; where no end is kept, the outcome stands for it.
                let rows = self.store.events_after(self.turn, self.after, PAGE).await?;
                let told = record.status != TurnStatus::Interrupted
                    && self.store.last_event(self.turn).await?.is_some_and(|last| last <= self.after);
                if told {
                    self.over = true;
                } else if rows.is_empty() {
                    self.ready.push_back((self.after.saturating_add(1), Outcome::of(&record).event));
                }
                self.ready.extend(rows);
            }
            Some(_) => tokio::time::sleep(POLL).await,
            None => self.over = true,
        }
        Ok(())
    }
}

/// A conversation's events: its running or last turn, then each that follows, until the server drains.
pub(super) fn conversation(
    live: LiveTurns,
    store: UserStore,
    conversation: ConversationId,
    after: Option<EventId>,
    draining: CancellationToken,
) -> impl Stream<Item = Told> + Send + use<> {
    // Subscribed before the first read, so that no start is missed.
    let news = live.news();
    let reader = ConversationFollower { live, store, conversation, after, turn: None, news, draining };
    stream::unfold(Some(reader), |reader| async {
        let mut reader = reader?;
        match reader.next().await {
            Ok(told) => told.map(|told| (Ok(told), Some(reader))),
            Err(fault) => Some((Err(fault), None)),
        }
    })
}

/// What a follower waits for.
enum Start {
    /// A turn, new or again.
    Of(TurnId),
    /// There may be one.
    Unheard,
    /// No more: the server stops.
    Never,
}

struct ConversationFollower {
    live: LiveTurns,
    store: UserStore,
    conversation: ConversationId,
    /// What was told last.
    after: Option<EventId>,
    turn: Option<Follower>,
    news: broadcast::Receiver<Option<News>>,
    draining: CancellationToken,
}

impl ConversationFollower {
    async fn next(&mut self) -> Result<Option<(EventId, TurnEvent)>, StoreError> {
        loop {
            if let Some(turn) = &mut self.turn {
                if let Some((id, event)) = turn.next().await? {
                    // Behind a turn that ran again come those that are newer than all that was told.
                    self.after = self.after.max(Some(id));
                    return Ok(Some((id, event)));
                }
                self.turn = None;
            }
            let next = match self.next_turn().await? {
                Some(next) => Some(next),
                None => match self.wait_for_start().await {
                    Start::Of(turn) => match self.after {
                        Some(after) if turn == after.turn => Some((turn, after.seq)),
                        Some(after) if turn < after.turn => self.new_run(turn).await?,
                        _ => None,
                    },
                    Start::Unheard => None,
                    Start::Never => return Ok(None),
                },
            };
            if let Some((turn, after)) = next {
                self.turn = Some(Follower::new(self.live.clone(), self.store.clone(), turn, after));
            }
        }
    }

    /// The turn to tell next, and after which of its events.
    async fn next_turn(&mut self) -> Result<Option<(TurnId, u32)>, StoreError> {
        if let Some(after) = self.after {
            let known = self.store.turn(after.turn).await?.filter(|turn| turn.conversation_id == self.conversation);
            if let Some(record) = known {
                // A turn that is retried runs again after its last event.
                let more = self.store.last_event(after.turn).await?.is_some_and(|last| last > after.seq);
                if more || !is_over(&record) {
                    return Ok(Some((after.turn, after.seq)));
                }
                let next = self.store.turn_after(self.conversation, after.turn).await?;
                return Ok(next.map(|record| (record.id, 0)));
            }
        }
        // An id of another conversation, or of nothing, is passed over once and for all.
        self.after = None;
        let Some(current) = self.store.current_turn(self.conversation).await? else { return Ok(None) };
        Ok(Some((current.id, run_start(self.store.last_event(current.id).await?))))
    }

    /// The run of a turn that began again, whose first event may not be there yet.
    async fn new_run(&self, turn: TurnId) -> Result<Option<(TurnId, u32)>, StoreError> {
        let Some(last) = self.store.last_event(turn).await? else { return Ok(Some((turn, 0))) };
        let start = run_start(Some(last));
        let newest = self.store.events_after(turn, last - 1, 1).await?;
        let is_of_run_before = start == 0 || newest.first().is_none_or(|(_, event)| event.is_last());
        Ok(Some((turn, if is_of_run_before { last } else { start })))
    }

    /// Waits for a turn of this conversation to start.
    async fn wait_for_start(&mut self) -> Start {
        loop {
            tokio::select! {
                () = self.draining.cancelled() => return Start::Never,
                told = self.news.recv() => match told {
                    Ok(Some(News { event: AccountEvent::TurnStarted { conversation_id, turn_id }, .. }))
                        if conversation_id == self.conversation =>
                    {
                        return Start::Of(turn_id);
                    }
                    Ok(Some(_)) => {}
                    Ok(None) | Err(RecvError::Lagged(_)) => return Start::Unheard,
                    Err(RecvError::Closed) => return Start::Never,
                },
            }
        }
    }
}

/// What changes of one person's data. It ends where something may have been missed: whoever comes again reads anew.
pub(super) fn account(
    news: broadcast::Receiver<Option<News>>,
    owner: UserId,
    draining: CancellationToken,
) -> impl Stream<Item = AccountEvent> + Send + use<> {
    stream::unfold((news, owner, draining), |(mut news, owner, draining)| async move {
        loop {
            let told = draining.run_until_cancelled(news.recv()).await?.ok()??;
            if told.user == owner {
                return Some((told.event, (news, owner, draining)));
            }
        }
    })
}
