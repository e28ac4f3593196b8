use crate::file::FileKind;
use crate::policy::{DeclaredIn, capture};
use crate::repository::{FileContext, Half};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The name of a staging project is too long.
    ///
    /// A project of its own is called `k8s-staging-<name>`, and the ID of a cloud project has at most 30
    /// characters, so `<name>` has at most 18. The project's group has the same limit. Folders of the shared
    /// staging registry may be longer.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml
    /// registries:
    /// - name: gcr.io/k8s-staging-widget-inventory-controller
    ///   src: true
    /// - name: asia-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-northeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-northeast2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: australia-southeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-north1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-southwest1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west3-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west4-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west8-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west9-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west10-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: southamerica-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-central1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east4-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east5-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-west2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml
    /// registries:
    /// - name: gcr.io/k8s-staging-widget
    ///   src: true
    /// - name: asia-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-northeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: asia-northeast2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: australia-southeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-north1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-southwest1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west3-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west4-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west8-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west9-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: europe-west10-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: southamerica-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-central1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east4-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-east5-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// - name: us-west2-docker.pkg.dev/k8s-artifacts-prod/images/widget
    ///   service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    pub static RULE = {
        name: "project-name-length",
        category: Tree,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    for (registry, source) in super::known_sources(context) {
        if let Some(limit) = exceeded(source.project, source.policy.name_limit) {
            let message = format!("`{}` is too long for a staging project of its own, which cannot be created", source.project);
            let help = format!("shorten the name to {limit} characters, or use a folder of the shared staging registry");
            findings.push(Finding::new(context.source(), registry.range(), message).help(help));
        }
    }
    match context.source().kind() {
        FileKind::Images => check_directory(context, findings),
        FileKind::Groups => check_groups(context, findings),
        FileKind::Infra => check_projects(context, findings),
        _ => {}
    }
}

fn exceeded(name: &str, limit: Option<usize>) -> Option<usize> {
    limit.filter(|limit| name.chars().count() > *limit)
}

/// Before there is a manifest, the directory tells the project's name; with a shared registry around
/// it may be a folder of that.
fn check_directory(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = &context.policy().images;
    let Some(place) = context.file.place.filter(|place| place.is_in_project() && place.half == Half::Images) else { return };
    let tree = context.repository.image_trees.iter().find(|tree| tree.root == place.root);
    let has_manifest = tree.and_then(|tree| tree.projects.get(place.directory)).is_some_and(|project| project.manifest.is_some());
    if has_manifest || context.repository.facts.registries.is_some() || !context.repository.is_complete {
        return;
    }
    let Some(project) = policy.directory_project(place.directory) else { return };
    let limit = policy.sources.iter().filter_map(|source| exceeded(project, source.name_limit)).max();
    if let Some(limit) = limit.filter(|_| !policy.retired_directories.iter().any(|retired| retired == place.directory)) {
        let message = format!("`{project}` is too long for a staging project of its own, which cannot be created");
        findings.push(
            Finding::new(context.source(), context.source().first_line(), message).help(format!("shorten the name to {limit} characters")),
        );
    }
}

fn check_groups(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = &context.policy().groups;
    for (address, declared) in context.repository.facts.groups.iter().flatten() {
        let name = capture(&policy.pattern, address).unwrap_or_default();
        let Some(limit) = exceeded(name, policy.name_limit) else { continue };
        if context.repository.file(declared.file).source.path() == context.source().path() {
            let message = format!("`{name}` is too long for the name of a staging group; the test of the groups fails");
            findings.push(Finding::new(context.source(), declared.range, message).help(format!("abbreviate it to {limit} characters")));
        }
    }
}

fn check_projects(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = &context.policy().images;
    for (id, declared) in context.repository.facts.projects.iter().flatten() {
        let Some(name) = policy.directory_project(id) else { continue };
        let limit = policy
            .sources
            .iter()
            .filter(|source| source.declared_in == Some(DeclaredIn::Infra))
            .find_map(|source| exceeded(name, source.name_limit));
        if let Some(limit) = limit.filter(|_| context.repository.file(declared.file).source.path() == context.source().path()) {
            let message = format!("`{name}` is too long for a staging project of its own, which cannot be created");
            findings.push(Finding::new(context.source(), declared.range, message).help(format!("shorten it to {limit} characters")));
        }
    }
}
