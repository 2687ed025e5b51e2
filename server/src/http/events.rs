use std::time::Duration;

use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderName, HeaderValue, header, request::Parts},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{Stream, StreamExt};
use saydo_contract::{EventId, StopReply, TurnEvent};
use saydo_store::StoreError;

use super::{
    conversations::{ConversationPath, OwnConversation},
    problem::ApiError,
};
use crate::turns::TurnService;

/// A comment at this pace keeps proxies from closing a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Writes events as they come. A database fault ends the stream; its client resumes after the last id it saw.
pub(crate) fn event_stream(
    events: impl Stream<Item = Result<(EventId, TurnEvent), StoreError>> + Send + 'static,
) -> Response {
    let lines = events.map(|told| {
        let (id, event) = told.map_err(axum::Error::new)?;
        let data =
            serde_json::to_value(&event).ok().and_then(|mut event| event.get_mut("data").map(serde_json::Value::take));
        Event::default().id(id.to_string()).event(event.name()).json_data(data)
    });
    let stream = Sse::new(lines).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, stream).into_response()
}

/// `Last-Event-ID`: what the client saw last.
pub(crate) struct LastEventId(Option<EventId>);

impl<S: Send + Sync> FromRequestParts<S> for LastEventId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let given = parts.headers.get("Last-Event-ID").map(|value| value.to_str().unwrap_or_default());
        given
            .map(str::parse::<EventId>)
            .transpose()
            .map(Self)
            .map_err(|fault| ApiError::field("Last-Event-ID", fault.to_string()))
    }
}

/// Follows a conversation: its running or last turn, then every turn that follows.
#[utoipa::path(
    get,
    path = "/{user_id}/conversations/{conversation_id}/events",
    tag = "Conversations",
    params(
        ConversationPath,
        ("Last-Event-ID" = Option<String>, Header, description = "Go on after this event"),
    ),
    responses(
        (status = 200, description = "Events until the client goes", body = TurnEvent, content_type = "text/event-stream"),
        ApiError,
    ),
)]
pub(crate) async fn events(
    conversation: OwnConversation,
    State(turns): State<TurnService>,
    LastEventId(after): LastEventId,
) -> Response {
    event_stream(turns.follow_conversation(&conversation.store, conversation.id, after))
}

/// Stops the running turn. What was done stays done and is told.
#[utoipa::path(
    post,
    path = "/{user_id}/conversations/{conversation_id}/stop",
    tag = "Conversations",
    params(ConversationPath),
    responses(
        (status = 200, description = "Nothing runs any more", body = StopReply),
        ApiError,
    ),
)]
pub(crate) async fn stop(
    conversation: OwnConversation,
    State(turns): State<TurnService>,
) -> Result<axum::Json<StopReply>, ApiError> {
    let stopped = turns.stop(&conversation.store, conversation.id).await?;
    Ok(axum::Json(stopped))
}
