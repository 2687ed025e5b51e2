//! Parts of a sentence: dates, numbers, priorities, titles, items, politeness.

pub(crate) mod date;
pub(crate) mod items;
pub(crate) mod number;
pub(crate) mod politeness;
pub(crate) mod priority;
pub(crate) mod question;
pub(crate) mod split;
pub(crate) mod title;
