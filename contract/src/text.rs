//! Text that a person or a client writes, checked when it is parsed. Lengths count Unicode scalar values.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a text is refused. The wording completes "this value …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space, where something is required.
    #[error("must not be empty")]
    Empty,
    /// Shorter than the least length.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The least length.
        min: usize,
    },
    /// Longer than the greatest length.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The greatest length.
        max: usize,
    },
    /// A control character other than a line break or tab where those are allowed.
    #[error("must not contain control characters")]
    Control,
    /// Not of the required form.
    #[error("must be {expected}")]
    Form {
        /// The form in words, with an example.
        expected: &'static str,
    },
}

/// How a text type treats what it is given.
enum Shape {
    /// One line, trimmed.
    Line,
    /// Several lines, trimmed; line breaks and tabs stay.
    Lines,
    /// As it is, byte for byte.
    Verbatim,
}

fn parse(text: String, shape: &Shape, min: usize, max: usize) -> Result<String, InvalidText> {
    let text = match shape {
        Shape::Verbatim => text,
        Shape::Line | Shape::Lines => {
            let trimmed = text.trim();
            if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
        }
    };
    // A NUL cannot be stored in PostgreSQL; other controls only confuse whoever reads the text.
    let stray = |c: char| match shape {
        Shape::Line => c.is_control(),
        Shape::Lines => c.is_control() && !matches!(c, '\n' | '\r' | '\t'),
        Shape::Verbatim => false,
    };
    let length = text.chars().count();
    if length == 0 && min > 0 {
        Err(InvalidText::Empty)
    } else if length < min {
        Err(InvalidText::TooShort { min })
    } else if length > max {
        Err(InvalidText::TooLong { max })
    } else if text.chars().any(stray) {
        Err(InvalidText::Control)
    } else {
        Ok(text)
    }
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $shape:ident, $min:tt ..= $max:tt $(, $check:ident)? $(; $($schema:tt)*)?) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String, min_length = $min, max_length = $max $(, $($schema)*)?)]
        pub struct $name(String);

        impl $name {
            /// The greatest length, in Unicode scalar values.
            pub const MAX: usize = $max;

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidText;

            fn try_from(text: String) -> Result<Self, InvalidText> {
                let text = parse(text, &Shape::$shape, $min, $max)?;
                $( let text = $check(text)?; )?
                Ok(Self(text))
            }
        }

        impl FromStr for $name {
            type Err = InvalidText;

            fn from_str(text: &str) -> Result<Self, InvalidText> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
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
                json_schema!({ "type": "string" })
            }
        }
    };
}

macro_rules! shown {
    ($($name:ident),*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )* };
}

text_type!(
    /// The person's words in one message: 1 to 8,000 characters after trimming.
    MessageText, Lines, 1..=8000
);
text_type!(
    /// A task's title: one line of 1 to 200 characters after trimming.
    TaskTitle, Line, 1..=200
);
text_type!(
    /// A task's description: up to 1,000 characters after trimming, several lines.
    TaskDescription, Lines, 0..=1000
);
text_type!(
    /// A conversation's title: one line of 1 to 120 characters after trimming.
    ConversationTitle, Line, 1..=120
);
text_type!(
    /// Words to search for: one line of up to 200 characters.
    SearchQuery, Line, 0..=200
);
text_type!(
    /// A person's name: one line of up to 120 characters. It may be empty.
    PersonName, Line, 0..=120
);
text_type!(
    /// An `Idempotency-Key` header: 1 to 255 printable ASCII characters.
    IdempotencyKey, Verbatim, 1..=255, printable_ascii
);
text_type!(
    /// Where the next page starts: opaque, handed back as it was received.
    Cursor, Verbatim, 1..=200, printable_ascii
);
text_type!(
    /// An e-mail address, in lower case: `local@domain`, at most 254 characters (RFC 5321).
    EmailAddress, Line, 3..=254, email; format = Email
);
text_type!(
    /// A password: 8 to 128 characters, taken as it is. Its `Debug` tells nothing.
    Password, Verbatim, 8..=128
);
shown!(
    MessageText,
    TaskTitle,
    TaskDescription,
    ConversationTitle,
    SearchQuery,
    PersonName,
    IdempotencyKey,
    Cursor,
    EmailAddress
);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

fn printable_ascii(text: String) -> Result<String, InvalidText> {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        Ok(text)
    } else {
        Err(InvalidText::Form { expected: "printable ASCII characters" })
    }
}

fn email(text: String) -> Result<String, InvalidText> {
    // Letters of ASCII only, as Better Auth has it.
    let text = text.to_ascii_lowercase();
    let fault = InvalidText::Form { expected: "an e-mail address such as ann@example.com" };
    let Some((local, domain)) = text.rsplit_once('@') else { return Err(fault) };
    let local_ok = (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_graphic() && !b"@\"(),:;<>[\\]".contains(&b));
    let labels_ok = domain.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    if local_ok && labels_ok && domain.contains('.') { Ok(text) } else { Err(fault) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_then_measured() {
        assert_eq!("  milk \n".parse::<TaskTitle>().map(String::from), Ok("milk".into()));
        assert_eq!(" \t ".parse::<TaskTitle>(), Err(InvalidText::Empty));
        assert_eq!("é".repeat(200).parse::<TaskTitle>().map(|t| t.as_str().chars().count()), Ok(200));
        assert_eq!("é".repeat(201).parse::<TaskTitle>(), Err(InvalidText::TooLong { max: 200 }));
        assert_eq!("a\u{0}b".parse::<MessageText>(), Err(InvalidText::Control));
        assert!("a\nb".parse::<MessageText>().is_ok());
        assert_eq!("a\nb".parse::<TaskTitle>(), Err(InvalidText::Control));
    }

    #[test]
    fn addresses_are_checked_and_lowered() {
        assert_eq!("Ann@Example.COM".parse::<EmailAddress>().map(String::from), Ok("ann@example.com".into()));
        for wrong in ["ann", "@x.com", "a@b", "a b@c.de", "a@-b.de", "a@b..de", "a@İx.com", "é@x.com"] {
            assert!(wrong.parse::<EmailAddress>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_never_shows() {
        let password = "correct horse".parse::<Password>();
        assert_eq!(format!("{password:?}"), "Ok(Password(..))");
    }
}
