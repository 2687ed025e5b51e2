//! The answer to a confirmation: all, some or none of the frozen calls run.

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

/// Who reads what is no clear answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Nobody would understand more than the interpreter.
    Interpreter,
    /// A model may.
    Model,
}

/// What to do next where the person's message answers our question; `None` where nothing waits, or the message is
/// about something else.
pub(crate) fn answer(request: &ModelRequest, reader: Reader) -> Option<ModelMessage> {
    let at = request.items.iter().rposition(|item| matches!(item, HistoryItem::User { .. }))?;
    let (before, rest) = request.items.split_at(at);
    let (HistoryItem::User { text: said, .. }, turn) = rest.split_first()? else { return None };
    if ends_in_old_question(before) {
        return matches!(interpret(said, &confirming(request))[..], [Intent::Confirm | Intent::Choose(_)])
            .then(|| say(Reply::NoLongerValid, &request.now));
    }
    let waiting = Waiting::of(before)?;
    let context = request.now.context();
    // Saying the command again is no yes; what begins with one is no command. A title is none that was asked about.
    let changes = interpret(said, &context).iter().any(|intent| changed_target(intent).is_some());
    if changes && is_command(said, &context) && is_repeated(said, before) {
        return None;
    }
    let has_lapsed = open_question(before).is_some_and(|question| request.has_lapsed(question));
    let ask_again = |doubt| Some(waiting.ask_again(doubt, &request.now));
    let chosen = match waiting.selection(said, &context) {
        Selection::Unrelated => return None,
        Selection::Unrecognised { .. } if reader == Reader::Model => return None,
        Selection::None | Selection::Unrecognised { declines: true } => {
            return Some(say(Reply::Declined, &request.now));
        }
        _ if has_lapsed => return Some(say(Reply::NoLongerValid, &request.now)),
        Selection::Unclear(Unclear::Which) => return ask_again(Doubt::Which),
        Selection::Unclear(Unclear::BareNumber) => return ask_again(Doubt::BareNumber),
        Selection::Unclear(Unclear::YesAndMore) => return ask_again(Doubt::AnswerFirst),
        Selection::Unrecognised { declines: false } => return ask_again(Doubt::Unrecognised),
        Selection::All => (0..waiting.items.len()).collect(),
        Selection::These(places) => places,
    };
    Some(waiting.carry_out(&chosen, turn, &request.now))
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

/// A question without an answer.
struct Waiting<'a> {
    /// What was asked about, and the task behind each line.
    items: Vec<ConfirmationItem>,
    calls: &'a [FrozenCall],
    /// The tasks as they were.
    seen: Seen,
}

impl<'a> Waiting<'a> {
    /// The question that the conversation ends with.
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

    /// Looks at the tasks again, runs what is as it was, and tells about it.
    fn carry_out(&self, chosen: &[usize], turn: &[HistoryItem], now: &LocalNow) -> ModelMessage {
        let items: Vec<&ConfirmationItem> = chosen.iter().filter_map(|place| self.items.get(*place)).collect();
        let is_chosen =
            |call: &&FrozenCall| items.iter().any(|item| (item.task_id, item.verb) == (call.task_id, call.verb));
        let chosen: Vec<&FrozenCall> = self.calls.iter().filter(is_chosen).collect();
        let runs = |item: &HistoryItem| calls(std::slice::from_ref(item)).any(|call| change(call).is_some());
        let seen = Seen::of(&turn[..turn.iter().position(runs).unwrap_or(turn.len())]);
        let frozen: Vec<RawCall> = chosen.iter().map(|call| raw(call)).collect();
        if let Some(page) = seen.look_for(&frozen) {
            return run(vec![page], MessageMeta::default());
        }
        let is_same = |id: i64| self.seen.tasks.get(&id) == seen.tasks.get(&id);
        let (same, other): (Vec<_>, Vec<_>) = items.into_iter().cloned().partition(|item| is_same(item.task_id.get()));
        let ran: Vec<&ToolCall> = calls(turn).filter(|call| change(call).is_some()).collect();
        let runs: Vec<RawCall> =
            chosen.iter().filter(|call| is_same(call.task_id.get())).map(|call| raw(call)).collect();
        // The next round; of one that was interrupted, the machine runs the rest.
        let round: Vec<RawCall> = runs.iter().skip(ran.len()).take(ROUND).cloned().collect();
        if !round.is_empty() {
            return run(round, batch(runs.len()));
        }
        let failed = told(&same, &ran, ToolCall::has_failed).into_iter().map(|item| {
            let of_item = |call: &&&ToolCall| change(call) == Some((item.task_id.get(), item.verb));
            let outcome = ran.iter().find(of_item).and_then(|call| call.outcome.as_ref());
            let reason = outcome.and_then(|outcome| outcome.result.as_str()).map(str::to_owned);
            (item, reason)
        });
        let failed = failed.collect();
        let done = told(&same, &ran, |call| call.result().is_some());
        say(Reply::Confirmed { done, failed, changed_since: other }, now)
    }
}

/// Those of the items whose call came to this.
fn told(items: &[ConfirmationItem], ran: &[&ToolCall], came_to: impl Fn(&ToolCall) -> bool) -> Vec<ConfirmationItem> {
    let is_so = |item: &&ConfirmationItem| {
        ran.iter().any(|call| change(call) == Some((item.task_id.get(), item.verb)) && came_to(call))
    };
    items.iter().filter(is_so).cloned().collect()
}

fn change(call: &ToolCall) -> Option<(i64, ChangeVerb)> {
    changed(&call.tool, &call.arguments)
}

fn raw(call: &FrozenCall) -> RawCall {
    // The machine gives ids.
    RawCall { id: String::new(), tool: call.tool.clone(), arguments: call.arguments.to_string(), extra: Map::new() }
}

fn run(calls: Vec<RawCall>, meta: MessageMeta) -> ModelMessage {
    ModelMessage { calls, confirm: Confirm::Never, meta, ..ModelMessage::default() }
}

/// The meta of a message of a change of so many tasks.
fn batch(count: usize) -> MessageMeta {
    MessageMeta { batch: count > ROUND, ..MessageMeta::default() }
}

fn say(reply: Reply, now: &LocalNow) -> ModelMessage {
    ModelMessage { text: english::say(&reply, now), meta: reply.meta(), ..ModelMessage::default() }
}
