//! A person's conversations.

use chrono::{DateTime, Utc};
use saydo_contract::{
    AccountEvent, ConversationId, ConversationItem, ConversationTitle, Cursor, MessageText, Page, PageLimit,
    SearchQuery,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    ListError, StoreError, UserStore,
    cursor::Seal,
    database::now,
    entities::{
        conversations::{ActiveModel, Column, Entity, Model},
        messages,
    },
    limited::Transaction,
    search::{self, folded},
};

/// A title made from a message has this many characters at most.
const TITLE_LENGTH: usize = 60;

impl UserStore {
    /// A page of conversations, the one with the newest message first. With a query: those whose title, or one of
    /// whose messages, contains all of its words, in any case.
    ///
    /// # Errors
    /// [`ListError::InvalidCursor`] where the cursor comes from another person, list or query.
    pub async fn conversations(
        &self,
        cursor: Option<&Cursor>,
        limit: PageLimit,
        query: Option<&SearchQuery>,
    ) -> Result<Page<ConversationItem>, ListError> {
        let words = query.map(search::words).unwrap_or_default();
        let seal = Seal::new("conversations", &[self.user(), &words.join(" ")]);
        let mut page = self
            .select::<Entity>()
            .order_by_desc(Column::UpdatedAt)
            .order_by_desc(Column::Id)
            .limit(u64::from(limit.get()) + 1);
        if !words.is_empty() {
            page = page.filter(
                Condition::any()
                    .add(search::holds_all((Entity, Column::SearchText), &words))
                    .add(Column::Id.in_subquery(self.conversations_that_say(&words))),
            );
        }
        if let Some(cursor) = cursor {
            let [updated_at, id] = seal.open(cursor)?;
            let updated_at = representable(updated_at).ok_or(ListError::InvalidCursor)?;
            page = page.filter(
                Expr::tuple([Expr::col(Column::UpdatedAt), Expr::col(Column::Id)])
                    .lt(Expr::tuple([Expr::value(updated_at), Expr::value(id)])),
            );
        }
        let mut rows = page.all(&self.database.read).await?;
        let more = rows.len() > usize::from(limit.get());
        rows.truncate(limit.get().into());
        let key = |last: &Model| seal.cursor([last.updated_at.timestamp_micros(), last.id]);
        let next_cursor = rows.last().filter(|_| more).map(key).transpose()?;
        Ok(Page { items: rows.into_iter().map(item).collect::<Result<_, _>>()?, next_cursor })
    }

    /// A conversation.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn conversation(&self, id: ConversationId) -> Result<Option<ConversationItem>, StoreError> {
        let row = self.select::<Entity>().filter(Column::Id.eq(id.get())).one(&self.database.read).await?;
        row.map(item).transpose()
    }

    /// Gives a conversation a title. `false`: this person has no such conversation.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn rename_conversation(&self, id: ConversationId, title: &ConversationTitle) -> Result<bool, StoreError> {
        let transaction = self.database.begin().await?;
        let done = self
            .update::<Entity>()
            .filter(Column::Id.eq(id.get()))
            .col_expr(Column::Title, Expr::value(title.as_str()))
            .col_expr(Column::SearchText, Expr::value(folded(&[title.as_str()])))
            .exec(&transaction)
            .await?;
        let event = AccountEvent::ConversationRenamed { conversation_id: id };
        self.commit_change(transaction, done.rows_affected, event).await
    }

    /// Removes a conversation with its messages, turns and events; a turn of it that runs is lost to its holder.
    /// Tasks, the record of their changes, and the idempotency keys of its requests stay. `false`: this person has no such conversation.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn delete_conversation(&self, id: ConversationId) -> Result<bool, StoreError> {
        let transaction = self.database.begin().await?;
        let done = self.delete::<Entity>().filter(Column::Id.eq(id.get())).exec(&transaction).await?;
        let event = AccountEvent::ConversationDeleted { conversation_id: id };
        self.commit_change(transaction, done.rows_affected, event).await
    }

    async fn commit_change(
        &self,
        transaction: Transaction,
        rows: u64,
        event: AccountEvent,
    ) -> Result<bool, StoreError> {
        if rows > 0 {
            self.commit_and_tell(transaction, event).await?;
        }
        Ok(rows > 0)
    }

    /// Makes a conversation in the transaction that stores its first message.
    pub(crate) async fn insert_conversation(
        &self,
        transaction: &Transaction,
        title: ConversationTitle,
    ) -> Result<i64, StoreError> {
        let now = now();
        let row = Entity::insert(ActiveModel {
            id: NotSet,
            user_id: Set(self.owner()),
            search_text: Set(folded(&[title.as_str()])),
            title: Set(title.into()),
            created_at: Set(now),
            updated_at: Set(now),
        })
        .exec_with_returning(transaction)
        .await?;
        Ok(row.id)
    }

    fn conversations_that_say(&self, words: &[String]) -> sea_orm::sea_query::SelectStatement {
        Query::select()
            .column(messages::Column::ConversationId)
            .from(messages::Entity)
            .and_where(Expr::col((messages::Entity, messages::Column::UserId)).eq(self.user().as_str()))
            .cond_where(search::holds_all((messages::Entity, messages::Column::SearchText), words))
            .take()
    }
}

/// The first line of a message, shortened.
pub(crate) fn title_from(message: &MessageText) -> Result<ConversationTitle, StoreError> {
    let first = message.as_str().split(['\n', '\r']).next().unwrap_or_default();
    let line: String = first.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = if line.chars().count() > TITLE_LENGTH {
        let start: String = line.chars().take(TITLE_LENGTH - 1).collect();
        format!("{}…", start.trim_end())
    } else {
        line
    };
    title.try_into().map_err(StoreError::internal)
}

pub(crate) fn item(row: Model) -> Result<ConversationItem, StoreError> {
    Ok(ConversationItem {
        id: row.id.try_into().map_err(StoreError::internal)?,
        title: row.title.try_into().map_err(StoreError::internal)?,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// A moment of a cursor, unless it is one that no row can have.
fn representable(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).filter(|moment| (0..=253_402_300_799).contains(&moment.timestamp()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_title_is_the_first_line_shortened() {
        let title = |message: &str| title_from(&message.parse().unwrap()).unwrap().to_string();
        assert_eq!(title("Buy milk\nand eggs"), "Buy milk");
        assert_eq!(title("a\tb"), "a b");
        assert_eq!(title(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(title(&"é".repeat(61)), format!("{}…", "é".repeat(59)));
        assert_eq!(title(&format!("{} {}", "a".repeat(58), "b".repeat(9))), format!("{}…", "a".repeat(58)));
    }
}
