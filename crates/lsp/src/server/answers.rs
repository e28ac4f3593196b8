//! Answers that take more than a line to write.

use promolint_analysis::formatting::Refusal;
use promolint_analysis::{FilePath, SourceFile, rules};
use promolint_syntax::TextRange;
use tower_lsp_server::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "nearly every line names a type of the protocol")]
use tower_lsp_server::ls_types::*;

use super::{Server, file_path};
use crate::capabilities::FIX_ALL;
use crate::convert;
use crate::features::actions::{self, Action, ActionKind};
use crate::features::completion::{Item, ItemKind};
use crate::features::formatting;
use crate::features::hover;
use crate::features::semantic_tokens;
use crate::features::symbols::{Symbol, SymbolKind as Kind, TreeSymbol};
use crate::features::{Place, lenses};
use crate::session::state::{Positions, State};

/// Text for people.
pub(super) fn markdown(value: String, range: Option<Range>) -> Hover {
    Hover { contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }), range }
}

/// Places; those in one file share the scan for its lines.
pub(super) fn locations(state: &State, places: &[Place]) -> Vec<Location> {
    let mut locations = Vec::with_capacity(places.len());
    for group in places.chunk_by(|a, b| a.path == b.path) {
        let positions = state.positions(&group[0].path);
        let Some(uri) = state.uri(&group[0].path) else { continue };
        locations.extend(group.iter().map(|place| Location { uri: uri.clone(), range: positions.range(place.range) }));
    }
    locations
}

/// A completion; snippets only for clients that take them.
pub(super) fn completion(item: Item, range: &dyn Fn(TextRange) -> Range, can: convert::Client) -> Option<CompletionItem> {
    let is_snippet = item.is_snippet && can.snippets;
    let text = if item.is_snippet == is_snippet { item.text } else { item.plain? };
    let kind = match item.kind {
        ItemKind::Key => CompletionItemKind::PROPERTY,
        ItemKind::Value => CompletionItemKind::VALUE,
        ItemKind::Person => CompletionItemKind::REFERENCE,
        ItemKind::Rule => CompletionItemKind::ENUM_MEMBER,
        ItemKind::Snippet => CompletionItemKind::SNIPPET,
    };
    let documentation = MarkupContent { kind: MarkupKind::Markdown, value: item.documentation };
    Some(CompletionItem {
        label: item.label,
        kind: Some(kind),
        detail: (!item.detail.is_empty()).then_some(item.detail),
        documentation: (!documentation.value.is_empty()).then_some(Documentation::MarkupContent(documentation)),
        filter_text: item.filter,
        insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
        insert_text_mode: is_snippet.then_some(InsertTextMode::ADJUST_INDENTATION),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: range(item.replaces), new_text: text })),
        ..CompletionItem::default()
    })
}

fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Project => SymbolKind::PACKAGE,
        Kind::Image => SymbolKind::CLASS,
        Kind::Digest => SymbolKind::KEY,
        Kind::Tag => SymbolKind::ENUM_MEMBER,
        Kind::Registry => SymbolKind::MODULE,
        Kind::File => SymbolKind::FILE,
        Kind::List => SymbolKind::ARRAY,
        Kind::Person => SymbolKind::VARIABLE,
    }
}

/// The symbols of a file, nested or flat.
pub(super) fn symbols(state: &State, path: &FilePath, symbols: Vec<Symbol>, can: convert::Client) -> DocumentSymbolResponse {
    let positions = state.positions(path);
    if can.nested_symbols {
        return DocumentSymbolResponse::Nested(symbols.into_iter().map(|symbol| nested(&positions, symbol)).collect());
    }
    let mut flat = Vec::new();
    if let Some(uri) = state.uri(path) {
        for symbol in symbols {
            flatten(&positions, &uri, symbol, None, &mut flat);
        }
    }
    DocumentSymbolResponse::Flat(flat)
}

