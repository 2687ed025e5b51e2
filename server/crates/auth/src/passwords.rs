//! Password hashes: argon2id, with work and waiting bounded.
//!
//! The same letters have several encodings in Unicode, and which one is typed depends on the keyboard and the system. A
//! hash is made of the composed form (NFC). A hash from before that was made of the text as it was typed, so a given
//! password is also compared in one other form, and a match in that form comes with a hash of the composed one.

use std::{borrow::Cow, sync::Arc, thread};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use saydo_contract::Password;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task,
};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// 19 MiB, two passes, one lane: OWASP's recommendation for argon2id.
const PARAMS: Params = match Params::new(19 * 1024, 2, 1, None) {
    Ok(params) => params,
    Err(_) => Params::DEFAULT,
};

/// Stands in for the hash of an address that has no account: made with the same parameters, matching no known text.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2F5ZG8taGFzLW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The composed form (NFC) of a password: the one that is hashed and whose characters are counted.
#[must_use]
pub fn composed(password: &str) -> Cow<'_, str> {
    match is_nfc_quick(password.chars()) {
        IsNormalized::Yes => Cow::Borrowed(password),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(password.nfc().collect()),
    }
}

/// The form, other than the composed one, that an older hash may be of: as it was typed, else decomposed (NFD). None where
/// all forms are the same, as in ASCII.
fn other_form<'a>(given: &'a str, composed: &str) -> Option<Cow<'a, str>> {
    let other = if given == composed { Cow::Owned(given.nfd().collect()) } else { Cow::Borrowed(given) };
    (other != composed).then_some(other)
}

/// What a given password turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password, whose stored hash is of another form. Store this one instead.
    Outdated {
        /// The hash of the composed form.
        hash: String,
    },
}

impl Verdict {
    /// Whether it is the password.
    #[must_use]
    pub const fn is_right(&self) -> bool {
        !matches!(self, Self::Wrong)
    }
}

/// What is hashed, and what it is compared with: always one hash of the same cost.
fn to_compare<'a>(given: &'a str, stored: Option<&'a str>) -> (&'a str, &'a str) {
    match stored {
        _ if given.chars().nth(Password::MAX).is_some() => ("", DUMMY_HASH),
        Some(stored) => (given, stored),
        None => (given, DUMMY_HASH),
    }
}

/// How much hashing goes on at a time. One hash takes 19 MiB while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordLimits {
    /// Hashes that run at once.
    pub at_once: usize,
    /// Callers that wait for their turn; the next is refused.
    pub waiting: usize,
}

