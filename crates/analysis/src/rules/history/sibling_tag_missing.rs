use std::cmp::Ordering;
use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt};

use crate::history::{Change, Entry};
use crate::model::{Image, Word};
use crate::policy::ImagePolicy;
use crate::repository::File;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Images that always got their tags together should get this one together too.
    ///
    /// An image and its single-architecture images, or the components of one release, are promoted at once; one
    /// that is forgotten cannot be pulled in that version. Images belong together if the last tags before the
    /// new one are the same for both. The rule needs the state before the change, so it speaks only where a
    /// change is judged (`--since`). An image that is dropped from a release on purpose is told once: from
    /// then on it no longer belongs to the others.
    ///
    /// ## Bad
    /// ```yaml before registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.0.0"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.1.0"]
    ///     "sha256:7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099": ["v1.2.0"]
    /// - name: widget-arm64
    ///   dmap:
    ///     "sha256:3f423eb05747726c649e7704f414ed32a6fb5e58a1f9e0e6312be524c793a601": ["v1.0.0"]
    ///     "sha256:3eaa4fa167488a273689a9d85d568a04262dc2b2925815675ce865a56dafab59": ["v1.1.0"]
    ///     "sha256:981d4a484d156273a673b3d4e130ce6a7e09d25d8275b4acef78df697a67d7b3": ["v1.2.0"]
    /// ```
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.0.0"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.1.0"]
    ///     "sha256:7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099": ["v1.2.0"]
    ///     "sha256:b5944a33a8e5a2a5b1b2c0b8a90a1de4b24b8dbbb36b4d8e6b0f1d7d1a4c5e6f": ["v1.3.0"]
    /// - name: widget-arm64
    ///   dmap:
    ///     "sha256:3f423eb05747726c649e7704f414ed32a6fb5e58a1f9e0e6312be524c793a601": ["v1.0.0"]
    ///     "sha256:3eaa4fa167488a273689a9d85d568a04262dc2b2925815675ce865a56dafab59": ["v1.1.0"]
    ///     "sha256:981d4a484d156273a673b3d4e130ce6a7e09d25d8275b4acef78df697a67d7b3": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml before registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099": ["v1.2.0"]
    /// - name: widget-arm64
    ///   dmap:
    ///     "sha256:981d4a484d156273a673b3d4e130ce6a7e09d25d8275b4acef78df697a67d7b3": ["v1.2.0"]
    /// ```
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099": ["v1.2.0"]
    ///     "sha256:b5944a33a8e5a2a5b1b2c0b8a90a1de4b24b8dbbb36b4d8e6b0f1d7d1a4c5e6f": ["v1.3.0"]
    /// - name: widget-arm64
    ///   dmap:
    ///     "sha256:981d4a484d156273a673b3d4e130ce6a7e09d25d8275b4acef78df697a67d7b3": ["v1.2.0"]
    ///     "sha256:c0ffee33a8e5a2a5b1b2c0b8a90a1de4b24b8dbbb36b4d8e6b0f1d7d1a4c5e6f": ["v1.3.0"]
    /// ```
    pub static RULE = {
        name: "sibling-tag-missing",
        category: History,
        severity: Warning,
        check: Check::Change(check),
    }
}

/// So many of the last tags must be the same for an image and its architectures to belong together.
const KIN: usize = 3;
/// As many, at least and at most, for images of other names: some have the same numbers by chance.
const OTHERS: (usize, usize) = (5, 8);
/// So many of the images without the tag are named.
const NAMED: usize = 3;

