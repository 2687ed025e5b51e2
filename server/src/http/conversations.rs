use axum::{
    Json,
    extract::{FromRequestParts, RawPathParams},
    http::{StatusCode, request::Parts},
};
use saydo_contract::{
    ConversationId, ConversationItem, Cursor, MessageItem, Page, PageLimit, RenameConversation, SearchQuery, UserId,
};
use saydo_store::{ListError, UserStore};
use serde::Deserialize;

use super::{
    api::ApiState,
    body::{Body, Params},
    principal::{OwnPath, Owner},
    problem::ApiError,
};

/// A conversation of the principal's.
pub(crate) struct OwnConversation {
    pub(crate) store: UserStore,
    pub(crate) id: ConversationId,
    item: ConversationItem,
}

impl FromRequestParts<ApiState> for OwnConversation {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let Owner { store, .. } = Owner::from_request_parts(parts, state).await?;
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        let named = params.iter().find_map(|(name, value)| (name == "conversation_id").then_some(value));
        let id = named.and_then(|text| text.parse().ok()).ok_or_else(ApiError::not_found)?;
        let item = store.conversation(id).await?.ok_or_else(ApiError::not_found)?;
        Ok(Self { store, id, item })
    }
}

/// What [`OwnConversation`] takes from the path, for the API's description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes the path; the extractors read it")]
pub(crate) struct ConversationPath {
    /// The token's subject.
    user_id: UserId,
    /// The conversation.
    conversation_id: ConversationId,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConversationsQuery {
    /// Where the page starts: `next_cursor` of the page before.
    cursor: Option<Cursor>,
    /// How many items at most.
    #[serde(default)]
    limit: PageLimit,
    /// Only conversations with these words in their title or messages.
    q: Option<SearchQuery>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessagesQuery {
    /// Where the page starts: `next_cursor` of the page before.
    cursor: Option<Cursor>,
    /// How many items at most.
    #[serde(default)]
    limit: PageLimit,
}

/// Lists conversations, the one that was active last first.
#[utoipa::path(
    get,
    path = "/{user_id}/conversations",
    tag = "Conversations",
    params(OwnPath, ConversationsQuery),
    responses(
        (status = 200, body = Page<ConversationItem>),
        ApiError,
    ),
)]
pub(crate) async fn list(
    owner: Owner,
    Params(query): Params<ConversationsQuery>,
) -> Result<Json<Page<ConversationItem>>, ApiError> {
    Ok(Json(owner.store.conversations(query.cursor.as_ref(), query.limit, query.q.as_ref()).await?))
}

/// One conversation.
#[utoipa::path(
    get,
    path = "/{user_id}/conversations/{conversation_id}",
    tag = "Conversations",
    params(ConversationPath),
    responses(
        (status = 200, body = ConversationItem),
        ApiError,
    ),
)]
pub(crate) async fn get(conversation: OwnConversation) -> Json<ConversationItem> {
    Json(conversation.item)
}

/// Replays a conversation: the newest page first, each page oldest first; `next_cursor` leads to older messages.
#[utoipa::path(
    get,
    path = "/{user_id}/conversations/{conversation_id}/messages",
    tag = "Conversations",
    params(
        ConversationPath,
        MessagesQuery,
    ),
    responses(
        (status = 200, body = Page<MessageItem>),
        ApiError,
    ),
)]
pub(crate) async fn messages(
    conversation: OwnConversation,
    Params(query): Params<MessagesQuery>,
) -> Result<Json<Page<MessageItem>>, ApiError> {
    let page = conversation.store.messages(conversation.id, query.cursor.as_ref(), query.limit).await?;
    page.map(Json).ok_or_else(ApiError::not_found)
}

/// Gives a conversation a title.
#[utoipa::path(
    patch,
    path = "/{user_id}/conversations/{conversation_id}",
    tag = "Conversations",
    params(ConversationPath),
    request_body = RenameConversation,
    responses(
        (status = 200, body = ConversationItem),
        ApiError,
    ),
)]
pub(crate) async fn rename(
    conversation: OwnConversation,
    Body(new): Body<RenameConversation>,
) -> Result<Json<ConversationItem>, ApiError> {
    if !conversation.store.rename_conversation(conversation.id, &new.title).await? {
        return Err(ApiError::not_found());
    }
    Ok(Json(ConversationItem { title: new.title, ..conversation.item }))
}

/// Removes a conversation with its messages. Tasks stay.
#[utoipa::path(
    delete,
    path = "/{user_id}/conversations/{conversation_id}",
    tag = "Conversations",
    params(ConversationPath),
    responses(
        (status = 204, description = "It is gone"),
        ApiError,
    ),
)]
pub(crate) async fn delete(conversation: OwnConversation) -> Result<StatusCode, ApiError> {
    if conversation.store.delete_conversation(conversation.id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::not_found())
    }
}

impl From<ListError> for ApiError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::InvalidCursor => Self::field("?cursor", "must be `next_cursor` of the page before"),
            ListError::Store(fault) => fault.into(),
        }
    }
}
