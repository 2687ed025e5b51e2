//! Numbers and ordinals, in digits and in words.

use std::{collections::HashMap, sync::LazyLock};

use crate::text::lexicon::word_map;

/// Words that stand for a number.
type Numbers = LazyLock<HashMap<&'static str, i64>>;

static NUMBERS: Numbers = LazyLock::new(|| numbers(word_map!("numbers")));
static ORDINALS: Numbers = LazyLock::new(|| numbers(word_map!("ordinals")));

fn numbers(words: HashMap<&'static str, &'static str>) -> HashMap<&'static str, i64> {
    words.into_iter().filter_map(|(word, number)| Some((word, number.parse().ok()?))).collect()
}

/// The number that a word or digits stand for.
pub(crate) fn number(word: &str) -> Option<i64> {
    if is_digits(word) {
        return if word.len() <= 18 { word.parse().ok() } else { None };
    }
    if let Some(number) = NUMBERS.get(word) {
        return Some(*number);
    }
    let (tens, unit) = word.split_once('-')?;
    let tens = NUMBERS.get(tens).filter(|tens| **tens >= 20)?;
    if unit.is_empty() {
        return Some(*tens);
    }
    NUMBERS.get(unit).filter(|unit| (1..10).contains(*unit)).map(|unit| tens + unit)
}

/// The ordinal that a word ("third") or digits ("3rd") stand for, from 1.
pub(crate) fn ordinal(word: &str) -> Option<i64> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|suffix| word.strip_suffix(suffix));
    match digits.filter(|digits| digits.len() <= 4 && is_digits(digits)) {
        Some(digits) => digits.parse().ok().filter(|number| *number > 0),
        None => ORDINALS.get(word).copied(),
    }
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
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
