//! The answer to a confirmation: makes all, some or none of the frozen calls.

use saydo_contract::{ChangeVerb, ConfirmationItem, FrozenCall, MessageMeta, Question};
use saydo_interpreter::{
    Context, Intent, interpret,
    selection::{ConfirmationLine, Selection, Unclear, confirm, is_command},
};
use serde_json::Map;

use super::{Seen, calls, changed, changed_target, ends_in_old_question, items, open_question};
use crate::{
    HistoryItem, LocalNow, ModelMessage, ModelRequest, RawCall, ToolCall,
    limits::ROUND,
    model::Confirm,
    offline::{
        english,
        reply::{Doubt, Reply},
    },
};

/// Who reads a message that is no clear answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The interpreter, which asks again.
    Interpreter,
    /// The model, which gets the message.
    Model,
}

/// The next message where the person answers an open confirmation. `None` where there is none, or where the message is
/// about something else.
pub(crate) fn answer(request: &ModelRequest, reader: Reader) -> Option<ModelMessage> {
    let at = request.items.iter().rposition(|item| matches!(item, HistoryItem::User { .. }))?;
    let (before, rest) = request.items.split_at(at);
    let (HistoryItem::User { text: said, .. }, turn) = rest.split_first()? else { return None };
    if ends_in_old_question(before) {
        return matches!(interpret(said, &confirming(request))[..], [Intent::Confirm | Intent::Choose(_)])
            .then(|| reply_with(Reply::NoLongerValid, &request.now));
    }
    let open = OpenConfirmation::of(before)?;
    let context = request.now.context();
    // A message that repeats the command is no yes. One that begins with an answer ("yes, delete it") is no command, and
    // neither is a title of the question.
    let changes = interpret(said, &context).iter().any(|intent| changed_target(intent).is_some());
    if changes && is_command(said, &context) && is_repeated(said, before) {
        return None;
    }
    let has_lapsed = open_question(before).is_some_and(|question| request.has_lapsed(question));
    let ask_again = |doubt| Some(open.ask_again(doubt, &request.now));
    let chosen = match open.selection(said, &context) {
        Selection::Unrelated => return None,
        Selection::Unrecognised { .. } if reader == Reader::Model => return None,
        Selection::None | Selection::Unrecognised { declines: true } => {
            return Some(reply_with(Reply::Declined, &request.now));
        }
        _ if has_lapsed => return Some(reply_with(Reply::NoLongerValid, &request.now)),
        Selection::Unclear(Unclear::Which) => return ask_again(Doubt::Which),
        Selection::Unclear(Unclear::BareNumber) => return ask_again(Doubt::BareNumber),
        Selection::Unclear(Unclear::YesAndMore) => return ask_again(Doubt::AnswerFirst),
        Selection::Unrecognised { declines: false } => return ask_again(Doubt::Unrecognised),
        Selection::All => (0..open.items.len()).collect(),
        Selection::These(places) => places,
    };
    Some(open.carry_out(&chosen, turn, &request.now))
}

fn confirming(request: &ModelRequest) -> Context {
    let mut context = request.now.context();
    context.dialogue.confirming = true;
    context
}

/// Whether the person says what led to the question, or what it was asked again after.
fn is_repeated(said: &str, before: &[HistoryItem]) -> bool {
    let same = |other: &str| other.trim().to_lowercase() == said.trim().to_lowercase();
    let mut rest = before;
    while matches!(open_question(rest), Some(Question::Confirm { .. }))
        && let Some(at) = rest.iter().rposition(|item| matches!(item, HistoryItem::User { .. }))
    {
        if matches!(&rest[at], HistoryItem::User { text, .. } if same(text)) {
            return true;
        }
        rest = &rest[..at];
    }
    false
}

/// A confirmation that has no answer yet.
struct OpenConfirmation<'a> {
    /// The lines of the question.
    items: Vec<ConfirmationItem>,
    calls: &'a [FrozenCall],
    /// The tasks as they were when it was asked.
    seen: Seen,
}

impl<'a> OpenConfirmation<'a> {
    /// The confirmation that the conversation ends with.
    fn of(before: &'a [HistoryItem]) -> Option<Self> {
        let Some(Question::Confirm { calls, .. }) = open_question(before) else { return None };
        Some(Self { items: items(calls), calls, seen: Seen::of(before) })
    }

    fn selection(&self, said: &str, context: &Context) -> Selection {
        let lines: Vec<ConfirmationLine<'_>> = self
            .items
            .iter()
            .map(|item| ConfirmationLine { number: item.task_id.get(), title: &item.title, verb: item.verb })
            .collect();
        confirm(said, &lines, context)
    }

