//! English commands and dates to intents, without IO or a clock.
//!
//! [`interpret`] reads one message; the caller keeps the [`Dialogue`]. A target that is a description or a place in the
//! list needs the list: fetch it and ask [`resolve`], or count. Three or more tasks, [`Target::All`] and
//! [`Target::Matching`] are to be frozen and confirmed. Which reading is taken where English has several stands in
//! `specs/interpreter.md`.

mod clauses;
mod commands;
mod filter;
mod intent;
mod phrase;
mod reference;
mod resolve;
pub mod selection;
mod sentence;
mod text;

pub use intent::{
    Changes, Context, Description, Dialogue, DueChange, Filter, Intent, ListRequest, NewItem, NoteChange, Position,
    Priority, Receipt, Shift, Status, Target, When, Window,
};
pub use phrase::date::{calendar::zone_locale, spoken::spoken_date};
pub use resolve::{Candidate, Match, resolve};

use commands::{slash, update};
use phrase::{date, items, politeness, question, title};
use selection::answer;
use text::{span::Words, spelling, token};

/// What a message asks for, in the order said. Never empty; [`Intent::Unknown`] stands alone.
#[must_use]
pub fn interpret(text: &str, context: &Context) -> Vec<Intent> {
    let mut tokens = token::tokens(text);
    spelling::correct(&mut tokens);
    token::write_out_is(text, &mut tokens);
    let words = Words::new(text, &tokens);
    understood(words, context).filter(|intents| !intents.is_empty()).unwrap_or_else(|| vec![Intent::Unknown])
}

fn understood(words: Words<'_>, context: &Context) -> Option<Vec<Intent>> {
    if words.text(0).starts_with('/') {
        return slash::command(words, context).map(|intent| vec![intent]);
    }
    if let Some(corrected) = update::corrected(words, context) {
        return Some(vec![corrected]);
    }
    if let Some(answer) = answer::answer(words, context) {
        return Some(answer);
    }
    if let Some(items) = pasted(words, context) {
        return Some(vec![Intent::Add(items)]);
    }
    let mut intents: Vec<Intent> = Vec::new();
    let mut context = context.clone();
    for clause in clauses::clauses(words, &context) {
        // Greetings and thanks around a command say nothing.
        if politeness::says_nothing(clause) {
            continue;
        }
        let intent = sentence::intent(clause, &context).or_else(|| declined(clause, &context))?;
        let unclear = matches!(
            &intent,
            Intent::Complete(Target::Missing)
                | Intent::Reopen(Target::Missing)
                | Intent::Delete(Target::Missing)
                | Intent::Update { target: Target::Missing, .. }
        );
        if unclear && !intents.is_empty() {
            return None;
        }
        // "It" in the next clause is what this one named.
        context.dialogue.last_tasks = named(&intent);
        if !intents.contains(&intent) {
            intents.push(intent);
        }
    }
    if intents.len() > 1 {
        intents.retain(|intent| !matches!(intent, Intent::Greet | Intent::Thanks | Intent::Goodbye));
    }
    merged(intents)
}

/// "No" before another command.
fn declined(words: Words<'_>, context: &Context) -> Option<Intent> {
    match answer::answer(words, context)?.as_slice() {
        [Intent::Decline] => Some(Intent::Decline),
        [Intent::Confirm] => Some(Intent::Confirm),
        _ => None,
    }
}

fn named(intent: &Intent) -> Vec<i64> {
    match intent {
        Intent::Complete(Target::Numbers(numbers))
        | Intent::Reopen(Target::Numbers(numbers))
        | Intent::Delete(Target::Numbers(numbers))
        | Intent::Update { target: Target::Numbers(numbers), .. } => numbers.clone(),
        _ => Vec::new(),
    }
}

/// Additions one after another are one.
fn merged(intents: Vec<Intent>) -> Option<Vec<Intent>> {
    let mut merged: Vec<Intent> = Vec::with_capacity(intents.len());
    for intent in intents {
        match (merged.last_mut(), intent) {
            (Some(Intent::Add(items)), Intent::Add(more)) => items.extend(more),
            (_, intent) => merged.push(intent),
        }
    }
    Some(merged)
}

/// A pasted list with bullets or numbers, under no heading or one that only names it.
fn pasted(words: Words<'_>, context: &Context) -> Option<Vec<NewItem>> {
    let heading = (0..words.len()).find(|&i| words.text(i) == "\n" || i == 0 && words.is_mark(0))?;
    let (heading, rest) = words.split_heading(heading);
    if !heading.is_empty() {
        // "Tasks for today:" names the list; "show my tasks:" asks for it.
        let own = !matches!(heading.text(0), "show" | "list" | "find" | "view" | "see" | "display" | "give" | "tell");
        let named = match sentence::intent(heading.trim(), context) {
            None => true,
            Some(Intent::List(_)) => own,
            Some(_) => false,
        };
        if !(named && heading.last() == ":" && heading.len() <= 6)
            || question::is_question(heading)
            || heading.has(&["delete", "remove", "done", "complete", "cancel", "finished"])
        {
            return None;
        }
    }
    let items = items::bulleted(rest).filter(|items| items.len() > 1 || !heading.is_empty())?;
    // Ticked boxes are reports.
    if rest.tokens().windows(2).any(|pair| pair[0].text == "(" && matches!(pair[1].text.as_str(), "x" | "✓")) {
        return None;
    }
    let date = date::found::date_of(heading.trim(), context);
    let given = title::Given { date, ..title::Given::default() };
    let items: Vec<NewItem> = items.into_iter().filter_map(|item| title::item(item, given, context)).collect();
    (!items.is_empty()).then_some(items)
}
