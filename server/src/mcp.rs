//! The tools over HTTP at `/mcp`, and the agent's own connection to them in process.

use axum::{
    Json, Router,
    body::to_bytes,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::any,
};
use rmcp::{
    RoleClient, ServiceExt,
    service::{ClientInitializeError, RunningService},
};
use saydo_contract::ProblemKind;
use saydo_store::{BegunTurn, UserStore};
use saydo_tools::{Caller, TaskTools};
use serde_json::{Value, json};

use crate::http::{
    LARGEST_BODY,
    api::ApiState,
    origin::is_trusted,
    principal::{Principal, bearer},
    problem::ApiError,
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

/// `/mcp` for MCP clients, with the API's tokens.
pub(crate) fn routes(state: &ApiState, allowed_hosts: &[String]) -> Router<ApiState> {
    let service = saydo_tools::http_service(state.store.clone(), allowed_hosts.to_vec());
    Router::new()
        .route_service("/mcp", service.clone())
        .route_service("/mcp/", service)
        .route_layer(middleware::from_fn(accept_any))
        .route_layer(middleware::from_fn_with_state(state.clone(), authenticate))
        .route("/register", any(register))
}

/// Answers a body that is no message with a JSON-RPC error, and any `Accept` with JSON. The library answers the first
/// with 415 in plain text, and demands both media types of each client.
async fn accept_any(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return ApiError::new(ProblemKind::TooLarge, "The body has more than 64 KiB.").into_response();
    };
    if let Some(fault) = saydo_tools::fault(&body) {
        return (StatusCode::BAD_REQUEST, Json(fault)).into_response();
    }
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
    next.run(Request::from_parts(parts, body.into())).await
}

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
            if response.status() == StatusCode::UNAUTHORIZED && bearer(&parts.headers).is_some() {
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
    }
}

/// For clients that would register themselves: an OAuth error (RFC 7591), because there is no authorization server.
async fn register() -> (StatusCode, Json<Value>) {
    let words = "Clients cannot register here. Send `Authorization: Bearer` with a token instead.";
    (StatusCode::NOT_FOUND, Json(json!({ "error": "invalid_request", "error_description": words })))
}
