//! Request headers as text.

use axum::http::HeaderMap;

use super::problem::ApiError;

/// The header as text; `None` where it is absent.
///
/// # Errors
/// Where it holds other bytes than printable ASCII.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, ApiError> {
    headers
        .get(name)
        .map(|value| value.to_str().map_err(|_| ApiError::field(name, "must be printable ASCII")))
        .transpose()
}
