use std::path::{Path, PathBuf};

use reqwest::Url;

use super::{ConfigError, Env};

/// Pages and the static site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebConfig {
    /// `SAYDO_SITE`: the folder of the built site.
    pub site: PathBuf,
    /// `SAYDO_API_URL`: where the api role is, without a closing slash. Needed by role `web` alone.
    pub api_url: Option<String>,
}

impl WebConfig {
    /// Reads the settings.
    ///
    /// # Errors
    /// Where a value is not of its form, or no built site is found.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let site = env.parsed("SAYDO_SITE", "target/site", |text| existing(Path::new(text)))?;
        let api_url = env.parsed("SAYDO_API_URL", "http://backend:3000", |text| {
            Url::parse(text)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/")
                .map(|url| url.origin().ascii_serialization())
                .ok_or_else(|| "must be an http or https URL without a path".to_owned())
        })?;
        let site = site.or_else(built_site).ok_or_else(|| {
            ConfigError::new(
                "SAYDO_SITE",
                "is not set and no built site was found: run `cargo xtask site`, or set it",
                "target/site",
            )
        })?;
        Ok(Self { site, api_url })
    }
}

fn existing(path: &Path) -> Result<PathBuf, String> {
    if path.is_dir() { Ok(path.to_owned()) } else { Err(format!("must be a folder, and {} is none", path.display())) }
}

/// `site` beside the binary (images), or beside its profile's folder (a cargo target folder), or `target/site`.
fn built_site() -> Option<PathBuf> {
    let binary = std::env::current_exe().ok();
    let beside = binary.iter().flat_map(|path| path.ancestors().skip(1).take(2)).map(|folder| folder.join("site"));
    beside.chain([PathBuf::from("target/site")]).find(|path| path.is_dir())
}
