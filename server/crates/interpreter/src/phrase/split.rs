//! The parts of a title that lists several things: "Buy eggs, bread and butter".

use crate::{phrase::title, text::lexicon::is_action, text::span::Words, text::token};

/// The titles that a title can be split into, with its verb before each. Empty where it lists nothing.
///
/// Commas part items where no part is long, and so do "and", "&" and "+" before the last one. Two items that only an
/// "and" joins may be one thing ("mac and cheese"): they are parted behind "+" and "&" never, and behind "and" only
/// where both are single words or begin with a verb, and are no known pair. Quotes and numbers ("1,000") stay whole.
#[must_use]
pub fn split_title(title: &str) -> Vec<String> {
    let tokens = token::tokens(title);
    let words = Words::new(title, &tokens).trim();
    if words.has(&["\""]) || words.len() > 60 {
        return Vec::new();
    }
    let (verb, listed) = verb_and_list(words);
    let has_comma = listed.has(&[","]);
    let parts = parted(listed);
    let fitting = |part: &Words<'_>| (1..=if has_comma { 6 } else { 2 }).contains(&part.len()) && is_item(*part);
    if parts.len() < 2 || !parts.iter().all(fitting) || !has_comma && is_pair(&parts) {
        return Vec::new();
    }
    let verb = verb.raw();
    let titled = |part: &Words<'_>| {
        let raw = part.raw();
        let text = if verb.is_empty() || is_action(part.text(0)) && has_verb(&parts) {
            raw.to_owned()
        } else {
            format!("{verb} {}", title::uncapitalised(raw))
        };
        title::literal(&text).map(|item| item.title)
    };
    parts.iter().map(titled).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Whether each part begins with a verb of its own: "call mom, pay rent".
fn has_verb(parts: &[Words<'_>]) -> bool {
    parts.iter().all(|part| part.len() > 1 && is_action(part.text(0)))
}

/// The verb that all parts have, and what it lists.
fn verb_and_list(words: Words<'_>) -> (Words<'_>, Words<'_>) {
    let whole = parted(words);
    if has_verb(&whole) || !is_action(words.text(0)) || !words.is_word(1) {
        return (words.to(0), words);
    }
    let particle =
        matches!(words.text(1), "up" | "out" | "off" | "some" | "more" | "back" | "down" | "the" | "a" | "an" | "my");
    let at = if particle { 2 } else { 1 };
    let verb =
        if matches!(words.text(1), "some" | "more" | "the" | "a" | "an" | "my") { words.to(1) } else { words.to(at) };
    (verb, words.from(at))
}

fn parted(words: Words<'_>) -> Vec<Words<'_>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for i in 0..=words.len() {
        if i == words.len() || matches!(words.text(i), "," | "and") {
            let part = words.slice(start..i).trim();
            if !part.is_empty() {
                parts.push(part);
            }
            start = i + 1;
        }
    }
    parts
}

/// Whether a part is a thing: no clause and no rest of a sentence.
fn is_item(part: Words<'_>) -> bool {
    !part.has(&[
        "for", "with", "if", "because", "then", "but", "who", "which", "that", "when", "at", "on", "by", "in", "from",
        "about", "so", "i", "we", "(", ")", ":", "to",
    ]) && part.tokens().iter().any(|token| token.text.chars().any(char::is_alphabetic))
        && !part.raw().ends_with(char::is_numeric)
}

/// Things that belong together.
const PAIRS: [(&str, &str); 34] = [
    ("mac", "cheese"),
    ("salt", "pepper"),
    ("fish", "chips"),
    ("bread", "butter"),
    ("peanut butter", "jelly"),
    ("research", "development"),
    ("terms", "conditions"),
    ("bed", "breakfast"),
    ("black", "white"),
    ("cookies", "cream"),
    ("gin", "tonic"),
    ("rock", "roll"),
    ("trial", "error"),
    ("wash", "fold"),
    ("wear", "tear"),
    ("pros", "cons"),
    ("profit", "loss"),
    ("arts", "crafts"),
    ("health", "safety"),
    ("lost", "found"),
    ("meet", "greet"),
    ("mix", "match"),
    ("oil", "vinegar"),
    ("pen", "paper"),
    ("q", "a"),
    ("questions", "answers"),
    ("r", "d"),
    ("surf", "turf"),
    ("track", "field"),
    ("wine", "cheese"),
    ("ham", "cheese"),
    ("bacon", "eggs"),
    ("knife", "fork"),
    ("drag", "drop"),
];

fn is_pair(parts: &[Words<'_>]) -> bool {
    let [first, second] = parts else { return false };
    let ends = |words: Words<'_>, text: &str| words.raw().to_lowercase().ends_with(text);
    PAIRS.iter().any(|(a, b)| ends(*first, a) && second.raw().to_lowercase().starts_with(b))
        || first.len() > 1
        || second.len() > 1
}
