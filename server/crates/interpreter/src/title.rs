//! What a new item says: its title, due date, priority and notes, out of one run of words.

use crate::{
    Context, NewItem, Priority, When,
    dates::{self, Certainty, Phrase, weekday_name},
    lexicon::{is_action, is_event, number},
    priority,
    words::Words,
};

/// The longest title, in characters.
pub(crate) const LONGEST_TITLE: usize = 200;
/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 1000;
/// The most tokens that a date phrase at the end may have.
const LONGEST_PHRASE: usize = 16;

/// What the words before the item already told about it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Given {
    pub(crate) date: Option<Phrase>,
    pub(crate) priority: Option<Priority>,
}

/// The item that the words say, if anything is left of them.
pub(crate) fn item(words: Words<'_>, given: Given, context: &Context) -> Option<NewItem> {
    // A date alone is nothing to do.
    let at = preposition(words, 0).unwrap_or(0);
    let only_date = |phrase: Phrase| phrase.end == words.trim_end().len() && (at > 0 || phrase.certainty > Certainty::Marked);
    if dates::phrase(words, at, context).is_some_and(only_date) {
        return None;
    }
    let recurring = recurs(words);
    let mut date = given.date;
    let mut priority = given.priority;
    let (mut words, note) = split_note(words.trim());
    // Dates, priorities and politeness may follow each other in any order.
    for _ in 0..6 {
        let before = words.len();
        words = polite_end(list_end(words.trim_end()));
        if let Some((keep, found)) = priority::at_end(words) {
            (words, priority) = (words.to(keep), priority.or(Some(found)));
        }
        if !recurring {
            if let Some((keep, merged)) = date_at_end(words, date, context) {
                (words, date) = (words.to(keep), Some(merged));
            }
        }
        if words.len() == before {
            break;
        }
    }
    if let Some((next, found)) = priority::at_start(words) {
        (words, priority) = (words.from(next), priority.or(Some(found)));
    }
    if !recurring {
        if let Some((next, merged)) = date_at_start(words, date, context) {
            (words, date) = (words.from(next), Some(merged));
        }
    }
    let words = without_copula(words.trim());
    let inner = if recurring { None } else { date_inside(words, date, context) };
    let title = match inner {
        Some((cut, merged)) => {
            date = Some(merged);
            joined(words.to(cut.start), words.from(cut.end))
        }
        None => plain(words),
    };
    finished(title, note, date.and_then(|date| date.when(context)), priority, recurring)
}

/// An item with exactly this title, as far as a title allows.
pub(crate) fn literal(title: &str) -> Option<NewItem> {
    finished(one_line(title), None, None, None, false)
}

fn finished(
    title: String, note: Option<String>, due: Option<When>, priority: Option<Priority>, recurring: bool,
) -> Option<NewItem> {
    if !title.chars().any(|c| c.is_alphanumeric() || !c.is_ascii()) {
        return None;
    }
    let title = capitalised(&title);
    let (title, description) = if title.chars().count() <= LONGEST_TITLE {
        (title, note)
    } else {
        let full = note.map_or_else(|| title.clone(), |note| format!("{title}\n{note}"));
        (shortened(&title, LONGEST_TITLE), Some(full))
    };
    let description = description.map(|text| shortened(&text, LONGEST_DESCRIPTION));
    Some(NewItem { title, description, due, priority, recurring })
}

/// At most so many characters, with an ellipsis where some are missing.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let end = cut.rfind(' ').filter(|at| *at > cut.len() / 2).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

/// One line without control characters and without runs of spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn capitalised(title: &str) -> String {
    let mut chars = title.chars();
    match chars.next() {
        // "iPhone" and "eBay" know how they are written.
        Some(first) if first.is_lowercase() && !chars.clone().next().is_some_and(char::is_uppercase) => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => title.to_owned(),
    }
}

/// The words as a title: what the quotes enclose, or without the leading article.
fn plain(words: Words<'_>) -> String {
    if let Some(quoted) = words.only_quoted() {
        return one_line(quoted);
    }
    one_line(without_article(words.trim()).raw())
}

fn joined(first: Words<'_>, second: Words<'_>) -> String {
    let first = without_article(first.trim());
    one_line(&format!("{} {}", first.raw(), second.trim().raw()))
}

