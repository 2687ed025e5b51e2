use super::{Env, ListenConfig};

/// Reads `MCP_ALLOWED_HOSTS`, names parted by commas: the `Host` values under which `/mcp` may be called. Loopback and
/// the public URL's host always may.
#[must_use]
pub fn mcp_hosts_from_env(env: &Env, listen: &ListenConfig) -> Vec<String> {
    let given =
        env.text("MCP_ALLOWED_HOSTS").unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    let public = listen.public.as_str().split_once("://").map_or("", |(_, host)| host);
    let own = ["localhost", "127.0.0.1", "::1", public];
    own.into_iter().chain(given).map(str::to_owned).collect()
}
