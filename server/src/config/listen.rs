//! Where the server listens, and how the world reaches it.

use std::{
    net::{IpAddr, SocketAddr, UdpSocket},
    time::Duration,
};

use reqwest::Url;

use super::{ConfigError, Env, TrustedProxies};

/// A pod that lingers longer than this is ended by its orchestrator.
const LONGEST_LINGER: u64 = 60;

/// Where the server listens, and how the world reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenConfig {
    /// `SAYDO_LISTEN`
    pub address: SocketAddr,
    /// `SAYDO_PUBLIC_URL`, else `http://` and the address.
    pub public: Origin,
    /// `SAYDO_RATE_LIMIT`: whether sign-ins and chats are limited.
    pub rate_limit: bool,
    /// `SAYDO_TRUSTED_PROXIES`: whose word on a caller's address is taken.
    pub proxies: TrustedProxies,
    /// `SAYDO_LINGER`: how long a stopping server goes on answering, so that callers can leave before it refuses.
    pub linger: Duration,
}

impl ListenConfig {
    /// Reads the settings.
    ///
    /// # Errors
    /// Where a value is not of its form.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let address = env
            .parsed("SAYDO_LISTEN", "127.0.0.1:3000", |text| {
                text.parse::<SocketAddr>().map_err(|_| "must be an IP address and a port".to_owned())
            })?
            .unwrap_or(SocketAddr::new(IpAddr::from([127, 0, 0, 1]), 3000));
        let public = env.parsed("SAYDO_PUBLIC_URL", "https://saydo.example.com", Origin::parse)?;
        let rate_limit = env.parsed("SAYDO_RATE_LIMIT", "on", |text| match text {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err("must be `on` or `off`".to_owned()),
        })?;
        let proxies = env.parsed("SAYDO_TRUSTED_PROXIES", "10.0.0.0/8,fd00::/8", TrustedProxies::parse)?;
        let linger = env.parsed("SAYDO_LINGER", "5", |text| match text.parse() {
            Ok(seconds @ 0..=LONGEST_LINGER) => Ok(Duration::from_secs(seconds)),
            _ => Err(format!("must be whole seconds, {LONGEST_LINGER} at most")),
        })?;
        Ok(Self {
            address,
            public: public.unwrap_or_else(|| Origin::of(address)),
            rate_limit: rate_limit.unwrap_or(true),
            proxies: proxies.unwrap_or_default(),
            linger: linger.unwrap_or_default(),
        })
    }
}

impl ListenConfig {
    /// What is missing where the server listens for other machines and does not know how these reach it.
    #[must_use]
    pub fn missing_public_url(&self) -> Option<String> {
        let is_missing = self.address.ip().is_unspecified() && self.public == Origin::of(self.address);
        is_missing.then(|| {
            let lan = SocketAddr::new(own_address().unwrap_or(self.address.ip()), self.address.port());
            format!("SAYDO_PUBLIC_URL is not set: set it to the address that people open, for example http://{lan}")
        })
    }

    /// Where this machine reaches the server.
    #[must_use]
    pub fn local_address(&self) -> SocketAddr {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::from([127, 0, 0, 1]));
        }
        address
    }
}

/// The address under which other machines of the network know this one. Nothing is sent for it.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // An address for documentation (RFC 5737): the route to it is the default one.
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// A scheme, host and port, as browsers send it in `Origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The origin of a plain HTTP server at `address`.
    #[must_use]
    pub fn of(address: SocketAddr) -> Self {
        Self(format!("http://{address}"))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let fault = || "must be an http or https URL without a path".to_owned();
        let url = Url::parse(text).map_err(|_| fault())?;
        if !matches!(url.scheme(), "http" | "https") || url.path() != "/" || url.query().is_some() {
            return Err(fault());
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// The origin as text, without a closing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request that says it comes from `origin` comes from our own pages. A server on loopback is reached
    /// by each of loopback's names.
    #[must_use]
    pub fn trusts(&self, origin: &str) -> bool {
        let loopback = |text: &str| {
            let url = Url::parse(text).ok()?;
            let host = url.host_str()?;
            matches!(host, "localhost" | "127.0.0.1" | "[::1]")
                .then(|| (url.scheme().to_owned(), url.port_or_known_default()))
        };
        origin == self.0 || loopback(&self.0).is_some_and(|own| loopback(origin) == Some(own))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Env {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn the_default_is_loopback() {
        let config = ListenConfig::from_env(&Env::default()).unwrap();
        assert_eq!(config.address.to_string(), "127.0.0.1:3000");
        assert_eq!(config.public.as_str(), "http://127.0.0.1:3000");
        assert!(config.public.trusts("http://localhost:3000"));
        assert!(!config.public.trusts("http://localhost:3001"));
        assert!(!config.public.trusts("https://evil.example"));
    }

    /// CONTRACT-17: a wrong value names the variable, the fault and an example.
    #[test]
    fn a_wrong_value_is_told_in_one_line() {
        for (variable, value) in [
            ("SAYDO_LISTEN", "3000"),
            ("SAYDO_PUBLIC_URL", "saydo.example.com"),
            ("SAYDO_PUBLIC_URL", "https://example.com/saydo"),
            ("SAYDO_RATE_LIMIT", "maybe"),
            ("SAYDO_LINGER", "-1"),
            ("SAYDO_LINGER", "3600"),
            ("SAYDO_TRUSTED_PROXIES", "10.0.0.0/33"),
            ("SAYDO_TRUSTED_PROXIES", "frontend"),
        ] {
            let line = ListenConfig::from_env(&env(&[(variable, value)])).unwrap_err().to_string();
            assert!(line.starts_with(variable) && line.contains("for example") && !line.contains('\n'), "{line}");
        }
    }

    #[test]
    fn a_public_origin_trusts_itself_only() {
        let config = ListenConfig::from_env(&env(&[("SAYDO_PUBLIC_URL", "https://Saydo.example.com/")])).unwrap();
        assert!(config.public.trusts("https://saydo.example.com"));
        assert!(!config.public.trusts("http://saydo.example.com"));
        assert!(!config.public.trusts("null"));
    }
}
