use foldhash::{HashMap, HashMapExt, HashSet};

use crate::diagnostic::Severity;
use crate::history::Change;
use crate::model::{Digest, ImageTagsFile, Model, TaggedImage, Version, Word};
use crate::policy::matches_any;
use crate::repository::File;
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::rules::images::shorten;

declare_rule! {
    /// A tag that was promoted must stay on its digest.
    ///
    /// Production never moves a tag: the change is merged, the promotion after it stops with an error, and
    /// it stops for everybody until the move is taken back. That holds for tags like `latest` or `v1.2` as
    /// well. The rule needs the state before the change, so it speaks only where a change is judged
    /// (`--since`). A tag that stood on something that is no digest was never promoted; putting it right is
    /// no move.
    ///
    /// In Kubeflow's `image_tags.yaml`, release tags and shared tags are moved on purpose; any other tag names
    /// one build, and its move is a warning.
    ///
    /// ## Bad
    /// ```yaml before registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.2.0", "v1.2"]
    /// ```
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.2.0"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.1", "v1.2"]
    /// ```
    ///
    /// ## Good
    /// ```yaml before registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.2.0"]
    /// ```
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.2.0"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.1"]
    /// ```
    pub static RULE = {
        name: "tag-moved",
        category: History,
        severity: Error,
        in_frozen_trees: true,
        check: Check::Change(check),
    }
}

fn check(change: &Change<'_>, findings: &mut Findings) {
    for dropped in &change.entries.dropped {
        let Some(successor) = change.entries.successor(dropped).filter(|_| !change.entries.stands(dropped)) else { continue };
        let Some(tag) = successor.tag else { continue };
        let message = format!(
            "tag `{}` of {} was promoted on `{}`; production never moves a tag, so the promotion stops for everybody",
            tag.value,
            successor.name(),
            shorten(dropped.digest())
        );
        let mut finding = Finding::new(successor.file.source, tag.range(), message);
        finding = finding.help(format!("leave the tag on `{}` and give the new digest a tag of its own", dropped.digest()));
        if let Some(old) = change.entries.left(dropped).next() {
            finding = finding.related(old.file.source, old.promoted.digest.range(), "the digest that was promoted with the tag");
        }
        findings.push(finding);
    }
    for (changed, file) in change.files_after() {
        let before = changed.before.map(|id| change.before.file(id)).and_then(image_tags);
        if let (Some(before), Some(after)) = (before, image_tags(file)) {
            check_image_tags(change, file, before, after, findings);
        }
    }
}

fn image_tags<'f, 'a>(file: &'f File<'a>) -> Option<&'f ImageTagsFile<'a>> {
    if let Model::ImageTags(tags) = &file.model { Some(tags) } else { None }
}

fn check_image_tags(change: &Change<'_>, file: &File<'_>, before: &ImageTagsFile<'_>, after: &ImageTagsFile<'_>, findings: &mut Findings) {
    let shared = &change.after.policy.images.shared_tags;
    let is_fixed = |tag: &str| !matches_any(shared, tag) && !Version::parse(tag).is_some_and(|version| version.has_v);
    let mut known: HashMap<(&str, &str), &str> = HashMap::new();
    for (image, digest, tag) in before.images.iter().flat_map(tagged) {
        known.insert((image, tag.as_str()), digest);
    }
    // A tag that still stands on its digest as well is another rule's matter.
    let standing: HashSet<(&str, &str, &str)> =
        after.images.iter().flat_map(tagged).map(|(image, digest, tag)| (image, digest, tag.as_str())).collect();
    for (image, digest, tag) in after.images.iter().flat_map(tagged).filter(|(_, _, tag)| is_fixed(tag.as_str())) {
        let Some(old) = known.get(&(image, tag.as_str())).filter(|old| **old != digest) else { continue };
        if standing.contains(&(image, *old, tag.as_str())) {
            continue;
        }
        let message = format!("tag `{}` of {image} was on `{}`; who pulls it gets another build", tag.value, shorten(old));
        let finding = Finding::new(file.source, tag.range(), message).severity(Severity::Warning);
        findings.push(finding.help("give the new build a tag of its own"));
    }
}

/// Image, digest and tag of all that can be tagged.
fn tagged<'f>(image: &'f TaggedImage<'_>) -> impl Iterator<Item = (&'f str, &'f str, &'f Word<'f>)> {
    let named = image.name.iter().flat_map(|name| image.versions.iter().map(move |version| (name.as_str(), version)));
    let with_digest = named.filter_map(|(name, version)| Some((name, version.digest.as_ref()?.as_str(), version)));
    let valid = with_digest.filter(|(_, digest, _)| Digest::parse(digest).is_ok());
    valid.flat_map(|(name, digest, version)| version.tags.iter().map(move |tag| (name, digest, tag)))
}
