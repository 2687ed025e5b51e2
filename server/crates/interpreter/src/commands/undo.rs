//! "Undo", "take that back", "redo that".

use crate::text::{
    pattern::{pattern, patterns},
    span::Words,
};

/// "Redo that", "undo the undo".
pub(crate) fn is_redo(words: Words<'_>) -> bool {
    words.is_any(patterns!["redo it|that|this?", "undo|revert|reverse the|that|my|your? last? undo|undoing"])
}

/// "Undo", "take that back".
pub(crate) fn is_undo(words: Words<'_>) -> bool {
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
        "scratch|strike that|it",
        "that was|is wrong|incorrect",
        "that is|was not right|what i meant|wanted|said|asked for?",
        "that was a mistake|accident",
        "that was an accident",
        "i did not mean that|it|to",
        "i did not mean to do|delete|remove|complete|add|change that|it|this",
        "ctrl+z|ctrl-z|cmd+z|cmd-z",
        "ctrl|cmd z",
    ])
}
