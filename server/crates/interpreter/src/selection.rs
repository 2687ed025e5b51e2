//! Answers to an open question.

pub(crate) mod answer;
