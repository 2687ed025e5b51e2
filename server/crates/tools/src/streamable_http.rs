//! The tools over Streamable HTTP.

use std::sync::Arc;

use rmcp::{
    model::{ClientJsonRpcMessage, ClientRequest, ErrorData, JsonRpcError, RequestId},
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
    },
};
use saydo_contract::UserId;
use saydo_store::Store;
use serde::Deserialize;
use serde_json::Value;

use crate::TaskTools;

/// Requests that have parameters of a known form. The library reads one with others as a method that it does not know.
const METHODS: [&str; 5] = ["initialize", "server/discover", "ping", "tools/list", "tools/call"];

/// The largest request, as everywhere in the API.
const LARGEST_BODY: usize = 64 * 1024;

/// Whom an HTTP request acts for. Authentication puts it into the request's extensions; nothing else may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller(pub UserId);

/// The service behind `/mcp`: stateless, with JSON answers. It answers for loopback hosts and `allowed_hosts`, which
/// are names or `name:port`. Each request must carry a [`Caller`].
#[must_use]
pub fn http_service(store: Store, allowed_hosts: Vec<String>) -> StreamableHttpService<TaskTools, NeverSessionManager> {
    let mut config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(LARGEST_BODY);
    config.allowed_hosts.extend(allowed_hosts);
    let tools = TaskTools::over_http(store);
    StreamableHttpService::new(move || Ok(tools.clone()), Arc::default(), config)
}

/// Why a body is no message to the service, as a JSON-RPC error; `None` where it is one.
#[must_use]
pub fn fault(body: &[u8]) -> Option<JsonRpcError> {
    let Ok(message) = serde_json::from_slice::<Value>(body) else {
        return Some(JsonRpcError::new(None, ErrorData::parse_error("The body is not JSON.", None)));
    };
    if message.is_array() {
        let words = "Send one message a request: there are no batches.";
        return Some(JsonRpcError::new(None, ErrorData::invalid_request(words, None)));
    }
    let id = message.get("id").and_then(|id| RequestId::deserialize(id).ok());
    match ClientJsonRpcMessage::deserialize(&message) {
        Err(_) => Some(JsonRpcError::new(id, ErrorData::invalid_request("The body is no JSON-RPC message.", None))),
        Ok(ClientJsonRpcMessage::Request(request)) => match request.request {
            ClientRequest::CustomRequest(custom) if METHODS.contains(&custom.method.as_str()) => {
                let words = format!("The parameters of {} have another form.", custom.method);
                Some(JsonRpcError::new(id, ErrorData::invalid_params(words, None)))
            }
            _ => None,
        },
        Ok(_) => None,
    }
}
