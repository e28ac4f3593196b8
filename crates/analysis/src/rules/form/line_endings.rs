use promolint_syntax::{TextEdit, TextRange};

use crate::diagnostic::Applicability;
use crate::file::{LineBreaks, SourceFile};
use crate::repository::Repository;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Lines should end as they do in the rest of the tree.
    ///
    /// A file with Windows line ends (CRLF) in a tree of Unix ones (LF) makes every later change a
    /// change of the whole file as soon as an editor or a tool rewrites it, and the YAML job of
    /// kubernetes/k8s.io rejects it. A tree that ends all lines in CRLF is fine. Line breaks that
    /// only YAML knows (a lone carriage return, U+0085, U+2028, U+2029) are told too: no editor shows them.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml escaped
    /// - name: widget\r
    ///   dmap:\r
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]\r\n
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml escaped
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]\n
    /// ```
    pub static RULE = {
        name: "line-endings",
        category: Form,
        severity: Warning,
        fix: Safe,
        check: Check::Repository(check),
    }
}

fn is_odd(character: char) -> bool {
    matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    let counted: Vec<(&SourceFile, LineBreaks)> = repository.files.iter().map(|file| (file.source, file.source.line_breaks())).collect();
    let with_crlf = counted.iter().filter(|(_, breaks)| breaks.prefers_crlf()).count();
    let with_lf = counted.iter().filter(|(_, breaks)| breaks.lf > 0 && !breaks.prefers_crlf()).count();
    let tree_has_crlf = with_crlf > with_lf;
    for (source, breaks) in counted.into_iter().filter(|(source, _)| !super::is_only_read(source.kind())) {
        // In a tree of CRLF, a file all in LF does no harm.
        let wants_crlf = tree_has_crlf && breaks.prefers_crlf();
        let wrong = if wants_crlf {
            breaks.lf
        } else if tree_has_crlf && breaks.crlf == 0 {
            0
        } else {
            breaks.crlf
        };
        if wrong + breaks.odd > 0 {
            findings.push(finding(source, breaks, wants_crlf));
        }
    }
}

fn finding(source: &SourceFile, breaks: LineBreaks, wants_crlf: bool) -> Finding {
    let (wanted, text) = if wants_crlf { ("CRLF", "\r\n") } else { ("LF", "\n") };
    let wrong = wrong_breaks(source.text(), wants_crlf);
    let first = wrong.first().copied().unwrap_or_default();
    let found = match source.slice(first) {
        "\r\n" => "CRLF".to_owned(),
        "\n" => "LF".to_owned(),
        "\r" => "a lone carriage return".to_owned(),
        other => format!("U+{:04X}", other.chars().next().map_or(0, u32::from)),
    };
    let message = if breaks.odd > 0 && !matches!(found.as_str(), "CRLF" | "LF") {
        format!("{found} ends a line here; YAML reads it as a line break, and no editor shows it")
    } else if breaks.lf > 0 && breaks.crlf > 0 {
        format!("line ends are mixed: {found} among {wanted}; any tool that rewrites the file changes lines that nobody meant to change")
    } else {
        format!("lines end in {found} while the rest of the tree uses {wanted}; any tool that rewrites the file changes all its lines")
    };
    // LS and PS keep their own value in a scalar where LF reads as a blank.
    let is_exact = wrong.iter().all(|range| matches!(source.slice(*range), "\r\n" | "\n" | "\r" | "\u{85}"));
    let applicability = if is_exact { Applicability::Safe } else { Applicability::Suggested };
    let edits = wrong.into_iter().map(|range| TextEdit::replace(range, text)).collect();
    Finding::new(source, shown(source, first), message)
        .severity(super::layout_severity(source.kind()))
        .help(format!("end all lines in {wanted}"))
        .fix(applicability, format!("end all lines in {wanted}"), edits)
}

/// A line break with the line before it, so that there is something to see.
fn shown(source: &SourceFile, line_break: TextRange) -> TextRange {
    let before = &source.text()[..line_break.start() as usize];
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = &before[start..];
    let blanks = line.len() - line.trim_start().len();
    let start = line_break.start() - u32::try_from(line.len() - blanks).unwrap_or(0);
    TextRange::new(start, line_break.start())
}

/// The line breaks of the other kind than wanted.
fn wrong_breaks(text: &str, wants_crlf: bool) -> Vec<TextRange> {
    let mut wrong = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let length = match character {
            '\r' if characters.next_if(|(_, next)| *next == '\n').is_some() => {
                if wants_crlf {
                    0
                } else {
                    2
                }
            }
            '\n' => usize::from(wants_crlf),
            '\r' => 1,
            other if is_odd(other) => other.len_utf8(),
            _ => 0,
        };
        if let (1.., Ok(start), Ok(end)) = (length, u32::try_from(at), u32::try_from(at + length)) {
            wrong.push(TextRange::new(start, end));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_that_are_wrong() {
        let found =
            |text: &str, wants_crlf| wrong_breaks(text, wants_crlf).iter().map(|range| (range.start(), range.end())).collect::<Vec<_>>();
        assert_eq!(found("a\r\nb\nc\r\n", false), [(1, 3), (6, 8)]);
        assert_eq!(found("a\r\nb\nc\r\n", true), [(4, 5)]);
        assert_eq!(found("a\rb\r\r\n\u{2028}c\n", false), [(1, 2), (3, 4), (4, 6), (6, 9)]);
        assert_eq!(found("a\n", false), []);
    }
}
