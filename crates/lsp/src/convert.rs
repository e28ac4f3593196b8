//! Findings, edits and places as the protocol writes them.

use std::collections::{BTreeMap, HashMap};

use promolint_analysis::rule::page_url;
use promolint_analysis::{Diagnostic, FilePath, Severity};
use promolint_syntax::TextEdit;
use promolint_workspace::ConfigurationError;
use tower_lsp_server::ls_types as lsp;

use crate::features::Change;
use crate::position::{Encoding, Lines};
use crate::session::state::{Positions, State};

/// What a client can do, as far as answers depend on it.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of its own")]
pub struct Client {
    /// Takes related places of findings.
    pub related_information: bool,
    /// Asks for findings, and can be told to ask again. To others they are pushed: those who asked once would keep
    /// what changes elsewhere have made wrong.
    pub pulls_diagnostics: bool,
    /// Takes edits with the version of their document.
    pub document_changes: bool,
    /// Takes edits that need confirmation.
    pub change_annotations: bool,
    /// Lets files be created.
    pub creates_files: bool,
    /// Shows actions that cannot be chosen, with the reason.
    pub shows_disabled: bool,
    /// Takes code actions, not only commands.
    pub action_literals: bool,
    /// Asks for the edits of a code action when it is chosen.
    pub resolves_actions: bool,
    /// Takes snippets in completions.
    pub snippets: bool,
    /// Takes symbols within symbols.
    pub nested_symbols: bool,
    /// Watches files for the server.
    pub watches_files: bool,
    /// Answers questions about its configuration.
    pub answers_configuration: bool,
    /// Tells when its configuration changed only if asked to.
    pub registers_configuration: bool,
    /// Shows progress.
    pub shows_progress: bool,
    /// Can be told to ask for lenses again.
    pub refreshes_lenses: bool,
    /// Can be told to ask for hints again.
    pub refreshes_hints: bool,
}

impl Client {
    /// Reads the client's capabilities.
    pub fn new(capabilities: &lsp::ClientCapabilities) -> Self {
        let text = capabilities.text_document.clone().unwrap_or_default();
        let workspace = capabilities.workspace.clone().unwrap_or_default();
        let edit = workspace.workspace_edit.unwrap_or_default();
        let action = text.code_action.unwrap_or_default();
        let is = |value: Option<bool>| value == Some(true);
        let dynamic = |value: Option<lsp::DynamicRegistrationClientCapabilities>| is(value.and_then(|value| value.dynamic_registration));
        Self {
            related_information: text.publish_diagnostics.is_some_and(|publish| is(publish.related_information)),
            pulls_diagnostics: text.diagnostic.is_some() && workspace.diagnostics.is_some_and(|able| is(able.refresh_support)),
            // Some clients create files, which is done by no other means, and do not say the rest.
            document_changes: is(edit.document_changes) || edit.resource_operations.as_ref().is_some_and(|able| !able.is_empty()),
            change_annotations: edit.change_annotation_support.is_some(),
            creates_files: edit.resource_operations.is_some_and(|operations| operations.contains(&lsp::ResourceOperationKind::Create)),
            shows_disabled: is(action.disabled_support),
            action_literals: action.code_action_literal_support.is_some(),
            resolves_actions: is(action.data_support)
                && action.resolve_support.is_some_and(|support| support.properties.iter().any(|name| name == "edit")),
            snippets: text.completion.and_then(|completion| completion.completion_item).is_some_and(|item| is(item.snippet_support)),
            nested_symbols: text.document_symbol.is_some_and(|symbol| is(symbol.hierarchical_document_symbol_support)),
            watches_files: workspace.did_change_watched_files.is_some_and(|watched| is(watched.dynamic_registration)),
            answers_configuration: is(workspace.configuration),
            registers_configuration: dynamic(workspace.did_change_configuration),
            shows_progress: capabilities.window.as_ref().is_some_and(|window| is(window.work_done_progress)),
            refreshes_hints: workspace.inlay_hint.is_some_and(|hint| is(hint.refresh_support)),
            refreshes_lenses: workspace.code_lens.is_some_and(|lens| is(lens.refresh_support)),
        }
    }
}

/// All findings in one file.
pub fn diagnostics(state: &State, path: &str, client: Client) -> Vec<lsp::Diagnostic> {
    let positions = state.positions(path);
    state.diagnostics_of(path).iter().map(|found| diagnostic(state, found, &positions, client)).collect()
}

/// A finding. The help stands below the message: no editor shows it elsewhere.
pub fn diagnostic(state: &State, found: &Diagnostic, positions: &Positions<'_>, client: Client) -> lsp::Diagnostic {
    let related = |related: &promolint_analysis::Related| {
        let location = state.location(&related.path, related.range)?;
        Some(lsp::DiagnosticRelatedInformation { location, message: related.message.clone() })
    };
    let related: Vec<_> = if client.related_information { found.related.iter().filter_map(related).collect() } else { Vec::new() };
    lsp::Diagnostic {
        range: positions.range(found.range),
        severity: Some(severity(found.severity)),
        code: Some(lsp::NumberOrString::String(found.rule.to_owned())),
        code_description: page_url(found.rule).parse().ok().map(|href| lsp::CodeDescription { href }),
        source: Some("promolint".to_owned()),
        message: found.help.as_ref().map_or_else(|| found.message.clone(), |help| format!("{}\nhelp: {help}", found.message)),
        related_information: (!related.is_empty()).then_some(related),
        tags: tag(found.rule).map(|tag| vec![tag]),
        data: None,
    }
}

