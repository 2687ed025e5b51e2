//! "Show …", "what's left?", "how many …", "find …".
//!
//! [`FilterBuilder`] reads what the words speak of; the tables in [`requests`] tell which evidence makes a request.

mod requests;

use crate::{
    Context, Filter, Intent, ListRequest, Status, Target,
    filter::{self, Evidence, EvidenceSet, FilterBuilder},
    phrase::question::is_question,
    reference,
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
    text::stems::{is_past, may_be_past},
};
use requests::Reading;

/// How a sentence asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    /// "show", "list".
    Show,
    /// "find", "search for".
    Find,
    /// "what", "which", "do I have".
    Question,
    /// No verb: "overdue tasks".
    Bare,
}

/// What the sentence asks to see, if it asks for tasks.
pub(crate) fn list(words: Words<'_>, context: &Context) -> Option<Intent> {
    // Nobody asks for tasks at such length.
    if words.len() > 60 {
        return None;
    }
    let (asking, start) = asking(words);
    let rest = words.from(start);
    if let Some(numbers) = numbered(rest, asking, context) {
        return Some(Intent::List(ListRequest { numbers, ..ListRequest::default() }));
    }
    // "List", "show me", "todo".
    let shows_nothing = asking == Asking::Show && rest.trim().is_empty();
    if shows_nothing && words.eat(0, pattern!("list|show|display|view")).is_some()
        || words.trim().is_any(patterns!["todo|to-do|list", "to do"])
    {
        return Some(Intent::List(ListRequest::default()));
    }
    let mut found = FilterBuilder::read(rest, context);
    found.note_if(Evidence::Mine, rest.has(&["i", "my", "we", "me", "anything", "everything", "any"]));
    found.note_if(Evidence::I, rest.has(&["i"]));
    found.note_if(Evidence::Did, rest.has(&["did"]) && rest.has(&["do"]));
    found.note_if(Evidence::Asked, rest.last() == "?");
    // What Saydo cannot tell apart is not shown as if it could.
    if requests::is_refused(rest, &found) {
        return None;
    }
    let shows = words.eat(0, pattern!("show|list|display|view me|us? all|my|the?"));
    if let Some(kind) = shows.filter(|_| asking == Asking::Show).and_then(|_| kind_of_tasks(rest, &found)) {
        return Some(Intent::List(request(&found, Some(kind), Status::All, context)));
    }
    let request = match asking {
        Asking::Find => find(rest, &found, context)?,
        Asking::Show => show(rest, &found, context)?,
        Asking::Question => question(words, rest, &found, context)?,
        Asking::Bare => bare(rest, &found, context)?,
    };
    Some(Intent::List(request))
}

/// The request after a slash command: every word counts.
pub(crate) fn requested(words: Words<'_>, context: &Context) -> Option<Intent> {
    let found = FilterBuilder::read(words, context);
    let query = found.query(words);
    if !found.unread.is_empty() && query.is_none() {
        return None;
    }
    Some(Intent::List(request(&found, query, Status::All, context)))
}

/// The search for what all the words say.
pub(crate) fn search(words: Words<'_>, context: &Context) -> Option<Intent> {
    let found = FilterBuilder::read(words, context);
    find(words, &found, context).map(Intent::List)
}

/// Words that ask to see something.
const SHOW: &Patterns = patterns![
    "show|list|display|view|print|see|enumerate|review|recap|summarize|summarise|know|hear to? me|us?",
    "details|detail|info|description|status of|for|on|about",
    "refresh|reload|sync",
    "give|get|send|hand|read|fetch me|us",
    "tell me|us about?",
    "pull|bring|call|put up",
    "look|glance at|over|through",
    "go|run|walk over|through me?",
    "read|open|check|get|fetch|load|retrieve",
    "read out|back me?",
    "let me|us see|have",
    "take|have me? a look at|through",
    "i want|need|would to? see|know|check|view|get|like",
    "i would like|love|want to see|know|check|view|get|look at?",
    "i want|need to look at",
    "want|like to see|know|check|view",
    "know|hear about",
];

/// Words that ask to search.
const FIND: &Patterns =
    patterns!["find|search|locate|lookup for?|me?", "look for|up", "search my tasks|list|todos for", "filter by|for?"];

