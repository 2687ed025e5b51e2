//! The offline model: an interpreter of plain commands in a model's place.
//!
//! It is a function of the conversation alone. Each time it is asked it goes through the person's message again and
//! takes the results of the calls that this turn has recorded; where one is missing, it asks for it. What waits for an
//! answer is found the same way, by going through the turn before: a choice is pending exactly if that turn's answer
//! is the question that this module would have asked.

mod choice;
mod conversation;
mod listing;
mod plan;
mod replay;
mod resolve;
mod tasks;
mod undo;
mod words;

use chrono::DateTime;
use chrono_tz::Tz;
use saydo_interpreter::{Context, Dialogue, interpret};

use self::{
    choice::{Choice, Settled},
    conversation::{Conversation, Turn},
    replay::{Replay, Stop},
};
use crate::{HistoryItem, ModelMessage, ModelRequest};

/// Commands that are exact and go the offline way whatever the model is.
const SLASH_COMMANDS: [&str; 8] = ["/add", "/list", "/done", "/delete", "/edit", "/due", "/undo", "/help"];

/// What an offline turn comes to, as far as it is known.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// The answer.
    Said(String),
    /// A question; the next message may choose.
    Asked(Choice),
}

/// Whether the message that is to be answered is a slash command.
pub(crate) fn is_command(items: &[HistoryItem]) -> bool {
    let said = items.iter().rev().find_map(|item| match item {
        HistoryItem::User(text) => Some(text.trim_start()),
        HistoryItem::Assistant { .. } => None,
    });
    let first = said.and_then(|said| said.split_whitespace().next()).unwrap_or_default();
    SLASH_COMMANDS.iter().any(|command| command.eq_ignore_ascii_case(first))
}

/// What to say or to call next.
pub(crate) fn reply(request: &ModelRequest) -> ModelMessage {
    let conversation = Conversation::read(&request.items);
    match outcome(&conversation, &request.now) {
        Ok(Outcome::Said(text)) | Err(Stop::Say(text)) => ModelMessage { text, ..ModelMessage::default() },
        Ok(Outcome::Asked(choice)) => ModelMessage { text: choice.question(), ..ModelMessage::default() },
        Err(Stop::Calls(calls, confirm)) => ModelMessage { text: String::new(), calls, confirm },
    }
}

fn outcome(conversation: &Conversation<'_>, now: &DateTime<Tz>) -> Result<Outcome, Stop> {
    let Some((turn, past)) = conversation.turns.split_last() else { return Ok(Outcome::Said(words::help())) };
    let pending = pending(past, now);
    let dialogue = Dialogue {
        last_tasks: conversation::last_tasks(past),
        last_listed: conversation::last_listed(past),
        options: pending.as_ref().map_or(0, |choice| choice.options.len()),
        // A choice of one is a question of yes or no.
        confirming: pending.as_ref().is_some_and(|choice| choice.options.len() == 1),
    };
    let context = Context { dialogue, ..Context::new(*now) };
    let intents = interpret(turn.said, &context);
    let intents = match pending {
        None => intents,
        Some(choice) => match choice.settle(turn.said, &intents) {
            Settled::Intents(settled) => settled,
            Settled::Unclear => return Ok(Outcome::Asked(choice)),
            Settled::Apart => intents,
        },
    };
    let mut replay = Replay::new(&turn.steps);
    plan::carry_out(&intents, Scene { turn, past, now }, &mut replay)
}

/// What a plan may look at.
#[derive(Clone, Copy)]
struct Scene<'a> {
    turn: &'a Turn<'a>,
    past: &'a [Turn<'a>],
    now: &'a DateTime<Tz>,
}

/// The choice that waits for an answer, if the last turn ended in our question.
fn pending(past: &[Turn<'_>], now: &DateTime<Tz>) -> Option<Choice> {
    let asked = past.last()?.answer.filter(|answer| words::is_question(answer))?;
    match outcome(&Conversation { turns: past.to_vec() }, now) {
        Ok(Outcome::Asked(choice)) if choice.question() == asked => Some(choice),
        _ => None,
    }
}

#[cfg(test)]
#[path = "offline/tests.rs"]
mod tests;
