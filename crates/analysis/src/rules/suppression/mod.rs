//! Comments that silence rules.
//!
//! [`crate::suppression`] reads them and knows which are used; here are the pages and the messages.

pub(crate) mod expired;
pub(crate) mod syntax;
pub(crate) mod unused;

use promolint_syntax::TextRange;

use crate::file::SourceFile;
use crate::fixing::Repair;
use crate::suppression::Suppression;

/// Takes the comment away: its line, or what stands behind the content of its line.
fn removal(suppression: &Suppression<'_>) -> Repair {
    let (text, lines, comment) = (suppression.file.text(), suppression.file.lines(), suppression.comment);
    let line = lines.line(comment.start());
    let before = &text[lines.line_start(line) as usize..comment.start() as usize];
    let content = before.trim_end();
    let range = if content.is_empty() {
        let end = if line + 1 < lines.line_count() { lines.line_start(line + 1) } else { comment.end() };
        TextRange::new(lines.line_start(line), end)
    } else {
        let blanks = u32::try_from(before.len() - content.len()).unwrap_or(0);
        TextRange::new(comment.start() - blanks, comment.end())
    };
    Repair::comment(comment, range, None)
}

/// Replaces a part of the comment.
fn rewritten(file: &SourceFile, comment: TextRange, part: TextRange, text: &str) -> Repair {
    let before = file.slice(TextRange::new(comment.start(), part.start()));
    let behind = file.slice(TextRange::new(part.end(), comment.end()));
    Repair::comment(comment, comment, Some(&format!("{before}{text}{behind}")))
}
