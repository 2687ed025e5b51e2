//! The edge: every request gets an id, a span and a measure here; every failure its body and its one log line.

use std::{any::Any, error::Error, fmt, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use saydo_contract::ProblemKind;
use tracing::Instrument;

use super::problem::{ApiError, Pending};
use crate::causes::chain;

/// The route, for metrics, of a request that reached none.
const UNMATCHED: &str = "unmatched";

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names a request in the log and to its client.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The client's own id where it is short and plain (a proxy's, so that both logs agree), else a new one.
    fn of(request: &Request) -> Self {
        let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
        let plain = |text: &&str| {
            (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        match given.filter(plain) {
            Some(text) => Self(text.into()),
            None => Self(format!("{:032x}", rand::random::<u128>()).into()),
        }
    }

    /// The id as text.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Wraps every response of a router.
pub async fn edge(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(&request);
    let method = request.method().clone();
    // The matched path, not the address: ids stay out of logs and metrics.
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| UNMATCHED.to_owned(), |p| p.as_str().to_owned());
    // A proxy behind this edge passes it on, so that both logs agree.
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", id = %id, method = %method, route);

    let started = Instant::now();
    let response = async {
        let response = next.run(request).await;
        log_fault(&response);
        let response = render(response, &id);
        tracing::debug!(status = response.status().as_u16(), "answered");
        response
    }
    .instrument(span)
    .await;
    measure(&method, route, &response, started);
    finish(response, &id)
}

/// Refuses an HTTP/1.1 request that names no host, and any that names several (RFC 9112, section 3.2): a proxy before this
/// server may have meant another than we read.
///
/// For what comes from the network: requests that the server makes of itself have no host.
pub async fn one_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts == 1 || (hosts == 0 && request.version() != Version::HTTP_11) {
        return next.run(request).await;
    }
    let started = Instant::now();
    let id = RequestId::of(&request);
    let refusal = ApiError::new(ProblemKind::InvalidHost, "Send one `Host` header.");
    let response = render(refusal.into_response(), &id);
    measure(request.method(), UNMATCHED.to_owned(), &response, started);
    finish(response, &id)
}

fn render(response: Response, id: &RequestId) -> Response {
    match response.extensions().get::<Pending>().cloned() {
        Some(pending) => pending.render(response, id.as_str()),
        None => response,
    }
}

/// The answer to a request whose handler panicked.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    ApiError::internal().into_response()
}

/// Why a request failed, for the log: travels from a handler to the edge.
#[derive(Clone)]
enum Cause {
    Fault(Arc<dyn Error + Send + Sync>),
    Logged,
}

/// Leaves the cause of a failed request for the edge to log.
pub(crate) fn leave_cause(response: &mut Response, cause: Option<Box<dyn Error + Send + Sync>>) {
    if let Some(cause) = cause {
        response.extensions_mut().insert(Cause::Fault(cause.into()));
    }
}

/// The turn that failed has logged why.
pub(crate) fn leave_logged(response: &mut Response) {
    response.extensions_mut().insert(Cause::Logged);
}

fn log_fault(response: &Response) {
    if !response.status().is_server_error() {
        return;
    }
    let cause = match response.extensions().get::<Cause>() {
        Some(Cause::Logged) => return,
        Some(Cause::Fault(cause)) => chain(&**cause),
        // On purpose: not ready yet, or about to stop.
        None if response.status() == StatusCode::SERVICE_UNAVAILABLE => {
            tracing::info!("not available");
            return;
        }
        None => String::new(),
    };
    tracing::error!(status = response.status().as_u16(), cause, "request failed");
}

#[cfg(feature = "api")]
fn measure(method: &Method, route: String, response: &Response, started: Instant) {
    // Clients invent methods, and each value of a label is kept for ever.
    let known = [Method::GET, Method::POST, Method::PATCH, Method::DELETE, Method::PUT, Method::HEAD, Method::OPTIONS];
    let method = if known.contains(method) { method.as_str() } else { "other" };
    let labels = [("method", method.to_owned()), ("route", route), ("status", response.status().as_str().to_owned())];
    metrics::counter!("saydo_http_requests_total", &labels).increment(1);
    metrics::histogram!("saydo_http_request_seconds", &labels).record(started.elapsed().as_secs_f64());
}

#[cfg(not(feature = "api"))]
fn measure(_: &Method, _: String, _: &Response, _: Instant) {}

/// Headers that every response carries.
fn finish(mut response: Response, id: &RequestId) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}
