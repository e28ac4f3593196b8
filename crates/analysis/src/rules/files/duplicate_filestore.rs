use foldhash::{HashMap, HashMapExt};

use crate::model::{Filestore, Location};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A place stands once among the filestores of a manifest.
    ///
    /// A destination that is the source too promotes files onto themselves, and nothing reaches users; a
    /// destination named twice usually is another one's that was copied and not changed.
    ///
    /// ## Bad
    /// ```yaml artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml
    /// filestores:
    /// - base: gs://k8s-artifacts-prod/binaries/tool/
    ///   src: true
    /// - base: gs://k8s-artifacts-prod/binaries/tool
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
        name: "duplicate-filestore",
        category: Files,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(manifest) = context.file.file_promoter() else { return };
    let mut known: HashMap<Location<'_>, &Filestore<'_>> = HashMap::new();
    for filestore in &manifest.filestores {
        let Some(location) = filestore.location() else { continue };
        let Some(first) = known.get(&location) else {
            known.insert(location, filestore);
            continue;
        };
        let place = location.join("");
        let finding = match (first.is_source, filestore.is_source) {
            // Two sources are another rule's.
            (true, true) => continue,
            (false, false) => Finding::new(
                context.source(),
                filestore.range(),
                format!("`{place}` is a destination already, so its files are copied there twice"),
            )
            .help("name another place, or take this one out"),
            _ => Finding::new(
                context.source(),
                filestore.range(),
                format!("`{place}` is both source and destination, so its files are promoted onto themselves"),
            )
            .help("the source is the staging bucket, the destination the production bucket"),
        };
        findings.push(finding.related(context.source(), first.range(), "also here"));
    }
}
