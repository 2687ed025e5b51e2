//! How a turn fails.

use std::fmt;

use async_openai::error::OpenAIError;
use rmcp::ServiceError;

/// Why there is no agent.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// `base_url` is no URL.
    #[error("the base URL must be a URL such as https://api.openai.com/v1")]
    BaseUrl,
    /// The API key cannot stand in a header.
    #[error("the API key must be printable ASCII")]
    ApiKey,
    /// No HTTP client could be made.
    #[error("no HTTP client")]
    Client(#[source] reqwest::Error),
}

/// Why a turn ended without an answer.
///
/// Neither this nor its sources hold what a person, a model or a model's server said.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The model, or the server it runs on, does not take the request: trying again changes nothing.
    #[error("the model refused the request")]
    ModelRefused(#[source] ModelError),
    /// The model failed, after retries where those are safe. Resuming the turn may succeed.
    #[error("the model failed")]
    ModelFailed(#[source] ModelError),
    /// The model did not answer in time. Resuming the turn may succeed.
    #[error("the model did not answer in time")]
    ModelTimeout(#[source] ModelError),
    /// The turn used all the model calls it may and has no answer. Resuming it ends the same.
    #[error("no answer after {0} model calls")]
    TooManySteps(usize),
    /// The tools cannot be reached, or did not answer in time: a call may or may not have had its effect.
    /// Resuming the turn runs that call again.
    #[error("the tools cannot be reached")]
    Tools(#[source] Box<ServiceError>),
}

impl From<ServiceError> for AgentError {
    fn from(error: ServiceError) -> Self {
        Self::Tools(Box::new(error))
    }
}

impl From<ModelError> for AgentError {
    fn from(error: ModelError) -> Self {
        match &error {
            ModelError::Timeout(_) => Self::ModelTimeout(error),
            ModelError::Filtered | ModelError::CutShort | ModelError::CallAsText => Self::ModelRefused(error),
            ModelError::Status { status, .. } if !is_transient(*status) => Self::ModelRefused(error),
            _ => Self::ModelFailed(error),
        }
    }
}

/// Whether the same request may succeed later.
pub(crate) const fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429 | 500..)
}

/// What went wrong with one request to the model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The server answered with an error status.
    #[error("status {status}{} after {attempts} attempts", Code(code))]
    Status {
        /// The HTTP status.
        status: u16,
        /// Such as `invalid_request_error`, `model_not_found` or a number, where the server gives one.
        code: Option<String>,
        /// How often it was tried.
        attempts: u32,
    },
    /// No connection, or it broke before the answer's first byte.
    #[error("no connection to the model")]
    Connection(#[source] reqwest::Error),
    /// The connection broke within the answer.
    #[error("the connection broke within the answer")]
    Broken(#[source] reqwest::Error),
    /// The answer's stream is not of the API's form.
    #[error("the answer is not readable")]
    Unreadable(#[source] Malformed),
    /// The server reported an error within the stream.
    #[error("an error within the answer{}", Code(code))]
    Reported {
        /// As in [`Self::Status`].
        code: Option<String>,
    },
    /// The answer ended without a reason for its end.
    #[error("the answer ended in the middle")]
    Unfinished,
    /// The answer has neither words nor calls.
    #[error("the answer is empty")]
    Empty,
    /// The server withheld the answer.
    #[error("the answer was withheld by a content filter")]
    Filtered,
    /// The model's limit of tokens was reached before the first word and the first whole call.
    #[error("the answer was cut before its first word")]
    CutShort,
    /// The answer looks like a tool call that is written as text.
    #[error("the answer is a tool call written as text")]
    CallAsText,
    /// More text or arguments than the limits allow.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Waited too long.
    #[error("waited too long for {0}")]
    Timeout(Waiting),
}

/// What was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The connection.
    Connect,
    /// The first byte of the answer.
    FirstByte,
    /// More of the answer.
    More,
    /// The end of the answer.
    End,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "a connection",
            Self::FirstByte => "the first byte",
            Self::More => "more of the answer",
            Self::End => "the end of the answer",
        })
    }
}

/// What is wrong with the form of an answer, without a word of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// An event of the stream is not JSON.
    #[error("a JSON fault ({category:?}) at line {line}, column {column} of an event")]
    Json {
        /// The kind of fault.
        category: serde_json::error::Category,
        /// The line in the event's data, from 1.
        line: usize,
        /// The column in that line, in bytes.
        column: usize,
    },
    /// What came is no stream of events.
    #[error("no stream of events")]
    Stream,
    /// The client could not make the request or follow the answer.
    #[error("a fault of the client")]
    Client,
}

/// Keeps the place of the fault and drops the text, which holds what was said.
impl From<OpenAIError> for Malformed {
    fn from(error: OpenAIError) -> Self {
        match error {
            OpenAIError::JSONDeserialize(fault, _) => {
                Self::Json { category: fault.classify(), line: fault.line(), column: fault.column() }
            }
            OpenAIError::StreamError(_) => Self::Stream,
            _ => Self::Client,
        }
    }
}

/// " (code)", or nothing.
struct Code<'a>(&'a Option<String>);

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |code| write!(f, " ({code})"))
    }
}
