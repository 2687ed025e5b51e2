//! Which open task a description means.

use crate::{
    intent::Description,
    phrase::date::{month_name, weekday_name},
    text::lexicon::{Class, is_empty_word, word_class},
    text::spelling::distance,
    text::stems::{Stem, singular, stem},
    text::token::{self, Kind},
};

/// A task that a description may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The task's number.
    pub id: i64,
    /// Its title.
    pub title: &'a str,
    /// Whether it is done. Open tasks are preferred.
    pub completed: bool,
}

/// Which tasks a description means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Clearly this one.
    One(i64),
    /// The words name several tasks, each clearly ("buy milk and call mom"). Two or more.
    Each(Vec<i64>),
    /// It may be any of these, even where it is only one: ask.
    Several(Vec<i64>),
    /// None.
    None {
        /// The most similar ones, best first, at most three.
        nearest: Vec<i64>,
    },
}

/// Which of these tasks a description means.
///
/// Every word of it must occur in the title. Exactly the title's words win; else the best way of meeting counts, from
/// the same word over its other forms to a misspelt one. What only fits when dates are left out, or when the command's
/// verb belongs to the title, is asked.
#[must_use]
pub fn resolve(description: &Description, tasks: &[Candidate<'_>]) -> Match {
    let titles: Vec<Title<'_>> = tasks.iter().map(|task| Title { task, words: content(task.title) }).collect();
    let words = content(&description.words);
    if let Some(found) = best(&words, &titles) {
        return with_verb(found, description, &titles);
    }
    if let Some(each) = each(&description.words, &titles) {
        return each;
    }
    let timeless: Vec<_> = words.iter().filter(|word| !is_time_word(&word.text)).cloned().collect();
    if timeless.len() < words.len() {
        match best(&timeless, &titles) {
            Some(Match::One(id)) => return Match::Several(vec![id]),
            Some(found) => return found,
            None => {}
        }
    }
    Match::None { nearest: nearest(&words, &titles) }
}

struct Title<'a> {
    task: &'a Candidate<'a>,
    words: Vec<Content>,
}

/// A word that means something.
#[derive(Debug, Clone)]
struct Content {
    text: String,
    singular: String,
    stem: Stem<'static>,
}

fn content(text: &str) -> Vec<Content> {
    let mut words = Vec::new();
    collect(text, &mut words);
    words.retain(|word| !is_empty_word(&word.text));
    words
}

fn collect(text: &str, words: &mut Vec<Content>) {
    for token in token::tokens(text) {
        match token.kind {
            Kind::Word => {
                for part in token.text.split(['-', '/', '_']).filter(|part| !part.is_empty()) {
                    let stem = stem(part).into_owned();
                    words.push(Content { text: part.to_owned(), singular: singular(part).into_owned(), stem });
                }
            }
            Kind::Quoted => {
                let inner = text.get(token.start..token.end).unwrap_or_default();
                let inner = inner.trim_matches(['"', '\'', '“', '”', '„', '«', '»', '`', '‘', '’']);
                // What the quotes enclose is shorter, so that this ends.
                if inner.len() < text.len() {
                    collect(inner, words);
                }
            }
            Kind::Mark => {}
        }
    }
}

/// How a word of a description may meet a word of a title, best first.
const WAYS: [fn(&Content, &Content) -> bool; 3] = [
    |a, b| a.text == b.text || a.singular == b.singular,
    |a, b| a.stem.meets(&b.stem),
    |a, b| a.stem.meets(&b.stem) || is_slip(&a.text, &b.text),
];

fn is_slip(typed: &str, meant: &str) -> bool {
    let (typed, meant) = (typed.as_bytes(), meant.as_bytes());
    let most = match meant.len() {
        0..5 => return false,
        5..8 => 1,
        _ => 2,
    };
    typed.first() == meant.first() && typed.iter().all(u8::is_ascii_alphabetic) && distance(typed, meant) <= most
}

fn covered(words: &[Content], title: &[Content], way: fn(&Content, &Content) -> bool) -> bool {
    words.iter().all(|word| title.iter().any(|other| way(word, other)))
}

