//! Patterns over words: `pattern!("please? mark|set")`, and sets of them: `patterns!["mark as", "tick off"]`.
//!
//! A pattern is words with spaces between; `a|b` is either, and `a?` may be left out. The compiler splits a pattern
//! into its words, so nothing is parsed while a message is read. A set knows the first words of its patterns by a
//! filter of 64 bits, because most words of a message begin none of them.
//!
//! [`Words`](super::span::Words) matches patterns; this module knows nothing of tokens.

/// A pattern of words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pattern {
    choices: &'static [Choice],
    /// The most words that it can match.
    longest: usize,
    /// The signatures of the words that it may begin with.
    first: u64,
}

/// Several patterns that stand for each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patterns {
    patterns: &'static [Pattern],
    first: u64,
}

/// One of the words that may stand at a place of the pattern.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    word: &'static str,
    /// Where the choices of the next place begin.
    next: usize,
    /// Whether the place may be left out.
    optional: bool,
}

impl Pattern {
    /// A pattern of these choices. Use `pattern!`.
    pub(crate) const fn new(choices: &'static [Choice]) -> Self {
        let (mut longest, mut first, mut is_start) = (0, 0, true);
        let mut at = 0;
        while at < choices.len() {
            let place_end = choices[at].next;
            let optional = choices[at].optional;
            while at < place_end {
                if is_start {
                    first |= signature(choices[at].word);
                }
                at += 1;
            }
            is_start &= optional;
            longest += 1;
        }
        Self { choices, longest, first: if is_start { u64::MAX } else { first } }
    }

    pub(crate) const fn longest(&self) -> usize {
        self.longest
    }

    /// How many words it matches, where `word` gives the text at a distance from the start, empty behind the end.
    pub(crate) fn matched<'a>(&self, word: impl Fn(usize) -> &'a str) -> Option<usize> {
        let mut taken = 0;
        let mut text = word(0);
        if !may_begin(self.first, text) {
            return None;
        }
        let mut at = 0;
        while let Some(choice) = self.choices.get(at) {
            if choice.word == text {
                taken += 1;
                text = word(taken);
                at = choice.next;
            } else if at + 1 < choice.next || choice.optional {
                at += 1;
            } else {
                return None;
            }
        }
        Some(taken)
    }
}

impl Patterns {
    /// A set of these patterns. Use `patterns!`.
    pub(crate) const fn new(patterns: &'static [Pattern]) -> Self {
        let mut first = 0;
        let mut at = 0;
        while at < patterns.len() {
            first |= patterns[at].first;
            at += 1;
        }
        Self { patterns, first }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Those that may begin with this word.
    pub(crate) fn beginning(&self, word: &str) -> impl Iterator<Item = &'static Pattern> {
        let patterns = if may_begin(self.first, word) { self.patterns } else { &[] };
        patterns.iter()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Pattern> {
        self.patterns.iter()
    }
}

/// Whether a pattern may begin with the word. `true` may be wrong.
const fn may_begin(first: u64, word: &str) -> bool {
    first == u64::MAX || first & signature(word) != 0
}

/// One of 64 bits, by the word's ends and length; no bit for no word.
const fn signature(word: &str) -> u64 {
    let bytes = word.as_bytes();
    match bytes {
        [] => 0,
        [first, .., last] => 1 << ((*first as usize * 7 + *last as usize * 3 + bytes.len()) % 64),
        [only] => 1 << (*only as usize % 64),
    }
}

/// How many words a pattern's text has.
pub(crate) const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut count = 1;
    let mut at = 0;
    while at < bytes.len() {
        if matches!(bytes[at], b'|' | b' ') {
            count += 1;
        }
        at += 1;
    }
    count
}

/// The words of a pattern's text.
pub(crate) const fn compile<const N: usize>(text: &'static str) -> [Choice; N] {
    let mut choices = [Choice { word: "", next: 0, optional: false }; N];
    let mut rest = text;
    // The first choice of the place that is being read.
    let mut place = 0;
    let mut at = 0;
    while at < N {
        let length = word_length(rest);
        let (word, tail) = rest.split_at(length);
        choices[at].word = word;
        at += 1;
        let optional = matches!(tail.as_bytes(), [b'?', ..]);
        if !matches!(tail.as_bytes(), [b'|', ..]) {
            while place < at {
                choices[place].next = at;
                choices[place].optional = optional;
                place += 1;
            }
        }
        let separator = if optional { 2 } else { 1 };
        rest = if tail.len() > separator { tail.split_at(separator).1 } else { "" };
    }
    choices
}

/// Where the first word of a pattern's text ends.
const fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && !matches!(bytes[at], b'|' | b' ' | b'?') {
        at += 1;
    }
    at
}

/// A `&'static Pattern`, compiled from its text.
macro_rules! pattern {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const CHOICES: &[$crate::text::pattern::Choice] =
            &$crate::text::pattern::compile::<{ $crate::text::pattern::count(TEXT) }>(TEXT);
        const PATTERN: &$crate::text::pattern::Pattern = &$crate::text::pattern::Pattern::new(CHOICES);
        PATTERN
    }};
}

/// A `&'static Patterns`, compiled from the texts of its patterns.
macro_rules! patterns {
    ($($text:expr),* $(,)?) => {{
        const LIST: &[$crate::text::pattern::Pattern] = &[$(*$crate::text::pattern::pattern!($text)),*];
        const PATTERNS: &$crate::text::pattern::Patterns = &$crate::text::pattern::Patterns::new(LIST);
        PATTERNS
    }};
}

pub(crate) use {pattern, patterns};

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &Pattern, words: &str) -> Option<usize> {
        let words: Vec<&str> = words.split_whitespace().collect();
        pattern.matched(|at| words.get(at).copied().unwrap_or_default())
    }

    #[test]
    fn patterns_have_choices_and_options() {
        let mark = pattern!("please? mark|set the a? second");
        assert_eq!(matched(mark, "mark the second one"), Some(3));
        assert_eq!(matched(mark, "please set the a second"), Some(5));
        assert_eq!(matched(mark, "please the second"), None);
        assert_eq!(matched(mark, "mark the"), None);
        assert_eq!(mark.longest(), 5);
        let optional = pattern!("thanks|cheers? so?");
        assert_eq!(matched(optional, "nothing"), Some(0));
        assert_eq!(matched(optional, ""), Some(0));
        assert_eq!(matched(optional, "so long"), Some(1));
        assert_eq!(matched(pattern!("✓|( x"), "✓ x"), Some(2));
    }

    #[test]
    fn a_set_leaves_out_what_cannot_begin() {
        let set = patterns!["mark as", "tick off", "done"];
        assert_eq!(set.beginning("tick").filter(|pattern| matched(pattern, "tick off").is_some()).count(), 1);
        assert_eq!(set.beginning("").count(), 0);
        assert!(patterns![].is_empty() && patterns!["please? add"].beginning("add").count() == 1);
    }
}
