//! What tasks have in common: the words of a question, a list request or a set of tasks, as a filter.
//!
//! [`survey`] looks at each word once and notes what it speaks of; [`filter`] makes the filter of that. Whether the
//! words ask for tasks at all is for the command to say.

use crate::{
    Context, Filter, Priority, Status, When, Window,
    phrase::date::{self, Certainty, calendar::plus_days},
    phrase::priority,
    text::lexicon,
    text::pattern::{pattern, patterns},
    text::span::Words,
    text::token::tokens,
};

/// What the words speak of. Articles and auxiliaries speak of nothing.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// "task", "tasks", "things".
    pub(crate) noun: bool,
    /// The noun, or what stands for it, is plural.
    pub(crate) plural: bool,
    /// "one", as in "the one due today".
    pub(crate) one: bool,
    /// "list", "agenda", "plate".
    pub(crate) list: bool,
    /// "all", "everything", "every".
    pub(crate) all: bool,
    /// "anything", "something".
    pub(crate) any: bool,
    pub(crate) pending: bool,
    pub(crate) completed: bool,
    pub(crate) negated: bool,
    pub(crate) overdue: bool,
    /// "due".
    pub(crate) due: bool,
    /// "have to", "should", "to do".
    pub(crate) obliged: bool,
    /// "have", "happening", "planned": what a day is asked for.
    pub(crate) day_talk: bool,
    /// "next", "upcoming".
    pub(crate) next: bool,
    /// "including", "both".
    pub(crate) both: bool,
    /// "and", "or".
    pub(crate) joined: bool,
    /// The words ask the assistant about itself, unless they name tasks.
    pub(crate) you: bool,
    /// What tasks are not kept by: "created", "deleted".
    pub(crate) unknown_field: bool,
    pub(crate) counted: bool,
    pub(crate) window: Option<Window>,
    pub(crate) priority: Option<Priority>,
    /// What follows "about", "for", "with".
    pub(crate) about: Option<String>,
    /// Words that belong to none of these.
    pub(crate) other: Vec<usize>,
}

impl Survey {
    /// Whether the words tell a status.
    pub(crate) fn tells_status(&self) -> bool {
        self.pending || self.completed || self.overdue
    }

    /// The words to search for.
    pub(crate) fn query(&self, words: Words<'_>) -> Option<String> {
        if let Some(about) = &self.about {
            return Some(about.clone());
        }
        let first = *self.other.first()?;
        let last = *self.other.last()?;
        // Words torn apart are no name.
        (last - first + 1 == self.other.len()).then(|| searched(words.slice(first..last + 1)))
    }
}

