//! `/api/auth`: Better Auth's e-mail-and-password flow with its `jwt` and `bearer` plugins.

mod failure;
mod session;

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::Utc;
use saydo_auth::{Passwords, SessionCookies, SessionTerm, SessionToken, TokenIssuer, Verdict, composed};
use saydo_contract::{
    AuthErrorCode, AuthUser, EmailAddress, InvalidText, Jwks, Password, PersonName, SessionView, SignInEmail,
    SignInReply, SignOutReply, SignUpEmail, SignUpReply, StatusReply, TokenReply,
};
use saydo_store::{CreateUserError, NewUser, Store};
use serde::Deserialize;

use super::{
    api::ApiState,
    limits::SlowDown,
    refusals::{AnyRefusal, OriginRefusal, PasswordRefusals, SessionRefusals, SignUpRefusal, SignedOutRefusal},
};
use failure::{AuthBody, AuthFailure};
pub(crate) use failure::{method_not_allowed, not_found};
use session::{CurrentSession, TrustedOrigin};

const SET_AUTH_TOKEN: HeaderName = HeaderName::from_static("set-auth-token");
const SET_AUTH_JWT: HeaderName = HeaderName::from_static("set-auth-jwt");

/// A request that may try a password now.
pub(crate) struct PasswordPermit;

impl FromRequestParts<ApiState> for PasswordPermit {
    type Rejection = AuthFailure;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, AuthFailure> {
        let refused = |wait: SlowDown| AuthFailure::from(AuthErrorCode::TooManyRequests).retry_after(wait.0);
        state.limits.password(parts).map(|()| Self).map_err(refused)
    }
}

/// As the client sends it: the parts are checked one by one, because each has its own code.
#[derive(Deserialize)]
pub(crate) struct SignUpForm {
    #[serde(default)]
    name: String,
    email: String,
    password: String,
}

impl SignUpForm {
    fn parse(self) -> Result<SignUpEmail, AuthErrorCode> {
        let email: EmailAddress = self.email.try_into().map_err(|_| AuthErrorCode::InvalidEmail)?;
        // The characters are counted in the form that is hashed.
        let password: Password = composed(&self.password).into_owned().try_into().map_err(|fault| match fault {
            InvalidText::TooLong { .. } => AuthErrorCode::PasswordTooLong,
            _ => AuthErrorCode::PasswordTooShort,
        })?;
        let name: PersonName = self.name.try_into().map_err(|_| AuthErrorCode::ValidationError)?;
        Ok(SignUpEmail { name, email, password })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    remember_me: Option<bool>,
}

/// Makes an account and signs in.
///
/// The session is set as a cookie, and its token is in the answer.
#[utoipa::path(
    post, path = "/auth/sign-up/email", operation_id = "signUpEmail", tag = "Sign-in", security(()),
    request_body = SignUpEmail,
    responses(
        (status = 200, description = "The account and its new session", body = SignUpReply, headers(
            ("set-auth-token" = String, description = "The session's signed token, for `Authorization: Bearer`"),
        )),
        PasswordRefusals,
        SignUpRefusal,
    ),
)]
pub(crate) async fn sign_up(
    _: TrustedOrigin,
    _: PasswordPermit,
    State(store): State<Store>,
    State(passwords): State<Passwords>,
    State(cookies): State<SessionCookies>,
    AuthBody(form): AuthBody<SignUpForm>,
) -> Result<Response, AuthFailure> {
    let SignUpEmail { name, email, password } = form.parse()?;
    let password_hash = passwords.hash(&password).await?;
    let user = store.accounts().create_user(NewUser { email, name, password_hash }).await?;
    let (token, headers) = open_session(&store, &cookies, &user, SessionTerm::Remembered).await?;
    Ok((headers, Json(SignUpReply { token, user })).into_response())
}

/// Signs in.
///
/// The session is set as a cookie, and its token is in the answer.
#[utoipa::path(
    post, path = "/auth/sign-in/email", operation_id = "signInEmail", tag = "Sign-in", security(()),
    request_body = SignInEmail,
    responses(
        (status = 200, description = "The account and its new session", body = SignInReply, headers(
            ("set-auth-token" = String, description = "The session's signed token, for `Authorization: Bearer`"),
        )),
        PasswordRefusals,
        SignedOutRefusal,
    ),
)]
pub(crate) async fn sign_in(
    _: TrustedOrigin,
    _: PasswordPermit,
    State(store): State<Store>,
    State(passwords): State<Passwords>,
    State(cookies): State<SessionCookies>,
    AuthBody(form): AuthBody<SignInForm>,
) -> Result<Response, AuthFailure> {
    let email: EmailAddress = form.email.try_into().map_err(|_| AuthErrorCode::InvalidEmail)?;
    let credential = store.accounts().credential_by_email(&email).await?;
    let stored = credential.as_ref().map(|credential| credential.password_hash.as_str());
    let verdict = passwords.verify(&form.password, stored).await?;
    let Some(credential) = credential.filter(|_| verdict.is_right()) else {
        return Err(AuthErrorCode::InvalidEmailOrPassword.into());
    };
    if let Verdict::Outdated { hash } = verdict {
        store.accounts().replace_password_hash(&credential.user.id, &credential.password_hash, &hash).await?;
    }
    let term = SessionTerm::of_remember_me(form.remember_me);
    let (token, headers) = open_session(&store, &cookies, &credential.user, term).await?;
    Ok((headers, Json(SignInReply { redirect: false, token, user: credential.user })).into_response())
}

