//! Has git asked what stood before, in a thread of its own: git may be slow, and nobody waits for it.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::{Notify, oneshot};
use tower_lsp_server::ls_types::MessageType;

use crate::publisher::{Reporter, Signal};
use crate::server::Shared;
use crate::session::base::Compared;

/// Compares whenever it is asked to. Ends with the server.
pub(crate) async fn run(shared: Arc<Shared>, asked: Arc<Notify>, publisher: Reporter) {
    let mut told = HashSet::new();
    loop {
        asked.notified().await;
        let Some(Compared { is_new, errors }) = compare(&shared).await else { continue };
        if !publisher.report(is_new.then_some(Signal::Compared)) {
            return;
        }
        for error in errors.into_iter().filter(|error| told.insert(error.message.clone())) {
            let help = error.help.map_or_else(String::new, |help| format!("; {help}"));
            let message = format!("changes are not judged: {}{help}", error.message);
            tracing::warn!("{message}");
            shared.client.log_message(MessageType::INFO, message).await;
        }
    }
}

async fn compare(shared: &Arc<Shared>) -> Option<Compared> {
    let (answer, compared) = oneshot::channel();
    let shared = Arc::clone(shared);
    let work = move || {
        // Nobody waits for the answer where the server is gone.
        let _ = answer.send(shared.session.compare());
    };
    std::thread::Builder::new().name("git".to_owned()).spawn(work).ok()?;
    compared.await.ok()
}
