//! One HTTP exchange with the model's server: tried again until the first byte, watched from then on.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_openai::{error::OpenAIError, middleware::HttpRequestFactory};
use chrono::DateTime;
use futures::stream;
use rand::RngExt;
use reqwest::{Body, Response, header};
use secrecy::SecretString;
use serde_json::Value;
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout, timeout_at},
};

use super::{request, unix_now};
use crate::{ModelError, Retries, Timeouts, Waiting, error::is_transient};

/// Bytes of an error's body that are read.
const ERROR_BODY: usize = 16 * 1024;
/// Bytes of a stream that may pass without an event in them.
const EVENT_BYTES: usize = 1024 * 1024;

/// What both sides of async-openai know of one exchange: we feed it from one side and read its events at the other.
pub(super) struct Line {
    /// Whether the reader waits. Without it, the library would read on, into memory without bound.
    wanted: watch::Sender<bool>,
    /// Bytes read since the reader had an event.
    unread: AtomicUsize,
    /// What went wrong, which the library would tell as a text only.
    fault: Mutex<Option<ModelError>>,
}

impl Default for Line {
    fn default() -> Self {
        Self { wanted: watch::Sender::new(false), unread: AtomicUsize::new(0), fault: Mutex::new(None) }
    }
}

impl Line {
    pub(super) fn wants_more(&self, wanted: bool) {
        self.unread.store(0, Ordering::Relaxed);
        self.wanted.send_replace(wanted);
    }

    pub(super) fn take_fault(&self) -> Option<ModelError> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn break_with(&self, fault: ModelError) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }
}

#[derive(Clone)]
pub(super) struct Exchange {
    pub(super) http: reqwest::Client,
    pub(super) timeouts: Timeouts,
    pub(super) retries: Retries,
    pub(super) key: SecretString,
    pub(super) line: Arc<Line>,
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
    /// Sends the request until it is answered or there is no sense in it.
    pub(super) async fn send(self, request: HttpRequestFactory) -> Result<Response, OpenAIError> {
        let mut attempt = 1;
        loop {
            let Failure { error, again } = match self.attempt(&request, attempt).await? {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            match again {
                Again::After(asked) if attempt < self.retries.attempts => {
                    sleep(self.wait(attempt, asked)).await;
                    attempt += 1;
                }
                _ => {
                    self.line.break_with(error);
                    return Err(OpenAIError::Boxed("no answer".into()));
                }
            }
        }
    }

    async fn attempt(
        &self,
        request: &HttpRequestFactory,
        attempt: u32,
    ) -> Result<Result<Response, Failure>, OpenAIError> {
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
            return Ok(Ok(self.watched(response, first_byte)));
        }
        let status = response.status().as_u16();
        let again = if is_transient(status) { Again::After(retry_after(&response)) } else { Again::Never };
        let code = self.error_code(response).await;
        Ok(Err(Failure { error: ModelError::Status { status, code, attempts: attempt }, again }))
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

    /// The answer, its body read only on demand and within the time-outs.
    fn watched(&self, response: Response, first_byte: Instant) -> Response {
        struct Reading {
            response: Response,
            line: Arc<Line>,
            wanted: watch::Receiver<bool>,
            first_byte: Option<Instant>,
            idle: Duration,
            /// The beginning of a line: the library would go through it again with every piece that comes.
            line_so_far: Vec<u8>,
        }

        impl Reading {
            /// More of the body, in whole lines; the end as it comes.
            async fn lines(&mut self) -> Result<Option<Vec<u8>>, ModelError> {
                loop {
                    let Some(mut chunk) = self.chunk().await? else {
                        let rest = std::mem::take(&mut self.line_so_far);
                        return Ok((!rest.is_empty()).then_some(rest));
                    };
                    let Some(end) = chunk.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) else {
                        self.line_so_far.append(&mut chunk);
                        continue;
                    };
                    let next = chunk.split_off(end + 1);
                    let mut lines = std::mem::replace(&mut self.line_so_far, next);
                    lines.append(&mut chunk);
                    return Ok(Some(lines));
                }
            }

            async fn chunk(&mut self) -> Result<Option<Vec<u8>>, ModelError> {
                if self.wanted.wait_for(|wanted| *wanted).await.is_err() {
                    return Ok(None);
                }
                let (limit, waiting) = match self.first_byte.take() {
                    Some(limit) => (limit, Waiting::FirstByte),
                    None => (Instant::now() + self.idle, Waiting::More),
                };
                let chunk = timeout_at(limit, self.response.chunk())
                    .await
                    .map_err(|_| ModelError::Timeout(waiting))?
                    .map_err(|error| ModelError::Broken(error.without_url()))?;
                let chunk = chunk.map(Vec::from);
                let bytes = chunk.as_ref().map_or(0, Vec::len);
                if self.line.unread.fetch_add(bytes, Ordering::Relaxed) + bytes > EVENT_BYTES {
                    return Err(ModelError::TooLarge(EVENT_BYTES));
                }
                Ok(chunk)
            }
        }

        let reading = Reading {
            response,
            wanted: self.line.wanted.subscribe(),
            line: Arc::clone(&self.line),
            first_byte: Some(first_byte),
            idle: self.timeouts.idle,
            line_so_far: Vec::new(),
        };
        let body = stream::unfold(reading, async |mut reading| match reading.lines().await {
            Ok(chunk) => chunk.map(|bytes| (Ok(bytes), reading)),
            Err(fault) => {
                reading.line.break_with(fault);
                Some((Err(std::io::Error::other("the answer broke off")), reading))
            }
        });
        Response::from(http::Response::new(Body::wrap_stream(body)))
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
