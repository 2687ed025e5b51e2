//! The answer to the question: all, some or none of the frozen calls.

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono_tz::Tz;
use saydo_contract::{ChangeVerb, ConfirmationItem, TaskId};
use saydo_interpreter::{Candidate, Context, Description, Dialogue, Intent, Match, interpret, resolve};
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
    // Saying the command again is no yes; what begins with one is no command.
    let command = said.trim().to_lowercase();
    let is_command = is_command(&interpret(said, &Context::new(request.now))) && without(&command, &YES) == command;
    if is_command && is_repeated(said, before) {
        return None;
    }
    let chosen = waiting.chosen(said, request.now).or_else(|| {
        let is_lost = offline && interpret(said, &Context::new(request.now)) == [Intent::Unknown];
        // "No, something else": the first half is clear.
        let is_refused = refused(&said.trim().to_lowercase()).is_some();
        is_lost.then_some(if is_refused { Chosen::None } else { Chosen::Unclear(words::UNKNOWN) })
    });
    let chosen = match (chosen?, request.waited) {
        (Chosen::None, _) => return Some(say(words::DECLINED.to_owned())),
        (_, Some(waited)) if waited > LAPSE => return Some(say(words::LAPSED.to_owned())),
        (Chosen::Unclear(why), _) => {
            let calls = waiting.calls.iter().map(|call| raw(call)).collect();
            let lead = why.to_owned();
            return Some(ModelMessage { text: String::new(), calls, confirm: Confirm::Always, lead });
        }
        // All but all of them.
        (Chosen::Places(places), _) if places.is_empty() => return Some(say(words::DECLINED.to_owned())),
        (Chosen::Places(places), _) => places,
    };
    Some(waiting.carry_out(&chosen, turn))
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

/// Which of the lines are meant, from 0.
enum Chosen {
    Places(Vec<usize>),
    None,
    /// It is asked again, after these words.
    Unclear(&'static str),
}

/// How lines were named.
enum By {
    /// All of them at once.
    Each,
    Place,
    Title,
}

impl<'a> Waiting<'a> {
    /// The question that the conversation ends with.
    fn of(before: &'a [HistoryItem]) -> Option<Self> {
        let (question, _) = asked(before)?;
        let HistoryItem::Assistant { calls, .. } = before.last()? else { return None };
        Some(Self { question, calls: calls.iter().collect(), seen: Seen::of(before) })
    }

    fn chosen(&self, said: &str, now: DateTime<Tz>) -> Option<Chosen> {
        let said = said.trim().to_lowercase();
        let asks = said.contains('?');
        let said = said.trim_end_matches(['.', '!', '?', ' ']);
        let dialogue = Dialogue { confirming: true, ..Dialogue::default() };
        let context = Context { dialogue, ..Context::new(now) };
        if said.starts_with('/') {
            return None;
        }
        // The page numbers its two answers, and tasks have numbers.
        if matches!(said, "1" | "2") && self.question.items.len() > 1 {
            return Some(Chosen::Unclear(words::NUMBER));
        }
        let told = if self.is_of_another_verb(said) { None } else { self.told(said, &context) };
        match told {
            Some(Chosen::Places(_)) if asks => Some(Chosen::Unclear(words::WHICH)),
            // "Yes, and add milk" would lose its yes.
            None if without(said, &YES) != said && is_command(&interpret(said, &context)) => {
                Some(Chosen::Unclear(words::FIRST))
            }
            told => told,
        }
    }

