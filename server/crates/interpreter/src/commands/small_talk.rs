//! What needs nothing around it: greetings, thanks, goodbyes, undo, redo, calls for help, and a bare "yes".

use crate::{
    Intent,
    commands::about,
    commands::undo::{is_redo, is_undo},
    phrase::politeness,
    text::pattern::{Pattern, Patterns, pattern, patterns},
    text::span::{Words, is_decoration},
};

/// What the words mean, where they are nothing but small talk, undo or a call for help.
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
    if is_redo(core) {
        return Some(Intent::Redo);
    }
    if is_undo(core) {
        return Some(Intent::Undo);
    }
    if is_help(words) || is_help(core) {
        return Some(Intent::Help);
    }
    if words.is_any(patterns!["yes|yeah|yep|yup|y|confirm|confirmed", "do it", "go ahead", "yes please", "yes do it"]) {
        return Some(Intent::Confirm);
    }
    None
}

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
    fillers: pattern!("there|saydo|world|everyone|all|again|assistant|bot|friend|buddy|my|dear|today|to|you|and"),
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
        "many|big|huge|lots|tons of? thanks",
        "great|cool|nice|awesome|perfect|excellent|wonderful|amazing|lovely|brilliant|super|fantastic|good|sweet|neat|fab|wow|yay|hooray|woohoo|lol|haha|hehe|ha|wonderful|superb|beautiful",
        "good|great|nice|well job|work|done|bot|one|stuff",
        "got it",
        "ok|okay|k|alright|sure|fine|right|understood|noted|kk|okey|ah|oh|hm|hmm",
        "i see",
        "you are|rock the? best|awesome|great|amazing|welcome|star|helpful|legend?",
        "that is all|great|perfect|good|awesome|fine|it|helpful|better|nice|amazing|everything for? now?",
        "that helps|helped|works|worked",
        "that|this|it is|was so|very|really|pretty|too? funny|hilarious|cool|nice|interesting|sweet|neat|brilliant|wonderful|kind|clever|smart|impressive",
        "this|the|your|saydo app|page? is so|very|really|pretty|just? great|good|cool|nice|awesome|amazing|fantastic|helpful|useful|brilliant|lovely|excellent|perfect|handy|wonderful",
        "i? really? love|like|enjoy this|the|your app",
        "i? really? appreciate it|that|this|you",
        "much appreciated",
        "sounds good|great|perfect",
        "all good|set|right",
        "love it|this|that|you",
        "no problem|worries",
        "i love it|this|you|saydo",
        "for your|the|all|everything|that|this|it|doing your|the|of|that|this|it? help|work|time|reminder?",
        "so|very|a much|lot|many|bunch|million",
        "sorry|apologies|oops|whoops|pardon|ooops|oopsie",
        "i am? so|very? sorry",
        "sorry for|about that|this|it|the|everything confusion|trouble|mess|typo|delay?",
        "my bad|apologies|mistake|fault",
        "excuse|forgive|pardon me|us",
        "how funny|nice|cool|sweet|lovely",
        "funny|interesting|hilarious|rofl|lmao|omg|hahaha|hihi|yes!|impressive",
        "you are? so|very? funny|kind|smart|helpful|nice|cool|good",
        "saydo|again|buddy|mate|man|dude|friend|then|and|a|lot|very|much|so|indeed|really|my",
    ],
    fillers: pattern!("you are a? the|star|lifesaver|genius|hero|legend|best|gem"),
};

/// How calls for help begin that name something of the app.
const HELP_STARTS: &Patterns = patterns![
    "what can you|i|saydo|we do|say|ask|type|help",
    "what else can you|i|saydo do|say|ask|type",
    "what things|commands|kind|kinds|sort|sorts|stuff|features can|do|of",
    "what do you do|support|understand|offer",
    "what should i say|type|ask",
    "what are you able|capable to|of",
    "what are you here for",
    "how do|does|can|should|would|could i|you|we|one|it|this|saydo|that",
    "how does everything work",
    "how to",
    "how is this",
    "what is the best way to",
    "teach|show me how",
    "explain how|what|yourself",
];

/// Whole calls for help.
const HELP: &Patterns = patterns![
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
    "show|tell|teach me? what you can do|understand",
    "what you can do",
    "what now",
    "what next|else",
    "get started",
    "how to start",
    "i do not understand|get it|this|that|anything?",
    "i do not understand how this|it|saydo works",
    "this is so|very|too|really? confusing|complicated",
    "i have a|some question|questions",
    "how do|can|could i|you|we search|sort|filter|start|edit|print",
    "can|could i|you|we sort|filter|search|order tasks|by? by? priority|date|deadline|title|name|tasks|my? tasks|list?",
    "what happens to|with done|finished|completed tasks|items",
    "do|will you delete|remove|keep done|finished|completed|old tasks|items",
    "how many tasks can|may i|we|you have|add|keep|handle|store",
    "is there a limit",
    "do i|we need an|a|the? account|internet|login|network|wifi connection?",
    "what does|is p1|p2|p3|p4|priority mean?",
    "what does high|medium|low priority mean",
    "what|which date formats|dates do|can you understand|know|read|support",
    "can|do you understand|read|know dates|times|english",
    "do|does|can|could|may you|it|saydo|i|we|tasks|task have|support|do|use|set|add|handle|give a|any|different? priorities|priority|notes|descriptions|deadlines|deadline|due|levels dates|date?",
    "what|which priorities|commands|fields|features are there|available|supported",
    "what|which priorities|commands|fields|features do|can you|i|we|tasks|saydo have|use|set|support|know|understand",
];

/// Calls for help.
fn is_help(words: Words<'_>) -> bool {
    let words = words.trim();
    words.is_any(HELP)
        || words.eat(0, pattern!("how do|does the?")).is_some()
            && matches!(words.last(), "work" | "works" | "function")
            && about::names_app(words)
        || words.len() <= 12
            && words.eat_any(0, HELP_STARTS).is_some()
            && !words.has(&["many", "tomorrow", "today", "week", "look"])
            && about::names_app(asked_of_app(words))
}

/// What is asked, without the "you" of "how do you …": "how do you spell necessary" is about the world.
fn asked_of_app(words: Words<'_>) -> Words<'_> {
    let asked = words.eat(0, pattern!("how do|can|could|would you")).map(|end| words.from(end));
    asked.filter(|rest| !matches!(rest.text(0), "work" | "help" | "understand" | "know")).unwrap_or(words)
}
