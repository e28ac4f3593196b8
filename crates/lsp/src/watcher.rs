//! Looks whether files changed on disk, for clients that do not tell.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::publisher::{Reporter, Signal};
use crate::server::Shared;

/// How often.
const INTERVAL: Duration = Duration::from_secs(2);

/// Runs until the server is gone.
pub(crate) async fn run(shared: Arc<Shared>, publisher: Reporter) {
    loop {
        sleep(INTERVAL).await;
        let session = Arc::clone(&shared);
        let Ok(is_new) = tokio::task::spawn_blocking(move || session.session.look()).await else { return };
        if !publisher.report(is_new.then_some(Signal::Other)) {
            return;
        }
    }
}
