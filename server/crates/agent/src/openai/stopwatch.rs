//! How long something took that stops and goes on.

use std::time::Duration;

use tokio::time::Instant;

/// Adds up the times in which it runs.
#[derive(Debug, Default)]
pub(super) struct Stopwatch {
    since: Option<Instant>,
    total: Duration,
}

impl Stopwatch {
    pub(super) fn set_running(&mut self, is_running: bool, now: Instant) {
        if is_running {
            self.since.get_or_insert(now);
        } else if let Some(since) = self.since.take() {
            self.total += now.saturating_duration_since(since);
        }
    }

    /// Rounded up.
    pub(super) fn seconds(&self) -> u32 {
        let whole = self.total.as_secs().saturating_add(u64::from(self.total.subsec_nanos() > 0));
        u32::try_from(whole).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AGENT-80a: the times in which the model thinks are added up and rounded up.
    #[test]
    fn times_are_added_up() {
        let start = Instant::now();
        let at = |milliseconds: u64| start + Duration::from_millis(milliseconds);
        let mut watch = Stopwatch::default();
        watch.set_running(false, at(0));
        assert_eq!(watch.seconds(), 0);
        for (is_running, milliseconds) in
            [(true, 0), (true, 400), (false, 900), (false, 5000), (true, 6000), (false, 6101)]
        {
            watch.set_running(is_running, at(milliseconds));
        }
        assert_eq!(watch.seconds(), 2);
    }
}
