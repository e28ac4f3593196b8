use promolint_syntax::{Entry, Node};

use crate::model::Model;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Filestores and files stand in files of their own.
    ///
    /// Where files go is set up once and reviewed by few people; which files go is changed with every
    /// release. The promoter refuses `files` beside filestores and `filestores` in a file manifest, so
    /// that nobody can redirect a promotion in a release's pull request.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// filestores:
    /// - base: gs://somewhere-else/
    ///   src: true
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    pub static RULE = {
        name: "filestore-files-mixed",
        category: Files,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let (entry, message, help) = match context.file.model {
        Model::FilePromoter(manifest) => (
            manifest.files_entry,
            "`files` beside filestores; the promoter refuses the manifest",
            "move the files to `manifests/<dir>/<release>.yaml`",
        ),
        Model::Files(manifest) => (
            manifest.filestores_entry,
            "`filestores` in a file manifest; the promoter refuses it",
            "filestores belong in `filestores/<dir>/filepromoter-manifest.yaml`",
        ),
        _ => return,
    };
    // The promoter minds items only.
    let has_items = |entry: &Entry<'_>| Node::as_sequence(entry.value).is_some_and(|list| list.items().next().is_some());
    if let Some(entry) = entry.filter(has_items) {
        findings.push(Finding::new(context.source(), entry.key.range(), message).help(help));
    }
}
