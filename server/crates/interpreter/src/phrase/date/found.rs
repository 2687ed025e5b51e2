//! The date in a title: its position, and whether it is one.

use super::{
    holiday::is_holiday,
    kept::{is_name, is_shown},
    unread,
};
use crate::{
    Context,
    phrase::date::{self, Certainty, Phrase},
    phrase::number::number,
    text::lexicon::{self, is_action, is_event},
    text::pattern::{pattern, patterns},
    text::span::Words,
};

/// The most tokens that a date phrase at the end may have.
const LONGEST_PHRASE: usize = 16;

/// What may stand before a date.
pub(crate) fn preposition(words: Words<'_>, i: usize) -> Option<usize> {
    let first = words.text(i);
    if !matches!(
        first,
        "due"
            | "on"
            | "by"
            | "at"
            | "before"
            | "until"
            | "till"
            | "til"
            | "in"
            | "for"
            | "around"
            | "after"
            | "no"
            | "not"
            | "starting"
            | "beginning"
            | "from"
            | "between"
    ) {
        return None;
    }
    words.eat_any(
        i,
        patterns![
            "due? on|by|at|before|until|till|til|in|for|around|after about|around?",
            "due",
            "no|not later than",
            "by no later than",
            "on or before",
            "starting|beginning on|from?",
            "from|between",
        ],
    )
}

/// Whether a phrase with this preposition may be taken for a date.
fn fits(words: Words<'_>, start: usize, at: usize, phrase: &Phrase) -> bool {
    let last = words.text(phrase.end - 1);
    if last.ends_with("'s") || (phrase.past && !matches!(words.text(at), "yesterday")) {
        return false;
    }
    // "@6pm" leaves no "@" behind.
    let tokens = words.tokens();
    if start > 0 && words.is_word(start - 1) && tokens[start - 1].end == tokens[start].start {
        return false;
    }
    // The full stop of "Dr." is a mark.
    let before = if start > 1 && words.text(start - 1) == "." { start - 2 } else { start.wrapping_sub(1) };
    let before = words.text(before);
    if KEEPS.contains(before) && !(before == "and" && at > start) {
        return false;
    }
    let introduced = words.text(at.saturating_sub(1));
    let introduced = if introduced == "about" || introduced == "around" { words.text(start) } else { introduced };
    if at == start {
        // A preposition that was not taken holds its date, but "check in tomorrow" is checked in.
        let held = matches!(before, "on" | "at" | "by" | "due" | "before" | "after" | "around" | "till" | "til")
            || (before == "in" && words.text(at) == "the");
        return phrase.certainty > Certainty::Marked && !held && !is_name(before) && !is_shown(words, start, phrase);
    }
    fits_behind(introduced, before, words, start, at, phrase)
}

/// Words that hold the date behind them as theirs.
static KEEPS: lexicon::Class = lexicon::word_class!("date/keeps");

/// Whether a phrase may be taken for a date behind a preposition, and before that another word.
fn fits_behind(introduced: &str, before: &str, words: Words<'_>, start: usize, at: usize, phrase: &Phrase) -> bool {
    match introduced {
        "from" | "between" => {
            let range = words.slice(at..phrase.end);
            range.has(&["to", "till", "until", "through", "thru", "-"])
                || introduced == "between" && range.has(&["and"])
                || range.raw().contains('-')
                || words.text(start) == "starting"
        }
        // "Taxes in 2029" names no time.
        "in" => {
            let part = words.eat(at, pattern!("the? early|mid|late|beginning|start|middle")).is_some()
                || is_holiday(words, at);
            let part = part
                || words.text(at).starts_with("mid-")
                || words.eat(at, pattern!("the")).is_some_and(|at| date::is_part(words, at));
            (part || phrase.days.is_none_or(|days| days.first != days.last)) && !phrase.is_clock()
        }
        // "A present for May" and "a gift for Christmas" say what for.
        "for" => {
            let whole = phrase.days.is_some_and(|days| days.first == days.last) && !is_holiday(words, at);
            whole || phrase.certainty > Certainty::Marked
        }
        "on" | "due" => phrase.days.is_some() || phrase.certainty > Certainty::Marked,
        // "A two by four", "multiply 3 by 4" and "count until 10" are no times.
        _ => {
            // "Take bus 18 at 9": the number is the bus's.
            let named = || introduced == "at" && start > 2 && is_numbered(words.text(start - 2));
            let bare = matches!(introduced, "at" | "by" | "no" | "not") && (number(before).is_none() || named());
            phrase.days.is_some() || phrase.certainty > Certainty::Marked || bare || !phrase.is_clock()
        }
    }
}

