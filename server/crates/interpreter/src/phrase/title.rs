//! What a new item says: its title, due date, priority and notes, out of one run of words.

use crate::{
    Context, NewItem, Priority, When,
    phrase::date::{self, Certainty, Phrase},
    phrase::priority,
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

use crate::phrase::date::found::{date_at_end, date_at_start, date_inside, preposition};
use crate::phrase::date::recurrence::recurs;
use crate::phrase::date::unread;
use crate::text::token::without_edge_marks;

/// The longest title, in characters.
pub(crate) const LONGEST_TITLE: usize = 200;
/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 1000;

/// What the words before the item already said about it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Given {
    pub(crate) date: Option<Phrase>,
    pub(crate) priority: Option<Priority>,
}

/// The item that the words say, if anything is left of them.
pub(crate) fn item(words: Words<'_>, given: Given, context: &Context) -> Option<NewItem> {
    // A date alone is nothing to do.
    let at = preposition(words, 0).unwrap_or(0);
    let only_date =
        |phrase: Phrase| phrase.end == words.trim_end().len() && (at > 0 || phrase.certainty > Certainty::Marked);
    if [0, at].into_iter().any(|at| date::phrase(words, at, context).is_some_and(only_date)) {
        return None;
    }
    let (words, note) = split_note(words.trim());
    let recurring = recurs(words);
    let item = Item { note, recurring, ..Item::default() };
    // Where a word of a date still touches what was read as one, nothing of it is a date.
    match parted(words, given, context, !recurring) {
        Ok(parts) => finished(parts, item),
        Err(unread) => {
            let parts = parted(words, given, context, false)
                .or_else(|_| parted(words, Given::default(), context, false))
                .ok()?;
            finished(parts, Item { unread: Some(unread), ..item })
        }
    }
}

/// The parts of an item's words.
struct Parts {
    title: String,
    due: Option<When>,
    priority: Option<Priority>,
    /// The words that look like a date in a title without one.
    unread: Option<String>,
}

/// What is cut off the end of an item's words.
struct Ends<'a> {
    /// What is left.
    words: Words<'a>,
    date: Option<Phrase>,
    priority: Option<Priority>,
    /// Where the dates begin and end that were cut off.
    cut: Option<(usize, usize)>,
    /// What stays though dates stand before it: "asap", tags. The last of them first.
    stays: Vec<(usize, usize)>,
}

/// "#family". "#4" is a task.
fn is_tag(word: &str) -> bool {
    word.strip_prefix('#').is_some_and(|name| name.starts_with(char::is_alphabetic))
}

/// Cuts off dates, priorities and politeness, which may follow each other in any order.
fn without_ends<'a>(words: Words<'a>, given: Given, context: &Context, dates: bool) -> Ends<'a> {
    let mut ends = Ends { words, date: given.date, priority: given.priority, cut: None, stays: Vec::new() };
    for _ in 0..6 {
        let before = ends.words.len();
        let mut words = polite_end(list_end(ends.words.trim_end()));
        if let Some((keep, found)) = priority::at_end(words) {
            (words, ends.priority) = (words.to(keep), ends.priority.or(Some(found)));
        }
        if let Some(keep) = priority::urgent_end(words) {
            ends.stays.push((keep, words.len()));
            (words, ends.priority) = (words.to(keep), ends.priority.or(Some(Priority::High)));
        }
        if words.len() > 1 && is_tag(words.last()) {
            ends.stays.push((words.len() - 1, words.len()));
            words = words.to(words.len() - 1);
        }
        if dates && let Some((keep, merged)) = date_at_end(words, ends.date, context) {
            ends.cut = Some((keep, ends.cut.map_or(words.len(), |(_, end)| end)));
            (words, ends.date) = (words.to(keep), Some(merged));
        }
        ends.words = words;
        if words.len() == before {
            break;
        }
    }
    ends
}

