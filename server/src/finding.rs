//! What a look at one part of a deployment found.

/// A part that is as it should be, or its fault with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// As it should be.
    Fine(String),
    /// Not so.
    Fault {
        /// What is wrong.
        found: String,
        /// What to do.
        fix: String,
    },
}
