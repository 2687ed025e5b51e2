//! Slips in the words that commands are made of.

use crate::{
    phrase::number::number,
    text::lexicon,
    text::token::{Kind, Token},
};

/// Words that are worth guessing, by themselves.
static COMMANDS: lexicon::List = lexicon::word_class!("commands");

static NEAR: lexicon::Class = lexicon::word_class!("near_commands");

/// Words that are near a command word and are none.
fn is_other_word(word: &str) -> bool {
    lexicon::is_action(word) || number(word).is_some() || NEAR.contains(word)
}

/// Writes slips in command words right; titles are cut from the source and stay as they are.
pub(crate) fn correct(tokens: &mut [Token]) {
    correct_by_neighbours(tokens);
    for token in tokens {
        if token.kind != Kind::Word || !(3..=12).contains(&token.text.len()) || !token.text.is_ascii() {
            continue;
        }
        if COMMANDS.contains(&token.text.as_str()) || is_other_word(&token.text) {
            continue;
        }
        if let Some(command) = COMMANDS.iter().find(|command| is_slip(token.text.as_bytes(), command.as_bytes())) {
            token.text = (*command).to_owned();
        }
    }
}

/// Words that are only guessed between others: what may stand before, the word, and what follows it (anything where
/// that is empty).
const BETWEEN: [(&[&str], &[&str], &[&str]); 4] = [
    (&["need", "have", "want", "got", "forget", "remember", "going", "me"], &["to"], &[]),
    (&["i", "we", "you"], &["need", "have", "want", "must", "should"], &["to"]),
    (&["", "please", "and", "then"], &["check", "cross", "tick"], &["off"]),
    (&["", "please", "and", "then"], &["get"], &["rid"]),
];

/// "I ned to", "chekc off": slips that only their neighbours tell from another word.
fn correct_by_neighbours(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        let text = tokens[at].text.as_str();
        if tokens[at].kind != Kind::Word || !(3..=8).contains(&text.len()) || !text.is_ascii() {
            continue;
        }
        let before = if at == 0 { "" } else { tokens[at - 1].text.as_str() };
        let after = tokens.get(at + 1).map_or("", |token| token.text.as_str());
        let meant = BETWEEN
            .iter()
            .filter(|(befores, _, afters)| befores.contains(&before) && (afters.is_empty() || afters.contains(&after)))
            .flat_map(|(_, meant, _)| *meant)
            .find(|meant| distance(text.as_bytes(), meant.as_bytes()) == 1);
        let is_other =
            lexicon::is_action(text) || number(text).is_some() || matches!(text, "had" | "the" | "tom" | "top");
        if let Some(meant) = meant.filter(|_| !is_other) {
            tokens[at].text = (*meant).to_owned();
        }
    }
}

/// Whether `typed` is a slip of `meant`: in short words a letter too many, too few or two swapped, in longer ones also
/// a wrong letter; all letters in another order from six on, and two slips from eight on. The first letter is right, or swapped with the second.
fn is_slip(typed: &[u8], meant: &[u8]) -> bool {
    if typed.len().abs_diff(meant.len()) > 2 {
        return false;
    }
    let swapped_start = typed[0] == meant[1] && typed[1] == meant[0];
    if typed[0] != meant[0] && !swapped_start {
        return false;
    }
    let distance = distance(typed, meant);
    if meant.len() <= 4 {
        return distance == 1 && (typed.len() != meant.len() || same_letters(typed, meant)) && typed.len() >= 3;
    }
    let swapped = distance == 2 && meant.len() >= 6 && same_letters(typed, meant);
    swapped || distance <= if meant.len() >= 8 { 2 } else { 1 }
}

fn same_letters(a: &[u8], b: &[u8]) -> bool {
    let sorted = |text: &[u8]| {
        let mut text = text.to_vec();
        text.sort_unstable();
        text
    };
    sorted(a) == sorted(b)
}

/// How many letters were added, left out, replaced or swapped (optimal string alignment). For short words.
pub(crate) fn distance(a: &[u8], b: &[u8]) -> usize {
    const MOST: usize = 32;
    if a.len() >= MOST || b.len() >= MOST {
        return MOST;
    }
    let mut rows = [[0_usize; MOST]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        let (now, before, older) = (i % 3, (i - 1) % 3, (i + 1) % 3);
        rows[now][0] = i;
        for j in 1..=b.len() {
            let replaced = rows[before][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[before][j] + 1).min(rows[now][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[older][j - 2] + 1);
            }
            rows[now][j] = best;
        }
    }
    rows[a.len() % 3][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::token::tokens;

    fn corrected(source: &str) -> String {
        let mut tokens = tokens(source);
        correct(&mut tokens);
        tokens[0].text.clone()
    }

    /// INTERP-16, INTERP-16a: a slip in a verb is forgiven, another English word is not bent into one.
    #[test]
    fn slips_are_corrected_and_words_are_not() {
        for (typed, meant) in [
            ("delte", "delete"),
            ("remvoe", "remove"),
            ("complte", "complete"),
            ("finsh", "finish"),
            ("craete", "create"),
            ("mrak", "mark"),
            ("shwo", "show"),
            ("lsit", "list"),
            ("remid", "remind"),
            ("chnage", "change"),
            ("reschedual", "reschedule"),
            ("postpne", "postpone"),
            ("doen", "done"),
            ("detele", "delete"),
            ("snoze", "snooze"),
        ] {
            assert_eq!(corrected(typed), meant);
        }
        for word in [
            "clean", "charge", "remote", "last", "make", "shop", "market", "love", "park", "cancer", "mom", "snoozed",
            "sneeze",
        ] {
            assert_eq!(corrected(word), word);
        }
    }
}
