//! One HTTP exchange with the model's server: tried again until the first byte of its answer.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_openai::{error::OpenAIError, middleware::HttpRequestFactory};
use chrono::DateTime;
use rand::RngExt;
use reqwest::{Response, header};
use secrecy::SecretString;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{body::Body, request, unix_now};
use crate::{ModelError, Retries, Timeouts, Waiting, error::is_transient};

/// Bytes of an error's body that are read.
const ERROR_BODY: usize = 16 * 1024;
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
}

impl Exchange {
    /// Sends the request until it is answered or there is no sense in it. The library gets an empty answer.
    pub(super) async fn send(self, request: HttpRequestFactory) -> Result<Response, OpenAIError> {
        let mut attempt = 1;
        loop {
            let Failure { error, again } = match self.attempt(&request, attempt).await? {
                Ok(body) => {
                    self.set_opened(Ok(body));
                    return Ok(http::Response::new("").into());
                }
                Err(failure) => failure,
            };
            match again {
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
        if response.status().is_success() {
            return Ok(self.begun(response, first_byte).await);
        }
        let status = response.status().as_u16();
        let again = if is_transient(status) { Again::After(retry_after(&response)) } else { Again::Never };
        let code = self.error_code(response).await;
        Ok(Err(Failure { error: ModelError::Status { status, code, attempts: attempt }, again }))
    }

    /// The answer, once its first byte is there.
    async fn begun(&self, mut response: Response, first_byte: Instant) -> Result<Body, Failure> {
        let error = match timeout_at(first_byte, response.chunk()).await {
            Ok(Ok(Some(first))) => return Ok(Body::new(response, first.into(), self.timeouts.idle)),
            Ok(Ok(None)) => ModelError::Unfinished,
            Ok(Err(error)) => ModelError::Broken(error.without_url()),
            Err(_) => ModelError::Timeout(Waiting::FirstByte),
        };
        Err(Failure { error, again: Again::Never })
    }

    /// Full jitter, or what the server asks for; never longer than the longest.
    fn wait(&self, attempt: u32, asked: Option<Duration>) -> Duration {
        let wait = asked.unwrap_or_else(|| {
            let most = self.retries.base.saturating_mul(1 << (attempt - 1).min(16)).min(self.retries.longest);
            most.mul_f64(rand::rng().random::<f64>())
        });
        wait.min(self.retries.longest)
    }

    /// The code that the server gives its error, where there is one.
    async fn error_code(&self, mut response: Response) -> Option<String> {
        let mut body = Vec::new();
        while body.len() < ERROR_BODY
            && let Ok(Ok(Some(bytes))) = timeout(self.timeouts.idle, response.chunk()).await
        {
            body.extend_from_slice(&bytes);
        }
        let value: Value = serde_json::from_slice(&body).ok()?;
        request::error_code(&value, &self.key)
    }
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