/// Parts the title from what else the words say. The error is the words of a date that is only partly understood.
fn parted(whole: Words<'_>, given: Given, context: &Context, dates: bool) -> Result<Parts, String> {
    let Ends { mut words, mut date, mut priority, cut, mut stays } = without_ends(whole, given, context, dates);
    if let Some((keep, end)) = cut
        && let Some(start) = unread::touches(whole, keep, context)
    {
        return Err(one_line(whole.slice(start..end).raw()));
    }
    // Where nothing was cut off between, it stands as it was said.
    while let Some((_, end)) = stays.pop_if(|(start, _)| *start == words.len()) {
        words = whole.to(end);
    }
    if let Some((next, found)) = priority::at_start(words) {
        (words, priority) = (words.from(next), priority.or(Some(found)));
    }
    if dates && let Some((next, merged)) = date_at_start(words, date, context) {
        (words, date) = (words.from(next), Some(merged));
    }
    let words = if date.is_some() { without_copula(words.trim()) } else { words.trim() };
    let inner = if dates { date_inside(words, date, context)? } else { None };
    let unread = unread::left_over(words, context).filter(|_| dates && date.is_none() && inner.is_none());
    let title = match inner {
        Some((cut, merged)) => {
            date = Some(merged);
            joined(words.to(cut.start), words.from(cut.end))
        }
        None => plain(words),
    };
    let tail = stays.iter().rev().map(|&(start, end)| whole.slice(start..end).raw());
    let title = one_line(&std::iter::once(title.as_str()).chain(tail).collect::<Vec<_>>().join(" "));
    let due = date.map(|date| date.when(context).ok_or_else(|| one_line(whole.raw()))).transpose()?;
    Ok(Parts { title, due, priority, unread: unread.map(|start| one_line(words.from(start).raw())) })
}

/// What the words say of an item besides its title, date and priority.
#[derive(Default)]
struct Item {
    note: Option<String>,
    recurring: bool,
    unread: Option<String>,
}

/// An item with exactly this title, as far as a title allows.
pub(crate) fn literal(title: &str) -> Option<NewItem> {
    finished(Parts { title: one_line(title), due: None, priority: None, unread: None }, Item::default())
}

fn finished(parts: Parts, item: Item) -> Option<NewItem> {
    let Parts { title, due, priority, unread: left } = parts;
    let title = without_edge_marks(&title);
    let Item { note, recurring, unread } = item;
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
    Some(NewItem {
        title,
        description,
        due,
        priority,
        recurring,
        reminder: false,
        parts: Vec::new(),
        unread: unread.or(left),
    })
}

/// At most so many characters, with an ellipsis where some are missing.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let end = cut.rfind(' ').filter(|at| *at > cut.len() / 2).unwrap_or(cut.len());
    // A full stop before it would make it four dots.
    format!("{}…", cut[..end].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '…')))
}

/// One line without control characters and without runs of spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The title as it goes on after a verb: "Apples" in "Buy apples". "BBC" stays.
pub(crate) fn uncapitalised(title: &str) -> String {
    let mut chars = title.chars();
    match chars.next() {
        Some(first) if !chars.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => title.to_owned(),
    }
}

