//! Questions and commands about the app itself: "how do I delete my account?", "turn on dark mode".
//!
//! The tables in [`phrases`] have the whole sentence, without politeness and without what asks ("can you", "how do I").
//! A sentence that only holds one of the words is no question about the app: "change the gmail password" is a task.

mod phrases;

use phrases::{ACTIONS, ASKED_ACTIONS, ASKING, SUBJECTS, WHOLE};

use crate::{
    Topic,
    phrase::politeness,
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

/// What the words ask about the app.
pub(crate) fn topic(words: Words<'_>) -> Option<Topic> {
    let words = words.trim();
    if words.len() > 14 {
        return None;
    }
    let core = without_tail(politeness::closed(politeness::opened(words)));
    let asked = without_tail(words).eat_any(0, ASKING).map(|end| without_tail(words).from(end));
    let again = core.eat_any(0, ASKING).map(|end| core.from(end));
    let found = |table: &[(Topic, &'static Patterns)], words: Words<'_>| {
        table.iter().find(|(_, phrases)| words.is_any(phrases)).map(|(topic, _)| *topic)
    };
    let subject = |words: Words<'_>| {
        let had = words.eat(0, pattern!("do|have|handle|support|offer|manage|use|get|understand|set up?"));
        found(ACTIONS, words)
            .or_else(|| found(ASKED_ACTIONS, words))
            .or_else(|| found(SUBJECTS, words))
            .or_else(|| found(SUBJECTS, words.from(had?)))
    };
    let wished = politeness::wished(core).and_then(|words| found(ACTIONS, words));
    found(ACTIONS, core)
        .or(wished)
        .or_else(|| found(WHOLE, core))
        .or_else(|| found(WHOLE, words))
        .or_else(|| asked.and_then(subject))
        .or_else(|| again.and_then(subject))
}

fn without_tail(words: Words<'_>) -> Words<'_> {
    let words = words.trim_end();
    words
        .ends_any(patterns![
            "here|anywhere|somehow|please",
            "in|on|with|from|of|for|to saydo|here",
            "with|by you",
            "in|on|with|from|of|for|to this|the|your app|application|site|page",
            "for me"
        ])
        .filter(|&at| at > 0)
        .map_or(words, |at| words.to(at).trim_end())
}

static APP_WORDS: lexicon::Class = lexicon::word_class!("app_words");

/// Whether the words name something of the app, so that "how do I …" asks about it.
pub(crate) fn names_app(words: Words<'_>) -> bool {
    words.tokens().iter().any(|token| lexicon::is_task_noun(&token.text))
        || words.tokens().iter().any(|token| APP_WORDS.contains(token.text.as_str()))
        || words.eat(0, pattern!("get started|start")).is_some()
}
