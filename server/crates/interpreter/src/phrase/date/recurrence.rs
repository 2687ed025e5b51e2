//! Words of repetition.

use crate::{
    phrase::date::weekday_name,
    phrase::number::{number, ordinal},
    text::pattern::pattern,
    text::span::Words,
};

/// Whether the words ask for a repetition.
pub(crate) fn recurs(words: Words<'_>) -> bool {
    let unit = |i: usize| {
        let word = words.text(i);
        let singular = word.strip_suffix('s').unwrap_or(word);
        matches!(
            singular,
            "day"
                | "week"
                | "month"
                | "year"
                | "morning"
                | "afternoon"
                | "evening"
                | "night"
                | "hour"
                | "weekend"
                | "weekday"
                | "quarter"
                | "minute"
                | "fortnight"
        ) || weekday_name(singular).is_some()
    };
    (0..words.len()).any(|i| match words.text(i) {
        "every" => {
            let other = words.eat(i + 1, pattern!("other|single|second|third|few|first|last")).unwrap_or(i + 1);
            unit(other) || unit(i + 1) || number(words.text(i + 1)).is_some() || ordinal(words.text(i + 1)).is_some()
        }
        "each" => unit(i + 1),
        "everyday" => i + 1 == words.len() || words.text(i + 1) == "at",
        "daily" | "weekly" | "monthly" | "yearly" | "annually" | "nightly" | "hourly" | "fortnightly" | "biweekly" => {
            i > 0 && (i + 1 == words.len() || words.eat(i + 1, pattern!("at|on|starting|from")).is_some())
        }
        "on" => {
            words.text(i + 1).ends_with('s')
                && !words.text(i + 1).ends_with("'s")
                && (matches!(words.text(i + 1), "weekdays" | "weekends")
                    || words
                        .text(i + 1)
                        .strip_suffix('s')
                        .is_some_and(|day| day.ends_with("day") && weekday_name(day).is_some()))
        }
        "once" | "twice" | "times" => words.text(i + 1) == "a" && unit(i + 2),
        _ => false,
    })
}
