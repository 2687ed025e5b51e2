//! "Mark … as done", "done with …", "I've paid the rent", and their opposite.

use crate::commands::reopen::reopen;
use crate::{
    Context, Intent, Target,
    phrase::question::is_asked_about,
    reference,
    text::lexicon::{Class, is_action, is_hedge, is_task_noun, is_task_plural, word_class},
    text::pattern::{Pattern, Patterns, pattern, patterns},
    text::span::Words,
    text::stems::{is_past, may_be_past},
    text::token::{CHECK, Kind},
};

/// The most tokens that a command or report may have: a hundred numbers with what joins them.
const LONGEST: usize = 240;
/// The text of a pattern of words for "done".
const DONE: &str =
    "done|complete|completed|finished|finish|closed|resolved|accomplished|ticked|checked|achieved|handled|sorted|✓";
/// What may stand between "is" and "done".
const ADVERBS: &Pattern = pattern!("now|all|already|finally|officially|both|just|also|completely|totally|fully");

/// A command or report that something is done, or is not.
pub(crate) fn complete(words: Words<'_>, context: &Context) -> Option<Intent> {
    if words.len() > LONGEST {
        return None;
    }
    if let Some(intent) = mark(words, context) {
        return Some(intent);
    }
    if let Some(target) = checked_off(words) {
        return Some(Intent::Complete(reference::target(target, context)?));
    }
    if let Some(target) = commanded(words) {
        return Some(Intent::Complete(reference::target(target, context)?));
    }
    if OTHER_COMMANDS.contains(words.text(0)) {
        return None;
    }
    said_done(words, context).or_else(|| stated(words, context)).or_else(|| reported(words, context))
}

static OTHER_COMMANDS: Class = word_class!("other_commands");

/// "mark … as done", "set … to not done".
pub(crate) fn mark(words: Words<'_>, context: &Context) -> Option<Intent> {
    if words.len() > LONGEST {
        return None;
    }
    reopen(words, context)
        .or_else(|| marked(words).and_then(|target| Some(Intent::Complete(reference::target(target, context)?))))
        .or_else(|| marked_so(words, context))
}

