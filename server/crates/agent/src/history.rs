//! The conversation turn by turn, and what later words refer to. All of it is data that the messages carry: no answer's
//! words are read.

use std::collections::HashSet;

use saydo_contract::{ChangeVerb, MessageMeta, Question, TaskChange, TurnId, UndoKind};
use saydo_interpreter::{Intent, Receipt, interpret};

use crate::{HistoryItem, LocalNow, ToolCall, context::changes_of};

/// A conversation; the last turn is the one to be answered.
pub(crate) struct Conversation<'a> {
    pub(crate) turns: Vec<Turn<'a>>,
}

/// One message of the person and what came of it.
#[derive(Clone)]
pub(crate) struct Turn<'a> {
    pub(crate) id: TurnId,
    pub(crate) said: &'a str,
    /// The calls of each message that has any.
    pub(crate) steps: Vec<&'a [ToolCall]>,
    /// What the last message without calls carries.
    pub(crate) meta: Option<&'a MessageMeta>,
}

impl<'a> Conversation<'a> {
    pub(crate) fn read(items: &'a [HistoryItem]) -> Self {
        let mut turns: Vec<Turn<'a>> = Vec::new();
        for item in items {
            match (item, turns.last_mut()) {
                (HistoryItem::User { turn, text, .. }, _) => {
                    turns.push(Turn { id: *turn, said: text, steps: Vec::new(), meta: None });
                }
                (HistoryItem::Assistant { calls, meta, .. }, Some(turn)) if calls.is_empty() => turn.meta = Some(meta),
                (HistoryItem::Assistant { calls, .. }, Some(turn)) => turn.steps.push(calls),
                (HistoryItem::Assistant { .. }, None) => {}
            }
        }
        Self { turns }
    }
}

impl<'a> Turn<'a> {
    /// Everything that this turn changed, in order.
    pub(crate) fn changes(&self) -> Vec<TaskChange> {
        self.steps.iter().copied().flatten().flat_map(changes_of).collect()
    }

    /// The question that the turn ended in.
    pub(crate) fn question(&self) -> Option<&'a Question> {
        self.meta?.question.as_ref()
    }

    /// The tasks that the answer showed as a list or as a choice, in its order.
    fn listed(&self) -> impl Iterator<Item = i64> + use<'a> {
        self.meta.into_iter().flat_map(|meta| &meta.listed).map(|task| task.get())
    }

    /// How the turn moved through the history of changes. What was stored before messages told it is found in what the
    /// person said.
    fn undo(&self, now: &LocalNow) -> Option<UndoTarget> {
        let said = match &interpret(self.said, &now.context())[..] {
            [intent] => UndoTarget::of(intent),
            _ => None,
        };
        match (said, self.meta.and_then(|meta| meta.undo)) {
            (Some(named @ UndoTarget::Named(_)), _) => Some(named),
            (_, Some(kind)) => Some(UndoTarget::Last(kind)),
            (said, None) => said,
        }
    }
}

