use foldhash::{HashMap, HashMapExt};

use crate::model::{Model, Word};
use crate::policy::matches_any;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A tag of an image must stand on one digest only.
    ///
    /// The promoter stops with "overlapping edges" and promotes nothing for anybody. All entries with
    /// the same image name in a file count together.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.2.1"]
    /// ```
    pub static RULE = {
        name: "tag-on-two-digests",
        category: Images,
        severity: Error,
        check: Check::File(check),
    }
}

type Seen<'f> = HashMap<(&'f str, &'f str), (&'f Word<'f>, &'f str)>;

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let mut seen = Seen::with_capacity(super::all_entries(context.file).count());
    for image in context.file.image_list() {
        for entry in image.entries() {
            for tag in &entry.tags {
                judge(
                    context,
                    &mut seen,
                    image.name_str(),
                    tag,
                    &entry.digest.value,
                    "the promoter stops with \"overlapping edges\"",
                    findings,
                );
            }
        }
    }
    let Model::ImageTags(file) = context.file.model else { return };
    let shared = &context.policy().images.shared_tags;
    for image in &file.images {
        let Some(name) = &image.name else { continue };
        for version in &image.versions {
            let Some(digest) = &version.digest else { continue };
            for tag in version.tags.iter().filter(|tag| !matches_any(shared, &tag.value)) {
                judge(context, &mut seen, &name.value, tag, &digest.value, "which of them is pulled is left to chance", findings);
            }
        }
    }
}

fn judge<'f>(
    context: &FileContext<'_>,
    seen: &mut Seen<'f>,
    image: &'f str,
    tag: &'f Word<'f>,
    digest: &'f str,
    consequence: &str,
    findings: &mut Findings,
) {
    if tag.value.is_empty() {
        return;
    }
    let (first, first_digest) = *seen.entry((image, tag.as_str())).or_insert((tag, digest));
    if first_digest == digest {
        return;
    }
    let message = format!("tag `{}` of {image} is on two digests; {consequence}", tag.value);
    let finding =
        Finding::new(context.source(), tag.range(), message).help("keep the tag on the digest that was meant and remove it from the other");
    findings.push(finding.related(context.source(), first.range(), "it stands on another digest here"));
}
