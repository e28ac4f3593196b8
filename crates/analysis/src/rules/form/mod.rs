//! The form of any manifest: syntax, keys, types, line ends.

pub(super) mod blank_lines_at_end;
pub(super) mod deprecated_key;
pub(super) mod duplicate_key;
pub(super) mod final_newline;
pub(super) mod line_endings;
pub(super) mod missing_key;
pub(super) mod trailing_whitespace;
pub(super) mod unknown_key;
pub(super) mod unsupported_yaml;
pub(super) mod wrong_type;
pub(super) mod yaml_syntax;

use promolint_syntax::{Node, NodeKind, Style, TextRange};

use crate::diagnostic::{Applicability, Severity};
use crate::file::{FileKind, SourceFile};
use crate::fixing::Repair;

/// Whether it is only read for what it declares; others care for its form.
fn is_only_read(kind: FileKind) -> bool {
    matches!(kind, FileKind::Groups | FileKind::Infra | FileKind::RegistriesTf)
}

/// What follows where a file cannot be read.
fn refusal(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Owners => "Prow passes over the whole file",
        FileKind::OwnersAliases => "Prow knows none of the aliases",
        FileKind::ImageTags => "no tool can read the file",
        FileKind::Groups | FileKind::Infra | FileKind::RegistriesTf => "what the file declares cannot be read",
        _ => "the promoter refuses the whole file",
    }
}

/// How loud the rules on line ends and blanks are.
fn layout_severity(kind: FileKind) -> Severity {
    if matches!(kind, FileKind::Owners | FileKind::OwnersAliases) { Severity::Hint } else { Severity::Warning }
}

/// Whether a syntax error stands on the line of a place: what is odd there follows from it.
fn is_beside_syntax_error(file: &SourceFile, range: TextRange) -> bool {
    let document = file.document();
    !document.errors().is_empty() && document.has_error_on_line(file.lines().line(range.start()))
}

/// The lines of a range with their line breaks, if nothing else but a comment stands on them.
fn whole_lines(file: &SourceFile, range: TextRange) -> Option<TextRange> {
    let (text, lines) = (file.text(), file.lines());
    let (first, last) = (lines.line(range.start()), lines.line(range.end()));
    let start = lines.line_start(first);
    let end = lines.line_range(text, last).end();
    let before = &text[start as usize..range.start() as usize];
    let after = text[range.end() as usize..end as usize].trim_start();
    let alone = before.trim().is_empty() && (after.is_empty() || after.starts_with('#'));
    let end = if last + 1 < lines.line_count() { lines.line_start(last + 1) } else { end };
    alone.then(|| TextRange::new(start, end))
}

/// How sure a removal is: what people wrote in comments is not to be lost unseen.
fn certainty(removal: &Repair) -> Applicability {
    if removal.touches_comments() { Applicability::Suggested } else { Applicability::Safe }
}

/// Where a block scalar stands at the very end of the text: line breaks there belong to its value.
fn ends_in_block_scalar(file: &SourceFile) -> bool {
    let is_block = |node: Node<'_>| node.kind() == NodeKind::Scalar && matches!(node.style(), Style::Literal | Style::Folded);
    !file.document().constructs().is_empty() && file.document().nodes().last().is_some_and(is_block)
}
