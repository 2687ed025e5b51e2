//! Accounts and sessions: creation, look-up and expiry.

use chrono::{TimeDelta, Utc};
use saydo_contract::UserId;
use saydo_store::{Accounts, CreateUserError, NewUser};
use saydo_test_support::databases::on_every_database;

use crate::{store, user};

fn new_user(email: &str) -> NewUser {
    NewUser { email: email.parse().unwrap(), name: "Ann".parse().unwrap(), password_hash: "$argon2id$x".to_owned() }
}

async fn sign_up(accounts: &Accounts, email: &str) -> UserId {
    accounts.create_user(new_user(email)).await.unwrap().id
}

/// STORE-27: An address signs in one account, however it is written.
#[tokio::test]
async fn an_address_is_one_account() {
    on_every_database(async |database| {
        let accounts = store(database).await.accounts();
        let made = accounts.create_user(new_user("ann@example.com")).await.unwrap();
        let again = accounts.create_user(new_user("ANN@Example.com")).await;
        assert!(matches!(again, Err(CreateUserError::EmailTaken)));

        let found = accounts.credential_by_email(&"Ann@example.com".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((found.user, found.password_hash.as_str()), (made.clone(), "$argon2id$x"));
        let found = accounts.credential_of(&made.id).await.unwrap().unwrap();
        assert_eq!(found.user, made);
        assert!(accounts.credential_by_email(&"bob@example.com".parse().unwrap()).await.unwrap().is_none());
        assert!(accounts.credential_of(&user("bob")).await.unwrap().is_none());
        assert_eq!(accounts.user(&made.id).await.unwrap(), Some(made));
    })
    .await;
}

/// STORE-27: Of two who sign up with one address at the same moment, one does.
#[tokio::test]
async fn one_of_two_sign_ups_wins() {
    on_every_database(async |database| {
        let accounts = store(database).await.accounts();
        let both = futures::join!(
            accounts.create_user(new_user("ann@example.com")),
            accounts.create_user(new_user("ann@example.com"))
        );
        let outcomes = [both.0, both.1];
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(CreateUserError::EmailTaken))));
    })
    .await;
}

/// STORE-27: A session is found by its token's hash until it ends.
#[tokio::test]
async fn a_session_lasts_until_it_ends() {
    on_every_database(async |database| {
        let accounts = store(database).await.accounts();
        let ann = sign_up(&accounts, "ann@example.com").await;
        let (later, before) = (Utc::now() + TimeDelta::days(7), Utc::now() - TimeDelta::seconds(1));

        let session = accounts.create_session(&ann, [1; 32], later).await.unwrap();
        let (found, owner) = accounts.session_by_token_hash([1; 32]).await.unwrap().unwrap();
        assert_eq!((found, owner.id), (session, ann.clone()));
        assert!(accounts.session_by_token_hash([2; 32]).await.unwrap().is_none());

        accounts.create_session(&ann, [2; 32], before).await.unwrap();
        assert!(accounts.session_by_token_hash([2; 32]).await.unwrap().is_none());
        assert!(!accounts.extend_session([2; 32], later).await.unwrap());

        let longer = later + TimeDelta::days(1);
        assert!(accounts.extend_session([1; 32], longer).await.unwrap());
        let (found, _) = accounts.session_by_token_hash([1; 32]).await.unwrap().unwrap();
        assert_eq!(found.expires_at.timestamp_micros(), longer.timestamp_micros());

        assert!(accounts.delete_session([1; 32]).await.unwrap());
        assert!(!accounts.delete_session([1; 32]).await.unwrap());
        assert!(accounts.session_by_token_hash([1; 32]).await.unwrap().is_none());
    })
    .await;
}

/// STORE-27: Sessions that ended are removed in batches; the others stay.
#[tokio::test]
async fn ended_sessions_are_removed_in_batches() {
    on_every_database(async |database| {
        let accounts = store(database).await.accounts();
        let ann = sign_up(&accounts, "ann@example.com").await;
        for n in 1..=5 {
            accounts.create_session(&ann, [n; 32], Utc::now() - TimeDelta::seconds(1)).await.unwrap();
        }
        accounts.create_session(&ann, [6; 32], Utc::now() + TimeDelta::days(1)).await.unwrap();
        let removed = [
            accounts.delete_expired(3).await.unwrap(),
            accounts.delete_expired(3).await.unwrap(),
            accounts.delete_expired(3).await.unwrap(),
        ];
        assert_eq!(removed, [3, 2, 0]);
        assert!(accounts.session_by_token_hash([6; 32]).await.unwrap().is_some());
    })
    .await;
}
