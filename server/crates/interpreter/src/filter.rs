//! What tasks have in common: the words of a question, a list request or a set of tasks, as a filter.
//!
//! [`survey`] looks at each word once and notes what it speaks of; [`filter`] makes the filter of that. Whether the
//! words ask for tasks at all is for the command to say.

use crate::{
    Context, Filter, Priority, Status, When, Window,
    phrase::date::{self, Certainty, calendar::plus_days},
    phrase::number::number,
    phrase::priority,
    text::lexicon,
    text::pattern::{pattern, patterns},
    text::span::Words,
    text::token::tokens,
};

/// What a word of a question or a set speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// "task", "tasks", "things".
    Noun,
    /// The noun, or what stands for it, is plural.
    Plural,
    /// "one", as in "the one due today".
    One,
    /// "list", "agenda", "plate".
    List,
    /// "all", "everything", "every".
    All,
    /// "anything", "something".
    Any,
    /// "open", "left", "still".
    Pending,
    /// "done", "finished".
    Completed,
    /// "not", "never".
    Negated,
    /// "overdue", "late".
    Overdue,
    /// "due".
    Due,
    /// "have to", "should", "to do".
    Obliged,
    /// "have", "happening", "planned": what a day is asked for.
    DayTalk,
    /// "next", "upcoming".
    Next,
    /// "including", "both".
    Both,
    /// "and", "or".
    Joined,
    /// The words ask the assistant about itself, unless they name tasks.
    You,
    /// What tasks are not kept by: "created", "deleted".
    UnknownField,
    /// "how many".
    Counted,
}

/// What the words speak of. Articles and auxiliaries speak of nothing.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    evidence: EvidenceSet,
    pub(crate) window: Option<Window>,
    pub(crate) priority: Option<Priority>,
    /// What follows "about", "for", "with".
    pub(crate) about: Option<String>,
    /// Words that belong to none of these.
    pub(crate) other: Vec<usize>,
}

/// A set of evidence, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct EvidenceSet(u32);

impl EvidenceSet {
    fn insert(&mut self, evidence: Evidence) {
        self.0 |= 1 << evidence as u32;
    }

    const fn has(self, evidence: Evidence) -> bool {
        self.0 & (1 << evidence as u32) != 0
    }
}

impl Survey {
    /// Whether the words speak of this.
    pub(crate) const fn has(&self, evidence: Evidence) -> bool {
        self.evidence.has(evidence)
    }

    fn note(&mut self, evidence: Evidence) {
        self.evidence.insert(evidence);
    }

    fn note_if(&mut self, evidence: Evidence, is_so: bool) {
        if is_so {
            self.note(evidence);
        }
    }

    /// Whether the words tell a status.
    pub(crate) fn tells_status(&self) -> bool {
        self.has(Evidence::Pending) || self.has(Evidence::Completed) || self.has(Evidence::Overdue)
    }

    /// The words to search for.
    pub(crate) fn query(&self, words: Words<'_>) -> Option<String> {
        self.about.clone().or_else(|| searched_at(words, &self.other))
    }
}

/// The words at these places as a search, where they stand together: words torn apart are no name.
pub(crate) fn searched_at(words: Words<'_>, places: &[usize]) -> Option<String> {
    let (first, last) = (*places.first()?, *places.last()?);
    (last - first + 1 == places.len()).then(|| searched(words.slice(first..last + 1)))
}

