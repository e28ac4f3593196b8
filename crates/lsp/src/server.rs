//! The protocol: takes messages, stores edits at once, and has everything else done elsewhere.
//!
//! Handlers of notifications store what they bring before their first `.await`: that is what keeps
//! edits in order, as handlers run concurrently. Requests take a state and work on it in a blocking
//! thread; a panic there answers that request with an error, and nothing else.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use promolint_analysis::{Date, FilePath, SourceFile};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::Instant;
use tower_lsp_server::Client;
use tower_lsp_server::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp_server::ls_types as lsp;
use tower_lsp_server::ls_types::{MessageType, Uri};

use crate::comparer;
use crate::convert;
use crate::git::Git;
use crate::publisher::{self, Reporter, Signal};
use crate::raw::RawAnswers;
use crate::session::Session;
use crate::session::document::{Document, is_configuration};
use crate::session::settings::{ClientSettings, Trace};
use crate::session::state::State;

mod answers;
mod language_server;
mod pulled;
mod symbols;
mod watching;

pub(crate) use pulled::fingerprint;

/// The server.
pub(crate) struct Server {
    pub(crate) shared: Arc<Shared>,
    signals: UnboundedSender<Signal>,
}

/// What the server and its tasks share.
pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) session: Session,
    pub(crate) git: Arc<Git>,
    pub(crate) raw: Arc<RawAnswers>,
    capabilities: OnceLock<convert::Client>,
    /// What was told of the client's settings last.
    wrong_settings: Mutex<Vec<String>>,
    watched: watching::Watched,
    /// Whether the client asked to shut down.
    pub(crate) is_shut_down: Arc<AtomicBool>,
}

impl Server {
    /// A server for one client. Must be made inside a runtime.
    pub(crate) fn new(client: Client, is_shut_down: Arc<AtomicBool>, raw: Arc<RawAnswers>) -> Self {
        let shared = Arc::new(Shared {
            client,
            session: Session::default(),
            git: Arc::default(),
            raw,
            capabilities: OnceLock::new(),
            wrong_settings: Mutex::default(),
            watched: watching::Watched::default(),
            is_shut_down,
        });
        let (signals, receiver) = unbounded_channel();
        let comparer = Arc::new(Notify::new());
        tokio::spawn(publisher::run(Arc::clone(&shared), receiver, Arc::clone(&comparer)));
        tokio::spawn(comparer::run(Arc::clone(&shared), comparer, Reporter::new(&signals)));
        Self { shared, signals }
    }

    fn signal(&self, signal: Signal) {
        // Fails only when the publisher is gone, and the server with it.
        let _ = self.signals.send(signal);
    }

    fn edited(&self) {
        self.signal(Signal::Edit(Instant::now()));
    }

    /// Does something that takes its time.
    async fn work<T: Send + 'static>(&self, what: &'static str, work: impl FnOnce(&Shared) -> T + Send + 'static) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        let start = Instant::now();
        let mut task = AbortOnDrop(tokio::task::spawn_blocking(move || work(&shared)));
        let done = (&mut task.0).await;
        self.shared.trace(Trace::Verbose, || format!("{what}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3)).await;
        match done {
            Ok(done) => Ok(done),
            Err(error) => {
                self.shared.report_panic(what, &error).await;
                let message = format!("promolint could not answer ({what}); please report this");
                Err(Error { code: ErrorCode::InternalError, message: message.into(), data: None })
            }
        }
    }

    /// Answers a question about a promotion file; other files have no answers.
    async fn ask<T: Send + 'static>(
        &self,
        what: &'static str,
        uri: &Uri,
        answer: impl FnOnce(&State, &FilePath, &SourceFile, convert::Client) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let Some(path) = file_path(uri) else { return Ok(None) };
        self.work(what, move |shared| {
            let (state, path) = shared.session.state_of(&path)?;
            let file = Arc::clone(state.file(&path)?);
            Some(answer(&state, &path, &file, shared.capabilities()))
        })
        .await
    }

    /// Takes settings that the client sent: at once, so that those that came last count.
    async fn configure(&self, value: serde_json::Value) {
        let (settings, problems) = ClientSettings::read(&value);
        crate::logging::set_level(settings.trace);
        let is_judged_anew = self.shared.session.take_settings(settings);
        let news = self.shared.news_of_settings(problems);
        if is_judged_anew {
            let _ = self.work("configuration", |shared| shared.session.judge_anew()).await;
        }
        self.signal(Signal::Other);
        self.shared.warn(news).await;
    }

    /// Asks the client for its settings, where it can be asked.
    async fn ask_configuration(&self) {
        if !self.shared.capabilities().answers_configuration {
            return;
        }
        let item = lsp::ConfigurationItem { scope_uri: None, section: Some("promolint".to_owned()) };
        if let Ok(values) = self.shared.client.configuration(vec![item]).await
            && let Some(value) = values.into_iter().next().filter(|value| !value.is_null())
        {
            self.configure(value).await;
        }
    }
}

impl Shared {
    pub(crate) fn capabilities(&self) -> convert::Client {
        self.capabilities.get().copied().unwrap_or_default()
    }

