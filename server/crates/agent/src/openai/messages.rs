//! The messages of a request: one history that every server takes, whatever happened in the conversation before.
//!
//! Invariants, which `saydo_test_support::fake_model::violations` checks:
//! * The system prompt comes first. Then the person and the assistant take turns, and the last message is the person's
//!   or a tool's: strict chat templates refuse any other order.
//! * Every call has its result right after its message, in the order of the calls.
//! * Ids, names, arguments and contents have the form that the strictest server takes.
//! * A message is the same in every later request, so that servers can reuse what they read before.

use std::collections::HashSet;

use saydo_contract::MessageMeta;
use serde_json::{Map, Value, json};

use super::request::Dialect;
use crate::{
    HistoryItem, Limits, LocalNow, ModelRequest, ToolCall,
    context::{Cost, LEAST_RESULT_CHARS, arguments_text, cut, result_text, text_tokens, window},
    prompt,
};

/// What closes a turn that ended without an answer.
const UNANSWERED: &str = "(This turn ended without an answer.)";
/// The field in which most servers send reasoning.
const REASONING: &str = "reasoning_content";
/// The longest name of a tool that servers take.
const LONGEST_NAME: usize = 64;

/// The messages of a request, with as much of the conversation as fits.
pub(super) fn messages(request: &ModelRequest, limits: &Limits, dialect: Dialect) -> Vec<Value> {
    let budget = limits.context_tokens.saturating_sub(text_tokens(prompt::SYSTEM));
    let drafts = Drafts::new(request, limits, dialect).all(budget);
    let costs: Vec<Cost> = drafts.iter().map(|draft| draft.cost).collect();
    let mut kept = vec![false; drafts.len()];
    for at in window(&costs, budget) {
        kept[at] = true;
    }
    let kept = drafts.into_iter().zip(kept).filter_map(|(draft, kept)| kept.then_some(draft.message));
    let system = json!({ "role": "system", "content": prompt::SYSTEM });
    let rest = in_order(kept).into_iter().flat_map(|message| message.into_json(dialect));
    std::iter::once(system).chain(rest).collect()
}

/// One item of the history as it would be sent.
struct Draft {
    cost: Cost,
    message: Message,
}

enum Message {
    User(String),
    Assistant {
        text: String,
        calls: Vec<Value>,
        results: Vec<Value>,
        /// Fields that only the server that sent them understands.
        fields: Map<String, Value>,
    },
}

impl Message {
    /// What closes a turn that ended without an answer.
    fn unanswered() -> Self {
        let text = UNANSWERED.to_owned();
        Self::Assistant { text, calls: Vec::new(), results: Vec::new(), fields: Map::new() }
    }

    /// The message, and the results of its calls.
    fn into_json(self, dialect: Dialect) -> Vec<Value> {
        match self {
            Self::User(text) => vec![json!({ "role": "user", "content": text })],
            Self::Assistant { text, calls, mut results, fields } => {
                let content = match text {
                    text if text.is_empty() && dialect.null_content => Value::Null,
                    text => text.into(),
                };
                let mut assistant = fields;
                assistant.insert("role".to_owned(), "assistant".into());
                assistant.insert("content".to_owned(), content);
                if calls.is_empty() {
                    assistant.remove("tool_calls");
                } else {
                    assistant.insert("tool_calls".to_owned(), calls.into());
                }
                results.insert(0, assistant.into());
                results
            }
        }
    }
}

/// Puts what goes along into the order that strict templates demand.
fn in_order(messages: impl Iterator<Item = Message>) -> Vec<Message> {
    let mut ordered: Vec<Message> = Vec::new();
    for message in messages {
        match (ordered.last_mut(), message) {
            // No answer comes before the first question.
            (None, Message::Assistant { .. }) => {}
            (Some(Message::User(_)), message @ Message::User(_)) => {
                ordered.extend([Message::unanswered(), message]);
            }
            (Some(Message::Assistant { calls, .. }), message @ Message::User(_)) if !calls.is_empty() => {
                ordered.extend([Message::unanswered(), message]);
            }
            // Two messages in words are one.
            (
                Some(Message::Assistant { text, calls, results, fields }),
                Message::Assistant { text: more, calls: more_calls, results: more_results, fields: more_fields },
            ) if calls.is_empty() => {
                if !more.is_empty() {
                    text.push_str("\n\n");
                    text.push_str(&more);
                }
                (*calls, *results) = (more_calls, more_results);
                fields.extend(more_fields);
            }
            (_, message) => ordered.push(message),
        }
    }
    ordered
}

