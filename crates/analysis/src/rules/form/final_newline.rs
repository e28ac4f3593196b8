use promolint_syntax::{TextEdit, TextRange};

use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The last line should end in a line break.
    ///
    /// Without it, the next entry that somebody appends changes the last line too, tools that append
    /// lines glue them to it, and the YAML job of kubernetes/k8s.io rejects the file. In OWNERS it is a matter
    /// of style only.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml escaped
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml escaped
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]\n
    /// ```
    pub static RULE = {
        name: "final-newline",
        category: Form,
        severity: Warning,
        fix: Safe,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    let text = source.text();
    if super::is_only_read(source.kind()) || text.ends_with(['\n', '\r']) {
        return;
    }
    let lines = source.lines();
    let last = lines.line_range(text, lines.line_count() - 1);
    // Blanks behind the last line break are another rule's.
    let line = source.slice(last);
    let visible = line.trim_start_matches(['\u{feff}', ' ', '\t']);
    if visible.trim().is_empty() {
        return;
    }
    let line_break = source.line_break();
    let applicability = if super::ends_in_block_scalar(source) { Applicability::Suggested } else { Applicability::Safe };
    let end = last.end();
    let start = last.start() + u32::try_from(line.len() - visible.len()).unwrap_or(0);
    let finding = Finding::new(
        source,
        TextRange::new(start, end),
        "no line break ends the last line; the next line that is added changes this one too",
    );
    findings.push(finding.severity(super::layout_severity(source.kind())).help("end the file with a line break").fix(
        applicability,
        "add the line break",
        Repair::layout(vec![TextEdit::insert(end, line_break)]),
    ));
}
