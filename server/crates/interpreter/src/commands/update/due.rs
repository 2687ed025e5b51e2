//! "Move … to Friday", "postpone … by two days", "remove the due date from …".

use super::{of_target, updated};
use crate::{
    Changes, Context, DueChange, Intent, Shift, Target,
    phrase::date::{self, Certainty, Phrase, amount},
    reference,
    text::lexicon::is_action,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

/// "remove the due date from …".
pub(super) fn cleared(words: Words<'_>, context: &Context) -> Option<Intent> {
    let clear = || Changes { due: DueChange::Clear, ..Changes::default() };
    if let Some(end) = words.eat(0, pattern!("unschedule|undate")) {
        return updated(words.from(end), clear(), context);
    }
    let verb = words.eat(0, pattern!("remove|delete|clear|drop|unset|cancel|erase|take|strip|lose"))?;
    if let Some(end) = words.eat(verb, pattern!("the|its|any|that|all? due? date|dates|deadline|deadlines|time|due")) {
        let rest = words.from(end);
        // "Cancel the date with Anna" is another kind of date.
        let certain = words.slice(verb..end).has(&["due", "deadline", "deadlines"]);
        if rest.is_empty() && certain {
            return this_one(clear(), context);
        }
        let from = rest.eat(0, pattern!("from|of|on|for|off|in"))?;
        return updated(rest.from(from), clear(), context);
    }
    let rest = words.from(verb);
    let at = rest.ends_any(patterns!["due date|dates", "deadline"]).filter(|&at| at > 0)?;
    let target = reference::possessive(rest.to(at), context)?;
    Some(Intent::Update { target, changes: clear() })
}

/// The task that was spoken of last.
fn this_one(changes: Changes, context: &Context) -> Option<Intent> {
    let target = match context.dialogue.last_tasks.as_slice() {
        [] => Target::Missing,
        [one] => Target::Numbers(vec![*one]),
        several => Target::OneOf(several.to_vec()),
    };
    Some(Intent::Update { target, changes })
}

/// A new due date.
pub(super) fn due(words: Words<'_>, context: &Context) -> Option<Intent> {
    field(words, context)
        .or_else(|| shifted(words, context))
        .or_else(|| moved(words, context))
        .or_else(|| stated(words, context))
}

/// The change to a date that is all of the words.
pub(super) fn only(words: Words<'_>, context: &Context) -> Option<Changes> {
    let (start, phrase) = date_at_end(words, context)?;
    (start == 0).then(|| changes(&phrase, context)).flatten()
}

fn changes(phrase: &Phrase, context: &Context) -> Option<Changes> {
    let due = match phrase.time_only() {
        Some(time) => DueChange::Time(time),
        None => DueChange::Set(phrase.when(context)?),
    };
    Some(Changes { due, ..Changes::default() })
}

/// "set the due date of … to Sunday", "change task 2's deadline to Friday", "add a due date of Friday to task 2".
fn field(words: Words<'_>, context: &Context) -> Option<Intent> {
    let verb = words.eat(0, pattern!("set|change|update|move|push|extend|make|edit|put|add|give|adjust|modify|reschedule|postpone|delay|assign|shift"))?;
    if let Some(end) = words.eat(verb, pattern!("the|a|an|its|new? new? due? date|deadline|due|day|time")) {
        let named = words.slice(verb..end).has(&["due", "deadline"]) || words.text(verb) != "time";
        let rest = words.from(end);
        if !named || rest.is_empty() {
            return None;
        }
        return field_value(rest, context);
    }
    let rest = words.from(verb);
    // "give task 2 a deadline of Friday", "set task 2 due date to tomorrow"
    let (value, target) = value_at_end(rest, context)?;
    let target = target.ends(pattern!("to|as|of|is|:|=|for|by")).map_or(target, |at| target.to(at));
    let target =
        target.ends(pattern!("a|an|the|with? new? due? date|deadline|due")).filter(|&at| at > 0).map(|at| {
            let possible = target.to(at);
            possible.ends(pattern!("a|an|the|with")).filter(|&at| at > 0).map_or(possible, |at| possible.to(at))
        })?;
    match reference::possessive(target, context) {
        Some(target) => Some(Intent::Update { target, changes: value }),
        None => updated(target, value, context),
    }
}

/// What follows "the due date".
fn field_value(rest: Words<'_>, context: &Context) -> Option<Intent> {
    // "of call mom to Sunday"
    if rest.eat(0, pattern!("of|for|on|to")).is_some()
        && let Some((value, target)) = value_at_end(rest, context)
    {
        let target = target.ends(pattern!("to|as|is|:|=|until|till")).map_or(target, |at| target.to(at));
        if !of_target(target).is_empty() && target.len() > 1 {
            return updated(target, value, context);
        }
    }
    // "to Friday for task 2", "of Friday to task 2", "to Friday"
    let start = rest.eat(0, pattern!("to|of|as|on|for|until|till|:|=")).unwrap_or(0);
    let (value, end) = match rest.eat(start, pattern!("none|nothing|never")) {
        Some(end) => (Changes { due: DueChange::Clear, ..Changes::default() }, end),
        None => {
            let phrase = date::phrase(rest, start, context)?;
            (changes(&phrase, context)?, phrase.end)
        }
    };
    if end == rest.len() {
        return this_one(value, context);
    }
    let target = rest.eat(end, pattern!("for|of|to|on"))?;
    updated(rest.from(target), value, context)
}

/// The date that the words end with, or "none", and the words before it.
fn value_at_end<'a>(words: Words<'a>, context: &Context) -> Option<(Changes, Words<'a>)> {
    if let Some(at) = words.ends_any(patterns!["to|as none|nothing|never", "to no due? date|deadline"]) {
        return Some((Changes { due: DueChange::Clear, ..Changes::default() }, words.to(at)));
    }
    let (start, phrase) = date_at_end(words, context)?;
    Some((changes(&phrase, context)?, words.to(start)))
}

