use std::{io, path::Path};

use reqwest::Url;
use saydo_auth::AuthSecret;
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, Env};

const EXAMPLE: &str = "$(openssl rand -base64 32)";

/// Who may come in.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// `BETTER_AUTH_SECRET`: signs sessions and tokens.
    pub secret: AuthSecret,
    /// `BETTER_AUTH_JWKS_URL`: keys of an outside Better Auth, whose EdDSA tokens are accepted too.
    pub jwks_url: Option<String>,
}

impl AuthConfig {
    /// Reads the settings.
    ///
    /// # Errors
    /// Where the secret is missing or short, or the URL is none.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let secret = env
            .secret("BETTER_AUTH_SECRET")
            .ok_or_else(|| ConfigError::new("BETTER_AUTH_SECRET", "is required: at least 32 random bytes", EXAMPLE))?;
        Self::with_secret(env, secret)
    }

    /// Reads the settings; without `BETTER_AUTH_SECRET` the secret is the one kept in `file`, made on first use.
    ///
    /// # Errors
    /// As [`Self::from_env`], or where the file cannot be read or written.
    pub fn from_env_or_file(env: &Env, file: &Path) -> Result<Self, ConfigError> {
        match env.secret("BETTER_AUTH_SECRET") {
            Some(secret) => Self::with_secret(env, secret),
            None => {
                let kept = kept_secret(file).map_err(|fault| {
                    let fault = format!("is not set and {} cannot be used: {fault}", file.display());
                    ConfigError::new("BETTER_AUTH_SECRET", fault, EXAMPLE)
                })?;
                Self::with_secret(env, kept)
            }
        }
    }

    fn with_secret(env: &Env, secret: SecretString) -> Result<Self, ConfigError> {
        let secret = AuthSecret::new(secret)
            .map_err(|fault| ConfigError::new("BETTER_AUTH_SECRET", fault.to_string(), EXAMPLE))?;
        let jwks_url = env.parsed("BETTER_AUTH_JWKS_URL", "https://auth.example.com/api/auth/jwks", |text| {
            Url::parse(text)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https"))
                .map(String::from)
                .ok_or_else(|| "must be an http or https URL".to_owned())
        })?;
        Ok(Self { secret, jwks_url })
    }
}

/// Reads the secret, or makes one that only this user can read.
fn kept_secret(file: &Path) -> io::Result<SecretString> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text.trim().into()),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            let secret = AuthSecret::generate();
            if let Some(folder) = file.parent() {
                let mut builder = std::fs::DirBuilder::new();
                #[cfg(unix)]
                std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
                builder.recursive(true).create(folder)?;
            }
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let secret = secret.as_secret();
            io::Write::write_all(&mut options.open(file)?, secret.expose_secret().as_bytes())?;
            Ok(secret.clone())
        }
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// AUTH-01: the secret is required and long enough; the embedded default keeps one beside the database.
    #[test]
    fn the_secret_is_made_once_and_kept_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new").join("better-auth.secret");
        AuthConfig::from_env_or_file(&Env::default(), &file).unwrap();
        let first = std::fs::read_to_string(&file).unwrap();
        AuthConfig::from_env_or_file(&Env::default(), &file).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
        assert!(first.len() >= 32);
        #[cfg(unix)]
        for (path, mode) in [(file.as_path(), 0o600), (file.parent().unwrap(), 0o700)] {
            let permissions = path.metadata().unwrap().permissions();
            assert_eq!(std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777, mode);
        }

        assert!(
            AuthConfig::from_env(&Env::default())
                .unwrap_err()
                .to_string()
                .starts_with("BETTER_AUTH_SECRET is required")
        );
        let short: Env = [("BETTER_AUTH_SECRET".to_owned(), "hunter2-hunter2".to_owned())].into_iter().collect();
        let told = AuthConfig::from_env(&short).unwrap_err().to_string();
        assert!(told.starts_with("BETTER_AUTH_SECRET") && !told.contains("hunter2"), "{told}");
    }
}
