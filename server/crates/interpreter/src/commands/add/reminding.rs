//! "Remind me to …", "todo: …", "I need to …".

use super::{Opening, date_before, marks, verbs::linked};
use crate::{
    Context,
    commands::write::is_clear_write,
    phrase::number::number,
    phrase::priority,
    text::lexicon,
    text::pattern::{Pattern, Patterns, pattern, patterns},
    text::span::Words,
};

/// Words that ask not to forget, before what is not to be forgotten.
const REMEMBERING: &Patterns = patterns![
    "remember to",
    "remember that|: i|we need|have|must|should? to?",
    "remember that",
    "remember i|we need|have to",
    "remember i|we must|should",
    "remember this? :",
    "remember",
    "do not forget to|about|:?",
    "do not forget that i|we need|have to",
    "do not let me|us forget to|about|that?",
    "never let me forget to|about?",
    "never forget to",
    "make sure that? i|we do not forget to|about",
    "make sure that? i|we remember? to?",
    "make sure to",
    "be sure to",
    "i do not want to forget to|about?",
    "i|we must|should|can|could not forget to|about?",
    "must|should|can not forget to|about?",
    "tell me to",
    "jot|write|note this|it|that down :|-|,?",
    "i need|want|would like to be reminded to|about|of",
    "i need|want|would like a? reminder|reminding to|about|for",
    "note|memo|reminder|message|notes to my? self|myself :|-|,|to?",
    "reminder to|for|about|that|:|-",
    "make|take|leave|add|keep a? mental? note to|that|of|about|:|- self|myself? :|-|,|to?",
];

/// "remind me to …", "remember …", "don't forget to …", "make sure I …".
pub(super) fn reminded(words: Words<'_>, context: &Context) -> Option<Opening> {
    let me = words.eat_any(
        0,
        patterns!["remind|notify|alert|ping|nudge me|us", "give me a? reminder|nudge|shout", "send me a reminder"],
    );
    if let Some(me) = me {
        return reminded_of(words, me, context);
    }
    let end = words.eat_any(0, REMEMBERING)?;
    let quoted = words.quoted(end).is_some();
    // "Remember?" asks, and "remember when …" tells.
    let told =
        words.text(0) == "remember" && matches!(words.text(end), "" | "?" | "when" | "how" | "what" | "where" | "why");
    (!told || quoted).then(|| Opening::at(marks(words, end)))
}

/// What is to be reminded of, behind the "me".
fn reminded_of(words: Words<'_>, me: usize, context: &Context) -> Option<Opening> {
    // "Remind me what is left" asks.
    if matches!(words.text(me), "what" | "which" | "how" | "who" | "where" | "why" | "whether" | "") {
        return None;
    }
    if matches!(words.text(me), "every" | "each" | "daily" | "weekly" | "monthly" | "everyday") {
        let to = (me + 1..me + 10).find(|&i| matches!(words.text(i), "to" | "about"))?;
        return Some(Opening { again: Some((me, to)), reminder: true, ..Opening::at(to + 1) });
    }
    let (date, at) = date_before(words, me, context).map_or((None, me), |(date, end)| (Some(date), end));
    let at = marks(words, at);
    let end = words.eat_any(
        at,
        patterns![
            "to|about|of|that|for",
            "that i|we need|have|must|should to?",
            "i|we need|have to",
            "about the? fact? that",
        ],
    );
    // "Remind me 2 call mom"
    let two = || words.eat(at, pattern!("2")).filter(|&end| lexicon::is_action(words.text(end)));
    let end = end.or_else(two).unwrap_or(at);
    Some(Opening { date, reminder: true, ..Opening::at(marks(words, end)) })
}

/// Labels and headings of what is to be done.
const LABELS: &Patterns = patterns![
    "todo|to-do|todos|to-dos",
    "new? task|tasks|todo|to-do|todos|reminder|reminders|memo|note|errand|chore|chores|action :|-",
    "to do|dos :|-",
    "things to do :|-",
    "my? to do list :|-",
    "my? todo|to-do|task|shopping|grocery? list :|-",
    "my todo|to-do|todos|to-dos|reminder|task|tasks :|-",
    "new|next|errands :",
    "make|create|start me? a|my? new? todo|to-do|task|shopping|grocery? list :|with",
    "another|also one? to|called|named|for|:",
];

