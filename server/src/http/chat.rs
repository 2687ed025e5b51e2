//! `POST /api/{user_id}/chat`: begins a turn and answers with JSON or with an event stream.

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use saydo_contract::{ChatReply, ChatRequest, IdempotencyKey, ProblemKind, TurnEvent};

use super::{
    accept_language,
    api::ApiState,
    body::Body,
    edge::RequestId,
    events::event_stream,
    header::text,
    principal::{OwnPath, Owner},
    problem::ApiError,
    refusals::{BodyRefusals, OwnerRefusals, TurnRefusals},
    time_zone::time_zone,
};
use crate::turns::{BeginError, TurnOptions, TurnService};

/// An owner who may chat now.
pub(crate) struct Chatter(Owner);

impl FromRequestParts<ApiState> for Chatter {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let owner = Owner::from_request_parts(parts, state).await?;
        state.limits.chat(&owner.user).map_err(|wait| {
            ApiError::new(ProblemKind::TooManyRequests, "That was fast. Wait a moment, then send it again.")
                .retry_after(wait.0)
        })?;
        Ok(Self(owner))
    }
}

/// Whether the turn is answered whole or told as it happens.
pub(crate) enum Answer {
    Json,
    Events,
}

/// The headers of a chat, for the API's description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the headers; the extractors read them")]
pub(crate) struct ChatHeaders {
    /// The same key and body within 24 hours gets the first result and repeats no effect.
    #[param(rename = "Idempotency-Key", inline, required = false)]
    idempotency_key: IdempotencyKey,
    /// The first tag tells how dates and times are read and written: 12/5 is December 5 and 17:00 is 5:00 PM in en-US. It
    /// is kept for later requests without one; before the first, the time zone decides. A header that cannot be read counts
    /// as none.
    #[param(rename = "Accept-Language", required = false)]
    accept_language: String,
    /// An IANA time zone such as Europe/Berlin, or the offset of a place without daylight saving time such as +05:30: what
    /// "tomorrow" means. It is kept for later requests without one; UTC before the first.
    #[param(rename = "Time-Zone", required = false)]
    time_zone: String,
}

/// Says something to the agent and gets its answer.
///
/// With `Accept: text/event-stream` the turn is streamed as Server-Sent Events: each has the `type` of a turn event as its
/// `event`, the event's `data` as its `data`, and an `id` to go on after.
#[utoipa::path(
    post,
    path = "/{user_id}/chat",
    operation_id = "chat",
    tag = "Chat",
    params(OwnPath, ChatHeaders),
    request_body = ChatRequest,
    responses(
        (status = 200, description = "The turn is over, or its events", content((ChatReply = "application/json"), (TurnEvent = "text/event-stream"))),
        OwnerRefusals,
        BodyRefusals,
        TurnRefusals,
    ),
)]
pub(crate) async fn chat(
    Chatter(owner): Chatter,
    State(turns): State<TurnService>,
    options: TurnOptions,
    answer: Answer,
    Body(request): Body<ChatRequest>,
) -> Result<Response, ApiError> {
    let turn = turns.begin(&owner.store, request, options).await?;
    match answer {
        Answer::Events => Ok(event_stream(turn.events())),
        Answer::Json => turn.outcome().await?.try_into().map(|reply: ChatReply| Json(reply).into_response()),
    }
}

impl TryFrom<crate::turns::Outcome> for ChatReply {
    type Error = ApiError;

    fn try_from(outcome: crate::turns::Outcome) -> Result<Self, ApiError> {
        match (outcome.reply, outcome.event) {
            (Some(reply), _) => Ok(reply),
            (None, TurnEvent::TurnFailed { problem, .. }) => {
                let kind = problem.kind().unwrap_or(ProblemKind::Internal);
                let error = ApiError { logged: true, ..ApiError::new(kind, problem.detail) };
                Err(if kind == ProblemKind::Unavailable {
                    error.retry_after(std::time::Duration::from_secs(2))
                } else {
                    error
                })
            }
            (None, _) => Err(ApiError::new(ProblemKind::Internal, "The turn ended without an answer.")),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TurnOptions {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let key = text(&parts.headers, "Idempotency-Key")?
            .map(str::parse::<IdempotencyKey>)
            .transpose()
            .map_err(|fault| ApiError::field("Idempotency-Key", fault.to_string()))?;
        let zone = time_zone(&parts.headers)?;
        let request_id = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
        Ok(Self { key, zone, locale: accept_language::locale(&parts.headers), request_id })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Answer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let accepted = parts.headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let events = accepted.flat_map(|value| value.split(',')).any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let is_events = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/event-stream"));
            // "Not acceptable" (RFC 9110, section 12.4.2).
            let refused = |weight: &str| weight.parse::<f32>() == Ok(0.0);
            is_events && !parts.any(|part| part.strip_prefix("q=").is_some_and(refused))
        });
        Ok(if events { Self::Events } else { Self::Json })
    }
}

impl From<BeginError> for ApiError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::ConversationNotFound => {
                Self::new(ProblemKind::NotFound, "There is no such conversation. Begin a new one.")
            }
            BeginError::InProgress => Self::new(
                ProblemKind::TurnInProgress,
                "The agent is still at work in this conversation. Wait for it, or stop it.",
            )
            .retry_after(std::time::Duration::from_secs(1)),
            BeginError::KeyReused => Self::new(
                ProblemKind::IdempotencyKeyReused,
                "This Idempotency-Key came with another message before. Use a new one.",
            ),
            BeginError::Draining => Self::unavailable("This server is about to stop. Try again."),
            BeginError::Store(fault) => fault.into(),
        }
    }
}
