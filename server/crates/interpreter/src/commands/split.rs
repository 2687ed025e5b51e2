//! "Split task 3", "split it into tasks". "Split the bill" is a title.

use crate::{Context, Intent, Target, reference, text::pattern::patterns, text::span::Words};

/// What follows the task: "into parts".
const PARTS: &crate::text::pattern::Patterns =
    patterns!["up", "up? into|in its? separate|several|single|two|three|four? parts|tasks|items|pieces"];

/// A command over a task that is named by its number or as "it".
pub(crate) fn split(words: Words<'_>, context: &Context) -> Option<Intent> {
    let end = words.eat_any(0, patterns!["split up?"])?;
    let rest = words.from(end).trim();
    let subject = rest.ends_any(PARTS).filter(|&at| at > 0).map_or(rest, |at| rest.to(at));
    match reference::target(subject, context)? {
        target @ (Target::Numbers(_) | Target::OneOf(_)) => Some(Intent::Split(target)),
        _ => None,
    }
}
