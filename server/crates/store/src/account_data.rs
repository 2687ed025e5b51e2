//! Everything of a person at once: to take along, or to erase.

use saydo_contract::{
    AccountExport, ConversationExport, ConversationId, ConversationItem, MessageId, MessageItem, PageLimit, TaskId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    RegionalSettings, StoreError, StoredTask, UserStore, conversations,
    database::now,
    entities::{
        Owned, accounts, conversations as conversation_rows, idempotency_keys, messages, sessions, settings,
        task_changes, task_numbers, tasks, turn_events, turns, users,
    },
    limited::Transaction,
    messages::item,
    tasks::stored_task,
};

impl UserStore {
    /// Everything that is kept for this person but passwords and sessions. It is read in batches, but held in memory
    /// whole: up to [`TASK_LIMIT`](crate::TASK_LIMIT) tasks, what went to the trash in [`TRASH_KEPT`](crate::TRASH_KEPT), and all
    /// messages, whose number nothing bounds but the pace at which a person may talk.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn export(&self) -> Result<AccountExport, StoreError> {
        let RegionalSettings { time_zone, locale } = self.regional_settings().await?;
        let mut export = AccountExport {
            exported_at: now(),
            user_id: self.user().clone(),
            time_zone,
            locale,
            user: crate::Accounts::new(self.database.clone()).user(self.user()).await?,
            tasks: Vec::new(),
            deleted_tasks: Vec::new(),
            conversations: Vec::new(),
        };
        let mut after = None;
        loop {
            let batch = self.export_tasks(after, PageLimit::MAX).await?;
            let Some(last) = batch.last() else { break };
            after = Some(last.task.id);
            for StoredTask { task, in_trash } in batch {
                if in_trash { export.deleted_tasks.push(task) } else { export.tasks.push(task) }
            }
        }
        let mut after = None;
        loop {
            let batch = self.export_conversations(after, PageLimit::MAX).await?;
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            for conversation in batch {
                let mut messages: Vec<MessageItem> = Vec::new();
                loop {
                    let last = messages.last().map(|message| message.id);
                    let batch = self.export_messages(conversation.id, last, PageLimit::MAX).await?;
                    if batch.is_empty() {
                        break;
                    }
                    messages.extend(batch);
                }
                export.conversations.push(ConversationExport { conversation, messages });
            }
        }
        Ok(export)
    }

    /// Tasks after a number, in order of their numbers, those in the trash too. Empty: there are no more.
    async fn export_tasks(&self, after: Option<TaskId>, limit: PageLimit) -> Result<Vec<StoredTask>, StoreError> {
        let rows = self
            .select::<tasks::Entity>()
            .filter(tasks::Column::Number.gt(after.map_or(0, TaskId::get)))
            .order_by_asc(tasks::Column::Number)
            .limit(u64::from(limit.get()))
            .all(&self.database.read)
            .await?;
        rows.iter().map(stored_task).collect()
    }

    /// Conversations after one, oldest first. Empty: there are no more.
    async fn export_conversations(
        &self,
        after: Option<ConversationId>,
        limit: PageLimit,
    ) -> Result<Vec<ConversationItem>, StoreError> {
        let rows = self
            .select::<conversation_rows::Entity>()
            .filter(conversation_rows::Column::Id.gt(after.map_or(0, ConversationId::get)))
            .order_by_asc(conversation_rows::Column::Id)
            .limit(u64::from(limit.get()))
            .all(&self.database.read)
            .await?;
        rows.into_iter().map(conversations::item).collect()
    }

    /// Messages of a conversation after one, oldest first. Empty: there are no more.
    async fn export_messages(
        &self,
        conversation: ConversationId,
        after: Option<MessageId>,
        limit: PageLimit,
    ) -> Result<Vec<MessageItem>, StoreError> {
        let rows = self
            .message_rows(conversation)
            .filter(messages::Column::Id.gt(after.map_or(0, MessageId::get)))
            .order_by_asc(messages::Column::Id)
            .limit(u64::from(limit.get()))
            .all(&self.database.read)
            .await?;
        rows.into_iter().map(item).collect()
    }

    /// Erases everything of this person, the account and its sessions too, in one transaction.
    ///
    /// # Errors
    /// When the store cannot answer; nothing is erased then.
    pub async fn erase(&self) -> Result<(), StoreError> {
        let transaction = self.database.begin().await?;
        // Conversations before turns, as everywhere: two orders would deadlock.
        self.select::<conversation_rows::Entity>()
            .select_only()
            .column(conversation_rows::Column::Id)
            .lock_exclusive()
            .into_tuple::<i64>()
            .all(&transaction)
            .await?;
        self.erase_all::<turn_events::Entity>(&transaction).await?;
        self.erase_all::<idempotency_keys::Entity>(&transaction).await?;
        self.erase_all::<messages::Entity>(&transaction).await?;
        self.erase_all::<turns::Entity>(&transaction).await?;
        self.erase_all::<conversation_rows::Entity>(&transaction).await?;
        // Turns before tasks, as a tool call locks them: two orders would deadlock.
        self.erase_all::<task_changes::Entity>(&transaction).await?;
        self.erase_all::<tasks::Entity>(&transaction).await?;
        self.erase_all::<task_numbers::Entity>(&transaction).await?;
        self.erase_all::<settings::Entity>(&transaction).await?;
        let user = self.user().as_str();
        sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(user)).exec(&transaction).await?;
        accounts::Entity::delete_many().filter(accounts::Column::UserId.eq(user)).exec(&transaction).await?;
        users::Entity::delete_many().filter(users::Column::Id.eq(user)).exec(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    async fn erase_all<E: Owned>(&self, transaction: &Transaction) -> Result<(), StoreError> {
        self.delete::<E>().exec(transaction).await?;
        Ok(())
    }
}
