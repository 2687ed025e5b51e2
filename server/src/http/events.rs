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
use saydo_contract::{AccountEvent, EventId, StopReply, TurnEvent};
use saydo_store::StoreError;
use serde::Serialize;
use serde_json::Value;

use super::{
    conversations::{ConversationPath, OwnConversation},
    principal::{OwnPath, Owner},
    problem::ApiError,
    refusals::{FieldRefusal, MissingRefusal, OwnerRefusals},
};
use crate::turns::TurnService;

/// A comment at this pace keeps proxies from closing a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Writes events as they come. A database fault ends the stream; its client resumes after the last id it saw.
pub(crate) fn event_stream(
    events: impl Stream<Item = Result<(EventId, TurnEvent), StoreError>> + Send + 'static,
) -> Response {
    respond(events.map(|told| {
        let (id, event) = told.map_err(axum::Error::new)?;
        named(event.name(), &event).map(|line| line.id(id.to_string()))
    }))
}

/// The name of an event and its data.
fn named(name: &str, event: &impl Serialize) -> Result<Event, axum::Error> {
    let data = serde_json::to_value(event).ok().and_then(|mut event| event.get_mut("data").map(Value::take));
    Event::default().event(name).json_data(data)
}

fn respond(lines: impl Stream<Item = Result<Event, axum::Error>> + Send + 'static) -> Response {
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

/// The headers of a stream, for the API's description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; the extractor reads it")]
pub(crate) struct StreamHeaders {
    /// Go on after this event.
    #[param(rename = "Last-Event-ID", pattern = "^[1-9][0-9]{0,14}-[0-9]{1,9}$", required = false)]
    last_event_id: String,
}

/// Streams the events of a conversation.
///
/// Server-Sent Events of its running or last turn, then of every turn that follows. Each has the `type` of a turn event as
/// its `event`, the event's `data` as its `data`, and an `id` to go on after.
#[utoipa::path(
    get,
    path = "/{user_id}/conversations/{conversation_id}/events",
    operation_id = "followConversation",
    tag = "Conversations",
    params(ConversationPath, StreamHeaders),
    responses(
        (status = 200, description = "Events until the client goes", body = TurnEvent, content_type = "text/event-stream"),
        OwnerRefusals,
        MissingRefusal,
        FieldRefusal,
    ),
)]
pub(crate) async fn events(
    conversation: OwnConversation,
    State(turns): State<TurnService>,
    LastEventId(after): LastEventId,
) -> Response {
    event_stream(turns.follow_conversation(&conversation.store, conversation.id, after))
}

/// Streams what changes of the person's data.
///
/// Server-Sent Events about changes in any tab and on any device, each with the `type` of an account event as its `event`
/// and the event's `data` as its `data`. Nothing is repeated: fetch the data after connecting. The stream ends where an event
/// may have been missed.
#[utoipa::path(
    get,
    path = "/{user_id}/events",
    operation_id = "followAccount",
    tag = "Account",
    params(OwnPath),
    responses(
        (status = 200, description = "Events until the client goes", body = AccountEvent, content_type = "text/event-stream"),
        OwnerRefusals,
    ),
)]
pub(crate) async fn account_events(owner: Owner, State(turns): State<TurnService>) -> Response {
    respond(turns.news(owner.store.user().clone()).map(|event| named(event.name(), &event)))
}

/// Stops the running turn.
///
/// Tool calls that took effect stay, and are listed in the answer.
#[utoipa::path(
    post,
    path = "/{user_id}/conversations/{conversation_id}/stop",
    operation_id = "stopTurn",
    tag = "Conversations",
    params(ConversationPath),
    responses(
        (status = 200, description = "Nothing runs any more", body = StopReply),
        OwnerRefusals,
        MissingRefusal,
    ),
)]
pub(crate) async fn stop(
    conversation: OwnConversation,
    State(turns): State<TurnService>,
) -> Result<axum::Json<StopReply>, ApiError> {
    let stopped = turns.stop(&conversation.store, conversation.id).await?;
    Ok(axum::Json(stopped))
}
