//! One person's data. The statements start here, with their owner already in them.

use std::sync::Arc;

use saydo_contract::UserId;
use sea_orm::{ColumnTrait, DeleteMany, QueryFilter, Select, UpdateMany};

use crate::{database::Database, entities::Owned};

/// The data of one person: the only way to it, and to nobody else's.
#[derive(Debug, Clone)]
pub struct UserStore {
    pub(crate) database: Arc<Database>,
    user: UserId,
}

impl UserStore {
    pub(crate) fn new(database: Arc<Database>, user: UserId) -> Self {
        Self { database, user }
    }

    /// Whose data this is.
    #[must_use]
    pub const fn user(&self) -> &UserId {
        &self.user
    }

    /// The owner, as rows hold it.
    pub(crate) fn owner(&self) -> String {
        self.user.as_str().to_owned()
    }

    pub(crate) fn select<E: Owned>(&self) -> Select<E> {
        E::find().filter(E::OWNER.eq(self.user.as_str()))
    }

    pub(crate) fn update<E: Owned>(&self) -> UpdateMany<E> {
        E::update_many().filter(E::OWNER.eq(self.user.as_str()))
    }

    pub(crate) fn delete<E: Owned>(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::OWNER.eq(self.user.as_str()))
    }
}
