//! The items that a bare title offers or adds, and the headings that give them a verb or a date.

use crate::{
    Context, Intent, NewItem,
    phrase::{
        date::{self, Phrase},
        items,
        title::{self, Given},
    },
    text::lexicon::is_action,
    text::span::Words,
};

/// An offer of one task with the words as they are.
pub(crate) fn offer(words: Words<'_>, context: &Context) -> Option<Intent> {
    let words = words.trim();
    let item = title::item(words, Given::default(), context).or_else(|| title::literal(words.raw()))?;
    Some(Intent::Offer(vec![item]))
}

/// "buy: apples, pears": each item has the verb.
pub(crate) fn with_verb_of_heading(words: Words<'_>, context: &Context) -> Option<Vec<NewItem>> {
    let words = words.from(usize::from(words.text(0) == "to"));
    let colon = (1..words.len().min(4)).find(|&i| words.text(i) == ":" && words.is_mark(i))?;
    if !is_action(words.text(0))
        || matches!(
            words.text(0),
            "note"
                | "do"
                | "work"
                | "plan"
                | "shop"
                | "text"
                | "email"
                | "message"
                | "film"
                | "book"
                | "test"
                | "exercise"
                | "practice"
                | "research"
                | "study"
                | "set"
                | "answer"
                | "record"
                | "train"
        )
    {
        return None;
    }
    let rest = words.from(colon + 1).trim_start();
    if rest.is_empty() || is_action(rest.text(0)) && !rest.has(&[","]) {
        return None;
    }
    let parts = items::parts(rest, true, None);
    Some(prefixed(&parts, words.to(colon).raw(), Given::default(), context)).filter(|items| !items.is_empty())
}

/// The items with a verb before them.
pub(crate) fn prefixed(parts: &[Words<'_>], verb: &str, given: Given, context: &Context) -> Vec<NewItem> {
    parts
        .iter()
        .filter_map(|part| title::item(*part, given, context).map(|item| (item, part)))
        .filter_map(|(item, part)| {
            let own = part.raw().chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase);
            let object = if own { item.title.clone() } else { title::uncapitalised(&item.title) };
            // "Call the bank": behind a verb the article stays.
            let article = matches!(part.text(0), "the" | "a" | "an") && part.len() > 1;
            let object = if article { format!("{} {}", part.text(0), title::uncapitalised(&object)) } else { object };
            let named = title::literal(&format!("{verb} {object}"))?;
            Some(NewItem { title: named.title, ..item })
        })
        .collect()
}

/// "friday: submit timesheet": the date, and what comes after the colon.
pub(crate) fn date_heading<'a>(words: Words<'a>, context: &Context) -> Option<(Phrase, Words<'a>)> {
    let colon = (1..words.len().min(7)).find(|&i| words.text(i) == ":" && words.is_mark(i))?;
    let date = heading_date(words.to(colon), context)?;
    let rest = words.from(colon + 1).trim_start();
    (!rest.is_empty()).then_some((date, rest))
}

/// The date that a heading is, where it is nothing else.
pub(crate) fn heading_date(heading: Words<'_>, context: &Context) -> Option<Phrase> {
    let at = usize::from(matches!(heading.text(0), "on" | "for" | "by"));
    date::phrase(heading, at, context).filter(|date| date.end == heading.len() && !date.past)
}
