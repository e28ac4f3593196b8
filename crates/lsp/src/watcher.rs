//! Looks whether files changed on disk, for clients that do not tell.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::WeakUnboundedSender;
use tokio::time::sleep;

use crate::publisher::Signal;
use crate::server::Shared;

/// How often.
const INTERVAL: Duration = Duration::from_secs(2);

/// Runs until the server is gone.
pub(crate) async fn run(shared: Arc<Shared>, signals: WeakUnboundedSender<Signal>) {
    let mut stamps = HashMap::new();
    loop {
        sleep(INTERVAL).await;
        let session = Arc::clone(&shared);
        let look = move || {
            let is_new = session.session.look(&mut stamps);
            (is_new, stamps)
        };
        let Ok((is_new, known)) = tokio::task::spawn_blocking(look).await else { return };
        stamps = known;
        let Some(signals) = signals.upgrade() else { return };
        if is_new && signals.send(Signal::Other).is_ok() {
            shared.ask_to_pull();
        }
    }
}
