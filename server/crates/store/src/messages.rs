//! Messages: what the person and the agent said, and the tools the agent called.

use chrono::{DateTime, Utc};
use saydo_contract::{
    ConversationId, Cursor, MessageId, MessageItem, MessageMeta, Page, PageLimit, Role, TaskChange, ToolCallRecord,
    TurnId, TurnItem,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    BegunTurn, ListError, StoreError, TurnError, UserStore,
    cursor::Seal,
    database::now,
    entities::{
        conversations,
        messages::{ActiveModel, Column, Entity, Model},
        turns,
    },
    limited::Transaction,
    search::{folded, storable},
};

/// A message as the model's context needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredMessage {
    /// The message.
    pub id: MessageId,
    /// The turn it belongs to.
    pub turn_id: TurnId,
    /// Who wrote it.
    pub role: Role,
    /// The words; empty where the agent only called tools.
    pub content: String,
    /// The tools that the agent called in this message, in order.
    pub tool_calls: Vec<StoredToolCall>,
    /// The question that it asks and what it shows. Empty: nothing is known of that.
    pub meta: MessageMeta,
    /// When it was written (UTC).
    pub created_at: DateTime<Utc>,
}

/// What a message says, to be stored.
#[derive(Debug, Clone, Copy, Default)]
pub struct MessageBody<'a> {
    /// The words; may be empty where it has calls.
    pub content: &'a str,
    /// Its tool calls, in order.
    pub tool_calls: &'a [StoredToolCall],
    /// What is kept beside the words; `None` and an empty one are the same.
    pub meta: Option<&'a MessageMeta>,
}

/// A tool call and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredToolCall {
    /// Pairs the call with its result; unique within the turn.
    pub call_id: String,
    /// The tool's name, as the model wrote it.
    pub tool: String,
    /// The arguments: an object, or the raw text where the model wrote no JSON.
    pub arguments: Value,
    /// The structured result, or the error's text; `None` where the call has not been answered.
    pub result: Option<Value>,
    /// Whether the call failed.
    #[serde(default)]
    pub is_error: bool,
    /// What the call changed.
    #[serde(default)]
    pub changes: Vec<TaskChange>,
    /// Fields of the provider's own, to be sent back as they came.
    #[serde(default)]
    pub extra: Map<String, Value>,
}

