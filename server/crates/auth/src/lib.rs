//! Passwords, session tokens and JWTs. No HTTP server, no SQL.
//!
//! The forms are Better Auth's: a session cookie signed under `BETTER_AUTH_SECRET`, session tokens that are also taken
//! as bearer credentials, and JWTs for the API. What a caller stores is a [password hash](Passwords::hash) and a
//! [token hash](SessionToken::hash), never a password or a token.

mod cookies;
mod keys;
mod passwords;
mod secret;
mod session;
mod tokens;

pub use cookies::{PresentedSession, SessionCookies};
pub use keys::{InvalidKeysUrl, KeysError, OutsideServer};
pub use passwords::{PasswordError, PasswordLimits, Passwords, Verdict, composed};
pub use secret::{AuthSecret, WeakSecret};
pub use session::{InvalidSessionToken, SessionTerm, SessionToken};
pub use tokens::{Refusal, SigningFailed, TOKEN_LIFETIME, TokenError, TokenIssuer, TokenVerifier};
