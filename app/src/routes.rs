//! Addresses of pages, and moving between them with the browser's history.

use leptos::prelude::*;
use saydo_contract::ConversationId;
use wasm_bindgen::JsCast;
use web_sys::MouseEvent;

use crate::browser;

/// The paths that render [`app`](crate::app), in axum's form.
pub const PAGES: [&str; 4] = ["/", "/sign-in", "/sign-up", "/c/{id}"];

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// A new chat.
    Home,
    Conversation(ConversationId),
    SignIn,
    SignUp,
    NotFound,
}

impl Route {
    pub(crate) fn parse(path: &str) -> Self {
        match path {
            "/" | "" => Self::Home,
            "/sign-in" => Self::SignIn,
            "/sign-up" => Self::SignUp,
            _ => path
                .strip_prefix("/c/")
                // One address for each conversation: `/c/05` is none.
                .filter(|id| !id.starts_with(['0', '+']))
                .and_then(|id| id.parse().ok())
                .map_or(Self::NotFound, Self::Conversation),
        }
    }

    pub(crate) fn path(self) -> String {
        match self {
            Self::Home | Self::NotFound => "/".to_owned(),
            Self::Conversation(id) => conversation_path(id),
            Self::SignIn => "/sign-in".to_owned(),
            Self::SignUp => "/sign-up".to_owned(),
        }
    }
}

/// Where a conversation is.
pub(crate) fn conversation_path(id: ConversationId) -> String {
    let mut path = "/c/".to_owned();
    path.push_str(&id.to_string());
    path
}

/// The value of a parameter of a query (`?next=%2Fc%2F5`), decoded.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let (_, value) = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
    percent_decode(value)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Where to go after signing in: only to a path of this origin.
pub(crate) fn safe_next(next: Option<&str>) -> String {
    let is_path = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            // Browsers read `\` as `/`, and drop tabs and line breaks.
            && !path.contains(['\\', '\t', '\n', '\r'])
            && !matches!(Route::parse(path), Route::SignIn | Route::SignUp | Route::NotFound)
    };
    next.filter(is_path).unwrap_or("/").to_owned()
}

/// The sign-in or sign-up page, with where to go from there.
pub(crate) fn with_next(page: Route, next: &str) -> String {
    let mut path = page.path();
    if next != "/" {
        // What `safe_next` lets through needs no escape.
        path.push_str("?next=");
        path.push_str(next);
    }
    path
}

fn path_of(address: &str) -> &str {
    address.split_once('?').map_or(address, |(path, _)| path)
}

/// The current page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Router {
    /// The page that is shown.
    pub(crate) route: RwSignal<Route>,
    /// The address's query.
    pub(crate) query: RwSignal<String>,
}

impl Router {
    pub(crate) fn new(path: &str, query: &str) -> Self {
        Self { route: RwSignal::new(Route::parse(path)), query: RwSignal::new(query.to_owned()) }
    }

    /// Where to go after signing in.
    pub(crate) fn next(self) -> String {
        let route = self.route.get();
        match route {
            Route::SignIn | Route::SignUp => self.query.with(|query| safe_next(parameter(query, "next").as_deref())),
            _ => route.path(),
        }
    }

    /// Goes to a page, as a link does. Going where one is begins that page anew.
    pub(crate) fn go(self, address: &str) {
        browser::push_address(address);
        let before = self.route.get_untracked();
        self.read_address();
        if self.route.get_untracked() == before {
            self.route.set(before);
        }
    }

    /// Goes to a page in place of the present one.
    pub(crate) fn replace(self, address: &str) {
        browser::replace_address(address);
        self.read_address();
    }

    fn read_address(self) {
        let (path, query) = browser::address();
        if self.query.with_untracked(|old| *old != query) {
            self.query.set(query);
        }
        let route = Route::parse(&path);
        if self.route.get_untracked() != route {
            self.route.set(route);
        }
    }

    /// Follows Back, Forward and plain clicks on links of ours.
    pub(crate) fn listen(self) {
        browser::listen("popstate", move |_| self.read_address());
        browser::listen("click", move |event| {
            let click: MouseEvent = event.unchecked_into();
            let modified = click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key();
            if click.default_prevented() || click.button() != 0 || modified {
                return;
            }
            let target = click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let link = target.and_then(|target| target.closest("a[href^=\"/\"]:not([target])").ok().flatten());
            let href = link.and_then(|link| link.get_attribute("href"));
            if let Some(href) = href.filter(|href| Route::parse(path_of(href)) != Route::NotFound) {
                click.prevent_default();
                self.go(&href);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// UI-22: what is no page is not found.
    #[test]
    fn addresses_are_pages_or_not_found() {
        assert_eq!(Route::parse("/"), Route::Home);
        assert_eq!(Route::parse("/c/12"), Route::Conversation("12".parse().unwrap()));
        for path in
            ["/nowhere", "/c/0", "/c/x", "/c/", "/c", "/c/1/2", "/c/-1", "/c/01", "/c/+1", "/c/9007199254740992"]
        {
            assert_eq!(Route::parse(path), Route::NotFound, "{path}");
        }
        for path in ["/", "/c/7", "/sign-in", "/sign-up"] {
            assert_eq!(Route::parse(path).path(), path);
        }
    }

    /// UI-03: nobody is led to another origin.
    #[test]
    fn next_is_a_path_of_this_origin() {
        for (next, expected) in [
            ("/c/5", "/c/5"),
            ("/", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/sign-in", "/"),
            ("/api/auth/sign-out", "/"),
            ("", "/"),
        ] {
            assert_eq!(safe_next(Some(next)), expected, "{next}");
        }
        assert_eq!(safe_next(None), "/");
    }

    /// UI-03: the address that is remembered comes back.
    #[test]
    fn next_travels_in_the_query() {
        assert_eq!(parameter("?a=1&next=%2Fc%2F5", "next").as_deref(), Some("/c/5"));
        assert_eq!(parameter("next=/c/5", "next").as_deref(), Some("/c/5"));
        assert_eq!(parameter("?next=%zz", "next"), None);
        assert_eq!(parameter("?next=%2", "next"), None);
        assert_eq!(with_next(Route::SignIn, "/c/5"), "/sign-in?next=/c/5");
        assert_eq!(with_next(Route::SignUp, "/"), "/sign-up");
    }
}
