//! The answer to the question: all, some or none of the frozen calls.

use saydo_contract::{ChangeVerb, ConfirmationItem};
use saydo_interpreter::{
    Context,
    selection::{ConfirmationLine, Selection, Unclear, confirm, is_command},
};
use serde_json::Value;

use super::{Confirm, LAPSE, Question, Seen, asked, calls, changed, words};
use crate::{HistoryItem, ModelMessage, ModelRequest, PastCall, RawCall};

/// What to do next where the person's message answers our question; `None` where nothing waits, or the message is
/// about something else. `offline`: no model would understand more than the interpreter.
pub(crate) fn answer(request: &ModelRequest, offline: bool) -> Option<ModelMessage> {
    let at = request.items.iter().rposition(|item| matches!(item, HistoryItem::User { .. }))?;
    let (before, rest) = request.items.split_at(at);
    let (HistoryItem::User { text: said, .. }, turn) = rest.split_first()? else { return None };
    let waiting = Waiting::of(before)?;
    let context = Context::new(request.now);
    // Saying the command again is no yes; what begins with one is no command.
    if is_command(said, &context) && is_repeated(said, before) {
        return None;
    }
    let has_lapsed = request.waited.is_some_and(|waited| waited > LAPSE);
    let places = match waiting.selection(said, &context) {
        Selection::Unrelated => return None,
        Selection::Unrecognised { .. } if !offline => return None,
        Selection::None | Selection::Unrecognised { declines: true } => return Some(say(words::DECLINED.to_owned())),
        _ if has_lapsed => return Some(say(words::LAPSED.to_owned())),
        Selection::Unclear(reason) => return Some(waiting.ask_again(unclear(reason))),
        Selection::Unrecognised { declines: false } => return Some(waiting.ask_again(words::UNKNOWN)),
        Selection::All => (0..waiting.question.items.len()).collect(),
        Selection::These(places) => places,
    };
    Some(waiting.carry_out(&places, turn))
}

const fn unclear(reason: Unclear) -> &'static str {
    match reason {
        Unclear::Which => words::WHICH,
        Unclear::BareNumber => words::NUMBER,
        Unclear::YesAndMore => words::FIRST,
    }
}

/// Whether the person says what led to the question, or what it was asked again after.
fn is_repeated(said: &str, before: &[HistoryItem]) -> bool {
    let same = |other: &str| other.trim().to_lowercase() == said.trim().to_lowercase();
    let mut rest = before;
    while asked(rest).is_some()
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
    question: Question,
    calls: Vec<&'a PastCall>,
    /// The tasks as they were.
    seen: Seen,
}

impl<'a> Waiting<'a> {
    /// The question that the conversation ends with.
    fn of(before: &'a [HistoryItem]) -> Option<Self> {
        let (question, _) = asked(before)?;
        let HistoryItem::Assistant { calls, .. } = before.last()? else { return None };
        Some(Self { question, calls: calls.iter().collect(), seen: Seen::of(before) })
    }

    fn selection(&self, said: &str, context: &Context) -> Selection {
        let lines: Vec<ConfirmationLine<'_>> = self
            .question
            .items
            .iter()
            .map(|item| ConfirmationLine { number: item.task_id.get(), title: &item.title, verb: item.verb })
            .collect();
        confirm(said, &lines, context)
    }

    fn ask_again(&self, why: &str) -> ModelMessage {
        let calls = self.calls.iter().map(|call| raw(call)).collect();
        ModelMessage { text: String::new(), calls, confirm: Confirm::Always, lead: why.to_owned() }
    }

    /// Looks at the tasks again, runs what is as it was, and tells about it.
    fn carry_out(&self, chosen: &[usize], turn: &[HistoryItem]) -> ModelMessage {
        let items: Vec<&ConfirmationItem> = chosen.iter().filter_map(|place| self.question.items.get(*place)).collect();
        let meant = |call: &&&PastCall| {
            change(call)
                .is_some_and(|(id, verb)| items.iter().any(|item| item.task_id.get() == id && item.verb == verb))
        };
        let meant: Vec<&PastCall> = self.calls.iter().filter(meant).copied().collect();
        let runs = |item: &HistoryItem| calls(std::slice::from_ref(item)).any(|call| change(call).is_some());
        let now = Seen::of(&turn[..turn.iter().position(runs).unwrap_or(turn.len())]);
        let frozen: Vec<RawCall> = meant.iter().map(|call| raw(call)).collect();
        if let Some(page) = now.look_for(&frozen) {
            return run(vec![page]);
        }
        let is_same = |id: i64| self.seen.tasks.get(&id) == now.tasks.get(&id);
        let (same, other): (Vec<_>, Vec<_>) = items.into_iter().cloned().partition(|item| is_same(item.task_id.get()));
        let ran: Vec<&PastCall> = calls(turn).filter(|call| change(call).is_some()).collect();
        if ran.is_empty() && !same.is_empty() {
            let same = |call: &&&PastCall| change(call).is_some_and(|(id, _)| is_same(id));
            return run(meant.iter().filter(same).map(|call| raw(call)).collect());
        }
        let mut sentences = words::done(&told(&same, &ran, |call| call.result.is_some() && !call.is_error));
        for item in told(&same, &ran, |call| call.is_error) {
            let of_item = |call: &&&PastCall| change(call) == Some((item.task_id.get(), item.verb));
            let reason = ran.iter().find(of_item).and_then(|call| call.result.as_ref());
            sentences.push(words::failed(&item, reason.and_then(Value::as_str).unwrap_or("it did not run")));
        }
        if !other.is_empty() {
            sentences.push(words::left_out(&other));
        }
        say(sentences.join("\n\n"))
    }
}

/// Those of the items whose call came to this.
fn told(items: &[ConfirmationItem], ran: &[&PastCall], came_to: impl Fn(&PastCall) -> bool) -> Vec<ConfirmationItem> {
    let is_so = |item: &&ConfirmationItem| {
        ran.iter().any(|call| change(call) == Some((item.task_id.get(), item.verb)) && came_to(call))
    };
    items.iter().filter(is_so).cloned().collect()
}

fn change(call: &PastCall) -> Option<(i64, ChangeVerb)> {
    changed(&call.tool, &call.arguments)
}

fn raw(call: &PastCall) -> RawCall {
    // The machine gives ids.
    RawCall {
        id: String::new(),
        tool: call.tool.clone(),
        arguments: call.arguments.to_string(),
        extra: serde_json::Map::new(),
    }
}

fn run(calls: Vec<RawCall>) -> ModelMessage {
    ModelMessage { calls, confirm: Confirm::Never, ..ModelMessage::default() }
}

fn say(text: String) -> ModelMessage {
    ModelMessage { text, ..ModelMessage::default() }
}
