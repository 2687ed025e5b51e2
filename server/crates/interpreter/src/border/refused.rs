//! Rules 9, 10, 11 and 13: what forbids, sets a condition, doubts, or speaks of tasks without being a command.

use crate::phrase::{date::weekday_name, number::ordinal};
use crate::text::{
    lexicon::{self, is_task_noun},
    pattern::{Patterns, pattern, patterns},
    span::Words,
};

/// Verbs that are always commands: what they name is on the list, or is not there.
pub(super) fn is_command_verb(words: Words<'_>) -> bool {
    words
        .eat_any(
            0,
            patterns![
                "complete|mark|tick|delete|remove|erase|undo|redo|reopen|restore|rename|postpone|snooze|reschedule|uncheck|untick|undelete|unmark|finish|cancel|close|drop|scrap|add|re-open|un-complete|uncomplete|del|rm|completed|finished|done",
                "check|cross|tick off",
                "get rid of",
                "finished|done with",
            ],
        )
        .is_some_and(|end| !(end == 1 && matches!(words.text(0), "done" | "finished" | "completed" | "drop") && words.len() > 1 && words.eat(0, pattern!("drop off|by|in|out")).is_some()))
}

/// Rule 12: whether the words would move a task, to a date that is none: "move the dentist to the 31st of February".
pub(super) fn moves_to_no_date(words: Words<'_>) -> bool {
    words.eat(0, pattern!("move|push|shift|bump|delay|bring|defer|change|set")).is_some()
        && (2..words.len()).any(|i| {
            let at = words.eat(i, pattern!("to|until|till|by|for the?")).unwrap_or(i);
            at > i
                && at > 2
                && (ordinal(words.text(at)).is_some()
                    || words.text(at).starts_with(|c: char| c.is_ascii_digit())
                        && words.text(at).contains(['.', '/', ':', '-']))
        })
}

/// Rule 13: whether a command over tasks is in the words.
pub(super) fn holds_command(words: Words<'_>) -> bool {
    let object = |i: usize| {
        let text = words.text(i);
        is_task_noun(text) && text != "things" || matches!(text, "everything" | "all" | "every")
    };
    (0..words.len()).any(|i| match words.text(i) {
        "delete" | "remove" | "erase" | "deleting" | "removing" | "complete" | "completing" | "deleted" | "wipe" => {
            (i + 1..i + 5).any(object) || (i + 1..i + 3).any(|at| is_number(words.text(at)))
        }
        "mark" => (i + 1..i + 3).any(object) || is_number(words.text(i + 1)) && words.has(&["done", "complete", "as"]),
        "clear" | "finish" | "cancel" | "move" | "reopen" | "restore" | "rename" | "postpone" | "undo" => {
            (i + 1..i + 5).any(|at| {
                is_task_noun(words.text(at))
                    && !matches!(words.text(at), "things" | "reminder" | "item" | "items" | "entry" | "note" | "notes")
            }) || words.text(i + 1) == "everything"
        }
        _ => false,
    })
}

fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches('#');
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Rule 13: a sentence that speaks of a task by its number.
pub(super) fn speaks_of_number(words: Words<'_>) -> bool {
    (0..words.len()).any(|i| {
        let named = matches!(words.text(i), "task" | "todo" | "to-do" | "tasks" | "todos");
        let end = words.eat(i + 1, pattern!("number|no|nr|#?")).unwrap_or(i + 1);
        if !(named && is_number(words.text(end))) {
            return false;
        }
        // "Task number 9 tomorrow" is a title, "task 9" is none.
        i > 0
            || end + 1 == words.trim_end().len()
            || matches!(
                words.text(end + 1),
                "is" | "are"
                    | "was"
                    | "must"
                    | "will"
                    | "should"
                    | "needs"
                    | "has"
                    | "can"
                    | "may"
                    | "might"
                    | "would"
                    | "could"
                    | "and"
                    | "or"
                    | "to"
                    | "looks"
                    | "seems"
                    | "isn't"
                    | "first"
                    | "again"
            )
    })
}

