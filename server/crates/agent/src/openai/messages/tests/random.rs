//! Random conversations, each checked by every rule of the strictest server at once.

use std::{collections::BTreeSet, num::NonZero, thread};

use saydo_test_support::fake_model::violations;

use super::*;

/// Conversations in an ordinary run. `SAYDO_HISTORIES` sets another number.
const HISTORIES: u64 = 2_000;

/// Where random numbers come from; the same seed makes the same conversation.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.roll(of) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.roll(from.len() as u64)).unwrap()].clone()
    }

    fn text(&mut self) -> String {
        let short = [
            "",
            " ",
            "\n\t",
            "milk",
            "/add Milk",
            "yes",
            "Grüße 👋",
            "]\n[",
            "\u{0}\u{202e}\u{feff}",
            "دودھ",
            "<think>",
        ];
        match self.roll(8) {
            0 => "x".repeat(usize::try_from(self.roll(600)).unwrap()),
            1 => (0..self.roll(20))
                .filter_map(|_| char::from_u32(u32::try_from(self.roll(0x11_0000)).unwrap()))
                .collect(),
            _ => self.pick(&short).to_owned(),
        }
    }

    fn value(&mut self) -> Value {
        match self.roll(6) {
            0 => Value::Null,
            1 => self.text().into(),
            2 => json!([1, { "a": self.text() }]),
            3 => json!({ "task_id": 1, "changes": [] }),
            _ => json!({ "title": self.text(), "role": "user" }),
        }
    }

    fn fields(&mut self, names: &[&str]) -> Map<String, Value> {
        (0..self.roll(3)).map(|_| (self.pick(names).to_owned(), self.value())).collect()
    }
}

/// A conversation, and the ids in it that the model's server gave.
#[derive(Default)]
struct Talk {
    items: Vec<HistoryItem>,
    given: BTreeSet<String>,
    calls: u64,
}

impl Talk {
    fn random(dice: &mut Dice) -> Self {
        let mut talk = Self::default();
        if dice.one_in(8) {
            // The rows begin within a turn.
            talk.steps(dice, 1, false);
        }
        let turns = 1 + i64::try_from(dice.roll(8)).unwrap();
        for turn in 1..=turns {
            talk.items.push(user(turn, &dice.text()));
            if turn < turns {
                // Failed, stopped within a call or a text, answered, asked to confirm, made by a slash command, undone.
                let whole = dice.one_in(3);
                talk.steps(dice, turn, whole);
                for _ in 0..dice.pick(&[0, 1, 1, 1, 2]) {
                    let item = talk.message(dice, turn, 0, false);
                    talk.items.push(item);
                }
            } else {
                talk.steps(dice, turn, true);
            }
        }
        talk
    }

    /// Messages with calls; where they are `whole`, each call has its outcome.
    fn steps(&mut self, dice: &mut Dice, turn: i64, whole: bool) {
        for _ in 0..dice.roll(4) {
            let calls = 1 + dice.roll(4);
            let item = self.message(dice, turn, calls, whole);
            self.items.push(item);
        }
    }

    fn message(&mut self, dice: &mut Dice, turn: i64, calls: u64, whole: bool) -> HistoryItem {
        let is_own = dice.one_in(3);
        let calls = (0..calls).map(|_| self.call(dice, turn, is_own, whole)).collect();
        let reasoning = ["reasoning_content", "reasoning", "reasoning_details", "role", "content", "tool_calls"];
        let fields = if is_own { Map::new() } else { dice.fields(&reasoning) };
        let meta = MessageMeta {
            reasoning: (!fields.is_empty()).then_some(Reasoning { seconds: 1, fields }),
            finish: dice.one_in(4).then_some(CutReason::Length),
            undo: dice.one_in(4).then_some(UndoKind::Undo),
            batch: dice.one_in(4),
            ..MessageMeta::default()
        };
        HistoryItem::Assistant { text: dice.text(), calls, meta }
    }

