//! Asks the API in a visitor's name. Nothing is kept here: the visitor's cookie is passed on.

use std::net::SocketAddr;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use tower::ServiceExt;

use super::FORWARDED_FOR;
use crate::http::edge::REQUEST_ID;

/// No answer that is shown is larger.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// What travels from a visitor to the API.
const PASSED_ON: [HeaderName; 6] =
    [header::COOKIE, header::HOST, header::ORIGIN, header::ACCEPT_LANGUAGE, FORWARDED_FOR, REQUEST_ID];

/// Who asks, as far as the API must know.
pub(super) struct Visitor {
    api: Router,
    pub(super) headers: HeaderMap,
    peer: Option<ConnectInfo<SocketAddr>>,
}

/// An answer of the API.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        self.status.is_success().then(|| serde_json::from_slice(&self.body).ok()).flatten()
    }
}

impl Visitor {
    /// Over the API as its callers reach it.
    pub(super) fn new(api: &Router, parts: &Parts) -> Self {
        Self { api: api.clone(), headers: parts.headers.clone(), peer: parts.extensions.get().copied() }
    }

    /// What cannot be asked, or whose answer cannot be read, is a bad gateway's answer.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        with: &[(HeaderName, String)],
    ) -> Answer {
        let mut request = Request::new(body.map_or_else(Body::empty, Body::from));
        *request.method_mut() = method;
        let headers = request.headers_mut();
        for name in PASSED_ON {
            for value in self.headers.get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in with {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        let unreadable = Answer { status: StatusCode::BAD_GATEWAY, headers: HeaderMap::new(), body: Bytes::new() };
        let Ok(uri) = path.parse() else { return unreadable };
        *request.uri_mut() = uri;
        let Ok(response) = self.api.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        match to_bytes(body, LARGEST_ANSWER).await {
            Ok(body) => Answer { status: parts.status, headers: parts.headers, body },
            Err(_) => unreadable,
        }
    }

    pub(super) async fn get(&self, path: &str, with: &[(HeaderName, String)]) -> Answer {
        self.ask(Method::GET, path, None, with).await
    }
}

pub(super) fn bearer(token: &str) -> (HeaderName, String) {
    (header::AUTHORIZATION, format!("Bearer {token}"))
}
