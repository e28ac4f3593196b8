//! Comments that silence rules.
//!
//! [`crate::suppression`] reads them and knows which are used; here are the pages and the messages.

pub(crate) mod expired;
pub(crate) mod syntax;
pub(crate) mod unused;

use promolint_syntax::{TextEdit, TextRange};

use crate::suppression::Suppression;

/// Takes the comment away: its line, or what stands behind the content of its line.
fn removal(suppression: &Suppression<'_>) -> TextEdit {
    let (text, lines, comment) = (suppression.file.text(), suppression.file.lines(), suppression.comment);
    let line = lines.line(comment.start());
    let before = &text[lines.line_start(line) as usize..comment.start() as usize];
    let content = before.trim_end();
    if content.is_empty() {
        let end = if line + 1 < lines.line_count() { lines.line_start(line + 1) } else { comment.end() };
        return TextEdit::delete(TextRange::new(lines.line_start(line), end));
    }
    let blanks = u32::try_from(before.len() - content.len()).unwrap_or(0);
    TextEdit::delete(TextRange::new(comment.start() - blanks, comment.end()))
}
