//! The public keys of an outside Better Auth server (RFC 7517), fetched, bounded and cached.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use reqwest::{Client, Url, redirect};
use serde::Deserialize;
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::Instant,
};

const MAX_BYTES: usize = 64 * 1024;

/// An outside Better Auth server whose tokens are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideServer {
    /// Where its key document (JWKS) is.
    pub keys_url: Url,
    /// What its tokens' `iss` must be.
    pub issuer: String,
    /// What its tokens' `aud` must be: one of these.
    pub audience: Vec<String>,
}

/// An address that no key document can be fetched from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an http or https URL such as https://auth.example.com/api/auth/jwks")]
pub struct InvalidKeysUrl;

impl OutsideServer {
    /// The server whose key document is at `keys_url`. As Better Auth does unless told otherwise, its tokens carry its
    /// origin as issuer and audience; an audience of `public_url`, this server's own, is as good.
    ///
    /// # Errors
    /// [`InvalidKeysUrl`].
    pub fn at(keys_url: &str, public_url: &str) -> Result<Self, InvalidKeysUrl> {
        let keys_url = Url::parse(keys_url).map_err(|_| InvalidKeysUrl)?;
        if !matches!(keys_url.scheme(), "http" | "https") {
            return Err(InvalidKeysUrl);
        }
        let origin = keys_url.origin().ascii_serialization();
        Ok(Self { keys_url, issuer: origin.clone(), audience: vec![origin, public_url.to_owned()] })
    }
}

/// Why the keys could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// No connection, no answer in time, or an error status.
    #[error("the key document could not be fetched")]
    Fetch(#[source] reqwest::Error),
    /// Over 64 KiB.
    #[error("the key document is too large")]
    TooLarge,
    /// Not a key document.
    #[error("the key document is malformed")]
    Malformed(#[source] serde_json::Error),
    /// An attempt failed moments ago, and the next is not due yet.
    #[error("the key document could not be fetched a moment ago")]
    FailedBefore,
}

/// When to fetch again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    /// Keys older than this are fetched again when used.
    pub(crate) fresh_for: Duration,
    /// Two attempts are at least this far apart.
    pub(crate) pause: Duration,
    /// How long one attempt may take.
    pub(crate) patience: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { fresh_for: Duration::from_secs(600), pause: Duration::from_secs(30), patience: Duration::from_secs(5) }
    }
}

/// The keys by their ids. Those once known stay in use while the document cannot be fetched.
pub(crate) struct KeySet {
    url: Url,
    client: Client,
    schedule: Schedule,
    held: RwLock<Arc<Held>>,
    last_attempt: Arc<Mutex<Option<Attempt>>>,
}

#[derive(Default)]
struct Held {
    keys: HashMap<String, DecodingKey>,
    fetched: Option<Instant>,
}

struct Attempt {
    at: Instant,
    succeeded: bool,
}

impl KeySet {
    pub(crate) fn at(url: Url) -> Result<Self, reqwest::Error> {
        Self::scheduled(url, Schedule::default())
    }

    pub(crate) fn scheduled(url: Url, schedule: Schedule) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .connect_timeout(schedule.patience)
            .timeout(schedule.patience)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self { url, client, schedule, held: RwLock::default(), last_attempt: Arc::default() })
    }

    /// The key with this id; `None` where the server lists none. A known key is given at once, and where it is no
    /// longer fresh the document is fetched behind it.
    ///
    /// # Errors
    /// [`KeysError`] where the key is not known and the document cannot be fetched.
    pub(crate) async fn get(self: &Arc<Self>, id: &str) -> Result<Option<DecodingKey>, KeysError> {
        let held = self.held();
        if let Some(key) = held.keys.get(id) {
            let fresh = held.fetched.is_some_and(|at| at.elapsed() < self.schedule.fresh_for);
            if !fresh && let Ok(last) = Arc::clone(&self.last_attempt).try_lock_owned() {
                tokio::spawn(Arc::clone(self).refresh(last));
            }
            return Ok(Some(key.clone()));
        }
        let last = Arc::clone(&self.last_attempt).lock_owned().await;
        // A task of its own: a caller that leaves does not waste the attempt.
        tokio::spawn(Arc::clone(self).refresh(last)).await.unwrap_or(Err(KeysError::FailedBefore))?;
        Ok(self.held().keys.get(id).cloned())
    }

    /// Fetches the document, unless that was tried a moment ago.
    async fn refresh(self: Arc<Self>, mut last: OwnedMutexGuard<Option<Attempt>>) -> Result<(), KeysError> {
        if let Some(last) = last.as_ref().filter(|last| last.at.elapsed() < self.schedule.pause) {
            return if last.succeeded { Ok(()) } else { Err(KeysError::FailedBefore) };
        }
        let fetched = self.fetch().await;
        *last = Some(Attempt { at: Instant::now(), succeeded: fetched.is_ok() });
        match fetched {
            Ok(keys) => {
                let held = Held { keys, fetched: Some(Instant::now()) };
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(held);
                Ok(())
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "signing keys not refreshed");
                Err(error)
            }
        }
    }

    async fn fetch(&self) -> Result<HashMap<String, DecodingKey>, KeysError> {
        let answer = self.client.get(self.url.clone()).send().await.map_err(KeysError::Fetch)?;
        let mut answer = answer.error_for_status().map_err(KeysError::Fetch)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(KeysError::Fetch)? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(KeysError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        parse(&body).map_err(KeysError::Malformed)
    }

    fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Key {
    kid: String,
    kty: String,
    crv: String,
    x: String,
    alg: Option<String>,
    r#use: Option<String>,
}

/// The document's Ed25519 signature keys; others are not for us.
fn parse(document: &[u8]) -> Result<HashMap<String, DecodingKey>, serde_json::Error> {
    let document: Document = serde_json::from_slice(document)?;
    let usable = document.keys.into_iter().filter_map(|key| {
        let key: Key = serde_json::from_value(key).ok()?;
        let signs = key.kty == "OKP"
            && key.crv == "Ed25519"
            && key.alg.is_none_or(|alg| alg == "EdDSA")
            && key.r#use.is_none_or(|purpose| purpose == "sig");
        // A key of another length would make the verifier panic.
        let point = BASE64_URL_SAFE_NO_PAD.decode(&key.x).ok().filter(|point| signs && point.len() == 32)?;
        Some((key.kid, DecodingKey::from_ed_der(&point)))
    });
    Ok(usable.collect())
}

#[cfg(test)]
pub(crate) mod tests;