/// Makes drafts of a conversation.
struct Drafts<'a> {
    request: &'a ModelRequest,
    limits: &'a Limits,
    dialect: Dialect,
    /// Whether the item belongs to a turn that called tools.
    in_tool_turn: Vec<bool>,
    /// The ids of the item's calls.
    ids: Vec<Vec<String>>,
    /// From this item on, the server wants reasoning with every call.
    fill_reasoning_from: usize,
}

impl<'a> Drafts<'a> {
    fn new(request: &'a ModelRequest, limits: &'a Limits, dialect: Dialect) -> Self {
        let items = &request.items;
        let has_reasoning = |item| reasoning(item).is_some_and(|fields| fields.contains_key(REASONING));
        let first = items.iter().position(has_reasoning).unwrap_or(items.len());
        Self {
            request,
            limits,
            dialect,
            in_tool_turn: in_tool_turn(items),
            ids: ids(items, dialect),
            fill_reasoning_from: match dialect {
                Dialect { fill_reasoning: true, .. } => 0,
                Dialect { server_fields: true, .. } => first,
                Dialect { .. } => usize::MAX,
            },
        }
    }

    /// A draft of each item that says anything.
    fn all(&self, budget: usize) -> Vec<Draft> {
        let mut question = 0;
        let mut drafts = Vec::new();
        for (at, item) in self.request.items.iter().enumerate() {
            match item {
                HistoryItem::User { text, said_at, .. } => {
                    let said = LocalNow {
                        moment: said_at.with_timezone(&self.request.now.moment.timezone()),
                        locale: self.request.now.locale,
                    };
                    let text = prompt::person(&cut(text, self.limits.item_chars), said);
                    // The turn before may have to be closed.
                    question = text_tokens(&text) + text_tokens(UNANSWERED);
                    let cost = Cost { is_user: true, tokens: question };
                    drafts.push(Draft { cost, message: Message::User(text) });
                }
                HistoryItem::Assistant { text, calls, .. } => {
                    let text = if text.trim().is_empty() { String::new() } else { self.shortened(text) };
                    if !text.is_empty() || !calls.is_empty() {
                        let most = (budget / 2).min(budget.saturating_sub(question));
                        drafts.push(self.assistant(at, text, calls, most));
                    }
                }
            }
        }
        drafts
    }

    fn shortened(&self, text: &str) -> String {
        cut(text, self.limits.item_chars).into_owned()
    }

    /// A message of the assistant. Its results are cut until it has no more than so many tokens.
    fn assistant(&self, at: usize, text: String, calls: &[ToolCall], most: usize) -> Draft {
        let fields = self.fields(at);
        let wire: Vec<Value> = calls.iter().zip(&self.ids[at]).map(|(call, id)| self.call(call, id)).collect();
        let mut max = self.limits.result_chars;
        let texts: Vec<String> = calls.iter().map(|call| result_text(call, max)).collect();
        let json = wire.iter().chain(fields.values()).map(|value| text_tokens(&value.to_string()));
        let fixed = text_tokens(&text) + json.sum::<usize>();
        let tokens = |max| fixed + texts.iter().map(|text| text_tokens(&cut(text, max))).sum::<usize>();
        while max > LEAST_RESULT_CHARS && tokens(max) > most {
            max = (max / 2).max(LEAST_RESULT_CHARS);
        }
        let result =
            |(text, id): (&String, &String)| json!({ "role": "tool", "tool_call_id": id, "content": cut(text, max) });
        let results = texts.iter().zip(&self.ids[at]).map(result).collect();
        let cost = Cost { is_user: false, tokens: tokens(max) };
        Draft { cost, message: Message::Assistant { text, calls: wire, results, fields } }
    }

