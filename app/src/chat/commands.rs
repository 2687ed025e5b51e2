//! Commands that are sent at a click or a key, in their turn like what is said.

use leptos::prelude::*;
use saydo_contract::{SlashArgument, SlashCommand, TaskId};

use super::{
    Cell, Chat, Phase,
    turn::{State, Step, ToolOutcome, Turn},
};
use crate::tasks::Edit;

impl Chat {
    /// Changes a task: shown at once, sent in its turn. Returns the message's key, where it is one.
    pub(crate) fn change(self, id: TaskId, edit: Edit) -> Option<String> {
        let message = edit.command(id);
        self.order(&message, Some(self.tasks.expect(id, edit)))
    }

    /// Sends a command in its turn.
    pub(crate) fn command(self, message: &str) {
        _ = self.order(message, None);
    }

    fn order(self, message: &str, expected: Option<u32>) -> Option<String> {
        let reason = match (message.parse(), self.phase.get_untracked()) {
            (Err(_), _) => self.words.message_refused,
            (_, Phase::Missing) => self.words.conversation_missing,
            (_, Phase::Failed(_)) => self.words.messages_failed,
            (Ok(message), _) => return Some(self.begin_turn(&message, expected)),
        };
        expected.into_iter().for_each(|number| self.tasks.give_up(number, reason));
        None
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
    let command = words.next().and_then(SlashCommand::named);
    let number = words.next().and_then(|word| word.strip_prefix('#')).is_some_and(|id| id.parse::<TaskId>().is_ok());
    let is_whole = match command {
        Some(SlashCommand::Done | SlashCommand::Reopen | SlashCommand::Delete | SlashCommand::Restore) => {
            words.next().is_none()
        }
        Some(command) => command.argument() == SlashArgument::TaskAndValue,
        None => false,
    };
    let outcomes = turn.steps.iter().filter_map(|step| match step {
        Step::Tool(tool) => tool.outcome.as_ref(),
        _ => None,
    });
    let changes = outcomes.map(|outcome| match outcome {
        ToolOutcome::Changes(changes) => changes.len(),
        ToolOutcome::Failed => 0,
    });
    // Until it is answered it looks as it will.
    let is_open = turn.steps.is_empty() && (turn.state == State::Queued || turn.is_running());
    number && is_whole && (is_open || changes.sum::<usize>() == 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use saydo_contract::TaskChange;

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
        assert!(is_compact(&Turn::sent("/done #3".into())) && !is_compact(&Turn::sent("done #3".into())));
        for said in ["/done #3 and #9", "done #3", "/undo", "/list", "/done milk"] {
            assert!(!is_compact(&turn(said, ToolOutcome::Changes(vec![change()]))), "{said}");
        }
    }
}
