use promolint_syntax::{NodeKind, Style, TextEdit, TextRange};

use crate::diagnostic::Applicability;
use crate::file::SourceFile;
use crate::fixing::Repair;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Lines should not end in blanks or tabs.
    ///
    /// Nobody sees them, they make changes of lines that say the same, and the YAML job of
    /// kubernetes/k8s.io rejects them. In OWNERS it is a matter of style only.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml escaped
    /// - name: widget\s
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]\n
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "trailing-whitespace",
        category: Form,
        severity: Warning,
        fix: Safe,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    if super::is_only_read(source.kind()) {
        return;
    }
    let kept = block_scalars(source);
    let is_kept = |range: &TextRange| {
        let at = kept.partition_point(|kept| kept.end() < range.start());
        kept.get(at).is_some_and(|kept| kept.touches(range.start()))
    };
    for range in trailing_blanks(source.text()).filter(|range| !is_kept(range)) {
        let finding = Finding::new(source, range, "blanks at the end of the line; the YAML check of the repository rejects them");
        findings.push(finding.severity(super::layout_severity(source.kind())).help("remove them").fix(
            Applicability::Safe,
            "remove the blanks",
            Repair::layout(vec![TextEdit::delete(range)]),
        ));
    }
}

/// Blanks and tabs before each line break and at the end.
fn trailing_blanks(text: &str) -> impl Iterator<Item = TextRange> + '_ {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]).filter_map(move |end| {
        let end = if end > 0 && end < bytes.len() && bytes[end - 1] == b'\r' { end - 1 } else { end };
        if end == 0 || !matches!(bytes[end - 1], b' ' | b'\t') {
            return None;
        }
        let start = bytes[..end].iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |at| at + 1);
        // `\ ` in double quotes is an escape, of which nothing may be taken away.
        let start = if start > 0 && bytes[start - 1] == b'\\' { start + 1 } else { start };
        let range = TextRange::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?);
        (!range.is_empty()).then_some(range)
    })
}

/// Texts of which every blank counts.
fn block_scalars(source: &SourceFile) -> Vec<TextRange> {
    let document = source.document();
    if document.constructs().is_empty() {
        return Vec::new();
    }
    let is_block =
        |node: &promolint_syntax::Node<'_>| node.kind() == NodeKind::Scalar && matches!(node.style(), Style::Literal | Style::Folded);
    document.nodes().filter(is_block).map(promolint_syntax::Node::range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_at_the_ends_of_lines() {
        let found = |text: &str| trailing_blanks(text).map(|range| (range.start(), range.end())).collect::<Vec<_>>();
        assert_eq!(found("a: b \nc\t\t\r\n  \nd "), [(4, 5), (7, 9), (11, 13), (15, 16)]);
        assert_eq!(found("a\r\n\n b"), []);
        assert_eq!(found("\"a\\ \n b\\  \n\""), [(9, 10)]);
        assert_eq!(found(""), []);
        assert_eq!(found(" "), [(0, 1)]);
    }
}
