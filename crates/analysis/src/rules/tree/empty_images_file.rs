use crate::file::FileKind;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// An images.yaml lists no image.
    ///
    /// That is legal while a project is being set up.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// # No images yet
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "empty-images-file",
        category: Tree,
        severity: Hint,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let root = context.source().document().root();
    let is_empty = root.is_none_or(|root| root.is_null() || root.as_sequence().is_some_and(|list| list.node().children().next().is_none()));
    if context.source().kind() == FileKind::Images && is_empty && context.source().document().errors().is_empty() {
        let message = "the file lists no image; nothing is promoted";
        findings
            .push(Finding::new(context.source(), context.source().first_line(), message).help("add the first image when it is in staging"));
    }
}