/// Rule 13: only a pronoun or an ordinal.
pub(super) fn only_points(words: Words<'_>) -> bool {
    words.trim().is_any(patterns![
        "it|that|this|them|these|those|one|both|all|everything|something|nothing|anything|he|she|they|there|same|neither",
        "the|that|this|my? first|second|third|fourth|fifth|last|next|top|bottom|other|others|same|latest|newest|rest one|ones|two|three|task|item?",
        "the|all|both of? them|those|these|it|two|three",
        "this|that|these|those one|ones|thing|task|item|stuff",
        "all of? it|them|those|these",
        "do? it|that|this again|now|please?",
        "the one|thing|task|item",
        "guess what|who|where",
        "change|set|move|edit|update the? due? date|title|priority|deadline|note|time|name",
        "you know what|who",
        "the? rest|remaining|remainder|others",
        "everything|anything|something|nothing|all else|other",
        "show|list|see|give me? more|less|others|again|another",
    ])
}

/// Rule 13: a new date for no task: "move to Friday". "Move to Berlin" is a title.
pub(super) fn moves_nothing(words: Words<'_>) -> bool {
    let is_day = |text: &str| {
        weekday_name(text).is_some() || matches!(text, "today" | "tomorrow" | "tonight" | "next" | "noon" | "monday")
    };
    words
        .eat(0, pattern!("move|push|shift|bump|delay|change|set|make to|until|it|for the?"))
        .is_some_and(|end| end > 1 && is_day(words.text(end)) && words.len() < 6)
}

/// Rule 13: a correction of what was said before, or a change of what it speaks of, that names no task of the list.
pub(super) fn corrects(words: Words<'_>) -> bool {
    let corrected = patterns![
        "no|oops|sorry|wait|whoops|actually|nope ,? i mean|meant",
        "i mean|meant",
        "not that|this|it|these|those one|ones?",
        "same for|with|to"
    ];
    let goes_on = pattern!("to|through|home|happen|work|up|out|look|back|rain");
    words.eat_any(0, corrected).is_some()
        || words
            .eat(0, pattern!("make|change|set|rename that|it|this"))
            .is_some_and(|end| end < words.len() && words.eat(end, goes_on).is_none())
}

/// Words that forbid or deny at the beginning.
const FORBIDDING: &Patterns = patterns![
    "do not|never",
    "never",
    "no need|reason to|for",
    "there is no need",
    "not",
    "let us not",
    "stop adding|deleting|completing|reminding|that|it",
    "you do not need|have to",
    "i|we do not want|need|have to|you|a|any|it|that|this",
    "i|we will|shall|would|can|could|should|must|may|might not",
    "i|we wont|cant|shant",
    "i|we am|are not",
    "i|we never",
    "can|could|will|would|should|must not",
    "nothing to",
    "i|we refuse|refused to",
];

/// Rule 9: whether the words forbid or deny.
pub(super) fn forbids(words: Words<'_>) -> bool {
    if words.eat_any(0, FORBIDDING).is_some() {
        return true;
    }
    (0..words.len().min(12)).any(|i| {
        words
            .eat_any(
                i,
                patterns![
                    "did|have|has|had|was|were not|never",
                    "have|has|had yet to",
                    "never did|got|made|had",
                    "not yet|done|finished|bought|paid"
                ],
            )
            .is_some_and(|_| i == 0 || !lexicon::is_action(words.text(0)))
    })
}

/// Rule 10: whether the words begin with a condition.
pub(super) fn conditional(words: Words<'_>) -> bool {
    words
        .eat_any(
            0,
            patterns![
                "if|unless|when|whenever|suppose|supposing|imagine|assuming|provided|should",
                "in case",
                "in the event",
                "as long|soon as",
                "only if|when|after|once",
                "even if",
                "in|on the condition",
            ],
        )
        .is_some()
        && !(words.text(0) == "should" && lexicon::is_action(words.text(1)))
        || words.text(0) == "once"
            && !matches!(words.text(1), "a" | "per" | "every" | "more" | "daily" | "weekly" | "monthly")
}

