//! "Show …", "what's left?", "how many …", "find …".

use crate::{
    Context, Filter, Intent, ListRequest, Status, Target,
    filter::{self, Evidence, Survey, survey},
    phrase::question::is_question,
    reference,
    text::lexicon,
    text::pattern::{pattern, patterns},
    text::span::Words,
    text::stems::{is_past, may_be_past},
};

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
    if (asking == Asking::Show
        && rest.trim().is_empty()
        && matches!(words.text(0), "list" | "show" | "display" | "view"))
        || words.trim().is_any(patterns!["todo|to-do|list"])
    {
        return Some(Intent::List(ListRequest::default()));
    }
    let found = survey(rest, context);
    // What Saydo cannot tell apart is not shown as if it could.
    if found.has(Evidence::UnknownField)
        || (found.has(Evidence::You) && !(found.has(Evidence::Noun) || found.has(Evidence::List)))
    {
        return None;
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
    let found = survey(words, context);
    let query = found.query(words);
    if !found.other.is_empty() && query.is_none() {
        return None;
    }
    Some(Intent::List(request(&found, query, Status::All, context)))
}

/// The search for what all the words say.
pub(crate) fn search(words: Words<'_>, context: &Context) -> Option<Intent> {
    let found = survey(words, context);
    find(words, &found, context).map(Intent::List)
}