impl Default for PasswordLimits {
    /// One per processor, 4 at most (76 MiB), and 32 waiting.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, Into::into);
        Self { at_once: processors.min(4), waiting: 32 }
    }
}

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many wait already. Try again in a second.
    #[error("too many passwords are being checked")]
    Busy,
    /// No memory or randomness was left, or the stored hash is not one.
    #[error("hashing failed")]
    Hash(#[source] argon2::password_hash::Error),
    /// The runtime is shutting down.
    #[error("hashing was cut off")]
    CutOff(#[source] task::JoinError),
}

/// Hashes and compares passwords off the async threads. Cheap to clone; clones share the limits.
#[derive(Debug, Clone)]
pub struct Passwords {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Passwords {
    /// A hasher with these limits.
    #[must_use]
    pub fn new(limits: PasswordLimits) -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(limits.at_once + limits.waiting)),
            running: Arc::new(Semaphore::new(limits.at_once)),
        }
    }

    /// Hashes the composed form of a password: a PHC string with its parameters and a random salt.
    ///
    /// # Errors
    /// [`PasswordError`]; never because of the password.
    pub async fn hash(&self, password: &Password) -> Result<String, PasswordError> {
        let password = composed(password.as_str()).into_owned();
        self.run(move || hash(&password)).await
    }

    /// Whether `given` is the password of the `stored` hash. Without one, and for a text that is too long to be a
    /// password, it does the same work and says no. How many forms are compared depends on `given` alone.
    ///
    /// # Errors
    /// [`PasswordError`]; also where `stored` is no PHC string.
    pub async fn verify(&self, given: &str, stored: Option<&str>) -> Result<Verdict, PasswordError> {
        let (given, stored) = (given.to_owned(), stored.map(str::to_owned));
        self.run(move || {
            let composed = composed(&given);
            if matches(&composed, stored.as_deref())? {
                return Ok(Verdict::Right);
            }
            match other_form(&given, &composed) {
                Some(other) if matches(&other, stored.as_deref())? => Ok(Verdict::Outdated { hash: hash(&composed)? }),
                _ => Ok(Verdict::Wrong),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        // The permits go with the work: a caller that leaves does not make room for more than fits in memory.
        let permits: [OwnedSemaphorePermit; 2] = [admitted, running];
        task::spawn_blocking(move || {
            let result = work();
            drop(permits);
            result
        })
        .await
        .map_err(PasswordError::CutOff)?
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new(PasswordLimits::default())
    }
}

fn hash(password: &str) -> Result<String, PasswordError> {
    let hash = hasher().hash_password(password.as_bytes()).map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

fn matches(given: &str, stored: Option<&str>) -> Result<bool, PasswordError> {
    let (given, stored) = to_compare(given, stored);
    match hasher().verify_password(given.as_bytes(), stored) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError::Hash(error)),
    }
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::{pin::pin, sync::mpsc};

    use super::*;

    const ALONE: PasswordLimits = PasswordLimits { at_once: 1, waiting: 0 };

    fn password(text: &str) -> Password {
        text.parse().unwrap()
    }

    /// AUTH-02: argon2id with the stated parameters and a salt of its own; only the same password matches.
    #[tokio::test]
    async fn a_hash_matches_its_password_only() {
        let passwords = Passwords::default();
        let one = passwords.hash(&password("correct horse")).await.unwrap();
        let other = passwords.hash(&password("correct horse")).await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        for stored in [&one, &other] {
            assert_eq!(passwords.verify("correct horse", Some(stored)).await.unwrap(), Verdict::Right);
            for wrong in ["correct horsf", "correct hors", "Correct horse", " correct horse", ""] {
                assert_eq!(passwords.verify(wrong, Some(stored)).await.unwrap(), Verdict::Wrong, "{wrong}");
            }
        }
    }

    /// AUTH-02: a stored text that is no hash is an error, not a wrong password.
    #[tokio::test]
    async fn a_broken_hash_is_an_error() {
        let found = Passwords::default().verify("correct horse", Some("no hash")).await;
        assert!(matches!(found, Err(PasswordError::Hash(_))), "{found:?}");
    }

    /// AUTH-03: without an account the work is the same, and the answer is no.
    #[tokio::test]
    async fn an_unknown_address_costs_the_same() {
        let passwords = Passwords::default();
        let stored = passwords.hash(&password("correct horse")).await.unwrap();
        let parameters = |phc: &str| phc.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parameters(DUMMY_HASH), parameters(&stored));
        assert_eq!(DUMMY_HASH.len(), stored.len());

        let too_long = "x".repeat(5000);
        for (given, stored) in
            [("wrong horse", Some(stored.as_str())), ("wrong horse", None), (&too_long, Some(&stored))]
        {
            let (hashed, compared) = to_compare(given, stored);
            assert_eq!(parameters(compared), parameters(DUMMY_HASH), "each is one hash of the same cost");
            assert!(hashed.len() <= Password::MAX);
            assert_eq!(passwords.verify(given, stored).await.unwrap(), Verdict::Wrong);
        }
    }

    /// Work that goes on until the sender is dropped.
    fn long_work() -> (mpsc::Sender<()>, impl FnOnce() -> Result<(), PasswordError> + Send) {
        let (end, ended) = mpsc::channel();
        (end, move || {
            let _closed = ended.recv();
            Ok(())
        })
    }

    /// AUTH-04: with one at work and no room to wait, the next is refused at once; afterwards there is room again.
    #[tokio::test]
    async fn a_flood_is_refused() {
        let passwords = Passwords::new(ALONE);
        let (end, work) = long_work();
        let (first, second) = tokio::join!(passwords.run(work), async {
            let refused = passwords.verify("two", None).await;
            drop(end);
            refused
        });
        assert!(first.is_ok());
        assert!(matches!(second, Err(PasswordError::Busy)), "{second:?}");
        assert_eq!(passwords.verify("three", None).await.unwrap(), Verdict::Wrong);
    }

    /// AUTH-04: those in the queue get their turn, and the next is refused.
    #[tokio::test]
    async fn a_short_queue_is_served() {
        let passwords = Passwords::new(PasswordLimits { at_once: 1, waiting: 1 });
        let (end, work) = long_work();
        let (first, second, third) = tokio::join!(passwords.run(work), passwords.verify("two", None), async {
            let refused = passwords.verify("three", None).await;
            drop(end);
            refused
        });
        assert!(first.is_ok());
        assert_eq!(second.unwrap(), Verdict::Wrong);
        assert!(matches!(third, Err(PasswordError::Busy)), "{third:?}");
    }

    /// AUTH-04: work that its caller left still counts until it ends.
    #[tokio::test]
    async fn leaving_does_not_make_room() {
        let passwords = Passwords::new(ALONE);
        let (end, work) = long_work();
        assert!(futures::poll!(pin!(passwords.run(work))).is_pending(), "the caller leaves before the end");
        let next = passwords.verify("two", None).await;
        assert!(matches!(next, Err(PasswordError::Busy)), "{next:?}");
        drop(end);
        let room = passwords.admitted.acquire().await.unwrap();
        drop(room);
        assert_eq!(passwords.verify("three", None).await.unwrap(), Verdict::Wrong);
    }

    /// AUTH-05: over 128 characters nothing matches, and the text itself is not hashed.
    #[tokio::test]
    async fn a_text_too_long_never_matches() {
        let passwords = Passwords::default();
        let longest = "é".repeat(128);
        let stored = passwords.hash(&password(&longest)).await.unwrap();
        assert_eq!(passwords.verify(&longest, Some(&stored)).await.unwrap(), Verdict::Right);
        let long = "x".repeat(129);
        let of_long = hasher().hash_password(long.as_bytes()).unwrap().to_string();
        assert_eq!(passwords.verify(&long, Some(&of_long)).await.unwrap(), Verdict::Wrong);
    }

    const COMPOSED: &str = "caf\u{e9} cr\u{e8}me";
    const DECOMPOSED: &str = "cafe\u{301} cre\u{300}me";
    const MIXED: &str = "caf\u{e9} cre\u{300}me";

    /// AUTH-27: a password matches in whichever form it was set and is given.
    #[tokio::test]
    async fn a_password_matches_in_each_form() {
        let passwords = Passwords::default();
        for set in [COMPOSED, DECOMPOSED, MIXED] {
            let stored = passwords.hash(&password(set)).await.unwrap();
            for given in [COMPOSED, DECOMPOSED, MIXED] {
                assert_eq!(passwords.verify(given, Some(&stored)).await.unwrap(), Verdict::Right, "{set:?} {given:?}");
            }
            assert_eq!(passwords.verify("cafe creme", Some(&stored)).await.unwrap(), Verdict::Wrong);
        }
    }

    /// AUTH-28: a hash of the text as it was typed matches, and comes with a hash of the composed form.
    #[tokio::test]
    async fn an_older_hash_is_replaced() {
        let passwords = Passwords::default();
        let older = |typed: &str| hash(typed).unwrap();
        assert_eq!(passwords.verify(COMPOSED, Some(&older(COMPOSED))).await.unwrap(), Verdict::Right);
        for (set, given) in [(DECOMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED), (MIXED, MIXED)] {
            let verdict = passwords.verify(given, Some(&older(set))).await.unwrap();
            let Verdict::Outdated { hash } = verdict else { panic!("{set:?} {given:?}: {verdict:?}") };
            assert_eq!(passwords.verify(COMPOSED, Some(&hash)).await.unwrap(), Verdict::Right);
        }
    }

    /// AUTH-29: how many forms are compared, two at most, depends on the given password alone.
    #[test]
    fn at_most_two_forms_are_compared() {
        let others = |given: &str| other_form(given, &composed(given)).map(Cow::into_owned);
        for plain in ["correct horse", "", "\u{6c34}\u{6c34}"] {
            assert_eq!(others(plain), None, "{plain}");
        }
        assert_eq!(others(COMPOSED).as_deref(), Some(DECOMPOSED));
        assert_eq!(others(DECOMPOSED).as_deref(), Some(DECOMPOSED));
        assert_eq!(others(MIXED).as_deref(), Some(MIXED));
    }
}
