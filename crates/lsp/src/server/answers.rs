//! Answers that take more than a line to write.

use std::sync::Arc;

use promolint_analysis::formatting::Refusal;
use promolint_analysis::{FilePath, SourceFile, rules};
use promolint_syntax::TextRange;
use tower_lsp_server::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "nearly every line names a type of the protocol")]
use tower_lsp_server::ls_types::*;

use super::{Server, file_path};
use crate::capabilities::FIX_ALL;
use crate::convert;
use crate::features::actions::{self, Action, ActionKind, Effect};
use crate::features::completion::{Item, ItemKind};
use crate::features::formatting;
use crate::features::hover;
use crate::features::semantic_tokens;
use crate::features::symbols::configuration as configuration_symbols;
use crate::features::text::counted;
use crate::features::{Place, lenses};
use crate::raw::Written;
use crate::session::document::Document;
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
        // No kinds are as good as no wish.
        let (range, only) = (params.range, params.context.only.filter(|only| !only.is_empty()));
        self.ask("actions", &params.text_document.uri, move |state, path, file, can| {
            if !can.action_literals {
                return Vec::new();
            }
            let positions = state.positions(path);
            // Before saving, all of it is wanted at once, and nothing else.
            let asks_for = |kind: &CodeActionKind| only.as_ref().is_some_and(|only| only.iter().all(|wanted| is_kind(kind, wanted)));
            let found = if asks_for(&CodeActionKind::SOURCE_FIX_ALL) || asks_for(&FIX_ALL) {
                actions::before_saving(state, path)
            } else {
                actions::actions(state, path, positions.text_range(range))
            };
            let wanted = |action: &Action| {
                let kind = action_kind(action.kind);
                // Without a wish, the menus of an editor leave out what concerns the whole file.
                only.as_ref().is_none_or(|only| only.iter().any(|wanted| is_kind(&kind, wanted)))
            };
            let described = |action: &Action| {
                let mut described = described(state, action, &positions, can);
                if described.disabled.is_some() && !can.shows_disabled {
                    return None;
                }
                if can.resolves_actions {
                    let (uri, version) = (state.uri(path), state.open.get(path).map(|document| document.version));
                    let is_saving = matches!(action.effect, Effect::Rounds);
                    let data =
                        serde_json::json!({"uri": uri, "range": range, "title": action.title, "version": version, "saving": is_saving});
                    described.data = Some(data);
                } else if described.disabled.is_none() {
                    described.edit = Some(edit(state, file, action, can)?);
                }
                Some(CodeActionOrCommand::CodeAction(described))
            };
            found.iter().filter(|action| wanted(action)).filter_map(described).collect()
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
            saving: bool,
        }
        let Some(data) = action.data.clone().and_then(|data| serde_json::from_value::<Data>(data).ok()) else { return Ok(action) };
        let (about, uri) = (action.diagnostics.clone(), data.uri.clone());
        let edit = self.ask("action", &uri, move |state, path, file, can| {
            if state.open.get(path).map(|document| document.version) != data.version {
                return None;
            }
            let positions = state.positions(path);
            let found = if data.saving {
                actions::before_saving(state, path)
            } else {
                actions::actions(state, path, positions.text_range(data.range))
            };
            let is_same = |found: &&Action| {
                found.title == data.title && (about.is_none() || described(state, found, &positions, can).diagnostics == about)
            };
            edit(state, file, found.iter().find(is_same)?, can)
        });
        let edit = edit.await?.flatten();
        if edit.is_none() {
            return Err(tower_lsp_server::jsonrpc::Error::new(tower_lsp_server::jsonrpc::ErrorCode::ContentModified));
        }
        Ok(CodeAction { edit, ..action })
    }

    /// Formats a file or a range of it. What is refused is logged only, and nothing is changed: most files are
    /// half typed when they are saved now and then, and editors format whenever they save.
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
                self.shared.client.log_message(MessageType::INFO, format!("the file is not formatted: {refusal}")).await;
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

    /// The tables and keys of promolint.toml.
    pub(super) async fn configuration_symbols(&self, document: Arc<Document>) -> Result<Option<DocumentSymbolResponse>> {
        let symbols = self.work("symbols", move |shared| {
            let (state, path) = shared.session.state_of(&document.path)?;
            Some(super::symbols::document(&state, &path, &configuration_symbols(&document.text), shared.capabilities()))
        });
        Ok(symbols.await?.map(|symbols| self.symbols(symbols)))
    }

    /// The answer that written symbols are. To be given without another `.await`, so that it goes out.
    pub(super) fn symbols(&self, written: Written) -> DocumentSymbolResponse {
        super::symbols::stand_in(self.shared.raw.keep(written))
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
                let wants_ages = state.client.git && state.client.inlay_hints.tag_age;
                let entries = file.image_list().iter().filter(|_| wants_ages).flat_map(promolint_analysis::model::Image::entries);
                let ends = entries.map(|entry| (positions.position(entry.range().end()), entry.range().end()));
                let ends = ends.filter(|(at, _)| at.line >= range.start.line && at.line <= range.end.line);
                let lines = ends.map(|(at, end)| (at, file.line_at(end).trim_end_matches('\r').to_owned())).collect::<Vec<_>>();
                (hints, lines)
            })
            .await?;
        let Some((mut hints, lines)) = found else { return Ok(None) };
        if let (Some((first, _)), Some((last, _)), Some(path)) = (lines.first(), lines.last(), file_path(&params.text_document.uri)) {
            // Lines may have been added since the commit, or taken away.
            let (first, last) = (first.line.saturating_sub(SHIFT) + 1, last.line + 1);
            let times = self.shared.git.times(&path, first, last).await.unwrap_or_default();
            let now = jiff::Timestamp::now().as_second();
            let days = |then: i64| usize::try_from((now - then) / 86_400).unwrap_or(0);
            let age = |line: &str| times.get(line).map(|then| counted(days(*then), "day"));
            let ages = lines.iter().filter_map(|(at, line)| Some((*at, age(line)?)));
            hints.extend(ages.map(|(at, age)| hint(at, age, "since the last change, by git".to_owned())));
        }
        Ok(Some(hints))
    }
}

/// By so many lines an edited file may be longer than the committed one without its tags losing their ages.
const SHIFT: u32 = 200;

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

/// An action without its edit.
fn described(state: &State, action: &Action, positions: &Positions<'_>, can: convert::Client) -> CodeAction {
    let about = action.about.as_ref().map(|found| vec![convert::diagnostic(state, found, positions, can)]);
    let creates = matches!(&action.effect, Effect::Known(change) if !change.creations.is_empty());
    let disabled = (creates && !(can.creates_files && can.document_changes))
        .then(|| CodeActionDisabled { reason: "the editor cannot create files".to_owned() });
    CodeAction {
        title: action.title.clone(),
        kind: Some(action_kind(action.kind)),
        diagnostics: about,
        is_preferred: action.is_preferred.then_some(true),
        disabled,
        ..CodeAction::default()
    }
}

/// What an action changes, as the client applies it.
fn edit(state: &State, file: &SourceFile, action: &Action, can: convert::Client) -> Option<WorkspaceEdit> {
    let label = action.needs_look.then_some(action.title.as_str());
    Some(convert::workspace_edit(state, &action.effect.change(state, file)?, label, can))
}
