//! One turn of the conversation: a pure machine, its driver, and the models.
//!
//! The agent reaches the application through an MCP client and nothing else. [`Agent::run`] is a stream of [`Step`]s
//! that goes on only when the step before was taken: a consumer that stores each step before it takes the next has
//! stored a model's message before its calls run, and each result before the model is asked again.
//!
//! What a person or a model says is in no span, event or error of this crate.

mod address;
mod confirm;
mod context;
mod driver;
mod error;
mod history;
mod limits;
mod machine;
mod model;
mod models;
mod offline;
mod openai;
mod prompt;
mod refusal;
mod repair;
mod telemetry;
mod toolbox;
mod turn;

pub use address::ServerAddress;
pub use driver::{Agent, Asked};
pub use error::{AgentError, BuildError, Malformed, ModelError, Unreached, Waiting};
pub use limits::{AgentConfig, Limits, ModelConfig, Retries, Timeouts};
pub use machine::{Effect, Event, Machine};
pub use model::{Confirm, ModelMessage, ModelRequest, RawCall};
#[doc(hidden)]
pub use openai::read_answer;
pub use openai::{Depth, Listing, Probe};
pub use refusal::{Feature, Refusal};
pub use saydo_interpreter::zone_locale;
pub use turn::{CallOutcome, HistoryItem, LocalNow, Step, ToolCall, TurnInput};