/// How a client may draw what a rule tells.
fn tag(rule: &str) -> Option<lsp::DiagnosticTag> {
    match rule {
        "suppression-unused" | "same-entry-twice" | "owners-duplicate" | "blank-lines-at-end" | "trailing-whitespace" => {
            Some(lsp::DiagnosticTag::UNNECESSARY)
        }
        "deprecated-key" => Some(lsp::DiagnosticTag::DEPRECATED),
        _ => None,
    }
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::ERROR,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
        Severity::Info => lsp::DiagnosticSeverity::INFORMATION,
        Severity::Hint => lsp::DiagnosticSeverity::HINT,
    }
}

/// What is wrong with a configuration, in its file.
pub fn configuration_diagnostics(error: &ConfigurationError, text: &str, encoding: Encoding) -> Vec<lsp::Diagnostic> {
    let lines = Lines::new(text);
    let all = std::iter::once(error).chain(&error.others);
    all.map(|error| {
        let (line, column) = error.place.unwrap_or((1, 1));
        // Columns of the configuration count characters, whatever the client counts.
        let start = lsp::Position { line: line.saturating_sub(1), character: column.saturating_sub(1) };
        let start = lines.offset(text, start, Encoding::Utf32);
        let rest = text.get(start as usize..).unwrap_or_default();
        let word = rest.find(['\n', '\r', '=', ']', ',']).unwrap_or(rest.len());
        let end = start + u32::try_from(rest[..word].trim_end().len()).unwrap_or(0);
        let message = error.help.as_ref().map_or_else(|| error.message.clone(), |help| format!("{}\nhelp: {help}", error.message));
        lsp::Diagnostic {
            range: lines.range(text, promolint_syntax::TextRange::new(start, end.max(start)), encoding),
            severity: Some(lsp::DiagnosticSeverity::ERROR),
            source: Some("promolint".to_owned()),
            message,
            ..lsp::Diagnostic::default()
        }
    })
    .collect()
}

/// Byte edits in one file.
pub fn text_edits(positions: &Positions<'_>, edits: &[TextEdit]) -> Vec<lsp::TextEdit> {
    edits.iter().map(|edit| lsp::TextEdit { range: positions.range(edit.range), new_text: edit.text.clone() }).collect()
}

/// A change of several files. With `confirm`, the client asks before it applies it.
pub fn workspace_edit(state: &State, change: &Change, confirm: Option<&str>, client: Client) -> lsp::WorkspaceEdit {
    const ANNOTATION: &str = "confirm";
    let annotation = confirm.filter(|_| client.change_annotations && client.document_changes);
    if !client.document_changes {
        let edits = change.edits.iter().filter_map(|(path, edits)| Some((state.uri(path)?, text_edits(&state.positions(path), edits))));
        let changes: HashMap<lsp::Uri, Vec<lsp::TextEdit>> = edits.collect();
        return lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() };
    }
    let mut operations = Vec::new();
    let annotated = |edit: lsp::TextEdit| match annotation {
        Some(_) => lsp::OneOf::Right(lsp::AnnotatedTextEdit { text_edit: edit, annotation_id: ANNOTATION.to_owned() }),
        None => lsp::OneOf::Left(edit),
    };
    for (path, text) in &change.creations {
        let Some(uri) = state.uri(path) else { continue };
        let options = lsp::CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
        operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(lsp::CreateFile {
            uri: uri.clone(),
            options: Some(options),
            annotation_id: None,
        })));
        let edit = lsp::TextEdit { range: lsp::Range::default(), new_text: text.clone() };
        operations.push(lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version: None },
            edits: vec![annotated(edit)],
        }));
    }
    for (path, edits) in &change.edits {
        let Some(uri) = state.uri(path) else { continue };
        let version = state.open.get(path).map(|document| document.version);
        operations.push(lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: text_edits(&state.positions(path), edits).into_iter().map(annotated).collect(),
        }));
    }
    let annotations = annotation.map(|label| {
        let annotation = lsp::ChangeAnnotation { label: label.to_owned(), needs_confirmation: Some(true), description: None };
        HashMap::from([(ANNOTATION.to_owned(), annotation)])
    });
    let document_changes = if change.creations.is_empty() {
        let edits = operations.into_iter().filter_map(|operation| match operation {
            lsp::DocumentChangeOperation::Edit(edit) => Some(edit),
            lsp::DocumentChangeOperation::Op(_) => None,
        });
        lsp::DocumentChanges::Edits(edits.collect())
    } else {
        lsp::DocumentChanges::Operations(operations)
    };
    lsp::WorkspaceEdit { changes: None, document_changes: Some(document_changes), change_annotations: annotations }
}

/// The findings by file, of all files that have any.
pub fn by_file(diagnostics: &[Diagnostic]) -> BTreeMap<&FilePath, Vec<&Diagnostic>> {
    let mut files: BTreeMap<&FilePath, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        files.entry(&diagnostic.path).or_default().push(diagnostic);
    }
    files
}
