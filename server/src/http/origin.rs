//! Whether a request comes from our own pages.

use axum::http::{HeaderMap, header};

use crate::config::Origin;

/// Whether a request comes from our own pages, or from no page at all.
pub(crate) fn is_trusted(headers: &HeaderMap, public: &Origin) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match text(header::ORIGIN) {
        // The address in the browser's bar is the one it asks: a forwarded port, another name of this machine.
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            (host.is_some() && host == text(header::HOST)) || public.trusts(origin)
        }
        None => !headers.contains_key(header::COOKIE),
    }
}
