//! Who may sign in, and who is signed in.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rand::RngExt;
use saydo_contract::{AuthUser, EmailAddress, PersonName, UserId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    StoreError,
    database::{Database, now},
    entities::{accounts, sessions, users},
    error::is_duplicate,
    prune::free,
};

/// Better Auth's name for e-mail and password.
const CREDENTIAL: &str = "credential";

/// Users, their credentials and their sessions.
#[derive(Debug, Clone)]
pub struct Accounts {
    database: Arc<Database>,
}

/// Someone who signs up.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The address to sign in with.
    pub email: EmailAddress,
    /// How the person is called.
    pub name: PersonName,
    /// The password's hash (PHC string), never the password.
    pub password_hash: String,
}

/// An account with what its password is checked against.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The account.
    pub user: AuthUser,
    /// The password's hash (PHC string).
    pub password_hash: String,
}

/// A signed-in session. The token itself is not kept, only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// The session's id.
    pub id: String,
    /// Whose it is.
    pub user_id: UserId,
    /// When it ends (UTC).
    pub expires_at: DateTime<Utc>,
    /// When it began (UTC).
    pub created_at: DateTime<Utc>,
    /// When it was last extended (UTC).
    pub updated_at: DateTime<Utc>,
}

/// Why a user was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Somebody signs in with this address already.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    pub(crate) const fn new(database: Arc<Database>) -> Self {
        Self { database }
    }

    /// Makes an account with a password.
    ///
    /// # Errors
    /// [`CreateUserError::EmailTaken`], also when two sign up with one address at the same moment.
    pub async fn create_user(&self, new: NewUser) -> Result<AuthUser, CreateUserError> {
        let now = now();
        let id = random_id();
        let user = users::Model {
            id: id.clone(),
            name: new.name.into(),
            email: new.email.into(),
            email_verified: false,
            created_at: now,
            updated_at: now,
        };
        let account = accounts::ActiveModel {
            id: Set(random_id()),
            user_id: Set(id.clone()),
            provider_id: Set(CREDENTIAL.to_owned()),
            account_id: Set(id),
            password: Set(Some(new.password_hash)),
            created_at: Set(now),
            updated_at: Set(now),
        };
        let transaction = self.database.begin().await.map_err(StoreError::from)?;
        users::Entity::insert(users::ActiveModel::from(user.clone()).reset_all())
            .exec_without_returning(&transaction)
            .await
            .map_err(
                |error| {
                    if is_duplicate(&error) { CreateUserError::EmailTaken } else { StoreError::from(error).into() }
                },
            )?;
        accounts::Entity::insert(account).exec_without_returning(&transaction).await.map_err(StoreError::from)?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(auth_user(user)?)
    }

    /// The account that signs in with an address.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn credential_by_email(&self, email: &EmailAddress) -> Result<Option<Credential>, StoreError> {
        self.credential(users::Entity::find().filter(users::Column::Email.eq(email.as_str()))).await
    }

    /// The credential of an account; `None` too where it has no password.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn credential_of(&self, user: &UserId) -> Result<Option<Credential>, StoreError> {
        self.credential(users::Entity::find_by_id(user.as_str())).await
    }

    async fn credential(&self, user: sea_orm::Select<users::Entity>) -> Result<Option<Credential>, StoreError> {
        let Some(user) = user.one(&self.database.read).await? else { return Ok(None) };
        let account = accounts::Entity::find()
            .filter(accounts::Column::UserId.eq(&user.id))
            .filter(accounts::Column::ProviderId.eq(CREDENTIAL))
            .one(&self.database.read)
            .await?;
        let Some(password_hash) = account.and_then(|account| account.password) else { return Ok(None) };
        Ok(Some(Credential { user: auth_user(user)?, password_hash }))
    }

    /// Replaces the hash of an account's password, if it is still the `old` one.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn replace_password_hash(&self, user: &UserId, old: &str, new: &str) -> Result<(), StoreError> {
        accounts::Entity::update_many()
            .col_expr(accounts::Column::Password, Expr::value(new))
            .col_expr(accounts::Column::UpdatedAt, Expr::value(now()))
            .filter(accounts::Column::UserId.eq(user.as_str()))
            .filter(accounts::Column::ProviderId.eq(CREDENTIAL))
            .filter(accounts::Column::Password.eq(old))
            .exec(self.database.write())
            .await?;
        Ok(())
    }

    /// The account itself.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn user(&self, user: &UserId) -> Result<Option<AuthUser>, StoreError> {
        users::Entity::find_by_id(user.as_str()).one(&self.database.read).await?.map(auth_user).transpose()
    }

    /// Begins a session.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn create_session(
        &self,
        user: &UserId,
        token_hash: [u8; 32],
        expires_at: DateTime<Utc>,
    ) -> Result<SessionRecord, StoreError> {
        let now = now();
        let session = sessions::Model {
            id: random_id(),
            user_id: user.as_str().to_owned(),
            token_hash: token_hash.to_vec(),
            expires_at: chrono::SubsecRound::trunc_subsecs(expires_at, 6),
            created_at: now,
            updated_at: now,
        };
        sessions::Entity::insert(sessions::ActiveModel::from(session.clone()).reset_all())
            .exec_without_returning(self.database.write())
            .await?;
        session_record(session)
    }

    /// The session with this token and its account, unless it has ended.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn session_by_token_hash(
        &self,
        token_hash: [u8; 32],
    ) -> Result<Option<(SessionRecord, AuthUser)>, StoreError> {
        let session = sessions::Entity::find()
            .filter(sessions::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(sessions::Column::ExpiresAt.gt(now()))
            .one(&self.database.read)
            .await?;
        let Some(session) = session else { return Ok(None) };
        let user = users::Entity::find_by_id(&session.user_id).one(&self.database.read).await?;
        // An account that was erased between the two statements took its sessions with it.
        let Some(user) = user else { return Ok(None) };
        Ok(Some((session_record(session)?, auth_user(user)?)))
    }

    /// Moves the end of a session that has not ended yet. `false`: there is no such session any more.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn extend_session(&self, token_hash: [u8; 32], expires_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sessions::Entity::update_many()
            .col_expr(sessions::Column::ExpiresAt, Expr::value(chrono::SubsecRound::trunc_subsecs(expires_at, 6)))
            .col_expr(sessions::Column::UpdatedAt, Expr::value(now()))
            .filter(sessions::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(sessions::Column::ExpiresAt.gt(now()))
            .exec(self.database.write())
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Ends a session. `false`: there was none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn delete_session(&self, token_hash: [u8; 32]) -> Result<bool, StoreError> {
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::TokenHash.eq(token_hash.to_vec()))
            .exec(self.database.write())
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Removes up to `limit` sessions that have ended, and tells how many.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn delete_expired(&self, limit: u64) -> Result<u64, StoreError> {
        let mut ended = Query::select()
            .column(sessions::Column::Id)
            .from(sessions::Entity)
            .and_where(Expr::col(sessions::Column::ExpiresAt).lte(now()))
            .take();
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::Id.in_subquery(free(&mut ended, limit)))
            .exec(self.database.write())
            .await?;
        Ok(done.rows_affected)
    }
}

/// 32 letters and digits, as Better Auth makes them: over 190 bits.
fn random_id() -> String {
    let mut rng = rand::rng();
    (0..32).map(|_| char::from(rng.sample(rand::distr::Alphanumeric))).collect()
}

fn auth_user(user: users::Model) -> Result<AuthUser, StoreError> {
    Ok(AuthUser {
        id: user.id.try_into().map_err(StoreError::internal)?,
        name: user.name.try_into().map_err(StoreError::internal)?,
        email: user.email.try_into().map_err(StoreError::internal)?,
        email_verified: user.email_verified,
        image: None,
        created_at: user.created_at,
        updated_at: user.updated_at,
    })
}

fn session_record(session: sessions::Model) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        id: session.id,
        user_id: session.user_id.try_into().map_err(StoreError::internal)?,
        expires_at: session.expires_at,
        created_at: session.created_at,
        updated_at: session.updated_at,
    })
}
