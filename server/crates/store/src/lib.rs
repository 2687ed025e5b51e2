//! Durable state behind an owner: SQLite or PostgreSQL through SeaORM.
//!
//! [`Store::for_user`] is the only door to a person's data: every statement behind it names its owner. Accounts and
//! sessions are reached through [`Store::accounts`]. A method that changes several rows does so in one transaction;
//! no connection is held between two calls. All times are UTC, in microseconds.

mod account_data;
mod accounts;
mod backup;
mod conversations;
mod cursor;
mod database;
mod entities;
mod error;
mod limited;
mod messages;
mod news;
mod owner;
mod pooler;
mod prune;
mod search;
mod settings;
mod tasks;
mod turns;

pub use accounts::{Accounts, CreateUserError, Credential, NewUser, SessionRecord};
pub use backup::{BackupError, backup};
pub use database::{DatabaseConfig, Store};
pub use error::{ListError, StoreError};
pub use messages::{MessageBody, StoredMessage, StoredToolCall};
pub use news::{News, Outside};
pub use owner::UserStore;
pub use pooler::UnsupportedPooler;
pub use prune::{EVENTS_KEPT, TRASH_KEPT};
pub use settings::RegionalSettings;
pub use tasks::{
    Changed, NewTask, Origin, SAME_TITLES, StoredTask, TASK_LIMIT, TaskError, TaskFilter, TaskPage, TaskPatch, Trash,
};
pub use turns::{
    BeginTurn, BegunTurn, Finish, IDEMPOTENCY_WINDOW, Idempotency, LeaseState, NewTurn, TurnError, TurnRecord,
};
