//! Words without their endings, so that "bought the groceries" meets "Buy groceries".

use std::{borrow::Cow, sync::LazyLock};

use crate::text::lexicon::{Class, Map, is_action, word_class, word_map};

/// A word without its ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stem<'a> {
    text: Cow<'a, str>,
    /// Whether an ending was cut before which an "e" is dropped: "making" may be of "make".
    open: bool,
}

impl Stem<'_> {
    pub(crate) fn into_owned(self) -> Stem<'static> {
        Stem { text: Cow::Owned(self.text.into_owned()), open: self.open }
    }

    /// Whether both may be of one word.
    pub(crate) fn meets(&self, other: &Stem<'_>) -> bool {
        let with_e = |short: &Stem<'_>, long: &Stem<'_>| {
            short.open && long.text.strip_suffix('e').is_some_and(|text| text == short.text)
        };
        self.text == other.text || with_e(self, other) || with_e(other, self)
    }
}

/// The stem of a word in lower case.
pub(crate) fn stem(word: &str) -> Stem<'_> {
    let closed = |text: &str| Stem { text: Cow::Owned(text.to_owned()), open: false };
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix('\'')).unwrap_or(word);
    if let Some(base) = irregular(word) {
        return closed(base);
    }
    if let Some(base) = synonym(word) {
        return closed(base);
    }
    for ending in ["ing", "ed"] {
        if let Some(base) = word.strip_suffix(ending).filter(|base| base.len() >= 3 && has_vowel(base)) {
            if let Some(base) = base.strip_suffix('i').filter(|_| ending == "ed") {
                return closed(&format!("{base}y"));
            }
            let single = undoubled(base);
            let text = synonym(single).unwrap_or(single);
            return Stem { text: Cow::Owned(text.to_owned()), open: true };
        }
    }
    let singular = singular(word);
    match synonym(&singular) {
        Some(base) => closed(base),
        None => Stem { text: singular, open: false },
    }
}

/// The singular of a noun, or the word as it is.
pub(crate) fn singular(word: &str) -> Cow<'_, str> {
    if let Some(base) = word.strip_suffix("ies").filter(|base| base.len() >= 2) {
        return Cow::Owned(format!("{base}y"));
    }
    for ending in ["sses", "xes", "ches", "shes", "zes"] {
        if word.ends_with(ending) {
            return Cow::Borrowed(&word[..word.len() - 2]);
        }
    }
    let plural = word.len() >= 4 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    Cow::Borrowed(if plural { &word[..word.len() - 1] } else { word })
}

fn has_vowel(text: &str) -> bool {
    text.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// "stopp" is of "stop"; "call" keeps its letters.
pub(crate) fn undoubled(base: &str) -> &str {
    let bytes = base.as_bytes();
    match bytes {
        [.., a, b] if a == b && matches!(a, b'b' | b'd' | b'g' | b'm' | b'n' | b'p' | b'r' | b't') => {
            &base[..base.len() - 1]
        }
        _ => base,
    }
}

static SYNONYMS: Map = LazyLock::new(|| word_map!("synonyms"));

/// The word that stands for those that people use for each other on lists.
fn synonym(word: &str) -> Option<&'static str> {
    SYNONYMS.get(word).copied()
}

static IRREGULAR: Map = LazyLock::new(|| word_map!("irregular_verbs"));

/// The verb of an irregular past or participle.
pub(crate) fn irregular(word: &str) -> Option<&'static str> {
    IRREGULAR.get(word).copied()
}

static PRESENTS: Class = word_class!("irregular_presents");
static UNCHANGED: Class = word_class!("unchanged_pasts");

/// Whether a word is a past or a participle, and cannot be taken for the verb itself.
pub(crate) fn is_past(word: &str) -> bool {
    if irregular(word).is_some() {
        return !PRESENTS.contains(word);
    }
    let Some(base) = word.strip_suffix("ed") else { return false };
    let verb = |base: &str| is_action(base);
    let with_e = || verb(&word[..word.len() - 1]);
    let with_y = || base.strip_suffix('i').is_some_and(|base| verb(&format!("{base}y")));
    !is_action(word) && (verb(base) || with_e() || with_y() || verb(undoubled(base)))
}

/// Whether a word may be a past after "I have".
pub(crate) fn may_be_past(word: &str) -> bool {
    is_past(word)
        || (word.len() >= 4 && word.ends_with("ed") && !is_action(word) && !word.ends_with("eed"))
        || UNCHANGED.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_tenses_meet() {
        for (a, b) in [
            ("groceries", "grocery"),
            ("buying", "buy"),
            ("bought", "buy"),
            ("making", "make"),
            ("baked", "bake"),
            ("stopped", "stop"),
            ("calling", "called"),
            ("tried", "try"),
            ("mum", "mom"),
            ("mom's", "mom"),
            ("dishes", "dish"),
            ("paid", "paying"),
        ] {
            assert!(stem(a).meets(&stem(b)), "{a} {b}");
        }
        for (a, b) in [("care", "car"), ("ring", "r"), ("bus", "bu"), ("red", "r"), ("need", "ne"), ("bill", "bil")] {
            assert!(!stem(a).meets(&stem(b)), "{a} {b}");
        }
    }

    #[test]
    fn a_past_is_no_command() {
        for word in ["bought", "paid", "called", "tried", "stopped", "baked"] {
            assert!(is_past(word), "{word}");
        }
        for word in ["feed", "need", "read", "buy", "ted", "united"] {
            assert!(!is_past(word), "{word}");
        }
    }
}
