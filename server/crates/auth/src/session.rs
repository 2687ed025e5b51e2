//! Session tokens, and how long a session lasts.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Duration, Utc};
use rand::distr::{Alphanumeric, SampleString};
use sha2::{Digest, Sha256};

/// What a signed-in browser or client holds: 32 random letters and digits (190 bits). Its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

/// A text that cannot be a session token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 32 letters and digits")]
pub struct InvalidSessionToken;

impl SessionToken {
    const LENGTH: usize = 32;

    /// Makes a new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(Alphanumeric.sample_string(&mut rand::rng(), Self::LENGTH))
    }

    /// The token itself, for its owner only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored: SHA-256 of the token. The token is too random to be guessed from it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

impl FromStr for SessionToken {
    type Err = InvalidSessionToken;

    fn from_str(text: &str) -> Result<Self, InvalidSessionToken> {
        if text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSessionToken)
        }
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionTerm {
    /// 7 days, extended by use.
    #[default]
    Remembered,
    /// Until the browser closes, one day at most.
    Browser,
}

impl SessionTerm {
    const EXTENDED_AFTER: Duration = Duration::hours(24);

    /// The term that a sign-in's `rememberMe` asks for; absent means yes.
    #[must_use]
    pub const fn of_remember_me(remember_me: Option<bool>) -> Self {
        match remember_me {
            Some(false) => Self::Browser,
            Some(true) | None => Self::Remembered,
        }
    }

    /// How long the session lasts from its start.
    #[must_use]
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::Remembered => Duration::days(7),
            Self::Browser => Duration::days(1),
        }
    }

    /// When a session that is used at `now` ends from now on, if this use extends it: once it is 24 hours since it was
    /// made or last extended, and it has not ended.
    #[must_use]
    pub fn extended(self, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let due = expires_at - self.lifetime() + Self::EXTENDED_AFTER;
        (self == Self::Remembered && due <= now && now < expires_at).then(|| now + self.lifetime())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// AUTH-06: 32 letters and digits, never the same.
    #[test]
    fn tokens_are_random_letters_and_digits() {
        let tokens: HashSet<String> = (0..1000).map(|_| SessionToken::generate().expose().to_owned()).collect();
        assert_eq!(tokens.len(), 1000);
        assert!(tokens.iter().all(|token| token.parse::<SessionToken>().is_ok()));
        let used: HashSet<char> = tokens.iter().flat_map(|token| token.chars()).collect();
        assert_eq!(used.len(), 62, "every letter and digit occurs");
    }

    /// AUTH-06: what is kept is the SHA-256 hash, and the token does not show.
    #[test]
    fn only_a_hash_is_kept() {
        let token: SessionToken = "AbCdEfGhIjKlMnOpQrStUvWxYz012345".parse().unwrap();
        let hex: String = token.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "0ab93262e08b4a300dafed0e5f6e809388300db11ea5f0039eef5dfd2c322f41");
        assert_eq!(format!("{token:?}"), "SessionToken(..)");
    }

    /// AUTH-06: nothing else is taken for a token.
    #[test]
    fn other_texts_are_no_tokens() {
        for wrong in ["", "short", &"a".repeat(31), &"a".repeat(33), &"é".repeat(16), &format!("{}.", "a".repeat(31))]
        {
            assert_eq!(wrong.parse::<SessionToken>(), Err(InvalidSessionToken), "{wrong}");
        }
    }

    /// AUTH-09: extended from the 24th hour on, while it lasts.
    #[test]
    fn use_extends_a_remembered_session() {
        let term = SessionTerm::of_remember_me(None);
        let start = DateTime::from_timestamp(1_796_000_000, 0).unwrap();
        let end = start + term.lifetime();
        assert_eq!(end - start, Duration::days(7));
        let second = Duration::seconds(1);
        assert_eq!(term.extended(end, start), None);
        assert_eq!(term.extended(end, start + Duration::hours(24) - second), None);
        for used in [start + Duration::hours(24), end - second] {
            assert_eq!(term.extended(end, used), Some(used + Duration::days(7)));
        }
        assert_eq!(term.extended(end, end), None, "an ended session stays ended");
    }

    /// AUTH-10: one day, and use does not extend it.
    #[test]
    fn a_browser_session_is_not_extended() {
        let term = SessionTerm::of_remember_me(Some(false));
        let start = DateTime::from_timestamp(1_796_000_000, 0).unwrap();
        let end = start + term.lifetime();
        assert_eq!(end - start, Duration::days(1));
        for hours in 0..30 {
            assert_eq!(term.extended(end, start + Duration::hours(hours)), None);
        }
    }
}
