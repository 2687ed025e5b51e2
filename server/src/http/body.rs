use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{header, request::Parts},
};
use saydo_contract::ProblemKind;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::problem::ApiError;

/// A JSON body of valid fields.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(&request) {
            return Err(ApiError::new(
                ProblemKind::UnsupportedMediaType,
                "Send the body as JSON, with `Content-Type: application/json`.",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status().as_u16() == 413 {
                ApiError::new(ProblemKind::TooLarge, "Keep the body within 64 KiB.")
            } else {
                ApiError::new(ProblemKind::MalformedJson, "The body did not arrive whole. Send it again.")
            }
        })?;
        parse(&bytes).map(Self)
    }
}

fn is_json(request: &Request) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let malformed = |at: &serde_json::Error| {
        let place = format!("The body is no JSON: see line {}, column {}.", at.line(), at.column());
        ApiError::new(ProblemKind::MalformedJson, place)
    };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|fault| match fault.inner().classify() {
        Category::Data => ApiError::field(pointer(fault.path()), without_place(fault.inner())),
        Category::Syntax | Category::Eof | Category::Io => malformed(fault.inner()),
    })?;
    json.end().map_err(|fault| malformed(&fault))?;
    // The fields of a structure would also be read from an array, by their order.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(ApiError::field(String::new(), "Send a JSON object."));
    }
    Ok(value)
}

/// A path into the body as a JSON Pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// The fault's words without " at line 1 column 9", which a pointer replaces.
fn without_place(fault: &serde_json::Error) -> String {
    let words = fault.to_string();
    words.rsplit_once(" at line ").map_or(words.clone(), |(words, _)| words.to_owned())
}

/// Query parameters of valid fields.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => {
                let words = rejection.body_text();
                let words = words.strip_prefix("Failed to deserialize query string: ").unwrap_or(&words);
                let (name, fault) = words.split_once(": ").unwrap_or(("", words));
                Err(ApiError::field(format!("?{name}"), fault))
            }
        }
    }
}