    fn call(&mut self, dice: &mut Dice, turn: i64, is_own: bool, whole: bool) -> ToolCall {
        self.calls += 1;
        let id = match dice.roll(8) {
            _ if is_own => format!("call_{turn}_{}", self.calls),
            0 => format!("functions.add_task:{}", self.calls),
            1 => format!("call_{}", self.calls),
            2 => format!("toolu_01A09q90qw90lq917835lq9-{}", self.calls),
            3 => format!("{:09}", self.calls),
            4 => String::new(),
            5 => self.given.last().cloned().unwrap_or_default(),
            6 => "😀".to_owned(),
            _ => nine(dice.0),
        };
        if !is_own {
            self.given.insert(id.clone());
        }
        let names = ["add_task", "list_tasks", "functions.add_task", "default_api:add_task", "add task", "", "ü"];
        let outcome =
            (whole || !dice.one_in(4)).then(|| CallOutcome { result: dice.value(), is_error: dice.one_in(4) });
        ToolCall {
            id,
            tool: dice.pick(&names).to_owned(),
            arguments: dice.value(),
            outcome,
            extra: dice.fields(&["extra_content", "id", "type", "function", "index"]),
        }
    }

    /// What a request is made of each time that the model is asked.
    fn requests(&self) -> impl Iterator<Item = &[HistoryItem]> {
        let is_asked = |at: &usize| {
            let item = &self.items[at - 1];
            let is_answered = item.calls().iter().all(|call| call.outcome.is_some());
            matches!(item, HistoryItem::User { .. }) || !item.calls().is_empty() && is_answered
        };
        let first = self.items.iter().position(|item| matches!(item, HistoryItem::User { .. })).unwrap();
        (first + 1..=self.items.len()).filter(is_asked).map(|end| &self.items[..end])
    }
}

fn random_limits(dice: &mut Dice) -> Limits {
    let whole = Limits::default();
    Limits {
        context_tokens: dice.pick(&[0, 600, 1_000, 2_000, whole.context_tokens]),
        item_chars: dice.pick(&[0, 1, 100, whole.item_chars]),
        result_chars: dice.pick(&[0, 300, 2_000, whole.result_chars]),
        ..whole
    }
}

/// AGENT-04, AGENT-95: whatever happened in a conversation and however little of it fits, no strict server refuses a
/// request, and the person's words are in it.
#[test]
#[allow(clippy::disallowed_methods, reason = "how many is the test command's choice; no setting is read")]
fn no_strict_server_refuses_a_history() {
    let count = std::env::var("SAYDO_HISTORIES").map_or(HISTORIES, |count| count.parse().unwrap());
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for first in 0..threads {
            let seeds = (0..count).skip(first).step_by(threads);
            scope.spawn(|| seeds.for_each(is_taken_by_every_server));
        }
    });
}

fn is_taken_by_every_server(seed: u64) {
    let mut dice = Dice(seed);
    let talk = Talk::random(&mut dice);
    let (limits, own_ids) = (random_limits(&mut dice), !dice.one_in(4));
    let dialect = Dialect { own_ids, fill_reasoning: dice.one_in(4), ..Dialect::default() };
    let messages = messages(&request(&talk.items), &limits, dialect);
    let is_given = |id: &str| own_ids && talk.given.contains(id);
    let faults = violations(&json!({ "model": "m", "messages": messages }), &is_given);
    assert_eq!(faults, Vec::<String>::new(), "seed {seed}: {:#}", Value::from(messages));

    assert_eq!(messages[0], json!({ "role": "system", "content": prompt::SYSTEM }), "seed {seed}");
    let said = talk.items.iter().rev().find_map(|item| match item {
        HistoryItem::User { text, .. } => Some(cut(text, limits.item_chars)),
        HistoryItem::Assistant { .. } => None,
    });
    let person = messages.iter().rev().find(|message| message["role"] == "user").unwrap();
    assert!(person["content"].as_str().unwrap().ends_with(&*said.unwrap()), "seed {seed}: {person}");
}

/// AGENT-91: in any conversation that fits, each request begins with the bytes of the one before, up to its last message.
#[test]
fn each_request_begins_with_the_one_before() {
    for seed in 0..HISTORIES / 10 {
        let mut dice = Dice(seed);
        let talk = Talk::random(&mut dice);
        let limits = Limits { context_tokens: usize::MAX, ..random_limits(&mut dice) };
        let mut before = String::from("[]");
        for items in talk.requests() {
            let all = Value::from(messages(&request(items), &limits, Dialect::default())).to_string();
            assert!(all.starts_with(before.trim_end_matches(']')), "seed {seed}:\n{before}\n{all}");
            before = all;
        }
    }
}
