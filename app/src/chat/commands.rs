//! Commands that are sent at a click or a key, in order, each when the agent has done what was asked before.

use leptos::prelude::*;
use saydo_contract::{TaskChange, TaskId};

use super::{
    Cell, Chat, Phase,
    turn::{State, Step, ToolOutcome, Turn},
};
use crate::{
    html::effect,
    tasks::{Edit, is_as_left, reversal},
};

/// A command that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    message: String,
    /// What the pane of tasks shows already.
    expected: Option<u32>,
}

impl Chat {
    /// Changes a task: shown at once, sent in its turn.
    pub(crate) fn change(self, id: TaskId, edit: Edit) {
        let message = edit.command(id);
        let expected = Some(self.tasks.expect(id, edit));
        self.waiting.update(|waiting| waiting.push(Command { message, expected }));
    }

    /// Sends a command in its turn.
    pub(crate) fn command(self, message: &str) {
        self.waiting.update(|waiting| waiting.push(Command { message: message.to_owned(), expected: None }));
    }

    /// Takes a change back, unless the task has changed since.
    pub(crate) fn take_back(self, change: &TaskChange) {
        let id = change.task_id;
        let is_as_left = self.tasks.shown.with_untracked(|list| {
            list.as_ref().is_none_or(|list| {
                let now = list.get(id);
                is_as_left(change, now) || (now.is_none() && change.after.is_some() && !list.is_whole())
            })
        });
        if !is_as_left {
            return self.tasks.alert((self.words.changed_since)(id.get(), change.title.as_str()));
        }
        for edit in reversal(change) {
            self.change(id, edit);
        }
    }

    /// Sends what waits as soon as the agent is free.
    pub(crate) fn send_commands(self) {
        effect(move || {
            if self.is_busy() || self.waiting.with(Vec::is_empty) {
                return;
            }
            match self.phase.get() {
                Phase::Loading => {}
                Phase::Ready => untrack(|| self.send_next()),
                Phase::Missing | Phase::Failed(_) => untrack(|| self.drop_commands(self.words.messages_failed)),
            }
        });
    }

    fn send_next(self) {
        let next = self.waiting.try_update(|waiting| (!waiting.is_empty()).then(|| waiting.remove(0))).flatten();
        let Some(Command { message, expected }) = next else { return };
        match message.parse() {
            Ok(message) => self.begin_turn(&message, expected),
            Err(_) => {
                if let Some(number) = expected {
                    self.tasks.give_up(number, self.words.message_refused);
                }
            }
        }
    }

    fn drop_commands(self, reason: &str) {
        let waiting = self.waiting.try_update(std::mem::take).unwrap_or_default();
        waiting
            .into_iter()
            .filter_map(|command| command.expected)
            .for_each(|number| self.tasks.give_up(number, reason));
    }

    /// Tells the pane of tasks what became of the change that a turn was to make.
    pub(super) fn settle(self, cell: &Cell) {
        let Some(number) = cell.expected else { return };
        cell.turn.with_untracked(|turn| match &turn.state {
            State::Failed(failure) => self.tasks.give_up(number, &failure.message),
            // What still runs elsewhere will be over when the list comes.
            State::Running(_) | State::Queued | State::Completed | State::Stopped { .. } => self.tasks.told(number),
        });
    }
}

/// Whether a turn is one exact change, of which the receipt says all.
pub(super) fn is_compact(turn: &Turn) -> bool {
    let mut words = turn.said.split_whitespace();
    let verb = words.next().unwrap_or_default();
    let number = words.next().and_then(|word| word.strip_prefix('#')).is_some_and(|id| id.parse::<TaskId>().is_ok());
    let is_whole = match verb {
        "/done" | "/reopen" | "/delete" | "/restore" => words.next().is_none(),
        "/edit" | "/due" | "/priority" | "/note" => true,
        _ => false,
    };
    let outcomes = turn.steps.iter().filter_map(|step| match step {
        Step::Tool(tool) => tool.outcome.as_ref(),
        _ => None,
    });
    let changes = outcomes.map(|outcome| match outcome {
        ToolOutcome::Changes(changes) => changes.len(),
        ToolOutcome::Failed => 0,
    });
    number && is_whole && changes.sum::<usize>() == 1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::chat::turn::ToolStep;

    /// UI-32: the answer's words are left out only where the receipt says the same.
    #[test]
    fn only_exact_changes_are_compact() {
        let change = || {
            let json = r#"{"task_id":3,"title":"Milk","verb":"completed","before":null,"after":null}"#;
            serde_json::from_str::<TaskChange>(json).unwrap()
        };
        let turn = |said: &str, outcome| {
            let tool = ToolStep { call_id: "a".into(), outcome: Some(outcome) };
            Turn { steps: vec![Step::Tool(tool)], ..Turn::sent(said.into()) }
        };
        for said in ["/done #3", "/edit #3 Oat milk", "/due #3 2026-11-30", "/priority #3 high"] {
            assert!(is_compact(&turn(said, ToolOutcome::Changes(vec![change()]))), "{said}");
            assert!(!is_compact(&turn(said, ToolOutcome::Changes(vec![]))), "{said}");
            assert!(!is_compact(&turn(said, ToolOutcome::Failed)), "{said}");
        }
        for said in ["/done #3 and #9", "done #3", "/undo", "/list", "/done milk"] {
            assert!(!is_compact(&turn(said, ToolOutcome::Changes(vec![change()]))), "{said}");
        }
    }
}