/// The date that the words end with. After "to" it may be short ("to 5"), and what it replaces may stand before.
fn date_at_end(words: Words<'_>, context: &Context) -> Option<(usize, Phrase)> {
    let first = words.len().saturating_sub(16);
    let ends_there = |start: usize, at: usize| {
        let phrase = date::phrase(words, at, context)?;
        let certain = at > start || phrase.certainty > Certainty::Marked;
        (phrase.end == words.len() && certain && !phrase.past).then_some((start, phrase))
    };
    let after_to = (first..words.len()).find_map(|i| {
        let at = words.eat(i, pattern!("to|until|till|til be? due? on|by|at|before?"))?;
        let found = ends_there(i, at)?;
        // "From 3 to 5 pm" is one range.
        (i < 2 || words.text(i - 2) != "from" || found.1.days.is_some()).then_some(found)
    });
    after_to.or_else(|| {
        (first..words.len()).find_map(|i| {
            let at =
                words.eat_any(i, patterns!["due? for|by|on|at|before|as|in|due? on|by|at|for?", "due"]).unwrap_or(i);
            ends_there(i, at).or_else(|| ends_there(i, i))
        })
    })
}

/// "postpone … by two days", "push … back a week", "bring … forward an hour".
fn shifted(words: Words<'_>, context: &Context) -> Option<Intent> {
    let verb = words.eat_any(
        0,
        patterns![
            "postpone|delay|defer|push|snooze|move|bump|extend|shift|bring|pull|reschedule|put|hold",
            "push|put|move|bring|pull|hold back|off|out|forward|up|in",
        ],
    )?;
    let rest = words.from(verb).trim();
    let first = rest.len().saturating_sub(10);
    let (start, shift, is_said_earlier) = (first..rest.len())
        .find_map(|i| shift_at(rest, i, is_pull(words)).map(|(shift, earlier)| (i, shift, earlier)))?;
    // "Move the laundry in 45 minutes" is something to do then.
    if words.text(0) == "move" && rest.text(start) == "in" && reference::explicit(rest.to(start), context).is_none() {
        return None;
    }
    // "At 15h30" is a time.
    if start > 0 && rest.text(start - 1) == "at" {
        return None;
    }
    let shift = if is_said_earlier || is_earlier(words, verb, rest.from(start)) {
        Shift { months: -shift.months, days: -shift.days, minutes: -shift.minutes }
    } else {
        shift
    };
    let target = rest.to(start);
    let field = target.eat(0, pattern!("the|its? due? date|deadline of|for|on")).filter(|&end| end < target.len());
    let target = target.from(field.unwrap_or(0));
    let end = target.ends_any(patterns!["back|forward|out|off|up|ahead"]).filter(|&at| at > 0);
    let target = target.to(end.unwrap_or(target.len()));
    let needs_direction = verb == 1 && matches!(words.text(0), "put" | "hold");
    if target.is_empty() || needs_direction && !words.has(&["off", "back"]) {
        return None;
    }
    updated(target, Changes { due: DueChange::Shift(shift), ..Changes::default() }, context)
}

/// The amount that is all of the words from `i` on, and whether what follows it says that it is earlier.
fn shift_at(words: Words<'_>, i: usize, is_pull: bool) -> Option<(Shift, bool)> {
    let at = words.eat(i, pattern!("back|forward|out|off|up|ahead|in? by|for?")).unwrap_or(i);
    let (found, end) = amount(words, at)?;
    let end = words.eat(end, pattern!("more")).unwrap_or(end);
    let direction = words.eat(end, pattern!("later|earlier|sooner|back|forward|ahead|out"));
    if direction.unwrap_or(end) != words.len() {
        return None;
    }
    let is_forward = direction.is_some() && words.last() == "forward";
    Some((found.shift(), matches!(words.last(), "earlier" | "sooner") || is_pull && is_forward))
}

/// Whether the verb moves a date to an earlier one: "bring … forward", "move … up".
fn is_earlier(words: Words<'_>, verb: usize, amount: Words<'_>) -> bool {
    let verb_phrase = words.to(verb).raw().to_ascii_lowercase();
    let is_up = verb_phrase.contains(" up");
    let is_forward = verb_phrase.contains("forward") || verb_phrase.contains(" in") || is_up;
    is_pull(words) && (is_forward || amount.has(&["forward", "up", "in"]))
        || words.text(0) == "move" && (is_up || amount.text(0) == "up")
}

