//! Words of repetition.

use crate::{
    phrase::date::weekday_name,
    phrase::number::{number, ordinal},
    text::lexicon,
    text::pattern::pattern,
    text::span::Words,
};

static UNITS: lexicon::Class = lexicon::word_class!("date/repeated");

static ADVERBS: lexicon::Class = lexicon::word_class!("date/repeating");

/// Whether the words ask for a repetition.
pub(crate) fn recurs(words: Words<'_>) -> bool {
    (0..words.len()).any(|i| match words.text(i) {
        "every" | "each" => is_interval(words, i + 1, words.text(i) == "every"),
        "everyday" => i + 1 == words.len() || words.text(i + 1) == "at",
        "on" => is_plural_day(words.text(i + 1)),
        "once" | "twice" | "times" => words.text(i + 1) == "a" && is_unit(words.text(i + 2)),
        word => {
            i > 0
                && (ADVERBS.contains(word)
                    && (ends(words, i) || words.eat(i + 1, pattern!("at|on|starting|from")).is_some())
                    || is_plural_day(word) && (ends(words, i) || goes_on(words, i + 1))
                    || is_plural_part(words, i))
        }
    })
}

fn is_unit(word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    UNITS.contains(singular) || weekday_name(singular).is_some()
}

/// "Monday", "other day", "two weeks", "15th" behind "every". "Each" needs the unit: "call each second person".
fn is_interval(words: Words<'_>, i: usize, every: bool) -> bool {
    let other = words.eat(i, pattern!("other|single|second|third|few|first|last")).unwrap_or(i);
    let counted = number(words.text(i)).is_some() || ordinal(words.text(i)).is_some();
    is_unit(words.text(i)) || is_unit(words.text(other)) || counted && (every || is_unit(words.text(i + 1)))
}

/// "Mondays", "weekdays". "Monday's" is a possession.
fn is_plural_day(word: &str) -> bool {
    let day = word.strip_suffix('s').filter(|day| day.ends_with("day"));
    matches!(word, "weekdays" | "weekends" | "workdays")
        || (!word.ends_with("'s") && day.is_some_and(|day| weekday_name(day).is_some()))
}

fn ends(words: Words<'_>, i: usize) -> bool {
    (i + 1..words.len()).all(|i| words.is_mark(i))
}

fn goes_on(words: Words<'_>, i: usize) -> bool {
    let next = words.eat(i, pattern!("and|or|,|&")).unwrap_or(i);
    words.eat(i, pattern!("at|from|until|before|after|around|by|in|starting|-")).is_some()
        || is_plural_day(words.text(next))
        || is_plural_word(words.text(i))
        || words.text(i).starts_with(|c: char| c.is_ascii_digit())
}

fn is_plural_word(word: &str) -> bool {
    matches!(word, "mornings" | "afternoons" | "evenings" | "nights")
}

/// "mornings at 9", "in the evenings", "Sunday mornings". "Two nights at the lake" do not repeat.
fn is_plural_part(words: Words<'_>, i: usize) -> bool {
    if !is_plural_word(words.text(i)) {
        return false;
    }
    let before = words.text(i - 1);
    let clock = |i: usize| words.text(i).starts_with(|c: char| c.is_ascii_digit()) || number(words.text(i)).is_some();
    let timed = words.eat(i + 1, pattern!("at|around")).is_some_and(clock) && number(before).is_none();
    let in_the = before == "the" && i > 1 && words.text(i - 2) == "in";
    let of_day = matches!(before, "weekday" | "weekend") || (weekday_name(before).is_some() && before.len() > 4);
    timed || (in_the || of_day) && ends(words, i)
}
