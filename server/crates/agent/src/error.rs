//! How a turn fails.

use std::{error::Error, fmt, io};

use async_openai::error::OpenAIError;
use rmcp::ServiceError;

use crate::refusal::{ErrorText, Refusal};

/// Why there is no agent.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// `base_url` is no URL.
    #[error("the base URL must be a URL such as https://api.openai.com/v1")]
    BaseUrl,
    /// The API key cannot stand in a header.
    #[error("the API key must be printable ASCII")]
    ApiKey,
    /// The address has a user, and there is a key: a request has room for one of them.
    #[error("the base URL has a user and password, and there is an API key: a request carries only one of them")]
    TwoCredentials,
    /// No HTTP client could be made.
    #[error("no HTTP client")]
    Client(#[source] reqwest::Error),
}

/// Why a turn ended without an answer.
///
/// Neither this nor its sources hold what a person, a model or a model's server said.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The model, or the server it runs on, does not take the request: trying again changes nothing, unless whoever
    /// runs the server or Saydo changes something.
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
        match (&error, error.refusal()) {
            (ModelError::Timeout(_), _) => Self::ModelTimeout(error),
            (ModelError::Filtered | ModelError::CutShort | ModelError::CallAsText, _) => Self::ModelRefused(error),
            (_, Some(refusal)) if !refusal.is_transient() => Self::ModelRefused(error),
            _ if error.unreached() == Some(Unreached::Tls) => Self::ModelRefused(error),
            _ => Self::ModelFailed(error),
        }
    }
}

impl AgentError {
    /// Whether the same turn may succeed later, with nothing changed.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        !matches!(self, Self::ModelRefused(_) | Self::TooManySteps(_))
    }
}

/// Why no connection was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// The host's name has no address.
    Name,
    /// Nothing listens at the address.
    Refused,
    /// No TLS with this server: another protocol, or a certificate that is not trusted.
    Tls,
    /// Anything else.
    Other,
}

/// What went wrong with one request to the model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The server answered with an error status.
    #[error("status {status}{}{}", Code(code), Attempts(*attempts))]
    Status {
        /// The HTTP status.
        status: u16,
        /// Such as `invalid_request_error`, `model_not_found` or a number, where the server gives one.
        code: Option<String>,
        /// What that means.
        refusal: Refusal,
        /// How often it was tried.
        attempts: u32,
    },
    /// The connection was closed after the head of the answer, without a byte of it.
    #[error("the server closed the connection without an answer")]
    Closed,
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
        /// What that means.
        refusal: Refusal,
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

impl ModelError {
    /// An error that the server reports within its answer, where many give the status as its code.
    pub(crate) fn reported(code: Option<String>, error: &[u8]) -> Self {
        let status = code.as_deref().and_then(|code| code.parse().ok()).unwrap_or(500);
        Self::Reported { code, refusal: ErrorText::new(status, error, None).within_answer() }
    }

    /// What the server's refusal means, where it refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Status { refusal, .. } | Self::Reported { refusal, .. } => Some(*refusal),
            Self::Filtered => Some(Refusal::Filtered),
            _ => None,
        }
    }

    /// Why no connection was made, where none was.
    #[must_use]
    pub fn unreached(&self) -> Option<Unreached> {
        let Self::Connection(error) = self else { return None };
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(error) = cause {
            let io = error.downcast_ref::<io::Error>();
            if io.is_some_and(is_of_tls) {
                return Some(Unreached::Tls);
            }
            if io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused) {
                return Some(Unreached::Refused);
            }
            // The client's own error for it is not public.
            if error.to_string() == "dns error" {
                return Some(Unreached::Name);
            }
            cause = error.source();
        }
        Some(Unreached::Other)
    }
}

/// Whether TLS failed. Each layer of the client wraps the error once more.
fn is_of_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>() || inner.downcast_ref().is_some_and(is_of_tls))
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

/// " after so many attempts", where it was more than one.
struct Attempts(u32);

impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > 1 { write!(f, " after {} attempts", self.0) } else { Ok(()) }
    }
}