/// Whether an answer is better written at once.
pub(super) fn is_large(symbols: &DocumentSymbolResponse) -> bool {
    let count = |symbol: &DocumentSymbol| symbol.children.as_ref().map_or(1, Vec::len);
    match symbols {
        DocumentSymbolResponse::Flat(symbols) => symbols.len() > 100,
        DocumentSymbolResponse::Nested(symbols) => symbols.iter().map(count).sum::<usize>() > 100,
    }
}

/// Symbols that stand in for those kept under a name.
pub(super) fn stand_in(name: String) -> DocumentSymbolResponse {
    #[expect(deprecated, reason = "the field must be written")]
    DocumentSymbolResponse::Nested(vec![DocumentSymbol {
        name,
        detail: None,
        kind: SymbolKind::FILE,
        tags: None,
        deprecated: None,
        range: Range::default(),
        selection_range: Range::default(),
        children: None,
    }])
}

#[expect(deprecated, reason = "the field must be written")]
fn nested(positions: &Positions<'_>, symbol: Symbol) -> DocumentSymbol {
    let children: Vec<_> = symbol.children.into_iter().map(|child| nested(positions, child)).collect();
    DocumentSymbol {
        name: symbol.name,
        detail: (!symbol.detail.is_empty()).then_some(symbol.detail),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: positions.range(symbol.range),
        selection_range: positions.range(symbol.selection),
        children: (!children.is_empty()).then_some(children),
    }
}

#[expect(deprecated, reason = "the field must be written")]
fn flatten(positions: &Positions<'_>, uri: &Uri, symbol: Symbol, container: Option<&str>, flat: &mut Vec<SymbolInformation>) {
    flat.push(SymbolInformation {
        name: symbol.name.clone(),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location { uri: uri.clone(), range: positions.range(symbol.range) },
        container_name: container.map(str::to_owned),
    });
    symbol.children.into_iter().for_each(|child| flatten(positions, uri, child, Some(&symbol.name), flat));
}

/// Symbols of the tree.
pub(super) fn tree_symbols(state: &State, found: Vec<TreeSymbol>) -> Vec<WorkspaceSymbol> {
    let places = found.iter().map(|symbol| symbol.place.clone()).collect::<Vec<_>>();
    let mut known: std::collections::HashMap<FilePath, Positions<'_>> = std::collections::HashMap::new();
    found
        .into_iter()
        .zip(&places)
        .filter_map(|(symbol, place)| {
            let positions = known.entry(place.path.clone()).or_insert_with(|| state.positions(&place.path));
            let location = Location { uri: state.uri(&place.path)?, range: positions.range(place.range) };
            Some(WorkspaceSymbol {
                name: symbol.name,
                kind: kind(symbol.kind),
                tags: None,
                container_name: (!symbol.container.is_empty()).then_some(symbol.container),
                location: OneOf::Left(location),
                data: None,
            })
        })
        .collect()
}

/// Ranges within ranges.
pub(super) fn selection(positions: &Positions<'_>, ranges: &[TextRange]) -> SelectionRange {
    let mut result: Option<SelectionRange> = None;
    for range in ranges.iter().rev() {
        result = Some(SelectionRange { range: positions.range(*range), parent: result.map(Box::new) });
    }
    result.unwrap_or_default()
}

/// Semantic tokens of a file, or of a range of it.
pub(super) fn tokens(state: &State, path: &FilePath, file: &SourceFile, range: Option<Range>) -> SemanticTokens {
    let positions = state.positions(path);
    let all = TextRange::new(0, u32::try_from(file.text().len()).unwrap_or(0));
    let range = range.map_or(all, |range| positions.text_range(range));
    let mut last = Position::default();
    let mut data = Vec::new();
    for (token, kind) in semantic_tokens::tokens(file, range) {
        let Range { start, end } = positions.range(token);
        let delta_start = if start.line == last.line { start.character - last.character } else { start.character };
        data.push(SemanticToken {
            delta_line: start.line - last.line,
            delta_start,
            length: end.character - start.character,
            token_type: kind as u32,
            token_modifiers_bitset: 0,
        });
        last = start;
    }
    SemanticTokens { result_id: None, data }
}