    fn told(&self, said: &str, context: &Context) -> Option<Chosen> {
        let count = self.question.items.len();
        let agreed = without(said, &ASSENT);
        let intents = interpret(said, context);
        match &intents[..] {
            // "Ok, tasks" may ask for the list.
            [Intent::Confirm] if self.is_miscounted(said) || matches!(agreed, "tasks" | "my tasks") => {
                return Some(Chosen::Unclear(words::WHICH));
            }
            [Intent::Confirm] => return Some(Chosen::Places((0..count).collect())),
            [Intent::Decline] => return Some(Chosen::None),
            [Intent::Unknown] if said.starts_with("which") => return Some(Chosen::Unclear(words::WHICH)),
            _ => {}
        }
        let is_command = is_command(&intents);
        let refused = refused(agreed);
        let meant = refused.unwrap_or_else(|| without(agreed, &["do"]));
        let only = without(meant, &["only", "just", "but only", "but just"]);
        let left_out = if only == meant { exception(meant) } else { None };
        let named = self.selected(left_out.unwrap_or(only), context);
        if refused.is_some() && (only == meant || matches!(named, Some((_, By::Each)))) {
            // What follows is refused with it, unless it is a command of its own.
            let is_refused = match named {
                Some((_, By::Title)) => !(is_command && self::is_command(&interpret(meant, context))),
                Some(_) => true,
                None => meant.is_empty() || left_out.is_some() || !is_command && words_of(meant).any(is_verb),
            };
            return is_refused.then_some(Chosen::None);
        }
        match named? {
            _ if left_out.is_some() && matches!(intents[..], [Intent::List(_)]) => Some(Chosen::Unclear(words::WHICH)),
            (Chosen::Places(out), _) if left_out.is_some() => {
                // A task is left alone whatever was to be done with it.
                let task = |place: usize| self.question.items.get(place).map(|item| item.task_id);
                let is_out = |place: usize| out.iter().any(|out| task(*out) == task(place));
                Some(Chosen::Places((0..count).filter(|place| !is_out(*place)).collect()))
            }
            // "Delete them all", after the question whether to.
            (chosen, By::Each) if words_of(only).any(is_verb) => Some(chosen),
            // A command is a command, also where it would fit a line.
            _ if is_command => None,
            (chosen, By::Each) if words_of(only).any(|word| EVERY.contains(&word)) => Some(chosen),
            (_, By::Each) => Some(Chosen::Unclear(words::WHICH)),
            // A title alone may be the beginning of something else, and "please call Mom" another task.
            (Chosen::Places(_), By::Title) if only == without(said, &["please", "do"]) => {
                Some(Chosen::Unclear(words::WHICH))
            }
            (chosen, _) => Some(chosen),
        }
    }

    /// "Delete them all" is no answer to whether to complete them.
    fn is_of_another_verb(&self, said: &str) -> bool {
        let asked = |verb: ChangeVerb| self.question.items.iter().any(|item| item.verb == verb);
        words_of(said).any(|word| {
            let done = (word == "done").then_some(ChangeVerb::Completed);
            verb(word).or(done).is_some_and(|verb| !asked(verb))
        })
    }

    /// Whether the words speak of two or three tasks where there are more or fewer.
    fn is_miscounted(&self, said: &str) -> bool {
        let tasks: BTreeSet<TaskId> = self.question.items.iter().map(|item| item.task_id).collect();
        words_of(said).any(|word| match word {
            "both" | "two" => tasks.len() != 2,
            "three" => tasks.len() != 3,
            _ => false,
        })
    }

    /// The lines that the words name, by place, by number or by title.
    fn selected(&self, words: &str, context: &Context) -> Option<(Chosen, By)> {
        let count = self.question.items.len();
        if words.split(' ').all(|word| EACH.contains(&word) || EVERY.contains(&word) || is_verb(word)) {
            let all = Chosen::Places((0..count).collect());
            return Some((if self.is_miscounted(words) { Chosen::Unclear(words::WHICH) } else { all }, By::Each));
        }
        if let Some(chosen) = self.numbered(words) {
            return Some((chosen, By::Place));
        }
        // The last ones are counted from the end.
        let options = if words.contains("last") { count } else { 0 };
        let dialogue = Dialogue { options, ..context.dialogue.clone() };
        match &interpret(&format!("only {words}"), &Context { dialogue, ..context.clone() })[..] {
            [Intent::Choose(places)] => Some((self.places(places), By::Place)),
            _ => Some((self.titled(words)?, By::Title)),
        }
    }

    /// Lines by their places, from 1.
    fn places(&self, places: &[usize]) -> Chosen {
        let inside = places.iter().all(|place| (1..=self.question.items.len()).contains(place));
        if inside {
            Chosen::Places(places.iter().map(|place| place - 1).collect())
        } else {
            Chosen::Unclear(words::WHICH)
        }
    }

    /// "2 and #5": the number of a task, or the place of a line where that is no other task's number.
    fn numbered(&self, said: &str) -> Option<Chosen> {
        let words = said
            .split([' ', ','])
            .filter(|word| !matches!(*word, "" | "and" | "task" | "tasks" | "number" | "numbers" | "&" | "the"));
        let mut places = Vec::new();
        let mut unclear = false;
        for word in words {
            let number: i64 = word.trim_start_matches('#').parse().ok()?;
            let of_task =
                |place: &usize| self.question.items.get(*place).is_some_and(|item| item.task_id.get() == number);
            let of_task: Vec<usize> = (0..self.question.items.len()).filter(of_task).collect();
            let by_place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            let by_place = by_place.filter(|place| *place < self.question.items.len() && !word.starts_with('#'));
            match (&of_task[..], by_place) {
                ([], Some(place)) => places.push(place),
                ([], None) => unclear = true,
                (of_task, Some(place)) if !of_task.contains(&place) => unclear = true,
                (of_task, _) => places.extend(of_task),
            }
        }
        if unclear {
            return Some(Chosen::Unclear(words::WHICH));
        }
        (!places.is_empty()).then_some(Chosen::Places(places))
    }

