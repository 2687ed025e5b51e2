//! Schemas of the tools in the plainest form: clients and model servers convert them, and each refuses other keywords.
//!
//! An input schema holds [`KEYWORDS`] alone, one type each, and every object lists what it requires, even where that is
//! nothing. An output schema also has types with `null`, because programs check results with it.

use std::sync::Arc;

use rmcp::{handler::server::tool::schema_for_output, model::JsonObject};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

const KEYWORDS: [&str; 6] = ["type", "description", "properties", "required", "items", "enum"];

/// The schema of a tool's arguments.
pub(crate) fn input<T: JsonSchema>() -> Arc<JsonObject> {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    let mut schema = schema.as_object().cloned().unwrap_or_default();
    schema.remove("description");
    simplify(&mut schema, Null::Dropped);
    Arc::new(schema)
}

/// The schema of a tool's result.
pub(crate) fn output<T: JsonSchema + 'static>() -> Arc<JsonObject> {
    let mut schema = schema_for_output::<T>().as_ref().clone();
    simplify(&mut schema, Null::Kept);
    Arc::new(schema)
}

/// What becomes of `null` among the types of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Null {
    Kept,
    Dropped,
}

fn simplify(schema: &mut Map<String, Value>, null: Null) {
    // An optional choice is `anyOf` over the choice and null, and a choice is `oneOf` over constants.
    if let Some(Value::Array(variants)) = schema.remove("anyOf")
        && let Some(Value::Object(variant)) = variants.into_iter().next()
    {
        schema.extend(variant.into_iter().filter(|(keyword, _)| keyword != "description"));
    }
    if let Some(Value::Array(choices)) = schema.remove("oneOf") {
        let values = choices.into_iter().filter_map(|mut choice| choice.get_mut("const").map(Value::take)).collect();
        schema.insert("type".to_owned(), "string".into());
        schema.insert("enum".to_owned(), Value::Array(values));
    }
    if null == Null::Dropped
        && let Some(Value::Array(types)) = schema.get("type")
    {
        let only = types.iter().find(|name| *name != "null").cloned();
        schema.extend(only.map(|only| ("type".to_owned(), only)));
    }
    schema.retain(|keyword, _| KEYWORDS.contains(&keyword.as_str()));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().filter_map(Value::as_object_mut).for_each(|property| simplify(property, null));
        schema.entry("required").or_insert_with(|| json!([]));
    }
    if let Some(Value::Object(items)) = schema.get_mut("items") {
        simplify(items, null);
    }
}
