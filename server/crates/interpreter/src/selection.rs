//! Answers to an open question: which of the things that it offers the words select.
//!
//! A confirmation asks whether to make changes, one line each; a choice asks which of several tasks is meant. The
//! caller knows what was asked and passes it as data; nothing here looks at the text of a question. Selecting less is
//! never a guess: words that may be read in two ways are [`Selection::Unclear`].

pub(crate) mod answer;
mod choice;
mod confirmation;

pub use choice::{Choice, ChoiceLine, choose, is_number};
pub use confirmation::{ConfirmationLine, confirm, is_command};

/// What an answer selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Everything that is offered.
    All,
    /// Some lines, by their places from 0, in the order said. Never empty.
    These(Vec<usize>),
    /// Nothing: "no".
    None,
    /// It answers, but selects nothing yet: ask again.
    Unclear(Unclear),
    /// Neither an answer nor a command.
    Unrecognised {
        /// Whether it begins with a refusal all the same: "no, something else".
        declines: bool,
    },
    /// A message about something else.
    Unrelated,
}

/// Why an answer selects nothing yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclear {
    /// It doesn't tell which lines.
    Which,
    /// A bare number may be a line's place, a task's number or one of the two buttons.
    BareNumber,
    /// A yes with a command behind it: the yes would be lost.
    YesAndMore,
}
