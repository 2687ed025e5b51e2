//! Rule 14: whether the words are English.

use crate::phrase::date::{month_name, weekday_name};
use crate::text::{
    lexicon::{self, Class},
    span::Words,
    stems,
};

static KNOWN: Class =
    std::sync::LazyLock::new(|| lexicon::spaced(include_str!("../text/lexicon/known_words.txt")).collect());
static FOREIGN: Class =
    std::sync::LazyLock::new(|| lexicon::spaced(include_str!("../text/lexicon/foreign_words.txt")).collect());

/// Whether none of the words is English.
pub(super) fn is_unknown(words: Words<'_>) -> bool {
    !(0..words.len()).any(|i| match words.quoted(i) {
        Some(quoted) => quoted.split_whitespace().any(|word| is_known(&word.to_lowercase())),
        None => words.is_word(i) && is_known(words.text(i)),
    })
}

/// Whether the words are of another language.
pub(super) fn is_other(words: Words<'_>) -> bool {
    if lexicon::is_action(words.text(0))
        || is_known(words.text(0)) && !FOREIGN.contains(words.text(0)) && words.len() < 3
    {
        return false;
    }
    let (mut known, mut foreign) = (0, 0);
    for token in words.tokens() {
        let is_day = weekday_name(&token.text).is_some() || month_name(&token.text).is_some();
        if !is_day && is_foreign(&token.text) {
            foreign += 1;
        } else if is_known(&token.text) {
            known += 1;
        }
    }
    foreign > 0 && foreign >= known
}

fn is_foreign(word: &str) -> bool {
    FOREIGN.contains(word) || word.chars().any(|c| c.is_alphabetic() && !is_latin(c))
}

const fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{ff21}'..='\u{ff5a}')
}

/// Whether the word is English. Emoji that show things are read by everybody.
fn is_known(word: &str) -> bool {
    let word = word.trim_start_matches(['#', '@', '!']);
    if is_plain_known(word) {
        return true;
    }
    let parts = || word.split(['-', '/']).any(|part| part.len() > 2 && part.len() < word.len() && is_plain_known(part));
    word.contains(['-', '/']) && !word.contains("://") && parts()
}

fn is_plain_known(word: &str) -> bool {
    let has = |word: &str| KNOWN.contains(word) || lexicon::is_action(word) || lexicon::is_event(word);
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix('\'')).unwrap_or(word);
    if has(word) || stems::irregular(word).is_some() {
        return true;
    }
    if word.len() < 4 || !word.is_ascii() {
        return false;
    }
    // Only the endings of English: "making", "tried", "cleaner", "quickly".
    let with = |base: &str, ending: &str| has(&format!("{base}{ending}"));
    [
        "ing", "ed", "er", "ers", "est", "es", "s", "ly", "y", "ness", "ment", "ies", "ied", "ier", "less", "ful",
        "able", "ings", "ments",
    ]
    .iter()
    .any(|ending| {
        word.strip_suffix(ending).filter(|base| base.len() >= 2).is_some_and(|base| {
            has(base)
                || with(base, "e")
                || ending.starts_with('i') && with(base, "y")
                || matches!(base.as_bytes(), [.., a, b] if a == b && has(&base[..base.len() - 1]))
        })
    }) || ["un", "re", "pre", "non", "over", "out"]
        .iter()
        .any(|start| word.strip_prefix(start).is_some_and(|rest| rest.len() > 3 && has(rest)))
}
