use promolint_syntax::{TextEdit, TextRange};

use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Files should not end in blank lines.
    ///
    /// A matter of style: the next entry is added behind them, or somebody removes them in passing.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml escaped
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]\n\n
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml escaped
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]\n
    /// ```
    pub static RULE = {
        name: "blank-lines-at-end",
        category: Form,
        severity: Hint,
        fix: Safe,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    let text = source.text();
    let behind = text.trim_end_matches([' ', '\t', '\r', '\n']).len();
    if super::is_only_read(source.kind()) || behind == 0 {
        return;
    }
    let Some(line_break) = text[behind..].find('\n') else { return };
    let start = behind + line_break + 1;
    if !text[start..].contains('\n') {
        return;
    }
    let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(text.len())) else { return };
    let range = TextRange::new(start, end);
    let applicability = if super::ends_in_block_scalar(source) { Applicability::Suggested } else { Applicability::Safe };
    let finding = Finding::new(source, range, "blank lines at the end of the file; they get in the way of the next entry");
    findings.push(finding.help("remove them").fix(applicability, "remove the blank lines", Repair::layout(vec![TextEdit::delete(range)])));
}
