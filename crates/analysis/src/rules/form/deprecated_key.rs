use promolint_syntax::{Entry, NodeKind, TextEdit};

use crate::diagnostic::Applicability;
use crate::file::SourceFile;
use crate::model::ProblemKind;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Keys of older versions of the promoter should go.
    ///
    /// `imagesPath` of a promoter manifest is ignored: the list of images is found by its place.
    /// `renames` of the oldest plain manifests is no longer known at all.
    ///
    /// The fix removes the line; for `renames`, look first whether the names are still needed.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml
    /// imagesPath: "../../images/k8s-staging-widget/images.yaml"
    /// registries:
    /// - name: gcr.io/k8s-staging-widget
    ///   src: true
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml excerpt
    /// registries:
    /// - name: gcr.io/k8s-staging-widget
    ///   src: true
    /// ```
    pub static RULE = {
        name: "deprecated-key",
        category: Form,
        severity: Hint,
        fix: Safe,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    for problem in context.file.problems {
        let ProblemKind::DeprecatedKey { entry, key } = &problem.kind else { continue };
        let (consequence, applicability) = match *key {
            "renames" => ("today's promoter does not know it", Applicability::DisplayOnly),
            _ => ("the promoter ignores it", Applicability::Safe),
        };
        let finding = Finding::new(source, entry.key.range(), format!("`{key}` is deprecated; {consequence}"));
        let finding = finding.help(if *key == "renames" { "list the image under each of its names instead" } else { "remove the line" });
        findings.push(match removal(source, entry) {
            Some(edit) => finding.fix(applicability, format!("remove `{key}`"), vec![edit]),
            None => finding,
        });
    }
}

/// Takes the lines of the entry away, if nothing else stands on them and nothing refers to them.
fn removal(source: &SourceFile, entry: &Entry<'_>) -> Option<TextEdit> {
    let document = source.document();
    // An anchor or block scalar in it may reach further than its lines.
    let is_simple = document.constructs().is_empty() && entry.value.kind() != NodeKind::Error;
    let has_siblings = document.root().and_then(promolint_syntax::Node::as_mapping).is_some_and(|root| root.entries().count() > 1);
    let lines = super::whole_lines(source, entry.range())?;
    (is_simple && has_siblings).then(|| TextEdit::delete(lines))
}
