//! Pushes findings when the files come to rest.
//!
//! The first edit after a pause is answered at once. Of a burst, only its end is: a key that follows
//! another one is judged at once too, but told a moment later, and not at all if the next key comes
//! first. Nothing is told of a version that is no longer current. Clients that keep answers of their own
//! questions are told here, and nowhere else, when those would be other ones.

mod basis;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, WeakUnboundedSender};
use tokio::time::{Instant, sleep_until, timeout_at};
use tower_lsp_server::ls_types::{Diagnostic, Uri};

use crate::convert;
use crate::server::Shared;
use basis::Basis;

/// After so long without an edit, the next one is the first of its kind.
const PAUSE: Duration = Duration::from_millis(250);
/// How long the second key of a possible burst waits for a third. People and key repeat are faster or
/// slower than that, and an answer still comes within the blink of an eye.
const HOLD: Duration = Duration::from_millis(36);
/// A burst ends when no key came for so long,
const REST: Duration = Duration::from_millis(150);
/// and is interrupted for an answer after so long.
const LONGEST_BURST: Duration = Duration::from_secs(1);

/// Why findings may be different now.
#[derive(Clone, Debug)]
pub(crate) enum Signal {
    /// A key was pressed, then.
    Edit(Instant),
    /// A file was opened: the client may have forgotten what it knew of it.
    Opened(Uri),
    /// Anything else: closed, changed on disk, configured.
    Other,
    /// What stood before is known, or is something else.
    Compared,
}

/// Where a change comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The text of open files: the client knows which one.
    Text,
    /// Anything else.
    Outside,
}

impl Signal {
    fn origin(&self) -> Origin {
        match self {
            Self::Edit(_) | Self::Opened(_) => Origin::Text,
            Self::Other | Self::Compared => Origin::Outside,
        }
    }
}

/// Tells the publisher what a task found out, and does not keep the server alive.
pub(crate) struct Reporter(WeakUnboundedSender<Signal>);

impl Reporter {
    /// Reports where these signals go.
    pub(crate) fn new(signals: &UnboundedSender<Signal>) -> Self {
        Self(signals.downgrade())
    }

    /// Reports news, if there are any; false when the server is gone.
    pub(crate) fn report(&self, news: Option<Signal>) -> bool {
        self.0.upgrade().is_some_and(|signals| news.is_none_or(|news| signals.send(news).is_ok()))
    }
}

/// What was pushed last for a file.
#[derive(Clone, Debug, Default, PartialEq)]
struct Published {
    version: Option<i32>,
    diagnostics: Vec<Diagnostic>,
    is_forgotten: bool,
}

type AllPublished = HashMap<Uri, Published>;

/// Findings to push: file, version, findings.
type Push = (Uri, Option<i32>, Vec<Diagnostic>);

/// Runs until the server is gone. What a commit or a checkout leaves behind comes as other signals than edits:
/// after one of these, `comparer` is asked whether something else stood before.
pub(crate) async fn run(shared: Arc<Shared>, mut signals: UnboundedReceiver<Signal>, comparer: Arc<Notify>) {
    let mut publisher = Publisher { shared, published: Arc::default(), basis: Basis::default() };
    let mut last_edit: Option<Instant> = None;
    while let Some(signal) = signals.recv().await {
        let at = match signal {
            Signal::Edit(at) => at,
            other => {
                if let Signal::Opened(uri) = &other {
                    publisher.forget(uri);
                }
                publisher.tell(other.origin()).await;
                if !matches!(other, Signal::Compared) {
                    comparer.notify_one();
                }
                continue;
            }
        };
        let follows = last_edit.is_some_and(|last| at.saturating_duration_since(last) < PAUSE);
        last_edit = Some(at);
        if !follows {
            publisher.tell(Origin::Text).await;
            continue;
        }
        // Judged while it waits; what was judged is remembered in the state.
        let judged = publisher.shared.judge_open();
        let next = match timeout_at(at + HOLD, signals.recv()).await {
            Err(_) => {
                let _ = judged.await;
                publisher.tell(Origin::Text).await;
                continue;
            }
            Ok(None) => return,
            Ok(Some(signal)) => signal,
        };
        let (mut last, mut origin) = (at, Origin::Text);
        let mut next = Some(next);
        while let Some(signal) = next {
            if signal.origin() == Origin::Outside {
                origin = Origin::Outside;
            }
            match signal {
                Signal::Edit(at) => last = at,
                Signal::Opened(uri) => {
                    publisher.forget(&uri);
                    comparer.notify_one();
                }
                Signal::Other => comparer.notify_one(),
                Signal::Compared => {}
            }
            next = timeout_at((last + REST).min(at + LONGEST_BURST), signals.recv()).await.ok().flatten();
        }
        last_edit = Some(last);
        sleep_until(last).await;
        publisher.tell(origin).await;
    }
}

