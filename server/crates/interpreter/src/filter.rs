//! What tasks have in common: the words of a question, a list request or a set of tasks, as a filter.
//!
//! [`FilterBuilder::read`] looks at each word once and collects the [`Evidence`]; [`FilterBuilder::build`] makes the
//! filter of it. Whether the words ask for tasks at all is for the command to say.

mod evidence;
mod window;

use std::ops::Range;

pub(crate) use evidence::{Evidence, EvidenceSet};

use crate::{
    Context, Filter, Priority, Status, When, Window,
    phrase::number::number,
    phrase::priority,
    text::lexicon::{self, word_class},
    text::pattern::{Pattern, pattern, patterns},
    text::span::Words,
};
use window::{own_days, window};

/// What the words speak of, and the values among them.
#[derive(Debug, Default)]
pub(crate) struct FilterBuilder {
    pub(crate) evidence: EvidenceSet,
    pub(crate) window: Option<Window>,
    pub(crate) priority: Option<Priority>,
    /// What follows "about", "for", "with".
    pub(crate) about: Option<String>,
    /// The places of words that are no evidence: of a title or a name.
    pub(crate) unread: Vec<usize>,
}

impl FilterBuilder {
    /// Looks at each word once.
    pub(crate) fn read(words: Words<'_>, context: &Context) -> Self {
        let mut found = Self::default();
        let mut i = 0;
        while i < words.len() {
            i = if words.is_mark(i) {
                i + 1
            } else {
                found
                    .read_window(words, i, context)
                    .or_else(|| found.read_about(words, i, context))
                    .or_else(|| found.read_priority(words, i))
                    .or_else(|| found.read_phrase(words, i, context))
                    .unwrap_or_else(|| found.read_word(words, i))
            };
        }
        found.note_if(Evidence::Window, found.window.is_some());
        found.note_if(Evidence::Priority, found.priority.is_some());
        found.note_if(Evidence::About, found.about.is_some());
        found
    }

    /// Whether the words speak of this.
    pub(crate) const fn has(&self, evidence: Evidence) -> bool {
        self.evidence.has(evidence)
    }

    pub(crate) fn note_if(&mut self, evidence: Evidence, is_so: bool) {
        if is_so {
            self.evidence.insert(EvidenceSet::of(&[evidence]));
        }
    }

    /// Whether the words tell a status.
    pub(crate) const fn tells_status(&self) -> bool {
        self.evidence.has_any(EvidenceSet::of(&[Evidence::Pending, Evidence::Completed, Evidence::Overdue]))
    }

    /// The words to search for.
    pub(crate) fn query(&self, words: Words<'_>) -> Option<String> {
        self.about.clone().or_else(|| searched_at(words, &self.unread))
    }

    /// The filter of what was read; `default` is the status where the words name none.
    pub(crate) fn build(&self, query: Option<String>, default: Status, context: &Context) -> Filter {
        let status = self.status().unwrap_or(default);
        let priority = self.priority.filter(|level| *level != Priority::None);
        let mut filter = Filter { status, query, priority, ..Filter::default() };
        if self.is_completed() && !self.has(Evidence::Due) {
            filter.finished = self.window;
        } else {
            filter.due = self.window;
        }
        if self.has(Evidence::Overdue) {
            let before = Some(When::Date(context.now.date_naive()));
            filter.due = Some(Window { after: filter.due.and_then(|window| window.after), before });
        }
        filter
    }

    fn status(&self) -> Option<Status> {
        const BOTH: EvidenceSet = EvidenceSet::of(&[Evidence::Completed, Evidence::Pending, Evidence::Joined]);
        // What is due or has a date is asked for while it is open.
        const PENDING: EvidenceSet = EvidenceSet::of(&[
            Evidence::Pending,
            Evidence::Overdue,
            Evidence::Obliged,
            Evidence::Due,
            Evidence::Window,
        ]);
        let is_unfinished = self.has(Evidence::Completed) && self.has(Evidence::Negated);
        if self.has(Evidence::Both) || self.evidence.has_all(BOTH) && !is_unfinished {
            Some(Status::All)
        } else if self.is_completed() {
            Some(Status::Completed)
        } else if is_unfinished || self.evidence.has_any(PENDING) {
            Some(Status::Pending)
        } else {
            None
        }
    }

