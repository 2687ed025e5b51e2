//! Which evidence makes words a request for tasks: one table for each way of asking.
//!
//! A row holds where the words begin with its first words and the evidence that it needs is there. To let Saydo
//! understand another question, add a row with an example.

use crate::{
    filter::{Evidence, EvidenceSet, FilterBuilder},
    text::pattern::{Patterns, patterns},
    text::span::Words,
};
use Evidence::{
    About, All, Any, Asked, Completed, Counted, DayTalk, Did, Due, I, List, Mine, Negated, Next, Noun, Obliged, One,
    Overdue, Pending, Plural, Priority, UnknownField, Window, You,
};

/// What words must have to be a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    needs: EvidenceSet,
    /// One of these must be there, unless it is empty.
    any_of: EvidenceSet,
    /// What must not be there.
    without: EvidenceSet,
    /// What the words begin with; any words where it is empty.
    first: &'static Patterns,
    /// What the words must not begin with.
    not_first: &'static Patterns,
    /// The most words that are no evidence.
    most_unread: usize,
    longest: usize,
}

impl Row {
    /// A row that needs all of this evidence, and allows no words that are none.
    const fn of(needs: &[Evidence]) -> Self {
        Self {
            needs: EvidenceSet::of(needs),
            any_of: EvidenceSet::NONE,
            without: EvidenceSet::NONE,
            first: patterns![],
            not_first: patterns![],
            most_unread: 0,
            longest: usize::MAX,
        }
    }

    /// A row that needs one of these.
    const fn any_of(evidence: &[Evidence]) -> Self {
        Self { any_of: EvidenceSet::of(evidence), ..Self::of(&[]) }
    }

    const fn without(self, evidence: &[Evidence]) -> Self {
        Self { without: EvidenceSet::of(evidence), ..self }
    }

    const fn after(self, first: &'static Patterns) -> Self {
        Self { first, ..self }
    }

    const fn not_after(self, not_first: &'static Patterns) -> Self {
        Self { not_first, ..self }
    }

    const fn unread(self, most_unread: usize) -> Self {
        Self { most_unread, ..self }
    }

