//! From a message to its intents: the rules of `specs/interpreter.md`, "What becomes a task", in their order.

use crate::{
    Context, Intent, NewItem, Target,
    border::{self, pasted},
    clauses,
    commands::{about, slash, update},
    lines,
    phrase::{date, items, politeness, question, split::split_title, title},
    selection::answer,
    sentence,
    text::{span::Words, spelling, token},
};

/// What a message asks for, in the order said. Never empty; [`Intent::Unknown`] stands alone.
#[must_use]
pub fn interpret(text: &str, context: &Context) -> Vec<Intent> {
    let mut tokens = token::tokens(text);
    spelling::correct(&mut tokens);
    token::write_out_is(text, &mut tokens);
    let words = Words::new(text, &tokens);
    let mut intents =
        understood(words, context).filter(|intents| !intents.is_empty()).unwrap_or_else(|| vec![Intent::Unknown]);
    for intent in &mut intents {
        if let Intent::Add(items) | Intent::Offer(items) = intent {
            for item in items {
                item.parts = split_title(&item.title);
            }
        }
    }
    intents
}

fn understood(words: Words<'_>, context: &Context) -> Option<Vec<Intent>> {
    if words.text(0).starts_with('/') {
        return slash::command(words, context).map(|intent| vec![intent]);
    }
    if let Some(corrected) = update::corrected(words, context) {
        return Some(vec![corrected]);
    }
    if let Some(topic) = about::topic(words) {
        return Some(vec![Intent::About(topic)]);
    }
    if let Some(answer) = answer::answer(words, context) {
        return Some(answer);
    }
    let dialogue = &context.dialogue;
    if is_only_emoji(words) && dialogue.options == 0 && !dialogue.confirming && !dialogue.offering {
        return Some(vec![Intent::Thanks]);
    }
    if pasted::is_foreign_text(words) {
        return None;
    }
    if let Some(items) = bulleted(words, context) {
        return Some(vec![Intent::Add(items)]);
    }
    if let Some(intents) = lines::lines(words, context) {
        return merged(intents);
    }
    commands(words, context)
}

/// Whether there is an emoji, and nothing else.
fn is_only_emoji(words: Words<'_>) -> bool {
    let shows = |text: &str| text.chars().any(|c| !c.is_ascii() && !c.is_alphanumeric());
    words.tokens().iter().any(|token| shows(&token.text))
        && !words.source().chars().any(char::is_alphanumeric)
        && !words.has(&["?"])
}

/// The commands and bare titles of a message, clause by clause.
fn commands(words: Words<'_>, context: &Context) -> Option<Vec<Intent>> {
    let mut intents: Vec<Intent> = Vec::new();
    let mut context = context.clone();
    for clause in clauses::clauses(words, &context) {
        // Greetings and thanks around a command say nothing.
        if politeness::says_nothing(clause) {
            continue;
        }
        let intent = clause_intent(clause, &context)?;
        let unclear = matches!(
            &intent,
            Intent::Complete(Target::Missing)
                | Intent::Reopen(Target::Missing)
                | Intent::Delete(Target::Missing)
                | Intent::Update { target: Target::Missing, .. }
        );
        if unclear && !intents.is_empty() {
            // "Move the dentist to Friday and make it urgent" is one change of one task.
            return update::update(politeness::opened(words), &context).map(|intent| vec![intent]);
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
    if intents.len() > 1 && intents.iter().any(|intent| matches!(intent, Intent::Offer(_))) {
        let additions = intents.iter().all(|intent| matches!(intent, Intent::Offer(_) | Intent::Add(_)));
        return if additions { border::offer(words, &context).map(|intent| vec![intent]) } else { None };
    }
    merged(intents)
}

fn clause_intent(clause: Words<'_>, context: &Context) -> Option<Intent> {
    if let Some(intent) = border::before_commands(clause, context) {
        return Some(intent);
    }
    match sentence::intent(clause, context).or_else(|| declined(clause, context)) {
        Some(Intent::List(_)) if border::is_title_of_list(clause) => border::outcome(clause, context),
        Some(Intent::List(_)) if border::holds_command(clause) => None,
        Some(intent) => Some(intent),
        None => border::outcome(clause, context),
    }
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
fn bulleted(words: Words<'_>, context: &Context) -> Option<Vec<NewItem>> {
    let line_end = (0..words.len()).find(|&i| words.text(i) == "\n" || i == 0 && words.is_mark(0))?;
    let (heading, rest) = words.split_heading(line_end);
    if !heading.is_empty() && !is_heading(heading, context) {
        return None;
    }
    let items = items::bulleted(rest).filter(|items| items.len() > 1 || !heading.is_empty())?;
    if items::has_ticked_box(rest) {
        return None;
    }
    let date = date::found::date_of(heading.trim(), context);
    let given = title::Given { date, ..title::Given::default() };
    let items: Vec<NewItem> = items.into_iter().filter_map(|item| title::item(item, given, context)).collect();
    (!items.is_empty()).then_some(items)
}

/// Whether the first line only names the list: "Tasks for today:". "Show my tasks:" asks for it.
fn is_heading(heading: Words<'_>, context: &Context) -> bool {
    let own = !matches!(heading.text(0), "show" | "list" | "find" | "view" | "see" | "display" | "give" | "tell");
    let named = match sentence::intent(heading.trim(), context) {
        None => true,
        Some(Intent::List(_)) => own,
        Some(_) => false,
    };
    let closed =
        heading.last() == ":" || heading.trim().len() <= 3 && heading.has(&["todo", "todos", "to-do", "list", "tasks"]);
    named
        && closed
        && heading.len() <= 6
        && !question::is_question(heading)
        && !heading.has(&["delete", "remove", "done", "complete", "cancel", "finished"])
}
