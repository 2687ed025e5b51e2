//! The answer to the question: all, some or none of the frozen calls.

use chrono::DateTime;
use chrono_tz::Tz;
use saydo_contract::{ChangeVerb, ConfirmationItem};
use saydo_interpreter::{Context, Dialogue, Intent, interpret};
use serde_json::Value;

use super::{Confirm, LAPSE, Question, Seen, about, calls, changed, words};
use crate::{HistoryItem, ModelMessage, ModelRequest, PastCall, RawCall};

/// What to do next where the person's message answers our question; `None` where nothing waits, or the message is
/// about something else.
pub(crate) fn answer(request: &ModelRequest) -> Option<ModelMessage> {
    let at = request.items.iter().rposition(|item| matches!(item, HistoryItem::User(_)))?;
    let (before, rest) = request.items.split_at(at);
    let (HistoryItem::User(said), turn) = rest.split_first()? else { return None };
    let waiting = Waiting::of(before)?;
    let chosen = match (waiting.chosen(said, request.now)?, request.waited) {
        (Chosen::None, _) => return Some(say(words::DECLINED.to_owned())),
        (_, Some(waited)) if waited > LAPSE => return Some(say(words::LAPSED.to_owned())),
        (Chosen::Unclear, _) => {
            let calls = waiting.calls.iter().map(|call| raw(call)).collect();
            return Some(ModelMessage { text: words::WHICH.to_owned(), calls, confirm: Confirm::Always });
        }
        (Chosen::Places(places), _) => places,
    };
    Some(waiting.carry_out(&chosen, turn))
}

/// A question without an answer.
struct Waiting<'a> {
    /// What was asked about, and the task behind each line.
    question: Question,
    calls: Vec<&'a PastCall>,
    /// The tasks as they were.
    seen: Seen,
}

/// Which of the lines are meant, from 0.
enum Chosen {
    Places(Vec<usize>),
    None,
    Unclear,
}

impl<'a> Waiting<'a> {
    /// The question that the conversation ends with.
    fn of(before: &'a [HistoryItem]) -> Option<Self> {
        let HistoryItem::Assistant { text, calls } = before.last()? else { return None };
        let from = before.iter().rposition(|item| matches!(item, HistoryItem::User(_)))?;
        let seen = Seen::of(&before[from..]);
        let question = about(calls.iter().filter_map(change), &seen)?;
        text.ends_with(&question.text).then(|| Self { question, calls: calls.iter().collect(), seen })
    }

    fn chosen(&self, said: &str, now: DateTime<Tz>) -> Option<Chosen> {
        let dialogue = Dialogue { confirming: true, ..Dialogue::default() };
        let intents = interpret(said, &Context { dialogue, ..Context::new(now) });
        match &intents[..] {
            [Intent::Confirm] => return Some(Chosen::Places((0..self.question.items.len()).collect())),
            [Intent::Decline] => return Some(Chosen::None),
            [Intent::Choose(places)] => return Some(self.places(places)),
            _ => {}
        }
        let said = said.trim().trim_end_matches(['.', '!']).to_lowercase();
        if let Some(rest) = exception(&said) {
            return Some(match self.chosen(&format!("only {rest}"), now)? {
                Chosen::Places(out) => {
                    Chosen::Places((0..self.question.items.len()).filter(|place| !out.contains(place)).collect())
                }
                other => other,
            });
        }
        self.numbered(&said)
    }

    /// Lines by their places, from 1.
    fn places(&self, places: &[usize]) -> Chosen {
        let inside = places.iter().all(|place| (1..=self.question.items.len()).contains(place));
        if inside { Chosen::Places(places.iter().map(|place| place - 1).collect()) } else { Chosen::Unclear }
    }

    /// "Only 2 and #5": the number of a task, or the place of a line where that is no other task's number.
    fn numbered(&self, said: &str) -> Option<Chosen> {
        let said = ["only ", "just ", "yes, only ", "yes only "].iter().find_map(|start| said.strip_prefix(start))?;
        let words =
            said.split([' ', ',']).filter(|word| !matches!(*word, "" | "and" | "task" | "tasks" | "number" | "&"));
        let mut places = Vec::new();
        for word in words {
            let number: i64 = word.trim_start_matches('#').parse().ok()?;
            let by_number = self.question.items.iter().position(|item| item.task_id.get() == number);
            let by_place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            let by_place = by_place.filter(|place| *place < self.question.items.len() && !word.starts_with('#'));
            match (by_number, by_place) {
                (Some(task), Some(place)) if task != place => return Some(Chosen::Unclear),
                (Some(place), _) | (None, Some(place)) => places.push(place),
                (None, None) => return Some(Chosen::Unclear),
            }
        }
        (!places.is_empty()).then_some(Chosen::Places(places))
    }

    /// Looks at the tasks again, runs what is as it was, and tells about it.
    fn carry_out(&self, chosen: &[usize], turn: &[HistoryItem]) -> ModelMessage {
        let items: Vec<&ConfirmationItem> = chosen.iter().filter_map(|place| self.question.items.get(*place)).collect();
        let meant = |call: &&&PastCall| {
            change(call)
                .is_some_and(|(id, verb)| items.iter().any(|item| item.task_id.get() == id && item.verb == verb))
        };
        let meant: Vec<&PastCall> = self.calls.iter().filter(meant).copied().collect();
        let now = Seen::of(turn);
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

/// What a message leaves out: "3" of "all but 3".
fn exception(said: &str) -> Option<&str> {
    const BUT: [&str; 8] =
        [" but not ", " but ", " except for ", " except ", " apart from ", " without ", " excluding ", " other than "];
    const ALL: [&str; 18] = [
        "yes",
        "ok",
        "sure",
        "please",
        "all",
        "everything",
        "every",
        "each",
        "of",
        "them",
        "do",
        "it",
        "one",
        "the",
        "those",
        "these",
        "tasks",
        "delete",
    ];
    let (at, but) = BUT.iter().find_map(|but| said.find(but).map(|at| (at, but)))?;
    let head = said[..at].split([' ', ',']).filter(|word| !word.is_empty());
    head.clone().all(|word| ALL.contains(&word)).then(|| said[at + but.len()..].trim_start_matches("for ").trim())
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
    ModelMessage { text: String::new(), calls, confirm: Confirm::Never }
}

fn say(text: String) -> ModelMessage {
    ModelMessage { text, calls: Vec::new(), confirm: Confirm::Never }
}
