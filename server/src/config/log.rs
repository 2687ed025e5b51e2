use super::{ConfigError, Env};

/// How the server logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// `RUST_LOG`, else `info`.
    pub filter: String,
    /// `SAYDO_LOG`
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl LogConfig {
    /// Reads the settings.
    ///
    /// # Errors
    /// Where a value is not of its form.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let format = env.parsed("SAYDO_LOG", "json", |text| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("must be `text` or `json`".to_owned()),
        })?;
        let filter = env.parsed("RUST_LOG", "info,saydo=debug", |text| {
            text.parse::<tracing_subscriber::EnvFilter>()
                .map(|_| text.to_owned())
                .map_err(|_| "must be a list of targets and levels".to_owned())
        })?;
        Ok(Self { filter: filter.unwrap_or_else(|| "info".to_owned()), format: format.unwrap_or(LogFormat::Text) })
    }
}
