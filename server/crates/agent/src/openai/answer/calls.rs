//! Tool calls, put together from their parts.
//!
//! Servers leave out ids and indexes, give all calls the same, give each part another, or send names and whole calls
//! again. What tells two calls apart for certain is whether the arguments of the first are whole.

use serde_json::{Map, Value};

use super::{chunk::text_of, json_scan::JsonScan};
use crate::{ModelError, RawCall, repair};

/// What a call counts for beside its texts, so that empty ones are bounded too.
const CALL_BYTES: usize = 64;

/// A part of a call as a chunk holds it.
#[derive(Debug, Default)]
pub(super) struct CallPart {
    index: Option<String>,
    call: RawCall,
}

impl CallPart {
    /// A part of `tool_calls`, or a `function_call`, which has the fields of the function itself.
    pub(super) fn read(part: &Value) -> Option<Self> {
        let part = part.as_object()?;
        let function = part.get("function").and_then(Value::as_object);
        let is_own = |name: &str| match name {
            "index" | "id" | "type" | "function" => true,
            _ => function.is_none() && matches!(name, "name" | "arguments"),
        };
        let extra = part.iter().filter(|(name, value)| !is_own(name) && !value.is_null());
        let function = function.unwrap_or(part);
        Some(Self {
            index: Some(text_of(part.get("index"))).filter(|index| !index.is_empty()),
            call: RawCall {
                // Some servers write the word where they have none.
                id: Some(text_of(part.get("id"))).filter(|id| id != "null").unwrap_or_default(),
                tool: text_of(function.get("name")),
                arguments: match function.get("arguments") {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(piece)) => piece.clone(),
                    Some(whole) => whole.to_string(),
                },
                extra: extra.map(|(name, value)| (name.clone(), value.clone())).collect(),
            },
        })
    }
}

/// The calls of a message, while it comes.
#[derive(Debug)]
pub(super) struct Calls {
    calls: Vec<Building>,
    bytes: usize,
    most_bytes: usize,
}

#[derive(Debug, Default)]
struct Building {
    index: Option<String>,
    call: RawCall,
    scan: JsonScan,
}

impl Calls {
    pub(super) const fn new(most_bytes: usize) -> Self {
        Self { calls: Vec::new(), bytes: 0, most_bytes }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    pub(super) fn add(&mut self, part: CallPart, tools: &[String]) -> Result<(), ModelError> {
        let extra: usize = part.call.extra.values().map(|value| value.to_string().len()).sum();
        self.bytes += part.call.arguments.len() + part.call.tool.len() + part.call.id.len() + extra;
        let place = self.place_of(&part);
        match place {
            Some(at) if self.calls[at].is_continued_by(&part.call, tools) => self.calls[at].extend(part, tools),
            _ if self.calls.iter().any(|call| call.is_repeated_by(&part)) => {}
            _ => {
                self.bytes += CALL_BYTES;
                let mut building = Building { index: part.index.clone(), ..Building::default() };
                // Only the first of several calls of a tool has its name.
                if let Some(at) = place.filter(|_| part.call.tool.is_empty()) {
                    building.call.tool.clone_from(&self.calls[at].call.tool);
                }
                building.extend(part, tools);
                self.calls.push(building);
            }
        }
        if self.bytes > self.most_bytes { Err(ModelError::TooLarge(self.most_bytes)) } else { Ok(()) }
    }

    /// The call that `part` may be more of.
    fn place_of(&self, part: &CallPart) -> Option<usize> {
        let last = self.calls.len().checked_sub(1);
        match &part.index {
            Some(index) => {
                let same = |call: &Building| call.index.as_ref().is_none_or(|own| own == index);
                // What has neither a name nor an index that is known can only be more of the last call.
                self.calls.iter().rposition(same).or(last.filter(|_| part.call.tool.is_empty()))
            }
            None if part.call.id.is_empty() => last,
            None => self.calls.iter().rposition(|call| call.call.id == part.call.id).or(last),
        }
    }

    /// The calls, in order. Of a message that was cut, only those that are whole.
    pub(super) fn finish(self, is_cut: bool) -> Vec<RawCall> {
        self.calls
            .into_iter()
            .flat_map(|building| split(building.call))
            .filter(|call| !call.tool.is_empty() || !call.arguments.trim().is_empty())
            .filter(|call| !is_cut || repair::is_object(&call.arguments))
            .collect()
    }

    /// Whether one of the calls is whole.
    pub(super) fn has_whole(&self) -> bool {
        self.calls.iter().any(|building| building.scan.is_whole())
    }
}

impl Building {
    /// Whether `part` is more of this call. A whole call goes on only without a name and another id: then another object
    /// is another call, which [`split`] finds.
    fn is_continued_by(&self, part: &RawCall, tools: &[String]) -> bool {
        if !self.scan.is_whole() {
            return !self.differs_from(part, tools);
        }
        match (part.tool.is_empty(), part.arguments.trim().is_empty()) {
            (true, true) => true,
            (true, false) => {
                let is_next = !part.id.is_empty() && part.id != self.call.id && self.call.arguments.trim() != "{}";
                !is_next || !part.arguments.trim_start().starts_with('{')
            }
            (false, true) => !self.differs_from(part, tools),
            (false, false) => false,
        }
    }

