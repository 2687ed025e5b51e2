//! The tools over Streamable HTTP.

use std::sync::Arc;

use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
};
use saydo_contract::UserId;
use saydo_store::Store;

use crate::TaskTools;

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
