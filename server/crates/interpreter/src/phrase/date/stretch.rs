//! A day or consecutive days, and the place in the words that names them.

use chrono::NaiveDate;

use super::{calendar::plus_days, certainty::Certainty, clock::Part};

/// Consecutive days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    /// The day on which something is due that is said to be due in these days.
    pub(crate) due: NaiveDate,
    /// Where the reading goes on, should its time be past.
    pub(crate) again: Again,
}

/// When a named day comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Never,
    Weekly,
    Monthly,
    Yearly,
}

impl Days {
    pub(crate) const fn one(date: NaiveDate) -> Self {
        Self { first: date, last: date, due: date, again: Again::Never }
    }

    /// Whether this is the day of a week that is said on that day itself: its time may still be ahead.
    pub(crate) fn may_be_today(&self, today: NaiveDate) -> bool {
        self.again == Again::Weekly && self.first == self.last && Some(self.due) == plus_days(today, 7)
    }

    pub(crate) const fn again(self, again: Again) -> Self {
        Self { again, ..self }
    }
}

/// Days at a place in the words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DaysFound {
    pub(crate) days: Days,
    pub(crate) end: usize,
    pub(crate) certainty: Certainty,
    /// A part of the day that the words include ("tonight").
    pub(crate) part: Option<Part>,
    /// Whether the words speak of the past ("last Friday").
    pub(crate) past: bool,
}

impl DaysFound {
    pub(crate) const fn new(days: Days, end: usize, certainty: Certainty) -> Self {
        Self { days, end, certainty, part: None, past: false }
    }

    pub(super) const fn past(self) -> Self {
        Self { past: true, ..self }
    }
}
