use std::collections::BTreeMap;

use crate::model::{Filestore, Location};
use crate::policy::{Policy, capture, fill};
use crate::repository::{File, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The filestores of a project are its own: its staging bucket, its place in production.
    ///
    /// A manifest that was copied from another project and not changed everywhere promotes that
    /// project's files, or overwrites them. Told are: a source in another project's staging bucket (the
    /// policy has the pattern of its name), a destination in a staging bucket, and a destination that
    /// is another project's too.
    ///
    /// ## Bad
    /// ```yaml artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml
    /// filestores:
    /// - base: gs://k8s-staging-gadget/releases/
    ///   src: true
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
        name: "filestore-mismatch",
        category: Files,
        severity: Warning,
        check: Check::Repository(check),
    }
}

/// A destination and whose it is.
struct Claim<'r, 'a> {
    file: &'r File<'a>,
    filestore: &'r Filestore<'a>,
    directory: &'a str,
    /// Whether the place has the name of the project.
    is_named_after: bool,
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    let policy = repository.policy;
    let mut claims: BTreeMap<Location<'_>, Vec<Claim<'_, '_>>> = BTreeMap::new();
    for tree in &repository.file_trees {
        for (directory, project) in &tree.projects {
            let Some(file) = project.promoter.map(|id| repository.file(id)) else { continue };
            let Some(manifest) = file.file_promoter() else { continue };
            let name = capture(&policy.images.directory, directory);
            for source in manifest.sources() {
                check_source(file, source, name, policy, findings);
            }
            for filestore in manifest.destinations() {
                let Some(location) = filestore.location() else { continue };
                if manifest.sources().next().is_some() && capture(&policy.files.staging_bucket, location.bucket).is_some() {
                    let message = format!("`{}` is a staging bucket, so the files never reach production", location.bucket);
                    let finding = Finding::new(file.source, filestore.range(), message);
                    findings.push(finding.help("the destination is the production bucket, the source the staging bucket"));
                }
                let is_named_after = location.prefix.contains(name.unwrap_or(directory));
                claims.entry(location).or_default().push(Claim { file, filestore, directory, is_named_after });
            }
        }
    }
    for (location, claims) in claims {
        check_claims(&location, &claims, findings);
    }
}

fn check_source(file: &File<'_>, source: &Filestore<'_>, own: Option<&str>, policy: &Policy, findings: &mut Findings) {
    let Some(location) = source.location() else { return };
    let (Some(own), Some(found)) = (own, capture(&policy.files.staging_bucket, location.bucket)) else { return };
    if own != found {
        let message = format!("the source is the staging bucket of `{found}`, so files of another project than `{own}` are promoted");
        let finding = Finding::new(file.source, source.range(), message);
        findings.push(finding.help(format!("read from `{}://{}/`", location.scheme, fill(&policy.files.staging_bucket, own))));
    }
}

/// Tells the projects that have taken another one's place.
fn check_claims(location: &Location<'_>, claims: &[Claim<'_, '_>], findings: &mut Findings) {
    let Some(owner) = claims.iter().find(|claim| claim.is_named_after).or(claims.first()) else { return };
    for claim in claims.iter().filter(|claim| claim.directory != owner.directory) {
        let message = format!(
            "`{}` is the destination of `{}` too, so one project can overwrite the other's files",
            location.join(""),
            owner.directory
        );
        let finding = Finding::new(claim.file.source, claim.filestore.range(), message).help("give each project a path of its own");
        findings.push(finding.related(owner.file.source, owner.filestore.range(), format!("the destination of `{}`", owner.directory)));
    }
}
