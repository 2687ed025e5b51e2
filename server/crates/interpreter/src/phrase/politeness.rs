//! Politeness and other words around a command that change nothing about it.

use crate::text::lexicon::{Class, word_class};
use crate::text::pattern::{Patterns, patterns};
use crate::text::span::{Words, is_decoration};

/// Words that open a sentence and say nothing.
const OPENERS: &Patterns = patterns![
    "hey|hi|hello|yo|hiya|heyy|heyyy|hii|hiii|helloo|heya there?",
    "saydo|assistant|bot|computer|buddy|mate|friend",
    "please|kindly|just|quickly|simply",
    "ok|okay|alright|right|great|cool|perfect|awesome|nice|good|sweet",
    "so|well|now|oh|ah|ugh|argh|um|uh|uhm|umm|hmm|erm|er|anyway|actually|also|then|next|plus|and|finally|lastly",
    "good morning|afternoon|evening|day",
    "thanks|thank you so? much?",
    "can|could|would|will you please? kindly|just|maybe|possibly|perhaps|quickly|also? please?",
    "can|could we please? just?",
    "would|do you mind please?",
    "would you be able to",
    "would you be so kind as? to",
    "be so kind and|to",
    "do me a favor|favour and|,? please?",
    "go ahead and",
    "i was wondering if you could|can please?",
    "it would be great|nice if you could please?",
    "i would appreciate it if you could",
    "you can|could now?",
    "help me to? please?",
    "let us please? just?",
    "first of? all? ,?",
];

/// Wishes that come before what is wished for.
const WISHES: &Patterns = patterns![
    "i would really? like|love|need you to",
    "i want|need you to",
    "i would really? like|love|prefer to",
    "i just? want|wanted|wish|wanna to",
    "i just? need to",
    "i am just? trying to",
    "may|can|could i please? just?",
    "let me please? just?",
    "we want|need to",
];

static PRAISE: Class = word_class!("praise");

/// What is left after the words that open a sentence and say nothing.
pub(crate) fn opened(words: Words<'_>) -> Words<'_> {
    let mut words = words.trim_start();
    // More of them say no more.
    for _ in 0..8 {
        let Some(end) = words.eat_any(0, OPENERS).filter(|&end| end > 0) else { break };
        // "Now" or "good" alone are answers, "next week" is a date, "right now" begins nothing.
        let counts = words.text(0) == "first"
            && end == 1
            && matches!(words.text(1), "one" | "two" | "three" | "task" | "tasks" | "item" | "and");
        let taken = counts || matches!(words.text(0), "next" | "right") && !words.is_mark(end);
        if taken || (end == 1 && words.text(0) == "help") {
            break;
        }
        let rest = words.from(end).trim_start();
        if says_nothing(rest) {
            break;
        }
        // "Good idea" and "right shoe" are no openings.
        if PRAISE.contains(words.text(0)) && end == 1 && !words.is_mark(end) {
            break;
        }
        words = rest;
    }
    words
}

/// What is wished for, where the words begin with a wish.
pub(crate) fn wished(words: Words<'_>) -> Option<Words<'_>> {
    let end = words.eat_any(0, WISHES)?;
    let rest = words.from(end);
    (!rest.is_empty()).then_some(rest)
}

/// Words that close a sentence and say nothing.
const CLOSERS: &Patterns = patterns![
    "please",
    "for me",
    "right? now",
    "right away",
    "immediately",
    "asap",
    "thanks so? much?",
    "thanks a lot|bunch|million|ton|heap",
    "thanks in advance",
    "please and thanks",
    "please and thank you",
    "when|whenever you can|could",
    "when|whenever you get|have a? chance|minute|moment|time|sec",
    "thank you so|very? much?",
    "cheers",
    "too",
    "as well",
    "if you can|could|would",
    "if possible",
    "if you please",
    "if you do not mind",
    "will you",
    "would you",
    "could you",
    "can you",
    "ok",
    "okay",
    "mate|buddy|dude|saydo",
    "already",
    "again",
    "first",
    "instead",
];

static CLOSING_ENDS: Class = word_class!("closing_ends");

/// What is left before the words that close a sentence and say nothing.
pub(crate) fn closed(words: Words<'_>) -> Words<'_> {
    // "The first" is an ordinal.
    let is_ordinal = |words: Words<'_>, at: usize| words.text(at) == "first" && words.text(at - 1) == "the";
    let mut words = words.trim_end();
    for _ in 0..6 {
        if !CLOSING_ENDS.contains(words.last()) {
            break;
        }
        match words.ends_any(CLOSERS).filter(|&at| at > 0 && !is_ordinal(words, at)) {
            Some(at) => words = words.to(at).trim_end(),
            None => break,
        }
    }
    words
}

/// Whether nothing but decoration and marks is there.
pub(crate) fn says_nothing(words: Words<'_>) -> bool {
    (0..words.len()).all(|i| words.is_mark(i) || is_decoration(words.text(i)))
}
