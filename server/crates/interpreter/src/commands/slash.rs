//! Slash commands: exact, the rest of the line is their argument.

use saydo_contract::SlashCommand;

use crate::{
    Changes, Context, DueChange, Intent, NoteChange, Receipt, Target,
    commands::list,
    phrase::date,
    phrase::items,
    phrase::priority,
    phrase::title::{self, Given},
    reference,
    text::pattern::pattern,
    text::span::Words,
};

/// The command of a message that begins with a slash.
pub(crate) fn command(words: Words<'_>, context: &Context) -> Option<Intent> {
    let name = SlashCommand::named(words.text(0))?;
    let rest = words.from(1);
    let rest = if rest.text(0) == ":" { rest.from(1) } else { rest };
    Some(match name {
        SlashCommand::Add => {
            let items: Vec<_> = items::parts(rest, false, None)
                .into_iter()
                .filter_map(|part| title::item(part, Given::default(), context))
                .collect();
            if items.is_empty() {
                return None;
            }
            Intent::Add(items)
        }
        SlashCommand::List => list::requested(rest.trim(), context)?,
        SlashCommand::Find => list::search(rest.trim(), context)?,
        SlashCommand::Done => Intent::Complete(reference::target(rest, context)?),
        SlashCommand::Reopen => Intent::Reopen(reference::target(rest, context)?),
        SlashCommand::Delete => Intent::Delete(reference::target(rest, context)?),
        SlashCommand::Restore => Intent::Restore(reference::target(rest, context)?),
        SlashCommand::Edit => edit(rest)?,
        SlashCommand::Due => due(rest, context)?,
        SlashCommand::Priority => {
            let last = rest.trim();
            let (level, target) =
                last.len().checked_sub(1).and_then(|at| Some((priority::level(last.text(at))?, last.to(at))))?;
            changed(target, Changes { priority: Some(level), ..Changes::default() }, context)?
        }
        SlashCommand::Note => {
            let end = numbered(rest)?;
            let text = rest.from(end).trim_start();
            let text = text.only_quoted().unwrap_or_else(|| text.raw()).trim();
            let note = if text.is_empty() { NoteChange::Clear } else { NoteChange::Set(text.to_owned()) };
            changed(rest.to(end), Changes { note, ..Changes::default() }, context)?
        }
        SlashCommand::Split => Intent::Split(reference::target(rest, context)?),
        SlashCommand::Undo if rest.trim().is_empty() => Intent::Undo,
        SlashCommand::Undo => Intent::UndoReceipt(receipt(rest.trim())?),
        SlashCommand::Redo => return rest.trim().is_empty().then_some(Intent::Redo),
        SlashCommand::Help => Intent::Help,
    })
}

fn changed(target: Words<'_>, changes: Changes, context: &Context) -> Option<Intent> {
    match reference::target(target, context)? {
        Target::Missing => None,
        target => Some(Intent::Update { target, changes }),
    }
}

/// Where the number that the words begin with ends.
fn numbered(words: Words<'_>) -> Option<usize> {
    (1..=3.min(words.len())).find(|&end| reference::numbers(words.to(end)).is_some_and(|numbers| numbers.len() == 1))
}

/// "/undo #7", "/undo turn 12", "/undo turn 12 #7".
fn receipt(rest: Words<'_>) -> Option<Receipt> {
    let number = |at: usize| rest.text(at).trim_start_matches('#').parse::<i64>().ok().filter(|number| *number > 0);
    match (rest.text(0), rest.len()) {
        ("turn", 2) => number(1).map(Receipt::Turn),
        ("turn", 3) => Some(Receipt::TaskOfTurn { turn: number(1)?, task: number(2)? }),
        (_, 1) => number(0).map(Receipt::Task),
        _ => None,
    }
}

/// "/edit 3 Call dad tomorrow": the title as it is written.
fn edit(rest: Words<'_>) -> Option<Intent> {
    let end = numbered(rest)?;
    let numbers = reference::numbers(rest.to(end))?;
    let title = rest.from(end);
    let title = if title.text(0) == ":" { title.from(1) } else { title };
    let text = match title.only_quoted() {
        Some(quoted) => quoted,
        None => rest.source().get(title.tokens().first()?.start..)?.trim(),
    };
    let title = title::literal(text)?.title;
    Some(Intent::Update {
        target: Target::Numbers(numbers),
        changes: Changes { title: Some(title), ..Changes::default() },
    })
}

/// "/due 3 friday", "/due 3 none".
fn due(rest: Words<'_>, context: &Context) -> Option<Intent> {
    let rest = rest.trim();
    if let Some(at) = rest.ends(pattern!("none|clear|remove|never|no|off|nothing")).filter(|&at| at > 0) {
        return changed(rest.to(at), Changes { due: DueChange::Clear, ..Changes::default() }, context);
    }
    let start = numbered(rest);
    let found = start.and_then(|start| {
        let at = rest.eat(start, pattern!("to|on|at|by|for|:")).unwrap_or(start);
        date::phrase(rest, at, context).filter(|phrase| phrase.end == rest.len()).map(|phrase| (start, phrase))
    });
    let (at, phrase) = found.or_else(|| date::found::date_at_end(rest, None, context))?;
    let due = match phrase.time_only() {
        Some(time) => DueChange::Time(time),
        None => DueChange::Set(phrase.when(context)?),
    };
    changed(rest.to(at), Changes { due, ..Changes::default() }, context)
}
