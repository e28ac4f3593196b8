//! Which files the client watches.

use std::collections::BTreeSet;

use tower_lsp_server::ls_types as lsp;

use super::Server;
use crate::capabilities;

/// The names of files that the client was asked to watch beside the usual ones.
pub(super) type Watched = tokio::sync::Mutex<BTreeSet<String>>;

impl Server {
    /// Has the client watch the baselines that trees are judged by now, whatever their names.
    pub(super) async fn watch_baselines(&self) {
        if !self.shared.capabilities().watches_files {
            return;
        }
        // Held until the client answered: one registration after the other.
        let mut watched = self.shared.watched.lock().await;
        let names = self.shared.session.other_names();
        if *watched == names {
            return;
        }
        let lsp::Registration { id, method, register_options } = capabilities::watched_baselines(&names);
        let mut answers = Vec::new();
        if !watched.is_empty() {
            let earlier = lsp::Unregistration { id: id.clone(), method: method.clone() };
            answers.push(self.shared.client.unregister_capability(vec![earlier]).await);
        }
        if !names.is_empty() {
            let registration = lsp::Registration { id, method, register_options };
            answers.push(self.shared.client.register_capability(vec![registration]).await);
        }
        for error in answers.into_iter().filter_map(Result::err) {
            tracing::warn!("the client refused a registration: {error}");
        }
        *watched = names;
    }
}