    /// What is wrong with the client's settings, if it was not told the last time.
    fn news_of_settings(&self, problems: Vec<String>) -> Option<String> {
        let mut told = self.wrong_settings.lock().unwrap_or_else(PoisonError::into_inner);
        if *told == problems {
            return None;
        }
        *told = problems;
        (!told.is_empty()).then(|| format!("settings of promolint that do not count: {}", told.join("; ")))
    }

    /// Shows news, if there are any.
    async fn warn(&self, news: Option<String>) {
        if let Some(message) = news {
            self.client.show_message(MessageType::WARNING, message).await;
        }
    }

    /// Judges the trees of open files; what is found is remembered in their states.
    pub(crate) fn judge_open(self: &Arc<Self>) -> JoinHandle<()> {
        let shared = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            for (_, state) in shared.session.states(false) {
                state.diagnostics();
            }
        })
    }

    /// Whether a version is the one that is open.
    pub(crate) fn is_current(&self, uri: &Uri, version: Option<i32>) -> bool {
        let document = file_path(uri).and_then(|path| self.session.document(&path));
        document.map(|document| document.version) == version
    }

    /// What is wrong with an open configuration.
    pub(crate) fn configuration_diagnostics(&self, document: &Document) -> Vec<lsp::Diagnostic> {
        let name = Path::new(promolint_workspace::configuration::FILE_NAME);
        let checked = promolint_workspace::configuration::check_text(name, &document.text);
        checked.err().map_or_else(Vec::new, |error| convert::configuration_diagnostics(&error, &document.text, self.session.encoding()))
    }

    /// A broken configuration on disk that is not open: then nobody else tells of it.
    pub(crate) fn broken_configuration(&self, state: &State) -> Option<(Uri, Vec<lsp::Diagnostic>)> {
        let error = state.judging.error.as_ref()?;
        let path = state.judging.configuration.first()?;
        if self.session.document(path).is_some() {
            return None;
        }
        let text = std::fs::read_to_string(path).unwrap_or_default();
        Some((Uri::from_file_path(path)?, convert::configuration_diagnostics(error, &text, self.session.encoding())))
    }

    pub(crate) async fn report_panic(&self, what: &str, error: &JoinError) {
        tracing::error!("{what}: {error}");
        self.client.log_message(MessageType::ERROR, format!("promolint: {what} failed: {error}")).await;
    }

    async fn trace(&self, level: Trace, message: impl FnOnce() -> String) {
        if self.session.client().trace >= level {
            self.client.log_message(MessageType::LOG, message()).await;
        }
    }
}

/// Work that is not begun when nobody waits for it any more.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The path of a file on this machine.
pub(crate) fn file_path(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    is_file.then(|| uri.to_file_path().map(std::borrow::Cow::into_owned)).flatten()
}

/// The day in UTC, so that a tree is judged alike everywhere.
fn today() -> Option<Date> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Date::new(today.year().try_into().ok()?, today.month().try_into().ok()?, today.day().try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tower_lsp_server::{LanguageServer, LspService};

    use super::*;

    #[tokio::test]
    async fn a_panic_costs_one_answer() {
        let (service, socket) = LspService::new(|client| Server::new(client, Arc::default(), Arc::default()));
        // What is told to the client goes nowhere here.
        drop(socket);
        let server = service.inner();
        let path = std::env::temp_dir().join("promolint-panic/images.yaml");
        let uri = Uri::from_file_path(&path).unwrap();
        server.shared.session.open(uri, path.clone(), 1, "- name: a\n  dmap: {}\n".to_owned());
        let broken = server.work("broken", |shared| {
            // With whatever it holds.
            let _states = shared.session.states(false);
            panic!("on purpose")
        });
        let broken: Result<()> = broken.await;
        assert_eq!(broken.unwrap_err().code, ErrorCode::InternalError);
        let found = server.work("next", move |shared| shared.session.state_of(&path).unwrap().0.snapshot().files().len()).await;
        assert_eq!(found.unwrap(), 1);
    }

    #[test]
    fn nothing_is_kept_for_a_question_that_was_taken_back() {
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let (service, socket) = LspService::new(|client| Server::new(client, Arc::default(), Arc::default()));
            drop(socket);
            let server = service.inner();
            let path = std::env::temp_dir().join("promolint-cancelled/images.yaml");
            let uri = Uri::from_file_path(&path).unwrap();
            server.shared.session.open(uri.clone(), path, 1, "- name: a\n  dmap: {}\n".repeat(5000));
            let ask = || {
                let text_document = lsp::TextDocumentIdentifier { uri: uri.clone() };
                let params = lsp::DocumentSymbolParams {
                    text_document,
                    work_done_progress_params: lsp::WorkDoneProgressParams::default(),
                    partial_result_params: lsp::PartialResultParams::default(),
                };
                server.document_symbol(params)
            };
            let taken_back = tokio::time::timeout(Duration::from_millis(5), ask()).await;
            // The only thread for work comes to this when it has done the other.
            server.work("next", |_| ()).await.unwrap();
            assert_eq!(server.shared.raw.count(), usize::from(taken_back.is_ok()));
            assert!(ask().await.unwrap().is_some());
            assert_eq!(server.shared.raw.count(), 1 + usize::from(taken_back.is_ok()));
        });
    }
}