    fn is_completed(&self) -> bool {
        const OPEN: EvidenceSet = EvidenceSet::of(&[Evidence::Negated, Evidence::Obliged, Evidence::Pending]);
        self.has(Evidence::Completed) && !self.evidence.has_any(OPEN)
    }

    fn read_window(&mut self, words: Words<'_>, i: usize, context: &Context) -> Option<usize> {
        const SPAN: &Pattern =
            pattern!("for|in|of|during|this|over the? whole|entire|rest? of? the? day|week|weekend|month");
        if self.window.is_some() {
            return None;
        }
        if let Some((window, end)) = window(words, i, context) {
            self.window = Some(window);
            self.note_if(Evidence::Due, words.slice(i..end).has(&["due"]));
            return Some(end);
        }
        let end = words.eat(i, SPAN)?;
        self.window = own_days(words.text(end - 1), context);
        Some(end)
    }

    /// "About the car before Friday": the name ends where a stretch of time begins.
    fn read_about(&mut self, words: Words<'_>, i: usize, context: &Context) -> Option<usize> {
        let Range { start, end } = about(words, i, context)?;
        self.about = Some(searched(words.slice(start..end))).filter(|query| !query.is_empty());
        Some(end)
    }

    fn read_priority(&mut self, words: Words<'_>, i: usize) -> Option<usize> {
        let word = words.text(i);
        if !PRIORITY_STARTS.contains(word) && !word.ends_with("-priority") {
            return None;
        }
        let (level, end) = priority::phrase(words, i)?;
        self.priority = Some(level);
        Some(end)
    }

    fn read_phrase(&mut self, words: Words<'_>, i: usize, context: &Context) -> Option<usize> {
        let (evidence, end) = evidence::of_phrase(words, i)?;
        self.evidence.insert(evidence);
        if self.window.is_none() && words.eat_any(i, evidence::OWN_DAYS).is_some() {
            self.window = own_days(words.text(i + 1), context);
        }
        Some(end)
    }

    fn read_word(&mut self, words: Words<'_>, i: usize) -> usize {
        let counts_nouns = || number(words.text(i)).is_some() && lexicon::is_task_noun(words.text(i + 1));
        match evidence::of_word(words.text(i)) {
            Some(evidence) => self.evidence.insert(evidence),
            None if counts_nouns() => {}
            None => self.unread.push(i),
        }
        i + 1
    }
}

/// Words that a priority may begin with.
static PRIORITY_STARTS: lexicon::Class = word_class!("priority_starts");

/// Where the name of what tasks are about begins and ends, if words at `i` lead to one.
fn about(words: Words<'_>, i: usize, context: &Context) -> Option<Range<usize>> {
    if words.eat(i, pattern!("with no due? date|dates|deadline|deadlines")).is_some() {
        return None;
    }
    // "Have I called mom" names no task.
    let has_noun = i > 0 && (lexicon::is_task_noun(words.text(i - 1)) || words.text(i - 1) == "one");
    let called = words.eat(i, pattern!("named|called|titled")).filter(|_| has_noun);
    let start = called.or_else(|| {
        words.eat_any(i, patterns![
        "about|regarding|concerning|containing|matching|mentioning|involving|re|with|like|for|tagged|labelled the|my?",
        "related to the|my?",
        "to do with the|my?",
        "that|which contain|contains|mention|mentions|include|includes|involve|involves|say|says the|my?",
        "contain|mention|involve|include the|my?",
    ])
    })?;
    let rest = words.from(start);
    let is_end = |at: &usize| window(rest, *at, context).is_some() || rest.is_mark(*at);
    let length = (0..rest.len()).find(is_end).unwrap_or(rest.len());
    (length > 0).then(|| start..start + length)
}

/// The words at these places as a search, where they stand together: words torn apart are no name.
pub(crate) fn searched_at(words: Words<'_>, places: &[usize]) -> Option<String> {
    let (first, last) = (*places.first()?, *places.last()?);
    (last - first + 1 == places.len()).then(|| searched(words.slice(first..last + 1)))
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
