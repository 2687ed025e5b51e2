//! What holds a reply back until a test lets it go.

use tokio::sync::watch;

/// A gate that is closed until it is opened, and then stays open. Clones are the same gate.
///
/// One gate may hold many replies; each waits for itself.
#[derive(Debug, Clone)]
pub struct Gate(watch::Sender<bool>);

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Lets go what waits and what comes.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns as soon as the gate is open.
    pub(super) async fn passed(&self) {
        // The sender lives as long as `self`.
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}