/// "todo: …", "task - …".
pub(super) fn labelled(words: Words<'_>, context: &Context) -> Option<Opening> {
    // "urgent: call the bank"
    if let Some((end, level)) = priority::at_start(words).filter(|(end, _)| words.to(*end).has(&[":"])) {
        let write = is_clear_write(words.from(end), context);
        return (!write).then(|| Opening { priority: Some(level), ..Opening::at(end) });
    }
    let end = words
        .eat_any(0, LABELS)
        .or_else(|| words.eat(0, pattern!("groceries|shopping :")).filter(|_| words.has(&[",", "and", "\n"])))
        .or_else(|| announced(words))
        .or_else(|| (words.text(0) == "task" && lexicon::is_action(words.text(1))).then_some(1))?;
    let bare = end == 1 && words.text(0) != "task";
    if bare
        && matches!(
            words.text(1),
            "" | "?" | "list" | "lists" | "item" | "items" | "for" | "this" | "today" | "tomorrow"
        )
    {
        return None;
    }
    let several = words.to(end).has(&[
        "todos",
        "to-dos",
        "tasks",
        "things",
        "list",
        "dos",
        "chores",
        "reminders",
        "groceries",
        "shopping",
        "errands",
    ]);
    Some(linked(words, Opening { several, ..Opening::at(end) }, context))
}

/// "I have three things to do: …".
fn announced(words: Words<'_>) -> Option<usize> {
    let have = words.eat_any(0, patterns!["i|we have got?", "here are|is"])?;
    let count =
        number(words.text(have)).map(|_| have + 1).or_else(|| words.eat(have, pattern!("some|a|my|the few?")))?;
    words.eat(
        count,
        pattern!("more? new? things|tasks|todos|items|reminders|chores|errands to? do? today|tomorrow? :|-"),
    )
}

/// Words that stress a duty.
const ADVERBS: &Pattern = pattern!("really|still|also|just|definitely|absolutely|seriously|finally|actually|probably");
static NO_DUTIES: lexicon::Class = lexicon::word_class!("no_duties");

/// Words of a duty or a wish.
const DUTIES: &Patterns = patterns![
    "need|have|want|ought|got|needed to",
    "have got to",
    "must",
    "had better",
    "better",
    "should",
    "would like|love to",
    "am|are supposed|meant|due|required to",
    "need|have to to",
];

/// "I need to …", "must …", "I'm supposed to …".
pub(super) fn obliged(words: Words<'_>) -> Option<usize> {
    let subject = words.eat(0, pattern!("i|we")).unwrap_or(0);
    let at = words.eat(subject, ADVERBS).unwrap_or(subject);
    let end = words.eat_any(at, DUTIES)?;
    // "Have to" and "should" without a subject begin questions and much else.
    let needs_subject = pattern!("would|am|are|had|better|should|needed");
    let commands = words.text(at) == "should" && lexicon::is_action(words.text(at + 1)) && !words.has(&["?"]);
    if subject == 0 && !commands && words.eat(at, needs_subject).is_some() {
        return None;
    }
    let end = words.eat(end, ADVERBS).unwrap_or(end);
    let end = words
        .eat_any(
            end,
            patterns![
                "not forget to|about?",
                "remember to?",
                "make sure that? i|we|to",
                "be sure to",
                "need|have to",
                "go ahead and",
            ],
        )
        .unwrap_or(end);
    let first = words.text(end);
    // Wishes about the conversation, second thoughts and the past are no tasks.
    let odd = first.is_empty() || NO_DUTIES.contains(first);
    let fine =
        matches!((first, words.text(end + 1)), ("be", "at" | "in" | "on" | "home" | "there" | "ready" | "early"))
            || (first == "have" && is_meal_or_talk(words, end + 1))
            || (matches!(first, "stop" | "quit") && words.text(end + 1).ends_with("ing"))
            || (first == "stop" && matches!(words.text(end + 1), "by" | "at"));
    (!odd || fine).then_some(end)
}

fn is_meal_or_talk(words: Words<'_>, i: usize) -> bool {
    (i..i + 4)
        .any(|i| lexicon::is_event(words.text(i)) || matches!(words.text(i), "talk" | "chat" | "look" | "conversation"))
}