    fn ask_again(&self, doubt: Doubt, now: &LocalNow) -> ModelMessage {
        let calls: Vec<RawCall> = self.calls.iter().map(raw).collect();
        let preamble = english::say(&Reply::AskAgain(doubt), now);
        let meta = batch(calls.len());
        ModelMessage { calls, confirm: Confirm::Always, preamble, meta, ..ModelMessage::default() }
    }

    /// Reads the tasks again, makes the chosen calls for those that are unchanged, and reports.
    fn carry_out(&self, chosen: &[usize], turn: &[HistoryItem], now: &LocalNow) -> ModelMessage {
        let items: Vec<&ConfirmationItem> = chosen.iter().filter_map(|place| self.items.get(*place)).collect();
        let is_chosen =
            |call: &&FrozenCall| items.iter().any(|item| (item.task_id, item.verb) == (call.task_id, call.verb));
        let chosen: Vec<&FrozenCall> = self.calls.iter().filter(is_chosen).collect();
        let runs = |item: &HistoryItem| calls(std::slice::from_ref(item)).any(|call| change(call).is_some());
        let seen = Seen::of(&turn[..turn.iter().position(runs).unwrap_or(turn.len())]);
        let frozen: Vec<RawCall> = chosen.iter().map(|call| raw(call)).collect();
        if let Some(page) = seen.look_for(&frozen) {
            return call_tools(vec![page], MessageMeta::default());
        }
        let is_same = |id: i64| self.seen.tasks.get(&id) == seen.tasks.get(&id);
        let (same, other): (Vec<_>, Vec<_>) = items.into_iter().cloned().partition(|item| is_same(item.task_id.get()));
        let ran: Vec<&ToolCall> = calls(turn).filter(|call| change(call).is_some()).collect();
        let runs: Vec<RawCall> =
            chosen.iter().filter(|call| is_same(call.task_id.get())).map(|call| raw(call)).collect();
        // The next round; of one that was interrupted, the machine runs the rest.
        let round: Vec<RawCall> = runs.iter().skip(ran.len()).take(ROUND).cloned().collect();
        if !round.is_empty() {
            return call_tools(round, batch(runs.len()));
        }
        let done = with_outcome(&same, &ran, |call| call.result().is_some());
        reply_with(Reply::Confirmed { done, failed: failed(&same, &ran), changed_since: other }, now)
    }
}

/// The items whose call failed, each with the reason that the tool gave.
fn failed(items: &[ConfirmationItem], ran: &[&ToolCall]) -> Vec<(ConfirmationItem, Option<String>)> {
    let with_reason = |item: ConfirmationItem| {
        let of_item = |call: &&&ToolCall| change(call) == Some((item.task_id.get(), item.verb));
        let outcome = ran.iter().find(of_item).and_then(|call| call.outcome.as_ref());
        let reason = outcome.and_then(|outcome| outcome.result.as_str()).map(str::to_owned);
        (item, reason)
    };
    with_outcome(items, ran, ToolCall::has_failed).into_iter().map(with_reason).collect()
}

/// The items whose call has such an outcome.
fn with_outcome(
    items: &[ConfirmationItem],
    ran: &[&ToolCall],
    is_such: impl Fn(&ToolCall) -> bool,
) -> Vec<ConfirmationItem> {
    let has_outcome = |item: &&ConfirmationItem| {
        ran.iter().any(|call| change(call) == Some((item.task_id.get(), item.verb)) && is_such(call))
    };
    items.iter().filter(has_outcome).cloned().collect()
}

fn change(call: &ToolCall) -> Option<(i64, ChangeVerb)> {
    changed(&call.tool, &call.arguments)
}

fn raw(call: &FrozenCall) -> RawCall {
    // The machine gives ids.
    RawCall { id: String::new(), tool: call.tool.clone(), arguments: call.arguments.to_string(), extra: Map::new() }
}

fn call_tools(calls: Vec<RawCall>, meta: MessageMeta) -> ModelMessage {
    ModelMessage { calls, confirm: Confirm::Never, meta, ..ModelMessage::default() }
}

/// The meta of a message of a change of so many tasks.
fn batch(count: usize) -> MessageMeta {
    MessageMeta { batch: count > ROUND, ..MessageMeta::default() }
}

fn reply_with(reply: Reply, now: &LocalNow) -> ModelMessage {
    ModelMessage { text: english::say(&reply, now), meta: reply.meta(), ..ModelMessage::default() }
}
