//! Identifiers. Each is its own type, so that none can stand where another is meant.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a text or number is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Numbers of ours start at 1 and stay below 2^53, which every JSON reader keeps exact.
    #[error("must be a whole number from 1 to 9007199254740991")]
    Number,
    /// User ids are opaque, but bounded and printable.
    #[error("must be 1 to 128 characters of letters, digits and . _ ~ : | @ -")]
    User,
}

const LARGEST: i64 = (1 << 53) - 1;

macro_rules! numeric_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        #[serde(try_from = "i64", into = "i64")]
        #[schema(value_type = i64, minimum = 1, maximum = 9007199254740991_i64)]
        pub struct $name(i64);

        impl $name {
            /// The number itself.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl TryFrom<i64> for $name {
            type Error = InvalidId;

            fn try_from(value: i64) -> Result<Self, InvalidId> {
                (1..=LARGEST).contains(&value).then_some(Self(value)).ok_or(InvalidId::Number)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.parse::<i64>().map_err(|_| InvalidId::Number)?.try_into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "integer" })
            }
        }
    };
}

numeric_id!(
    /// A conversation.
    ConversationId
);
numeric_id!(
    /// A message within a conversation; later messages have larger numbers.
    MessageId
);
numeric_id!(
    /// A turn: one message of the person and everything the agent does about it.
    TurnId
);
numeric_id!(
    /// A task's number on its owner's list: small, counted per person from 1, never used again.
    TaskId
);

/// The subject of a token (`sub`): an opaque name for one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 128)]
pub struct UserId(String);

impl UserId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for UserId {
    type Error = InvalidId;

    fn try_from(value: String) -> Result<Self, InvalidId> {
        let printable = |c: char| c.is_ascii_alphanumeric() || "._~:|@-".contains(c);
        if (1..=128).contains(&value.len()) && value.chars().all(printable) {
            Ok(Self(value))
        } else {
            Err(InvalidId::User)
        }
    }
}

impl FromStr for UserId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.to_owned().try_into()
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> String {
        id.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for UserId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "UserId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}