impl Server {
    pub(super) async fn code_actions(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let (range, only) = (params.range, params.context.only);
        self.ask("actions", &params.text_document.uri, move |state, path, _, can| {
            if !can.action_literals {
                return Vec::new();
            }
            let positions = state.positions(path);
            // Before saving, all of it is wanted at once, and nothing else.
            let asks_for = |kind: &CodeActionKind| {
                only.as_ref().is_some_and(|only| !only.is_empty() && only.iter().all(|wanted| is_kind(kind, wanted)))
            };
            let found = if asks_for(&CodeActionKind::SOURCE_FIX_ALL) || asks_for(&FIX_ALL) {
                actions::everything(state, path)
            } else {
                actions::actions(state, path, positions.text_range(range))
            };
            let wanted = |action: &Action| {
                let kind = action_kind(action.kind);
                // Without a wish, the menus of an editor leave out what concerns the whole file.
                only.as_ref().is_none_or(|only| only.iter().any(|wanted| is_kind(&kind, wanted)))
            };
            let actions = found.iter().filter(|action| wanted(action));
            actions
                .map(|action| {
                    let mut written = written(state, action, &positions, can);
                    if can.resolves_actions && action.kind != ActionKind::FixAll {
                        let (uri, version) = (state.uri(path), state.open.get(path).map(|document| document.version));
                        written.edit = None;
                        written.data = Some(serde_json::json!({"uri": uri, "range": range, "title": action.title, "version": version}));
                    }
                    CodeActionOrCommand::CodeAction(written)
                })
                .collect()
        })
        .await
    }

    /// Writes the edit of an action that was chosen: of the same version, or none.
    pub(super) async fn resolve_action(&self, action: CodeAction) -> Result<CodeAction> {
        #[derive(serde::Deserialize)]
        struct Data {
            uri: Uri,
            range: Range,
            title: String,
            version: Option<i32>,
        }
        let Some(data) = action.data.clone().and_then(|data| serde_json::from_value::<Data>(data).ok()) else { return Ok(action) };
        let (about, uri) = (action.diagnostics.clone(), data.uri.clone());
        let edit = self.ask("action", &uri, move |state, path, _, can| {
            if state.open.get(path).map(|document| document.version) != data.version {
                return None;
            }
            let positions = state.positions(path);
            let found = actions::actions(state, path, positions.text_range(data.range));
            let mut same = found.iter().filter(|found| found.title == data.title).map(|found| written(state, found, &positions, can));
            same.find(|found| about.is_none() || found.diagnostics == about)?.edit
        });
        let edit = edit.await?.flatten();
        if edit.is_none() {
            return Err(tower_lsp_server::jsonrpc::Error::new(tower_lsp_server::jsonrpc::ErrorCode::ContentModified));
        }
        Ok(CodeAction { edit, ..action })
    }

    /// Formats a file or a range of it. What is refused is told, and nothing is changed.
    pub(super) async fn format(&self, uri: &Uri, range: Option<Range>) -> Result<Option<Vec<TextEdit>>> {
        let edits = self.ask("format", uri, move |state, path, file, _| {
            let positions = state.positions(path);
            let edits = formatting::edits(state, file, range.map(|range| positions.text_range(range)))?;
            Ok(convert::text_edits(&positions, &edits))
        });
        match edits.await? {
            None => Ok(None),
            Some(Ok(edits)) => Ok(Some(edits)),
            Some(Err::<_, Refusal>(refusal)) => {
                self.shared.client.show_message(MessageType::WARNING, format!("the file is not formatted: {refusal}")).await;
                Ok(None)
            }
        }
    }

