//! What the server can do, as it tells the client.

use std::collections::BTreeSet;

use tower_lsp_server::ls_types as lsp;

use crate::convert::Client;
use crate::features::{COMMANDS, semantic_tokens};
use crate::position::Encoding;

/// All of it.
pub(crate) fn capabilities(encoding: Encoding, can: Client) -> lsp::ServerCapabilities {
    let kinds = vec![lsp::CodeActionKind::QUICKFIX, lsp::CodeActionKind::REFACTOR_REWRITE, lsp::CodeActionKind::SOURCE_FIX_ALL, FIX_ALL];
    lsp::ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
            save: Some(lsp::TextDocumentSyncSaveOptions::Supported(true)),
            ..lsp::TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(true.into()),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(["-", " ", ":", "(", "\"", ","].map(str::to_owned).to_vec()),
            ..lsp::CompletionOptions::default()
        }),
        definition_provider: Some(lsp::OneOf::Left(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        document_highlight_provider: Some(lsp::OneOf::Left(true)),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        workspace_symbol_provider: Some(lsp::OneOf::Left(true)),
        code_action_provider: Some(lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
            code_action_kinds: Some(kinds),
            resolve_provider: Some(true),
            ..lsp::CodeActionOptions::default()
        })),
        code_lens_provider: Some(lsp::CodeLensOptions { resolve_provider: Some(false) }),
        document_formatting_provider: Some(lsp::OneOf::Left(true)),
        document_range_formatting_provider: Some(lsp::OneOf::Left(true)),
        rename_provider: Some(lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: COMMANDS.iter().map(ToString::to_string).collect(),
            ..lsp::ExecuteCommandOptions::default()
        }),
        workspace: Some(lsp::WorkspaceServerCapabilities {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp::OneOf::Left(true)),
            }),
            ..lsp::WorkspaceServerCapabilities::default()
        }),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: semantic_tokens::legend(),
                full: Some(lsp::SemanticTokensFullOptions::Bool(true)),
                range: Some(true),
                ..lsp::SemanticTokensOptions::default()
            }
            .into(),
        ),
        inlay_hint_provider: Some(lsp::OneOf::Left(true)),
        diagnostic_provider: can.pulls_diagnostics.then(|| {
            lsp::DiagnosticServerCapabilities::Options(lsp::DiagnosticOptions {
                identifier: Some("promolint".to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                ..lsp::DiagnosticOptions::default()
            })
        }),
        ..lsp::ServerCapabilities::default()
    }
}

/// `source.fixAll` of this server alone.
pub(crate) const FIX_ALL: lsp::CodeActionKind = lsp::CodeActionKind::new("source.fixAll.promolint");

/// Files whose changes on disk matter: a commit may leave all files as they are.
pub(crate) fn watched_files() -> lsp::Registration {
    let globs = ["**/*.{yaml,yml}", "**/OWNERS", "**/OWNERS_ALIASES", "**/registries.tf", "**/*.toml", "**/.git/logs/HEAD"];
    watching("promolint-files", globs.map(str::to_owned).to_vec())
}

/// Baselines with names that [`watched_files`] does not know of.
pub(crate) fn watched_baselines(names: &BTreeSet<String>) -> lsp::Registration {
    // What means something else in a glob is any character here.
    let globs = names.iter().map(|name| format!("**/{}", name.replace(['*', '[', ']', '{', '}', '!', '\\'], "?")));
    watching("promolint-baselines", globs.collect())
}

fn watching(id: &str, globs: Vec<String>) -> lsp::Registration {
    let watcher = |glob| lsp::FileSystemWatcher { glob_pattern: lsp::GlobPattern::String(glob), kind: None };
    let options = lsp::DidChangeWatchedFilesRegistrationOptions { watchers: globs.into_iter().map(watcher).collect() };
    lsp::Registration {
        id: id.to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::to_value(options).ok(),
    }
}

/// The client's settings.
pub(crate) fn changed_configuration() -> lsp::Registration {
    lsp::Registration {
        id: "promolint-configuration".to_owned(),
        method: "workspace/didChangeConfiguration".to_owned(),
        register_options: Some(serde_json::json!({"section": "promolint"})),
    }
}