    fn call(&self, call: &ToolCall, id: &str) -> Value {
        let mut wire = if self.dialect.server_fields { call.extra.clone() } else { Map::new() };
        let arguments = arguments_text(call, self.limits.item_chars);
        wire.insert("id".to_owned(), id.into());
        wire.insert("type".to_owned(), "function".into());
        wire.insert("function".to_owned(), json!({ "name": tool_name(&call.tool), "arguments": arguments }));
        Value::Object(wire)
    }

    /// The reasoning of a message, as its server sent it.
    ///
    /// It goes back with every message of a turn that called tools, in that turn and in later ones: DeepSeek, Kimi, GLM,
    /// MiniMax, OpenRouter (`reasoning_details`) and Gemini want it there, and the first two refuse a request without
    /// it. Turns of words alone go without: no server asks for it, DeepSeek's first reasoning API refused it, and it
    /// would fill the context.
    fn fields(&self, at: usize) -> Map<String, Value> {
        if !self.in_tool_turn[at] {
            return Map::new();
        }
        let sent = reasoning(&self.request.items[at]).filter(|_| self.dialect.server_fields);
        let mut fields = sent.cloned().unwrap_or_default();
        if at >= self.fill_reasoning_from {
            // Calls of the agent itself have none. Neither absent nor empty is taken, but a space is.
            fields.entry(REASONING).or_insert_with(|| " ".into());
        }
        fields
    }
}

fn reasoning(item: &HistoryItem) -> Option<&Map<String, Value>> {
    match item {
        HistoryItem::Assistant { meta: MessageMeta { reasoning: Some(reasoning), .. }, .. } => Some(&reasoning.fields),
        _ => None,
    }
}

/// Whether each item belongs to a turn that called tools.
fn in_tool_turn(items: &[HistoryItem]) -> Vec<bool> {
    let turns = items.chunk_by(|_, next| matches!(next, HistoryItem::Assistant { .. }));
    turns.flat_map(|turn| vec![turn.iter().any(|item| !item.calls().is_empty()); turn.len()]).collect()
}

/// The ids of each item's calls, unique in the conversation.
///
/// Those that a server gave go back unchanged: Kimi's name the tool, and some proxies keep data in them. Ours, and what
/// is empty or repeated, become nine letters and digits, the only form that Mistral takes and one that all others do.
fn ids(items: &[HistoryItem], dialect: Dialect) -> Vec<Vec<String>> {
    let is_kept = |id: &str| is_nine(id) || dialect.own_ids && !id.is_empty() && !is_ours(id);
    let given: HashSet<&str> =
        items.iter().flat_map(HistoryItem::calls).map(|call| call.id.as_str()).filter(|id| is_kept(id)).collect();
    let mut used = HashSet::new();
    let mut unique = |call: &ToolCall| {
        if is_kept(&call.id) && used.insert(call.id.clone()) {
            return call.id.clone();
        }
        let mut seed = fnv1a(&call.id);
        loop {
            let id = nine(seed);
            if !given.contains(id.as_str()) && used.insert(id.clone()) {
                return id;
            }
            seed = seed.wrapping_add(1);
        }
    };
    items.iter().map(|item| item.calls().iter().map(&mut unique).collect()).collect()
}

fn is_nine(id: &str) -> bool {
    id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether the agent made this id: `call_`, the turn, `_`, a number.
fn is_ours(id: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    id.strip_prefix("call_")
        .and_then(|rest| rest.split_once('_'))
        .is_some_and(|(turn, number)| is_number(turn) && is_number(number))
}

/// Nine letters and digits.
fn nine(mut seed: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digit = || {
        let digit = DIGITS[usize::try_from(seed % 36).unwrap_or_default()];
        seed /= 36;
        char::from(digit)
    };
    (0..9).map(|_| digit()).collect()
}

/// A hash that stays the same from one version to the next.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A name that servers take, also where the model wrote another.
fn tool_name(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name: String = name.chars().take(LONGEST_NAME).map(|c| if is_plain(c) { c } else { '_' }).collect();
    if name.is_empty() { "unknown".to_owned() } else { name }
}

#[cfg(test)]
#[path = "messages/tests.rs"]
mod tests;
