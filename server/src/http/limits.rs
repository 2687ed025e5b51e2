use std::{
    hash::Hash,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use axum::{extract::ConnectInfo, http::request::Parts};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use saydo_contract::UserId;

use crate::config::TrustedProxies;

/// How fast one address may try passwords and one person may chat. Counted in this process alone: a limit is a brake, no
/// promise, so a restart or another replica may let a few more pass.
#[derive(Clone)]
pub(crate) struct RateLimits {
    active: Option<Arc<Active>>,
}

struct Active {
    proxies: TrustedProxies,
    passwords: DefaultKeyedRateLimiter<IpAddr>,
    chats: DefaultKeyedRateLimiter<UserId>,
}

/// Come back after this.
pub(crate) struct SlowDown(pub(crate) Duration);

impl RateLimits {
    /// No limits: for tests and benchmarks.
    pub(crate) const OFF: Self = Self { active: None };

    /// Three passwords at once and three in ten seconds an address; thirty chats at once and one a second a person.
    /// Behind one of `proxies` the address is the one that it saw.
    pub(crate) fn on(proxies: TrustedProxies) -> Self {
        let passwords = Quota::with_period(Duration::from_secs(10) / 3).map(|quota| quota.allow_burst(three()));
        Self {
            active: passwords.map(|passwords| {
                Arc::new(Active {
                    proxies,
                    passwords: RateLimiter::keyed(passwords),
                    chats: RateLimiter::keyed(Quota::per_second(NonZeroU32::MIN).allow_burst(thirty())),
                })
            }),
        }
    }

    /// Whether the address that a request comes from may try a password now.
    pub(crate) fn password(&self, parts: &Parts) -> Result<(), SlowDown> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        match (&self.active, peer) {
            (Some(active), Some(ConnectInfo(peer))) => {
                let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
                check(&active.passwords, &active.proxies.caller(peer.ip(), forwarded))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn chat(&self, user: &UserId) -> Result<(), SlowDown> {
        self.active.as_ref().map_or(Ok(()), |active| check(&active.chats, user))
    }

    /// Forgets who has been quiet for long.
    pub(crate) fn forget_quiet(&self) {
        if let Some(active) = &self.active {
            active.passwords.retain_recent();
            active.chats.retain_recent();
        }
    }
}

fn check<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), SlowDown> {
    limiter.check_key(key).map_err(|early| SlowDown(early.wait_time_from(DefaultClock::default().now())))
}

const fn three() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(2)
}

const fn thirty() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(29)
}
