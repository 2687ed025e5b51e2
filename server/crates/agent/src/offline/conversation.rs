//! The conversation turn by turn, and what later words refer to.

use std::collections::HashSet;

use saydo_contract::{ChangeVerb, TaskChange, TurnId};

use crate::{HistoryItem, PastCall, context::changes_of};

/// A conversation; the last turn is the one to be answered.
pub(super) struct Conversation<'a> {
    pub(super) turns: Vec<Turn<'a>>,
}

/// One message of the person and what came of it.
#[derive(Clone)]
pub(super) struct Turn<'a> {
    pub(super) id: TurnId,
    pub(super) said: &'a str,
    /// The calls of each message that has any.
    pub(super) steps: Vec<&'a [PastCall]>,
    /// The last message without calls.
    pub(super) answer: Option<&'a str>,
}

impl<'a> Conversation<'a> {
    pub(super) fn read(items: &'a [HistoryItem]) -> Self {
        let mut turns: Vec<Turn<'a>> = Vec::new();
        for item in items {
            match (item, turns.last_mut()) {
                (HistoryItem::User { turn, text }, _) => {
                    turns.push(Turn { id: *turn, said: text, steps: Vec::new(), answer: None });
                }
                (HistoryItem::Assistant { text, calls }, Some(turn)) if calls.is_empty() => turn.answer = Some(text),
                (HistoryItem::Assistant { calls, .. }, Some(turn)) => turn.steps.push(calls),
                (HistoryItem::Assistant { .. }, None) => {}
            }
        }
        Self { turns }
    }
}

impl Turn<'_> {
    /// Everything that this turn changed, in order.
    pub(super) fn changes(&self) -> Vec<TaskChange> {
        let done = self.steps.iter().copied().flatten().filter(|call| !call.is_error);
        done.filter_map(|call| call.result.as_ref()).flat_map(changes_of).collect()
    }

    /// The tasks that the answer showed as a list or as a choice, in its order.
    fn shown(&self) -> Vec<i64> {
        let number = |line: &str| {
            let listed = line.strip_prefix("- #").and_then(|rest| rest.split_whitespace().next());
            let chosen = || {
                let (_, place) =
                    line.rsplit_once("(task ").filter(|_| line.starts_with(|c: char| c.is_ascii_digit()))?;
                place.split([',', ')']).next()
            };
            listed.or_else(chosen)?.parse().ok()
        };
        self.answer.unwrap_or_default().lines().filter_map(number).collect()
    }
}

/// What "it" and "them" mean: what the last turn that looked at the list changed, else what it showed.
///
/// Not what a turn before that did: a word without a referent is better than one with the wrong one.
pub(super) fn last_tasks(past: &[Turn<'_>]) -> Vec<i64> {
    let Some(turn) = past.iter().rfind(|turn| !turn.steps.is_empty()) else { return Vec::new() };
    let mut tasks: Vec<i64> = turn.changes().iter().map(|change| change.task_id.get()).collect();
    if tasks.is_empty() {
        tasks = turn.shown();
    }
    let mut seen = HashSet::new();
    tasks.retain(|task| seen.insert(*task));
    tasks
}

/// What "the second one" counts in: what the last turn showed that looked at the list. An older one has gone by.
pub(super) fn last_listed(past: &[Turn<'_>]) -> Vec<i64> {
    let turn = past.iter().rfind(|turn| !turn.steps.is_empty() || !turn.shown().is_empty());
    turn.map(Turn::shown).unwrap_or_default()
}

/// What was deleted in this conversation and not restored, newest first.
pub(super) fn trash(past: &[Turn<'_>]) -> Vec<(i64, String)> {
    let mut trash: Vec<(i64, String)> = Vec::new();
    for change in past.iter().flat_map(Turn::changes) {
        let id = change.task_id.get();
        trash.retain(|(other, _)| *other != id);
        if change.verb == ChangeVerb::Deleted {
            trash.push((id, change.title.into()));
        }
    }
    trash.reverse();
    trash
}
