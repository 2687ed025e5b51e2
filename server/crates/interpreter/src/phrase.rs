//! Parts of a sentence: dates, priorities, titles, items, politeness.

pub(crate) mod date;
pub(crate) mod items;
pub(crate) mod politeness;
pub(crate) mod priority;
pub(crate) mod question;
pub(crate) mod split;
pub(crate) mod title;
