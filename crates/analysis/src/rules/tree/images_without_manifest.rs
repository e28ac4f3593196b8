use crate::repository::{Repository, join};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// An images.yaml has no promoter manifest in the directory of the same name.
    ///
    /// The promoter does not read it, and nothing of it is promoted. Directories of retired projects stand in
    /// the policy.
    ///
    /// ## Bad
    /// ```text registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml absent
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
        name: "images-without-manifest",
        category: Tree,
        severity: Warning,
        check: Check::Repository(check),
    }
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    if !repository.is_complete {
        return;
    }
    for tree in repository.live_image_trees() {
        for (directory, project) in &tree.projects {
            let (Some(images), None) = (project.images, project.manifest) else { continue };
            if repository.policy.images.retired_directories.iter().any(|retired| retired == directory) {
                continue;
            }
            let source = repository.file(images).source;
            let place = source.first_line();
            let expected = join(tree.root, &format!("manifests/{directory}/promoter-manifest.yaml"));
            let message = format!("`{expected}` is missing; nothing of this file is promoted");
            findings.push(Finding::new(source, place, message).help("add the manifest, or rename the directory to the manifest's"));
        }
    }
}
