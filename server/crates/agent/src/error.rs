//! How a turn fails.

use std::fmt;

use async_openai::error::OpenAIError;
use rmcp::ServiceError;

/// Why a turn ended without an answer.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The model, or the server it runs on, does not take the request: trying again changes nothing.
    #[error("the model refused the request")]
    ModelRefused(#[source] ModelError),
    /// The model failed, after retries where those are safe.
    #[error("the model failed")]
    ModelFailed(#[source] ModelError),
    /// The model did not answer in time.
    #[error("the model did not answer in time")]
    ModelTimeout(#[source] ModelError),
    /// The turn used all the model calls it may and has no answer.
    #[error("no answer after {0} model calls")]
    TooManySteps(usize),
    /// The tools cannot be reached, or did not answer in time: a call may or may not have had its effect.
    #[error("the tools cannot be reached")]
    Tools(#[source] Box<ServiceError>),
}

impl AgentError {
    /// Whether the model was waited for in vain.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self, Self::ModelTimeout(_))
    }

    /// Whether resuming the turn makes sense.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::ModelFailed(_) | Self::ModelTimeout(_) | Self::Tools(_) => true,
            Self::ModelRefused(_) | Self::TooManySteps(_) => false,
        }
    }
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
            ModelError::Filtered => Self::ModelRefused(error),
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
    #[error("status {status}{}{report}", if *.attempts > 1 { " after retries: " } else { ": " })]
    Status {
        /// The HTTP status.
        status: u16,
        /// What it says about it.
        report: Report,
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
    Unreadable(#[source] Box<OpenAIError>),
    /// The server reported an error within the stream.
    #[error("an error within the answer: {0}")]
    Reported(Report),
    /// The answer ended without a reason for its end.
    #[error("the answer ended in the middle")]
    Unfinished,
    /// The answer has neither words nor calls.
    #[error("the answer is empty")]
    Empty,
    /// The server withheld the answer.
    #[error("the answer was withheld by a content filter")]
    Filtered,
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

/// What a model server tells about an error: its type or code and its words, shortened, without the API key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Such as `invalid_request_error`, `model_not_found` or a number.
    pub code: Option<String>,
    /// For the operator.
    pub message: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} ({code})", self.message),
            None => f.write_str(&self.message),
        }
    }
}