/// What the surveyed tasks have in common.
pub(crate) fn filter(found: &Survey, query: Option<String>, default: Status, context: &Context) -> Filter {
    let today = context.now.date_naive();
    let both = found.has(Evidence::Both)
        || (found.has(Evidence::Completed)
            && found.has(Evidence::Pending)
            && found.has(Evidence::Joined)
            && !found.has(Evidence::Negated));
    let completed = found.has(Evidence::Completed)
        && !found.has(Evidence::Negated)
        && !found.has(Evidence::Obliged)
        && !found.has(Evidence::Pending);
    let pending = found.has(Evidence::Pending)
        || found.has(Evidence::Overdue)
        || found.has(Evidence::Obliged)
        || (found.has(Evidence::Completed) && found.has(Evidence::Negated));
    let status = if both {
        Status::All
    } else if completed {
        Status::Completed
    } else if pending || found.has(Evidence::Due) || found.window.is_some() {
        Status::Pending
    } else {
        default
    };
    let mut filter =
        Filter { status, query, priority: found.priority.filter(|p| *p != Priority::None), ..Filter::default() };
    if completed && !found.has(Evidence::Due) {
        filter.finished = found.window;
    } else {
        filter.due = found.window;
    }
    if found.has(Evidence::Overdue) {
        let before = Some(When::Date(today));
        filter.due = Some(Window { after: filter.due.and_then(|window| window.after), before });
    }
    filter
}

/// Looks at each word once.
pub(crate) fn survey(words: Words<'_>, context: &Context) -> Survey {
    let mut found = Survey::default();
    let mut i = 0;
    while i < words.len() {
        if words.is_mark(i) {
            i += 1;
            continue;
        }
        if found.window.is_none()
            && let Some((window, end)) = window(words, i, context)
        {
            found.window = Some(window);
            found.note_if(Evidence::Due, words.slice(i..end).has(&["due"]));
            i = end;
            continue;
        }
        if let Some(end) = words
            .eat(i, pattern!("for|in|of|during|this|over the? whole|entire|rest? of? the? day|week|weekend|month"))
            .filter(|_| found.window.is_none())
        {
            found.window = own_days(words.text(end - 1), context);
            i = end;
            continue;
        }
        if let Some(end) = about(words, i) {
            let rest = words.from(end);
            let until = (0..rest.len())
                .find(|&at| window(rest, at, context).is_some() || rest.is_mark(at))
                .unwrap_or(rest.len());
            if until > 0 {
                found.about = Some(searched(rest.to(until))).filter(|query| !query.is_empty());
                i = end + until;
                continue;
            }
        }
        if let Some((level, end)) = priority_at(words, i) {
            found.priority = Some(level);
            i = end;
            continue;
        }
        i = found.take(words, i, context);
    }
    found
}

fn priority_at(words: Words<'_>, i: usize) -> Option<(Priority, usize)> {
    if !matches!(
        words.text(i),
        "high"
            | "top"
            | "low"
            | "medium"
            | "urgent"
            | "important"
            | "highest"
            | "lowest"
            | "critical"
            | "priority"
            | "most"
    ) && !words.text(i).ends_with("-priority")
    {
        return None;
    }
    priority::phrase(words, i)
}

fn about(words: Words<'_>, i: usize) -> Option<usize> {
    // "Have I called mom" names no task.
    if i > 0
        && (lexicon::is_task_noun(words.text(i - 1)) || words.text(i - 1) == "one")
        && let Some(end) = words.eat(i, pattern!("named|called|titled"))
    {
        return Some(end);
    }
    words.eat_any(i, patterns![
        "about|regarding|concerning|containing|matching|mentioning|involving|re|with|like|for|tagged|labelled the|my?",
        "related to the|my?",
        "to do with the|my?",
        "that|which contain|contains|mention|mentions|include|includes|involve|involves|say|says the|my?",
        "contain|mention|involve|include the|my?",
    ])
}

/// The words as a search, without quotes, articles and task nouns.
fn searched(words: Words<'_>) -> String {
    if let Some(quoted) = words.only_quoted() {
        return quoted.to_owned();
    }
    let mut words = words.trim();
    while matches!(words.text(0), "the" | "a" | "an" | "my" | "any" | "all") {
        words = words.from(1);
    }
    while lexicon::is_task_noun(words.last())
        || matches!(words.last(), "one" | "ones" | "it" | "in" | "on" | "for" | "me" | "list")
    {
        words = words.to(words.len() - 1);
    }
    words.trim().raw().to_owned()
}

