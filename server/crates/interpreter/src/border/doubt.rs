//! Rule 14: what may be a task, and is offered before it is added.

use super::{language, refused, sentences, statement};
use crate::phrase::{number::number, title};
use crate::text::{
    lexicon::{self, is_action},
    pattern::{pattern, patterns},
    span::Words,
    token::Token,
};

/// More words than this in one line are a story.
const MOST_WORDS: usize = 25;

/// Whether a line is too long for a title.
pub(crate) fn is_long(words: Words<'_>) -> bool {
    if words.has(&["\n"]) {
        return false;
    }
    let parts = sentences(words);
    // "Buy milk. Call mom. Pay rent." are three tasks.
    if parts.len() > 2 && parts.iter().all(|part| is_bare_title(*part)) {
        return false;
    }
    let count = (0..words.len())
        .filter(|&i| words.is_word(i) && (i == 0 || words.tokens()[i].start >= words.tokens()[i - 1].end))
        .count();
    count > MOST_WORDS || parts.len() > 2
}

/// The most words of a sentence that is a title among others.
const MOST_OF_TITLE: usize = 8;

/// Whether a sentence among others is a title by itself.
pub(super) fn is_bare_title(part: Words<'_>) -> bool {
    part.len() <= MOST_OF_TITLE
        && !super::asks(part)
        && !refused::forbids(part)
        && !refused::conditional(part)
        && !refused::hedges(part)
        && planned(part).is_none()
        && !doubted(part)
}

/// The errand of a plan: "I will call the bank".
pub(crate) fn planned(words: Words<'_>) -> Option<Words<'_>> {
    let own = words.eat_any(
        0,
        patterns![
            "i|we will|shall|plan|planned|intend|aim to? probably|definitely|also|just? need|have? to?",
            "i|we am|are going|planning|about to",
            "i|we am|are off to",
            "ill|going to?",
            "let us",
            "we|i can|could also|just?",
        ],
    );
    if let Some(at) = own {
        let errand = words.from(at);
        return is_action(errand.text(0)).then_some(errand);
    }
    // "My boss asked me to update the slides".
    (1..words.len().min(7)).find_map(|i| {
        let at = words.eat_any(
            i,
            patterns!["wants|wanted|needs|asked|told|expects|expected|begged|reminded|ordered|requested|asks|tells|prefers|begs me|us to", "would|wants like|love? me|us to"],
        )?;
        (!is_action(words.text(0)) || i > 0 && words.text(0) == "work").then(|| words.from(at)).filter(|errand| is_action(errand.text(0)))
    })
}

/// Whether the words are in doubt for another reason than their length or a plan.
pub(crate) fn doubted(words: Words<'_>) -> bool {
    let words = title::polite_end(words.trim());
    is_unfinished(words)
        || only_amount(words)
        || language::is_unknown(words)
        || language::is_other(words)
        || statement::is_statement(words)
        || conditional_behind(words)
}

static OPEN: lexicon::Class = lexicon::word_class!("unfinished");
static UNITS: lexicon::Class = lexicon::word_class!("units");
static OBJECTS: lexicon::Class = lexicon::word_class!("needs_object");

/// Whether something has to follow.
fn is_unfinished(words: Words<'_>) -> bool {
    let last = words.last();
    if words.tokens().last().is_some_and(|token| !written(words, token).eq_ignore_ascii_case(last)) && last != "and" {
        return false;
    }
    if words.len() == 1 {
        return OBJECTS.contains(last);
    }
    let open = OPEN.contains(last);
    // "Check in" and "clean up" are whole: a particle of the verb ends them.
    let particle = matches!(last, "in" | "on" | "by" | "around" | "through" | "over") && !is_action(words.text(0));
    open && !ends_with_letter(words) || particle || words.is_any(patterns!["remind me|us"])
}

/// A token as the person wrote it.
fn written<'a>(words: Words<'a>, token: &Token) -> &'a str {
    words.source().get(token.start..token.end).unwrap_or_default()
}

/// Whether the words begin an addition and say no more: "don't forget to".
pub(super) fn is_opening_alone(words: Words<'_>) -> bool {
    words.trim().is_any(patterns![
        "do not|never forget to|about|that?",
        "do not|never let me forget to|about|that?",
        "remember|remind me|us? to|about|of|that?",
        "make sure to|that|i?",
        "be sure to",
        "i|we need|have|want|ought|must|should|would|like|got|gotta to?",
        "note to self|myself",
        "add|create|make|set a|an|new|the|another|my? task|todo|reminder to|for|about",
    ])
}

/// "Vitamin A": a capital letter behind other words is a name.
fn ends_with_letter(words: Words<'_>) -> bool {
    let last = words.from(words.len().saturating_sub(1)).raw();
    last == "A" && words.raw().bytes().any(|b| b.is_ascii_lowercase())
}

/// Only a number, an amount, or an address of the web.
fn only_amount(words: Words<'_>) -> bool {
    let address = |text: &str| text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www.");
    let mut any = false;
    for i in 0..words.len() {
        let text = words.text(i);
        if words.is_mark(i) {
            continue;
        }
        if !words.is_word(i) {
            return false;
        }
        let numeric = text.bytes().any(|b| b.is_ascii_digit()) && !text.chars().any(char::is_alphabetic)
            || number(text).is_some()
            || text.chars().any(char::is_numeric)
                && text.trim_end_matches(|c: char| c.is_alphabetic()).chars().all(|c| !c.is_alphabetic())
                && UNITS.contains(text.trim_start_matches(|c: char| !c.is_alphabetic()));
        if !(numeric || UNITS.contains(text) || address(text)) {
            return false;
        }
        any |= numeric || address(text);
    }
    any
}

/// A bare title with a condition behind it: "buy milk if we're out".
fn conditional_behind(words: Words<'_>) -> bool {
    const ASKING: [&str; 18] = [
        "check", "ask", "see", "find", "decide", "know", "whether", "figure", "verify", "confirm", "test", "wonder",
        "tell", "remember", "research", "look", "clarify", "learn",
    ];
    (1..words.len()).any(|i| {
        let condition = words
            .eat_any(i, patterns!["if|unless|when|whenever", "in case", "as long|soon as", "provided that|we|i|you"])
            .is_some()
            || words.text(i) == "once"
                && matches!(words.text(i + 1), "i" | "we" | "he" | "she" | "they" | "it" | "the" | "you" | "my");
        condition
            && i + 1 < words.len()
            && !words.to(i).has(&ASKING)
            && words.eat(i, pattern!("if|when needed|possible|necessary|able|free|ready")).is_none()
    })
}
