//! Where a model's server is, read from every form in which people write its address.
//!
//! What is shown of an address holds no password and no value of its query but the API's version.

use std::{fmt, net::IpAddr};

use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};

use crate::error::BuildError;

/// What requests append to the base URL, and what people copy with it.
const COMPLETIONS: &str = "/chat/completions";
/// Azure's own header for keys; it reads `Authorization` as a token of Entra ID.
const AZURE_KEY: HeaderName = HeaderName::from_static("api-key");
const AZURE_HOSTS: [&str; 3] = [".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"];
/// What names outside the public DNS end in.
const LOCAL_NAMES: [&str; 8] =
    [".localhost", ".local", ".lan", ".internal", ".home.arpa", ".svc", ".cluster.local", ".docker"];

/// The base URL of a server of the OpenAI chat completions API.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerAddress {
    /// Without query, `/chat/completions` and a slash at the end. The client makes a header of its user.
    url: Url,
    query: Vec<(String, String)>,
}

impl ServerAddress {
    /// Reads an address with or without `/v1`, `/chat/completions`, a slash at the end, a path, a query, a user and
    /// quotes around it.
    ///
    /// # Errors
    /// Where it is no http or https URL.
    pub fn parse(text: &str) -> Result<Self, BuildError> {
        let text = text.trim().trim_matches(['"', '\'']).trim();
        let mut url = Url::parse(text).map_err(|_| BuildError::BaseUrl)?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(BuildError::BaseUrl);
        }
        let query = url.query_pairs().into_owned().collect();
        url.set_query(None);
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix(COMPLETIONS).unwrap_or(path).trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self { url, query })
    }

    /// The base of the API's paths, without a slash at the end. It holds the user.
    pub(crate) fn base(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// What each request carries in its query.
    pub(crate) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// The base one step further, where this one lacks a version: servers have their API under `/v1`.
    pub(crate) fn under_v1(&self) -> Option<Self> {
        let is_version =
            |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if self.url.path().split('/').any(is_version) {
            return None;
        }
        let mut longer = self.clone();
        let step = if self.is_azure() && self.url.path() == "/" { "/openai/v1" } else { "/v1" };
        longer.url.set_path(&format!("{}{step}", self.url.path().trim_end_matches('/')));
        Some(longer)
    }

    /// Whether this is Azure, which wants keys in a header of its own and whose list of models names no deployments.
    pub(crate) fn is_azure(&self) -> bool {
        self.url.host_str().is_some_and(|host| AZURE_HOSTS.iter().any(|end| host.ends_with(end)))
    }

    /// Whether the server is on this machine or in its network. A model there may have to be loaded first.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default();
        match host.trim_matches(['[', ']']).parse::<IpAddr>().map(|address| address.to_canonical()) {
            // The shared range 100.64.0.0/10 is what overlay networks give their machines.
            Ok(IpAddr::V4(v4)) => {
                let shared = matches!(v4.octets(), [100, 64..128, ..]);
                v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified() || shared
            }
            Ok(IpAddr::V6(v6)) => {
                v6.is_loopback() || v6.is_unicast_link_local() || v6.is_unique_local() || v6.is_unspecified()
            }
            Err(_) => {
                let host = host.trim_end_matches('.');
                !host.contains('.') || LOCAL_NAMES.iter().any(|end| host.ends_with(end))
            }
        }
    }

    /// Whether a user, who is sent as one of HTTP's, is part of the address.
    #[must_use]
    pub fn has_user(&self) -> bool {
        !self.url.username().is_empty() || self.url.password().is_some()
    }

    /// What each request carries to be let in.
    ///
    /// # Errors
    /// Where the key can stand in no header, or the address has a user beside a key: a request has room for one.
    pub(crate) fn headers(&self, key: Option<&SecretString>) -> Result<HeaderMap, BuildError> {
        let header = |text: String| {
            let mut value = HeaderValue::from_str(&text).map_err(|_| BuildError::ApiKey)?;
            value.set_sensitive(true);
            Ok(value)
        };
        let Some(key) = key.map(ExposeSecret::expose_secret) else { return Ok(HeaderMap::new()) };
        if self.has_user() {
            return Err(BuildError::TwoCredentials);
        }
        let (name, value) = if self.is_azure() && !is_token(key) {
            (AZURE_KEY, header(key.to_owned())?)
        } else {
            (AUTHORIZATION, header(format!("Bearer {key}"))?)
        };
        Ok(HeaderMap::from_iter([(name, value)]))
    }
}

/// The address as requests ask it, for logs.
impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.url.clone();
        // Neither fails on a URL with a host.
        let _ = (shown.set_username(""), shown.set_password(None));
        write!(f, "{}{COMPLETIONS}", shown.as_str().trim_end_matches('/'))?;
        for (at, (name, value)) in self.query.iter().enumerate() {
            let value = if name == "api-version" { value } else { "…" };
            write!(f, "{}{name}={value}", if at == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Whether a credential of Azure is a token of Entra ID (a JWT) and no key.
fn is_token(key: &str) -> bool {
    key.starts_with("eyJ") && key.matches('.').count() == 2
}

#[cfg(test)]
#[path = "address/tests.rs"]
mod tests;
