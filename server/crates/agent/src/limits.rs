//! How an agent is set up: which model, and the bounds of everything it does.

use std::{fmt, time::Duration};

use chrono::TimeDelta;
use secrecy::SecretString;

use crate::address::ServerAddress;

/// Pages of the list that a turn reads to find tasks.
pub(crate) const LIST_PAGES: usize = 10;
/// Calls in one message of a change of many tasks, which is made in rounds.
pub(crate) const ROUND: usize = 50;
/// Tasks that one turn adds, or changes after a yes.
pub(crate) const MOST_CHANGES: usize = 200;
/// How long a question waits for its answer.
pub(crate) const QUESTION_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Everything an agent needs to know.
#[derive(Debug, Clone)]
pub struct AgentConfig {
    /// Who decides.
    pub model: ModelConfig,
    /// How much of everything.
    pub limits: Limits,
    /// How long.
    pub timeouts: Timeouts,
    /// How often again.
    pub retries: Retries,
}

impl AgentConfig {
    /// This model with the default bounds.
    #[must_use]
    pub fn new(model: ModelConfig) -> Self {
        Self { model, limits: Limits::default(), timeouts: Timeouts::default(), retries: Retries::default() }
    }
}

/// The model that decides.
#[derive(Clone)]
pub enum ModelConfig {
    /// The interpreter of plain commands; no network.
    Offline,
    /// A server of the OpenAI chat completions API.
    OpenAi {
        /// Such as `https://api.openai.com/v1`, in any form that [`ServerAddress::parse`](crate::ServerAddress::parse)
        /// reads.
        base_url: String,
        /// The bearer token, where the server wants one.
        api_key: Option<SecretString>,
        /// The model's name on that server.
        model: String,
    },
}

/// Without the key, and without what an address keeps secret.
impl fmt::Debug for ModelConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline => f.write_str("Offline"),
            Self::OpenAi { base_url, model, .. } => {
                let address = ServerAddress::parse(base_url).ok();
                f.debug_struct("OpenAi").field("address", &address).field("model", model).finish_non_exhaustive()
            }
        }
    }
}

/// How much a turn may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests to the model in one turn, those before an interruption included.
    pub model_calls: usize,
    /// Tool calls that run in one turn, those before an interruption included; as many more may read the list. A change
    /// of many tasks that the agent itself makes in rounds has a bound of its own.
    pub tool_calls: usize,
    /// Estimated tokens of a request's messages: UTF-8 bytes / 4, and 8 for each message.
    pub context_tokens: usize,
    /// Characters of one text of the history, as it is sent to the model.
    pub item_chars: usize,
    /// Characters of one tool result, as it is sent to the model.
    pub result_chars: usize,
    /// Bytes of one answer's text.
    pub answer_bytes: usize,
    /// Bytes of all arguments in one message of the model.
    pub argument_bytes: usize,
    /// Tasks that one turn may not change without a yes, if it is so many or more. New tasks do not count.
    pub confirm_from: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            model_calls: 12,
            tool_calls: 64,
            context_tokens: 24_000,
            item_chars: 8_000,
            result_chars: 16_000,
            answer_bytes: 256 * 1024,
            argument_bytes: 64 * 1024,
            confirm_from: 3,
        }
    }
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection to the model.
    pub connect: Duration,
    /// From a request to the first byte of its answer's body.
    pub first_byte: Duration,
    /// Between two reads of an answer's body.
    pub idle: Duration,
    /// For one request to the model, retries and waits included.
    pub total: Duration,
    /// For one tool call.
    pub tool: Duration,
}

impl Timeouts {
    /// For a model on this machine or in its network, which may have to be loaded and is slow.
    #[must_use]
    pub fn local() -> Self {
        Self::waiting(Duration::from_secs(300), Duration::from_secs(120))
    }

    /// These waits for the first byte and between two reads, and what follows from them for the whole.
    #[must_use]
    pub fn waiting(first_byte: Duration, idle: Duration) -> Self {
        let total = (first_byte + idle) * 2;
        Self { connect: Duration::from_secs(5), first_byte, idle, total, tool: Duration::from_secs(30) }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::waiting(Duration::from_secs(60), Duration::from_secs(30))
    }
}

/// How a request to the model is tried again, before the first byte of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Requests in all; 1 never tries again.
    pub attempts: u32,
    /// The wait before attempt n + 1 is random, from nothing up to this times 2^(n-1) ("full jitter").
    pub base: Duration,
    /// The longest wait, also where `Retry-After` asks for a longer one.
    pub longest: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { attempts: 3, base: Duration::from_millis(500), longest: Duration::from_secs(10) }
    }
}
