//! Configuration: the only place that reads the environment. One struct per concern; tests build them by hand.

#[cfg(feature = "api")]
mod auth;
#[cfg(feature = "api")]
mod database;
mod listen;
mod log;
#[cfg(feature = "api")]
mod mcp;
#[cfg(feature = "api")]
mod model;
mod proxies;
#[cfg(feature = "api")]
mod url;
#[cfg(feature = "web")]
mod web;

#[cfg(feature = "api")]
pub use auth::AuthConfig;
#[cfg(feature = "api")]
pub use database::database_from_env;
pub use listen::{ListenConfig, Origin};
pub use log::{LogConfig, LogFormat};
#[cfg(feature = "api")]
pub use mcp::mcp_hosts_from_env;
#[cfg(feature = "api")]
pub use model::{agent_from_env, model_from_env};
pub use proxies::TrustedProxies;
#[cfg(feature = "web")]
pub use web::WebConfig;

use std::collections::BTreeMap;

#[cfg(feature = "api")]
use secrecy::SecretString;

/// The environment, read once. An empty value counts as absent.
#[derive(Clone, Default)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// The environment of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn process() -> Self {
        // A variable whose value is no Unicode text is none of ours.
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Whether `name` has a value.
    #[cfg(feature = "api")]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    #[cfg(feature = "api")]
    fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// The value of `name`, read by `parse`; `example` is what a right value looks like.
    fn parsed<T>(
        &self,
        name: &'static str,
        example: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        self.text(name)
            .map(|value| parse(value).map_err(|fault| ConfigError { variable: name, fault, example }))
            .transpose()
    }
}

impl FromIterator<(String, String)> for Env {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// A wrong or missing setting: one line that names the variable, its fault and an example.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {fault}, for example {variable}={example}")]
pub struct ConfigError {
    variable: &'static str,
    fault: String,
    example: &'static str,
}

impl ConfigError {
    /// A fault of `variable`. The fault must not repeat a secret.
    #[must_use]
    pub fn new(variable: &'static str, fault: impl Into<String>, example: &'static str) -> Self {
        Self { variable, fault: fault.into(), example }
    }
}
