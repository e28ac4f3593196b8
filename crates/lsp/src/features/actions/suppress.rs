//! Comments that silence a finding, with a reason.

use promolint_analysis::rule::Category;
use promolint_analysis::{Diagnostic, SourceFile, rules};
use promolint_syntax::{TextEdit, mark_length};

use super::{Action, ActionKind};
use crate::features::Change;

/// Stands where people write why. It is no reason by itself: until they do, `suppression-syntax` tells of it.
const REASON: &str = "TODO: say why";

/// Silences a finding on its line, or in its file.
pub(super) fn actions(file: &SourceFile, found: &Diagnostic) -> Vec<Action> {
    let category = rules::find(found.rule).map(|rule| rule.category);
    // What stands in broken text cannot be told from it, and suppressions are not silenced.
    if matches!(category, None | Some(Category::Suppression)) || matches!(found.rule, "yaml-syntax" | "unsupported-yaml") {
        return Vec::new();
    }
    let (text, lines) = (file.text(), file.lines());
    let line = lines.line(found.range.start());
    let content = file.slice(lines.line_range(text, line));
    let blanks = &content[..content.len() - content.trim_start().len()];
    let line_break = file.line_break();
    let comment = format!("{blanks}# promolint: allow({}) {REASON}{line_break}", found.rule);
    let is_first =
        file.document().root().is_none_or(|root| found.range.start() < root.range().start() || lines.line(root.range().start()) >= line);
    let mut actions = Vec::new();
    // Below the last line with content, a comment speaks of nothing.
    if !is_first && !content.trim().is_empty() {
        let edit = TextEdit::insert(lines.line_start(line), comment);
        actions.push(action(file, found, format!("Allow `{}` here, with a reason", found.rule), edit));
    }
    // A byte order mark must stay the first thing in the file.
    let top = TextEdit::insert(mark_length(text), format!("# promolint: allow({}) {REASON}{line_break}", found.rule));
    actions.push(action(file, found, format!("Allow `{}` in this file, with a reason", found.rule), top));
    actions
}

fn action(file: &SourceFile, found: &Diagnostic, title: String, edit: TextEdit) -> Action {
    Action {
        title,
        kind: ActionKind::QuickFix,
        about: Some(found.clone()),
        effect: Change::in_file(file.path().clone(), vec![edit]).into(),
        is_preferred: false,
        needs_look: false,
    }
}
