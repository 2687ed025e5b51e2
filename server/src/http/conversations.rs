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
    refusals::{BodyRefusals, FieldRefusal, MissingRefusal, OwnerRefusals},
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
    /// How many items at most; 50 where it is left out.
    #[serde(default)]
    #[param(inline)]
    limit: PageLimit,
    /// Only conversations with these words in their title or messages.
    #[param(inline)]
    q: Option<SearchQuery>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessagesQuery {
    /// Where the page starts: `next_cursor` of the page before.
    cursor: Option<Cursor>,
    /// How many items at most; 50 where it is left out.
    #[serde(default)]
    #[param(inline)]
    limit: PageLimit,
}

/// Lists conversations.
///
/// The one that was active last comes first. With `q`, only those with these words in their title or messages.
#[utoipa::path(
    get,
    path = "/{user_id}/conversations",
    operation_id = "listConversations",
    tag = "Conversations",
    params(OwnPath, ConversationsQuery),
    responses(
        (status = 200, description = "A page of the list", body = Page<ConversationItem>),
        OwnerRefusals,
        FieldRefusal,
    ),
)]
pub(crate) async fn list(
    owner: Owner,
    Params(query): Params<ConversationsQuery>,
) -> Result<Json<Page<ConversationItem>>, ApiError> {
    Ok(Json(owner.store.conversations(query.cursor.as_ref(), query.limit, query.q.as_ref()).await?))
}

/// Gets one conversation.
///
/// Its messages are a list of their own.
#[utoipa::path(
    get,
    path = "/{user_id}/conversations/{conversation_id}",
    operation_id = "getConversation",
    tag = "Conversations",
    params(ConversationPath),
    responses(
        (status = 200, description = "The conversation", body = ConversationItem),
        OwnerRefusals,
        MissingRefusal,
    ),
)]
pub(crate) async fn get(conversation: OwnConversation) -> Json<ConversationItem> {
    Json(conversation.item)
}

/// Lists the messages of a conversation.
///
/// The newest page comes first, and each page begins with its oldest message; `next_cursor` leads to older ones.
#[utoipa::path(
    get,
    path = "/{user_id}/conversations/{conversation_id}/messages",
    operation_id = "listMessages",
    tag = "Conversations",
    params(
        ConversationPath,
        MessagesQuery,
    ),
    responses(
        (status = 200, description = "A page of the list", body = Page<MessageItem>),
        OwnerRefusals,
        MissingRefusal,
        FieldRefusal,
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
///
/// Until then the title is its first message, shortened.
#[utoipa::path(
    patch,
    path = "/{user_id}/conversations/{conversation_id}",
    operation_id = "renameConversation",
    tag = "Conversations",
    params(ConversationPath),
    request_body = RenameConversation,
    responses(
        (status = 200, description = "The conversation with its new title", body = ConversationItem),
        OwnerRefusals,
        MissingRefusal,
        BodyRefusals,
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

/// Deletes a conversation.
///
/// Its messages are deleted with it. Tasks stay.
#[utoipa::path(
    delete,
    path = "/{user_id}/conversations/{conversation_id}",
    operation_id = "deleteConversation",
    tag = "Conversations",
    params(ConversationPath),
    responses(
        (status = 204, description = "It is gone"),
        OwnerRefusals,
        MissingRefusal,
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
