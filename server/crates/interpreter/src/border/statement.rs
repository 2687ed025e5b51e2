//! Rule 14: sentences that say how something is: "we're out of milk", "the sink leaks".

use crate::text::{
    lexicon::{self, is_action},
    pattern::patterns,
    span::Words,
};

static FINITE: lexicon::Class = lexicon::word_class!("finite_verbs");

/// Whether the words are a subject with its verb.
pub(super) fn is_statement(words: Words<'_>) -> bool {
    with_pronoun(words) || with_noun(words)
}

fn with_pronoun(words: Words<'_>) -> bool {
    let second = words.text(1);
    match words.text(0) {
        "i" | "we" | "he" | "she" | "they" | "you" | "it" => words.len() > 1 && words.is_word(1),
        "there" | "this" | "that" | "these" | "those" | "here" | "everything" | "everyone" | "everybody"
        | "somebody" | "someone" | "nobody" | "nothing" | "something" | "one" => {
            is_copula(second) || FINITE.contains(second)
        }
        _ => false,
    }
}

fn is_copula(word: &str) -> bool {
    matches!(word, "is" | "are" | "was" | "were" | "am" | "has" | "had" | "does" | "did" | "could" | "should" | "would")
}

fn with_noun(words: Words<'_>) -> bool {
    let end = words.len().min(12);
    let Some(at) = (1..end).find(|&i| is_finite(words, i)) else { return false };
    let before = words.to(at);
    // "Check if the oven is off": the verb belongs to another clause. "Water is leaking": it does not.
    let nested = before.has(&[
        "if", "whether", "that", "which", "who", "what", "how", "where", "when", "why", "while", "before", "after",
        "because", "until", "i", "we", "you", "he", "she", "they", "it",
    ]);
    let imperative = is_action(words.text(0)) && at > 1;
    !nested && !imperative && !before.has(&[",", ":", "\n"])
}

/// Whether the word is a verb that has a subject before it.
fn is_finite(words: Words<'_>, i: usize) -> bool {
    let text = words.text(i);
    let next = words.text(i + 1);
    match text {
        // "Trash can", "last will".
        // The subject of "am" is "I", and "8 am" is a time.
        "am" => false,
        "can" => matches!(next, "not" | "be" | "do" | "you" | "come" | "go" | "help"),
        "will" => matches!(next, "not" | "be" | "have" | "need") || is_action(next),
        "must" | "may" | "might" => matches!(next, "be" | "not" | "have" | "do" | "go") || is_action(next),
        "need" | "have" | "want" | "do" => {
            i + 1 < words.len() && !is_action(words.text(0)) && words.text(i - 1).ends_with('s') && text != "do"
                || text == "do" && next == "not"
        }
        _ => {
            is_copula(text) && i + 1 < words.len()
                || FINITE.contains(text)
                || words.eat_any(i, patterns!["broke|ran|fell|went|came|shut down|out|off|up"]).is_some()
                    && !is_action(words.text(0))
        }
    }
}
