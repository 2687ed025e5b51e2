use std::net::IpAddr;

/// Ranges of addresses whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Range>);

/// The addresses whose first `bits` bits are those of `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    start: IpAddr,
    bits: u32,
}

impl TrustedProxies {
    /// Reads addresses and CIDR ranges parted by commas.
    ///
    /// # Errors
    /// What is wrong with the first that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let ranges = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        ranges
            .map(|part| {
                Range::parse(part).ok_or_else(|| format!("must hold addresses or CIDR ranges, and `{part}` is none"))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The address that a request comes from: the nearest that no trusted proxy has. `forwarded` are the values of
    /// `X-Forwarded-For`, the farthest first; only what a trusted peer appended counts.
    pub fn caller<'a>(&self, peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>) -> IpAddr {
        let mut caller = peer.to_canonical();
        for hop in forwarded.rev().flat_map(|value| value.rsplit(',')) {
            if !self.trusts(caller) {
                break;
            }
            let Ok(before) = hop.trim().parse::<IpAddr>() else { break };
            caller = before.to_canonical();
        }
        caller
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.holds(address))
    }
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let (start, bits) = match text.split_once('/') {
            Some((start, bits)) => (start, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let start: IpAddr = start.parse().ok()?;
        let width = if start.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then_some(Self { start, bits })
    }

    fn holds(self, address: IpAddr) -> bool {
        match (self.start, address) {
            (IpAddr::V4(start), IpAddr::V4(address)) => {
                (start.to_bits() ^ address.to_bits()).checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(start), IpAddr::V6(address)) => {
                (start.to_bits() ^ address.to_bits()).checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// DEPLOY-17: only what trusted proxies appended is believed, up to the first address that is none of theirs.
    #[test]
    fn the_caller_is_who_the_nearest_trusted_proxy_saw() {
        let proxies = TrustedProxies::parse("10.0.0.0/8, 192.168.7.7,fd00::/8").unwrap();
        for (peer, forwarded, caller) in [
            ("203.0.113.9", &[][..], "203.0.113.9"),
            ("203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
            ("10.1.2.3", &["198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
            ("10.1.2.3", &["6.6.6.6", "198.51.100.1, 192.168.7.7"], "198.51.100.1"),
            ("10.1.2.3", &["10.9.9.9"], "10.9.9.9"),
            ("10.1.2.3", &["198.51.100.1, nonsense"], "10.1.2.3"),
            ("10.1.2.3", &[], "10.1.2.3"),
            ("192.168.7.8", &["198.51.100.1"], "192.168.7.8"),
            ("::ffff:10.1.2.3", &["2001:db8::1"], "2001:db8::1"),
            ("fd12::1", &["2001:db8::1"], "2001:db8::1"),
        ] {
            let told = proxies.caller(peer.parse().unwrap(), forwarded.iter().copied());
            assert_eq!(told.to_string(), caller, "{peer} {forwarded:?}");
        }
        let nobody = TrustedProxies::default();
        assert_eq!(nobody.caller([10, 0, 0, 1].into(), ["1.1.1.1"].into_iter()).to_string(), "10.0.0.1");
        let everybody = TrustedProxies::parse("0.0.0.0/0").unwrap();
        assert_eq!(everybody.caller([9, 9, 9, 9].into(), ["1.1.1.1"].into_iter()).to_string(), "1.1.1.1");
    }
}
