use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, header, request::Parts},
};
use saydo_auth::TokenError;
use saydo_contract::{ProblemKind, UserId};
use saydo_store::UserStore;

use super::{api::ApiState, problem::ApiError};

/// Who asks, proved by a JWT.
#[derive(Debug, Clone)]
pub(crate) struct Principal(pub(crate) UserId);

/// The principal, who is also the user that the path names, and the door to that user's data.
pub(crate) struct Owner {
    pub(crate) user: UserId,
    pub(crate) store: UserStore,
}

/// What [`Owner`] takes from the path, for the API's description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes the path; the extractors read it")]
pub(crate) struct OwnPath {
    /// The token's subject.
    user_id: UserId,
}

impl FromRequestParts<ApiState> for Principal {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers)
            .ok_or_else(|| unauthenticated("Send a token: `Authorization: Bearer <JWT>` from GET /api/auth/token."))?;
        let user = state.verifier.verify(token).await.map_err(|fault| match fault {
            TokenError::KeysUnavailable(_) => {
                ApiError::unavailable("The keys that prove tokens cannot be had for a moment. Try again.")
                    .caused_by(fault)
            }
            TokenError::Refused(_) => unauthenticated(REFUSED),
        })?;
        // The tokens of an account that was erased live on for minutes; they open nothing.
        if state.accounts == Accounts::Ours && state.store.accounts().user(&user).await?.is_none() {
            return Err(unauthenticated(REFUSED));
        }
        Ok(Self(user))
    }
}

impl FromRequestParts<ApiState> for Owner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let Principal(user) = Principal::from_request_parts(parts, state).await?;
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        let named = params.iter().find_map(|(name, value)| (name == "user_id").then_some(value));
        if named != Some(user.as_str()) {
            return Err(ApiError::new(ProblemKind::WrongUser, "The user in the path must be the user of the token."));
        }
        let store = state.store.for_user(user.clone());
        Ok(Self { user, store })
    }
}

/// Who keeps the accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accounts {
    /// This server alone.
    Ours,
    /// An outside Better Auth too.
    Outside,
}

const REFUSED: &str = "The token is not valid, or no longer. Get a new one from GET /api/auth/token.";

fn unauthenticated(detail: &'static str) -> ApiError {
    ApiError::new(ProblemKind::Unauthenticated, detail)
}

/// The credentials of `Authorization: Bearer …` (RFC 6750).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