    /// "Milk and the bread": lines by their titles, each by itself.
    fn titled(&self, words: &str) -> Option<Chosen> {
        let items = (0..).zip(&self.question.items);
        let candidates: Vec<Candidate<'_>> =
            items.map(|(id, item)| Candidate { id, title: &item.title, completed: false }).collect();
        let places = |ids: &[i64]| ids.iter().filter_map(|id| usize::try_from(*id).ok()).collect();
        let named = |words: &str| {
            let description = Description { words: words.trim().to_owned(), verb: None };
            match resolve(&description, &candidates) {
                Match::One(place) => Some(Chosen::Places(places(&[place]))),
                Match::Each(each) => Some(Chosen::Places(places(&each))),
                Match::Several(_) => Some(Chosen::Unclear(words::WHICH)),
                Match::None { .. } => None,
            }
        };
        if let Some(chosen) = named(words) {
            return Some(chosen);
        }
        let mut places = Vec::new();
        for part in words.split([',', '&']).flat_map(|part| part.split(" and ")).filter(|part| !part.trim().is_empty())
        {
            match named(part)? {
                Chosen::Places(one) => places.extend(one),
                unclear => return Some(unclear),
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

/// Words that mean all that is asked about.
const EVERY: [&str; 3] = ["all", "everything", "both"];
/// Words that go with them. Alone they do not tell whether to.
const EACH: [&str; 6] = ["of", "them", "these", "those", "tasks", "the"];
/// Words that name what is asked about.
const VERBS: [(ChangeVerb, &str); 7] = [
    (ChangeVerb::Deleted, "delete"),
    (ChangeVerb::Deleted, "remove"),
    (ChangeVerb::Deleted, "clear"),
    (ChangeVerb::Completed, "complete"),
    (ChangeVerb::Completed, "finish"),
    (ChangeVerb::Reopened, "reopen"),
    (ChangeVerb::Restored, "restore"),
];

/// Words that mean what was asked, and nothing else.
const YES: [&str; 3] = ["yes", "yeah", "yep"];
/// Words that agree, before what they agree to.
const ASSENT: [&str; 7] = ["yes", "yeah", "yep", "ok", "okay", "sure", "please"];

/// What follows the words that a refusal begins with.
fn refused(said: &str) -> Option<&str> {
    const REFUSAL: [&str; 18] = [
        "no", "n", "nope", "nah", "not now", "not yet", "none", "neither", "nothing", "never", "stop", "wait",
        "hold on", "cancel", "don't", "don’t", "dont", "do not",
    ];
    if REFUSAL.contains(&said) {
        return Some("");
    }
    let rest = without(said, &REFUSAL);
    (rest != said).then_some(rest)
}

fn is_command(intents: &[Intent]) -> bool {
    intents.iter().any(|intent| {
        !matches!(intent, Intent::Unknown | Intent::Choose(_) | Intent::Confirm | Intent::Decline | Intent::Thanks)
    })
}

fn verb(word: &str) -> Option<ChangeVerb> {
    VERBS.iter().find(|(_, name)| *name == word).map(|(verb, _)| *verb)
}

fn is_verb(word: &str) -> bool {
    verb(word).is_some()
}

fn words_of(said: &str) -> impl Iterator<Item = &str> {
    said.split(|c: char| !c.is_alphabetic())
}

/// What a message leaves out: "3" of "all but 3", "not 3" and "keep 3".
fn exception(said: &str) -> Option<&str> {
    const BUT: [&str; 13] = [
        "but not ",
        "but keep ",
        "but skip ",
        "but ",
        "except for ",
        "except ",
        "apart from ",
        "without ",
        "excluding ",
        "other than ",
        "not ",
        "keep ",
        "skip ",
    ];
    const ALL: [&str; 15] = [
        "all",
        "everything",
        "every",
        "each",
        "of",
        "them",
        "it",
        "one",
        "the",
        "those",
        "these",
        "tasks",
        "delete",
        "complete",
        "do",
    ];
    let at =
        |but: &str| said.match_indices(but).map(|(at, _)| at).find(|at| *at == 0 || said[..*at].ends_with([' ', ',']));
    let (at, but) = BUT.iter().find_map(|but| Some((at(but)?, but)))?;
    let mut head = said[..at].split([' ', ',']).filter(|word| !word.is_empty());
    head.all(|word| ALL.contains(&word)).then(|| said[at + but.len()..].trim_start_matches("for ").trim())
}

/// The words without these at their beginning.
fn without<'a>(words: &'a str, leading: &[&str]) -> &'a str {
    let mut rest = words.trim();
    const MARKS: [char; 6] = [' ', ',', '.', '!', ';', ':'];
    while let Some(shorter) =
        leading.iter().find_map(|word| rest.strip_prefix(word).filter(|rest| rest.starts_with(MARKS)))
    {
        rest = shorter.trim_start_matches(MARKS);
    }
    rest
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
