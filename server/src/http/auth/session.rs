use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use saydo_auth::{PresentedSession, SessionTerm, SessionToken};
use saydo_contract::{AuthErrorCode, AuthSession, AuthUser, SessionView};
use saydo_store::SessionRecord;

use super::AuthFailure;
use crate::http::{api::ApiState, origin::is_trusted, principal::bearer};

/// The session that a cookie or a bearer token names, if it lives.
pub(crate) struct CurrentSession(pub(super) Option<OpenSession>);

pub(super) struct OpenSession {
    pub(super) token: SessionToken,
    pub(super) term: SessionTerm,
    pub(super) record: SessionRecord,
    pub(super) user: AuthUser,
}

impl OpenSession {
    pub(super) fn into_view(self) -> SessionView {
        SessionView {
            session: AuthSession {
                id: self.record.id,
                user_id: self.user.id.clone(),
                token: self.token.expose().to_owned(),
                expires_at: self.record.expires_at,
                created_at: self.record.created_at,
                updated_at: self.record.updated_at,
                ip_address: None,
                user_agent: None,
            },
            user: self.user,
        }
    }
}

impl FromRequestParts<ApiState> for CurrentSession {
    type Rejection = AuthFailure;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, AuthFailure> {
        let presented = bearer(&parts.headers)
            .and_then(|credentials| state.cookies.bearer(credentials))
            .map(|token| PresentedSession { token, term: SessionTerm::Remembered })
            .or_else(|| state.cookies.read(cookies(&parts.headers)));
        let Some(PresentedSession { token, term }) = presented else { return Ok(Self(None)) };
        let found = state.store.accounts().session_by_token_hash(token.hash()).await?;
        Ok(Self(found.map(|(record, user)| OpenSession { token, term, record, user })))
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok())
}

/// A request that no other site can have made a browser send: it carries no cookies, or comes from our own pages.
pub(crate) struct TrustedOrigin;

impl FromRequestParts<ApiState> for TrustedOrigin {
    type Rejection = AuthFailure;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, AuthFailure> {
        if is_trusted(&parts.headers, &state.public) { Ok(Self) } else { Err(AuthErrorCode::InvalidOrigin.into()) }
    }
}
