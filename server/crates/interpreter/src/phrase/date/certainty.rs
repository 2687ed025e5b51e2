//! How sure it is that words are a date.

/// How much the words alone tell that they are a date or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// Only after a preposition of time.
    Marked,
    /// At the edge of a sentence.
    Edge,
    /// Anywhere.
    Sure,
}
