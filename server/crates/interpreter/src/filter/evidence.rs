//! What the words of a question or a set speak of. The words are data: `text/lexicon/evidence.txt`.

use std::{collections::HashMap, sync::LazyLock};

use crate::text::{
    lexicon::{self, word_map},
    pattern::{Patterns, patterns},
    span::Words,
};

/// What a word of a question or a set speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// "task", "tasks", "things".
    Noun,
    /// The noun, or what stands for it, is plural.
    Plural,
    /// "one", as in "the one due today".
    One,
    /// "list", "agenda", "plate".
    List,
    /// "all", "everything", "every".
    All,
    /// "anything", "something".
    Any,
    /// "open", "left", "still".
    Pending,
    /// "done", "finished".
    Completed,
    /// "not", "never".
    Negated,
    /// "overdue", "late".
    Overdue,
    /// "due".
    Due,
    /// "have to", "should", "to do".
    Obliged,
    /// "have", "happening", "planned": what a day is asked for.
    DayTalk,
    /// "next", "upcoming".
    Next,
    /// "including", "both".
    Both,
    /// "and", "or".
    Joined,
    /// The words ask the assistant about itself, unless they name tasks.
    You,
    /// What tasks are not kept by: "created", "deleted".
    UnknownField,
    /// "how many".
    Counted,
    /// A stretch of time: "before Friday", "my week".
    Window,
    /// "high priority", "urgent".
    Priority,
    /// What follows "about", "for", "with".
    About,
    /// "I".
    I,
    /// "I", "my", "anything": a question of the person's own list.
    Mine,
    /// "did … do".
    Did,
    /// A question mark at the end.
    Asked,
}

/// A set of evidence, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct EvidenceSet(u32);

impl EvidenceSet {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn of(evidence: &[Evidence]) -> Self {
        let mut set = Self::NONE;
        let mut at = 0;
        while at < evidence.len() {
            set.0 |= 1 << evidence[at] as u32;
            at += 1;
        }
        set
    }

    pub(crate) const fn has(self, evidence: Evidence) -> bool {
        self.0 & (1 << evidence as u32) != 0
    }

    pub(crate) const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// The names of evidence in `evidence.txt`. Words that are `silent` speak of nothing.
const NAMES: [(&str, EvidenceSet); 19] = [
    ("silent", EvidenceSet::NONE),
    ("noun", EvidenceSet::of(&[Evidence::Noun])),
    ("one", EvidenceSet::of(&[Evidence::One])),
    ("several", EvidenceSet::of(&[Evidence::One, Evidence::Plural])),
    ("list", EvidenceSet::of(&[Evidence::List])),
    ("all", EvidenceSet::of(&[Evidence::All])),
    ("any", EvidenceSet::of(&[Evidence::Any])),
    ("pending", EvidenceSet::of(&[Evidence::Pending])),
    ("completed", EvidenceSet::of(&[Evidence::Completed])),
    ("negated", EvidenceSet::of(&[Evidence::Negated])),
    ("overdue", EvidenceSet::of(&[Evidence::Overdue])),
    ("due", EvidenceSet::of(&[Evidence::Due])),
    ("obliged", EvidenceSet::of(&[Evidence::Obliged])),
    ("day-talk", EvidenceSet::of(&[Evidence::DayTalk])),
    ("next", EvidenceSet::of(&[Evidence::Next])),
    ("both", EvidenceSet::of(&[Evidence::Both])),
    ("joined", EvidenceSet::of(&[Evidence::Joined])),
    ("you", EvidenceSet::of(&[Evidence::You])),
    ("unknown-field", EvidenceSet::of(&[Evidence::UnknownField])),
];

static WORDS: LazyLock<HashMap<&str, EvidenceSet>> = LazyLock::new(|| {
    const ONE_TASK: EvidenceSet = EvidenceSet::of(&[Evidence::Noun]);
    const TASKS: EvidenceSet = EvidenceSet::of(&[Evidence::Noun, Evidence::Plural]);
    let of_name = |name: &str| NAMES.iter().find(|(known, _)| *known == name).map(|(_, set)| *set);
    let named = word_map!("evidence").into_iter().filter_map(|(word, name)| Some((word, of_name(name)?)));
    named
        .chain(lexicon::TASK_NOUNS.iter().map(|noun| (*noun, ONE_TASK)))
        .chain(lexicon::TASK_PLURALS.iter().map(|noun| (*noun, TASKS)))
        .collect()
});

/// What a word speaks of by itself; `None` where it belongs to a title or a name.
pub(crate) fn of_word(word: &str) -> Option<EvidenceSet> {
    WORDS.get(word).copied()
}

/// Phrases, and what they speak of. The first that fits counts.
const PHRASES: [(&Patterns, EvidenceSet); 12] = [
    (patterns!["to do list|lists"], EvidenceSet::of(&[Evidence::List])),
    (
        patterns![
            "to do",
            "to be done",
            "to get done",
            "to finish|complete|accomplish|tackle",
            "needs? doing",
            "to work on",
        ],
        EvidenceSet::of(&[Evidence::Obliged]),
    ),
    // Tasks without a date are among the open ones.
    (
        patterns!["without|no a|any? due? date|dates|deadline|deadlines", "with no due? date|dates|deadline|deadlines"],
        EvidenceSet::of(&[Evidence::Pending]),
    ),
    (patterns!["past due", "over due"], EvidenceSet::of(&[Evidence::Overdue])),
    (patterns!["yet to", "have|need|supposed|got|meant|going to"], EvidenceSet::of(&[Evidence::Obliged])),
    (OWN_DAYS, EvidenceSet::of(&[Evidence::DayTalk])),
    (
        patterns!["my|the schedule|calendar|plate|agenda|backlog", "today's|tomorrow's|week's agenda|schedule"],
        EvidenceSet::of(&[Evidence::DayTalk, Evidence::List]),
    ),
    (patterns!["up next", "coming up"], EvidenceSet::of(&[Evidence::DayTalk, Evidence::Next])),
    (patterns!["get through", "today's|tomorrow's|week's plan"], EvidenceSet::of(&[Evidence::DayTalk])),
    (patterns!["how many|much", "number of", "count of?"], EvidenceSet::of(&[Evidence::Counted])),
    (
        patterns!["got done", "get done", "checked|ticked|crossed|knocked off", "taken care of"],
        EvidenceSet::of(&[Evidence::Completed]),
    ),
    (patterns!["complete|full|whole|entire list"], EvidenceSet::of(&[Evidence::List, Evidence::All])),
];

/// The days that people call their own.
pub(crate) const OWN_DAYS: &Patterns = patterns!["my|the day|week|weekend|month"];

/// What a phrase at `i` speaks of, and where it ends.
pub(crate) fn of_phrase(words: Words<'_>, i: usize) -> Option<(EvidenceSet, usize)> {
    PHRASES.iter().find_map(|(phrases, evidence)| Some((*evidence, words.eat_any(i, phrases)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that is misspelt in the file would take its words away without a sound.
    #[test]
    fn every_word_of_the_file_is_evidence() {
        for (word, name) in word_map!("evidence") {
            assert!(NAMES.iter().any(|(known, _)| *known == name), "{name} is no evidence");
            assert!(!lexicon::is_task_noun(word), "{word} is in another file");
        }
        assert_eq!(of_word("ones"), Some(EvidenceSet::of(&[Evidence::One, Evidence::Plural])));
        assert_eq!((of_word("the"), of_word("milk")), (Some(EvidenceSet::NONE), None));
    }
}