fn without_article(words: Words<'_>) -> Words<'_> {
    if !matches!(words.text(0), "a" | "an" | "the") || words.len() < 2 || !words.is_word(1) {
        return words;
    }
    let capital = |i: usize| words.slice(i..i + 1).raw().starts_with(char::is_uppercase);
    // "The Great Gatsby" is a name.
    if capital(0) && capital(1) { words } else { words.from(1) }
}

/// "mom's birthday is", "the rent is due".
fn without_copula(words: Words<'_>) -> Words<'_> {
    let end = words.ends_any(&["is|are due? on?", "due"]).filter(|&at| at > 0);
    end.map_or(words, |at| words.to(at)).trim()
}

/// Cuts a note off: "with a note: oat milk", "note: oat milk".
fn split_note(words: Words<'_>) -> (Words<'_>, Option<String>) {
    let note = (1..words.len()).find_map(|i| {
        let with = words.eat(i, "with a|the? note|notes|description|comment|details").and_then(|end| {
            let end = words.eat(end, "that").filter(|&at| words.text(at) == "says").unwrap_or(end);
            words.eat(end, "saying|says|that|of|reading?").map(|end| words.eat(end, ":|-|,?").unwrap_or(end))
        });
        let label = || {
            let at = if words.is_mark(i) { i + 1 } else { return None };
            words.eat(at, "note|notes|description|details :")
        };
        let end = with.or_else(label)?;
        (end < words.len()).then_some((i, end))
    });
    match note {
        Some((start, end)) => {
            let rest = words.from(end).trim_start();
            let text = rest.only_quoted().unwrap_or_else(|| rest.raw()).trim_end_matches(')').trim();
            (words.to(start).trim_end(), (!text.is_empty()).then(|| text.to_owned()))
        }
        None => (words, None),
    }
}

/// Without "please", "too", "thanks" and their like at the end.
pub(crate) fn polite_end(words: Words<'_>) -> Words<'_> {
    let mut words = words.trim_end();
    for _ in 0..3 {
        let end = words
            .ends_any(&["please|✓", "as well", "too", "ok|okay?", "if you can|could|would", "if possible", "for me please"])
            .or_else(|| {
                let thanks = words.ends_any(&["thanks so? much?", "thanks a lot", "thank you so|very? much?", "cheers", "will you",
                    "would you", "could you", "can you", "ok", "okay", "mate|buddy|dude|saydo"])?;
                (thanks > 0 && words.is_mark(thanks - 1)).then_some(thanks)
            });
        match end.filter(|&at| at > 0) {
            Some(at) => words = words.to(at).trim_end(),
            None => break,
        }
    }
    words
}

/// Where a phrase that names the person's list begins, if the words end with one.
pub(crate) fn list_phrase(words: Words<'_>) -> Option<usize> {
    words.ends_any(&[
        "to|on|onto|in|into my|the|our|this? todo|to-do|task|tasks|reminder|reminders|shopping|grocery|groceries|personal|work|daily? list|lists|agenda for? me?",
        "to|on|onto|in|into my|the|our to do list",
        "to|on|onto|in|into my|the|our tasks|todos|to-dos|reminders|todo|to-do",
        "as a|an|another? new? high? priority? task|todo|to-do|reminder|item",
        "as a to do item?",
        "to it",
    ])
}

fn list_end(words: Words<'_>) -> Words<'_> {
    list_phrase(words).filter(|&at| at > 0).map_or(words, |at| words.to(at).trim_end())
}

/// Whether the words ask for a repetition.
fn recurs(words: Words<'_>) -> bool {
    let unit = |i: usize| {
        let word = words.text(i);
        let singular = word.strip_suffix('s').unwrap_or(word);
        matches!(singular, "day" | "week" | "month" | "year" | "morning" | "afternoon" | "evening" | "night" | "hour"
            | "weekend" | "weekday" | "quarter" | "minute" | "fortnight")
            || weekday_name(singular).is_some()
    };
    (0..words.len()).any(|i| match words.text(i) {
        "every" => {
            let other = words.eat(i + 1, "other|single|second|third|few|first|last").unwrap_or(i + 1);
            unit(other) || unit(i + 1) || number(words.text(i + 1)).is_some() || crate::lexicon::ordinal(words.text(i + 1)).is_some()
        }
        "each" => unit(i + 1),
        "everyday" => i + 1 == words.len() || words.text(i + 1) == "at",
        "daily" | "weekly" | "monthly" | "yearly" | "annually" | "nightly" | "hourly" | "fortnightly" | "biweekly" => {
            i > 0 && (i + 1 == words.len() || words.eat(i + 1, "at|on|starting|from").is_some())
        }
        "on" => words.text(i + 1).ends_with('s')
            && !words.text(i + 1).ends_with("'s")
            && (matches!(words.text(i + 1), "weekdays" | "weekends")
                || words.text(i + 1).strip_suffix('s').is_some_and(|day| day.ends_with("day") && weekday_name(day).is_some())),
        "once" | "twice" | "times" => words.text(i + 1) == "a" && unit(i + 2),
        _ => false,
    })
}

/// What may stand before a date.
fn preposition(words: Words<'_>, i: usize) -> Option<usize> {
    words.eat_any(i, &[
        "due? on|by|at|before|until|till|til|in|for|around|after about|around?",
        "due",
        "no|not later than",
        "by no later than",
        "on or before",
        "starting|beginning on|from?",
        "from|between",
    ])
}

/// Whether a phrase with this preposition may be taken for a date.
fn fits(words: Words<'_>, start: usize, at: usize, phrase: &Phrase) -> bool {
    let last = words.text(phrase.end - 1);
    if last.ends_with("'s") || (phrase.past && !matches!(words.text(at), "yesterday")) {
        return false;
    }
    // The full stop of "Dr." is a mark.
    let before = if start > 1 && words.text(start - 1) == "." { start - 2 } else { start.wrapping_sub(1) };
    let before = words.text(before);
    let kept_before = matches!(
        before,
        "of" | "from" | "since" | "about" | "than" | "like" | "called" | "named" | "titled" | "between" | "the" | "a"
            | "an" | "my" | "our" | "and" | "or" | "with" | "to" | "until" | "vs" | "versus"
    );
    if kept_before && !(before == "and" && at > start) {
        return false;
    }
    let introduced = words.text(at.saturating_sub(1));
    let introduced = if introduced == "about" || introduced == "around" { words.text(start) } else { introduced };
    if at == start {
        let name = matches!(
            before,
            "black" | "good" | "cyber" | "casual" | "taco" | "super" | "palm" | "easter" | "ash" | "fat" | "shrove" | "giving"
                | "freaky" | "ruby" | "tgi" | "man" | "dr" | "mr" | "mrs" | "ms" | "bloody" | "holy" | "sunny" | "girl"
        );
        return phrase.certainty > Certainty::Marked && !name;
    }
    match introduced {
        "from" | "between" => {
            let range = words.slice(at..phrase.end);
            range.has(&["to", "till", "until", "through", "thru", "and", "-"]) || range.raw().contains('-')
                || words.text(start) == "starting"
        }
        "in" => phrase.days.is_none_or(|days| days.first != days.last),
        "for" => phrase.days.is_some() || phrase.certainty > Certainty::Marked,
        "on" | "due" => phrase.days.is_some() || phrase.certainty > Certainty::Marked,
        // "A two by four" and "multiply 3 by 4" are no times.
        _ => phrase.days.is_some() || phrase.certainty > Certainty::Marked || number(before).is_none(),
    }
}

fn merged(before: Option<Phrase>, found: Phrase) -> Option<Phrase> {
    match before {
        None => Some(found),
        Some(before) => before.joined(found),
    }
}

/// The date that the words end with: where it begins and what it is.
pub(crate) fn date_at_end(words: Words<'_>, before: Option<Phrase>, context: &Context) -> Option<(usize, Phrase)> {
    (words.len().saturating_sub(LONGEST_PHRASE).max(1)..words.len()).find_map(|start| {
        let with = preposition(words, start).and_then(|at| Some((at, dates::phrase(words, at, context)?)));
        let (at, phrase) = with
            .filter(|(at, phrase)| phrase.end == words.len() && fits(words, start, *at, phrase))
            .or_else(|| {
                let phrase = dates::phrase(words, start, context)?;
                (phrase.end == words.len() && fits(words, start, start, &phrase)).then_some((start, phrase))
            })?;
        let _ = at;
        Some((start, merged(before, phrase)?))
    })
}

/// The date that the words begin with: where it ends and what it is.
fn date_at_start(words: Words<'_>, before: Option<Phrase>, context: &Context) -> Option<(usize, Phrase)> {
    let at = preposition(words, 0).unwrap_or(0);
    let phrase = dates::phrase(words, at, context).filter(|phrase| fits(words, 0, at, phrase))?;
    let left = words.len().saturating_sub(phrase.end);
    let next = words.text(phrase.end);
    let parted = words.is_mark(phrase.end);
    let sure = at > 0 || phrase.certainty == Certainty::Sure;
    let verb = left > 1 && (is_action(next) || next == "to");
    let event = left > 1 && sure && (is_event(next) || matches!(next, "a" | "the" | "my"));
    if left == 0 || !(parted || verb || event) {
        return None;
    }
    let end = words.eat(phrase.end, "to").unwrap_or(phrase.end);
    let end = (end..words.len()).find(|&i| !words.is_mark(i))?;
    Some((end, merged(before, phrase)?))
}

/// A date between other words: its place and what it is.
fn date_inside(
    words: Words<'_>, before: Option<Phrase>, context: &Context,
) -> Option<(std::ops::Range<usize>, Phrase)> {
    (1..words.len()).find_map(|start| {
        let at = preposition(words, start).unwrap_or(start);
        let phrase = dates::phrase(words, at, context)?;
        let goes_on = matches!(
            words.text(phrase.end),
            "with" | "about" | "for" | "to" | "from" | "in" | "at" | "and" | "because" | "so" | "regarding" | "re" | "via"
                | "using" | "near" | "before" | "after" | "but" | "on" | "," | "-" | "("
        );
        let clear = phrase.certainty == Certainty::Sure || (at > start && phrase.certainty == Certainty::Edge);
        let clear = clear || (at > start && phrase.days.is_some());
        if !goes_on || !clear || !fits(words, start, at, &phrase) || phrase.end >= words.len() {
            return None;
        }
        Some((start..phrase.end, merged(before, phrase)?))
    })
}
