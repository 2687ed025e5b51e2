//! Passwords within addresses.

/// What is wrong with a password that was put into an address as it is, where one was. Its characters would end the
/// address's host, and another one be asked.
pub(super) fn raw_password(address: &str) -> Option<&'static str> {
    let (_, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    let user = authority.rsplit_once('@').map(|(user, _)| user).unwrap_or_default();
    let is_raw = after.contains('@') || has_raw_percent(user);
    is_raw.then_some(
        "has a password with characters that must be percent-encoded (% as %25, @ as %40, / as %2F, # as %23, ? as %3F)",
    )
}

fn has_raw_percent(text: &str) -> bool {
    let is_encoded = |part: &str| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    text.split('%').skip(1).any(|part| !is_encoded(part))
}