    const fn longest(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    /// With any other words.
    const fn with_words(self) -> Self {
        self.unread(usize::MAX)
    }

    fn holds(&self, words: Words<'_>, found: &FilterBuilder) -> bool {
        found.evidence.has_all(self.needs)
            && (self.any_of == EvidenceSet::NONE || found.evidence.has_any(self.any_of))
            && !found.evidence.has_any(self.without)
            && found.unread.len() <= self.most_unread
            && words.len() <= self.longest
            && words.eat_any(0, self.not_first).is_none()
            && (self.first.is_empty() || words.eat_any(0, self.first).is_some())
    }
}

/// Whether a row of the table holds.
pub(super) fn asks(table: &[Row], words: Words<'_>, found: &FilterBuilder) -> bool {
    table.iter().any(|row| row.holds(words, found))
}

/// Whether the words ask for what Saydo does not keep, or of the assistant itself.
pub(super) fn is_refused(words: Words<'_>, found: &FilterBuilder) -> bool {
    const REFUSED: &[Row] = &[
        // "tasks created last week"
        Row::of(&[UnknownField]).with_words(),
        // "what have you done?"
        Row::of(&[You]).without(&[Noun, List]).with_words(),
    ];
    asks(REFUSED, words, found)
}

/// "find …": without words to search for, one of these must be there.
pub(super) const FIND: &[Row] =
    &[Row::any_of(&[Noun, List, Pending, Completed, Overdue, Due, Window, Priority]).with_words()];

/// "show …".
pub(super) const SHOW: &[Row] = &[
    Row::any_of(&[Noun, List, Pending, Completed, Overdue, Obliged, Due]).with_words(),
    // "show everything", but not "show everything in the garage"
    Row::any_of(&[All, Priority, Window]),
];

/// Questions that ask for no tasks.
pub(super) const OTHER_QUESTIONS: &[Row] = &[
    // "why is the sky blue?"
    Row::of(&[]).after(patterns!["why|if|whose"]).with_words(),
    // "how do I cook rice?", but "how does my day look?"
    Row::of(&[]).after(patterns!["how do|does|can|should|would|could|did|am|are|is"]).without(&[DayTalk]).with_words(),
];

/// Questions all of whose words are evidence.
pub(super) const QUESTIONS: &[Row] = &[
    // "which tasks are there?"
    Row::of(&[Noun]),
    // "what's on my list?"
    Row::of(&[List]),
    // "what's left?"
    Row::of(&[Pending]),
    // "what have I finished?"
    Row::of(&[Completed]),
    // "what's overdue?"
    Row::of(&[Overdue]),
    // "what do I have to do?"
    Row::of(&[Obliged]),
    // "what's due?"
    Row::of(&[Due]),
    // "what's urgent?"
    Row::of(&[Priority]),
    // "what's next?", but not "who's next?"
    Row::of(&[Next]).not_after(patterns!["who"]),
    // "what's happening on Friday?"
    Row::of(&[DayTalk, Window]),
    // "what else do I have?"
    Row::of(&[DayTalk]).after(patterns!["what else? do|have i|we", "do i|we have"]),
    // "what about my plans?"
    Row::of(&[DayTalk, Mine]).after(patterns!["what about|on"]),
    // "is there anything today?"
    Row::of(&[Any, Window]),
    // "is there anything about the car?"
    Row::of(&[Any, About, Mine]),
    // "anything else?"
    Row::of(&[Any, Mine]).longest(2),
    // "what else is there for me?"
    Row::of(&[Any, Mine]).after(patterns!["what else is there"]),
    // "how about tomorrow?"
    Row::of(&[Window]).after(patterns!["what|how about", "am i"]),
    // "what did I do?"
    Row::of(&[Did, I]),
];

/// What a question's first words may be that asks about one task: "did I pay the rent?".
pub(super) const ABOUT_ONE: &Patterns = patterns![
    "did|have i|we",
    "do i|we still? have|need a|an|any|to|the|my?",
    "where is|are the|my?",
    "is|are there a|an|any|some?",
    "when is|are|do|should|must|am|was i|we|my|the?",
    "is|was|has|have|are the|my|our?",
    "what do|should|must|did i|we",
    "who do|should|must i|we",
    "which|what",
    "how many|much",
    "any|anything",
];

/// Words without a verb.
pub(super) const BARE: &[Row] = &[
    // "overdue tasks", "shopping list", "car tasks"
    Row::of(&[Noun, Plural]),
    Row::of(&[List]),
    Row::of(&[Noun, Plural]).unread(2).longest(5),
    Row::of(&[List]).unread(2).longest(5),
    // "the done ones"
    Row { any_of: EvidenceSet::of(&[Completed, Pending, Overdue]), ..Row::of(&[One, Plural]) },
    // "everything tagged home"
    Row::of(&[All, About]),
    // "number of tasks"
    Row::of(&[Counted, Noun]),
    // "still open"
    Row::of(&[Pending]).without(&[Noun]).longest(5),
    Row::of(&[Overdue]).without(&[Noun]).longest(5),
    // "everything done"
    Row::of(&[All, Pending]).without(&[Noun]),
    Row::of(&[All, Completed]).without(&[Noun]),
    Row::of(&[All, Overdue]).without(&[Noun]),
    // "done today", "finished?"
    Row::of(&[Completed, Asked]).without(&[Noun]).longest(5),
    Row::of(&[Completed, Window]).without(&[Noun]).longest(5),
    // "due tomorrow", "Friday?"
    Row::of(&[Window, Asked]).without(&[Noun]).longest(6),
    Row::of(&[Window, Due]).without(&[Noun]).longest(6),
    Row::of(&[Due, Asked]).without(&[Noun]),
];

/// What a question asks for that the words of its filter do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// What is not done.
    Undone,
    /// What was done at the time.
    Done,
}

/// Questions with a reading of their own. The first row that holds counts.
const READINGS: &[(Row, Reading)] = &[
    // "what did I do today?"
    (Row::of(&[Did]).without(&[Negated]), Reading::Done),
    // "is everything done?" asks for what is not.
    (Row::of(&[Completed]).without(&[Negated]).after(patterns!["is|are|am"]), Reading::Undone),
    (Row::of(&[Completed, All]).without(&[Negated]).after(patterns!["have|did"]), Reading::Undone),
];

/// The question's own reading, if it has one.
pub(super) fn reading(words: Words<'_>, found: &FilterBuilder) -> Option<Reading> {
    READINGS.iter().find(|(row, _)| row.holds(words, found)).map(|(_, reading)| *reading)
}
