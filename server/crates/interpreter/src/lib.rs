//! English commands and dates to intents, without IO or a clock.

mod adding;
mod dates;
mod fillers;
mod intent;
mod items;
mod lexicon;
mod priority;
mod spelling;
mod title;
mod tokens;
mod words;

pub use intent::{
    Changes, Context, Description, Dialogue, DueChange, Filter, Intent, ListRequest, NewItem, NoteChange, Position,
    Priority, Shift, Status, Target, When, Window,
};

/// What a message asks for, in the order said. Never empty; [`Intent::Unknown`] stands alone.
#[must_use]
pub fn interpret(text: &str, context: &Context) -> Vec<Intent> {
    let _ = (text, context);
    vec![Intent::Unknown]
}

/// A task that a description may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The task's number.
    pub id: i64,
    /// Its title.
    pub title: &'a str,
    /// Whether it is done.
    pub completed: bool,
}

/// Which tasks a description means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Clearly this one.
    One(i64),
    /// The words name several tasks, each clearly ("buy milk and call mom"). Two or more.
    Each(Vec<i64>),
    /// It may be any of these: ask.
    Several(Vec<i64>),
    /// None.
    None {
        /// The most similar ones, best first, at most three.
        nearest: Vec<i64>,
    },
}

/// Which of these tasks a description means.
#[must_use]
pub fn resolve(description: &Description, tasks: &[Candidate<'_>]) -> Match {
    let _ = (description, tasks);
    Match::None { nearest: Vec::new() }
}

/// The absolute date, such as "Fri, 27 Nov 2026" or "Fri, 27 Nov 2026, 17:00", as the clock of `now`'s zone shows it.
#[must_use]
pub fn spoken_date(when: When, now: &chrono::DateTime<chrono_tz::Tz>) -> String {
    match when {
        When::Date(date) => date.format("%a, %-d %b %Y").to_string(),
        When::At(moment) => moment.with_timezone(&now.timezone()).format("%a, %-d %b %Y, %H:%M").to_string(),
    }
}

impl DueChange {
    /// The due date after the change, for a task that was due at `current`.
    #[must_use]
    pub fn apply(self, current: Option<When>, now: &chrono::DateTime<chrono_tz::Tz>) -> Option<When> {
        let _ = now;
        match self {
            Self::Clear => None,
            Self::Set(when) => Some(when),
            _ => current,
        }
    }
}
