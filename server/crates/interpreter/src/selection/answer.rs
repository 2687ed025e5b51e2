//! "Yes", "no" and choices in the words of a message, while a question is open or none is.

use crate::{
    Context, Dialogue, Intent, Position,
    commands::small_talk,
    phrase::politeness,
    reference,
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

const YES: &Patterns = patterns![
    "yes|y|yeah|yep|yup|ya|yea|yess|yas|sure|ok|okay|k|okey|confirm|confirmed|correct|affirmative|absolutely|definitely|proceed|fine|indeed|right|certainly",
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
    "continue",
    "alright",
];
/// What may follow a "yes" without adding a condition.
const YES_TAIL: [&str; 36] = [
    "please",
    "thanks",
    "thank",
    "you",
    "do",
    "it",
    "that",
    "go",
    "ahead",
    "delete",
    "remove",
    "complete",
    "finish",
    "them",
    "all",
    "everything",
    "of",
    "i",
    "am",
    "sure",
    "confirm",
    "the",
    "tasks",
    "task",
    "those",
    "these",
    "mark",
    "as",
    "done",
    "yes",
    "so",
    "my",
    "clear",
    "certain",
    "three",
    "two",
];
const NO: &Patterns = patterns![
    "no|n|nope|nah|cancel|stop|nevermind|abort|negative|wait|dont|noo|nooo|neither|none",
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
        return by_emoji(words.source(), waiting);
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
    if let Some(end) = trimmed.eat_any(0, NO) {
        let rest = trimmed.from(end).trim_start();
        let negated_command = trimmed.eat(0, pattern!("do not")).is_some() && !rest.is_empty();
        let bare_cancel = matches!(trimmed.text(0), "cancel" | "stop" | "keep" | "leave" | "none") && !rest.is_empty();
        if rest.is_empty()
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
        {
            return Some(vec![Intent::Decline]);
        }
        if !negated_command && !bare_cancel && trimmed.is_mark(end) && dialogue.confirming {
            return None;
        }
    }
    if waiting && let Some(end) = trimmed.eat_any(0, YES) {
        let rest = trimmed.from(end);
        let unconditional = rest
            .tokens()
            .iter()
            .enumerate()
            .all(|(i, token)| rest.is_mark(i) && token.text != "?" || YES_TAIL.contains(&token.text.as_str()));
        // "Yes?" asks.
        let asked = words.last() == "?";
        return unconditional.then(|| vec![if asked { Intent::Unknown } else { Intent::Confirm }]);
    }
    if trimmed.is_any(patterns!["ok|okay|k|kk|alright"]) {
        return Some(vec![Intent::Confirm]);
    }
    small_talk::small_talk(trimmed).map(|intent| vec![intent])
}

fn by_emoji(source: &str, waiting: bool) -> Option<Vec<Intent>> {
    if source.contains('👎') {
        return Some(vec![Intent::Decline]);
    }
    if source.contains(['👍', '✅', '✔', '👌']) {
        return Some(vec![if waiting { Intent::Confirm } else { Intent::Thanks }]);
    }
    if source.contains('👋') {
        return Some(vec![Intent::Greet]);
    }
    if source.contains('?') && source.trim().chars().all(|c| c == '?') {
        return Some(vec![Intent::Help]);
    }
    None
}

/// The positions that the words choose among what waits.
fn chosen(words: Words<'_>, dialogue: &Dialogue) -> Option<Vec<usize>> {
    let words = politeness::closed(words);
    let start = words
        .eat_any(
            0,
            patterns![
                "only|just",
                "i mean|meant|choose|pick|want|select|said",
                "let us? go with|for",
                "go with|for",
                "yes ,? only|just",
                "yes|ok ,?",
                "make it|that",
                "it is",
            ],
        )
        .unwrap_or(0);
    let words = words.from(start).trim();
    if dialogue.options > 0 {
        let count = dialogue.options;
        let inside = |list: &[usize]| list.iter().all(|n| (1..=count).contains(n)) && !list.is_empty();
        if words.is_any(patterns!["all of? them|those|these?", "every one", "everything"])
            || (count == 2 && words.is_any(patterns!["both of? them|those?"]))
        {
            return Some((1..=count).collect());
        }
        let plain = words.eat(0, pattern!("the? option|number|choice|no|nr")).map_or(words, |end| words.from(end));
        // "Task 2" names a task, not a choice.
        let named =
            plain.tokens().iter().any(|token| token.text.starts_with('#') || lexicon::is_task_noun(&token.text));
        let numbers = reference::numbers(plain)
            .filter(|_| !named)
            .or_else(|| lexicon::number(plain.text(0)).filter(|_| plain.len() == 1).map(|n| vec![n]));
        let list = match numbers {
            Some(numbers) => numbers.into_iter().filter_map(|n| usize::try_from(n).ok()).collect::<Vec<_>>(),
            None => placed(words, Some(count))?,
        };
        return inside(&list).then_some(list);
    }
    // Of frozen items only places are clear: a number may be a task's own.
    placed(words, None)
}

fn placed(words: Words<'_>, count: Option<usize>) -> Option<Vec<usize>> {
    reference::positions(words)?
        .into_iter()
        .map(|position| match position {
            Position::FromStart(n) => Some(n),
            Position::FromEnd(n) => (count? + 1).checked_sub(n).filter(|n| *n > 0),
        })
        .collect()
}
