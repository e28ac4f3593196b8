use std::collections::BTreeSet;
use std::collections::hash_map::Entry as Slot;

use foldhash::{HashMap, HashMapExt, HashSet};

use crate::history::{Change, Entry};
use crate::model::{Digest, Image, Model, Word};
use crate::policy::ImagePolicy;
use crate::repository::{File, FileContext};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// One digest stands under two images of a file.
    ///
    /// Different images have different content, so one of them gets the other's: the usual cause is
    /// copy and paste. Images that are the same on purpose are named in the policy, and an image may
    /// share its digest with its own single-architecture image, unless a change (`--since`) adds both or
    /// departs from what was the habit of the two: then the one got the digest of the other by mistake. A digest
    /// that a change adds and another project promotes already, under another name, is told as well.
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

/// An image with a digest of it.
type Use<'f> = (&'f str, &'f Word<'f>);

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = &context.policy().images;
    // Nearly all digests have one use: only further ones cost an allocation.
    let mut seen: HashMap<&str, (Use<'_>, Vec<Use<'_>>)> = HashMap::with_capacity(super::all_digests(context.file).count());
    for own in uses(context.file).filter(|(_, digest)| Digest::parse(digest.as_str()).is_ok()) {
        let (first, further) = match seen.entry(own.1.as_str()) {
            Slot::Vacant(slot) => {
                slot.insert((own, Vec::new()));
                continue;
            }
            Slot::Occupied(slot) => slot.into_mut(),
        };
        let foreign = std::iter::once(&*first).chain(&*further).find(|(name, _)| !may_share(policy, name, own.0));
        if let Some(other) = foreign {
            findings.push(finding(context, own, *other));
        }
        further.push(own);
    }
}

/// The images of a file that have a name, with their digests.
fn uses<'f>(file: &'f File<'_>) -> impl Iterator<Item = Use<'f>> {
    let tagged = if let Model::ImageTags(tags) = file.model { tags.images.as_slice() } else { &[] };
    let versions = tagged.iter().filter_map(|image| Some((image.name.as_ref()?.as_str(), &image.versions)));
    let versions = versions.flat_map(|(name, versions)| versions.iter().filter_map(move |version| Some((name, version.digest.as_ref()?))));
    let images = file.image_list().iter().filter(|image| image.name.is_some());
    images.flat_map(|image| image.entries().map(|entry| (image.name_str(), &entry.digest))).chain(versions)
}

fn check_change(change: &Change<'_>, findings: &mut Findings) {
    let added: Vec<&Entry<'_>> = change.entries.added.iter().filter(|entry| !change.entries.stood(entry)).collect();
    check_architectures(change, &added, findings);
    check_projects(change, &added, findings);
}

/// New digests that another project promotes, under another name.
fn check_projects(change: &Change<'_>, added: &[&Entry<'_>], findings: &mut Findings) {
    let policy = &change.after.policy.images;
    let added: Vec<&Entry<'_>> =
        added.iter().copied().filter(|entry| !entry.file.is_frozen && change.entries.came_from(entry).is_none()).collect();
    let digests: HashSet<&str> = added.iter().map(|entry| entry.digest()).collect();
    if digests.is_empty() {
        return;
    }
    let mut standing: HashMap<&str, Vec<(&File<'_>, Use<'_>)>> = HashMap::new();
    for file in change.after.files.iter().filter(|file| !file.is_frozen && !file.image_list().is_empty()) {
        for found in uses(file).filter(|(_, digest)| digests.contains(digest.as_str())) {
            standing.entry(found.1.as_str()).or_default().push((file, found));
        }
    }
    let copies = |own: &File<'_>, other: &File<'_>| {
        let (Some(own), Some(other)) = (own.place, other.place) else { return false };
        policy.copies.get(own.directory).is_some_and(|originals| originals.iter().any(|original| original == other.directory))
    };
    let mut told = BTreeSet::new();
    for entry in added {
        let others = standing.get(entry.digest()).into_iter().flatten();
        let mut others = others.filter(|(file, (name, _))| {
            let is_other = file.source.path() != entry.file.source.path() && !may_share(policy, name, entry.name());
            is_other && !copies(entry.file, file) && !copies(file, entry.file)
        });
        let Some((file, (name, digest))) = others.next().filter(|_| told.insert(entry.digest())) else { continue };
        let message = format!(
            "the digest that {} gets here is promoted as {name} by another project; one of the two gets the other's image",
            entry.name()
        );
        let finding =
            Finding::new(entry.file.source, entry.promoted.digest.range(), message).help("copy the digest of the right image from staging");
        findings.push(finding.related(file.source, digest.range(), format!("it stands under {name} here")));
    }
}

/// An image and one of its architectures that got one digest, where they differed until now or are both new.
fn check_architectures(change: &Change<'_>, added: &[&Entry<'_>], findings: &mut Findings) {
    let policy = &change.after.policy.images;
    let mut told = BTreeSet::new();
    for entry in added {
        let is_kin = |name: &str| policy.is_architecture_of(entry.name(), name) || policy.is_architecture_of(name, entry.name());
        let kin = entry.file.image_list().iter().filter(|image| is_kin(image.name_str()));
        let mut uses = kin.flat_map(|image| image.entries().map(move |other| (image, other)));
        let Some((image, other)) = uses.find(|(_, other)| other.digest.value == entry.promoted.digest.value) else { continue };
        let both_new = || added.iter().any(|added| std::ptr::eq(added.promoted, other));
        let is_expected = match habit(change, entry, image) {
            Habit::Same => true,
            Habit::Different => false,
            Habit::Unknown => !both_new(),
        };
        let mut names = [entry.name(), image.name_str()];
        names.sort_unstable();
        if is_expected || !told.insert((entry.file.source.path(), entry.digest(), names)) {
            continue;
        }
        let [parent, child] = names;
        let message = format!("{child} has the digest of {parent}; an image of one architecture has another one than the list of all");
        // The list of all is the more likely one to be right.
        let (blamed, right) = if both_new() && child != entry.name() { (other, entry.promoted) } else { (entry.promoted, other) };
        let finding = Finding::new(entry.file.source, blamed.digest.range(), message).help("copy the digest of each image from staging");
        findings.push(finding.related(entry.file.source, right.digest.range(), "the same digest"));
    }
}

/// Whether an image and the one of an architecture had the same digests before the change.
enum Habit {
    Same,
    Different,
    Unknown,
}

fn habit(change: &Change<'_>, entry: &Entry<'_>, kin: &Image<'_>) -> Habit {
    let before = change.file(entry.file.source.path()).and_then(|file| file.before).map(|id| change.before.file(id));
    let entries = |name: &str| {
        let images = before.map_or(&[][..], |file| file.image_list()).iter();
        images.filter(move |image| image.name_str() == name).flat_map(Image::entries).collect::<Vec<_>>()
    };
    let (own, others) = (entries(entry.name()), entries(kin.name_str()));
    let digests: HashSet<&str> = others.iter().map(|entry| entry.digest.as_str()).collect();
    if own.iter().any(|entry| digests.contains(entry.digest.as_str())) {
        return Habit::Same;
    }
    let tags: HashSet<&str> = others.iter().flat_map(|entry| &entry.tags).map(Word::as_str).collect();
    if own.iter().flat_map(|entry| &entry.tags).any(|tag| tags.contains(tag.as_str())) { Habit::Different } else { Habit::Unknown }
}

fn finding(context: &FileContext<'_>, (image, digest): Use<'_>, (other, first): Use<'_>) -> Finding {
    let message = format!("the digest stands under {other} and under {image}; one of the two gets the other's image");
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
