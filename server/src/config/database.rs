use reqwest::Url;
use saydo_store::DatabaseConfig;
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, Env};

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
    let fits = match text.split_once(':').map(|(scheme, _)| scheme) {
        // A database in memory would be another one for each connection.
        Some("sqlite") => !text.contains(":memory:") && !text.contains("mode=memory"),
        Some("postgres" | "postgresql") => Url::parse(text).is_ok_and(|url| url.has_host()),
        _ => false,
    };
    let fault = "must be the URL of a SQLite file or of a PostgreSQL database";
    if fits { Ok(()) } else { Err(ConfigError::new(variable, fault, "postgres://saydo:password@db:5432/saydo")) }
}
