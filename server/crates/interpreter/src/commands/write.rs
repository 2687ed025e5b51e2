//! Commands that change tasks that there are, tried in one order, and whether a title could hold their words.

use super::{complete, delete, update};
use crate::{
    Context, Intent, Target, phrase::politeness, reference, text::lexicon, text::pattern::pattern, text::span::Words,
};

/// The command by which the words change tasks that there are.
pub(crate) fn command(words: Words<'_>, context: &Context) -> Option<Intent> {
    let words = politeness::closed(words);
    complete::mark(words, context)
        .or_else(|| update::update(words, context))
        .or_else(|| delete::delete(words, context))
        .or_else(|| complete::complete(words, context))
}

pub(crate) fn is_write(words: Words<'_>, context: &Context) -> bool {
    command(words, context).is_some()
}

/// Whether the words are a command that no title would hold: they name a task by number, pronoun or as "task".
pub(crate) fn is_clear_write(words: Words<'_>, context: &Context) -> bool {
    command(words, context).is_some_and(|intent| is_clear(&intent, words))
}

/// Whether the command names a task by number, pronoun or as "task", or begins like no title.
pub(crate) fn is_clear(intent: &Intent, words: Words<'_>) -> bool {
    let target = match intent {
        Intent::Complete(target) | Intent::Reopen(target) | Intent::Delete(target) | Intent::Restore(target) => target,
        Intent::Update { target, .. } => target,
        _ => return true,
    };
    let noun = || {
        words.tokens().iter().any(|token| lexicon::is_task_noun(&token.text)) || words.ends(pattern!("one")).is_some()
    };
    let closed_frame = || {
        matches!(words.text(0), "mark" | "tick" | "uncheck" | "reopen" | "rename")
            || words.eat(0, pattern!("check|cross off|out")).is_some()
            || words.has(&["priority"])
    };
    match target {
        Target::Description(_) => noun() || closed_frame(),
        // A pronoun without a referent: "… and mark it as done" speaks of what came before.
        Target::Missing => reference::speaks_of_something(words),
        _ => true,
    }
}
