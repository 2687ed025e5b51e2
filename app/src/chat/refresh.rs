//! A conversation that went on elsewhere: what is new joins what is shown.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::TurnId;

use super::{
    Cell, Chat, Phase,
    turn::{State, Turn, past_turns},
};

/// How a conversation differs from what is shown of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct News {
    /// Turns that are shown as failed and ran again, or as running and came to their end.
    pub(super) ended: Vec<Turn>,
    /// Turns that are not shown.
    pub(super) new: Vec<Turn>,
}

/// Compares; `None` where the latest turns do not join what is shown.
pub(super) fn news(shown: &[Turn], latest: Vec<Turn>) -> Option<News> {
    let find = |turn: &Turn| shown.iter().find(|other| other.id.is_some() && other.id == turn.id);
    let joins = latest.first().is_none_or(|first| find(first).is_some());
    let mut news = News { ended: Vec::new(), new: Vec::new() };
    for turn in latest {
        match find(&turn) {
            None => news.new.push(turn),
            Some(known) => {
                let is_news =
                    if is_failed(known) { !is_failed(&turn) } else { known.is_running() && !turn.is_running() };
                // One that was cut by the border of the page is not whole.
                if is_news && !turn.said.is_empty() {
                    news.ended.push(Turn { run: known.run + 1, ..turn });
                }
            }
        }
    }
    joins.then_some(news)
}

fn is_failed(turn: &Turn) -> bool {
    matches!(turn.state, State::Failed(_))
}

impl Chat {
    /// Whether this page has the turn's own events: it follows it, or saw its end.
    pub(crate) fn follows(self, id: TurnId) -> bool {
        self.cells.with_untracked(|cells| {
            let at = cells.iter().position(|cell| cell.turn.with_untracked(|turn| turn.id == Some(id)));
            let Some((at, cell)) = at.and_then(|at| Some((at, cells.get(at)?))) else { return false };
            let waits = |cell: &Cell| cell.turn.with_untracked(|turn| turn.id.is_none());
            let is_last = cells.iter().skip(at + 1).all(waits);
            cell.turn.with_untracked(|turn| if turn.is_running() { is_last } else { !is_failed(turn) })
        })
    }

    /// Looks for what was said in another tab or on another device, unless the agent is at work here.
    pub(crate) fn refresh(self) {
        spawn_local(async move {
            self.catch_up().await;
            self.send_held();
        });
    }

    pub(super) async fn catch_up(self) {
        if self.is_loading() {
            return self.is_stale.set_value(true);
        }
        let idle = move || self.phase.with_untracked(|phase| *phase == Phase::Ready) && !untrack(|| self.is_busy());
        let Some(id) = self.conversation.get_untracked().filter(|_| idle()) else { return };
        let visit = self.visit.get_value();
        let page = self.page(id, None).await;
        if self.visit.get_value() != visit || !idle() {
            return;
        }
        let page = match page {
            Ok(page) => page,
            // It was deleted elsewhere.
            Err(fault) if fault.is_missing() => return self.lose(),
            Err(_) => return,
        };
        let turns = past_turns(page.items, self.words);
        self.find_arrived(id, &turns);
        let shown: Vec<Turn> =
            self.cells.with_untracked(|cells| cells.iter().map(|cell| cell.turn.get_untracked()).collect());
        match news(&shown, turns) {
            None => self.open(id),
            Some(news) => {
                self.take_news(news);
                spawn_local(self.follow_running(visit));
            }
        }
    }

    fn take_news(self, news: News) {
        self.cells.with_untracked(|cells| {
            for ended in news.ended {
                if let Some(cell) = cells.iter().find(|cell| cell.turn.with_untracked(|turn| turn.id == ended.id)) {
                    cell.turn.set(ended);
                }
            }
        });
        if news.new.is_empty() {
            return;
        }
        self.cells.update(|cells| {
            for turn in news.new {
                // What was never sent stays last.
                let is_later = |cell: &Cell| cell.turn.with_untracked(|shown| shown.id.is_none() || shown.id > turn.id);
                let at = cells.iter().position(is_later).unwrap_or(cells.len());
                cells.insert(at, self.cell(turn));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::chat::turn::Failure;

    fn turn(id: i64, state: State) -> Turn {
        Turn { id: Some(id.try_into().unwrap()), state, ..Turn::sent("Hello".into()) }
    }

    /// UI-29: what went on elsewhere joins; what is shown already stays as it is.
    #[test]
    fn only_what_is_new_joins() {
        let failed = || State::Failed(Failure { message: "No.".into(), retryable: true });
        let unsent = Turn { state: failed(), ..Turn::sent("Later".into()) };
        let shown = [turn(1, State::Completed), turn(2, failed()), turn(3, failed()), unsent];
        let latest =
            vec![turn(1, State::Completed), turn(2, State::Completed), turn(3, failed()), turn(4, State::Completed)];
        let news = news(&shown, latest).unwrap();
        assert_eq!(news.new, [turn(4, State::Completed)]);
        assert_eq!(news.ended, [Turn { run: 1, ..turn(2, State::Completed) }]);
    }

    /// UI-29: where turns lie between, the conversation is read anew.
    #[test]
    fn a_gap_is_no_join() {
        assert_eq!(news(&[turn(1, State::Completed)], vec![turn(9, State::Completed)]), None);
        assert_eq!(news(&[], Vec::new()), Some(News { ended: Vec::new(), new: Vec::new() }));
    }
}
