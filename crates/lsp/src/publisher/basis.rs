//! What answers that the client keeps were made from, so that it is told to ask again only for other ones.

use std::collections::HashMap;

use tower_lsp_server::ls_types::Uri;

use super::Origin;
use crate::features::lenses;
use crate::server::{Shared, fingerprint};
use crate::session::settings::InlayHintSettings;

/// What stands in answers beside the text that they are about: whose text changed, the client asks for it by itself.
#[derive(Debug, Default)]
pub(super) struct Basis {
    /// Of all findings; unknown at first, and after an edit: to judge is enough then, and the client asks by itself.
    findings: Option<u64>,
    /// Of open files, by version: how many findings the lenses count.
    lenses: HashMap<Uri, (i32, Option<usize>)>,
    /// Which hints are wanted, and whether git is asked; unknown at first.
    hints: Option<(InlayHintSettings, bool)>,
}

/// What the client shall ask for again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stale {
    pub(super) findings: bool,
    pub(super) lenses: bool,
    pub(super) hints: bool,
}

impl Basis {
    /// What answers are made from now, as far as this client can be told. Takes as long as judging does.
    pub(super) fn now(shared: &Shared, origin: Origin) -> Self {
        let (can, client) = (shared.capabilities(), shared.session.client());
        let is_outside = origin == Origin::Outside;
        let findings = is_outside && can.pulls_diagnostics;
        let hints = is_outside && can.refreshes_hints;
        Self {
            findings: findings.then(|| fingerprint(shared)),
            lenses: if can.refreshes_lenses { lenses_of_open(shared) } else { HashMap::new() },
            hints: hints.then(|| (client.inlay_hints.clone(), client.git)),
        }
    }

    /// Takes over what answers are made from now. What was not known before counts as changed.
    pub(super) fn renew(&mut self, now: Self) -> Stale {
        let is_other = |(uri, (version, count)): (&Uri, &(i32, Option<usize>))| {
            self.lenses.get(uri).is_some_and(|before| before.0 == *version && before.1 != *count)
        };
        let stale = Stale {
            findings: now.findings.is_some() && now.findings != self.findings,
            lenses: now.lenses.iter().any(is_other),
            // Ages are other ones after a commit, and nobody tells of one by itself.
            hints: now.hints.as_ref().is_some_and(|(hints, git)| (hints.tag_age && *git) || now.hints != self.hints),
        };
        self.lenses = now.lenses;
        self.findings = now.findings;
        self.hints = now.hints.or(self.hints.take());
        stale
    }
}

fn lenses_of_open(shared: &Shared) -> HashMap<Uri, (i32, Option<usize>)> {
    let mut lenses = HashMap::new();
    for (key, state) in shared.session.states(false) {
        for (path, document) in state.open.iter().filter(|(_, document)| key.holds(document)) {
            if state.file(path).is_some() {
                lenses.insert(document.uri.clone(), (document.version, lenses::counted_findings(&state, path)));
            }
        }
    }
    lenses
}

impl Stale {
    /// Has the client ask again. Not waited for: a client may answer only after its own question was answered.
    pub(super) fn ask(self, shared: &Shared) {
        let can = shared.capabilities();
        let client = &shared.client;
        if self.findings && can.pulls_diagnostics {
            let client = client.clone();
            tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
        }
        if self.lenses && can.refreshes_lenses {
            let client = client.clone();
            tokio::spawn(async move { client.code_lens_refresh().await });
        }
        if self.hints && can.refreshes_hints {
            let client = client.clone();
            tokio::spawn(async move { client.inlay_hint_refresh().await });
        }
    }
}
