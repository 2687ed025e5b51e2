use std::{error::Error, time::Duration};

use axum::{
    Json,
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use saydo_auth::{PasswordError, SigningFailed};
use saydo_contract::{AuthError, AuthErrorCode, ProblemKind};
use saydo_store::StoreError;
use serde::de::DeserializeOwned;

use crate::http::{body::Body, problem::ApiError};

/// A refused or failed request of `/api/auth`, in Better Auth's form.
#[derive(Debug)]
pub(crate) struct AuthFailure {
    code: AuthErrorCode,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl AuthFailure {
    pub(super) fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    fn caused_by(self, cause: impl Error + Send + Sync + 'static) -> Self {
        Self { cause: Some(Box::new(cause)), ..self }
    }
}

impl From<AuthErrorCode> for AuthFailure {
    fn from(code: AuthErrorCode) -> Self {
        Self { code, retry_after: None, cause: None }
    }
}

impl From<StoreError> for AuthFailure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => {
                Self::from(AuthErrorCode::ServiceUnavailable).retry_after(Duration::from_secs(2))
            }
            StoreError::Internal(_) => AuthErrorCode::InternalServerError.into(),
        }
        .caused_by(error)
    }
}

impl From<PasswordError> for AuthFailure {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::from(AuthErrorCode::ServiceUnavailable).retry_after(Duration::from_secs(1)),
            PasswordError::Hash(_) | PasswordError::CutOff(_) => AuthErrorCode::InternalServerError.into(),
        }
        .caused_by(error)
    }
}

impl From<SigningFailed> for AuthFailure {
    fn from(error: SigningFailed) -> Self {
        Self::from(AuthErrorCode::InternalServerError).caused_by(error)
    }
}

impl IntoResponse for AuthFailure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(AuthError::from(self.code))).into_response();
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        crate::http::edge::leave_cause(&mut response, self.cause);
        response
    }
}

/// A JSON body whose faults are told in Better Auth's form.
pub(crate) struct AuthBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for AuthBody<T> {
    type Rejection = AuthFailure;

    async fn from_request(request: Request, state: &S) -> Result<Self, AuthFailure> {
        Body::from_request(request, state).await.map(|Body(body)| Self(body)).map_err(|error: ApiError| {
            match error.kind {
                ProblemKind::UnsupportedMediaType => AuthErrorCode::UnsupportedMediaType,
                ProblemKind::TooLarge => AuthErrorCode::PayloadTooLarge,
                _ => AuthErrorCode::ValidationError,
            }
            .into()
        })
    }
}

pub(crate) async fn not_found() -> AuthFailure {
    AuthErrorCode::NotFound.into()
}

pub(crate) async fn method_not_allowed() -> AuthFailure {
    AuthErrorCode::MethodNotAllowed.into()
}
