//! Words that look like a date and are not read as one: "Feb 30", "tomorrow at 25:00", "9 am IST".
//!
//! A date that is only partly understood is no date. These words are looked for beside a date that was read, and at
//! the end of a title that has none.

use super::{
    amount::amount,
    certainty::Certainty,
    kept::{is_name, is_shown},
    names::{month_name, weekday_name, year},
    zone,
};
use crate::{
    Context,
    phrase::date,
    phrase::number::{number, ordinal},
    text::lexicon,
    text::span::Words,
};

/// The most tokens of a run.
const LONGEST_RUN: usize = 12;

/// What a word says of whether it belongs to a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It does.
    Date,
    /// Between or before such words only.
    Link,
    None,
}

static LINKS: lexicon::Class = lexicon::word_class!("date/links");

/// "25:00", "14:00", "5pm", "32.12.2026", "13/13", "2026-02-30": digits that only dates and times are written with.
fn is_written_date(word: &str) -> bool {
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    if digits == 0 || word.len() > 19 || !word.is_ascii() {
        return false;
    }
    if matches!(&word[digits..], "am" | "pm" | "a.m" | "p.m") {
        return digits <= 2;
    }
    let separator = word.as_bytes().get(digits).copied();
    let parts: Vec<&str> = word.split([':', '.', '/', '-']).collect();
    let small = parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    match separator {
        Some(b':') => small && digits <= 2 && parts.len() <= 3 && parts[1].len() == 2,
        Some(b'.' | b'/' | b'-') => small && parts.len() == 3,
        _ => false,
    }
}

fn kind(words: Words<'_>, i: usize) -> Kind {
    let word = words.text(i);
    let date = matches!(word, "today" | "tomorrow" | "tonight" | "overmorrow" | "midnight" | "noon" | "midday")
        || weekday_name(word).is_some_and(|(_, certainty)| certainty > Certainty::Marked)
        || is_written_date(word)
        || is_day_of_month(words, i)
        || is_counted(words, i)
        || (zone::is_ambiguous(word) && follows_date(words, i));
    if date {
        return Kind::Date;
    }
    let small = number(word).is_some_and(|n| n < 100) || ordinal(word).is_some() || year(word).is_some();
    let range = word.split_once('-').is_some_and(|(a, b)| number(a).is_some() && number(b).is_some());
    let links = small || range || LINKS.contains(word) || month_name(word).is_some();
    if links { Kind::Link } else { Kind::None }
}

/// Whether a word of a date precedes the short names of zones that end at `i`.
fn follows_date(words: Words<'_>, i: usize) -> bool {
    let before = (i.saturating_sub(LONGEST_RUN)..i).rev().find(|&at| !zone::is_ambiguous(words.text(at)));
    before.is_some_and(|at| kind(words, at) != Kind::None)
}

/// The month of "Feb 30", "30 February" and "the 30th of February".
fn is_day_of_month(words: Words<'_>, i: usize) -> bool {
    let is_number = |i: usize| {
        words.is_word(i) && (number(words.text(i)).is_some_and(|n| n < 100) || ordinal(words.text(i)).is_some())
    };
    let before = if i > 1 && words.text(i - 1) == "of" { i.checked_sub(2) } else { i.checked_sub(1) };
    month_name(words.text(i)).is_some() && (is_number(i + 1) || before.is_some_and(is_number))
}

/// The unit of "next week", "in three weeks" and "of the month". "Study 2 hours" names no date.
fn is_counted(words: Words<'_>, i: usize) -> bool {
    let unit = matches!(words.text(i), "week" | "weeks" | "month" | "months" | "year" | "years" | "weekend");
    let near = |back: usize| i.checked_sub(back).map_or("", |at| words.text(at));
    unit && (matches!(near(1), "next" | "this" | "coming" | "following") || (near(2) == "in" && !near(1).is_empty()))
}

/// Where the words of a date begin that the words end with, if they do.
pub(super) fn run_at_end(words: Words<'_>) -> Option<usize> {
    let last = words.len().saturating_sub(LONGEST_RUN);
    let start = (last..words.len()).rev().take_while(|&i| kind(words, i) != Kind::None).last()?;
    // Links at the beginning that only a preposition explains stay with the title.
    let first = (start..words.len()).find(|&i| kind(words, i) == Kind::Date)?;
    let start =
        (start..=first).find(|&i| !matches!(words.text(i), "," | "." | ")" | "and" | "or" | "a" | "an" | "to"))?;
    Some(start)
}

/// Where the words of a date end that the words begin with, if they do.
pub(super) fn run_at_start(words: Words<'_>) -> Option<usize> {
    let end = (0..words.len().min(LONGEST_RUN)).take_while(|&i| kind(words, i) != Kind::None).count();
    let last = (0..end).rev().find(|&i| kind(words, i) == Kind::Date)?;
    Some(last + 1)
}

/// Where words of a date begin that touch the date at `cut`, if some are left there.
pub(crate) fn touches(words: Words<'_>, cut: usize, context: &Context) -> Option<usize> {
    let before = words.to(cut).trim_end();
    // "Two hours before Friday" is not Friday.
    if matches!(words.text(cut), "before" | "after")
        && let Some(start) = (before.len().saturating_sub(4)..before.len())
            .find(|&i| amount(before, i).is_some_and(|(_, end)| end == before.len()))
    {
        return Some(start);
    }
    let start = run_at_end(before)?;
    (start > 0 && !is_kept(before, start, context)).then_some(start)
}

/// The words of a date at the end of a title for which none was read.
pub(crate) fn left_over(words: Words<'_>, context: &Context) -> Option<usize> {
    let words = words.trim_end();
    let start = run_at_end(words).filter(|&start| start > 0)?;
    // What is a whole date and stays is part of a name, of a possession or of the past.
    let whole = (start..words.len()).any(|at| {
        let prepositions =
            (start..at).all(|i| matches!(words.text(i), "the" | "on" | "in" | "at" | "by" | "of" | "due"));
        prepositions && date::phrase(words, at, context).is_some_and(|phrase| phrase.end == words.len())
    });
    (!whole && !is_kept(words, start, context)).then_some(start)
}

/// Whether the words before say that the date is of what they name: "the notes from Monday", "Black Friday".
fn is_kept(words: Words<'_>, start: usize, context: &Context) -> bool {
    let first = (start..words.len()).find(|&i| kind(words, i) == Kind::Date).unwrap_or(start);
    let before = |i: usize| i.checked_sub(1).map_or("", |at| words.text(at));
    let of = |word: &str| matches!(word, "from" | "since" | "about" | "like" | "called" | "named" | "titled" | "last");
    let named = of(before(start)) || of(before(first)) || is_name(before(first));
    let film = date::phrase(words, first, context).is_some_and(|phrase| is_shown(words, first, &phrase));
    named || film
}
