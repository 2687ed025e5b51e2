//! One module a command: from a sentence to an intent.

pub(crate) mod about;
pub(crate) mod add;
pub(crate) mod complete;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod reopen;
pub(crate) mod slash;
pub(crate) mod small_talk;
pub(crate) mod split;
pub(crate) mod undo;
pub(crate) mod update;
pub(crate) mod write;
