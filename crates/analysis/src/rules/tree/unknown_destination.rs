use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::policy::ImagePolicy;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::suggest::closest;
use strsim::damerau_levenshtein as distance;

declare_rule! {
    /// A destination is no production registry.
    ///
    /// The promoter cannot write to it, and the job fails for everybody.
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
    /// - name: europe-southeast1-docker.pkg.dev/k8s-artifacts-prod/images/widget
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
        name: "unknown-destination",
        category: Tree,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = &context.policy().images;
    if policy.destinations.is_empty() {
        return;
    }
    let is_taken = |name: &str| super::destinations(context).any(|registry| registry.name_str() == name);
    for registry in super::destinations(context) {
        let Some(name) = registry.name.as_ref().filter(|name| policy.destination(&name.value).is_none()) else { continue };
        let message = format!("`{}` is no production registry; the promoter cannot write to it", name.value);
        let finding = Finding::new(context.source(), name.range(), message);
        findings.push(match nearest(policy, &name.value, &is_taken) {
            Some(near) => {
                let repair = Repair::text(name.node, &near);
                finding.help(format!("did you mean `{near}`?")).fix(Applicability::Suggested, format!("write `{near}`"), repair)
            }
            None => finding.help("`promolint config` lists the production registries"),
        });
    }
}

/// The production registry nearest to a name, with the name's own sub-path; rather one that is not `taken`.
pub(super) fn nearest(policy: &ImagePolicy, name: &str, taken: &dyn Fn(&str) -> bool) -> Option<String> {
    let all = policy.all_destinations("");
    let forgotten = all.iter().find_map(|registry| {
        let (host, last) = registry.rsplit_once('/')?;
        let rest = name.strip_prefix(host)?.strip_prefix('/')?;
        // `…/images` was left out before the project, not mistyped.
        let is_other = closest(rest.split('/').next()?, [last]).is_none();
        is_other.then(|| format!("{registry}/{rest}"))
    });
    if forgotten.is_some() {
        return forgotten;
    }
    let depth = all.first()?.split('/').count();
    let (registry, sub_path) = match name.match_indices('/').nth(depth - 1) {
        Some((at, _)) => name.split_at(at),
        None => (name, ""),
    };
    let free = all.iter().map(String::as_str).filter(|registry| !taken(&format!("{registry}{sub_path}")));
    let near = closest(registry, all.iter().map(String::as_str))?;
    // One that is missing and as near is meant rather than one that is there.
    let near = closest(registry, free).filter(|free| distance(registry, free) <= distance(registry, near)).unwrap_or(near);
    Some(format!("{near}{sub_path}"))
}
