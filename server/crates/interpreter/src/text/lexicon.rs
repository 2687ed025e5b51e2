//! Classes of English words, kept as data in `lexicon/*.txt`, and the numbers that words stand for.

use std::{collections::HashSet, sync::LazyLock};

/// A class of words.
pub(crate) type Class = LazyLock<HashSet<&'static str>>;

/// Words in an order that counts.
pub(crate) type List = LazyLock<Vec<&'static str>>;

/// The words of a text, which has spaces between. For a class that is not yet a file.
pub(crate) fn class(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

/// The words of a file: one a line, comments behind `#`.
pub(crate) fn words(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).filter(|word| !word.is_empty())
}

/// The words of a file with several a line, comments behind `#`.
pub(crate) fn spaced(file: &'static str) -> impl Iterator<Item = &'static str> {
    words(file).flat_map(str::split_ascii_whitespace)
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

pub(crate) use word_class;

static TASK: Class = word_class!("task_nouns");

/// What a to-do is called.
pub(crate) fn is_task_noun(word: &str) -> bool {
    TASK.contains(word) || is_task_plural(word)
}

static TASKS: Class = word_class!("task_plurals");

/// What several to-dos are called.
pub(crate) fn is_task_plural(word: &str) -> bool {
    TASKS.contains(word)
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

/// The number that a word or digits stand for.
pub(crate) fn number(word: &str) -> Option<i64> {
    if word.len() <= 18 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    const WORDS: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let small = |word: &str| WORDS.iter().position(|w| *w == word).map(|n| n as i64);
    small(word).or_else(|| {
        let (ten, unit) = word.split_once('-').unwrap_or((word, ""));
        let tens = match ten {
            "twenty" => 20,
            "thirty" => 30,
            "forty" => 40,
            "fifty" => 50,
            "sixty" => 60,
            "seventy" => 70,
            "eighty" => 80,
            "ninety" => 90,
            _ => return None,
        };
        if unit.is_empty() { Some(tens) } else { small(unit).filter(|n| (1..10).contains(n)).map(|n| tens + n) }
    })
}

/// The ordinal that a word ("third") or digits ("3rd") stand for, from 1.
pub(crate) fn ordinal(word: &str) -> Option<i64> {
    if let Some(digits) =
        ["st", "nd", "rd", "th"].iter().find_map(|suffix| word.strip_suffix(suffix)).filter(|d| d.len() <= 4)
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
    {
        return digits.parse().ok().filter(|n| *n > 0);
    }
    const WORDS: [&str; 20] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    let small = |word: &str| WORDS.iter().position(|w| *w == word).map(|n| n as i64 + 1);
    small(word).or_else(|| match word {
        "thirtieth" => Some(30),
        "thirty-first" => Some(31),
        _ => word.strip_prefix("twenty-").and_then(small).filter(|n| *n < 10).map(|n| 20 + n),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ordinals() {
        for (word, expected) in [
            ("7", Some(7)),
            ("twelve", Some(12)),
            ("twenty-one", Some(21)),
            ("forty", Some(40)),
            ("12a", None),
            ("999999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(number(word), expected, "{word}");
        }
        for (word, expected) in
            [("2nd", Some(2)), ("third", Some(3)), ("twenty-second", Some(22)), ("31st", Some(31)), ("th", None)]
        {
            assert_eq!(ordinal(word), expected, "{word}");
        }
    }
}
