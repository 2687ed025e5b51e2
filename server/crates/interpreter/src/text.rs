//! From characters to words: tokens, spelling, stems, views of consecutive tokens, and patterns over them.

pub(crate) mod lexicon;
pub(crate) mod pattern;
pub(crate) mod span;
pub(crate) mod spelling;
pub(crate) mod stems;
pub(crate) mod token;
