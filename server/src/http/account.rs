//! `/api/{user_id}`: the regional settings, the export and the deletion of an account.

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, request::Parts},
};
use saydo_auth::{PasswordError, Passwords};
use saydo_contract::{AccountExport, EraseAccount, ModelMode, ProblemKind, Settings};
use saydo_store::Store;

use super::{
    accept_language,
    api::ApiState,
    body::Body,
    principal::{OwnPath, Owner},
    problem::ApiError,
};
use crate::{regional::Regional, turns::TurnService};

/// How this server and this account are set up, as far as the person may know.
#[utoipa::path(
    get,
    path = "/{user_id}/settings",
    tag = "Account",
    params(
        OwnPath,
        ("Accept-Language" = Option<String>, Header, description = "As for a chat; kept by a chat alone"),
    ),
    responses(
        (status = 200, body = Settings),
        ApiError,
    ),
)]
pub(crate) async fn settings(
    owner: Owner,
    State(model): State<ModelMode>,
    headers: HeaderMap,
) -> Result<Json<Settings>, ApiError> {
    let locale = match accept_language::locale(&headers) {
        Some(locale) => locale,
        None => Regional::of(owner.store.regional_settings().await?).locale,
    };
    Ok(Json(Settings { model, locale }))
}

/// Everything that is kept for the account, but passwords and sessions.
#[utoipa::path(
    get,
    path = "/{user_id}/export",
    tag = "Account",
    params(OwnPath),
    responses(
        (status = 200, body = AccountExport),
        ApiError,
    ),
)]
pub(crate) async fn export(owner: Owner) -> Result<Json<AccountExport>, ApiError> {
    Ok(Json(owner.store.export().await?))
}

/// Erases the account with everything in it. There is no way back.
#[utoipa::path(
    delete,
    path = "/{user_id}",
    tag = "Account",
    params(OwnPath),
    request_body = EraseAccount,
    responses(
        (status = 204, description = "It is gone"),
        ApiError,
    ),
)]
pub(crate) async fn erase(
    owner: Owner,
    State(store): State<Store>,
    State(passwords): State<Passwords>,
    State(turns): State<TurnService>,
    _: PasswordAttempt,
    Body(request): Body<EraseAccount>,
) -> Result<StatusCode, ApiError> {
    // An account without a password here is kept by an outside Better Auth: its token is all the proof there is.
    if let Some(credential) = store.accounts().credential_of(&owner.user).await? {
        let given = request.password.ok_or_else(|| ApiError::field("/password", "is required to erase the account"))?;
        if !passwords.verify(&given, Some(&credential.password_hash)).await?.is_right() {
            return Err(ApiError::field("/password", "is not the account's password"));
        }
    }
    turns.stop_all(&owner.store).await;
    owner.store.erase().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A request that may try a password now.
pub(crate) struct PasswordAttempt;

impl FromRequestParts<ApiState> for PasswordAttempt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        state.limits.password(parts).map(|()| Self).map_err(|wait| {
            ApiError::new(ProblemKind::TooManyRequests, "Too many passwords were tried. Wait a moment.")
                .retry_after(wait.0)
        })
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => {
                Self::unavailable("Many passwords are being checked right now. Try again in a moment.")
            }
            PasswordError::Hash(_) | PasswordError::CutOff(_) => Self::internal(),
        }
        .caused_by(error)
    }
}
