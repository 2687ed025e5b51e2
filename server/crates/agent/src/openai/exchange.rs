//! One HTTP exchange with the model's server: tried again until the first byte of its answer.
//!
//! Only what cannot have had an effect is tried again. A server that still loads its model is asked until the time for
//! the first byte is over.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_openai::{error::OpenAIError, middleware::HttpRequestFactory};
use chrono::DateTime;
use rand::RngExt;
use reqwest::{Response, header};
use secrecy::SecretString;
use tokio::time::{Instant, sleep, timeout_at};

use super::{body::Body, request, unix_now};
use crate::{ModelError, Refusal, Retries, Timeouts, Waiting, refusal::ErrorText};

/// Bytes of an error's body that are read.
const ERROR_BODY: usize = 16 * 1024;
/// How long a server that loads its model is left alone.
const LOADING: Duration = Duration::from_secs(1);
/// How long an error's body may take.
const ERROR_TIMEOUT: Duration = Duration::from_secs(5);

/// What came of a request: the library has no way to hand over a body as it comes, or an error as more than a text.
pub(super) type Opened = Arc<Mutex<Option<Result<Body, ModelError>>>>;

#[derive(Clone)]
pub(super) struct Exchange {
    pub(super) http: reqwest::Client,
    pub(super) timeouts: Timeouts,
    pub(super) retries: Retries,
    pub(super) key: SecretString,
    pub(super) opened: Opened,
}

/// A request that brought no answer.
struct Failure {
    error: ModelError,
    again: Again,
}

enum Again {
    Never,
    /// After this long where the server says so.
    After(Option<Duration>),
    /// Until the time for the first byte is over.
    WhileLoading,
}

impl Exchange {
    /// Sends the request until it is answered or there is no sense in it. The library gets an empty answer.
    pub(super) async fn send(self, request: HttpRequestFactory) -> Result<Response, OpenAIError> {
        let mut attempt = 1;
        let loaded_by = Instant::now() + self.timeouts.first_byte;
        loop {
            let Failure { error, again } = match self.attempt(&request, attempt).await? {
                Ok(body) => {
                    self.set_opened(Ok(body));
                    return Ok(http::Response::new("").into());
                }
                Err(failure) => failure,
            };
            match again {
                Again::WhileLoading if Instant::now() < loaded_by => sleep(LOADING.min(self.retries.longest)).await,
                Again::After(asked) if attempt < self.retries.attempts => {
                    sleep(self.wait(attempt, asked)).await;
                    attempt += 1;
                }
                _ => {
                    self.set_opened(Err(error));
                    return Err(OpenAIError::Boxed("no answer".into()));
                }
            }
        }
    }

    fn set_opened(&self, outcome: Result<Body, ModelError>) {
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    async fn attempt(&self, request: &HttpRequestFactory, attempt: u32) -> Result<Result<Body, Failure>, OpenAIError> {
        let request = request.build().await?;
        let first_byte = Instant::now() + self.timeouts.first_byte;
        let response = match timeout_at(first_byte, self.http.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let late = error.is_timeout() && error.is_connect();
                let error = if late {
                    ModelError::Timeout(Waiting::Connect)
                } else {
                    ModelError::Connection(error.without_url())
                };
                return Ok(Err(Failure { error, again: Again::After(None) }));
            }
            Err(_) => {
                let error = ModelError::Timeout(Waiting::FirstByte);
                return Ok(Err(Failure { error, again: Again::Never }));
            }
        };
        if response.status().is_success() && !is_html(&response) {
            return Ok(self.begun(response, first_byte).await);
        }
        Ok(Err(self.refused(response, attempt).await))
    }

    /// The answer, once its first byte is there. Without one, nothing was said, and it can be tried again.
    async fn begun(&self, mut response: Response, first_byte: Instant) -> Result<Body, Failure> {
        match timeout_at(first_byte, response.chunk()).await {
            Ok(Ok(Some(first))) => Ok(Body::new(response, first.into(), self.timeouts.idle)),
            Ok(Ok(None) | Err(_)) => Err(Failure { error: ModelError::Closed, again: Again::After(None) }),
            Err(_) => Err(Failure { error: ModelError::Timeout(Waiting::FirstByte), again: Again::Never }),
        }
    }

    async fn refused(&self, response: Response, attempt: u32) -> Failure {
        let status = response.status().as_u16();
        let retry_after = retry_after(&response);
        let body = self.error_body(response).await;
        let code = serde_json::from_slice(&body).ok().and_then(|body| request::error_code(&body, &self.key));
        let refusal = ErrorText::new(status, &body, retry_after).refusal();
        let again = match refusal {
            Refusal::Loading => Again::WhileLoading,
            Refusal::RateLimit(wait) => Again::After(wait),
            Refusal::Overloaded => Again::After(retry_after),
            _ => Again::Never,
        };
        Failure { error: ModelError::Status { status, code, refusal, attempts: attempt }, again }
    }

    /// Full jitter, or what the server asks for; never longer than the longest.
    fn wait(&self, attempt: u32, asked: Option<Duration>) -> Duration {
        let wait = asked.unwrap_or_else(|| {
            let most = self.retries.base.saturating_mul(1 << (attempt - 1).min(16)).min(self.retries.longest);
            most.mul_f64(rand::rng().random::<f64>())
        });
        wait.min(self.retries.longest)
    }

    /// The beginning of an error's body.
    async fn error_body(&self, mut response: Response) -> Vec<u8> {
        let mut body = Vec::new();
        let deadline = Instant::now() + ERROR_TIMEOUT.min(self.timeouts.idle);
        while body.len() < ERROR_BODY
            && let Ok(Ok(Some(bytes))) = timeout_at(deadline, response.chunk()).await
        {
            body.extend_from_slice(&bytes);
        }
        body
    }
}

/// Whether this is a page for people, which no answer of the API is.
fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// How long the server asks to be left alone: seconds or a date (RFC 9110, 10.2.3).
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    let seconds = match value.trim().parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => DateTime::parse_from_rfc2822(value).ok()?.timestamp() - unix_now(),
    };
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}
