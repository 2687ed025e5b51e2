use std::time::Duration;

use saydo_store::Store;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::live::LiveTurns;

/// How long to wait for a database that is away.
const PAUSE: Duration = Duration::from_secs(2);

/// A database that was used this recently does not sleep.
const AWAKE: Duration = Duration::from_secs(60);

/// Tells this process's followers what other processes change, until `end`.
///
/// It listens while anybody follows. Where the connection is lost and the database may have fallen asleep, it waits until
/// somebody begins to follow here, or a turn begins here.
pub(super) async fn hear(live: LiveTurns, store: Store, end: CancellationToken) {
    let mut used = live.used();
    let hearing = async {
        while used.changed().await.is_ok() {
            while store.has_readers() {
                match store.outside().await {
                    Ok(Some(outside)) => {
                        let fault = outside.hand_on().await;
                        tracing::debug!(fault = &fault as &dyn std::error::Error, "what others change is not heard");
                        if used.borrow_and_update().elapsed() > AWAKE {
                            break;
                        }
                    }
                    // Nobody ever tells.
                    Ok(None) => return,
                    Err(_) => sleep(PAUSE).await,
                }
            }
        }
    };
    end.run_until_cancelled(hearing).await;
}