/// The tasks whose titles hold all the words.
fn best(words: &[Content], titles: &[Title<'_>]) -> Option<Match> {
    if words.is_empty() {
        return None;
    }
    for way in WAYS {
        let fitting: Vec<&Title<'_>> = titles.iter().filter(|title| covered(words, &title.words, way)).collect();
        let exact: Vec<&Title<'_>> =
            fitting.iter().copied().filter(|title| covered(&title.words, words, way)).collect();
        for set in [exact, fitting] {
            let open: Vec<&Title<'_>> = set.iter().copied().filter(|title| !title.task.completed).collect();
            let set = if open.is_empty() { set } else { open };
            match set.as_slice() {
                [] => {}
                [one] => return Some(Match::One(one.task.id)),
                several => return Some(Match::Several(several.iter().map(|title| title.task.id).collect())),
            }
        }
    }
    None
}

/// "cancel the gym membership" may be the title "Cancel gym membership".
fn with_verb(found: Match, description: &Description, titles: &[Title<'_>]) -> Match {
    let (Match::One(id), Some(verb)) = (&found, &description.verb) else { return found };
    let verb = content(verb);
    let in_title = titles
        .iter()
        .filter(|title| title.task.id == *id)
        .any(|title| title.words.first().is_some_and(|first| verb.iter().any(|verb| verb.stem.meets(&first.stem))));
    if in_title { Match::Several(vec![*id]) } else { found }
}

/// "buy milk, call mom and pay rent": every part is one task.
fn each(description: &str, titles: &[Title<'_>]) -> Option<Match> {
    let tokens = token::tokens(description);
    let mut ids = Vec::new();
    let mut start = 0;
    for i in 0..=tokens.len() {
        let ends = tokens.get(i).is_none_or(|token| matches!(token.text.as_str(), "and" | ","));
        if !ends {
            continue;
        }
        if start < i {
            let part = description.get(tokens[start].start..tokens[i - 1].end)?;
            match best(&content(part), titles)? {
                Match::One(id) if !ids.contains(&id) => ids.push(id),
                Match::One(_) => {}
                _ => return None,
            }
        }
        start = i + 1;
    }
    (ids.len() > 1).then_some(Match::Each(ids))
}

static TIME_WORDS: Class = word_class!("time_words");

fn is_time_word(word: &str) -> bool {
    weekday_name(word).is_some()
        || month_name(word).is_some()
        || TIME_WORDS.contains(word.strip_suffix("'s").unwrap_or(word))
        || word.strip_suffix("pm").or_else(|| word.strip_suffix("am")).is_some_and(|n| n.starts_with(char::is_numeric))
}

/// The titles with the most words in common.
fn nearest(words: &[Content], titles: &[Title<'_>]) -> Vec<i64> {
    let way = WAYS[2];
    let mut scored: Vec<(usize, i64)> = titles
        .iter()
        .map(|title| {
            (words.iter().filter(|word| title.words.iter().any(|other| way(word, other))).count(), title.task.id)
        })
        .filter(|(score, _)| *score > 0)
        .collect();
    scored.sort_by_key(|(score, id)| (std::cmp::Reverse(*score), *id));
    scored.into_iter().take(3).map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn resolved(words: &str, verb: Option<&str>, titles: &[&str]) -> Match {
        let tasks: Vec<_> =
            titles.iter().zip(1..).map(|(title, id)| Candidate { id, title, completed: false }).collect();
        resolve(&Description { words: words.to_owned(), verb: verb.map(str::to_owned) }, &tasks)
    }

    /// INTERP-12, INTERP-12a, INTERP-12b: one, several or none.
    #[test]
    fn a_description_means_one_several_or_none() {
        let titles = ["Write report", "Send report", "Buy milk", "Call mom"];
        for (words, expected) in [
            ("the report", Match::Several(vec![1, 2])),
            ("writing the report", Match::One(1)),
            ("bought the milk", Match::One(3)),
            ("called my mum", Match::One(4)),
            ("send reprot", Match::One(2)),
            ("milk and mom", Match::Each(vec![3, 4])),
            ("spaceship", Match::None { nearest: vec![] }),
            ("buy oat milk", Match::None { nearest: vec![3] }),
            ("the", Match::None { nearest: vec![] }),
        ] {
            assert_eq!(resolved(words, None, &titles), expected, "{words}");
        }
        assert_eq!(resolved("report", None, &["Report", "Write report"]), Match::One(1), "the whole title wins");
        assert_eq!(resolved("buy milk", None, &["Buy milk", "Buy milk"]), Match::Several(vec![1, 2]));
    }

    /// INTERP-12a: what may be meant otherwise is asked.
    #[test]
    fn doubtful_matches_are_asked() {
        assert_eq!(resolved("the gym membership", Some("cancel"), &["Cancel gym membership"]), Match::Several(vec![1]));
        assert_eq!(resolved("the gym membership", Some("cancel"), &["Pay gym membership"]), Match::One(1));
        assert_eq!(resolved("the meeting on Friday", None, &["Team meeting"]), Match::Several(vec![1]));
    }

    /// INTERP-12: open tasks come first.
    #[test]
    fn open_tasks_are_preferred() {
        let tasks = [
            Candidate { id: 1, title: "Buy milk", completed: true },
            Candidate { id: 2, title: "Buy milk", completed: false },
        ];
        let description = Description { words: "buy milk".to_owned(), verb: None };
        assert_eq!(resolve(&description, &tasks), Match::One(2));
        assert_eq!(resolve(&description, &tasks[..1]), Match::One(1));
    }
}