impl Survey {
    /// Takes the word at `i`, and gives the place of the next.
    fn take(&mut self, words: Words<'_>, i: usize, context: &Context) -> usize {
        let word = words.text(i);
        if let Some(end) = words.eat(i, pattern!("to do list|lists")) {
            self.note(Evidence::List);
            return end;
        }
        if let Some(end) = words.eat_any(
            i,
            patterns![
                "to do",
                "to be done",
                "to get done",
                "to finish|complete|accomplish|tackle",
                "needs? doing",
                "to work on",
            ],
        ) {
            self.note(Evidence::Obliged);
            return end;
        }
        if words.eat(i, pattern!("past due")).is_some() {
            self.note(Evidence::Overdue);
            return i + 2;
        }
        if let Some(end) = words.eat_any(i, patterns!["yet to", "have|need|supposed|got|meant|going to"]) {
            self.note(Evidence::Obliged);
            return end;
        }
        if let Some(end) = words.eat_any(
            i,
            patterns![
                "my|the day|week|weekend|month|schedule|calendar|plate|agenda|backlog",
                "up next",
                "coming up",
                "get through",
                "today's|tomorrow's|week's plan|agenda|schedule",
            ],
        ) {
            self.note(Evidence::DayTalk);
            if self.window.is_none() {
                self.window = own_days(words.text(i + 1), context);
            }
            self.note_if(
                Evidence::List,
                matches!(words.text(i + 1), "plate" | "agenda" | "schedule" | "backlog" | "calendar"),
            );
            self.note_if(Evidence::Next, words.text(i) == "up" || words.text(i) == "coming");
            return end;
        }
        if let Some(end) = words.eat_any(i, patterns!["how many|much", "number of", "count of?"]) {
            self.note(Evidence::Counted);
            return end;
        }
        if let Some(end) =
            words.eat_any(i, patterns!["got done", "get done", "checked|ticked|crossed|knocked off", "taken care of"])
        {
            self.note(Evidence::Completed);
            return end;
        }
        if let Some(end) = words.eat(i, pattern!("complete|full|whole|entire list")) {
            self.note(Evidence::List);
            self.note(Evidence::All);
            return end;
        }
        match word {
            _ if lexicon::is_task_noun(word) => {
                self.note(Evidence::Noun);
                self.note_if(Evidence::Plural, lexicon::is_task_plural(word));
            }
            "tasks'" | "thing" | "stuff" | "deadlines" | "plans" => self.note(Evidence::Noun),
            "created" | "added" | "assigned" | "shared" | "recurring" | "edited" | "changed" | "updated"
            | "deleted" => {
                self.note(Evidence::UnknownField);
            }
            "and" | "or" => self.note(Evidence::Joined),
            "one" => self.note(Evidence::One),
            "ones" => {
                self.note(Evidence::One);
                self.note(Evidence::Plural)
            }
            "list" | "lists" | "agenda" | "plate" | "to-do's" | "backlog" | "overview" | "summary" | "recap" => {
                self.note(Evidence::List)
            }
            "all" | "everything" | "every" | "evrything" => self.note(Evidence::All),
            "anything" | "something" | "any" | "nothing" | "else" => self.note(Evidence::Any),
            "pending" | "open" | "left" | "remaining" | "remains" | "remain" | "outstanding" | "unfinished"
            | "incomplete" | "uncompleted" | "undone" | "active" | "unchecked" | "uncomplete" | "todo" | "to-do"
            | "unresolved" | "waiting" => self.note(Evidence::Pending),
            "still" | "yet" => self.note_if(Evidence::Pending, word == "still"),
            "done" | "completed" | "finished" | "complete" | "accomplished" | "closed" | "checked" | "ticked"
            | "finish" | "accomplish" | "achieved" | "achieve" | "resolved" => self.note(Evidence::Completed),
            "overdue" | "late" | "missed" | "over-due" | "behind" => self.note(Evidence::Overdue),
            "due" => self.note(Evidence::Due),
            "not" | "never" | "no" => self.note(Evidence::Negated),
            "you" | "your" => self.note(Evidence::You),
            "many" | "much" | "lots" => {}
            "should" | "must" | "need" | "needs" | "ought" => self.note(Evidence::Obliged),
            "including" | "include" | "both" | "even" => self.note(Evidence::Both),
            "next" | "upcoming" | "coming" | "first" | "soon" => self.note(Evidence::Next),
            "have" | "happening" | "planned" | "scheduled" | "doing" | "on" | "up" | "look" | "looks" | "looking"
            | "going" | "plan" | "busy" | "free" | "got" => self.note(Evidence::DayTalk),
            "what" | "which" | "how" | "is" | "are" | "was" | "were" | "do" | "does" | "did" | "has" | "had" | "i"
            | "me" | "mine" | "my" | "the" | "a" | "an" | "there" | "in" | "of" | "for" | "to" | "at" | "now"
            | "right" | "so" | "far" | "currently" | "that" | "can" | "be" | "been" | "am" | "get" | "like"
            | "with" | "we" | "our" | "us" | "it" | "this" | "just" | "only" | "more" | "than" | "some" | "them"
            | "those" | "these" | "please" | "about" | "out" | "ahead" | "currrently" | "total" | "exactly"
            | "again" | "already" | "ever" | "also" | "by" | "from" | "want" | "see" | "status" | "going-on"
            | "well" | "as" | "'ve" | "marked" | "mark" | "items'" | "who" | "when" | "current" => {}
            _ if number(word).is_some() && lexicon::is_task_noun(words.text(i + 1)) => {}
            _ => self.other.push(i),
        }
        i + 1
    }
}

