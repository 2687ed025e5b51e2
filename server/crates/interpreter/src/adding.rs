//! "Add …", "remind me to …", "I need to …", "put … on my list", pasted lists.

use crate::{
    Context, NewItem, Priority,
    dates::{self, Phrase},
    items, lexicon, priority,
    title::{self, Given},
    words::Words,
};

/// How a sentence that adds begins, and what that tells about its items.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Opening {
    /// Where the items begin.
    pub(crate) end: usize,
    /// Whether the words announce several ("tasks", "these").
    pub(crate) several: bool,
    /// How many they announce.
    pub(crate) count: Option<usize>,
    date: Option<Phrase>,
    priority: Option<Priority>,
    /// The place of a repetition that was said first: "remind me every day to …".
    again: Option<(usize, usize)>,
}

impl Opening {
    fn at(end: usize) -> Self {
        Self { end, ..Self::default() }
    }
}

/// The items that a sentence adds, if it adds.
pub(crate) fn add(words: Words<'_>, context: &Context) -> Option<Vec<NewItem>> {
    let opening = opening(words, context).or_else(|| put_on_list(words)).or_else(|| appointment(words, context))?;
    added(words, opening, context)
}

/// The items after an opening.
pub(crate) fn added(words: Words<'_>, opening: Opening, context: &Context) -> Option<Vec<NewItem>> {
    let rest = words.from(opening.end);
    // "Add it", "add that one too": what was meant is not in the words.
    if rest.trim().is_any(&["it", "that", "this", "them", "one", "that one", "more", "another", "something", "a task", "to it"]) {
        return None;
    }
    // "Add milk to task 1" and "… to the grocery task" would change a task.
    let to_task = (1..rest.len()).rev().take(6).any(|i| {
        matches!(rest.text(i), "to" | "onto" | "into")
            && (rest.eat(i + 1, "task|todo|item|reminder|number|#").is_some() || rest.eat(i + 1, "the|my|that|this").is_some())
            && (lexicon::is_task_noun(rest.trim_end().last()) || crate::targets::numbers(rest.from(i + 1).trim_end()).is_some())
    });
    if to_task && title::list_phrase(title::polite_end(rest)).is_none() {
        return None;
    }
    let rest = without_subject(rest);
    let given = Given { date: opening.date, priority: opening.priority };
    let again = opening.again.map(|(from, to)| title::one_line(words.slice(from..to).trim().raw()));
    let items: Vec<_> = items::parts(rest, opening.several, opening.count)
        .into_iter()
        .filter_map(|part| title::item(part, given, context))
        .map(|item| match &again {
            Some(again) => NewItem { title: title::shortened(&format!("{} {again}", item.title), title::LONGEST_TITLE), recurring: true, ..item },
            None => item,
        })
        .collect();
    (!items.is_empty()).then_some(items)
}