    /// Whether the name is that of another tool. Two ids don't tell calls apart: some servers give each part another.
    fn differs_from(&self, part: &RawCall, tools: &[String]) -> bool {
        match (repair::tool_name(&self.call.tool, tools), repair::tool_name(&part.tool, tools)) {
            (Some(own), Some(other)) => own != other,
            _ => false,
        }
    }

    /// Whether `part` is this whole call once more: some servers send all calls again at the end.
    fn is_repeated_by(&self, part: &CallPart) -> bool {
        let same_place = match &part.index {
            Some(_) => part.index == self.index,
            None => part.call.id.is_empty() || part.call.id == self.call.id,
        };
        same_place
            && self.scan.is_whole()
            && part.call.tool == self.call.tool
            && part.call.arguments == self.call.arguments
    }

    fn extend(&mut self, part: CallPart, tools: &[String]) {
        let RawCall { id, tool, arguments, extra } = part.call;
        self.index = self.index.take().or(part.index);
        if self.call.id.is_empty() {
            self.call.id = id;
        }
        let is_known = repair::tool_name(&self.call.tool, tools).is_some();
        match tool.strip_prefix(&self.call.tool) {
            // The name so far again, or the whole of it.
            Some(_) => self.call.tool = if is_known { std::mem::take(&mut self.call.tool) } else { tool },
            // The name in parts.
            None if !is_known && repair::tool_name(&tool, tools).is_none() => self.call.tool.push_str(&tool),
            None if !is_known => self.call.tool = tool,
            None => {}
        }
        self.scan.push(arguments.as_bytes());
        self.call.arguments.push_str(&arguments);
        for (name, value) in extra {
            self.call.extra.entry(name).or_insert(value);
        }
    }
}

/// One call for each of several objects in its arguments, without a repeated one and without empty ones before others.
fn split(call: RawCall) -> Vec<RawCall> {
    let mut stream = serde_json::Deserializer::from_str(&call.arguments).into_iter::<Map<String, Value>>();
    let mut objects: Vec<Map<String, Value>> = stream.by_ref().map_while(Result::ok).collect();
    let rest = call.arguments.get(stream.byte_offset()..).unwrap_or_default().trim();
    let has_rest = rest.starts_with('{');
    if objects.len() + usize::from(has_rest) < 2 || (!has_rest && !rest.is_empty()) {
        return vec![call];
    }
    objects.dedup();
    let is_empty = !has_rest && objects.iter().all(Map::is_empty);
    objects.retain(|object| is_empty || !object.is_empty());
    let texts = objects.into_iter().map(|object| Value::Object(object).to_string());
    let texts = texts.chain(has_rest.then(|| rest.to_owned()));
    let calls = texts.enumerate().map(|(at, arguments)| match at {
        0 => RawCall { arguments, ..call.clone() },
        _ => RawCall { tool: call.tool.clone(), arguments, ..RawCall::default() },
    });
    calls.collect()
}
