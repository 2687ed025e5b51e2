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

/// TOOL-02: no unknown properties, no references, nothing undescribed.
#[tokio::test]
async fn schemas_are_plain_and_described() {
    each_database(async |store| {
        let ann = Client::of(&store, "ann").await;
        for tool in ann.connection().list_all_tools().await.unwrap() {
            let tool = json!(tool);
            assert!(tool["title"].is_string() && tool["description"].is_string(), "{tool}");
            for schema in [&tool["inputSchema"], &tool["outputSchema"]] {
                let text = schema.to_string();
                assert!(!text.contains("$ref") && !text.contains("$defs"), "{text}");
                assert_eq!(schema["type"], "object");
                for (name, property) in schema["properties"].as_object().unwrap() {
                    assert!(property["description"].is_string(), "{} of {}", name, tool["name"]);
                }
            }
            assert_eq!(tool["inputSchema"]["additionalProperties"], json!(false));
            let input = tool["inputSchema"].to_string();
            assert!(!input.contains("anyOf") && !input.contains("oneOf"), "choices are plain: {input}");
        }
    })
    .await;
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
