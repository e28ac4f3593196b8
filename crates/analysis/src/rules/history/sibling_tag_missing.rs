use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt};

use crate::history::{Change, Entry};
use crate::model::Word;
use crate::policy::ImagePolicy;
use crate::repository::File;
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::siblings::{self, TagsByImage};

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
        let (old, new) = (TagsByImage::of(before.image_list()), TagsByImage::of(file.image_list()));
        for (tag, entries) in by_tag {
            // The tag must be new to the image: it was not on another digest before.
            let is_new = |entry: &&Entry<'_>| old.knows(entry.name()) && !old.has(entry.name(), tag);
            let got: Vec<&Entry<'_>> = entries.into_iter().filter(is_new).collect();
            let mut latest = Latest { tags: &old, tag, known: HashMap::new() };
            let lacking = old.names().filter(|name| new.knows(name) && !new.has(name, tag));
            // The forgotten architectures of an image are told at that image, all others at the first one.
            let mut forgotten: BTreeMap<(bool, &str), (&Entry<'_>, Vec<&str>)> = BTreeMap::new();
            for name in lacking {
                let Some(sibling) = sibling(policy, &mut latest, name, &got) else { continue };
                let is_kin = policy.are_one_image(name, sibling.name());
                let family = if is_kin { policy.without_architecture(name) } else { "" };
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

/// The last releases of each image before a tag, latest first.
struct Latest<'f, 't> {
    tags: &'t TagsByImage<'f>,
    tag: &'t str,
    known: HashMap<&'t str, Vec<&'f str>>,
}

impl<'f, 't> Latest<'f, 't> {
    fn of(&mut self, name: &'t str) -> &[&'f str] {
        self.known.entry(name).or_insert_with(|| self.tags.last_before(name, self.tag))
    }
}

/// The entry that shows what an image lacks: of an image that had the same tags, one of its own architectures first.
fn sibling<'e, 't>(policy: &ImagePolicy, latest: &mut Latest<'_, 't>, name: &'t str, got: &[&'e Entry<'t>]) -> Option<&'e Entry<'t>> {
    let own = latest.of(name).to_vec();
    let mut siblings = got.iter().copied().filter(|entry| {
        let is_kin = policy.are_one_image(name, entry.name());
        entry.name() != name && siblings::had_the_same(&own, latest.of(entry.name()), is_kin)
    });
    let first = siblings.next()?;
    Some(std::iter::once(first).chain(siblings).find(|entry| policy.are_one_image(name, entry.name())).unwrap_or(first))
}
