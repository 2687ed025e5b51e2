//! Whether words ask.

use crate::text::{pattern::patterns, span::Words};

/// Whether the words begin as a question does.
pub(crate) fn is_question(words: Words<'_>) -> bool {
    words
        .eat_any(0, patterns![
            "what|whats|wat|which|how|when|who|whose|where|why",
            "do|did|have|am|should|shall|may|must|was|were|has|does|is|are|will|would|could i|we|there|it|this|that|these|they|you",
            "was|were|has|does|is|are|will any|anything|all|everything|task|my|the|tasks|something",
            "anything|any",
            "is|are|does|has",
            "do you",
            "if",
        ])
        .is_some()
}

/// Whether what seems to be the subject of a report asks, sets a condition, or tells what somebody says.
pub(crate) fn is_asked_about(words: Words<'_>) -> bool {
    matches!(
        words.text(0),
        "what"
            | "which"
            | "who"
            | "when"
            | "where"
            | "how"
            | "why"
            | "is"
            | "are"
            | "was"
            | "did"
            | "does"
            | "do"
            | "has"
            | "if"
            | "once"
            | "whether"
            | "until"
            | "before"
            | "after"
            | "make"
    ) || words.has(&[
        "what", "which", "whats", "whatever", "must", "needs", "need", "wants", "said", "says", "thinks", "failed",
    ])
}
