//! From characters to words: tokens, spelling, stems, and views of consecutive tokens.

pub(crate) mod lexicon;
pub(crate) mod span;
pub(crate) mod spelling;
pub(crate) mod stems;
pub(crate) mod token;
