use std::{borrow::Cow, error::Error, sync::Arc, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use saydo_contract::{FieldError, Problem, ProblemKind};

use super::edge::{leave_cause, leave_logged};

/// A refused or failed request of `/api`. The edge writes its body, because only there the request's id is known.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) kind: ProblemKind,
    pub(crate) detail: Cow<'static, str>,
    pub(crate) errors: Vec<FieldError>,
    pub(crate) retry_after: Option<Duration>,
    /// For the log alone.
    pub(crate) cause: Option<Box<dyn Error + Send + Sync>>,
    /// Whether the log has it already.
    pub(crate) logged: bool,
}

impl ApiError {
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), retry_after: None, cause: None, logged: false }
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            ProblemKind::Internal,
            "Something went wrong on our side. Try again; if it stays, tell us the request id.",
        )
    }

    pub(crate) fn unavailable(detail: &'static str) -> Self {
        Self { retry_after: Some(Duration::from_secs(2)), ..Self::new(ProblemKind::Unavailable, detail) }
    }

    fn to_problem(&self, request_id: &str) -> Problem {
        Problem {
            r#type: format!("/problems/{}", self.kind.slug()),
            title: self.kind.title().to_owned(),
            status: self.kind.status(),
            detail: self.detail.clone().into_owned(),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
        }
    }
}

#[cfg(feature = "api")]
impl ApiError {
    /// A single field is wrong.
    pub(crate) fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let error = FieldError { pointer: pointer.into(), detail: detail.into() };
        Self { errors: vec![error], ..Self::new(ProblemKind::Invalid, "Some fields are not valid. See `errors`.") }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(ProblemKind::NotFound, "There is nothing at this address.")
    }

    pub(crate) fn caused_by(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }
}

#[cfg(feature = "api")]
impl From<saydo_store::StoreError> for ApiError {
    fn from(error: saydo_store::StoreError) -> Self {
        match error {
            saydo_store::StoreError::Unavailable(_) => {
                Self::unavailable("The database is away for a moment. Try again.").caused_by(error)
            }
            saydo_store::StoreError::Internal(_) => Self::internal().caused_by(error),
        }
    }
}

/// Travels from a handler to the edge.
#[derive(Clone)]
pub(crate) struct Pending(Arc<ApiError>);

impl IntoResponse for ApiError {
    fn into_response(mut self) -> Response {
        let status = StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        leave_cause(&mut response, self.cause.take());
        if self.logged {
            leave_logged(&mut response);
        }
        response.extensions_mut().insert(Pending(Arc::new(self)));
        response
    }
}

impl Pending {
    /// The response as the client sees it. Headers that were already set stay, `Allow` for one.
    pub(crate) fn render(&self, mut response: Response, request_id: &str) -> Response {
        let error = &self.0;
        let body = Json(error.to_problem(request_id)).into_response().into_body();
        *response.body_mut() = body;
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if error.kind == ProblemKind::Unauthenticated {
            headers.entry(header::WWW_AUTHENTICATE).or_insert(HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = error.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response
    }
}
