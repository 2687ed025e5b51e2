//! The tables as SeaORM sees them. Nothing outside this crate does.
#![allow(unreachable_pub, missing_docs, reason = "the entity macro writes public items; the module is private")]

pub(crate) mod accounts;
pub(crate) mod conversations;
pub(crate) mod idempotency_keys;
pub(crate) mod messages;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod task_changes;
pub(crate) mod task_numbers;
pub(crate) mod tasks;
pub(crate) mod turn_events;
pub(crate) mod turns;
pub(crate) mod users;

use sea_orm::EntityTrait;

/// A table whose every row belongs to one person.
pub(crate) trait Owned: EntityTrait {
    /// The column that says whose the row is.
    const OWNER: Self::Column;
}

macro_rules! owned {
    ($($table:ident),*) => { $(
        impl Owned for $table::Entity {
            const OWNER: Self::Column = $table::Column::UserId;
        }
    )* };
}

owned!(conversations, idempotency_keys, messages, settings, task_changes, task_numbers, tasks, turn_events, turns);
