use crate::file::FileKind;
use crate::repository::{FileContext, Half, join};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A file of a promotion tree stands where the promoter does not look for it.
    ///
    /// It reads `images/<dir>/images.yaml` and `manifests/<dir>/promoter-manifest.yaml`, for files
    /// `filestores/<dir>/filepromoter-manifest.yaml` and `manifests/<dir>/<release>.yaml`. What stands elsewhere
    /// promotes nothing; beside the files of a release, the promoter reads whatever lies there and stops where it
    /// is none.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/promoter-manifest.yaml
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
        name: "misplaced-file",
        category: Tree,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let (half, name) = match context.source().kind() {
        FileKind::Images => (Half::Images, "images.yaml"),
        FileKind::PromoterManifest => (Half::Manifests, "promoter-manifest.yaml"),
        FileKind::FilePromoterManifest => (Half::Filestores, "filepromoter-manifest.yaml"),
        FileKind::FileManifest => (Half::Manifests, ""),
        _ => return,
    };
    let place = context.file.place;
    let is_right = place.is_some_and(|place| place.half == half && place.is_in_project() && (name.is_empty() || place.name == name));
    if is_right {
        return;
    }
    let root = place.map_or_else(|| context.source().path().rsplit_once('/').map_or("", |(directory, _)| directory), |place| place.root);
    let directory = place.map(|place| place.directory.split('/').next().unwrap_or_default()).filter(|directory| !directory.is_empty());
    let expected = join(
        root,
        &format!("{}/{}/{}", half.name(), directory.unwrap_or("<project>"), if name.is_empty() { context.source().name() } else { name }),
    );
    let message = format!("`{}` stands where the promoter does not look for it; nothing is promoted by it", context.source().path());
    findings.push(Finding::new(context.source(), context.source().first_line(), message).help(format!("move it to `{expected}`")));
}
