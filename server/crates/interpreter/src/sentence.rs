//! One command.

use crate::{
    Context, Intent, border, commands::add, commands::complete, commands::delete, commands::list, commands::small_talk,
    commands::split, commands::update, commands::write::is_clear, phrase::politeness, phrase::question,
    text::pattern::pattern, text::span::Words,
};

/// What one clause asks for.
pub(crate) fn intent(words: Words<'_>, context: &Context) -> Option<Intent> {
    let asked = words.trim_end().len() < words.len() && words.has(&["?"]) || words.last() == "?";
    let polite = politeness::opened(words);
    if politeness::says_nothing(polite) {
        return None;
    }
    if let Some(intent) = small_talk::small_talk(polite) {
        return Some(intent);
    }
    // What is not to be done, and what is only to be done in a case.
    if polite.eat(0, pattern!("do not|never")).is_some()
        || polite.eat(0, pattern!("if|unless|when|once|whenever|suppose|imagine")).is_some()
    {
        let forbidden = polite.eat(0, pattern!("do not|never")).is_some();
        let asked = || only_list(list::list(polite, context)).filter(|_| !forbidden);
        return add::add(polite, context).map(Intent::Add).or_else(asked);
    }
    let asked_politely = polite.len() < words.trim_start().len();
    if let Some(wished) = politeness::wished(polite)
        && let Some(intent) = wish(polite, wished, context)
    {
        return Some(intent);
    }
    plain(polite, asked && !asked_politely, context)
}

fn only_list(intent: Option<Intent>) -> Option<Intent> {
    intent.filter(|intent| matches!(intent, Intent::List(_)))
}

/// What is wished for, where it is a command and not a thing to do: "I want to delete task 2".
fn wish(all: Words<'_>, wished: Words<'_>, context: &Context) -> Option<Intent> {
    let obliged = all.eat(0, pattern!("i|we just? need")).is_some();
    let allowed = all.eat(0, pattern!("may|can|could i|we")).is_some();
    let rest = politeness::closed(politeness::opened(wished));
    if let Some(list) = only_list(list::list(rest, context)).filter(|_| asks(rest) && !border::is_title_of_list(rest)) {
        return Some(list);
    }
    if let Some(intent) = small_talk::small_talk(rest) {
        return Some(intent);
    }
    let adds = matches!(
        rest.text(0),
        "add" | "remind" | "jot" | "create" | "put" | "set" | "new" | "schedule" | "be" | "remember" | "make"
    ) && (!matches!(rest.text(0), "create" | "put" | "set" | "make" | "schedule") || names_list(rest));
    if adds && let Some(items) = add::add(rest, context) {
        return Some(Intent::Add(items));
    }
    // "Can I delete task 2?" only asks.
    if allowed {
        return None;
    }
    let intent = update::update(rest, context)
        .or_else(|| {
            complete::complete(rest, context).filter(|_| !obliged || rest.text(0) == "mark" || rest.has(&["off"]))
        })
        .or_else(|| delete::delete(rest, context))?;
    let pronoun = rest.has(&["it", "them", "that", "this", "those", "these"]);
    (is_clear(&intent, rest) && !(obliged && pronoun)).then_some(intent)
}

fn names_list(words: Words<'_>) -> bool {
    words.has(&["task", "tasks", "todo", "todos", "to-do", "reminder", "reminders", "list", "item", "items"])
}

fn asks(words: Words<'_>) -> bool {
    matches!(
        words.text(0),
        "see"
            | "know"
            | "view"
            | "check"
            | "show"
            | "list"
            | "look"
            | "get"
            | "have"
            | "review"
            | "find"
            | "search"
            | "display"
            | "read"
            | "open"
            | "go"
            | "hear"
            | "what"
    )
}

fn plain(words: Words<'_>, asked: bool, context: &Context) -> Option<Intent> {
    let closed = politeness::closed(words);
    // "Delete task 2?" wonders; "delete task 2, ok?" does not.
    let asked = asked && closed.len() == words.trim_end().len();
    let question = question::is_question(words);
    let command = |given: bool, command: &dyn Fn() -> Option<Intent>| if given { command() } else { None };
    command(!question && !asked, &|| complete::mark(closed, context))
        .or_else(|| command(!question && !asked, &|| split::split(closed, context)))
        .or_else(|| command(!asked, &|| update::update(closed, context)))
        .or_else(|| command(!question, &|| add::add(words, context).map(Intent::Add)))
        .or_else(|| command(!question && !asked, &|| delete::delete(closed, context)))
        .or_else(|| command(!question && !asked, &|| complete::complete(closed, context)))
        .or_else(|| list::list(words, context))
        .or_else(|| list::list(closed, context))
}
