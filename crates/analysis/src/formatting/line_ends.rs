//! Ends of lines: one kind of line break, no blanks before it, one at the end of the file.

use promolint_syntax::{Document, Node, NodeKind, TextEdit, TextRange};

/// The line break that most lines of a text end in.
pub(super) fn line_break(document: &Document) -> &'static str {
    let crlf = memchr::memmem::find_iter(document.text().as_bytes(), "\r\n").count();
    if 2 * crlf > document.lines().line_count() as usize - 1 { "\r\n" } else { "\n" }
}

/// The edits that end all lines in `wanted`. Of a text of blanks and line breaks only, nothing is left but the first line.
pub(super) fn edits(document: &Document, wanted: &str) -> Vec<TextEdit> {
    let (text, lines) = (document.text(), document.lines());
    let mut edits = Vec::new();
    let mut scalars: Option<Vec<TextRange>> = None;
    let content_end = text.trim_end_matches([' ', '\t', '\r', '\n']).len();
    let last = lines.line(offset(content_end));
    for line in 0..=last {
        let range = lines.line_range(text, line);
        let kept = document.slice(range).trim_end_matches([' ', '\t']);
        let kept_end = range.start() + offset(kept.len());
        if kept_end < range.end() {
            let scalars = scalars.get_or_insert_with(|| long_scalars(document));
            let before = scalars.partition_point(|scalar| scalar.start() < kept_end);
            if before == 0 || scalars[before - 1].end() <= kept_end {
                edits.push(TextEdit::delete(TextRange::new(kept_end, range.end())));
            }
        }
        let behind = if line + 1 < lines.line_count() { lines.line_start(line + 1) } else { range.end() };
        let found = TextRange::new(range.end(), behind);
        if document.slice(found) != wanted && (line < last || content_end > 0) {
            edits.push(TextEdit::replace(found, wanted));
        }
    }
    let behind = if last + 1 < lines.line_count() { lines.line_start(last + 1) } else { offset(text.len()) };
    if (behind as usize) < text.len() {
        edits.push(TextEdit::delete(TextRange::new(behind, offset(text.len()))));
    }
    edits
}

/// Scalars of several lines: what ends their lines is left to their author.
fn long_scalars(document: &Document) -> Vec<TextRange> {
    let is_long = |node: &Node<'_>| node.kind() == NodeKind::Scalar && node.text().contains('\n');
    document.nodes().filter(is_long).map(Node::range).collect()
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
