//! The database's addresses.

use reqwest::Url;
use saydo_store::DatabaseConfig;
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, Env, url};

const EXAMPLE: &str = "postgres://saydo:password@db:5432/saydo";

const EMBEDDED: &str = "sqlite://data/saydo.db?mode=rwc";

/// Reads `DATABASE_URL` and `DATABASE_DIRECT_URL`.
///
/// # Errors
/// Where one is no URL of SQLite or PostgreSQL. The message never repeats the value.
pub fn database_from_env(env: &Env) -> Result<DatabaseConfig, ConfigError> {
    let url = env.secret("DATABASE_URL").unwrap_or_else(|| EMBEDDED.into());
    let direct_url = env.secret("DATABASE_DIRECT_URL");
    check("DATABASE_URL", &url)?;
    if let Some(direct) = &direct_url {
        check("DATABASE_DIRECT_URL", direct)?;
    }
    Ok(DatabaseConfig { direct_url, ..DatabaseConfig::new(url) })
}

fn check(variable: &'static str, url: &SecretString) -> Result<(), ConfigError> {
    let text = url.expose_secret();
    if !text.starts_with("sqlite:")
        && let Some(raw) = url::raw_password(text)
    {
        return Err(ConfigError::new(variable, raw, "postgres://saydo:p%40ss%2Fw%23rd@db:5432/saydo"));
    }
    let fits = match text.split_once(':').map(|(scheme, _)| scheme) {
        // A database in memory would be another one for each connection.
        Some("sqlite") => !text.contains(":memory:") && !text.contains("mode=memory"),
        Some("postgres" | "postgresql") => Url::parse(text).is_ok_and(|url| url.has_host()),
        _ => false,
    };
    let fault = "must be the URL of a SQLite file or of a PostgreSQL database";
    if fits { Ok(()) } else { Err(ConfigError::new(variable, fault, EXAMPLE)) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// DEPLOY-50: a password that was not encoded stops the start with the variable and what to do.
    #[test]
    fn a_raw_password_stops_the_start() {
        let read = |url: &str| database_from_env(&[("DATABASE_URL".to_owned(), url.to_owned())].into_iter().collect());
        for raw in [
            "postgres://saydo:p@planted/w#rd@db:5432/saydo",
            "postgres://saydo:planted#rd@db:5432/saydo",
            "postgres://saydo:planted/rd@db:5432/saydo",
            "postgres://saydo:12/planted@db:5432/saydo",
            "postgres://saydo:planted?rd@db:5432/saydo",
            "postgresql://saydo:planted%rd@db:5432/saydo",
        ] {
            let message = read(raw).unwrap_err().to_string();
            assert!(message.starts_with("DATABASE_URL ") && message.contains("percent-encoded"), "{message}");
            assert!(!message.contains("planted"), "{message}");
        }
        for right in [
            "postgres://saydo:p%40ss%2Fw%23rd@db:5432/saydo",
            "postgres://saydo:p@ss@db/saydo",
            "postgres://db/saydo?application_name=a%40b",
            "postgres://saydo@[::1]:5432/saydo?sslmode=require",
            "sqlite://data/a#b@c.db",
        ] {
            assert!(read(right).is_ok(), "{right}");
        }
    }
}