/// What "it" and "them" mean: what the last turn that looked at the list changed, else what it showed.
///
/// Not what a turn before that did: a word without a referent is better than one with the wrong one.
pub(crate) fn last_tasks(past: &[Turn<'_>]) -> Vec<i64> {
    let Some(turn) = past.iter().rfind(|turn| !turn.steps.is_empty()) else { return Vec::new() };
    let mut tasks: Vec<i64> = turn.changes().iter().map(|change| change.task_id.get()).collect();
    if tasks.is_empty() {
        tasks.extend(turn.listed());
    }
    let mut seen = HashSet::new();
    tasks.retain(|task| seen.insert(*task));
    tasks
}

/// What "the second one" counts in: what the last turn showed that looked at the list. An older one has gone by.
pub(crate) fn last_listed(past: &[Turn<'_>]) -> Vec<i64> {
    let turn = past.iter().rfind(|turn| !turn.steps.is_empty() || turn.listed().next().is_some());
    turn.into_iter().flat_map(Turn::listed).collect()
}

/// Whether the conversation showed the examples of what can be said.
pub(crate) fn has_shown_examples(past: &[Turn<'_>]) -> bool {
    past.iter().any(|turn| turn.meta.is_some_and(|meta| meta.examples))
}

/// What was deleted in this conversation and not restored, newest first.
pub(crate) fn trash(past: &[Turn<'_>]) -> Vec<(i64, String)> {
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

/// What is to be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UndoTarget {
    /// The newest that stands, or the newest undo.
    Last(UndoKind),
    /// What is named, whichever it is.
    Named(Receipt),
}

impl UndoTarget {
    pub(crate) fn of(intent: &Intent) -> Option<Self> {
        Some(match intent {
            Intent::Undo => Self::Last(UndoKind::Undo),
            Intent::Redo => Self::Last(UndoKind::Redo),
            Intent::UndoReceipt(receipt) => Self::Named(*receipt),
            _ => return None,
        })
    }
}

/// The changes that stand and those that undid others. Taking one back makes it one of the other kind.
#[derive(Default)]
pub(crate) struct Ledger {
    standing: Vec<Entry>,
    undone: Vec<Entry>,
}

/// What a turn changed and was not undone.
struct Entry {
    turn: TurnId,
    changes: Vec<TaskChange>,
    /// Of an undo: whether something new was done since, so that only its name brings it back.
    overtaken: bool,
}

impl Ledger {
    pub(crate) fn of(past: &[Turn<'_>], now: &LocalNow) -> Self {
        let mut ledger = Self::default();
        for turn in past {
            let entry = Entry { turn: turn.id, changes: turn.changes(), overtaken: false };
            if entry.changes.is_empty() {
                continue;
            }
            let Some(target) = turn.undo(now) else {
                ledger.standing.push(entry);
                ledger.undone.iter_mut().for_each(|undone| undone.overtaken = true);
                continue;
            };
            let taken = ledger.take(target).map(|(kind, _)| kind);
            match turn.meta.and_then(|meta| meta.undo).or(taken) {
                Some(UndoKind::Undo) => ledger.undone.push(entry),
                Some(UndoKind::Redo) | None => ledger.standing.push(entry),
            }
        }
        ledger
    }

    /// Takes out what is asked for, and tells which way that is.
    pub(crate) fn take(&mut self, target: UndoTarget) -> Option<(UndoKind, Vec<TaskChange>)> {
        match target {
            UndoTarget::Last(UndoKind::Undo) => self.standing.pop().map(|entry| (UndoKind::Undo, entry.changes)),
            UndoTarget::Last(UndoKind::Redo) => {
                let entry = self.undone.pop_if(|entry| !entry.overtaken)?;
                Some((UndoKind::Redo, entry.changes))
            }
            UndoTarget::Named(receipt) => {
                let stands = self.standing.iter().any(|entry| entry.is_named(receipt));
                let (kind, side) = match receipt {
                    Receipt::Turn(_) | Receipt::TaskOfTurn { .. } if !stands => (UndoKind::Redo, &mut self.undone),
                    _ => (UndoKind::Undo, &mut self.standing),
                };
                let at = side.iter().rposition(|entry| entry.is_named(receipt))?;
                let entry = side.get_mut(at)?;
                let (named, rest) = entry.changes.drain(..).partition(|change| is_of(change, receipt));
                entry.changes = rest;
                if entry.changes.is_empty() {
                    side.remove(at);
                }
                Some((kind, named))
            }
        }
    }
}

impl Entry {
    fn is_named(&self, receipt: Receipt) -> bool {
        let turn = match receipt {
            Receipt::Task(_) => None,
            Receipt::Turn(turn) | Receipt::TaskOfTurn { turn, .. } => Some(turn),
        };
        turn.is_none_or(|turn| turn == self.turn.get()) && self.changes.iter().any(|change| is_of(change, receipt))
    }
}

fn is_of(change: &TaskChange, receipt: Receipt) -> bool {
    match receipt {
        Receipt::Turn(_) => true,
        Receipt::Task(task) | Receipt::TaskOfTurn { task, .. } => change.task_id.get() == task,
    }
}
