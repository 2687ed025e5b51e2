//! One turn of the conversation: a pure machine, its driver, and the models.
//!
//! The agent reaches the application through an MCP client and nothing else. [`Agent::run`] is a stream of [`Step`]s
//! that goes on only when the step before was taken: a consumer that stores each step before it takes the next has
//! stored a model's message before its calls run, and each result before the model is asked again.
//!
//! What a person or a model says is in no span, event or error of this crate.

mod config;
mod confirmation;
mod context;
mod driver;
mod error;
mod machine;
mod markdown;
mod model;
mod offline;
mod openai;
mod prompt;
mod telemetry;
mod toolbox;
mod turn;

pub use config::{AgentConfig, Limits, ModelConfig, Retries, Timeouts};
pub use confirmation::Confirm;
pub use driver::{Agent, BuildError};
pub use error::{AgentError, Malformed, ModelError, Waiting};
pub use machine::{Effect, Event, Machine};
pub use model::{ModelMessage, ModelRequest, RawCall};
pub use turn::{Call, HistoryItem, PastCall, Step, TurnInput};
