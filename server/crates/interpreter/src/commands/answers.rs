//! Answers to what waits, small talk, undo and calls for help.

use crate::{
    Context, Dialogue, Intent, Position,
    phrase::politeness,
    reference,
    text::lexicon,
    text::pattern::{Pattern, Patterns, pattern, patterns},
    text::span::{Words, is_decoration},
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
    let waiting = dialogue.options > 0 || dialogue.confirming;
    let trimmed = words.trim();
    if politeness::says_nothing(words) {
        return by_emoji(words.source(), waiting);
    }
    if waiting {
        if let Some(chosen) = chosen(trimmed, dialogue) {
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
    small_talk(trimmed).map(|intent| vec![intent])
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

/// Greetings, thanks, goodbyes, undo, help: what stands alone.
pub(crate) fn small_talk(words: Words<'_>) -> Option<Intent> {
    let words = words.trim();
    if GREETINGS.is_all_of(words) {
        return Some(Intent::Greet);
    }
    if GOODBYES.is_all_of(words) {
        return Some(Intent::Goodbye);
    }
    if THANKS.is_all_of(words) {
        return Some(Intent::Thanks);
    }
    let core = politeness::closed(politeness::opened(words));
    if core.is_any(patterns!["redo it|that|this?", "undo|revert|reverse the|that|my|your? last? undo|undoing"]) {
        return Some(Intent::Redo);
    }
    if undo(core) {
        return Some(Intent::Undo);
    }
    if help(words) || help(core) {
        return Some(Intent::Help);
    }
    if words.is_any(patterns!["yes|yeah|yep|yup|y|confirm|confirmed", "do it", "go ahead", "yes please", "yes do it"]) {
        return Some(Intent::Confirm);
    }
    None
}

const GREETINGS: SmallTalk = SmallTalk {
    phrases: patterns![
        "hi|hello|hey|yo|hiya|howdy|greetings|sup|heya|hii|hiii|heyy|helo|hullo|hallo|gday",
        "good morning|afternoon|evening|day",
        "morning|afternoon|evening",
        "what is up|new|good",
        "wassup|whatsup",
        "how are|is you|things|it|everything|life going|doing|today?",
        "how do you do",
        "nice to meet you",
    ],
    fillers: pattern!("there|saydo|everyone|all|again|assistant|bot|friend|buddy|my|dear|today|to|you|and"),
};
const GOODBYES: SmallTalk = SmallTalk {
    phrases: patterns![
        "bye|goodbye|cya|ttyl|bye-bye|farewell|adios|ciao|goodnight",
        "good night",
        "see|talk to? you|ya later|soon|tomorrow|around|then|next?",
        "have a nice|good|great|lovely day|one|evening|night|weekend",
        "take care",
        "until|till later|tomorrow|then|next",
        "for now",
    ],
    fillers: pattern!("saydo|then|and|thanks|now|all|everyone|later"),
};
const THANKS: SmallTalk = SmallTalk {
    phrases: patterns![
        "thanks|thankyou|cheers|merci|gracias|danke|tysm|thx|kudos",
        "thank you",
        "great|cool|nice|awesome|perfect|excellent|wonderful|amazing|lovely|brilliant|super|fantastic|good|sweet|neat|fab|wow|yay|hooray|woohoo|lol|haha|hehe|ha|wonderful|superb|beautiful",
        "good|great|nice|well job|work|done|bot|one|stuff",
        "got it",
        "ok|okay|k|alright|sure|fine|right|understood|noted|kk|okey|ah|oh|hm|hmm",
        "i see",
        "you are|rock the? best|awesome|great|amazing|welcome|star|helpful|legend?",
        "that is all|great|perfect|good|awesome|fine|it|helpful|better|nice|amazing|everything for? now?",
        "that helps|helped|works|worked",
        "i? really? appreciate it|that|this|you",
        "much appreciated",
        "sounds good|great|perfect",
        "all good|set|right",
        "love it|this|that|you",
        "no problem|worries",
        "i love it|this|you|saydo",
        "for your|the|all|everything|that|this|it|doing your|the|of|that|this|it? help|work|time|reminder?",
        "so|very|a much|lot|many|bunch|million",
        "saydo|again|buddy|mate|man|dude|friend|then|and|a|lot|very|much|so|indeed|really|my",
    ],
    fillers: pattern!("you are a? the|star|lifesaver|genius|hero|legend|best|gem"),
};

/// A kind of small talk.
struct SmallTalk {
    phrases: &'static Patterns,
    /// Words that may follow one of the phrases.
    fillers: &'static Pattern,
}

impl SmallTalk {
    /// Whether the words are nothing but these, one after another.
    fn is_all_of(&self, words: Words<'_>) -> bool {
        let mut at = 0;
        let mut first = true;
        while at < words.len() {
            if words.is_mark(at) || is_decoration(words.text(at)) {
                if words.text(at) == "?" && !matches!(words.text(0), "how" | "what" | "hi" | "hello" | "hey") {
                    return false;
                }
                at += 1;
                continue;
            }
            let filler = words.eat(at, self.fillers).filter(|_| !first);
            let end = words.eat_any(at, self.phrases).max(filler);
            let Some(end) = end.filter(|&end| end > at) else { return false };
            (at, first) = (end, false);
        }
        at > 0 && !first
    }
}

/// "undo", "take that back".
pub(crate) fn undo(words: Words<'_>) -> bool {
    let words = words.trim();
    let words = words
        .eat(0, pattern!("oops|whoops|woops|ops|no|wait|damn|shit|crap|sorry ,|.|!? no|wait|sorry?"))
        .filter(|&end| end < words.len())
        .map_or(words, |end| words.from(end).trim_start());
    words.is_any(patterns![
        "undo|undone it|that|this|them|everything|all?",
        "undo all? of? that|this|them|it",
        "undo the|my|your|that|this? last|previous|latest|most? recent? change|changes|action|actions|command|thing|things|one|step|edit|update|addition|deletion|removal|delete|add|turn|completion|operation|task?",
        "undo the|my|that? change|changes|action|deletion|delete|removal|addition|completion|edit|update",
        "undo what you|i just? did",
        "undo the last two|three|few? thing|things i|you did",
        "revert|reverse|rollback it|that|this|them?",
        "revert|reverse the|my|your? last|previous? change|changes|action|thing",
        "roll it|that? back",
        "roll back the|my? last? change|changes?",
        "take it|that|this|them back",
        "put it|that|them|everything back",
        "bring it|that|them|everything back",
        "bring back it|that|them",
        "restore|undelete it|that|them|everything?",
        "restore|undelete|recover the|my? last? deleted|removed task|tasks|one|item",
        "bring back the last? task|one|item i|you just? deleted|removed",
        "cancel that",
        "that was a mistake|accident",
        "that was an accident",
        "i did not mean that|it|to",
        "i did not mean to do|delete|remove|complete|add|change that|it|this",
        "ctrl+z|ctrl-z|cmd+z|cmd-z",
        "ctrl|cmd z",
    ])
}

/// Calls for help.
fn help(words: Words<'_>) -> bool {
    let words = words.trim();
    let short = words.len() <= 12;
    words.is_any(patterns![
        "help me|please?",
        "help me out|here|please",
        "i need help",
        "i need some|your? help",
        "commands|instructions|examples|usage|manual|tutorial|menu|faq",
        "show|list|give|tell me? the|your|some|all|available? help|commands|examples|instructions",
        "what are the|your? commands|options|features|capabilities|abilities|functions",
        "who|what are you",
        "who made you",
        "are you a? bot|robot|human|ai|real",
        "what is this|saydo",
        "i am lost|stuck|confused|new",
        "i do not know what|how to do|say|start",
        "what now",
        "what next|else",
        "get started",
        "how to start",
    ]) || (short
        && words
            .eat_any(
                0,
                patterns![
                    "what can you|i|saydo|we do|say|ask|type|help",
                    "what else can you|i|saydo do|say|ask|type",
                    "what things|commands|kind|kinds|sort|sorts|stuff|features can|do|of",
                    "what do you do|support|understand|offer",
                    "what should i say|type|ask",
                    "what are you able|capable to|of",
                    "what are you here for",
                    "how do|does|can|should|would|could i|you|we|one|it|this|saydo|that",
                    "how to",
                    "how is this",
                    "what is the best way to",
                    "teach|show me how",
                    "explain how|what|yourself",
                ],
            )
            .is_some_and(|_| !words.has(&["many", "tomorrow", "today", "week", "look"])))
}
