//! Several items in one breath, only where the words say so.

use crate::{
    text::pattern::{pattern, patterns},
    text::span::Words,
    text::token::CHECK,
};

/// The items of an addition: `several` and `count` are what its opening announced.
pub(crate) fn parts(words: Words<'_>, several: bool, count: Option<usize>) -> Vec<Words<'_>> {
    let words = words.trim_end();
    let (words, several) = separate(words).map_or((words, several), |words| (words, true));
    if let Some(items) = numbered_inline(words) {
        return items;
    }
    if let Some(items) = bulleted(words) {
        return items;
    }
    if let Some(items) = quoted(words) {
        return items;
    }
    let lines = split(words, |text| matches!(text, "\n" | ";"));
    if lines.len() > 1 {
        return lines;
    }
    if !several {
        return vec![words];
    }
    let by_comma = split(words, |text| text == ",");
    let expected = |items: &[Words<'_>]| count.is_none_or(|count| items.len() == count);
    if count.is_some() && expected(&by_comma) {
        return by_comma;
    }
    let listed = with_last_and(by_comma);
    if expected(&listed) {
        return listed;
    }
    let by_and = split(words, |text| matches!(text, "," | "and"));
    if expected(&by_and) { by_and } else { listed }
}

/// "… as separate tasks".
fn separate(words: Words<'_>) -> Option<Words<'_>> {
    let at = words.ends_any(patterns![
        "as separate|individual|different|two|three|four|five|2|3|4|5|several? separate|individual|different? tasks|items|todos|entries|reminders",
        "separately",
        "individually",
    ])?;
    (at > 0).then(|| words.to(at).trim_end())
}

fn split<'a>(words: Words<'a>, at: impl Fn(&str) -> bool) -> Vec<Words<'a>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for i in 0..=words.len() {
        if i == words.len() || at(words.text(i)) {
            let part = words.slice(start..i).trim();
            let part = part
                .eat(0, pattern!("and|then|also"))
                .filter(|&end| end < part.len())
                .map_or(part, |end| part.from(end));
            if !part.is_empty() {
                parts.push(part);
            }
            start = i + 1;
        }
    }
    parts
}

/// Parts the last of some parts at its "and": "eggs and bread". Without commas, every "and" parts.
fn with_last_and(mut parts: Vec<Words<'_>>) -> Vec<Words<'_>> {
    if let [only] = parts.as_slice() {
        return split(*only, |text| text == "and");
    }
    if let Some(last) = parts.pop() {
        parts.extend(split(last, |text| text == "and"));
    }
    parts
}

/// The end of a bullet or number at the start of a line.
fn bullet(words: Words<'_>, i: usize) -> Option<usize> {
    let after_box = |at: usize| words.eat(at, pattern!("( x|✓? )")).unwrap_or(at);
    match words.text(i) {
        "-" | "*" if words.is_mark(i) => Some(after_box(i + 1)),
        CHECK => Some(i + 1),
        "(" => words.eat(i, pattern!("( x|✓? )")),
        text => {
            let number = text.len() <= 3 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let label = text.len() == 1 && text.bytes().all(|b| b.is_ascii_lowercase());
            let marked = (number || label) && matches!(words.text(i + 1), "." | ")" | ":" | "-");
            let joined = || text.strip_suffix([')', '.']).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
            if marked { Some(i + 2) } else { joined().then_some(i + 1) }
        }
    }
}

/// Whether a box is ticked: such a list reports what is done.
pub(crate) fn has_ticked_box(words: Words<'_>) -> bool {
    words.tokens().windows(2).any(|pair| pair[0].text == "(" && matches!(pair[1].text.as_str(), "x" | "✓"))
}

/// The lines of a pasted list. A line without a bullet goes on with the item before; one before the first is a heading.
pub(crate) fn bulleted(words: Words<'_>) -> Option<Vec<Words<'_>>> {
    let mut items: Vec<(usize, usize)> = Vec::new();
    let mut line_start = 0;
    for i in 0..=words.len() {
        if i < words.len() && words.text(i) != "\n" {
            continue;
        }
        if line_start < i {
            if let Some(start) = bullet(words, line_start) {
                items.push((start, i));
            } else if let Some(last) = items.last_mut() {
                last.1 = i;
            }
        }
        line_start = i + 1;
    }
    let items: Vec<_> =
        items.into_iter().map(|(start, end)| words.slice(start..end).trim()).filter(|item| !item.is_empty()).collect();
    let first_has_bullet = bullet(words, 0).is_some();
    (items.len() > 1 || (items.len() == 1 && first_has_bullet && !words.has(&["\n"]))).then_some(items)
}

/// "1. milk 2. eggs 3) bread" in one line.
fn numbered_inline(words: Words<'_>) -> Option<Vec<Words<'_>>> {
    let mut starts = Vec::new();
    if words.has(&["\n"]) {
        return None;
    }
    for i in 0..words.len() {
        let expected = (starts.len() + 1).to_string();
        let at = if words.text(i) == "(" { i + 1 } else { i };
        if words.text(at) == expected && matches!(words.text(at + 1), ")" | "." | ":") {
            starts.push((i, at + 2));
        }
    }
    if starts.len() < 2 || starts.first().is_none_or(|(start, _)| *start > 0) {
        return None;
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([words.len()]);
    let items: Vec<_> = starts.iter().zip(ends).map(|((_, from), to)| words.slice(*from..to).trim()).collect();
    Some(items.into_iter().filter(|item| !item.is_empty()).collect())
}

/// Nothing but quoted texts with commas and "and" between.
fn quoted(words: Words<'_>) -> Option<Vec<Words<'_>>> {
    let listed = (0..words.len()).all(|i| {
        words.quoted(i).is_some()
            || matches!(
                words.text(i),
                "," | "and" | "\n" | ";" | "the" | "a" | "task" | "todo" | "another" | "one" | "called"
            )
    });
    let items: Vec<_> =
        (0..words.len()).filter(|&i| words.quoted(i).is_some()).map(|i| words.slice(i..i + 1)).collect();
    (listed && items.len() > 1).then_some(items)
}
