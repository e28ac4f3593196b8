use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt, HashSet};
use promolint_syntax::TextRange;

use crate::diagnostic::FilePath;
use crate::file::SourceFile;
use crate::history::Change;
use crate::model::{Model, Word};
use crate::policy::matches_any;
use crate::repository::{File, FileContext};
use crate::rule::{Check, Finding, Findings, declare_rule};

const OVERLAP: &str = "the promoter stops with \"overlapping edges\"";

declare_rule! {
    /// A tag of an image must stand on one digest only.
    ///
    /// The promoter stops with "overlapping edges" and promotes nothing for anybody. All entries with
    /// the same image name in a file count together. Where a change is judged (`--since`), the place that it
    /// adds is told, wherever that stands; else the second one.
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
        check_change: check_change,
    }
}

type Seen<'f> = HashMap<(&'f str, &'f str), (&'f Word<'f>, &'f str)>;

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let mut seen = Seen::with_capacity(super::all_entries(context.file).count());
    for image in context.file.image_list() {
        for entry in image.entries() {
            for tag in &entry.tags {
                judge(context, &mut seen, image.name_str(), tag, &entry.digest.value, OVERLAP, findings);
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
    findings.push(related(context.source(), finding(context.source(), image, tag, consequence), first));
}

fn finding(source: &SourceFile, image: &str, tag: &Word<'_>, consequence: &str) -> Finding {
    let message = format!("tag `{}` of {image} is on two digests; {consequence}", tag.value);
    Finding::new(source, tag.range(), message).help("keep the tag on the digest that was meant and remove it from the other")
}

fn related(source: &SourceFile, finding: Finding, other: &Word<'_>) -> Finding {
    finding.related(source, other.range(), "it stands on another digest here")
}

/// A tag that the change adds above the digest that had it before.
fn check_change(change: &Change<'_>, findings: &mut Findings) {
    let mut changed: BTreeMap<&FilePath, (&File<'_>, HashSet<TextRange>, HashSet<&str>)> = BTreeMap::new();
    for (entry, tag) in change.entries.added.iter().filter_map(|entry| Some((entry, entry.tag?))) {
        let new = || (entry.file, HashSet::default(), HashSet::default());
        let (_, added, names) = changed.entry(entry.file.source.path()).or_insert_with(new);
        added.insert(tag.range());
        names.insert(entry.name());
    }
    for (file, added, names) in changed.values() {
        let mut seen = Seen::default();
        let mut found: BTreeMap<u32, Finding> = BTreeMap::new();
        // Only images that got a tag can have one twice by the change.
        for image in file.image_list().iter().filter(|image| names.contains(image.name_str())) {
            for (entry, tag) in image.entries().flat_map(|entry| entry.tags.iter().map(move |tag| (entry, tag))) {
                let (first, digest) = *seen.entry((image.name_str(), tag.as_str())).or_insert((tag, entry.digest.as_str()));
                if digest != entry.digest.value && added.contains(&first.range()) && !added.contains(&tag.range()) {
                    let told = found.remove(&first.range().start());
                    let told = told.unwrap_or_else(|| finding(file.source, image.name_str(), first, OVERLAP));
                    found.insert(first.range().start(), related(file.source, told, tag));
                }
            }
        }
        findings.found.extend(found.into_values());
    }
}