/// Words that a doubt begins with.
const DOUBTS: &Patterns = patterns![
    "maybe|perhaps|possibly|hopefully|almost|nearly|partly|partially|barely|hardly|supposedly|apparently|probably|wish|hope",
    "half|most|some|part of|done|finished|way|through the|my|it|them?",
    "not sure|certain",
    "pretty|fairly|quite|almost sure|certain i|we|that|he|she|they|it",
];

/// What follows "I" in a doubt, a wish or a try.
const OWN_DOUBTS: &Patterns = patterns![
    "just|also|really|still|kind|sort of? might|may|could|guess|think|thought|believe|wish|hope|hoped|wonder|wondered|tried|try|attempted|suppose|doubt|almost|nearly|considered|forgot|imagine|feel|dreamt|dreamed|failed",
    "might|may|could|guess|think|thought|believe|wish|hope|hoped|wonder|wondered|tried|try|attempted|suppose|doubt|almost|nearly|considered|forgot|imagine|dreamt|dreamed|failed|heard|would|half",
    "am|are|was|were just|still? thinking|wondering|considering|hoping|trying|guessing|dreaming|tempted|unsure",
    "am|are not|pretty|fairly|quite sure|certain",
    "was|were about|going|supposed|meant|planning|close to?",
    "am|are almost|nearly|half|halfway|about|not done|finished|through|there|to|sure",
    "should|could|would have",
    "have almost|nearly|half|partly|tried|been|thought|considered|wanted",
    "wanted|meant|hoped|planned|intended to",
    "wish|would rather|if|say",
    "do not know|think|believe|remember|care",
    "maybe|perhaps|probably|possibly",
    "did half|some|part|most of",
    "was told|asked|thinking",
];

/// Rule 11: whether the words doubt, wish, or tell of a try or of what somebody said.
pub(super) fn hedges(words: Words<'_>) -> bool {
    if words.eat_any(0, DOUBTS).is_some_and(|end| {
        words.text(0) != "half" && words.text(0) != "most" && words.text(0) != "some" && words.text(0) != "part"
            || end > 2
            || matches!(words.text(1), "done" | "finished" | "through")
    }) {
        return true;
    }
    let subject = words.eat(0, pattern!("i|we"));
    if let Some(at) = subject
        && words.eat_any(at, OWN_DOUBTS).is_some()
    {
        return true;
    }
    told(words)
}

/// "Bob said …", "they say …": what somebody else said.
fn told(words: Words<'_>) -> bool {
    let verb = (1..words.len().min(7)).find(|&i| {
        matches!(
            words.text(i),
            "said"
                | "says"
                | "claims"
                | "claimed"
                | "thinks"
                | "thought"
                | "believes"
                | "reckons"
                | "insists"
                | "mentioned"
                | "suggested"
                | "wrote"
                | "heard"
                | "swears"
                | "promised"
        ) || words.text(i) == "say" && matches!(words.text(i - 1), "they" | "people" | "we" | "you" | "i" | "some")
            || words.text(i) == "told" && matches!(words.text(i + 1), "me" | "us") && words.text(i + 2) != "to"
    });
    verb.is_some_and(|at| !lexicon::is_action(words.text(0)) && !words.to(at).has(&["what", "who", "that"]))
        || words.eat_any(0, patterns!["according to", "apparently", "rumor|rumour has"]).is_some()
        || words.eat_any(0, patterns!["somebody|someone|everyone|everybody|nobody deleted|completed|finished|did|removed|already|else|has|is"]).is_some() && words.has(&["deleted", "completed", "finished", "removed", "done"])
        || (1..words.len()).any(|i| words.eat_any(i, patterns!["are|is|am almost|nearly|half|partly|partially|probably|maybe|halfway|mostly done|finished|bought|paid|complete|through|there|sorted", "is|are what the|my|a|somebody|someone"]).is_some())
        || words.text(0) == "half" && words.text(1) == "of"
}
