//! Arguments that remember what is wrong with them, so that the model is told in band.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, json};

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

impl<T: JsonSchema> JsonSchema for Checked<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            for property in properties.values_mut() {
                enumerate(property);
            }
        }
        schema
    }
}

/// Writes an optional choice as `enum`, which every model's server understands, where schemars writes `anyOf` over
/// `oneOf` over `const`.
fn enumerate(property: &mut Value) {
    let choices = property.pointer("/anyOf/0/oneOf").and_then(Value::as_array);
    let Some(choices) = choices.and_then(|all| all.iter().map(|one| one.get("const")).collect::<Option<Vec<_>>>())
    else {
        return;
    };
    let values: Vec<&Value> = choices.into_iter().chain([&Value::Null]).collect();
    *property = json!({ "description": property["description"], "type": ["string", "null"], "enum": values });
}
