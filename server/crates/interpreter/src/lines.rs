//! Several lines without bullets: a list of tasks, under a heading or none.

use crate::{
    Context, Intent, NewItem, Target,
    border::{self, offered, outcome},
    commands::add,
    phrase::{items, politeness, title::Given},
    sentence,
    text::lexicon::is_action,
    text::pattern::pattern,
    text::span::Words,
};

/// What the lines come to, each for itself. `None` where they are no list.
pub(crate) fn lines(words: Words<'_>, context: &Context) -> Option<Vec<Intent>> {
    let lines = split(words);
    let (first, rest) = lines.split_first()?;
    if rest.is_empty()
        || items::has_ticked_box(words)
        || add::opening(politeness::opened(*first), context).is_some() && !begins_plain(rest, context)
    {
        return None;
    }
    if first.last() == ":" && first.len() <= 7 {
        return under_heading(first.to(first.len() - 1), rest, context).map(|items| vec![Intent::Add(items)]);
    }
    each(&lines, context)
}

/// What each line comes to, and all of them together.
fn each(lines: &[Words<'_>], context: &Context) -> Option<Vec<Intent>> {
    let mut intents = Vec::new();
    let (mut added, mut offered) = (0, 0);
    for line in lines {
        if politeness::says_nothing(*line) {
            continue;
        }
        let plain = border::is_title_of_command_verb(*line, context);
        let intent = if plain { None } else { sentence::intent(*line, context) };
        let intent = intent.or_else(|| outcome(*line, context))?;
        match &intent {
            Intent::Add(_) => added += 1,
            Intent::Offer(_) => offered += 1,
            Intent::Greet | Intent::Thanks | Intent::Goodbye => continue,
            Intent::Help | Intent::About(_) | Intent::Confirm | Intent::Decline | Intent::Choose(_) => return None,
            _ => {}
        }
        intents.push(intent);
    }
    // Rule 13: a command over several tasks beside titles is rather pasted than meant.
    if added + offered > 0 && intents.iter().any(changes_many) {
        return Some(Vec::new());
    }
    if offered == 0 {
        return (!intents.is_empty()).then_some(intents);
    }
    let items = items_of(intents)?;
    // A name or a brand in a list of errands is an item like the others.
    Some(vec![if added >= offered { Intent::Add(items) } else { Intent::Offer(items) }])
}

/// Whether the command is of tasks that it does not name one by one.
const fn changes_many(intent: &Intent) -> bool {
    let (Intent::Complete(target) | Intent::Reopen(target) | Intent::Delete(target) | Intent::Update { target, .. }) =
        intent
    else {
        return false;
    };
    matches!(target, Target::All | Target::Matching { .. })
}

/// The items of all the lines, where each adds or offers some.
fn items_of(intents: Vec<Intent>) -> Option<Vec<NewItem>> {
    let mut all = Vec::new();
    for intent in intents {
        match intent {
            Intent::Add(items) | Intent::Offer(items) => all.extend(items),
            _ => return None,
        }
    }
    Some(all)
}

/// Whether the lines after the first begin with verbs of their own, so that the first opens no list.
fn begins_plain(rest: &[Words<'_>], context: &Context) -> bool {
    rest.iter().any(|line| sentence::intent(*line, context).is_some())
}

fn split(words: Words<'_>) -> Vec<Words<'_>> {
    words
        .tokens()
        .split(|token| token.text == "\n")
        .map(|line| words.of(line))
        .filter(|line| !line.trim().is_empty())
        .collect()
}

/// The items under a heading: "groceries:", "friday:", "buy:".
fn under_heading(heading: Words<'_>, lines: &[Words<'_>], context: &Context) -> Option<Vec<NewItem>> {
    let own = heading.eat(0, pattern!("what|things i|we need|want|have|still|must|should")).is_some();
    let no_list = border::asks(heading) && !own
        || heading.has(&["delete", "remove", "done", "complete", "cancel", "finished", "completed", "mark"]);
    if no_list || lines.iter().any(|line| border::is_long(*line)) {
        return None;
    }
    let date =
        offered::heading_date(heading, context).or_else(|| crate::phrase::date::found::date_of(heading, context));
    let given = Given { date, ..Given::default() };
    let lines: Vec<Words<'_>> = lines.iter().map(|line| line.trim()).collect();
    let items = if heading.len() == 1 && is_action(heading.text(0)) && !lines.iter().any(|line| is_action(line.text(0)))
    {
        offered::prefixed(&lines, heading.raw(), given, context)
    } else {
        lines.iter().filter_map(|line| crate::phrase::title::item(*line, given, context)).collect()
    };
    (!items.is_empty()).then_some(items)
}