/// A stretch of time at `i`, with its preposition.
fn window(words: Words<'_>, i: usize, context: &Context) -> Option<(Window, usize)> {
    let at = words
        .eat_any(i, patterns!["due? before|by|until|till|til|through|after|since|from|starting|on|for|in|during|between|around|at|within", "due", "as of"])
        .unwrap_or(i);
    let phrase = date::phrase(words, at, context).or_else(|| {
        // "within 3 days" and "in 2 weeks" are one phrase with their preposition.
        date::phrase(words, i, context)
    })?;
    let introduced = phrase.end > at && at > i;
    let needs = if introduced { Certainty::Marked } else { Certainty::Edge };
    if phrase.certainty < needs {
        return None;
    }
    let preposition = if at > i { words.text(at - 1) } else { "" };
    let exact = phrase.when(context).filter(|when| matches!(when, When::At(_)));
    let date = |date, days| plus_days(date, days).map(When::Date);
    let window = match (preposition, phrase.days) {
        ("before" | "by" | "until" | "till" | "til" | "through", _) if phrase.has_time() => {
            Window { after: None, before: exact }
        }
        ("after" | "since", _) if phrase.has_time() => Window { after: exact, before: None },
        ("before", Some(days)) => Window { after: None, before: Some(When::Date(days.first)) },
        ("by" | "until" | "till" | "til" | "through", Some(days)) => Window { after: None, before: date(days.last, 1) },
        ("after", Some(days)) => Window { after: Some(When::Date(days.last)), before: None },
        ("since", Some(days)) => Window { after: date(days.first, -1), before: None },
        ("from" | "starting" | "of", Some(days)) if days.first == days.last => {
            Window { after: date(days.first, -1), before: None }
        }
        ("in" | "within", Some(days)) if preposition == "within" || counts(words, at) => {
            Window { after: date(context.now.date_naive(), -1), before: date(days.last, 1) }
        }
        ("", Some(days)) if matches!(words.text(i), "in" | "within") && phrase.end > i => {
            Window { after: date(context.now.date_naive(), -1), before: date(days.last, 1) }
        }
        (_, Some(days)) => Window { after: date(days.first, -1), before: date(days.last, 1) },
        (_, None) => Window { after: date(context.now.date_naive(), -1), before: exact },
    };
    Some((window, phrase.end))
}

/// "My day", "my week".
fn own_days(word: &str, context: &Context) -> Option<Window> {
    let source = match word {
        "day" => "today",
        "week" => "this week",
        "weekend" => "this weekend",
        "month" => "this month",
        _ => return None,
    };
    let tokens = tokens(source);
    window(Words::new(source, &tokens), 0, context).map(|(window, _)| window)
}

fn counts(words: Words<'_>, at: usize) -> bool {
    number(words.text(at)).is_some()
}