/// "mark … as done", "set … to completed".
fn marked(words: Words<'_>) -> Option<Words<'_>> {
    if let Some(end) = words.eat_any(
        0,
        patterns![
            "mark|flag|check|tick|set as? done|complete|completed|finished|off|closed :|-?",
            "mark|set as|to done|complete|completed|finished|closed :|-?",
        ],
    ) {
        let rest = words.from(end);
        let rest = done_end(rest, patterns!["as|to"]).map_or(rest, |at| rest.to(at));
        if !rest.is_empty() {
            return Some(rest);
        }
    }
    let plain = words.eat(0, pattern!("mark|flag|count|consider|marking|mar"));
    let moved = words.eat(0, pattern!("set|put|move|change|turn|switch|update|get|make"));
    let rest = words.from(plain.or(moved)?);
    let rest = rest.eat(0, pattern!("the? status of")).map_or(rest, |end| rest.from(end));
    let at = done_end(
        rest,
        if plain.is_some() {
            patterns!["as|to|is", "as being|already|now", "down? as", "off"]
        } else {
            patterns!["as|to", "status to"]
        },
    )
    .or_else(|| plain.and_then(|_| done_end(rest, patterns![])))
    .or_else(|| plain.and_then(|_| rest.ends_any(patterns!["off", "off of? my|the list"])))?;
    Some(rest.to(at))
}

/// "mark the rent as paid": the verb of the title.
fn marked_so(words: Words<'_>, context: &Context) -> Option<Intent> {
    let verb = words.eat(0, pattern!("mark|flag|set"))?;
    let last = words.len().checked_sub(1).filter(|&last| is_past(words.text(last)))?;
    let at = words.to(last).ends(pattern!("as")).filter(|&at| at > verb)?;
    with_verb(words.slice(verb..at), words.text(last), context)
}

/// What is described, with the verb that says how it was done.
fn with_verb(subject: Words<'_>, verb: &str, context: &Context) -> Option<Intent> {
    match reference::target(subject, context)? {
        Target::Description(mut description) => {
            description.words = format!("{} {verb}", description.words);
            Some(Intent::Complete(Target::Description(description)))
        }
        _ => None,
    }
}

/// Where "as done" begins, if the words end with it.
fn done_end(words: Words<'_>, before: &Patterns) -> Option<usize> {
    let done = patterns!["all|completely done|complete|finished", "taken care of", DONE]
        .iter()
        .find_map(|pattern| words.ends(pattern).filter(|&at| at > 0 || !before.is_empty()))?;
    if before.is_empty() {
        return Some(done);
    }
    before.iter().find_map(|pattern| words.to(done).ends(pattern))
}

/// "check off …", "cross … off my list".
fn checked_off(words: Words<'_>) -> Option<Words<'_>> {
    if let Some(end) = words.eat_any(
        0,
        patterns![
            "check|tick|cross|strike|scratch|mark|knock|checking|ticking|crossing off|out",
            "check|tick|cross|strike|scratch off|out of|from my|the list :?",
        ],
    ) {
        let rest = words.from(end);
        return (!rest.is_empty())
            .then(|| reference::from_list(rest).filter(|&at| at > 0).map_or(rest, |at| rest.to(at)));
    }
    if let Some(end) = words.eat(0, pattern!("tick")).filter(|&end| end < words.len()) {
        let rest = words.from(end);
        return Some(reference::from_list(rest).filter(|&at| at > 0).map_or(rest, |at| rest.to(at)));
    }
    let end = words.eat(0, pattern!("check|cross|strike|scratch|knock|take"))?;
    if words.text(0) == "take" {
        return None;
    }
    let rest = words.from(end);
    let at = rest.ends_any(patterns!["off|out", "off|out of? my|the todo|to-do? list"]).filter(|&at| at > 0)?;
    Some(rest.to(at))
}

/// "complete …", "finish …".
fn commanded(words: Words<'_>) -> Option<Words<'_>> {
    let end = words.eat_any(
        0,
        patterns![
            "complete|finish|close|resolve|accomplish|completing|finishing|closing",
            "finish|wrap|close up|off|out"
        ],
    )?;
    let rest = words.from(end);
    // "Complete list" and "complete tasks" are asked for, not to be completed.
    let noun_only = (rest.len() == 1 && is_task_plural(rest.text(0))) || matches!(rest.text(0), "list" | "overview");
    // "Close the window" is no command to a list.
    let elsewhere = words.text(0) == "close"
        && reference::numbers(rest).is_none()
        && !rest.tokens().iter().any(|token| is_task_noun(&token.text));
    (!noun_only && !elsewhere).then_some(rest)
}

/// Words that report what follows as done.
const DONE_WITH: &Patterns = patterns![
    "done|finished|through with",
    "done|finished|completed|did|accomplished|handled|sorted|tackled :|-|,?",
    "took|taken care of",
    "dealt with",
    "sorted|wrapped|knocked|ticked|checked|crossed|finished out|up|off",
    "finished off|up with?",
    "resolved|closed",
    "✓",
    "( x|✓ )",
];

/// "done with 2", "finished buying milk", "buy milk done", "✅ 3".
fn said_done(words: Words<'_>, context: &Context) -> Option<Intent> {
    if words.is_any(patterns!["i|we am|are all done|finished", "all done|finished|complete"]) {
        return Some(Intent::Complete(Target::All));
    }
    let at = words.eat(0, pattern!("i|we am|are|have? already|now|just|all|finally|both?")).unwrap_or(0);
    let at =
        words.eat(at, pattern!("all|just|already|finally|now|have|got")).filter(|&end| end < words.len()).unwrap_or(at);
    match words.eat_any(at, DONE_WITH) {
        Some(end) => done_with(words, at, end, context),
        None => got_done(words, at, context),
    }
}

/// What is done: the words from `end` on, behind the report that begins `at`.
fn done_with(words: Words<'_>, at: usize, end: usize, context: &Context) -> Option<Intent> {
    let whole = words.from(end).trim();
    let is_set = matches!(reference::target(whole, context), Some(Target::Matching { .. }));
    let rest = if is_set { whole } else { without_when(whole) };
    if rest.is_empty() && words.len() > 1 && at > 0
        || rest.is_any(patterns!["for today|now|good", "for the day", "here"])
    {
        // "I'm done": with what?
        return Some(Intent::Complete(Target::Missing));
    }
    if rest.is_empty() {
        return words.is_any(patterns!["done|finished"]).then_some(Intent::Complete(Target::Missing));
    }
    let is_noun = |text: &str| is_task_plural(text) || matches!(text, "list" | "ones");
    let only_nouns = rest.tokens().iter().all(|token| is_noun(&token.text));
    let doubtful = rest.has(&["?"]) || hedged(rest);
    if only_nouns || doubtful || (words.text(at) == CHECK && rest.len() > 12) {
        return None;
    }
    Some(Intent::Complete(reference::target(rest, context)?))
}

/// "I got the report done"
fn got_done(words: Words<'_>, at: usize, context: &Context) -> Option<Intent> {
    if at == 0 && words.eat(0, pattern!("got|i")).is_none() {
        return None;
    }
    let got = words.eat(at, pattern!("got")).or_else(|| words.eat(0, pattern!("i? have? got")))?;
    let rest = words.from(got);
    let done = rest.ends(pattern!("done|finished|sorted")).filter(|&done| done > 0)?;
    let subject = rest.to(done);
    (!hedged(subject)).then(|| reference::target(subject, context).map(Intent::Complete)).flatten()
}

fn hedged(words: Words<'_>) -> bool {
    words.tokens().iter().any(|token| is_hedge(&token.text))
}

/// Words that report what precedes them as done.
const IS_DONE: &Patterns = patterns![
    "is|are|was|were|am now|all|already|finally|officially|both|just|also|completely|totally|fully? done|complete|completed|finished|closed|resolved|handled|sorted|✓|over",
    "has|have been|got|gotten now|all|already|finally? done|complete|completed|finished|closed|resolved|handled|sorted",
    "is|are|was|has been taken care of",
    "is|are|has|have all? been? taken care of",
    "got done|finished|completed",
];

static REQUEST_WORDS: Class = word_class!("request_words");

/// "the groceries are done", "task 2 is finished", "the rent has been paid", "2 done".
fn stated(words: Words<'_>, context: &Context) -> Option<Intent> {
    let words = without_when(words);
    if let Some(at) = words.ends_any(IS_DONE).filter(|&at| at > 0) {
        let subject = words.to(at).trim();
        if matches!(words.last(), "over") && subject.len() > 4 || hedged(subject) || is_asked_about(subject) {
            return None;
        }
        return Some(Intent::Complete(reference::target(subject, context)?));
    }
    passive(words, context).or_else(|| clipped(words, context)).or_else(|| noted_done(words, context))
}

/// "Task 2: done", "the rent done".
fn noted_done(words: Words<'_>, context: &Context) -> Option<Intent> {
    let at = words.ends_any(patterns!["done|finished|completed|complete|✓", "all done"]).filter(|&at| at > 0)?;
    let is_marked = matches!(words.text(at - 1), ":" | "-" | "," | "=" | "(");
    let subject = words.to(if is_marked { at - 1 } else { at }).trim();
    let subject = subject.ends(ADVERBS).filter(|&at| at > 0).map_or(subject, |at| subject.to(at));
    if subject.is_any(patterns!["all"]) {
        return Some(Intent::Complete(Target::All));
    }
    if subject.is_empty()
        || hedged(subject)
        || is_asked_about(subject)
        || subject.is_any(patterns!["well", "i", "we", "get", "job"])
    {
        return None;
    }
    // "Everything I have done" is a set, no report.
    let requests = subject.tokens().iter().any(|token| REQUEST_WORDS.contains(token.text.as_str()));
    if requests && reference::explicit(subject, context).is_none() {
        return None;
    }
    match reference::target(subject, context)? {
        // "All tasks done" and "tasks done" may ask for a list.
        Target::Missing | Target::Matching { .. } => None,
        Target::All if !subject.has(&["everything", "all"]) => None,
        target => Some(Intent::Complete(target)),
    }
}

/// "the rent is paid", "the milk has been bought": a report with the verb at the end.
fn passive(words: Words<'_>, context: &Context) -> Option<Intent> {
    let last = words.len().checked_sub(1)?;
    if !is_past(words.text(last)) {
        return None;
    }
    let at = words.to(last).ends_any(patterns![
        "is|are|was|were now|all|already|finally|just|both?",
        "has|have now|already|finally|just? been now|all|already|finally?",
        "got|gets",
        "is been",
    ])?;
    let subject = words.to(at).trim();
    // "I am lost", "it was found" and "you are paid" name nothing.
    let nobody = subject.is_empty()
        || is_asked_about(subject)
        || hedged(subject)
        || subject.has(&["what", "which", "who", "i", "me", "how", "whatever", "everything", "anything"])
        || subject.is_any(patterns!["we|you|he|she|they|it|that|this|there"]);
    if nobody {
        return None;
    }
    with_verb(subject, words.text(last), context)
}

static NOUNS_LIKE_VERBS: Class = word_class!("nouns_like_verbs");
static UNCLEAR_PASTS: Class = word_class!("unclear_pasts");
static NO_SUBJECTS: Class = word_class!("no_subjects");

/// "Rent paid", "bike repaired": strictly what a title says.
fn clipped(words: Words<'_>, context: &Context) -> Option<Intent> {
    let last = words.len().checked_sub(1).filter(|last| (1..=4).contains(last))?;
    let first = words.text(0);
    let noun_first = !is_action(first) || NOUNS_LIKE_VERBS.contains(first);
    let plain = words.tokens().iter().all(|token| token.kind == Kind::Word) && !hedged(words) && !is_past(first);
    let clear = is_past(words.text(last)) && !UNCLEAR_PASTS.contains(words.text(last));
    let nobody = NO_SUBJECTS.contains(first);
    if !(noun_first && plain && clear) || nobody || is_asked_about(words) {
        return None;
    }
    match reference::target(words, context)? {
        Target::Description(description) => Some(Intent::Complete(Target::Description(description))),
        _ => None,
    }
}

/// "I've paid the rent", "bought the milk".
fn reported(words: Words<'_>, context: &Context) -> Option<Intent> {
    let subject = words.eat(0, pattern!("i|we"));
    let at = subject.unwrap_or(0);
    let at = words.eat(at, pattern!("have|had just|already|finally|now|also|successfully|both?")).unwrap_or(at);
    let at = words.eat(at, pattern!("just|already|finally|now|also|successfully|actually|did")).unwrap_or(at);
    // "I managed to pay the rent"
    let managed =
        words.eat_any(at, patterns!["managed|remembered to", "was|were finally? able to", "got around to", "ended up"]);
    if let Some(end) = managed.filter(|_| subject.is_some()) {
        let rest = without_when(words.from(end));
        return match reference::target(rest, context)? {
            Target::Description(description) if rest.len() > 1 && !hedged(rest) => {
                Some(Intent::Complete(Target::Description(description)))
            }
            _ => None,
        };
    }
    let verb = words.text(at);
    let said = if at > 0 && subject.is_some() { may_be_past(verb) } else { is_past(verb) };
    let rest = without_when(words.from(at));
    // "We ran out of sugar" reports nothing that was to be done.
    let ran_out = rest.eat(0, pattern!("ran|run|running out|low|short|late of|on")).is_some();
    if !said || ran_out || rest.len() < 2 || hedged(rest) || rest.has(&["?", "you"]) {
        return None;
    }
    // "Bought it" names what was spoken of, if anything was.
    let object = rest.from(1);
    if object.is_any(patterns!["it|that|this|them|those|these all?", "everything|all"]) {
        return match reference::explicit(object, context)? {
            target @ Target::Numbers(_) => Some(Intent::Complete(target)),
            _ => None,
        };
    }
    // The verb belongs to what was done, so that "I moved the sofa" meets "Move the sofa".
    match reference::target(rest, context)? {
        Target::Description(description) => Some(Intent::Complete(Target::Description(description))),
        _ => None,
    }
}

/// Without the time at which something was done.
fn without_when(words: Words<'_>) -> Words<'_> {
    let mut words = words.trim();
    for _ in 0..3 {
        let end = words.ends_any(patterns![
            "today|yesterday|already|finally|now|earlier|btw|fyi|again|successfully|tonight|lately|recently",
            "this morning|afternoon|evening|week",
            "last night|week",
            "just|right now",
            "for today|now|good",
            "earlier today",
            "at last",
            "by the way",
            "a few|couple of? minutes|hours|days ago",
            "an hour ago",
            "a minute|while ago",
        ]);
        match end.filter(|&at| at > 0) {
            Some(at) => words = words.to(at).trim_end(),
            None => break,
        }
    }
    words
}
