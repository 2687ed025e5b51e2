//! Listens to what other processes change and passes it to the followers of this one.

use std::time::Duration;

use saydo_store::Store;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::live::LiveTurns;

/// How long to wait for a database that is away, at first and at most.
const PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A database that was used this recently does not sleep.
const AWAKE: Duration = Duration::from_secs(60);

/// Tells this process's followers what other processes change, until `end`.
///
/// It listens as soon as anybody follows. Where the connection is lost and the database may have fallen asleep, it waits
/// until somebody begins to follow here, or a turn begins here.
pub(super) async fn hear(live: LiveTurns, store: Store, end: CancellationToken) {
    let mut used = live.used();
    let hearing = async {
        while used.changed().await.is_ok() {
            let mut pause = PAUSE;
            while store.has_readers() {
                match store.outside().await {
                    Ok(Some(outside)) => {
                        pause = PAUSE;
                        let fault = outside.hand_on(AWAKE, || used.borrow().elapsed() < AWAKE).await;
                        tracing::debug!(fault = &fault as &dyn std::error::Error, "what others change is not heard");
                        if used.borrow_and_update().elapsed() > AWAKE {
                            break;
                        }
                    }
                    // Nobody ever tells.
                    Ok(None) => return,
                    Err(fault) => {
                        tracing::warn!(fault = &fault as &dyn std::error::Error, "DATABASE_DIRECT_URL does not answer");
                        pause = (pause * 2).min(LONGEST_PAUSE);
                    }
                }
                sleep(pause).await;
            }
        }
    };
    end.run_until_cancelled(hearing).await;
}
