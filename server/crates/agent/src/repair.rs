//! What a model meant by a name or by arguments that are not quite right. What has one certain meaning is repaired;
//! anything else stays as it is, and the call is refused.

use std::{iter::Peekable, str::Chars};

use serde_json::{Map, Value};

/// The name that a call is kept under where its own is no name of a function.
pub(crate) const UNKNOWN_TOOL: &str = "unknown_tool";
/// The longest name that every server takes back.
const LONGEST_NAME: usize = 64;
/// What models put in front of a tool's name with one underscore or hyphen.
const NAMESPACES: [&str; 8] =
    ["functions", "function", "tools", "tool", "default_api", "saydo", "mcp_saydo", "mcp__saydo"];
/// Arguments may be a text of a text of an object.
const MOST_ENCODINGS: usize = 3;

/// The one of `tools` that a name means.
pub(crate) fn tool_name<'a>(name: &str, tools: &'a [String]) -> Option<&'a str> {
    if let Some(tool) = tools.iter().find(|tool| *tool == name) {
        return Some(tool);
    }
    if !name.is_ascii() {
        return None;
    }
    // Behind it, some models begin their arguments or a control token.
    let name = name.split(['(', '<']).next().unwrap_or_default().trim();
    let mut parts = name.rsplit(['.', ':', '/']).filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit()));
    let name = parts.next()?;
    let own = name.rsplit("__").next().unwrap_or(name);
    let without_namespace = NAMESPACES.iter().filter_map(|namespace| {
        let rest = name.get(namespace.len()..)?.strip_prefix(['_', '-'])?;
        name.get(..namespace.len())?.eq_ignore_ascii_case(namespace).then_some(rest)
    });
    let meant: Vec<String> = [name, own].into_iter().chain(without_namespace).map(letters).collect();
    let mut fitting = tools.iter().filter(|tool| meant.contains(&letters(tool)));
    match (fitting.next(), fitting.next()) {
        (Some(tool), None) => Some(tool),
        _ => None,
    }
}

/// A name that every server takes back with the call: the tool's, or what was written where that is a name at all.
pub(crate) fn valid_name(name: &str, tools: &[String]) -> String {
    let is_valid = (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    match tool_name(name, tools) {
        Some(tool) => tool.to_owned(),
        None if is_valid => name.to_owned(),
        None => UNKNOWN_TOOL.to_owned(),
    }
}

/// A name without what models write differently in it.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The object that arguments mean. No arguments at all count as an empty one.
pub(crate) fn arguments(text: &str) -> Option<Map<String, Value>> {
    let mut text = text.trim().to_owned();
    for _ in 0..MOST_ENCODINGS {
        text = unfenced(&text).to_owned();
        if matches!(text.as_str(), "" | "null" | "None") {
            return Some(Map::new());
        }
        let value = serde_json::from_str(&text).ok();
        match value.or_else(|| serde_json::from_str(&strict(&text)?).ok())? {
            Value::Object(arguments) => return Some(arguments),
            Value::String(inner) => text = inner.trim().to_owned(),
            _ => return None,
        }
    }
    None
}

/// Whether arguments are there and mean an object.
pub(crate) fn is_object(text: &str) -> bool {
    !text.trim().is_empty() && arguments(text).is_some()
}

/// What a code fence holds, if the text is one.
pub(crate) fn unfenced(text: &str) -> &str {
    let Some(fenced) = text.strip_prefix("```") else { return text };
    let fenced = fenced.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
    fenced.trim_end().strip_suffix("```").unwrap_or(fenced).trim()
}

/// JSON, where the text is that but for Python's quotes and words, commas before a bracket, and line breaks in strings.
/// An apostrophe within single quotes leaves a text that is no JSON. `None` where a string has no end.
fn strict(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' | '\'' => copy_string(character, &mut rest, &mut json)?,
            ',' => {
                while rest.next_if(|next| next.is_whitespace()).is_some() {}
                if !matches!(rest.peek(), Some('}' | ']')) {
                    json.push(',');
                }
            }
            'A'..='Z' => {
                let mut word = String::from(character);
                while let Some(letter) = rest.next_if(char::is_ascii_alphabetic) {
                    word.push(letter);
                }
                json.push_str(match word.as_str() {
                    "True" => "true",
                    "False" => "false",
                    "None" => "null",
                    other => other,
                });
            }
            other => json.push(other),
        }
    }
    Some(json)
}

/// Copies a string up to its closing quote as a JSON string.
fn copy_string(quote: char, rest: &mut Peekable<Chars<'_>>, json: &mut String) -> Option<()> {
    json.push('"');
    loop {
        match rest.next()? {
            character if character == quote => break,
            '\\' => match rest.next()? {
                '\'' => json.push('\''),
                escaped => json.extend(['\\', escaped]),
            },
            '"' => json.push_str("\\\""),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            other => json.push(other),
        }
    }
    json.push('"');
    Some(())
}

#[cfg(test)]
#[path = "repair/tests.rs"]
mod tests;
