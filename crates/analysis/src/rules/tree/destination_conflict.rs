use std::collections::{BTreeMap, BTreeSet};

use promolint_syntax::TextRange;

use crate::file::{FileKind, SourceFile};
use crate::model::{DigestEntry, Image};
use crate::repository::{ProductionPath, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Two projects promote different digests to one destination.
    ///
    /// Same path in production, same tag, two digests: the promoter stops with "overlapping edges".
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/manifests/k8s-staging-gadget/promoter-manifest.yaml
    /// registries:
    /// - name: us-central1-docker.pkg.dev/k8s-staging-images/gadget
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
    /// ```yaml registry.k8s.io/images/k8s-staging-gadget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.0.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-gadget/images.yaml
    /// - name: gadget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.0.0"]
    /// ```
    pub static RULE = {
        name: "destination-conflict",
        category: Tree,
        severity: Error,
        check: Check::Repository(check),
    }
}

/// An image list with the production paths it goes to.
struct Promotion<'r> {
    file: &'r SourceFile,
    images: &'r [Image<'r>],
    /// Production registry and sub-path, one for each set of regions.
    paths: BTreeSet<ProductionPath<'r>>,
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    let promotions = promotions(repository);
    // Only paths that two image lists share are compared tag by tag.
    let mut by_path: BTreeMap<(&str, String), Vec<(usize, &str)>> = BTreeMap::new();
    for (number, promotion) in promotions.iter().enumerate() {
        let names: BTreeSet<&str> = promotion.images.iter().filter(|image| image.name.is_some()).map(Image::name_str).collect();
        for path in &promotion.paths {
            for name in &names {
                by_path.entry((path.registry, path.image(name))).or_default().push((number, name));
            }
        }
    }
    let mut told = Told::new();
    for ((_, image), users) in by_path.iter().filter(|(_, users)| users.len() > 1) {
        compare(&promotions, image, users, &mut told, findings);
    }
}

/// Findings that were told already: list, digest, tag. A project may promote to several sub-paths.
type Told<'r> = BTreeSet<(usize, TextRange, &'r str)>;

/// Compares the image lists that promote to one path, tag by tag.
fn compare<'r>(promotions: &'r [Promotion<'r>], image: &str, users: &[(usize, &'r str)], told: &mut Told<'r>, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, (usize, &str, &DigestEntry<'_>)> = BTreeMap::new();
    for (number, name) in users {
        let lists = promotions[*number].images.iter().filter(|candidate| candidate.name_str() == *name);
        let entries = lists.flat_map(Image::entries);
        let tags = entries.flat_map(|entry| entry.tags.iter().filter(|tag| !tag.value.is_empty()).map(move |tag| (entry, tag)));
        for (entry, tag) in tags {
            let (first_list, first_name, first) = *seen.entry(tag.as_str()).or_insert((*number, name, entry));
            let is_own = first_list == *number && first_name == *name;
            if first.digest.value == entry.digest.value || is_own || !told.insert((*number, entry.digest.range(), tag.as_str())) {
                continue;
            }
            let message =
                format!("tag `{}` of {image} in production is on two digests; the promoter stops with \"overlapping edges\"", tag.value);
            let finding = Finding::new(promotions[*number].file, tag.range(), message);
            let finding = finding.help("give the image another name or sub-path, or remove one of the two");
            findings.push(finding.related(promotions[first_list].file, first.range(), "another digest is promoted there"));
        }
    }
}

fn promotions<'r>(repository: &'r Repository<'_>) -> Vec<Promotion<'r>> {
    let mut promotions = Vec::new();
    let projects = repository.live_image_trees().flat_map(|tree| tree.projects.values());
    for (manifest, images) in projects.filter_map(|project| Some((project.manifest?, project.images?))) {
        let (Some(promoter), Some(images)) =
            (repository.file(manifest).promoter(), repository.file(images).images().map(|list| (images, list)))
        else {
            continue;
        };
        promotions.push(Promotion {
            file: repository.file(images.0).source,
            images: &images.1.images,
            paths: repository.production_paths(promoter),
        });
    }
    for file in repository.live_files(FileKind::PlainManifest) {
        if let Some(promoter) = file.promoter() {
            promotions.push(Promotion { file: file.source, images: &promoter.images, paths: repository.production_paths(promoter) });
        }
    }
    promotions
}