fn capitalised(title: &str) -> String {
    let mut chars = title.chars();
    match chars.next() {
        // "iPhone" and "eBay" know how they are written.
        Some(first)
            if first.is_lowercase()
                && !title.starts_with("http")
                && !title.starts_with("www.")
                && !chars.clone().next().is_some_and(char::is_uppercase) =>
        {
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
    // The end of a sentence stays with what is before it.
    if second.is_mark(0) && matches!(second.text(0), "." | "!" | ";") {
        return one_line(&format!("{}{}", first.raw(), second.trim_end().raw()));
    }
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
    let end = words.ends_any(patterns!["is|are due? on?", "due"]).filter(|&at| at > 0);
    end.map_or(words, |at| words.to(at)).trim()
}

/// Cuts a note off: "with a note: oat milk", "note: oat milk".
fn split_note(words: Words<'_>) -> (Words<'_>, Option<String>) {
    let note = (1..words.len()).find_map(|i| {
        let with = words.eat(i, pattern!("with a|the? note|notes|description|comment|details")).and_then(|end| {
            let end = words.eat(end, pattern!("that")).filter(|&at| words.text(at) == "says").unwrap_or(end);
            words
                .eat(end, pattern!("saying|says|that|of|reading?"))
                .map(|end| words.eat(end, pattern!(":|-|,?")).unwrap_or(end))
        });
        let label = || {
            let at = if words.is_mark(i) { i + 1 } else { i };
            // "Leave a note: …" is something to do.
            let own = i > 0 && matches!(words.text(i - 1), "a" | "the" | "my" | "this" | "write" | "add");
            words.eat(at, pattern!("note|notes|description|details :")).filter(|_| !own)
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

/// What may stand before a title and says nothing.
const BEFORE: &Patterns = patterns![
    "please|kindly|hey|hi|hello|heyy|heyyy|hii|hiii|helloo|ok|okay|so|well|oh|um|uh|hmm|also|and|then|saydo|just|alright|right|anyway|actually ,|-|:|.|!?",
    "i would like you to",
];

/// Without the words of politeness at the beginning.
pub(crate) fn polite_start(words: Words<'_>) -> Words<'_> {
    let mut words = words.trim_start();
    for _ in 0..8 {
        let ordered = words
            .eat(0, pattern!("first|next|finally|lastly|now"))
            .filter(|&end| words.text(end) == "," || lexicon::is_action(words.text(end)) && words.text(0) != "first");
        let Some(end) = words.eat_any(0, BEFORE).or(ordered).filter(|&end| end > 0 && end < words.trim_end().len())
        else {
            break;
        };
        // "Right shoe" and "well water" are things.
        if matches!(words.text(0), "right" | "well" | "alright" | "actually" | "anyway") && !words.is_mark(end - 1) {
            break;
        }
        words = words.from(end).trim_start();
    }
    words
}

/// Without "please", "thanks" and their like at the end.
pub(crate) fn polite_end(words: Words<'_>) -> Words<'_> {
    let mut words = words.trim_end();
    for _ in 0..3 {
        let end = words
            .ends_any(patterns![
                "please|✓",
                "if you can|could",
                "if possible",
                "for me",
                "will|would|could|can you",
                "thanks so|very? much?",
                "thanks a lot|bunch|million|ton|heap",
                "thanks in advance",
                "please and thanks",
                "please and thank you",
                "if you do not mind",
                "when|whenever you can|could",
                "when|whenever you get|have a? chance|minute|moment|time|sec",
                "thank you so|very? much?",
                "cheers",
            ])
            .or_else(|| {
                // Without a comma these may be part of the title.
                let said = words.ends_any(patterns!["ok|okay", "mate|buddy|dude|saydo"])?;
                (said > 0 && words.is_mark(said - 1)).then_some(said)
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
    if !matches!(
        words.last(),
        "list"
            | "lists"
            | "agenda"
            | "me"
            | "tasks"
            | "todos"
            | "to-dos"
            | "reminders"
            | "todo"
            | "to-do"
            | "task"
            | "reminder"
            | "item"
            | "do"
    ) {
        return None;
    }
    words.ends_any(patterns![
        "to|on|onto|in|into my|the|our|this? todo|to-do|task|tasks|reminder|reminders? list|lists|agenda for? me?",
        "to|on|onto|in|into my|the|our to do list",
        "to|on|onto|in|into my|the|our tasks|todos|to-dos|reminders|todo|to-do",
        "as a|an|another? new? high? priority? task|todo|to-do|reminder|item",
        "as a to do item?",
    ])
}

fn list_end(words: Words<'_>) -> Words<'_> {
    list_phrase(words).filter(|&at| at > 0).map_or(words, |at| words.to(at).trim_end())
}
