//! Arguments that remember what is wrong with them, so that the model is told in band.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::failure::ToolFailure;

/// The longest complaint, in characters: it may quote what was given.
const LONGEST: usize = 300;

/// Arguments of a tool, read but not yet known to be right.
pub(crate) struct Checked<T>(Result<T, BadArguments>);

/// What is wrong with the arguments, naming the one that is.
#[derive(Debug)]
pub(crate) struct BadArguments(pub(crate) String);

impl<T> Checked<T> {
    pub(crate) fn valid(self) -> Result<T, ToolFailure> {
        self.0.map_err(ToolFailure::BadArguments)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Checked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(serde_path_to_error::deserialize(deserializer).map_err(|fault| {
            let field = fault.path().to_string();
            let rule = fault.into_inner().to_string().replace("expected i64", "expected a whole number");
            let rule = rule.chars().take(LONGEST).collect::<String>();
            // A fault of the whole (a field is missing or unknown) names the field itself.
            let at_root = field == "." || rule.contains(&format!("`{field}`"));
            BadArguments(if at_root { rule } else { format!("`{field}`: {rule}") })
        })))
    }
}