/// Ends the session.
///
/// Its token is worth nothing afterwards, and its cookie is cleared.
#[utoipa::path(
    post, path = "/auth/sign-out", operation_id = "signOut", tag = "Sign-in",
    security((), ("session" = []), ("sessionToken" = [])),
    responses(
        (status = 200, description = "There is no session any more", body = SignOutReply),
        AnyRefusal,
        OriginRefusal,
        SessionRefusals,
    ),
)]
pub(crate) async fn sign_out(
    _: TrustedOrigin,
    CurrentSession(session): CurrentSession,
    State(store): State<Store>,
    State(cookies): State<SessionCookies>,
) -> Result<Response, AuthFailure> {
    if let Some(session) = session {
        store.accounts().delete_session(session.token.hash()).await?;
    }
    Ok((set_cookies(&cookies.clear()), Json(SignOutReply { success: true })).into_response())
}

/// Gets the session.
///
/// `null` where there is none. One that is used after its first 24 hours lasts for 7 more days.
#[utoipa::path(
    get, path = "/auth/get-session", operation_id = "getSession", tag = "Sign-in",
    security((), ("session" = []), ("sessionToken" = [])),
    responses(
        (status = 200, description = "The session, or `null`", body = Option<SessionView>, headers(
            ("set-auth-jwt" = String, description = "A JWT for the API, where there is a session"),
        )),
        AnyRefusal,
        SessionRefusals,
    ),
)]
pub(crate) async fn get_session(
    CurrentSession(session): CurrentSession,
    State(store): State<Store>,
    State(cookies): State<SessionCookies>,
    State(issuer): State<TokenIssuer>,
) -> Result<Response, AuthFailure> {
    let Some(mut session) = session else { return Ok(Json(None::<SessionView>).into_response()) };
    let now = Utc::now();
    let mut headers = HeaderMap::new();
    if let Some(expires_at) = session.term.extended(session.record.expires_at, now) {
        store.accounts().extend_session(session.token.hash(), expires_at).await?;
        session.record.expires_at = expires_at;
        headers = session_headers(&cookies, &session.token, session.term);
    }
    insert_secret(&mut headers, SET_AUTH_JWT, &issuer.issue(&session.user.id, now)?);
    Ok((headers, Json(Some(session.into_view()))).into_response())
}

/// Gets a token for the API.
///
/// A JWT, valid for 15 minutes.
#[utoipa::path(
    get, path = "/auth/token", operation_id = "getToken", tag = "Sign-in",
    security(("session" = []), ("sessionToken" = [])),
    responses(
        (status = 200, description = "The token", body = TokenReply),
        AnyRefusal,
        SignedOutRefusal,
        SessionRefusals,
    ),
)]
pub(crate) async fn token(
    CurrentSession(session): CurrentSession,
    State(issuer): State<TokenIssuer>,
) -> Result<Json<TokenReply>, AuthFailure> {
    let session = session.ok_or(AuthErrorCode::Unauthorized)?;
    let token = issuer.issue(&session.user.id, Utc::now())?;
    Ok(Json(TokenReply { token }))
}

/// Gets the public keys.
///
/// There are none, because tokens are signed with the shared secret.
#[utoipa::path(
    get, path = "/auth/jwks", operation_id = "getJwks", tag = "Sign-in", security(()),
    responses((status = 200, description = "No keys", body = Jwks), AnyRefusal),
)]
pub(crate) async fn jwks() -> Json<Jwks> {
    Json(Jwks::default())
}

/// Says that sign-in is served here.
///
/// Asks no database.
#[utoipa::path(
    get, path = "/auth/ok", operation_id = "getAuthStatus", tag = "Sign-in", security(()),
    responses((status = 200, description = "It is", body = StatusReply), AnyRefusal),
)]
pub(crate) async fn ok() -> Json<StatusReply> {
    Json(StatusReply { ok: true })
}

async fn open_session(
    store: &Store,
    cookies: &SessionCookies,
    user: &AuthUser,
    term: SessionTerm,
) -> Result<(String, HeaderMap), AuthFailure> {
    let token = SessionToken::generate();
    store.accounts().create_session(&user.id, token.hash(), Utc::now() + term.lifetime()).await?;
    let headers = session_headers(cookies, &token, term);
    Ok((token.expose().to_owned(), headers))
}

fn session_headers(cookies: &SessionCookies, token: &SessionToken, term: SessionTerm) -> HeaderMap {
    let mut headers = set_cookies(&cookies.set(token, term));
    insert_secret(&mut headers, SET_AUTH_TOKEN, &cookies.signed(token));
    headers
}

fn insert_secret(headers: &mut HeaderMap, name: HeaderName, secret: &str) {
    if let Ok(mut value) = HeaderValue::from_str(secret) {
        value.set_sensitive(true);
        headers.insert(name, value);
    }
}

fn set_cookies(cookies: &[String]) -> HeaderMap {
    cookies.iter().filter_map(|cookie| Some((header::SET_COOKIE, HeaderValue::from_str(cookie).ok()?))).collect()
}

impl From<CreateUserError> for AuthFailure {
    fn from(error: CreateUserError) -> Self {
        match error {
            CreateUserError::EmailTaken => AuthErrorCode::UserAlreadyExistsUseAnotherEmail.into(),
            CreateUserError::Store(fault) => fault.into(),
        }
    }
}