fn is_pull(words: Words<'_>) -> bool {
    matches!(words.text(0), "bring" | "pull")
}

/// Verbs that always move a date.
const POSTPONE: &Patterns =
    patterns!["postpone|reschedule|delay|defer|snooze", "push|put back|off|out", "hold off on?"];

/// Verbs that may change something else as well.
const MOVE: &Patterns = patterns![
    "move|push|shift|bump|bring|pull|put|change|set|make|update|edit|adjust|schedule",
    "move|bring|pull forward|up|back|out",
];

/// "move … to tomorrow", "postpone … until Friday", "set … for Monday", "make it due at 5".
fn moved(words: Words<'_>, context: &Context) -> Option<Intent> {
    let postponed = words.eat_any(0, POSTPONE);
    let verb = postponed.or_else(|| words.eat_any(0, MOVE))?;
    let rest = words.from(verb).trim();
    let (start, phrase) = date_at_end(rest, context)?;
    let target = rest.to(start);
    let target =
        target.ends(pattern!("back|forward|off|out|up|over")).filter(|&at| at > 0).map_or(target, |at| target.to(at));
    let target = without_old_date(target, context);
    // Something indefinite is not on the list yet: "set a reminder for tomorrow".
    if target.is_empty() || matches!(target.text(0), "a" | "an" | "up") || matches!(words.text(0), "schedule") {
        return None;
    }
    if postponed.is_none() && !moves_due_date(words.text(0), target, rest.from(start), &phrase, context) {
        return None;
    }
    updated(target, changes(&phrase, context)?, context)
}

/// Whether the verb with this target and date, preposition included, changes a due date and nothing else.
fn moves_due_date(verb: &str, target: Words<'_>, date: Words<'_>, phrase: &Phrase, context: &Context) -> bool {
    let preposition = date.text(0);
    let explicit = reference::explicit(of_target(target), context).is_some();
    let due = date.has(&["due"]) || target.has(&["task", "todo", "one", "item", "reminder"]);
    match verb {
        "change" | "update" | "edit" | "adjust" => {
            matches!(preposition, "to" | "due" | "until")
                && (phrase.certainty > Certainty::Marked || due || phrase.days.is_some())
        }
        // "Set the alarm for 6" is no task's date.
        "set" => {
            let is_time = preposition == "to" && phrase.certainty > Certainty::Marked;
            explicit || due || is_time || (phrase.days.is_some() && matches!(preposition, "to" | "for" | "until"))
        }
        "put" if phrase.days.is_some() && matches!(preposition, "to" | "until") => true,
        "make" | "put" => explicit || due,
        // "Move task 2 to 3" may mean a place in the list.
        _ => {
            (matches!(preposition, "to" | "until" | "till" | "til" | "for" | "due") || explicit && preposition != "by")
                && !(explicit && phrase.certainty == Certainty::Marked && phrase.days.is_none())
        }
    }
}

/// "the call from Monday" before "to Tuesday".
fn without_old_date<'a>(target: Words<'a>, context: &Context) -> Words<'a> {
    let first = target.len().saturating_sub(8).max(1);
    (first..target.len())
        .find(|&i| {
            target
                .eat(i, pattern!("from"))
                .is_some_and(|at| date::phrase(target, at, context).is_some_and(|old| old.end == target.len()))
        })
        .map_or(target, |at| target.to(at))
}

/// "Pay rent is due on Friday". A thing that is due is rather a new task: "the rent is due on Friday".
pub(super) fn stated_of_errand(words: Words<'_>, context: &Context) -> Option<Intent> {
    let (start, phrase) = date_at_end(words, context)?;
    let subject = words.to(words.to(start).ends(pattern!("is|are now|actually? due?"))?);
    if !is_action(words.text(0)) || subject.len() < 2 || !words.has(&["due"]) {
        return None;
    }
    updated(subject, changes(&phrase, context)?, context)
}

/// "task 2 is due Friday", "it should be done by Friday".
fn stated(words: Words<'_>, context: &Context) -> Option<Intent> {
    let (start, phrase) = date_at_end(words, context)?;
    let stated = words.to(start);
    if words.text(start) == "due"
        && let Some(target @ Target::Numbers(_)) = reference::explicit(stated, context)
    {
        return Some(Intent::Update { target, changes: changes(&phrase, context)? });
    }
    if let Some(of) = stated.eat(0, pattern!("the? due? date|deadline of|for|on")) {
        let target = stated.slice(of..stated.ends(pattern!("is|should be?"))?);
        reference::explicit(target, context)?;
        return updated(target, changes(&phrase, context)?, context);
    }
    let at = stated.ends_any(patterns![
        "is|are|should|must|needs|has be|to? be? now|actually? due|done|finished|completed?",
        "is|are now|actually? due?",
    ])?;
    let due = words.from(at).has(&["due", "by"]);
    let subject = words.to(at);
    let target = reference::explicit(subject, context).filter(|_| due && !subject.is_empty())?;
    Some(Intent::Update { target, changes: changes(&phrase, context)? })
}