impl UserStore {
    /// The newest messages of a conversation, turn after turn: `least` of them, and up to as many more, so that the
    /// oldest one stays the same while `least` messages are added.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn history(&self, conversation: ConversationId, least: u64) -> Result<Vec<StoredMessage>, StoreError> {
        let all = self.select::<Entity>().filter(Column::ConversationId.eq(conversation.get()));
        let count = all.clone().count(&self.database.read).await?;
        let skipped = count.saturating_sub(least) / least.max(1) * least;
        let mut rows =
            all.order_by_desc(Column::Id).limit(count.saturating_sub(skipped)).all(&self.database.read).await?;
        // The answer to a turn that was retried late belongs behind its message.
        rows.sort_by_key(|row| (row.turn_id, row.id));
        rows.into_iter().map(stored).collect()
    }

    /// A page of a conversation's messages, oldest first. The first page is the newest; its cursor leads to the
    /// messages before it. `None`: this person has no such conversation.
    ///
    /// # Errors
    /// [`ListError::InvalidCursor`] where the cursor comes from another list or conversation.
    pub async fn messages(
        &self,
        conversation: ConversationId,
        cursor: Option<&Cursor>,
        limit: PageLimit,
    ) -> Result<Option<Page<MessageItem>>, ListError> {
        if self.conversation(conversation).await?.is_none() {
            return Ok(None);
        }
        let seal = Seal::new("messages", &[self.user(), &conversation]);
        let mut page = self.message_rows(conversation).order_by_desc(Column::Id).limit(u64::from(limit.get()) + 1);
        if let Some(cursor) = cursor {
            let [before] = seal.open(cursor)?;
            page = page.filter(Column::Id.lt(before));
        }
        let mut rows = page.all(&self.database.read).await?;
        let more = rows.len() > usize::from(limit.get());
        rows.truncate(limit.get().into());
        rows.reverse();
        let next_cursor = rows.first().filter(|_| more).map(|oldest| seal.cursor([oldest.0.id])).transpose()?;
        Ok(Some(Page { items: rows.into_iter().map(item).collect::<Result<_, _>>()?, next_cursor }))
    }

    /// The messages of a conversation with their turns.
    pub(crate) fn message_rows(&self, conversation: ConversationId) -> sea_orm::SelectTwo<Entity, turns::Entity> {
        self.select::<Entity>().filter(Column::ConversationId.eq(conversation.get())).find_also_related(turns::Entity)
    }

    /// Stores a message of the agent.
    ///
    /// # Errors
    /// [`TurnError::Lost`]: the turn is not the caller's any more.
    pub async fn add_assistant_message(
        &self,
        turn: &BegunTurn,
        message: MessageBody<'_>,
    ) -> Result<MessageId, TurnError> {
        let transaction = self.database.begin().await?;
        let message = NewMessage { turn: turn.turn_id.get(), role: Role::Assistant, message };
        self.touch(&transaction, turn.conversation_id.get()).await?;
        self.check_held(&transaction, turn).await?;
        let id = self.insert_message(&transaction, turn.conversation_id.get(), message).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Replaces the tool calls of a message of this turn: with their results, as these come in.
    ///
    /// # Errors
    /// [`TurnError::Lost`]: the turn is not the caller's any more.
    pub async fn set_tool_calls(
        &self,
        turn: &BegunTurn,
        message: MessageId,
        tool_calls: &[StoredToolCall],
    ) -> Result<(), TurnError> {
        let transaction = self.database.begin().await?;
        self.check_held(&transaction, turn).await?;
        self.update::<Entity>()
            .filter(Column::Id.eq(message.get()))
            .filter(Column::TurnId.eq(turn.turn_id.get()))
            .col_expr(Column::ToolCalls, Expr::value(json(tool_calls)?))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    pub(crate) async fn insert_message(
        &self,
        transaction: &Transaction,
        conversation: i64,
        new: NewMessage<'_>,
    ) -> Result<MessageId, StoreError> {
        let content = storable(new.message.content);
        let row = Entity::insert(ActiveModel {
            id: NotSet,
            user_id: Set(self.owner()),
            conversation_id: Set(conversation),
            turn_id: Set(new.turn),
            role: Set(role_name(new.role).to_owned()),
            search_text: Set(folded(&[&content])),
            content: Set(content.into_owned()),
            tool_calls: Set(json(new.message.tool_calls)?),
            meta: Set(new.message.meta.filter(|meta| !meta.is_empty()).map(json).transpose()?),
            created_at: Set(now()),
        })
        .exec_with_returning(transaction)
        .await?;
        row.id.try_into().map_err(StoreError::internal)
    }

    /// Notes that something was said in a conversation.
    pub(crate) async fn touch(&self, transaction: &Transaction, conversation: i64) -> Result<(), StoreError> {
        self.update::<conversations::Entity>()
            .filter(conversations::Column::Id.eq(conversation))
            .col_expr(conversations::Column::UpdatedAt, Expr::value(now()))
            .exec(transaction)
            .await?;
        Ok(())
    }
}

/// A message to store.
pub(crate) struct NewMessage<'a> {
    pub(crate) turn: i64,
    pub(crate) role: Role,
    pub(crate) message: MessageBody<'a>,
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::internal)
}

fn stored(row: Model) -> Result<StoredMessage, StoreError> {
    Ok(StoredMessage {
        id: row.id.try_into().map_err(StoreError::internal)?,
        turn_id: row.turn_id.try_into().map_err(StoreError::internal)?,
        role: match row.role.as_str() {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            other => return Err(StoreError::internal(format!("a message of '{other}'"))),
        },
        content: row.content,
        tool_calls: serde_json::from_str(&row.tool_calls).map_err(StoreError::internal)?,
        // What this version can't read, a newer one wrote: the words alone still make sense.
        meta: row.meta.and_then(|meta| serde_json::from_str(&meta).ok()).unwrap_or_default(),
        created_at: row.created_at,
    })
}

pub(crate) fn item((row, turn): (Model, Option<turns::Model>)) -> Result<MessageItem, StoreError> {
    let message = stored(row)?;
    let turn = turn.ok_or_else(|| StoreError::internal("a message without a turn"))?;
    let call = |call: StoredToolCall| ToolCallRecord {
        tool: call.tool,
        arguments: call.arguments,
        result: call.result.unwrap_or_default(),
        is_error: call.is_error,
    };
    Ok(MessageItem {
        id: message.id,
        role: message.role,
        content: message.content,
        tool_calls: message.tool_calls.into_iter().map(call).collect(),
        created_at: message.created_at,
        turn: TurnItem { id: message.turn_id, status: crate::turns::status(&turn)? },
        meta: message.meta.for_clients(),
    })
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}
