//! The handlers, in the order of the protocol.

use tower_lsp_server::LanguageServer;
use tower_lsp_server::jsonrpc::{Error, Result};
#[allow(clippy::wildcard_imports, reason = "nearly every line names a type of the protocol")]
use tower_lsp_server::ls_types::*;

use super::symbols as written;
use super::{Arc, Document, Ordering, PathBuf, Server, Signal, Uri, answers, convert, file_path, is_configuration, today};
use crate::capabilities;
use crate::features::actions;
use crate::features::{EXPLAIN, FIX_FILE, RELOAD};
use crate::features::{completion, hover, lenses, navigation, rename, structure, symbols};
use crate::position::Encoding;
use crate::publisher::Reporter;
use crate::session::document::Change;
use crate::session::settings::ClientSettings;
use crate::watcher;

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let offered = params.capabilities.general.as_ref().and_then(|general| general.position_encodings.clone()).unwrap_or_default();
        let encoding = Encoding::negotiate(&offered);
        let folders = params.workspace_folders.unwrap_or_default();
        let mut folders: Vec<PathBuf> = folders.iter().filter_map(|folder| file_path(&folder.uri)).collect();
        #[expect(deprecated, reason = "what clients without workspace folders send")]
        if folders.is_empty() {
            folders.extend(params.root_uri.as_ref().and_then(file_path));
        }
        let options = params.initialization_options.unwrap_or_default();
        let (settings, problems) = ClientSettings::read(&options);
        crate::logging::set_level(settings.trace);
        let _ = self.shared.capabilities.set(convert::Client::new(&params.capabilities));
        self.shared.session.initialize(encoding, folders, settings, today());
        self.shared.warn(self.shared.news_of_settings(problems)).await;
        Ok(InitializeResult {
            capabilities: capabilities::capabilities(encoding, self.shared.capabilities()),
            server_info: Some(ServerInfo { name: "promolint".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let can = self.shared.capabilities();
        let mut registrations = Vec::new();
        if can.watches_files {
            registrations.push(capabilities::watched_files());
        } else {
            tokio::spawn(watcher::run(Arc::clone(&self.shared), Reporter::new(&self.signals)));
        }
        if can.registers_configuration {
            registrations.push(capabilities::changed_configuration());
        }
        if !registrations.is_empty()
            && let Err(error) = self.shared.client.register_capability(registrations).await
        {
            tracing::warn!("the client refused a registration: {error}");
        }
        self.ask_configuration().await;
        self.read_folders().await;
    }

    async fn shutdown(&self) -> Result<()> {
        self.shared.is_shut_down.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        if let Some(path) = file_path(&document.uri) {
            let uri = document.uri.clone();
            self.shared.session.open(document.uri, path, document.version, document.text);
            self.signal(Signal::Opened(uri));
        }
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let changes: Vec<Change> =
            params.content_changes.into_iter().map(|change| Change { range: change.range, text: change.text }).collect();
        if let Some(path) = file_path(&params.text_document.uri)
            && self.shared.session.change(&path, params.text_document.version, &changes)
        {
            self.edited();
        }
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        // A client that watches files tells of it once more; without one, this is all there is.
        if let Some(path) = file_path(&params.text_document.uri) {
            let _ = self.work("saved", move |shared| shared.session.refresh(&[path])).await;
            self.signal(Signal::Other);
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        if let Some(path) = file_path(&params.text_document.uri) {
            self.shared.session.close(&path);
            let closed = self.work("closed", move |shared| {
                shared.session.refresh(&[path]);
                shared.session.forget_unused();
            });
            let _ = closed.await;
            self.signal(Signal::Other);
        }
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if self.shared.capabilities().answers_configuration {
            self.ask_configuration().await;
        } else {
            self.configure(params.settings).await;
        }
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: &[WorkspaceFolder]| folders.iter().filter_map(|folder| file_path(&folder.uri)).collect::<Vec<_>>();
        self.shared.session.change_folders(paths(&params.event.added), &paths(&params.event.removed));
        self.read_folders().await;
        let _ = self.work("folders", |shared| shared.session.forget_unused()).await;
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let paths: Vec<PathBuf> = params.changes.iter().filter_map(|change| file_path(&change.uri)).collect();
        let _ = self.work("changed on disk", move |shared| shared.session.refresh(&paths)).await;
        self.signal(Signal::Other);
        self.watch_baselines().await;
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        self.pull(params).await
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        self.pull_all(params).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.code_actions(params).await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        self.resolve_action(action).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        if let Some(page) = self.hover_configuration(&at) {
            return Ok(Some(page));
        }
        let position = at.position;
        let found = self
            .ask("hover", &at.text_document.uri, move |state, path, file, _| {
                let positions = state.positions(path);
                let found = hover::hover(state, file, positions.offset(position))?;
                let range = positions.range(found.range);
                Some((found, range))
            })
            .await?
            .flatten();
        let Some((mut found, range)) = found else { return Ok(None) };
        if let (Some(word), Some(path)) = (&found.history_of, file_path(&at.text_document.uri))
            && self.shared.session.client().git
            && let Some(commit) = self.shared.git.first_commit(&path, word).await
        {
            found.text.push_str("\n\n");
            found.text.push_str(&commit);
        }
        Ok(Some(answers::markdown(found.text, Some(range))))
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = params.text_document_position;
        let position = at.position;
        if let Some(document) = self.configuration(&at.text_document.uri) {
            let encoding = self.shared.session.encoding();
            let items = completion::complete_configuration(&document.text, document.lines().offset(&document.text, position, encoding));
            let range = |range| document.lines().range(&document.text, range, encoding);
            let can = self.shared.capabilities();
            return Ok(Some(CompletionResponse::Array(
                items.into_iter().filter_map(|item| answers::completion(item, &range, can)).collect(),
            )));
        }
        self.ask("completion", &at.text_document.uri, move |state, path, file, can| {
            let positions = state.positions(path);
            let items = completion::complete(state, file, positions.offset(position));
            let range = |range| positions.range(range);
            let items = items.into_iter().filter_map(|item| answers::completion(item, &range, can)).enumerate();
            let items = items.map(|(at, item)| CompletionItem { sort_text: Some(format!("{at:05}")), ..item });
            CompletionResponse::Array(items.collect())
        })
        .await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        let position = at.position;
        let places = self
            .ask("definition", &at.text_document.uri, move |state, path, file, _| {
                let places = navigation::definition(state, file, state.positions(path).offset(position));
                answers::locations(state, &places)
            })
            .await?;
        Ok(places.filter(|places| !places.is_empty()).map(GotoDefinitionResponse::Array))
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let at = params.text_document_position;
        let position = at.position;
        let with_declaration = params.context.include_declaration;
        self.ask("references", &at.text_document.uri, move |state, path, file, _| {
            let places = navigation::references(state, file, state.positions(path).offset(position), with_declaration);
            answers::locations(state, &places)
        })
        .await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        let at = params.text_document_position_params;
        let position = at.position;
        self.ask("highlights", &at.text_document.uri, move |state, path, file, _| {
            let positions = state.positions(path);
            let ranges = navigation::highlights(state, file, positions.offset(position));
            ranges.into_iter().map(|range| DocumentHighlight { range: positions.range(range), kind: None }).collect()
        })
        .await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        if let Some(document) = self.configuration(&params.text_document.uri) {
            return self.configuration_symbols(document).await;
        }
        let symbols = self.ask("symbols", &params.text_document.uri, |state, path, file, can| {
            written::document(state, path, &symbols::symbols(file), can)
        });
        Ok(symbols.await?.map(|symbols| self.symbols(symbols)))
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let query = params.query;
        let found = self.work("workspace symbols", move |shared| {
            let states = shared.session.states(true);
            states.iter().flat_map(|(_, state)| written::of_tree(state, symbols::search(state, &query))).collect()
        });
        Ok(Some(WorkspaceSymbolResponse::Nested(found.await?)))
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask("links", &params.text_document.uri, |state, path, file, _| {
            let positions = state.positions(path);
            let links = structure::links(file).into_iter();
            let links = links.map(|link| DocumentLink {
                range: positions.range(link.range),
                target: link.target.parse().ok(),
                tooltip: Some(link.tooltip),
                data: None,
            });
            links.collect()
        })
        .await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask("folds", &params.text_document.uri, |state, path, file, _| {
            let positions = state.positions(path);
            let folds = structure::folds(file).into_iter();
            let folds = folds.map(|fold| FoldingRange {
                start_line: positions.line(fold.range.start()),
                end_line: positions.line(fold.range.end()),
                kind: fold.is_comment.then_some(FoldingRangeKind::Comment),
                ..FoldingRange::default()
            });
            folds.collect()
        })
        .await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        let at = params.positions;
        self.ask("selections", &params.text_document.uri, move |state, path, file, _| {
            let positions = state.positions(path);
            at.iter().map(|position| answers::selection(&positions, &structure::selections(file, positions.offset(*position)))).collect()
        })
        .await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask("lenses", &params.text_document.uri, |state, path, file, _| {
            if !state.client.code_lens {
                return Vec::new();
            }
            let positions = state.positions(path);
            let lenses = lenses::lenses(state, file).into_iter();
            let lens = |lens: lenses::Lens| CodeLens {
                range: positions.range(lens.range),
                command: Some(Command { title: lens.title, command: String::new(), arguments: None }),
                data: None,
            };
            lenses.map(lens).collect()
        })
        .await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.inlay_hints(params).await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let tokens = self.ask("tokens", &params.text_document.uri, |state, path, file, _| answers::tokens(state, path, file, None)).await?;
        Ok(tokens.map(SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_range(&self, params: SemanticTokensRangeParams) -> Result<Option<SemanticTokensRangeResult>> {
        let range = params.range;
        let tokens = self
            .ask("tokens", &params.text_document.uri, move |state, path, file, _| answers::tokens(state, path, file, Some(range)))
            .await?;
        Ok(tokens.map(SemanticTokensRangeResult::Tokens))
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.format(&params.text_document.uri, None).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.format(&params.text_document.uri, Some(params.range)).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        let position = params.position;
        let found = self.ask("rename", &params.text_document.uri, move |state, path, file, _| {
            let positions = state.positions(path);
            let (range, placeholder) = rename::prepare(state, file, positions.offset(position))?;
            Some(PrepareRenameResponse::RangeWithPlaceholder { range: positions.range(range), placeholder })
        });
        Ok(found.await?.flatten())
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = params.text_document_position;
        let (position, new) = (at.position, params.new_name);
        let renamed = self.ask("rename", &at.text_document.uri, move |state, path, file, can| {
            let change = rename::rename(state, file, state.positions(path).offset(position), &new)?;
            Ok(convert::workspace_edit(state, &change, None, can))
        });
        renamed.await?.transpose().map_err(|message: String| Error::invalid_params(message))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let argument = params.arguments.first().and_then(|argument| argument.as_str()).unwrap_or_default().to_owned();
        match params.command.as_str() {
            RELOAD => {
                let _ = self.work("reload", |shared| shared.session.reload()).await;
                self.signal(Signal::Other);
                Ok(None)
            }
            EXPLAIN => match promolint_analysis::rules::find(&argument) {
                Some(rule) => Ok(Some(LSPAny::String(hover::rule(rule)))),
                None => Err(Error::invalid_params(format!("there is no rule `{argument}`"))),
            },
            FIX_FILE => {
                let uri: Uri = argument.parse().map_err(|_| Error::invalid_params("the argument is the URI of a file"))?;
                let edit = self.ask("fix", &uri, |state, path, _, can| {
                    let change = crate::features::Change::in_file(path.clone(), actions::fix_all(state, path)?);
                    Some(convert::workspace_edit(state, &change, None, can))
                });
                if let Some(edit) = edit.await?.flatten() {
                    let client = self.shared.client.clone();
                    tokio::spawn(async move { client.apply_edit(edit).await });
                }
                Ok(None)
            }
            other => Err(Error::invalid_params(format!("there is no command `{other}`"))),
        }
    }
}

impl Server {
    /// Reads the trees of all folders, so that the first question is answered at once.
    async fn read_folders(&self) {
        let shows = self.shared.capabilities().shows_progress;
        let token = NumberOrString::String("promolint-reading".to_owned());
        let progress = if shows && self.shared.client.create_work_done_progress(token.clone()).await.is_ok() {
            Some(self.shared.client.progress(token, "promolint: reading promotion trees").begin().await)
        } else {
            None
        };
        let _ = self.work("reading folders", |shared| shared.session.states(true).len()).await;
        if let Some(progress) = progress {
            progress.finish().await;
        }
        self.signal(Signal::Other);
        self.watch_baselines().await;
    }

    /// The open configuration of this name.
    pub(super) fn configuration(&self, uri: &Uri) -> Option<Arc<Document>> {
        let path = file_path(uri).filter(|path| is_configuration(path))?;
        self.shared.session.document(&path)
    }
}
