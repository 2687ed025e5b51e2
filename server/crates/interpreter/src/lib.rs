//! English commands and dates to intents, without IO or a clock.
//!
//! [`interpret`] reads one message; the caller keeps the [`Dialogue`]. A target that is a description or a place in the
//! list needs the list: fetch it and ask [`resolve`], or count. Three or more tasks, [`Target::All`] and
//! [`Target::Matching`] are to be frozen and confirmed. Which reading is taken where English has several stands in
//! `specs/interpreter.md`.

mod border;
mod clauses;
mod commands;
mod filter;
mod intent;
mod interpret;
mod lines;
mod mention;
mod phrase;
mod reference;
mod resolve;
pub mod selection;
mod sentence;
mod text;

pub use intent::{
    Changes, Context, Description, Dialogue, DueChange, Filter, Intent, ListRequest, NewItem, NoteChange, Position,
    Priority, Receipt, Shift, Status, Target, Topic, When, Window,
};
pub use interpret::interpret;
pub use mention::{begins_with_undo, has_task_noun, is_same_title, is_task_number, numbered_phrase, plain_words};
pub use phrase::date::{calendar::zone_locale, spoken::spoken_date};
pub use phrase::split::split_title;
pub use resolve::{Candidate, Match, resolve};