    /// The page of the rule under the cursor in promolint.toml.
    pub(super) fn hover_configuration(&self, at: &TextDocumentPositionParams) -> Option<Hover> {
        let document = self.configuration(&at.text_document.uri)?;
        let offset = document.lines().offset(&document.text, at.position, self.shared.session.encoding()) as usize;
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '-';
        let start = document.text[..offset].rfind(|character| !is_part(character)).map_or(0, |before| before + 1);
        let end = document.text[offset..].find(|character| !is_part(character)).map_or(document.text.len(), |length| offset + length);
        let word = document.text.get(start..end).unwrap_or_default();
        rules::find(word).map(|rule| markdown(hover::rule(rule), None))
    }

    pub(super) async fn inlay_hints(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let range = params.range;
        let hint = |position, label: String, tooltip: String| InlayHint {
            position,
            label: InlayHintLabel::String(label),
            kind: None,
            text_edits: None,
            tooltip: Some(InlayHintTooltip::String(tooltip)),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        };
        let found = self
            .ask("hints", &params.text_document.uri, move |state, path, file, _| {
                let positions = state.positions(path);
                let hints = lenses::hints(state, file, positions.text_range(range));
                let hints: Vec<InlayHint> =
                    hints.into_iter().map(|found| hint(positions.position(found.offset), found.label, found.tooltip)).collect();
                let saved = || std::fs::read_to_string(state.disk.root().join(&**path)).is_ok_and(|text| text == file.text());
                let ages = (state.client.inlay_hints.tag_age && saved() && !file.image_list().is_empty()).then(|| {
                    let entries = file.image_list().iter().flat_map(promolint_analysis::model::Image::entries);
                    entries
                        .map(|entry| positions.position(entry.range().end()))
                        .filter(|at| at.line >= range.start.line && at.line <= range.end.line)
                        .collect::<Vec<_>>()
                });
                (hints, ages)
            })
            .await?;
        let Some((mut hints, ages)) = found else { return Ok(None) };
        // Lines of the saved text are those that git knows; of an edited one, they may be others.
        if let (Some(ages), Some(path)) = (ages.filter(|ages| !ages.is_empty()), file_path(&params.text_document.uri)) {
            let (first, last) = (ages.iter().map(|at| at.line).min().unwrap_or(0), ages.iter().map(|at| at.line).max().unwrap_or(0));
            if let Some(days) = self.shared.git.days(&path, first + 1, last + 1).await {
                let now = jiff::Timestamp::now().as_second();
                let age = |at: Position| days.get(&(at.line + 1)).map(|then| (now - then) / 86_400);
                hints.extend(
                    ages.into_iter()
                        .filter_map(|at| Some(hint(at, format!("{} days", age(at)?), "since the last change, by git".to_owned()))),
                );
            }
        }
        Ok(Some(hints))
    }
}

fn action_kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::FixAll => FIX_ALL,
        ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
    }
}

/// Whether a kind is the wanted one or below it.
fn is_kind(kind: &CodeActionKind, wanted: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || wanted.as_str().is_empty())
}

fn written(state: &State, action: &Action, positions: &Positions<'_>, can: convert::Client) -> CodeAction {
    let about = action.about.as_ref().map(|found| vec![convert::diagnostic(state, found, positions, can)]);
    let label = action.needs_look.then_some(action.title.as_str());
    let creates = !action.change.creations.is_empty();
    let disabled = (creates && !(can.creates_files && can.document_changes))
        .then(|| CodeActionDisabled { reason: "the editor cannot create files".to_owned() });
    CodeAction {
        title: action.title.clone(),
        kind: Some(action_kind(action.kind)),
        diagnostics: about,
        edit: disabled.is_none().then(|| convert::workspace_edit(state, &action.change, label, can)),
        is_preferred: action.is_preferred.then_some(true),
        disabled,
        ..CodeAction::default()
    }
}