fn asking(words: Words<'_>) -> (Asking, usize) {
    // "Open items" is no command to open.
    if words.text(0) == "open" && (lexicon::is_task_plural(words.text(1)) || words.text(1) == "ones") {
        return (Asking::Bare, 0);
    }
    let show = words.eat_any(
        0,
        patterns![
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
        ],
    );
    if let Some(find) = words.eat_any(
        0,
        patterns![
            "find|search|locate|lookup for?|me?",
            "look for|up",
            "search my tasks|list|todos for",
            "filter by|for?"
        ],
    ) {
        return (Asking::Find, find);
    }
    let show = show.or_else(|| words.eat(0, pattern!("remind me|us")).filter(|&end| is_question(words.from(end))));
    // "Show me what's left" is a question.
    if let Some(end) = show.filter(|&end| is_question(words.from(end))) {
        return (Asking::Question, end);
    }
    if let Some(end) = show {
        return (Asking::Show, end);
    }
    if is_question(words) { (Asking::Question, 0) } else { (Asking::Bare, 0) }
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

fn find(words: Words<'_>, found: &Survey, context: &Context) -> Option<ListRequest> {
    if words.is_empty() {
        return None;
    }
    let query = found.query(words);
    let evidence = found.has(Evidence::Noun)
        || found.tells_status()
        || found.window.is_some()
        || found.has(Evidence::Due)
        || found.priority.is_some()
        || found.has(Evidence::List);
    if query.is_none() && !evidence {
        return None;
    }
    Some(request(found, query, Status::All, context))
}

fn show(words: Words<'_>, found: &Survey, context: &Context) -> Option<ListRequest> {
    let evidence = found.has(Evidence::Noun)
        || found.has(Evidence::List)
        || found.tells_status()
        || found.has(Evidence::Obliged)
        || found.has(Evidence::Due)
        || (found.has(Evidence::All) && found.other.is_empty())
        || (found.priority.is_some() && found.other.is_empty())
        || (found.window.is_some() && found.other.is_empty());
    if !evidence {
        return None;
    }
    let query = found.query(words);
    if !found.other.is_empty()
        && (query.is_none()
            || !(found.has(Evidence::Noun) || found.has(Evidence::List) || found.about.is_some())
            || found.other.len() > 4)
    {
        return None;
    }
    Some(request(found, query, Status::All, context))
}

fn question(all: Words<'_>, words: Words<'_>, found: &Survey, context: &Context) -> Option<ListRequest> {
    let first = words.text(0);
    if matches!(first, "why" | "if" | "whose")
        || words
            .eat(0, pattern!("how do|does|can|should|would|could|did|am|are|is"))
            .is_some_and(|_| !found.has(Evidence::DayTalk))
    {
        return None;
    }
    let shown = all.len() > words.len();
    let default =
        if found.has(Evidence::All) || shown && !found.has(Evidence::DayTalk) { Status::All } else { Status::Pending };
    let evidence = found.has(Evidence::Noun)
        || found.has(Evidence::List)
        || found.tells_status()
        || found.has(Evidence::Obliged)
        || found.has(Evidence::Due)
        || (found.has(Evidence::Next) && !matches!(first, "who"))
        || found.priority.is_some() && found.other.is_empty()
        || (found.has(Evidence::DayTalk)
            && (found.window.is_some()
                || words.eat_any(0, patterns!["what else? do|have i|we", "do i|we have", "what about|on"]).is_some()))
        || (found.has(Evidence::Any)
            && (found.window.is_some()
                || found.about.is_some()
                || words.len() <= 2
                || words.eat(0, pattern!("what else is there")).is_some()))
        || (found.window.is_some() && words.eat_any(0, patterns!["what|how about", "am i"]).is_some())
        || (words.has(&["did"]) && words.has(&["do"]) && words.has(&["i"]));
    if found.other.is_empty() {
        if !evidence && found.about.is_none() {
            return None;
        }
        let subject = found.has(Evidence::Noun)
            || found.has(Evidence::List)
            || found.has(Evidence::Obliged)
            || words.has(&["i", "my", "we", "me", "anything", "everything", "any"]);
        let stands = subject
            || found.tells_status()
            || found.has(Evidence::Due)
            || found.window.is_some()
            || found.has(Evidence::Next)
            || found.priority.is_some();
        if !stands || (found.about.is_some() && !evidence) {
            return None;
        }
        let mut request = request(found, found.about.clone(), default, context);
        // "Is everything done?" asks for what is not.
        let whole = matches!(first, "have" | "did") && found.has(Evidence::All);
        if (matches!(first, "is" | "are" | "am") || whole)
            && found.has(Evidence::Completed)
            && !found.has(Evidence::Negated)
        {
            request.filter.status = Status::Pending;
        }
        let did = words.has(&["did"]) && words.has(&["do"]) && !found.has(Evidence::Negated);
        if did {
            request.filter.status = Status::Completed;
            request.filter.finished = request.filter.due.take();
        }
        return Some(request);
    }
    about_some_task(words, found, default, context)
}

/// "Did I pay the rent?", "do I have a task to call Bob?", "when is the dentist appointment due?".
fn about_some_task(words: Words<'_>, found: &Survey, default: Status, context: &Context) -> Option<ListRequest> {
    if found.other.len() > 5 {
        return None;
    }
    let mine = words.eat_any(
        0,
        patterns![
            "did|have i|we",
            "do i|we still? have|need a|an|any|to|the|my?",
            "where is|are the|my?",
            "is|are there a|an|any|some?",
            "when is|are|do|should|must|am|was i|we|my|the?",
            "is|was|has|have|are the|my|our?",
            "what do|should|must|did i|we",
            "who do|should|must i|we",
            "which|what",
            "how many|much",
            "any|anything",
        ],
    )?;
    let first = words.text(0);
    let noun = found.has(Evidence::Noun) || found.has(Evidence::List);
    let strong = match first {
        "did" | "have" => (mine..words.len()).any(|i| lexicon::is_action(words.text(i)) || may_be_past(words.text(i))),
        "do" => noun || found.has(Evidence::Obliged) || words.has(&["need"]) || found.window.is_some(),
        "when" => {
            found.has(Evidence::Due)
                || noun
                || found.has(Evidence::Obliged)
                || words.has(&["i"])
                || words.tokens().iter().any(|t| lexicon::is_event(&t.text))
        }
        "is" | "was" | "has" | "are" if words.text(1) != "there" => {
            found.has(Evidence::Completed)
                || words.tokens().iter().skip(2).any(|t| is_past(&t.text))
                || (found.has(Evidence::Due) && words.len() > 2)
        }
        "who" | "what" if found.has(Evidence::Obliged) && !noun => {
            found.other.len() == 1 && lexicon::is_action(words.text(found.other[0]))
        }
        _ => noun,
    };
    if !strong {
        return None;
    }
    let mut kept: Vec<usize> = found.other.clone();
    // A verb is seldom written as in the title.
    if kept.len() > 1 && found.about.is_none() {
        let named = |i: usize| i > 0 && matches!(words.text(i - 1), "the" | "my" | "a" | "an");
        kept.retain(|&i| {
            !may_be_past(words.text(i)) && (named(i) || i != found.other[0] || !lexicon::is_action(words.text(i)))
        });
    }
    let query = found.about.clone().or_else(|| filter::searched_at(words, &kept))?;
    let plain = matches!(first, "did" | "have" | "is" | "was" | "has" | "when");
    let mut request = request(found, Some(query), if plain { Status::All } else { default }, context);
    if plain {
        request.filter = Filter { query: request.filter.query, ..Filter::default() };
    }
    Some(request)
}

fn bare(words: Words<'_>, found: &Survey, context: &Context) -> Option<ListRequest> {
    let asked = words.last() == "?";
    let noun = (found.has(Evidence::Noun) && found.has(Evidence::Plural)) || found.has(Evidence::List);
    let alone = found.other.is_empty();
    let evidence = (noun && (alone || found.other.len() <= 2 && words.len() <= 5))
        || (alone && (found.has(Evidence::Pending) || found.has(Evidence::Overdue)) && words.len() <= 5)
        || (alone && found.has(Evidence::Counted) && found.has(Evidence::Noun))
        || (alone && found.has(Evidence::All) && found.tells_status())
        || (alone
            && found.has(Evidence::Completed)
            && (asked || found.has(Evidence::Noun) || found.window.is_some())
            && words.len() <= 5)
        || (alone
            && found.window.is_some()
            && (asked || found.has(Evidence::Due) || found.has(Evidence::List))
            && words.len() <= 6)
        || (alone && found.has(Evidence::Due) && asked);
    if !evidence
        || (found.has(Evidence::Noun)
            && !found.has(Evidence::Plural)
            && !found.has(Evidence::List)
            && !found.has(Evidence::Counted))
    {
        return None;
    }
    let query = found.query(words);
    let commands =
        matches!(words.text(0), "delete" | "remove" | "complete" | "mark" | "restore" | "rename" | "postpone" | "undo");
    let commands =
        commands || (found.other.first() == Some(&0) && matches!(words.text(1), "my" | "the" | "all" | "our"));
    if !alone && (query.is_none() || commands || lexicon::is_action(words.text(0))) {
        return None;
    }
    let default = if found.window.is_some() { Status::Pending } else { Status::All };
    Some(request(found, query, default, context))
}

/// The request that a survey comes to; `default` is the status where none is told.
pub(crate) fn request(found: &Survey, query: Option<String>, default: Status, context: &Context) -> ListRequest {
    let filter = filter::filter(found, query, default, context);
    ListRequest { filter, numbers: Vec::new(), count_only: found.has(Evidence::Counted) }
}
