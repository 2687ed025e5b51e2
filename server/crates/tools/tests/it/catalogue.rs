use std::collections::BTreeSet;

use rmcp::model::Tool;
use saydo_contract::ToolName;
use serde_json::{Value, json};

use crate::{client::Client, each_database};

/// TOOL-01: the five tools, and every word of their definitions.
#[tokio::test]
async fn the_tools_are_the_contracts() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let tools = ann.connection().list_all_tools().await.unwrap();
        let mut names: Vec<&str> = ToolName::ALL.iter().map(|tool| tool.as_str()).collect();
        names.sort_unstable();
        assert_eq!(tools.iter().map(|tool| tool.name.as_ref()).collect::<Vec<_>>(), names);
        insta::assert_json_snapshot!("tools", tools);
    })
    .await;
}

/// TOOL-02: an input schema holds the keywords that every client and model server converts, and describes each argument.
#[tokio::test]
async fn input_schemas_are_plain_and_described() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        for tool in ann.connection().list_all_tools().await.unwrap() {
            let tool = json!(tool);
            assert!(tool["title"].is_string() && tool["description"].is_string(), "{tool}");
            let schema = &tool["inputSchema"];
            assert_eq!(schema.get("description"), None);
            each_schema(schema, &|schema| {
                assert!(schema["type"].is_string(), "one type: {schema}");
                for value in schema.get("enum").and_then(Value::as_array).into_iter().flatten() {
                    assert!(value.is_string(), "{schema}");
                }
            });
            let properties = schema["properties"].as_object().unwrap();
            assert!(properties.values().all(|property| property["description"].is_string()), "{schema}");
            let names: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
            let known = tool["name"].as_str().unwrap().parse::<ToolName>().unwrap().arguments();
            assert_eq!(names, known.iter().copied().collect());
        }
    })
    .await;
}

/// TOOL-31: an output schema is as plain, but for types with null.
#[tokio::test]
async fn output_schemas_are_plain() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        for tool in ann.connection().list_all_tools().await.unwrap() {
            each_schema(&json!(tool)["outputSchema"], &|schema| match &schema["type"] {
                Value::String(_) => {}
                types => {
                    assert!(types.as_array().is_some_and(|types| types.len() == 2 && types[1] == "null"), "{schema}")
                }
            });
        }
    })
    .await;
}

/// TOOL-32: a model reads the list of tools with each request.
#[tokio::test]
async fn the_list_of_tools_is_short() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let read = |tool: &Tool| json!([tool.name, tool.description, tool.input_schema]).to_string().len();
        let length: usize = ann.connection().list_all_tools().await.unwrap().iter().map(read).sum();
        assert!(length <= 2_700, "{length} bytes");
    })
    .await;
}

/// Calls `check` with a schema and those within it; all hold known keywords alone, and objects say what they require.
fn each_schema(schema: &Value, check: &impl Fn(&Value)) {
    const KEYWORDS: [&str; 6] = ["type", "description", "properties", "required", "items", "enum"];
    let fields = schema.as_object().unwrap();
    assert!(fields.keys().all(|keyword| KEYWORDS.contains(&keyword.as_str())), "{schema}");
    check(schema);
    if schema["type"] == "object" {
        let properties = schema["properties"].as_object().unwrap();
        let required = schema["required"].as_array().unwrap();
        assert!(required.iter().all(|name| properties.contains_key(name.as_str().unwrap())), "{schema}");
        properties.values().for_each(|property| each_schema(property, check));
    }
    if schema["type"] == "array" {
        each_schema(&schema["items"], check);
    }
}

/// TOOL-03: who serves, and how to use it.
#[tokio::test]
async fn the_server_introduces_itself() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let peer = ann.connection().peer().peer_info().unwrap();
        let server: Value = json!(peer.server_info.as_ref().unwrap());
        assert_eq!(server, json!({ "name": "saydo", "title": "Saydo", "version": env!("CARGO_PKG_VERSION") }));
        assert!(peer.instructions.as_ref().unwrap().contains("list_tasks"));
        assert!(peer.capabilities.tools.is_some());
    })
    .await;
}

/// TOOL-12: a tool that does not exist is no business of the model's.
#[tokio::test]
async fn an_unknown_tool_is_a_protocol_error() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        let called = ann.try_call("drop_table", json!({}), None).await;
        assert!(matches!(called, Err(rmcp::ServiceError::McpError(_))), "{called:?}");
    })
    .await;
}
