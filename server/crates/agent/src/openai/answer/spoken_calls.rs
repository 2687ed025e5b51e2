//! Tool calls that a model writes as text, in the forms of its own training, where its server doesn't read them.
//!
//! Only a text that is nothing but calls of known tools, each with an object of arguments, is certain enough to run.

use serde_json::{Map, Value};

use super::markers::{Marker, Match, find};
use crate::{RawCall, repair};

/// What a text may be.
#[derive(Debug, PartialEq)]
pub(super) enum Spoken {
    /// These calls, for certain.
    Calls(Vec<RawCall>),
    /// It looks like a call, and which one is not certain.
    Unclear,
    Words,
}

/// Marks that hold nothing themselves.
const MARKS: [&str; 16] = [
    "<tool_calls>",
    "<tool_call>",
    "</tool_calls>",
    "</tool_call>",
    "<function_call>",
    "</function_call>",
    "<functioncall>",
    "</functioncall>",
    "</function>",
    "[TOOL_CALLS]",
    "[/TOOL_CALLS]",
    "[ARGS]",
    "</s>",
    "```",
    ";",
    ",",
];
/// Words between marks that say nothing.
const FILLERS: [&str; 5] = ["function", "json", "commentary", "assistant", "tool_call"];
/// The longest control token, such as `<|tool_call_argument_begin|>`.
const LONGEST_TOKEN: usize = 64;
const NAMES: [&str; 5] = ["name", "tool", "tool_name", "function", "action"];
const ARGUMENTS: [&str; 5] = ["arguments", "parameters", "args", "input", "action_input"];
/// Arguments that are texts whatever they look like.
const TEXTS: [&str; 3] = ["title", "description", "query"];
const OTHER_KEYS: [&str; 4] = ["id", "type", "index", "call_id"];
/// Objects of a text that are looked at.
const MOST_OBJECTS: usize = 20;

/// Reads a text that begins like a call.
pub(super) fn read(text: &str, tools: &[String]) -> Spoken {
    match (Reader { rest: text.trim(), tools }).calls() {
        Some(calls) if !calls.is_empty() => Spoken::Calls(calls),
        _ if matches!(find(text), Match::Whole(Marker::Call, _)) || names_tool(text, tools) => Spoken::Unclear,
        _ => Spoken::Words,
    }
}

/// Whether words end in a call, which they announce.
pub(super) fn ends_in_call(words: &str, tools: &[String]) -> bool {
    let words = words.trim_end().trim_end_matches('`').trim_end();
    if !names_tool(words, tools) {
        return false;
    }
    let alone = words.trim_start_matches(['`', '[', ' ', '\n']);
    let is_python = |tool: &String| alone.strip_prefix(tool.as_str()).is_some_and(|rest| rest.starts_with('('));
    if words.ends_with([')', ']']) && tools.iter().any(is_python) {
        return true;
    }
    let begins = words.rmatch_indices('{').take(MOST_OBJECTS).filter_map(|(at, _)| words.get(at..));
    let mut items = begins.filter_map(|text| serde_json::from_str(text.trim_end_matches(']')).ok());
    items.any(|item| call(item, tools).is_some())
}

fn names_tool(text: &str, tools: &[String]) -> bool {
    tools.iter().any(|tool| text.contains(tool.as_str()))
}

struct Reader<'a> {
    rest: &'a str,
    tools: &'a [String],
}

