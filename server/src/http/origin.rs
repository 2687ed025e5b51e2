//! Whether a request comes from our own pages.

use axum::http::{HeaderMap, HeaderName, header};

use crate::config::Origin;

/// How the page that asks is related to the address that is asked (Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request comes from our own pages, or from no page at all.
pub(crate) fn is_trusted(headers: &HeaderMap, public: &Origin) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match text(header::ORIGIN) {
        // A browser hides the origin where a page's referrer policy says so. Then its own word on the site counts, which no
        // page can set.
        Some("null") => text(SEC_FETCH_SITE) == Some("same-origin"),
        // The address in the browser's bar is the one it asks: a forwarded port, another name of this machine.
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            (host.is_some() && host == text(header::HOST)) || public.trusts(origin)
        }
        None => !headers.contains_key(header::COOKIE),
    }
}
