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
    refusals::{BodyRefusals, OwnerRefusals, RateRefusal},
};
use crate::{regional::Regional, turns::TurnService};

/// The headers that the settings depend on, for the API's description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; the handler reads it")]
pub(crate) struct SettingsHeaders {
    /// As for a chat; kept by a chat alone.
    #[param(rename = "Accept-Language", required = false)]
    accept_language: String,
}

/// Gets the settings.
///
/// How this server and this account are set up, as far as the person may know.
#[utoipa::path(
    get,
    path = "/{user_id}/settings",
    operation_id = "getSettings",
    tag = "Account",
    params(OwnPath, SettingsHeaders),
    responses(
        (status = 200, description = "The settings", body = Settings),
        OwnerRefusals,
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

/// Exports the account.
///
/// Everything that is kept for it, but passwords and sessions.
#[utoipa::path(
    get,
    path = "/{user_id}/export",
    operation_id = "exportAccount",
    tag = "Account",
    params(OwnPath),
    responses(
        (status = 200, description = "The account's data", body = AccountExport),
        OwnerRefusals,
    ),
)]
pub(crate) async fn export(owner: Owner) -> Result<Json<AccountExport>, ApiError> {
    Ok(Json(owner.store.export().await?))
}

/// Erases the account.
///
/// With everything in it. There is no way back.
#[utoipa::path(
    delete,
    path = "/{user_id}",
    operation_id = "eraseAccount",
    tag = "Account",
    params(OwnPath),
    request_body = EraseAccount,
    responses(
        (status = 204, description = "It is gone"),
        OwnerRefusals,
        BodyRefusals,
        RateRefusal,
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
