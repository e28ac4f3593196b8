//! Looks whether files changed on disk, for clients that do not tell.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::publisher::{Reporter, Signal};
use crate::server::Shared;

/// How often.
const INTERVAL: Duration = Duration::from_secs(2);

/// Runs until the server is gone.
pub(crate) async fn run(shared: Arc<Shared>, publisher: Reporter) {
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
        if !publisher.report(is_new.then_some(Signal::Other)) {
            return;
        }
    }
}