fn check(change: &Change<'_>, findings: &mut Findings) {
    let policy = &change.after.policy.images;
    for (changed, file) in change.files_after() {
        let Some(before) = changed.before.map(|id| change.before.file(id)) else { continue };
        let added = change.entries.added.iter().filter(|entry| std::ptr::eq(entry.file, file) && !file.is_frozen);
        let mut by_tag: BTreeMap<&str, Vec<&Entry<'_>>> = BTreeMap::new();
        for entry in added.filter(|entry| entry.tag.is_some()) {
            by_tag.entry(entry.tag_str()).or_default().push(entry);
        }
        if by_tag.is_empty() {
            continue;
        }
        let (old, new) = (tags(before), tags(file));
        for (tag, entries) in by_tag {
            let has = |tags: &Tags<'_>, name: &str| tags.get(name).is_some_and(|tags| tags.contains(&tag));
            // The tag must be new to the image: it was not on another digest before.
            let is_new = |entry: &&Entry<'_>| old.contains_key(entry.name()) && !has(&old, entry.name());
            let got: Vec<&Entry<'_>> = entries.into_iter().filter(is_new).collect();
            let mut latest = Latest { tags: &old, tag, known: HashMap::new() };
            let lacking = old.keys().copied().filter(|name| new.contains_key(name) && !has(&new, name));
            // The forgotten architectures of an image are told at that image, all others at the first one.
            let mut forgotten: BTreeMap<(bool, &str), (&Entry<'_>, Vec<&str>)> = BTreeMap::new();
            for name in lacking {
                let Some(sibling) = sibling(policy, &mut latest, name, &got) else { continue };
                let is_kin = is_kin(policy, name, sibling);
                let family = if is_kin { stem(policy, name) } else { "" };
                forgotten.entry((is_kin, family)).or_insert_with(|| (sibling, Vec::new())).1.push(name);
            }
            for (first, missing) in forgotten.values() {
                findings.push(finding(file, first, missing));
            }
        }
    }
}

fn finding(file: &File<'_>, first: &Entry<'_>, missing: &[&str]) -> Finding {
    let mut names = missing[..missing.len().min(NAMED)].join(", ");
    if missing.len() > NAMED {
        names.push_str(" and others");
    }
    let message = format!(
        "tag `{}` of {} is missing for {names}, which had the same last tags; nobody can pull that version there",
        first.tag_str(),
        first.name()
    );
    let range = first.tag.map_or_else(|| first.promoted.range(), Word::range);
    let mut finding = Finding::new(file.source, range, message).help("add the entries that are missing, if the images were built");
    for name in missing {
        if let Some(image) = file.image_list().iter().find(|image| image.name_str() == *name) {
            finding = finding.related(file.source, image.range(), "no such tag here");
        }
    }
    finding
}

/// The tags of each image.
type Tags<'f> = BTreeMap<&'f str, Vec<&'f str>>;

fn tags<'f>(file: &'f File<'_>) -> Tags<'f> {
    let mut tags = Tags::new();
    for image in file.image_list().iter().filter(|image| image.name.is_some()) {
        tags.entry(Image::name_str(image)).or_default().extend(image.entries().flat_map(|entry| &entry.tags).map(Word::as_str));
    }
    tags
}

/// The last releases of each image before a tag, latest first.
struct Latest<'f, 't> {
    tags: &'t Tags<'f>,
    tag: &'t str,
    known: HashMap<&'t str, Vec<&'f str>>,
}

impl<'f, 't> Latest<'f, 't> {
    fn of(&mut self, name: &'t str) -> &[&'f str] {
        self.known.entry(name).or_insert_with(|| {
            let until = Release::of(self.tag);
            let releases = self.tags.get(name).into_iter().flatten().map(|tag| Release::of(tag));
            let mut earlier: Vec<Release<'_>> = releases.filter(|release| release.kind == until.kind && *release < until).collect();
            earlier.sort_unstable_by(|a, b| b.cmp(a));
            earlier.dedup();
            earlier.into_iter().take(OTHERS.1).map(|release| release.tag).collect()
        })
    }
}

/// The entry that shows what an image lacks: of an image that had the same tags, one of its own architectures first.
fn sibling<'e, 't>(policy: &ImagePolicy, latest: &mut Latest<'_, 't>, name: &'t str, got: &[&'e Entry<'t>]) -> Option<&'e Entry<'t>> {
    let own = latest.of(name).to_vec();
    let mut siblings = got.iter().copied().filter(|entry| entry.name() != name).filter(|entry| {
        let (least, most) = if is_kin(policy, name, entry) { (KIN, KIN) } else { OTHERS };
        let other = latest.of(entry.name());
        // The younger of two images has fewer tags.
        let length = own.len().min(other.len()).min(most);
        length >= least && own[..length] == other[..length]
    });
    let first = siblings.next()?;
    Some(std::iter::once(first).chain(siblings).find(|entry| is_kin(policy, name, entry)).unwrap_or(first))
}

/// Whether an entry's image is the same as another but for the architecture.
fn is_kin(policy: &ImagePolicy, name: &str, entry: &Entry<'_>) -> bool {
    stem(policy, name) == stem(policy, entry.name())
}

/// The name of an image without its architecture.
fn stem<'n>(policy: &ImagePolicy, name: &'n str) -> &'n str {
    let parent = name.rsplit_once('-').map(|(parent, _)| parent);
    parent.filter(|parent| policy.is_architecture_of(name, parent)).unwrap_or(name)
}

/// A tag, in the order of releases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Release<'t> {
    /// What stands before the first number: `v`, `bullseye-v`.
    kind: &'t str,
    tag: &'t str,
}

impl<'t> Release<'t> {
    fn of(tag: &'t str) -> Self {
        let number = tag.find(|character: char| character.is_ascii_digit()).unwrap_or(tag.len());
        Self { kind: &tag[..number], tag }
    }

    /// Numbers and what stands between them. The end of a tag counts less than a further number and more
    /// than a suffix, as of a release candidate.
    fn parts(&self) -> impl Iterator<Item = Part<'t>> {
        let mut rest = &self.tag[self.kind.len()..];
        std::iter::from_fn(move || {
            let is_number = rest.starts_with(|character: char| character.is_ascii_digit());
            let end = rest.find(|character: char| character.is_ascii_digit() != is_number).unwrap_or(rest.len());
            let (part, behind) = rest.split_at(end);
            rest = behind;
            match part {
                "" => None,
                _ if is_number => Some(Part::Number(part.parse().unwrap_or(u64::MAX))),
                "." => Some(Part::Dot),
                _ => Some(Part::Word(part)),
            }
        })
        .chain([Part::End])
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Part<'t> {
    Word(&'t str),
    End,
    Dot,
    Number(u64),
}

impl Ord for Release<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.kind.cmp(other.kind).then_with(|| self.parts().cmp(other.parts())).then_with(|| self.tag.cmp(other.tag))
    }
}

impl PartialOrd for Release<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    #[test]
    fn tags_are_ordered_as_releases() {
        let mut tags = ["v1.10.0", "v1.9.0", "v1.10.0-rc.1", "v1.10.0-alpha.2", "v1.10", "1.2.3", "v1.10.1", "v20240101-abc"];
        tags.sort_by_key(|tag| Release::of(tag));
        assert_eq!(tags, ["1.2.3", "v1.9.0", "v1.10", "v1.10.0-alpha.2", "v1.10.0-rc.1", "v1.10.0", "v1.10.1", "v20240101-abc"]);
    }
}
