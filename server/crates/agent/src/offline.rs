//! The offline model: an interpreter of plain commands in a model's place.
//!
//! It is a function of the conversation alone. Each time it is asked it goes through the person's message again and
//! takes the results of the calls that this turn has recorded; where one is missing, it asks for it. An open
//! question is data of the message that asked it. The command behind it is found by going through that turn again.

mod choice;
pub(crate) mod english;
mod find;
mod listing;
mod offer;
mod plan;
mod replay;
pub(crate) mod reply;
mod report;
mod tasks;
mod undo;

use saydo_contract::{MessageMeta, Question, SlashCommand};
use saydo_interpreter::{Context, Dialogue, Intent, NewItem, begins_with_undo, interpret};

use self::{
    choice::{Choice, ChoiceAnswer},
    replay::{PendingStep, Replay},
    reply::{Candidate, Reply},
};
use crate::{
    LocalNow, ModelMessage, ModelRequest,
    history::{self, Conversation, Turn},
};

/// The longest message, in bytes, that is suggested as a task when it is not understood.
const LONGEST_SUGGESTION: usize = 500;

/// What an offline turn comes to, as far as it is known.
#[derive(Debug, PartialEq)]
enum TurnOutcome {
    /// The answer.
    Said(Reply),
    /// A question; the next message may choose.
    Asked(Choice),
}

/// Whether this module answers the message whatever the model is: a slash command, "undo", or the answer to a question
/// that this module asked.
pub(crate) fn is_answered_offline(request: &ModelRequest) -> bool {
    let conversation = Conversation::read(&request.items);
    let Some((turn, past)) = conversation.turns.split_last() else { return false };
    if SlashCommand::of_message(turn.said).is_some() {
        return true;
    }
    match read_message(turn, past, &request.now) {
        Reading::Command(intents) => {
            matches!(intents[..], [Intent::Undo | Intent::Redo]) && begins_with_undo(turn.said)
        }
        Reading::Chosen { .. } | Reading::Agreed(_) | Reading::Refused | Reading::Unclear(_) => true,
        // A model may know better.
        Reading::Unrecognised(_) => false,
    }
}

/// What to say or to call next.
pub(crate) fn reply(request: &ModelRequest) -> ModelMessage {
    let conversation = Conversation::read(&request.items);
    let said = match outcome_now(&conversation, request) {
        Ok(TurnOutcome::Said(reply)) | Err(PendingStep::Say(reply)) => reply,
        Ok(TurnOutcome::Asked(choice)) => Reply::Choose(choice.question()),
        Err(PendingStep::Calls { calls, confirm, preamble, batch }) => {
            let preamble = english::paragraphs(&preamble, &request.now);
            let meta = MessageMeta { batch, ..MessageMeta::default() };
            return ModelMessage { calls, confirm, preamble, meta, ..ModelMessage::default() };
        }
    };
    let mut meta = said.meta();
    match &said {
        Reply::Choose(choice) => {
            let options = english::options(choice, &request.now);
            meta.question = Some(Question::Choose { options, asked: Some(request.now.asked_at()) });
        }
        Reply::Unrecognised { said: Some(said), .. } => meta.suggestions = vec![english::suggestion(said)],
        _ => {}
    }
    ModelMessage { text: english::say(&said, &request.now), meta, ..ModelMessage::default() }
}

/// What the last turn comes to. An answer to a question that has lapsed comes to nothing.
fn outcome_now(conversation: &Conversation<'_>, request: &ModelRequest) -> Result<TurnOutcome, PendingStep> {
    if let Some((turn, past)) = conversation.turns.split_last()
        && past.last().and_then(Turn::question).is_some_and(|question| request.has_lapsed(question))
        && read_message(turn, past, &request.now).is_void_after_lapse()
    {
        return Ok(TurnOutcome::Said(Reply::NoLongerValid));
    }
    outcome(conversation, &request.now)
}

fn outcome(conversation: &Conversation<'_>, now: &LocalNow) -> Result<TurnOutcome, PendingStep> {
    let Some((turn, past)) = conversation.turns.split_last() else {
        return Ok(TurnOutcome::Said(Reply::Unrecognised { examples: true, said: None }));
    };
    let (intents, chosen, now) = match read_message(turn, past, now) {
        Reading::Command(intents) => (intents, Vec::new(), *now),
        Reading::Chosen { intents, chosen, asked } => (intents, chosen, asked),
        Reading::Agreed(items) => (vec![Intent::Add(items)], Vec::new(), *now),
        Reading::Refused => return Ok(TurnOutcome::Said(Reply::Declined)),
        Reading::Unclear(choice) | Reading::Unrecognised(choice) => return Ok(TurnOutcome::Asked(choice)),
    };
    let mut replay = Replay::new(&turn.steps);
    plan::carry_out(&intents, PlanContext { turn, past, now: &now, chosen: &chosen }, &mut replay)
}

