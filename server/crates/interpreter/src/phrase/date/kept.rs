//! Dates that are part of what a title names.

use super::Phrase;
use crate::{text::lexicon::ordinal, text::span::Words};

/// Words that make a name of the weekday behind them: "Black Friday".
pub(super) fn is_name(before: &str) -> bool {
    matches!(
        before,
        "black"
            | "good"
            | "cyber"
            | "casual"
            | "taco"
            | "super"
            | "palm"
            | "easter"
            | "ash"
            | "fat"
            | "shrove"
            | "giving"
            | "freaky"
            | "ruby"
            | "tgi"
            | "man"
            | "dr"
            | "mr"
            | "mrs"
            | "ms"
            | "bloody"
            | "holy"
            | "sunny"
            | "girl"
    )
}

/// "Watch Friday the 13th": a film.
pub(super) fn is_shown(words: Words<'_>, start: usize, phrase: &Phrase) -> bool {
    start > 0
        && matches!(words.text(start - 1), "watch" | "rewatch" | "see" | "stream" | "rent" | "film" | "movie")
        && ordinal(words.text(phrase.end - 1)).is_some()
}
