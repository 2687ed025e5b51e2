//! Labelled phrases: the format of a case, the dates that a label means, and the judgement of what was done.
//!
//! It knows neither the interpreter nor the server, so that the interpreter's tests and `cargo xtask phrases` judge alike.
//!
//! One case a line of JSON. `given`: tasks numbered from 1. `say`: a message, or several in turn, of which the last is
//! judged. `expect`: `calls` in order, or an `outcome`. `class`: what the case samples; only the totals need it.

mod case;
mod expectation;
#[cfg(feature = "run")]
mod http;
mod reading;
mod score;

pub use case::{Case, Given, read};
pub use expectation::{Call, Expectation, Outcome, Turn, Verdict};
#[cfg(feature = "run")]
pub use http::{Scorer, score};
pub use score::Score;
