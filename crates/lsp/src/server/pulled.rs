//! Findings that the client asks for.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use tower_lsp_server::jsonrpc::Result;
use tower_lsp_server::ls_types::notification::Notification;
#[allow(clippy::wildcard_imports, reason = "nearly every line names a type of the protocol")]
use tower_lsp_server::ls_types::*;

use super::{Server, Shared, file_path};
use crate::convert;

/// How many files go into one part of a streamed answer.
const PART: usize = 50;

/// A part of an answer.
enum PartialResult {}

impl Notification for PartialResult {
    type Params = serde_json::Value;
    const METHOD: &'static str = "$/progress";
}

impl Server {
    /// The findings of a file.
    pub(super) async fn pull(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let uri = params.text_document.uri;
        let items = self.work("findings", move |shared| of_file(shared, &uri)).await?;
        let id = result_id(&items);
        let report = if params.previous_result_id.as_ref() == Some(&id) {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
            })
        } else {
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
            })
        };
        Ok(DocumentDiagnosticReportResult::Report(report))
    }

    /// The findings of all files of all folders, in parts where the client takes them.
    pub(super) async fn pull_all(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        let known: HashMap<Uri, String> = params.previous_result_ids.into_iter().map(|known| (known.uri, known.value)).collect();
        let mut items = self.work("workspace findings", move |shared| of_all(shared, &known)).await?;
        if let Some(token) = params.partial_result_params.partial_result_token {
            while !items.is_empty() {
                let rest = items.split_off(PART.min(items.len()));
                let part = serde_json::json!({"token": token, "value": {"items": items}});
                self.shared.client.send_notification::<PartialResult>(part).await;
                items = rest;
            }
        }
        Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
    }
}

fn of_file(shared: &Shared, uri: &Uri) -> Vec<Diagnostic> {
    let Some(path) = file_path(uri) else { return Vec::new() };
    if let Some(document) = shared.session.document(&path).filter(|document| document.is_configuration()) {
        return shared.configuration_diagnostics(&document);
    }
    shared.session.state_of(&path).map_or_else(Vec::new, |(state, path)| convert::diagnostics(&state, &path, shared.capabilities()))
}

fn of_all(shared: &Shared, known: &HashMap<Uri, String>) -> Vec<WorkspaceDocumentDiagnosticReport> {
    let mut reports = Vec::new();
    let mut told: Vec<Uri> = Vec::new();
    for (key, state) in shared.session.states(true) {
        // An open file may belong to another tree, one with a root of its own.
        let is_own = |path: &str| state.open.get(path).is_none_or(|document| key.holds(document));
        for (path, _) in convert::by_file(state.diagnostics()).into_iter().filter(|(path, _)| is_own(path)) {
            let Some(uri) = state.uri(path).filter(|uri| !told.contains(uri)) else { continue };
            let version = state.open.get(path).map(|document| i64::from(document.version));
            let items = convert::diagnostics(&state, path, shared.capabilities());
            reports.push(report(uri.clone(), version, items, known));
            told.push(uri);
        }
    }
    // Files that had findings and have none any more.
    for uri in known.keys().filter(|uri| !told.contains(uri)) {
        reports.push(report(uri.clone(), None, Vec::new(), known));
    }
    reports
}

/// The same as long as all findings are: whoever asked for them need not ask again.
pub(crate) fn fingerprint(shared: &Shared) -> u64 {
    let id = |report| match report {
        WorkspaceDocumentDiagnosticReport::Full(full) => Some((full.uri.to_string(), full.full_document_diagnostic_report.result_id)),
        WorkspaceDocumentDiagnosticReport::Unchanged(_) => None,
    };
    let mut ids: Vec<_> = of_all(shared, &HashMap::new()).into_iter().filter_map(id).collect();
    // Trees come in no order.
    ids.sort_unstable();
    let mut hasher = DefaultHasher::new();
    ids.hash(&mut hasher);
    hasher.finish()
}

fn report(uri: Uri, version: Option<i64>, items: Vec<Diagnostic>, known: &HashMap<Uri, String>) -> WorkspaceDocumentDiagnosticReport {
    let id = result_id(&items);
    if known.get(&uri) == Some(&id) {
        let unchanged = UnchangedDocumentDiagnosticReport { result_id: id };
        return WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
            uri,
            version,
            unchanged_document_diagnostic_report: unchanged,
        });
    }
    let full = FullDocumentDiagnosticReport { result_id: Some(id), items };
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report: full })
}

/// The same for the same findings.
fn result_id(items: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(items).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
