use std::collections::BTreeMap;

use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A destination is listed twice.
    ///
    /// One of the two was probably meant to be another region.
    ///
    /// ## Bad
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
        name: "duplicate-destination",
        category: Tree,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for registry in super::destinations(context) {
        let Some(name) = &registry.name else { continue };
        match seen.get(name.as_str()) {
            None => {
                seen.insert(name.as_str(), name.range());
            }
            Some(first) => {
                let message = format!("destination `{}` is listed twice", name.value);
                let finding = Finding::new(context.source(), name.range(), message).help("remove one, or put in the region that was meant");
                findings.push(finding.related(context.source(), *first, "the first one"));
            }
        }
    }
}