/// What the surveyed tasks have in common.
pub(crate) fn filter(found: &Survey, query: Option<String>, default: Status, context: &Context) -> Filter {
    let today = context.now.date_naive();
    let both = found.both || (found.completed && found.pending && found.joined && !found.negated);
    let completed = found.completed && !found.negated && !found.obliged && !found.pending;
    let pending = found.pending || found.overdue || found.obliged || (found.completed && found.negated);
    let status = if both {
        Status::All
    } else if completed {
        Status::Completed
    } else if pending || found.due || found.window.is_some() {
        Status::Pending
    } else {
        default
    };
    let mut filter =
        Filter { status, query, priority: found.priority.filter(|p| *p != Priority::None), ..Filter::default() };
    if completed && !found.due {
        filter.finished = found.window;
    } else {
        filter.due = found.window;
    }
    if found.overdue {
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
            found.due |= words.slice(i..end).has(&["due"]);
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
            self.list = true;
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
            self.obliged = true;
            return end;
        }
        if words.eat(i, pattern!("past due")).is_some() {
            self.overdue = true;
            return i + 2;
        }
        if let Some(end) = words.eat_any(i, patterns!["yet to", "have|need|supposed|got|meant|going to"]) {
            self.obliged = true;
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
            self.day_talk = true;
            if self.window.is_none() {
                self.window = own_days(words.text(i + 1), context);
            }
            self.list |= matches!(words.text(i + 1), "plate" | "agenda" | "schedule" | "backlog" | "calendar");
            self.next |= words.text(i) == "up" || words.text(i) == "coming";
            return end;
        }
        if let Some(end) = words.eat_any(i, patterns!["how many|much", "number of", "count of?"]) {
            self.counted = true;
            return end;
        }
        if let Some(end) =
            words.eat_any(i, patterns!["got done", "get done", "checked|ticked|crossed|knocked off", "taken care of"])
        {
            self.completed = true;
            return end;
        }
        if let Some(end) = words.eat(i, pattern!("complete|full|whole|entire list")) {
            (self.list, self.all) = (true, true);
            return end;
        }
        match word {
            _ if lexicon::is_task_noun(word) => {
                self.noun = true;
                self.plural |= lexicon::is_task_plural(word);
            }
            "tasks'" | "thing" | "stuff" | "deadlines" | "plans" => self.noun = true,
            "created" | "added" | "assigned" | "shared" | "recurring" | "edited" | "changed" | "updated"
            | "deleted" => {
                self.unknown_field = true;
            }
            "and" | "or" => self.joined = true,
            "one" => self.one = true,
            "ones" => (self.one, self.plural) = (true, true),
            "list" | "lists" | "agenda" | "plate" | "to-do's" | "backlog" | "overview" | "summary" | "recap" => {
                self.list = true
            }
            "all" | "everything" | "every" | "evrything" => self.all = true,
            "anything" | "something" | "any" | "nothing" | "else" => self.any = true,
            "pending" | "open" | "left" | "remaining" | "remains" | "remain" | "outstanding" | "unfinished"
            | "incomplete" | "uncompleted" | "undone" | "active" | "unchecked" | "uncomplete" | "todo" | "to-do"
            | "unresolved" | "waiting" => self.pending = true,
            "still" | "yet" => self.pending |= word == "still",
            "done" | "completed" | "finished" | "complete" | "accomplished" | "closed" | "checked" | "ticked"
            | "finish" | "accomplish" | "achieved" | "achieve" | "resolved" => self.completed = true,
            "overdue" | "late" | "missed" | "over-due" | "behind" => self.overdue = true,
            "due" => self.due = true,
            "not" | "never" | "no" => self.negated = true,
            "you" | "your" => self.you = true,
            "many" | "much" | "lots" => {}
            "should" | "must" | "need" | "needs" | "ought" => self.obliged = true,
            "including" | "include" | "both" | "even" => self.both = true,
            "next" | "upcoming" | "coming" | "first" | "soon" => self.next = true,
            "have" | "happening" | "planned" | "scheduled" | "doing" | "on" | "up" | "look" | "looks" | "looking"
            | "going" | "plan" | "busy" | "free" | "got" => self.day_talk = true,
            "what" | "which" | "how" | "is" | "are" | "was" | "were" | "do" | "does" | "did" | "has" | "had" | "i"
            | "me" | "mine" | "my" | "the" | "a" | "an" | "there" | "in" | "of" | "for" | "to" | "at" | "now"
            | "right" | "so" | "far" | "currently" | "that" | "can" | "be" | "been" | "am" | "get" | "like"
            | "with" | "we" | "our" | "us" | "it" | "this" | "just" | "only" | "more" | "than" | "some" | "them"
            | "those" | "these" | "please" | "about" | "out" | "ahead" | "currrently" | "total" | "exactly"
            | "again" | "already" | "ever" | "also" | "by" | "from" | "want" | "see" | "status" | "going-on"
            | "well" | "as" | "'ve" | "marked" | "mark" | "items'" | "who" | "when" | "current" => {}
            _ if lexicon::number(word).is_some() && lexicon::is_task_noun(words.text(i + 1)) => {}
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
    lexicon::number(words.text(at)).is_some()
}
