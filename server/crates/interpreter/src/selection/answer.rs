//! "Yes", "no" and choices in the words of a message, while a question is open or none is.

use crate::{
    Context, Dialogue, Intent, Position,
    commands::small_talk,
    phrase::number::number,
    phrase::politeness,
    reference,
    text::lexicon::{self, Class, word_class},
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

/// Words that say yes by themselves.
static YES: Class = word_class!("selection/yes");
/// Phrases that say yes.
const YES_PHRASES: &Patterns = patterns![
    "do it|that|so|this",
    "go ahead|for",
    "go for it",
    "of course",
    "please do|proceed|confirm|continue",
    "sounds good|great|fine",
    "that is right|correct|fine|ok|okay",
    "i am sure|certain|positive",
    "i do",
    "yes i do|am",
    "i confirm",
];
/// What may follow a "yes" without adding a condition.
static YES_TAIL: Class = word_class!("selection/yes_tail");
/// Words that say no by themselves.
static NO: Class = word_class!("selection/no");
/// Phrases that say no.
const NO_PHRASES: &Patterns = patterns![
    "no thanks|thank you?",
    "no way",
    "do not",
    "never mind",
    "forget it|that|about it?",
    "keep them|it|all|everything",
    "leave it|them",
    "not now|yet|really|sure",
    "hold on",
    "none of them|those|these",
    "on second thought",
    "changed my mind",
    "i changed my mind",
    "i would rather not",
];

/// What the whole message answers, if it answers.
pub(crate) fn answer(words: Words<'_>, context: &Context) -> Option<Vec<Intent>> {
    let dialogue = &context.dialogue;
    let waiting = dialogue.options > 0 || dialogue.confirming || dialogue.offering;
    let trimmed = words.trim();
    if politeness::says_nothing(words) {
        return by_emoji(words.source(), waiting).map(|intent| vec![intent]);
    }
    if waiting {
        if (dialogue.options > 0 || dialogue.confirming)
            && let Some(chosen) = chosen(trimmed, dialogue)
        {
            return Some(vec![Intent::Choose(chosen)]);
        }
        if trimmed.is_any(patterns!["cancel it|that|this?", "do not do it|that|this?", "neither|none of them|those?"]) {
            return Some(vec![Intent::Decline]);
        }
    }
    if let Some(end) = led_by(trimmed, NO_PHRASES, &NO) {
        if is_plain_no(trimmed, end) {
            return Some(vec![Intent::Decline]);
        }
        if dialogue.confirming && trimmed.is_mark(end) && !is_command_of_no(trimmed, end) {
            return None;
        }
    }
    if dialogue.offering && trimmed.is_any(TAKING) {
        return Some(vec![Intent::Confirm]);
    }
    if waiting && let Some(end) = led_by(trimmed, YES_PHRASES, &YES) {
        // "Yes?" asks.
        let asked = words.last() == "?";
        let intent = if asked { Intent::Unknown } else { Intent::Confirm };
        return is_unconditional(trimmed.from(end)).then(|| vec![intent]);
    }
    if trimmed.is_any(patterns!["ok|okay|k|kk|alright"]) {
        return Some(vec![Intent::Confirm]);
    }
    small_talk::small_talk(trimmed).map(|intent| vec![intent])
}

/// Words that take an offer.
const TAKING: &Patterns = patterns![
    "yes|yeah|yep|sure|ok|okay|please? ,? please? add|save|create|keep|put it|that|this|them|one|all? please|anyway|on|to|too|then? my|the? list? please|thanks?",
    "yes|yeah|yep|sure|ok|okay|please? ,? make|add it|that|this a task please?",
    "yes|yeah ,? i do|would|want to?",
    "i want|would like to add? it|that",
];

/// Where a phrase or a word of the class ends that begins the words.
fn led_by(words: Words<'_>, phrases: &Patterns, class: &Class) -> Option<usize> {
    words.eat_any(0, phrases).or_else(|| class.contains(words.text(0)).then_some(1))
}

/// Whether nothing follows the "no" that ends here but more of it.
fn is_plain_no(words: Words<'_>, end: usize) -> bool {
    let rest = words.from(end).trim_start();
    rest.is_empty()
        || rest.is_any(patterns![
            "please|thanks",
            "thank you",
            "do not",
            "do not do it|that?",
            "never mind",
            "no",
            "wait|hold on?",
            "cancel|stop it|that?",
            "leave it|them",
            "keep it|them",
        ])
}

/// "Don't delete it" and "cancel the order" begin like a no.
fn is_command_of_no(words: Words<'_>, end: usize) -> bool {
    !words.from(end).trim_start().is_empty()
        && words.eat_any(0, patterns!["do not", "cancel|stop|keep|leave|none"]).is_some()
}

/// Whether what follows a "yes" adds no condition.
fn is_unconditional(rest: Words<'_>) -> bool {
    let is_empty = |i: usize| rest.is_mark(i) && rest.text(i) != "?";
    (0..rest.len()).all(|i| is_empty(i) || YES_TAIL.contains(rest.text(i)))
}

/// What a message of emoji answers.
fn by_emoji(source: &str, waiting: bool) -> Option<Intent> {
    if source.contains('👎') {
        return Some(Intent::Decline);
    }
    if source.contains(['👍', '✅', '✔', '👌']) {
        return Some(if waiting { Intent::Confirm } else { Intent::Thanks });
    }
    if source.contains('👋') {
        return Some(Intent::Greet);
    }
    (source.contains('?') && source.trim().chars().all(|c| c == '?')).then_some(Intent::Help)
}

/// Words that lead to what is chosen.
const CHOOSING: &Patterns = patterns![
    "only|just",
    "i mean|meant|choose|pick|want|select|said",
    "let us? go with|for",
    "go with|for",
    "yes ,? only|just",
    "yes|ok ,?",
    "make it|that",
    "it is",
];

/// The positions that the words choose among the open options.
fn chosen(words: Words<'_>, dialogue: &Dialogue) -> Option<Vec<usize>> {
    let words = politeness::closed(words);
    let words = words.from(words.eat_any(0, CHOOSING).unwrap_or(0)).trim();
    let words = words.ends(pattern!("only|alone")).filter(|&at| at > 0).map_or(words, |at| words.to(at));
    match dialogue.options {
        // Of frozen items only places are clear: a number may be a task's own.
        0 => placed(words, None),
        count => chosen_option(words, count),
    }
}

/// The options that the words choose, by number or place.
fn chosen_option(words: Words<'_>, count: usize) -> Option<Vec<usize>> {
    if words.is_any(patterns!["all of? them|those|these?", "every one", "everything"])
        || (count == 2 && words.is_any(patterns!["both of? them|those?"]))
    {
        return Some((1..=count).collect());
    }
    let plain = words.eat(0, pattern!("the? option|number|choice|no|nr")).map_or(words, |end| words.from(end));
    // "Task 2" names a task, not a choice.
    let names_task = |text: &str| text.starts_with('#') || lexicon::is_task_noun(text);
    let numbers =
        if plain.tokens().iter().any(|token| names_task(&token.text)) { None } else { reference::numbers(plain) };
    let spelt = || number(plain.text(0)).filter(|_| plain.len() == 1).map(|number| vec![number]);
    let options: Vec<usize> = match numbers.or_else(spelt) {
        Some(numbers) => numbers.into_iter().filter_map(|number| usize::try_from(number).ok()).collect(),
        None => placed(words, Some(count))?,
    };
    (!options.is_empty() && options.iter().all(|option| (1..=count).contains(option))).then_some(options)
}

/// The places that ordinals name; those from the end need the count.
fn placed(words: Words<'_>, count: Option<usize>) -> Option<Vec<usize>> {
    reference::positions(words)?
        .into_iter()
        .map(|position| match position {
            Position::FromStart(n) => Some(n),
            Position::FromEnd(n) => (count? + 1).checked_sub(n).filter(|n| *n > 0),
        })
        .collect()
}