/// How the sentence asks, and where that is said.
fn asking(words: Words<'_>) -> (Asking, usize) {
    // "Open items" is no command to open.
    if words.text(0) == "open" && (lexicon::is_task_plural(words.text(1)) || words.text(1) == "ones") {
        return (Asking::Bare, 0);
    }
    if let Some(end) = words.eat_any(0, FIND) {
        return (Asking::Find, end);
    }
    let asked = |end: &usize| is_question(words.from(*end));
    let shown = words.eat_any(0, SHOW).or_else(|| words.eat(0, pattern!("remind me|us")).filter(asked));
    match shown {
        // "Show me what's left" is a question.
        Some(end) if asked(&end) => (Asking::Question, end),
        Some(end) => (Asking::Show, end),
        None if asked(&0) => (Asking::Question, 0),
        None => (Asking::Bare, 0),
    }
}

/// "show task 3", "what is task 3?", "is task 3 done?".
fn numbered(words: Words<'_>, asking: Asking, context: &Context) -> Option<Vec<i64>> {
    if asking == Asking::Bare {
        return None;
    }
    let mut rest = words;
    for _ in 0..2 {
        let lead = patterns![
            "what|how|when|which|where priority|status? is|are|about|does the?",
            "is|are|was|did i? complete|finish|do?",
            "the? details|detail|info|description|notes|note|status|due|date|priority of|for|on|about",
            "me",
        ];
        rest = rest.from(rest.eat_any(0, lead).unwrap_or(0));
    }
    let rest = rest.eat(0, pattern!("due? date of|for|on")).map_or(rest, |end| rest.from(end));
    let rest = rest.trim_end();
    let end = rest
        .ends_any(patterns![
            "done|finished|completed|complete|due|about|say|says|open|pending|overdue",
            "in detail",
            "details",
            "all? about",
        ])
        .filter(|&at| at > 0)
        .unwrap_or(rest.len());
    let rest = rest.to(end);
    let rest = rest.ends(pattern!("still|already")).map_or(rest, |at| rest.to(at));
    // A bare number asks for nothing.
    let named = rest.len() > 1 || rest.text(0).starts_with('#') || asking == Asking::Show;
    match reference::explicit(rest, context)? {
        Target::Numbers(numbers) if named => Some(numbers),
        _ => None,
    }
}

fn find(words: Words<'_>, found: &FilterBuilder, context: &Context) -> Option<ListRequest> {
    if words.is_empty() {
        return None;
    }
    let query = found.query(words).map(|query| reference::one_of_many(&query));
    (query.is_some() || requests::asks(requests::FIND, words, found))
        .then(|| request(found, query, Status::All, context))
}

fn show(words: Words<'_>, found: &FilterBuilder, context: &Context) -> Option<ListRequest> {
    const NAMED: EvidenceSet = EvidenceSet::of(&[Evidence::Noun, Evidence::List, Evidence::About]);
    if !requests::asks(requests::SHOW, words, found) {
        return None;
    }
    let query = found.query(words);
    let is_named = query.is_some() && found.evidence.has_any(NAMED) && found.unread.len() <= 4;
    (found.unread.is_empty() || is_named).then(|| request(found, query, Status::All, context))
}

/// The word of "show calls" that the tasks say.
fn kind_of_tasks(words: Words<'_>, found: &FilterBuilder) -> Option<String> {
    let [at] = found.unread[..] else { return None };
    let is_kind = words.len() <= 2 && at + 1 == words.len() && words.text(at).ends_with('s') && found.window.is_none();
    is_kind.then(|| reference::one_of_many(words.text(at)))
}

fn question(all: Words<'_>, words: Words<'_>, found: &FilterBuilder, context: &Context) -> Option<ListRequest> {
    let shown = all.len() > words.len() && !found.has(Evidence::DayTalk);
    let default = if found.has(Evidence::All) || shown { Status::All } else { Status::Pending };
    if requests::asks(requests::OTHER_QUESTIONS, words, found) {
        return None;
    }
    if !found.unread.is_empty() {
        return about_some_task(words, found, default, context);
    }
    if !requests::asks(requests::QUESTIONS, words, found) {
        return None;
    }
    let mut request = request(found, found.about.clone(), default, context);
    match requests::reading(words, found) {
        Some(Reading::Undone) => request.filter.status = Status::Pending,
        Some(Reading::Done) => {
            request.filter.status = Status::Completed;
            request.filter.finished = request.filter.due.take();
        }
        None => {}
    }
    Some(request)
}

