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
use saydo_contract::{ChoiceOption, SlashCommand};
use saydo_interpreter::{Context, Dialogue, Intent, interpret};

use self::{
    choice::{Choice, Offer, Settled},
    conversation::{Conversation, Turn},
    replay::{Replay, Stop},
};
use crate::{HistoryItem, ModelMessage, ModelRequest};

/// What an offline turn comes to, as far as it is known.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// The answer.
    Said(String),
    /// A question; the next message may choose.
    Asked(Choice),
}

/// Whether the message that is to be answered goes the offline way whatever the model is: a slash command, "undo", or
/// the answer to a choice that this module asked for.
pub(crate) fn is_ours(request: &ModelRequest) -> bool {
    let conversation = Conversation::read(&request.items);
    let Some((turn, past)) = conversation.turns.split_last() else { return false };
    if SlashCommand::of_message(turn.said).is_some() {
        return true;
    }
    let first = turn.said.split_whitespace().next().unwrap_or_default();
    let is = |command: &&'static str| command.eq_ignore_ascii_case(first);
    match heard(turn, past, &request.now) {
        Heard::Command(intents) => {
            matches!(intents[..], [Intent::Undo | Intent::Redo]) && ["undo", "redo"].iter().any(is)
        }
        Heard::Chosen(..) | Heard::Unclear(_) => true,
        // A model may know better.
        Heard::Lost(_) => false,
    }
}

/// The choice that the last turn asks for, if it does: the question and what can be chosen.
pub(crate) fn choice(items: &[HistoryItem], now: &DateTime<Tz>) -> Option<(String, Vec<ChoiceOption>)> {
    let choice = pending(&Conversation::read(items).turns, now)?;
    Some((choice.question(), choice.offered()))
}

/// What to say or to call next.
pub(crate) fn reply(request: &ModelRequest) -> ModelMessage {
    let conversation = Conversation::read(&request.items);
    match outcome(&conversation, &request.now) {
        Ok(Outcome::Said(text)) | Err(Stop::Say(text)) => ModelMessage { text, ..ModelMessage::default() },
        Ok(Outcome::Asked(choice)) => ModelMessage { text: choice.question(), ..ModelMessage::default() },
        Err(Stop::Calls { calls, confirm, lead }) => ModelMessage { text: String::new(), calls, confirm, lead },
    }
}

fn outcome(conversation: &Conversation<'_>, now: &DateTime<Tz>) -> Result<Outcome, Stop> {
    let Some((turn, past)) = conversation.turns.split_last() else { return Ok(Outcome::Said(words::help())) };
    let (intents, chosen) = match heard(turn, past, now) {
        Heard::Command(intents) => (intents, Vec::new()),
        Heard::Chosen(intents, chosen) => (intents, chosen),
        Heard::Unclear(choice) | Heard::Lost(choice) => return Ok(Outcome::Asked(choice)),
    };
    let mut replay = Replay::new(&turn.steps);
    plan::carry_out(&intents, Scene { turn, past, now, chosen: &chosen }, &mut replay)
}

/// What a message means after what was said before.
enum Heard {
    /// What it says.
    Command(Vec<Intent>),
    /// What was asked for before, with the options that it chooses.
    Chosen(Vec<Intent>, Vec<Offer>),
    /// It means to choose, and does not tell which.
    Unclear(Choice),
    /// Nothing that is known, while a choice waits.
    Lost(Choice),
}

fn heard(turn: &Turn<'_>, past: &[Turn<'_>], now: &DateTime<Tz>) -> Heard {
    let pending = pending(past, now);
    let dialogue = Dialogue {
        last_tasks: conversation::last_tasks(past),
        last_listed: conversation::last_listed(past),
        options: pending.as_ref().map_or(0, |choice| choice.options.len()),
        // A choice of one is a question of yes or no.
        confirming: pending.as_ref().is_some_and(|choice| choice.options.len() == 1),
        offering: false,
    };
    let intents = interpret(turn.said, &Context { dialogue, ..Context::new(*now) });
    let Some(choice) = pending else { return Heard::Command(intents) };
    match choice.settle(turn.said, &intents) {
        Settled::Intents(intents, chosen) => Heard::Chosen(intents, chosen),
        Settled::Unclear => Heard::Unclear(choice),
        Settled::Apart if intents == [Intent::Unknown] => Heard::Lost(choice),
        Settled::Apart => Heard::Command(intents),
    }
}

/// What a plan may look at.
#[derive(Clone, Copy)]
struct Scene<'a> {
    turn: &'a Turn<'a>,
    past: &'a [Turn<'a>],
    now: &'a DateTime<Tz>,
    /// What the message chooses, as it was offered.
    chosen: &'a [Offer],
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