/// "I need to call", "I have a meeting": what is to be done comes after.
fn without_subject(words: Words<'_>) -> Words<'_> {
    if !matches!(words.text(0), "i" | "we") {
        return words;
    }
    if let Some(end) = obliged(words) {
        return words.from(end);
    }
    match words.eat(0, "i|we have got? a|an|my|our") {
        Some(end) if (end..end + 6).any(|i| lexicon::is_event(words.text(i))) => words.from(end),
        _ => words,
    }
}

/// How the sentence begins to add, if it does.
pub(crate) fn opening(words: Words<'_>, context: &Context) -> Option<Opening> {
    direct(words, context).or_else(|| date_first(words, context)).or_else(|| again_first(words, context))
}

/// "tomorrow at 5 I need to …".
fn date_first(words: Words<'_>, context: &Context) -> Option<Opening> {
    let at = words.eat(0, "on|at|by|before|in|this|around").filter(|_| words.text(0) != "this").unwrap_or(0);
    let date = dates::phrase(words, at, context).or_else(|| dates::phrase(words, 0, context)).filter(|date| !date.past)?;
    shifted(words, marks(words, date.end), context).map(|opening| Opening { date: opening.date.or(Some(date)), ..opening })
}

/// "every Monday remind me to …".
fn again_first(words: Words<'_>, context: &Context) -> Option<Opening> {
    if !matches!(words.text(0), "every" | "each") {
        return None;
    }
    (2..8.min(words.len())).find_map(|end| Some(Opening { again: Some((0, end)), ..shifted(words, end, context)? }))
}

/// The opening at some place.
fn shifted(words: Words<'_>, at: usize, context: &Context) -> Option<Opening> {
    let at = words.eat(at, "please").unwrap_or(at);
    let opening = direct(words.from(at), context)?;
    Some(Opening { end: opening.end + at, again: opening.again.map(|(from, to)| (from + at, to + at)), ..opening })
}

fn direct(words: Words<'_>, context: &Context) -> Option<Opening> {
    reminded(words, context)
        .or_else(|| labelled(words, context))
        .or_else(|| verb(words, context))
        .or_else(|| obliged(words).map(Opening::at))
}

/// "add …", "create a task …", "new high priority todo: …".
fn verb(words: Words<'_>, context: &Context) -> Option<Opening> {
    let plain = words.eat_any(0, &[
        "add|ad|addd|aad|adding|append|insert|include|jot|create|creating|log|note|track",
        "jot|write|put|note down",
        "add|jot in|down",
        "put in",
        "schedule|scheduling",
    ]);
    let with_noun = words.eat_any(0, &[
        "make|making|create|new|start|open|set|enter|register|record|save|write|give|get|build|log|another",
        "set up",
        "make|give|get|create|write|set me|us up?",
        "can i have|get",
        "i want|need",
        "i would like",
        "there is|are",
        "one more",
        "we need",
    ]);
    let noun = plain.into_iter().chain(with_noun).filter_map(|end| noun(words, end)).max_by_key(|noun| noun.end);
    // "Open task 3" and "set tasks" speak of tasks that there are.
    let there = !matches!(words.text(0), "add" | "ad" | "addd" | "aad" | "create" | "new" | "another" | "insert" | "append")
        && lexicon::is_task_noun(words.text(1));
    let numbered = |opening: &Opening| crate::targets::numbers(words.slice(opening.end..opening.end + 1)).is_some()
        && (there || opening.end + 1 == words.trim_end().len());
    if there || noun.as_ref().is_some_and(numbered) {
        return None;
    }
    let bare_new = (words.text(0) == "new" || words.text(0) == "another").then(|| noun_at_start(words)).flatten();
    if let Some(opening) = noun.or(bare_new) {
        return Some(linked(words, opening, context));
    }
    let end = plain?;
    // "Note" and "track" are verbs of titles too, unless a mark or a quote follows.
    let weak = matches!(words.text(0), "note" | "track" | "log" | "include") && end == 1;
    if weak && !(words.is_mark(end) || words.quoted(end).is_some() || words.text(end) == "that") {
        return None;
    }
    if words.text(0) == "put" && end == 1 {
        return None;
    }
    let end = words.eat(end, "that").filter(|_| weak).unwrap_or(end);
    let end = list_start(words, end).unwrap_or(end);
    let several = words.eat(end, "these|following|those the? following?").is_some_and(|end| words.is_mark(end))
        || words.eat(end, "the following").is_some_and(|end| words.is_mark(end));
    let end = words.eat_any(end, &["these|those", "the following", "all of? these", "all the? following", "the"])
        .filter(|&end| words.is_mark(end) && words.text(end) != "(")
        .unwrap_or(end);
    // "Add to remember the milk" is "add: remember the milk".
    let end = words.eat(end, "to").unwrap_or(end);
    if let Some(end) = words.eat(end, "both").filter(|_| words.has(&["and"])) {
        return Some(Opening { several: true, count: Some(2), ..Opening::at(end) });
    }
    Some(Opening { several, ..Opening::at(marks(words, end)) })
}

fn marks(words: Words<'_>, mut at: usize) -> usize {
    while matches!(words.text(at), ":" | "-" | "," | "\n") && words.is_mark(at) && !is_bullet(words, at) {
        at += 1;
    }
    at
}

fn is_bullet(words: Words<'_>, at: usize) -> bool {
    words.text(at) == "-" && at > 0 && words.text(at - 1) == "\n"
}

/// "to my list", straight after the verb.
fn list_start(words: Words<'_>, i: usize) -> Option<usize> {
    let end = words.eat_any(i, &[
        "to|on|onto|in|into my|the|our todo|to-do|task|tasks|shopping|grocery? list",
        "to|on|onto|in|into my|the|our to do list",
        "to|on|onto|in|into my|the|our tasks|todos|list",
    ])?;
    words.eat(end, ":|-|,?")
}

/// What comes with "task": how many, how urgent.
fn noun(words: Words<'_>, start: usize) -> Option<Opening> {
    let mut opening = Opening::at(start);
    let mut at = start;
    for _ in 0..7 {
        let text = words.text(at);
        if let Some((found, end)) = priority::phrase(words, at).filter(|_| !matches!(text, "a" | "an" | "the" | "no")) {
            opening.priority = Some(found);
            at = end;
        } else if let Some(count) = lexicon::number(text).and_then(|n| usize::try_from(n).ok()).filter(|n| *n < 100) {
            opening.count = (count > 1).then_some(count);
            opening.several = count > 1;
            at += 1;
        } else if words.eat(at, "to do").is_some() && words.eat(at + 2, "item|items|task|tasks|list :?").is_some() {
            at += 2;
        } else if words.eat(at, "to do :|-").is_some() {
            opening.end = at + 2;
            return Some(opening);
        } else if matches!(text, "few" | "couple" | "several" | "these" | "those" | "following" | "both" | "multiple") {
            opening.several = true;
            at += 1;
        } else if matches!(
            text,
            "a" | "an" | "the" | "another" | "new" | "my" | "some" | "more" | "extra" | "simple" | "quick" | "of" | "separate"
                | "additional" | "different" | "me" | "action" | "list" | "to-do" | "todo" | "this" | "very"
        ) && lexicon_follows(words, at + 1)
        {
            at += 1;
        } else {
            break;
        }
    }
    let text = words.text(at);
    if !lexicon::is_task_noun(text) || text == "things" && opening.count.is_none() {
        return None;
    }
    opening.several |= lexicon::is_task_plural(text);
    opening.end = at + 1;
    Some(opening)
}

/// Whether a task noun may still come.
fn lexicon_follows(words: Words<'_>, at: usize) -> bool {
    (at..at + 6).any(|i| lexicon::is_task_noun(words.text(i)) || words.eat(i, "to do").is_some())
}

/// "New task: …", "another task …".
fn noun_at_start(words: Words<'_>) -> Option<Opening> {
    noun(words, 1)
}

/// Skips what links "a task" with what is to be done, and takes the date between.
fn linked(words: Words<'_>, mut opening: Opening, context: &Context) -> Opening {
    let mut at = list_start(words, opening.end).unwrap_or(opening.end);
    at = words.eat(at, "for me").unwrap_or(at);
    if let Some((date, end)) = date_before(words, at, context) {
        opening.date = Some(date);
        at = end;
    }
    if let Some((found, end)) = words.eat(at, "with|of").and_then(|next| priority::phrase(words, next)) {
        opening.priority = opening.priority.or(Some(found));
        at = end;
    }
    let links = [
        "called|named|titled|labelled|labeled|saying|reading|about|for|as|like|to|of",
        "that says|reads|is?",
        "which says|reads|is?",
        "with the? title|name",
        "that|where|in which i|we need|have|should|must|want to?",
        "to remind me|us to|about|of|that",
        "reminding me|us to|about|of|that",
        "in order to",
        "for me to",
        "as follows",
        "and call|name it",
        "for the? following",
    ];
    at = marks(words, at);
    if let Some(end) = words.eat_any(at, &links) {
        // "Add a task for" is not all there is to it.
        if end < words.len() {
            at = end;
        }
    }
    opening.end = marks(words, at);
    opening
}

/// A date between the opening and the item: "remind me tomorrow at 5 to …".
fn date_before(words: Words<'_>, i: usize, context: &Context) -> Option<(Phrase, usize)> {
    let at = words.eat_any(i, &["for|on|at|by|due|before|around due?|on|by|at?"]).unwrap_or(i);
    let phrase = dates::phrase(words, at, context).filter(|phrase| !phrase.past)?;
    let end = phrase.end;
    let sure = at > i || phrase.certainty >= dates::Certainty::Edge;
    let goes_on = matches!(words.text(end), "to" | ":" | "that" | "about" | "of" | "called" | "named" | "titled" | "for" | "," | "-");
    (sure && goes_on && end + 1 < words.len()).then_some((phrase, end))
}

/// "remind me to …", "remember …", "don't forget to …", "make sure I …".
fn reminded(words: Words<'_>, context: &Context) -> Option<Opening> {
    let me = words.eat_any(0, &["remind|notify|alert|ping|nudge me|us", "give me a? reminder|nudge|shout", "send me a reminder"]);
    if let Some(me) = me {
        // "Remind me what is left" asks.
        if matches!(words.text(me), "what" | "which" | "how" | "who" | "where" | "why" | "whether" | "") {
            return None;
        }
        if matches!(words.text(me), "every" | "each" | "daily" | "weekly" | "monthly" | "everyday") {
            let to = (me + 1..me + 10).find(|&i| matches!(words.text(i), "to" | "about"))?;
            return Some(Opening { again: Some((me, to)), ..Opening::at(to + 1) });
        }
        let (date, at) = date_before(words, me, context).map_or((None, me), |(date, end)| (Some(date), end));
        let at = marks(words, at);
        let end = words.eat_any(at, &["to|about|of|that|for", "that i|we need|have|must|should to?", "i|we need|have to", "about the? fact? that"]);
        let end = end.unwrap_or(at);
        return Some(Opening { date, ..Opening::at(marks(words, end)) });
    }
    let end = words.eat_any(0, &[
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
        "i must|should not forget to|about?",
        "i can not forget to|about?",
        "tell me to",
        "jot|write|note this|it|that down :|-|,?",
        "i need|want|would like to be reminded to|about|of",
        "i need|want|would like a? reminder|reminding to|about|for",
        "note|memo|reminder|message|notes to my? self|myself :|-|,|to?",
        "reminder to|for|about|that|:|-",
        "set an? alarm|alert for|to",
        "make|take|leave|add|keep a? mental? note to|that|of|about|:|- self|myself? :|-|,|to?",
    ])?;
    let quoted = words.quoted(end).is_some();
    // "Remember?" asks, and "remember when …" tells.
    let told = words.text(0) == "remember" && matches!(words.text(end), "" | "?" | "when" | "how" | "what" | "where" | "why");
    (!told || quoted).then(|| Opening::at(marks(words, end)))
}

/// "todo: …", "task - …".
fn labelled(words: Words<'_>, context: &Context) -> Option<Opening> {
    // "urgent: call the bank"
    if let Some((end, level)) = priority::at_start(words).filter(|(end, _)| words.to(*end).has(&[":"])) {
        let write = crate::clauses::is_clear_write(words.from(end), context);
        return (!write).then(|| Opening { priority: Some(level), ..Opening::at(end) });
    }
    let end = words.eat_any(0, &[
        "todo|to-do|todos|to-dos",
        "new? task|tasks|todo|to-do|todos|reminder|reminders|memo|note|errand|chore|chores|action :|-",
        "to do|dos :|-",
        "things to do :|-",
        "my? todo|to-do|task|shopping|grocery? list :|-",
        "my todo|to-do|todos|to-dos|reminder|task|tasks :|-",
        "new|next|errands :",
        "make|create|start me? a|my? new? todo|to-do|task|shopping|grocery? list :|of|with",
        "another|also one? to|called|named|for|:",
    ])
    .or_else(|| words.eat(0, "groceries|shopping :").filter(|_| words.has(&[",", "and", "\n"])))
    .or_else(|| announced(words))
    .or_else(|| (words.text(0) == "task" && lexicon::is_action(words.text(1))).then_some(1))?;
    let bare = end == 1 && words.text(0) != "task";
    if bare && matches!(words.text(1), "" | "?" | "list" | "lists" | "item" | "items" | "for" | "this" | "today" | "tomorrow") {
        return None;
    }
    let several = words.to(end).has(&["todos", "to-dos", "tasks", "things", "list", "dos", "chores", "reminders", "groceries", "shopping", "errands"]);
    Some(linked(words, Opening { several, ..Opening::at(end) }, context))
}

/// "I have three things to do: …".
fn announced(words: Words<'_>) -> Option<usize> {
    let have = words.eat_any(0, &["i|we have got?", "here are|is"])?;
    let count = lexicon::number(words.text(have)).map(|_| have + 1).or_else(|| words.eat(have, "some|a|my|the few?"))?;
    words.eat(count, "more? new? things|tasks|todos|items|reminders|chores|errands to? do? today|tomorrow? :|-")
}

/// "I need to …", "must …", "I'm supposed to …".
fn obliged(words: Words<'_>) -> Option<usize> {
    const ADVERBS: &str = "really|still|also|just|definitely|probably|urgently|absolutely|seriously|finally|actually";
    let subject = words.eat(0, "i|we").unwrap_or(0);
    let at = words.eat(subject, ADVERBS).unwrap_or(subject);
    let end = words.eat_any(at, &[
        "need|have|want|ought|got|intend|plan|needed|wanted to",
        "will|would|might|may need|have to",
        "have got to",
        "must",
        "had better",
        "better",
        "should",
        "would like|love to",
        "am|are supposed|meant|going|planning|due|required to",
        "need|have to to",
    ])?;
    // "Have to" and "should" without a subject begin questions and much else.
    if subject == 0 && matches!(words.text(at), "would" | "will" | "might" | "may" | "am" | "are" | "had" | "better" | "should" | "intend" | "wanted" | "needed") {
        return None;
    }
    let end = words.eat(end, ADVERBS).unwrap_or(end);
    let end = words
        .eat_any(end, &["not forget to|about?", "remember to?", "make sure that? i|we|to", "be sure to", "need|have to", "get around to", "try to", "try and", "go ahead and"])
        .unwrap_or(end);
    let first = words.text(end);
    // Wishes about the conversation, second thoughts and the past are no tasks.
    let odd = matches!(
        first,
        "" | "know" | "admit" | "say" | "be" | "have" | "not" | "no" | "never" | "you" | "it" | "that" | "?" | "like" | "been"
            | "a" | "an" | "the" | "i" | "confess" | "stop" | "quit"
    );
    let fine = matches!((first, words.text(end + 1)), ("be", "at" | "in" | "on" | "home" | "there" | "ready" | "early"))
        || (first == "have" && is_meal_or_talk(words, end + 1))
        || (matches!(first, "stop" | "quit") && words.text(end + 1).ends_with("ing"))
        || (first == "stop" && matches!(words.text(end + 1), "by" | "at"));
    (!odd || fine).then_some(end)
}

fn is_meal_or_talk(words: Words<'_>, i: usize) -> bool {
    (i..i + 4).any(|i| lexicon::is_event(words.text(i)) || matches!(words.text(i), "talk" | "chat" | "look" | "conversation"))
}

/// "put milk on my list", "get milk onto the list".
fn put_on_list(words: Words<'_>) -> Option<Opening> {
    let end = words.eat_any(0, &["put|stick|throw|get|place|pop|stuff|write|toss|have|chuck|slap|drop|keep", "i want|need"])?;
    let rest = words.from(end);
    let trimmed = title::polite_end(rest);
    // "Put task 2 back on my list" takes it back.
    if rest.has(&["back"]) {
        return None;
    }
    let is_list = |words: Words<'_>| title::list_phrase(words).is_some_and(|at| at > 0 && words.from(at).text(0) != "as");
    if list_start(words, end).is_some() {
        return list_start(words, end).map(Opening::at);
    }
    // A date may follow the list: "put milk on my list for tomorrow".
    let until_list = (1..rest.len()).rev().take(16).find(|&to| is_list(rest.to(to)));
    (is_list(trimmed) || until_list.is_some()).then(|| Opening::at(end))
}

/// "I have a dentist appointment on Friday at 3".
fn appointment(words: Words<'_>, context: &Context) -> Option<Opening> {
    let end = words.eat_any(0, &["i|we have got? a|an|my|our", "i|we got a|an|my", "there is a|an|my", "i|we have got? another"])?;
    let rest = words.from(end);
    let (start, date) = title::date_at_end(rest.trim_end(), None, context)?;
    let event = (0..start.min(8)).any(|i| lexicon::is_event(rest.text(i)));
    (event && !date.past && !rest.has(&["?"])).then(|| Opening::at(end))
}