struct Publisher {
    shared: Arc<Shared>,
    published: Arc<AllPublished>,
    basis: Basis,
}

impl Publisher {
    /// What the client knows of a file is not certain any more, so the next findings are pushed whatever they are.
    fn forget(&mut self, uri: &Uri) {
        if let Some(published) = Arc::make_mut(&mut self.published).get_mut(uri) {
            published.is_forgotten = true;
        }
    }

    /// Pushes what differs from what was pushed before, and has the client ask again for what it asked for.
    async fn tell(&mut self, origin: Origin) {
        let shared = Arc::clone(&self.shared);
        let published = Arc::clone(&self.published);
        let work = move || (collect(&shared, &published), Basis::now(&shared, origin));
        let (pushes, now) = match tokio::task::spawn_blocking(work).await {
            Ok(collected) => collected,
            Err(error) => return self.shared.report_panic("findings", &error).await,
        };
        let pulls = self.shared.capabilities().pulls_diagnostics;
        let published = Arc::make_mut(&mut self.published);
        // A client that asks does so for what is edited; of others it must be told.
        let is_other = |(uri, version, _): &Push| published.get(uri).is_some_and(|before| before.version == *version);
        let mut stale = self.basis.renew(now);
        stale.findings |= pushes.iter().any(is_other);
        stale.ask(&self.shared);
        for (uri, version, diagnostics) in pushes {
            if version.is_some() && !self.shared.is_current(&uri, version) {
                continue;
            }
            let is_gone = version.is_none() && diagnostics.is_empty();
            if !(pulls && version.is_some()) {
                self.shared.client.publish_diagnostics(uri.clone(), diagnostics.clone(), version).await;
            }
            if is_gone {
                published.remove(&uri);
            } else {
                published.insert(uri, Published { version, diagnostics, is_forgotten: false });
            }
        }
    }
}

fn collect(shared: &Shared, published: &AllPublished) -> Vec<Push> {
    let client = shared.capabilities();
    let mut pushes: Vec<Push> = Vec::new();
    for (key, state) in shared.session.states(false) {
        for (path, document) in &state.open {
            if !key.holds(document) {
                continue;
            }
            let diagnostics = if document.is_configuration() {
                shared.configuration_diagnostics(document)
            } else if state.file(path).is_some() {
                convert::diagnostics(&state, path, client)
            } else {
                Vec::new()
            };
            let before = published.get(&document.uri);
            // Other files than ours are none of our business.
            if before.is_some() || state.file(path).is_some() || !diagnostics.is_empty() {
                pushes.push((document.uri.clone(), Some(document.version), diagnostics));
            }
        }
        if let Some((uri, diagnostics)) = shared.broken_configuration(&state) {
            pushes.push((uri, None, diagnostics));
        }
    }
    for uri in published.keys() {
        if !pushes.iter().any(|(other, ..)| other == uri) {
            pushes.push((uri.clone(), None, Vec::new()));
        }
    }
    pushes.retain(|(uri, version, diagnostics)| {
        let is_known = |before: &Published| !before.is_forgotten && (before.version, &before.diagnostics) == (*version, diagnostics);
        !published.get(uri).is_some_and(is_known)
    });
    pushes
}