/// Whether the word may have a number behind it: "bus", "room", but not "buy" and "of".
fn is_numbered(word: &str) -> bool {
    !is_action(word)
        && !matches!(
            word,
            "of" | "in" | "on" | "at" | "by" | "to" | "for" | "and" | "or" | "the" | "a" | "around" | "times"
        )
        && word.chars().all(char::is_alphabetic)
}

fn merged(before: Option<Phrase>, found: Phrase) -> Option<Phrase> {
    match before {
        None => Some(found),
        Some(before) => before.joined(found),
    }
}

/// The date that the words end with: where it begins and what it is.
pub(crate) fn date_at_end(words: Words<'_>, before: Option<Phrase>, context: &Context) -> Option<(usize, Phrase)> {
    if words.last() == ")"
        && let Some(found) = in_parentheses(words, before, context)
    {
        return Some(found);
    }
    (words.len().saturating_sub(LONGEST_PHRASE).max(1)..words.len()).find_map(|start| {
        let ends_from = |at: usize| {
            let phrase = date::phrase(words, at, context)?;
            (phrase.end == words.len() && fits(words, start, at, &phrase)).then_some(phrase)
        };
        let found = preposition(words, start).and_then(ends_from).or_else(|| ends_from(start))?;
        Some((start, merged(before, found)?))
    })
}

/// "Email the deck (Friday 5pm)".
fn in_parentheses(words: Words<'_>, before: Option<Phrase>, context: &Context) -> Option<(usize, Phrase)> {
    let close = words.len() - 1;
    let open = (close.saturating_sub(LONGEST_PHRASE).max(1)..close).rev().find(|&i| words.text(i) == "(")?;
    let inner = words.slice(open + 1..close);
    let at = preposition(inner, 0).unwrap_or(0);
    let phrase = date::phrase(inner, at, context).filter(|phrase| phrase.end == inner.len())?;
    fits(inner, 0, at, &phrase).then(|| Some((open, merged(before, phrase)?)))?
}

/// The date that the words end with or are.
pub(crate) fn date_of(words: Words<'_>, context: &Context) -> Option<Phrase> {
    let whole = date::phrase(words, 0, context).filter(|phrase| phrase.end == words.len() && fits(words, 0, 0, phrase));
    whole.or_else(|| date_at_end(words, None, context).map(|(_, phrase)| phrase))
}

/// The date that the words begin with: where it ends and what it is.
pub(crate) fn date_at_start(words: Words<'_>, before: Option<Phrase>, context: &Context) -> Option<(usize, Phrase)> {
    // The "in" of "in two weeks" is the date's own.
    let (at, phrase) = [preposition(words, 0), Some(0)].into_iter().flatten().find_map(|at| {
        let phrase = date::phrase(words, at, context).filter(|phrase| fits(words, 0, at, phrase))?;
        Some((at, phrase))
    })?;
    let left = words.len().saturating_sub(phrase.end);
    let next = words.text(phrase.end);
    let parted = words.is_mark(phrase.end);
    let sure = at > 0 || phrase.certainty == Certainty::Sure;
    let verb = left > 1 && (is_action(next) || next == "to");
    let event = sure && (is_event(next) || matches!(next, "a" | "the" | "my"));
    if left == 0 || !(parted || verb || event) {
        return None;
    }
    let end = words.eat(phrase.end, pattern!("to")).unwrap_or(phrase.end);
    let end = (end..words.len()).find(|&i| !words.is_mark(i))?;
    Some((end, merged(before, phrase)?))
}

/// What may stand behind a date between other words.
static GOES_ON: lexicon::Class = lexicon::word_class!("date/goes_on");

/// A date between other words: its place and what it is. The error is the words of a date that is only partly
/// understood.
pub(crate) fn date_inside(
    words: Words<'_>,
    before: Option<Phrase>,
    context: &Context,
) -> Result<Option<(std::ops::Range<usize>, Phrase)>, String> {
    let found = (1..words.len()).find_map(|start| {
        let at = preposition(words, start).unwrap_or(start);
        let phrase = date::phrase(words, at, context)?;
        let clear = phrase.certainty == Certainty::Sure || (at > start && phrase.certainty == Certainty::Edge);
        let clear = clear || (at > start && (phrase.days.is_some() || words.text(start) == "at"));
        let goes_on = GOES_ON.contains(words.text(phrase.end)) && phrase.end < words.len();
        if !goes_on || !clear || !fits(words, start, at, &phrase) {
            return None;
        }
        Some((start..phrase.end, merged(before, phrase)?))
    });
    let Some((cut, phrase)) = found else { return Ok(None) };
    let left = unread::touches(words, cut.start, context);
    let right = unread::run_at_start(words.from(cut.end));
    if left.is_some() || right.is_some() {
        let all = words.slice(left.unwrap_or(cut.start)..cut.end + right.unwrap_or(0));
        return Err(all.raw().split_whitespace().collect::<Vec<_>>().join(" "));
    }
    Ok(Some((cut, phrase)))
}