/// What a message means after what was said before.
enum Reading {
    /// What it says.
    Command(Vec<Intent>),
    /// An answer to a choice: the command behind the choice, with the chosen options.
    Chosen {
        intents: Vec<Intent>,
        chosen: Vec<Candidate>,
        /// When the choice was asked. The intents mean what they meant then.
        asked: LocalNow,
    },
    /// Yes to adding these.
    Agreed(Vec<NewItem>),
    /// No to adding anything.
    Refused,
    /// An answer to a choice that doesn't tell which option.
    Unclear(Choice),
    /// Words that are not understood, while a choice is open.
    Unrecognised(Choice),
}

impl Reading {
    /// Whether it is void where the question has lapsed. A refusal stays one, and another command is carried out.
    const fn is_void_after_lapse(&self) -> bool {
        matches!(self, Self::Chosen { .. } | Self::Agreed(_) | Self::Unclear(_) | Self::Unrecognised(_))
    }
}

fn read_message(turn: &Turn<'_>, past: &[Turn<'_>], now: &LocalNow) -> Reading {
    let asked = past.last().and_then(Turn::question);
    let choice = asked.and_then(|asked| chosen_from(past, asked, now));
    let dialogue = Dialogue {
        last_tasks: history::last_tasks(past),
        last_listed: history::last_listed(past),
        options: choice.as_ref().map_or(0, |(choice, _)| choice.options.len()),
        // A choice of one is a question of yes or no.
        confirming: choice.as_ref().is_some_and(|(choice, _)| choice.options.len() == 1),
        offering: matches!(asked, Some(Question::Add { .. })),
    };
    let intents = interpret(turn.said, &Context { dialogue, ..now.context() });
    if let Some(Question::Add { items }) = asked {
        return match intents[..] {
            [Intent::Confirm] => Reading::Agreed(items.iter().map(offer::accepted).collect()),
            [Intent::Decline] => Reading::Refused,
            _ => Reading::Command(intents),
        };
    }
    let Some((choice, asked)) = choice else { return Reading::Command(intents) };
    match choice.read_answer(turn.said, &intents) {
        ChoiceAnswer::Intents(intents, chosen) => Reading::Chosen { intents, chosen, asked },
        ChoiceAnswer::Unclear => Reading::Unclear(choice),
        ChoiceAnswer::Unrelated if intents == [Intent::Unknown] => Reading::Unrecognised(choice),
        ChoiceAnswer::Unrelated => Reading::Command(intents),
    }
}

/// What a plan may look at.
#[derive(Clone, Copy)]
struct PlanContext<'a> {
    turn: &'a Turn<'a>,
    past: &'a [Turn<'a>],
    now: &'a LocalNow,
    /// What the message chooses, as it was offered.
    chosen: &'a [Candidate],
}

impl PlanContext<'_> {
    fn may_show_examples(&self) -> bool {
        !history::has_shown_examples(self.past)
    }

    fn unrecognised(&self) -> Reply {
        // A slash command that there is none of is no title, and a long text no button.
        let said = Some(self.turn.said.split_whitespace().collect::<Vec<_>>().join(" "));
        let said = said.filter(|said| !said.starts_with('/') && (1..=LONGEST_SUGGESTION).contains(&said.len()));
        Reply::Unrecognised { examples: self.may_show_examples(), said }
    }

    /// Whether the turn before asked what can't be answered any more: its question was not kept as data, as in versions
    /// before, or would be another one now. An offer is not meant: other words leave it.
    fn had_question(&self) -> bool {
        let asked = self.past.last().and_then(Turn::question);
        asked.is_some_and(|asked| !matches!(asked, Question::Add { .. }))
            || matches!(outcome(&Conversation { turns: self.past.to_vec() }, self.now), Ok(TurnOutcome::Asked(_)))
    }
}

/// The choice that the last turn asked for, and when. Its message is read again with the moment and the locale of the
/// question; `None` where that comes to another one.
fn chosen_from(past: &[Turn<'_>], question: &Question, now: &LocalNow) -> Option<(Choice, LocalNow)> {
    let Question::Choose { asked, .. } = question else { return None };
    let asked = asked.as_ref().and_then(LocalNow::when_asked).unwrap_or(*now);
    match outcome(&Conversation { turns: past.to_vec() }, &asked) {
        Ok(TurnOutcome::Asked(choice)) if choice.is(question) => Some((choice, asked)),
        _ => None,
    }
}

#[cfg(test)]
#[path = "offline/tests.rs"]
mod tests;
