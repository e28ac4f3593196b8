use std::collections::BTreeMap;

use crate::file::FileKind;
use crate::model::{Model, TaggedImage, Word};
use crate::policy::matches_any;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A tag that moves by its nature, like `latest`, must not be promoted.
    ///
    /// Tags are immutable in production: with the next release the tag is on another digest, and the
    /// promotion stops for everybody. In Kubeflow's `image_tags.yaml` such a tag may stand once.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0", "latest"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "latest-tag",
        category: Images,
        severity: Warning,
        on_change: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = &context.policy().images;
    if let Model::ImageTags(file) = context.file.model {
        for image in &file.images {
            check_shared(context, image, &policy.shared_tags, findings);
        }
    }
    if context.source().kind() == FileKind::ImageTags {
        return;
    }
    for tag in super::all_tags(context.file).filter(|tag| matches_any(&policy.moving_tags, &tag.value)) {
        let message =
            format!("tag `{}` moves by its nature; tags in production cannot, so the next release would stop the promotion", tag.value);
        findings.push(Finding::new(context.source(), tag.range(), message).help("promote the version's own tag only"));
    }
}

/// A shared tag on several digests of an image: which of them is meant, nobody can tell.
fn check_shared(context: &FileContext<'_>, image: &TaggedImage<'_>, shared: &[String], findings: &mut Findings) {
    let mut first: BTreeMap<&str, &Word<'_>> = BTreeMap::new();
    let mut told = Vec::new();
    for tag in image.versions.iter().flat_map(|version| &version.tags).filter(|tag| matches_any(shared, &tag.value)) {
        let Some(known) = first.insert(tag.as_str(), tag) else { continue };
        if told.contains(&tag.as_str()) {
            continue;
        }
        told.push(tag.as_str());
        let name = image.name.as_ref().map_or("", Word::as_str);
        let message = format!("tag `{}` stands on several digests of {name}; which of them it means is left to chance", tag.value);
        let finding = Finding::new(context.source(), tag.range(), message).help("keep the tag on the newest digest only");
        findings.push(finding.related(context.source(), known.range(), "it also stands here"));
    }
}