/// "Did I pay the rent?", "do I have a task to call Bob?", "when is the dentist appointment due?".
fn about_some_task(words: Words<'_>, found: &FilterBuilder, default: Status, context: &Context) -> Option<ListRequest> {
    if found.unread.len() > 5 || !names_a_task(words, found) {
        return None;
    }
    let query = found.about.clone().or_else(|| filter::searched_at(words, &in_title(words, found)))?;
    let query = if words.has(&["any", "many"]) { reference::one_of_many(&query) } else { query };
    // Whether it is done is for the list to show.
    if matches!(words.text(0), "did" | "have" | "is" | "was" | "has" | "when") {
        let filter = Filter { query: Some(query), ..Filter::default() };
        return Some(ListRequest { filter, ..request(found, None, Status::All, context) });
    }
    Some(request(found, Some(query), default, context))
}

/// Whether the question is one about a task: what its first words need is there.
fn names_a_task(words: Words<'_>, found: &FilterBuilder) -> bool {
    let Some(start) = words.eat_any(0, requests::ABOUT_ONE) else { return false };
    let noun = found.has(Evidence::Noun) || found.has(Evidence::List);
    let obliged = found.has(Evidence::Obliged);
    match words.text(0) {
        "did" | "have" => (start..words.len()).any(|i| lexicon::is_action(words.text(i)) || may_be_past(words.text(i))),
        "do" => noun || obliged || words.has(&["need"]) || found.window.is_some() || found.has(Evidence::Any),
        "any" if found.unread.len() == 1 => true,
        "is" | "are" if found.has(Evidence::List) => true,
        "when" => {
            let event = || words.tokens().iter().any(|token| lexicon::is_event(&token.text));
            found.has(Evidence::Due) || noun || obliged || words.has(&["i"]) || event()
        }
        "is" | "was" | "has" | "are" if words.text(1) != "there" => {
            found.has(Evidence::Completed)
                || words.tokens().iter().skip(2).any(|token| is_past(&token.text))
                || (found.has(Evidence::Due) && words.len() > 2)
        }
        "who" | "what" if obliged && !noun => {
            matches!(found.unread[..], [verb] if lexicon::is_action(words.text(verb)))
        }
        _ => noun,
    }
}

/// The words that may be in the title. A verb is seldom written as there.
fn in_title(words: Words<'_>, found: &FilterBuilder) -> Vec<usize> {
    let mut places = found.unread.clone();
    if places.len() > 1 && found.about.is_none() {
        let is_noun = |i: usize| i > 0 && matches!(words.text(i - 1), "the" | "my" | "a" | "an");
        let is_verb = |i: usize| Some(&i) == found.unread.first() && lexicon::is_action(words.text(i)) && !is_noun(i);
        places.retain(|&i| !may_be_past(words.text(i)) && !is_verb(i));
    }
    places
}

fn bare(words: Words<'_>, found: &FilterBuilder, context: &Context) -> Option<ListRequest> {
    let changes = words.eat(0, pattern!("mark|flag|remove|delete|rename|postpone|reschedule|set|move")).is_some();
    if changes || !requests::asks(requests::BARE, words, found) {
        return None;
    }
    let query = found.query(words);
    let is_command = words.eat(0, pattern!("delete|remove|complete|mark|restore|rename|postpone|undo")).is_some()
        || lexicon::is_action(words.text(0))
        || found.unread.first() == Some(&0) && matches!(words.text(1), "my" | "the" | "all" | "our");
    if !found.unread.is_empty() && (query.is_none() || is_command) {
        return None;
    }
    let default = if found.window.is_some() { Status::Pending } else { Status::All };
    Some(request(found, query, default, context))
}

/// The request for what was read; `default` is the status where the words name none.
fn request(found: &FilterBuilder, query: Option<String>, default: Status, context: &Context) -> ListRequest {
    let filter = found.build(query, default, context);
    ListRequest { filter, numbers: Vec::new(), count_only: found.has(Evidence::Counted) }
}
