use std::time::Duration;

use saydo_store::{Starts, Store, StoreError};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::live::LiveTurns;

/// How long to wait for a database that is away.
const PAUSE: Duration = Duration::from_secs(2);

/// A database that was used this recently does not sleep.
const AWAKE: Duration = Duration::from_secs(60);

/// Tells this process's followers of turns that begin in others, until `end`.
///
/// It listens while anybody follows. Where the connection is lost and the database may have fallen asleep, it waits until
/// somebody begins to follow here, or a turn begins here.
pub(super) async fn hear(live: LiveTurns, store: Store, end: CancellationToken) {
    let mut used = live.used();
    let hearing = async {
        while used.changed().await.is_ok() {
            while live.is_followed() {
                match store.starts().await {
                    Ok(Some(starts)) => {
                        let fault = hand_on(&live, starts).await;
                        tracing::debug!(fault = &fault as &dyn std::error::Error, "what begins elsewhere is not heard");
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

/// Returns what ended it.
async fn hand_on(live: &LiveTurns, mut starts: Starts) -> StoreError {
    // What began before it listened.
    live.look();
    loop {
        match starts.next().await {
            Ok(conversation) => live.started_in(conversation),
            Err(fault) => return fault,
        }
    }
}
