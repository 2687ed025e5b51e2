//! The tools over HTTP at `/mcp`, and the agent's own connection to them in process.

use axum::{
    Json, Router,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use rmcp::{
    RoleClient, ServiceExt,
    service::{ClientInitializeError, RunningService},
};
use saydo_store::{BegunTurn, UserStore};
use saydo_tools::{Caller, TaskTools};

use crate::{
    config::Origin,
    http::{api::ApiState, origin::is_trusted, principal::Principal},
};

/// Bytes that the in-process pipe holds before its writer waits.
const PIPE: usize = 64 * 1024;

/// A connection of its own to one person's tools, for a run of a turn. It ends when it is dropped.
pub(crate) async fn connect(
    store: UserStore,
    turn: BegunTurn,
) -> Result<RunningService<RoleClient, ()>, ClientInitializeError> {
    let (ours, theirs) = tokio::io::duplex(PIPE);
    tokio::spawn(TaskTools::for_turn(store, turn).serve_io(theirs));
    ().serve(ours).await
}

/// `/mcp` for MCP clients, with the API's tokens, and where they learn whom to ask for one.
pub(crate) fn routes(state: &ApiState, allowed_hosts: &[String]) -> Router<ApiState> {
    let service = saydo_tools::http_service(state.store.clone(), allowed_hosts.to_vec());
    Router::new()
        .route_service("/mcp", service)
        .route_layer(middleware::from_fn_with_state(state.clone(), authenticate))
        .route(METADATA, get(metadata))
        .route(&format!("{METADATA}/mcp"), get(metadata))
}

const METADATA: &str = "/.well-known/oauth-protected-resource";

/// Every call carries a token; the tools learn whose it is. Pages of other origins are refused, as MCP demands.
async fn authenticate(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if !is_trusted(&parts.headers, &state.public) {
        return (StatusCode::FORBIDDEN, "This page may not call the tools.").into_response();
    }
    match Principal::from_request_parts(&mut parts, &state).await {
        Ok(Principal(user)) => {
            parts.extensions.insert(Caller(user));
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => {
            let mut response = error.into_response();
            if response.status() == StatusCode::UNAUTHORIZED {
                let challenge = format!("Bearer resource_metadata=\"{}{METADATA}\"", state.public.as_str());
                if let Ok(challenge) = HeaderValue::from_str(&challenge) {
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
                }
            }
            response
        }
    }
}

/// Protected resource metadata (RFC 9728).
async fn metadata(State(public): State<Origin>) -> Json<serde_json::Value> {
    let origin = public.as_str();
    Json(serde_json::json!({
        "resource": format!("{origin}/mcp"),
        "resource_name": "Saydo",
        "authorization_servers": [origin],
        "bearer_methods_supported": ["header"],
        "resource_documentation": format!("{origin}/api/docs"),
    }))
}
