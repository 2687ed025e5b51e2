//! The surface of Better Auth's e-mail-and-password flow with its `jwt` and `bearer` plugins, under `/api/auth`.
//! Names follow Better Auth (camelCase), so that its own client works unchanged.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{EmailAddress, Password, PersonName, UserId};

/// `POST /sign-up/email`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignUpEmail {
    /// How the person is called; empty where it is left out.
    #[schema(required = false)]
    pub name: PersonName,
    /// The address to sign in with.
    pub email: EmailAddress,
    /// 8 to 128 characters.
    pub password: Password,
}

/// `POST /sign-in/email`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInEmail {
    /// The address.
    pub email: EmailAddress,
    /// The password. Its form is not checked, so that the answer tells nothing about it.
    pub password: String,
    /// `false` makes a session cookie that ends with the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remember_me: Option<bool>,
}

/// An account, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthUser {
    /// The account's id, the token's `sub`.
    pub id: UserId,
    /// How the person is called.
    pub name: PersonName,
    /// The address.
    pub email: EmailAddress,
    /// Whether the address was verified; Saydo sends no mail.
    pub email_verified: bool,
    /// Always `null`.
    pub image: Option<String>,
    /// When the account was made (UTC).
    #[serde(serialize_with = "crate::moment::milliseconds")]
    pub created_at: DateTime<Utc>,
    /// When it last changed (UTC).
    #[serde(serialize_with = "crate::moment::milliseconds")]
    pub updated_at: DateTime<Utc>,
}

/// A signed-in session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthSession {
    /// The session's id.
    pub id: String,
    /// Whose it is.
    pub user_id: UserId,
    /// The session token, as the caller sent it.
    pub token: String,
    /// When it ends (UTC).
    #[serde(serialize_with = "crate::moment::milliseconds")]
    pub expires_at: DateTime<Utc>,
    /// When it began (UTC).
    #[serde(serialize_with = "crate::moment::milliseconds")]
    pub created_at: DateTime<Utc>,
    /// When it was last extended (UTC).
    #[serde(serialize_with = "crate::moment::milliseconds")]
    pub updated_at: DateTime<Utc>,
    /// Not kept.
    pub ip_address: Option<String>,
    /// Not kept.
    pub user_agent: Option<String>,
}

/// Answer of `POST /sign-up/email`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SignUpReply {
    /// The new session's token.
    pub token: String,
    /// The new account.
    pub user: AuthUser,
}

/// Answer of `POST /sign-in/email`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SignInReply {
    /// Always `false`.
    pub redirect: bool,
    /// The new session's token.
    pub token: String,
    /// The account.
    pub user: AuthUser,
}

/// Answer of `POST /sign-out`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct SignOutReply {
    /// Always `true`.
    pub success: bool,
}

/// Answer of `GET /get-session`, which is `null` without a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// The session.
    pub session: AuthSession,
    /// Whose it is.
    pub user: AuthUser,
}

/// Answer of `GET /token`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TokenReply {
    /// A JWT for the API, valid for 15 minutes.
    pub token: String,
}

/// Answer of `GET /jwks`: empty, because tokens are signed with the shared secret.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Jwks {
    /// Public keys.
    pub keys: Vec<serde_json::Value>,
}

/// Answer of `GET /ok`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct StatusReply {
    /// Always `true`.
    pub ok: bool,
}

/// An error under `/api/auth`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthError {
    /// What went wrong, for a person.
    pub message: String,
    /// What went wrong, for a program.
    pub code: AuthErrorCode,
}

macro_rules! auth_errors {
    ($($(#[$doc:meta])* $name:ident = $status:literal $message:literal,)*) => {
        /// Better Auth's error codes that Saydo gives: the variants' names, in capitals.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum AuthErrorCode { $($(#[$doc])* $name,)* }

        impl AuthErrorCode {
            /// All of them.
            pub const ALL: [Self; [$($status),*].len()] = [$(Self::$name),*];

            /// The HTTP status it comes with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The message that goes with it.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)* }
            }
        }

        impl From<AuthErrorCode> for AuthError {
            fn from(code: AuthErrorCode) -> Self {
                Self { message: code.message().to_owned(), code }
            }
        }
    };
}

auth_errors! {
    /// Wrong address or password; it is not told which.
    InvalidEmailOrPassword = 401 "Invalid email or password",
    /// The address is taken.
    UserAlreadyExistsUseAnotherEmail = 422 "User already exists. Use another email.",
    /// Under 8 characters.
    PasswordTooShort = 400 "Password too short",
    /// Over 128 characters.
    PasswordTooLong = 400 "Password too long",
    /// Not an e-mail address.
    InvalidEmail = 400 "Invalid email",
    /// A field is missing or of the wrong type.
    ValidationError = 400 "Validation error",
    /// The request's origin is not trusted.
    InvalidOrigin = 403 "Invalid origin",
    /// No session, or it ended.
    Unauthorized = 401 "Unauthorized",
    /// Unknown path.
    NotFound = 404 "Not found",
    /// Known path, other method.
    MethodNotAllowed = 405 "Method not allowed",
    /// The body is over 64 KiB.
    PayloadTooLarge = 413 "The body is too large",
    /// The body is not JSON.
    UnsupportedMediaType = 415 "Unsupported media type",
    /// Slow down.
    TooManyRequests = 429 "Too many requests. Please try again later.",
    /// The database is away, or the server is draining.
    ServiceUnavailable = 503 "Temporarily unavailable. Please try again.",
    /// Anything else.
    InternalServerError = 500 "Something went wrong on our side",
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;

    /// AUTH-25: a date has three digits of milliseconds, whatever it was kept with; later digits are cut off.
    #[test]
    fn dates_have_milliseconds() {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let user = AuthUser {
            id: "ann".parse().unwrap(),
            name: "Ann".parse().unwrap(),
            email: "ann@example.com".parse().unwrap(),
            email_verified: false,
            image: None,
            created_at: moment("2026-12-01T09:00:00.987654Z"),
            updated_at: moment("2026-12-01T09:00:00Z"),
        };
        let json = serde_json::to_value(user).unwrap();
        assert_eq!(json["createdAt"], "2026-12-01T09:00:00.987Z");
        assert_eq!(json["updatedAt"], "2026-12-01T09:00:00.000Z");
    }

    /// CONTRACT-67: the documented codes are those that are sent.
    #[test]
    fn codes_are_documented_as_they_are_sent() {
        let schema = serde_json::to_value(AuthErrorCode::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::to_value(AuthErrorCode::ALL).unwrap());
        let taken = serde_json::to_value(AuthErrorCode::UserAlreadyExistsUseAnotherEmail).unwrap();
        assert_eq!(taken, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
    }
}
