use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt};

use crate::history::{Change, Entry};
use crate::model::{Digest, Image, Word};
use crate::policy::ImagePolicy;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// One digest stands under two images of a file.
    ///
    /// Different images have different content, so one of them gets the other's: the usual cause is
    /// copy and paste. Images that are the same on purpose are named in the policy, and an image may
    /// share its digest with its own single-architecture image, unless one change adds both (`--since`):
    /// then the image of one architecture got the digest of the list of all, or the other way round.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget-agent
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// - name: widget-server
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget-agent
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// - name: widget-server
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "digest-under-two-images",
        category: Images,
        severity: Warning,
        check: Check::File(check),
        check_change: check_change,
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = &context.policy().images;
    let mut seen: HashMap<&str, Vec<(&str, &Word<'_>)>> = HashMap::with_capacity(super::all_entries(context.file).count());
    for image in super::images(context.file).iter().filter(|image| image.name.is_some()) {
        for entry in image.entries().filter(|entry| Digest::parse(&entry.digest.value).is_ok()) {
            let uses = seen.entry(entry.digest.as_str()).or_default();
            let foreign = uses.iter().find(|(name, _)| !may_share(policy, name, image.name_str()));
            if let Some((name, first)) = foreign {
                findings.push(finding(context, image, name, &entry.digest, first));
            }
            uses.push((image.name_str(), &entry.digest));
        }
    }
}

/// An image and one of its architectures that got the same digest in one change.
fn check_change(change: &Change<'_>, findings: &mut Findings) {
    let policy = &change.after.policy.images;
    let mut by_digest: BTreeMap<(&str, &str), Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in change.entries.added.iter().filter(|entry| !change.stood(entry)) {
        by_digest.entry((entry.file.source.path(), entry.digest())).or_default().push(entry);
    }
    for entries in by_digest.into_values() {
        let mut told = BTreeSet::new();
        for child in &entries {
            let parent = entries.iter().find(|parent| policy.is_architecture_of(child.name(), parent.name()));
            let Some(parent) = parent.filter(|_| told.insert(child.name())) else { continue };
            let (digest, other) = (&child.promoted.digest, &parent.promoted.digest);
            let message = format!(
                "{} got the same digest as {} in one change; an image of one architecture has another digest than the list of all",
                child.name(),
                parent.name()
            );
            let finding = Finding::new(child.file.source, digest.range(), message).help("copy the digest of each image from staging");
            findings.push(finding.related(parent.file.source, other.range(), format!("it stands under {} here", parent.name())));
        }
    }
}

fn finding(context: &FileContext<'_>, image: &Image<'_>, other: &str, digest: &Word<'_>, first: &Word<'_>) -> Finding {
    let message = format!("the digest stands under {other} and under {}; one of the two gets the other's image", image.name_str());
    let finding = Finding::new(context.source(), digest.range(), message);
    finding.help("copy the digest of the right image from staging").related(
        context.source(),
        first.range(),
        format!("it stands under {other} here"),
    )
}

/// Whether two images may have one digest: the same, an image and one of its architectures, or a
/// family of the policy.
fn may_share(policy: &ImagePolicy, a: &str, b: &str) -> bool {
    a == b
        || policy.is_architecture_of(a, b)
        || policy.is_architecture_of(b, a)
        || policy.same_image.iter().any(|family| family.iter().any(|name| name == a) && family.iter().any(|name| name == b))
}
