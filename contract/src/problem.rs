//! Errors of `/api` as `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What went wrong, for a program and for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Which kind of problem: `/problems/<slug>`.
    pub r#type: String,
    /// The kind, in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This occurrence, in words: what to do next.
    pub detail: String,
    /// Names the request in the server's log.
    pub request_id: String,
    /// What is wrong with single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// The kind of problem, where it is one of this contract's.
    #[must_use]
    pub fn kind(&self) -> Option<ProblemKind> {
        let slug = self.r#type.strip_prefix("/problems/")?;
        ProblemKind::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// A JSON Pointer (RFC 6901) into the body, or `?name` of a query parameter, or a header's name.
    pub pointer: String,
    /// What is wrong, in words.
    pub detail: String,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:literal $slug:literal $title:literal,)*) => {
        /// The kinds of problem this contract knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemKind { $($(#[$doc])* $name,)* }

        impl ProblemKind {
            /// All of them.
            pub const ALL: [Self; [$($status),*].len()] = [$(Self::$name),*];

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The last part of `type`.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The kind, in words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

problems! {
    /// The body is not JSON.
    MalformedJson = 400 "malformed-json" "The body is not valid JSON",
    /// The request names no host, or several.
    InvalidHost = 400 "invalid-host" "The request must name one host",
    /// No valid token.
    Unauthenticated = 401 "unauthenticated" "A valid token is required",
    /// The path names another user than the token.
    WrongUser = 403 "wrong-user" "The path names another user than the token",
    /// No such thing, or another person's.
    NotFound = 404 "not-found" "Not found",
    /// The path exists, the method does not.
    MethodNotAllowed = 405 "method-not-allowed" "Method not allowed",
    /// A turn runs in this conversation.
    TurnInProgress = 409 "turn-in-progress" "A turn is already running in this conversation",
    /// The body is over 64 KiB.
    TooLarge = 413 "too-large" "The body is too large",
    /// The body is not `application/json`.
    UnsupportedMediaType = 415 "unsupported-media-type" "Unsupported media type",
    /// A field is wrong.
    Invalid = 422 "invalid" "The request is not valid",
    /// The key was used with another body.
    IdempotencyKeyReused = 422 "idempotency-key-reused" "The idempotency key was used for another request",
    /// Slow down.
    TooManyRequests = 429 "too-many-requests" "Too many requests",
    /// Anything else; no cause is told.
    Internal = 500 "internal" "Something went wrong on our side",
    /// The model gave up after retries.
    ModelFailed = 502 "model-failed" "The model failed",
    /// The database is away, or the server is draining.
    Unavailable = 503 "unavailable" "Temporarily unavailable",
    /// The model did not answer in time.
    ModelTimeout = 504 "model-timeout" "The model did not answer in time",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_slug() {
        for kind in ProblemKind::ALL {
            let problem = Problem {
                r#type: format!("/problems/{}", kind.slug()),
                title: kind.title().into(),
                status: kind.status(),
                detail: String::new(),
                request_id: String::new(),
                errors: Vec::new(),
            };
            assert_eq!(problem.kind(), Some(kind));
        }
    }
}