impl<'a> Reader<'a> {
    /// The calls that the text consists of; `None` where there is anything else in it.
    fn calls(mut self) -> Option<Vec<RawCall>> {
        let mut calls = Vec::new();
        let mut name: Option<&str> = None;
        while !self.rest.is_empty() {
            if let Some(function) = self.rest.strip_prefix("<function=") {
                self.rest = function;
                calls.push(self.function()?);
            } else if self.rest.starts_with("<arg_key>") {
                calls.push(self.pairs(name.take()?)?);
            } else if self.rest.starts_with("</tool_call>") && name.is_some() {
                calls.push(RawCall { tool: name.take()?.to_owned(), ..RawCall::default() });
            } else if self.skip_mark() {
                // Nothing in it.
            } else if self.rest.starts_with(['{', '[']) {
                let value = self.json()?;
                match (name.take(), value) {
                    (Some(name), Value::Object(arguments)) => calls.push(raw(name, arguments)),
                    (None, Value::Object(item)) => calls.extend(items(item, self.tools)?),
                    (None, Value::Array(list)) => {
                        for item in list {
                            let Value::Object(item) = item else { return None };
                            calls.push(call(item, self.tools)?);
                        }
                    }
                    _ => return None,
                }
            } else {
                let word = self.until(|character| character.is_whitespace() || "{[<".contains(character));
                let word = word.strip_prefix("to=").unwrap_or(word);
                if !FILLERS.contains(&word) {
                    let tool = repair::tool_name(word, self.tools)?;
                    if name.replace(tool).is_some() {
                        return None;
                    }
                }
            }
            self.rest = self.rest.trim_start();
        }
        name.is_none().then_some(calls)
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let (before, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        before
    }

    /// Passes over a mark or a control token of any model.
    fn skip_mark(&mut self) -> bool {
        let token = [("<|", "|>"), ("<｜", "｜>")].into_iter().find_map(|(begin, end)| {
            let inner = self.rest.strip_prefix(begin)?;
            let at = inner.find(end).filter(|at| *at <= LONGEST_TOKEN)?;
            inner.get(at + end.len()..)
        });
        let rest = token.or_else(|| MARKS.iter().find_map(|mark| self.rest.strip_prefix(mark)));
        let Some(rest) = rest else { return false };
        self.rest = rest;
        true
    }

    fn json(&mut self) -> Option<Value> {
        let mut values = serde_json::Deserializer::from_str(self.rest).into_iter::<Value>();
        let value = values.next()?.ok()?;
        self.rest = self.rest.get(values.byte_offset()..)?;
        Some(value)
    }

    /// `add_task>{"title": "Milk"}</function>`, or with `<parameter=title>Milk</parameter>` for each argument.
    fn function(&mut self) -> Option<RawCall> {
        let (name, rest) = self.rest.split_once('>')?;
        let tool = repair::tool_name(name.trim_matches('"'), self.tools)?;
        self.rest = rest.trim_start();
        if self.rest.starts_with('{') {
            let Value::Object(arguments) = self.json()? else { return None };
            return Some(raw(tool, arguments));
        }
        let mut arguments = Map::new();
        while let Some(parameter) = self.rest.strip_prefix("<parameter=") {
            let (name, rest) = parameter.split_once('>')?;
            let (value, rest) = rest.split_once("</parameter>")?;
            arguments.insert(name.to_owned(), plain_value(name, value));
            self.rest = rest.trim_start();
        }
        self.rest.starts_with("</function>").then(|| raw(tool, arguments))
    }

    /// `<arg_key>title</arg_key><arg_value>Milk</arg_value>` for each argument.
    fn pairs(&mut self, tool: &str) -> Option<RawCall> {
        let mut arguments = Map::new();
        while let Some(pair) = self.rest.strip_prefix("<arg_key>") {
            let (name, rest) = pair.split_once("</arg_key>")?;
            let (value, rest) = rest.trim_start().strip_prefix("<arg_value>")?.split_once("</arg_value>")?;
            arguments.insert(name.trim().to_owned(), plain_value(name, value));
            self.rest = rest.trim_start();
        }
        Some(raw(tool, arguments))
    }
}

/// A value that is written without its type: a number, `true`, `null`, JSON, or else a text.
fn plain_value(name: &str, text: &str) -> Value {
    let text = text.trim();
    let value = if TEXTS.contains(&name.trim()) { None } else { serde_json::from_str(text).ok() };
    value.unwrap_or_else(|| text.into())
}

fn raw(tool: &str, arguments: Map<String, Value>) -> RawCall {
    RawCall { tool: tool.to_owned(), arguments: Value::Object(arguments).to_string(), ..RawCall::default() }
}

/// The calls of an object: itself, or its list of calls.
fn items(mut item: Map<String, Value>, tools: &[String]) -> Option<Vec<RawCall>> {
    let Some(Value::Array(list)) = item.remove("tool_calls") else { return Some(vec![call(item, tools)?]) };
    if !item.is_empty() {
        return None;
    }
    let call = |item| match item {
        Value::Object(item) => call(item, tools),
        _ => None,
    };
    list.into_iter().map(call).collect()
}

/// The call that an object describes.
fn call(mut item: Map<String, Value>, tools: &[String]) -> Option<RawCall> {
    if let Some(Value::Object(function)) = item.get("function") {
        let is_known = |name: &String| name == "function" || OTHER_KEYS.contains(&name.as_str());
        return item.keys().all(is_known).then(|| call(function.clone(), tools))?;
    }
    let take = |item: &mut Map<String, Value>, names: &[&str]| names.iter().find_map(|name| item.remove(*name));
    let name = take(&mut item, &NAMES)?;
    let tool = repair::tool_name(name.as_str()?, tools)?;
    let arguments = match take(&mut item, &ARGUMENTS)? {
        Value::Object(arguments) => arguments,
        Value::String(text) => repair::arguments(&text)?,
        _ => return None,
    };
    item.keys().all(|name| OTHER_KEYS.contains(&name.as_str())).then(|| raw(tool, arguments))
}
