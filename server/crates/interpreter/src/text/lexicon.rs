//! Classes of English words, kept as data in `lexicon/*.txt`.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// A class of words.
pub(crate) type Class = LazyLock<HashSet<&'static str>>;

/// Words with what each stands for.
pub(crate) type Map = LazyLock<HashMap<&'static str, &'static str>>;

/// Words in an order that counts.
pub(crate) type List = LazyLock<Vec<&'static str>>;

/// The words of a file: one a line, comments behind `#`.
pub(crate) fn words(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).filter(|word| !word.is_empty())
}

/// The words of a file with several a line, comments behind `#`.
pub(crate) fn spaced(file: &'static str) -> impl Iterator<Item = &'static str> {
    words(file).flat_map(str::split_ascii_whitespace)
}

/// Each word of a file with what stands before the colon of its line.
pub(crate) fn map(file: &'static str) -> HashMap<&'static str, &'static str> {
    words(file)
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(meaning, words)| words.split_ascii_whitespace().map(move |word| (word, meaning)))
        .collect()
}

/// The class of words of a file in `lexicon/`, read at its first use.
macro_rules! word_class {
    ($name:literal) => {
        std::sync::LazyLock::new(|| {
            $crate::text::lexicon::words(include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/src/text/lexicon/",
                $name,
                ".txt"
            )))
            .collect()
        })
    };
}

/// The map of a file in `lexicon/`, from each word to what it stands for. A line is `meaning: word word`.
macro_rules! word_map {
    ($name:literal) => {
        $crate::text::lexicon::map(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/text/lexicon/",
            $name,
            ".txt"
        )))
    };
}

pub(crate) use {word_class, word_map};

/// What one to-do is called.
pub(crate) static TASK_NOUNS: Class = word_class!("task_nouns");

/// Whether a to-do is called so.
pub(crate) fn is_task_noun(word: &str) -> bool {
    TASK_NOUNS.contains(word) || is_task_plural(word)
}

/// What several to-dos are called.
pub(crate) static TASK_PLURALS: Class = word_class!("task_plurals");

/// Whether several to-dos are called so.
pub(crate) fn is_task_plural(word: &str) -> bool {
    TASK_PLURALS.contains(word)
}

static EMPTY: Class = word_class!("empty");

/// Words that a description of a task may hold without meaning anything.
pub(crate) fn is_empty_word(word: &str) -> bool {
    EMPTY.contains(word)
}

static HEDGES: Class = word_class!("hedges");

/// Words that make a sentence no plain command or report.
pub(crate) fn is_hedge(word: &str) -> bool {
    HEDGES.contains(word)
}

static ACTIONS: Class = word_class!("actions");

/// Verbs for things that people put on lists.
pub(crate) fn is_action(word: &str) -> bool {
    ACTIONS.contains(word)
}

static EVENTS: Class = word_class!("events");

/// Events that people have at a time.
pub(crate) fn is_event(word: &str) -> bool {
    EVENTS.contains(word)
}
