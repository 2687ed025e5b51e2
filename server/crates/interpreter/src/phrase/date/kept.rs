//! Dates that are part of what a title names.

use super::{Phrase, holiday::is_holiday};
use crate::{phrase::number::ordinal, text::lexicon::is_action, text::span::Words};

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

/// "Watch Friday the 13th" and "plan Mother's Day": what the verb is about, where nothing else is.
pub(super) fn is_shown(words: Words<'_>, start: usize, phrase: &Phrase) -> bool {
    let film = start > 0
        && matches!(words.text(start - 1), "watch" | "rewatch" | "see" | "stream" | "rent" | "film" | "movie")
        && ordinal(words.text(phrase.end - 1)).is_some();
    let verb = is_action(words.text(0)) || matches!(words.text(0), "celebrate" | "enjoy" | "host" | "observe" | "skip");
    film || (start == 1 && verb && phrase.end == words.len() && !phrase.has_time() && is_holiday(words, start))
}
