//! The whole account: export and erasure.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AuthUser, ConversationItem, Locale, MessageItem, Task, UserId};

/// Everything that Saydo keeps for one person, but passwords and sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AccountExport {
    /// When it was made (UTC).
    pub exported_at: DateTime<Utc>,
    /// Whose it is.
    pub user_id: UserId,
    /// The account; `null` where it is kept by an outside Better Auth.
    pub user: Option<AuthUser>,
    /// The zone (IANA) that "tomorrow" was last meant in; `null` where none was ever told.
    pub time_zone: Option<String>,
    /// How dates and times were last read and written; `null` where no request ever named them.
    pub locale: Option<Locale>,
    /// All tasks that are not in the trash.
    pub tasks: Vec<Task>,
    /// Tasks in the trash.
    pub deleted_tasks: Vec<Task>,
    /// All conversations with their messages, oldest first.
    pub conversations: Vec<ConversationExport>,
}

/// One conversation of an export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConversationExport {
    /// The conversation.
    #[serde(flatten)]
    pub conversation: ConversationItem,
    /// Its messages, oldest first.
    pub messages: Vec<MessageItem>,
}

/// Asks to erase the account with everything in it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EraseAccount {
    /// The account's password. Not needed where an outside Better Auth keeps the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}
