//! The one secret that everything rests on.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// `BETTER_AUTH_SECRET`: signs session cookies and JWTs. Its `Debug` tells nothing.
#[derive(Clone)]
pub struct AuthSecret(SecretString);

/// A secret that is too short to sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have at least {} bytes, not {length}; make one with `openssl rand -base64 32`", AuthSecret::MIN_BYTES)]
pub struct WeakSecret {
    /// How many bytes it has.
    pub length: usize,
}

impl AuthSecret {
    /// The least length in bytes: the size of an HMAC-SHA256 key.
    pub const MIN_BYTES: usize = 32;

    /// Takes a secret as it is, byte for byte.
    ///
    /// # Errors
    /// [`WeakSecret`] for less than [`Self::MIN_BYTES`] bytes.
    pub fn new(secret: SecretString) -> Result<Self, WeakSecret> {
        let length = secret.expose_secret().len();
        if length < Self::MIN_BYTES { Err(WeakSecret { length }) } else { Ok(Self(secret)) }
    }

    /// Makes a new one of 32 random bytes, written in base64url: 43 characters.
    #[must_use]
    pub fn generate() -> Self {
        Self(SecretString::from(BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())))
    }

    /// The secret, to keep it.
    #[must_use]
    pub const fn as_secret(&self) -> &SecretString {
        &self.0
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }

    /// HMAC-SHA256 over `message`, to sign it or to compare in constant time.
    pub(crate) fn mac(&self, message: &[u8]) -> Hmac<Sha256> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.as_bytes()) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(message);
        mac
    }
}

impl fmt::Debug for AuthSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthSecret(..)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    /// AUTH-01: 32 bytes is the least, and the refusal tells the rule.
    #[test]
    fn a_short_secret_is_refused() {
        let short = AuthSecret::new("x".repeat(31).into()).unwrap_err();
        assert_eq!(short, WeakSecret { length: 31 });
        assert!(short.to_string().contains("at least 32 bytes"), "{short}");
        assert!(AuthSecret::new("x".repeat(32).into()).is_ok());
        assert!(AuthSecret::new("é".repeat(16).into()).is_ok(), "bytes are counted, not characters");
    }

    /// AUTH-01: generated secrets are long enough and differ, and no secret shows.
    #[test]
    fn generated_secrets_differ_and_hide() {
        let (one, other) = (AuthSecret::generate(), AuthSecret::generate());
        assert_ne!(one.as_bytes(), other.as_bytes());
        assert!(AuthSecret::new(one.as_secret().clone()).is_ok());
        assert_eq!(format!("{one:?}"), "AuthSecret(..)");
    }
}
