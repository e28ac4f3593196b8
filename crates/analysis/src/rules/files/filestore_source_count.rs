use crate::model::{FilePromoterManifest, Filestore};
use crate::policy::Policy;
use crate::repository::{File, FileContext};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A file promoter manifest has one source and at least one destination.
    ///
    /// Files are copied from the one filestore with `src: true` to all the others. The promoter
    /// refuses a manifest with no source, with two, or with nothing but a source, and stops before it
    /// has promoted a file of any project.
    ///
    /// ## Bad
    /// ```yaml artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml
    /// filestores:
    /// - base: gs://k8s-staging-tool/releases/
    /// - base: gs://k8s-artifacts-prod/binaries/tool/
    ///   service-account: k8s-infra-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml
    /// filestores:
    /// - base: gs://k8s-staging-tool/releases/
    ///   src: true
    /// - base: gs://k8s-artifacts-prod/binaries/tool/
    ///   service-account: k8s-infra-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    pub static RULE = {
        name: "filestore-source-count",
        category: Files,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(manifest) = context.file.file_promoter() else { return };
    let mut sources = manifest.sources();
    let first = sources.next();
    if let Some(first) = first {
        for second in sources {
            let finding = Finding::new(context.source(), source_range(second), "a second source; the promoter refuses a manifest with two");
            let finding = finding.help("keep `src: true` on the staging bucket only");
            findings.push(finding.related(context.source(), source_range(first), "the first source"));
        }
    }
    if manifest.destinations().next().is_none() {
        let Some(first) = first.filter(|first| super::is_sure(context.file, list_range(first))) else { return };
        let finding =
            Finding::new(context.source(), first.range(), "no destination stands beside the source, so there is nowhere to promote to");
        findings.push(finding.help("add the production bucket, with its service account"));
    }
    if let (None, Some(likely)) = (first, missing_source(context.file, manifest, context.policy())) {
        let range = super::misspelled(context.file, likely.node, "src").or(likely.source_entry.map(|entry| entry.range()));
        let message = "no filestore is the source, so the promoter refuses the manifest";
        let finding = Finding::new(context.source(), range.unwrap_or_else(|| likely.range()), message);
        findings.push(finding.help("write `src: true` below the base of the staging bucket"));
    }
}

/// The filestore that should be the source, in a manifest that surely has none.
pub(super) fn missing_source<'f, 'a>(
    file: &File<'_>,
    manifest: &'f FilePromoterManifest<'a>,
    policy: &Policy,
) -> Option<&'f Filestore<'a>> {
    let stores = &manifest.filestores;
    let first = stores.first()?;
    if manifest.sources().next().is_some() || !super::is_sure(file, list_range(first)) {
        return None;
    }
    let misspelled = stores.iter().find(|store| super::misspelled(file, store.node, "src").is_some());
    let denied = || stores.iter().find(|store| store.source_entry.is_some());
    let staging = || stores.iter().find(|store| super::is_staging(store, policy));
    let without_account = || stores.iter().find(|store| store.service_account.is_none());
    misspelled.or_else(denied).or_else(staging).or_else(without_account).or(Some(first))
}

fn source_range(filestore: &Filestore<'_>) -> promolint_syntax::TextRange {
    filestore.source_entry.map_or_else(|| filestore.range(), |entry| entry.range())
}

/// The whole file: what cannot be read anywhere in it may be what is missing.
fn list_range(filestore: &Filestore<'_>) -> promolint_syntax::TextRange {
    let text = filestore.node.document().text();
    promolint_syntax::TextRange::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX))
}
