use promolint_syntax::{Entry, TextEdit};

use crate::diagnostic::{Applicability, Severity};
use crate::file::{FileKind, SourceFile};
use crate::model::ProblemKind;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A key must stand once in its mapping.
    ///
    /// The promoter refuses a list of images or a promoter manifest with a repeated key; this also
    /// counts for a digest that stands twice under one image. Of file promotion, it silently takes
    /// the last one, so there it is a warning. Prow does the same with OWNERS files, where whoever
    /// stands below the first one loses their say.
    ///
    /// The fix removes the second one where both have the same value.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0", "v1.2"]
    /// ```
    pub static RULE = {
        name: "duplicate-key",
        category: Form,
        severity: Error,
        fix: Safe,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    for problem in context.file.problems {
        let ProblemKind::DuplicateKey { key, first, entry, what } = &problem.kind else { continue };
        let is_lenient = matches!(source.kind(), FileKind::FilePromoterManifest | FileKind::FileManifest);
        let consequence = match source.kind() {
            _ if is_lenient => "the promoter silently takes only one of them",
            FileKind::Owners | FileKind::OwnersAliases => "Prow silently takes only the last one",
            kind => super::refusal(kind),
        };
        let message = format!("`{}` stands twice in {what}; {consequence}", key.value.escape_debug());
        let help = if *what == "`dmap`" { "put the tags of both into one list" } else { "remove one of the two" };
        let mut finding = Finding::new(source, problem.range, message).help(help).related(source, first.key.range(), "the first one");
        if is_lenient {
            finding = finding.severity(Severity::Warning);
        }
        if let Some(edit) = removal(source, entry, first) {
            finding = finding.fix(Applicability::Safe, "remove the second one, which says the same", vec![edit]);
        }
        findings.push(finding);
    }
}

/// Takes the second entry away, where both say the same.
fn removal(source: &SourceFile, entry: &Entry<'_>, first: &Entry<'_>) -> Option<TextEdit> {
    let says_the_same = entry.value.text() == first.value.text() && entry.value.style() == first.value.style();
    let lines = super::whole_lines(source, entry.range())?;
    (says_the_same && entry.value.tag() == first.value.tag() && entry.value.anchor().is_none()).then(|| TextEdit::delete(lines))
}
