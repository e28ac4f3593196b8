use std::collections::hash_map::Entry as Slot;

use foldhash::{HashMap, HashMapExt};

use crate::model::{DigestEntry, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The same digest with the same tag stands twice under one image name.
    ///
    /// One of them is useless, and often the digest or the tag of the other was meant to be new.
    /// A whole block that was pasted twice is told once.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "same-entry-twice",
        category: Images,
        severity: Warning,
        check: Check::File(check),
    }
}

/// An entry with those of its tags that stand for its digest already, each with the place where it stands first.
struct Repeated<'f> {
    image: &'f str,
    entry: &'f DigestEntry<'f>,
    tags: Vec<(&'f Word<'f>, &'f Word<'f>)>,
}

impl Repeated<'_> {
    /// Whether another entry has all of its tags.
    fn is_whole(&self) -> bool {
        self.tags.len() == self.entry.tags.len() && self.tags.iter().all(|(_, first)| !self.entry.range().contains_range(first.range()))
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let mut seen: HashMap<(&str, &str, &str), (&Word<'_>, usize)> = HashMap::with_capacity(super::all_entries(context.file).count());
    // Whole entries of one image that follow one another.
    let mut run: Vec<Repeated<'_>> = Vec::new();
    for (number, image) in context.file.image_list().iter().enumerate() {
        if run.first().is_some_and(|first| first.image != image.name_str()) {
            tell_run(context, &mut run, findings);
        }
        for entry in image.entries().filter(|entry| !entry.tags.is_empty()) {
            let mut repeated = Repeated { image: image.name_str(), entry, tags: Vec::new() };
            for tag in &entry.tags {
                match seen.entry((image.name_str(), entry.digest.as_str(), tag.as_str())) {
                    Slot::Vacant(slot) => _ = slot.insert((tag, number)),
                    Slot::Occupied(slot) => {
                        let (first, first_number) = *slot.get();
                        // A digest repeated in one `dmap` is the business of duplicate-key.
                        if first_number != number || entry.range().contains_range(first.range()) {
                            repeated.tags.push((tag, first));
                        }
                    }
                }
            }
            if repeated.is_whole() {
                run.push(repeated);
            } else {
                tell_run(context, &mut run, findings);
                tell(context, &repeated, findings);
            }
        }
    }
    tell_run(context, &mut run, findings);
}

/// Tells of each tag of one entry.
fn tell(context: &FileContext<'_>, repeated: &Repeated<'_>, findings: &mut Findings) {
    for (tag, first) in &repeated.tags {
        let message = format!("tag `{}` of {} is listed twice for the same digest; one of them is useless", tag.value, repeated.image);
        let finding = Finding::new(context.source(), tag.range(), message).help("remove one, or put in the digest or tag that was meant");
        findings.push(finding.related(context.source(), first.range(), "the first one"));
    }
}

/// Tells of entries that follow one another, which were pasted twice, as one.
fn tell_run(context: &FileContext<'_>, run: &mut Vec<Repeated<'_>>, findings: &mut Findings) {
    match run.as_slice() {
        [] => {}
        [single] => tell(context, single, findings),
        [start, .., end] => {
            let message = format!("these {} entries of {} repeat earlier ones, tags and all; they are useless", run.len(), start.image);
            let finding = Finding::new(context.source(), start.entry.range().cover(end.entry.range()), message);
            let finding = finding.help("remove them, or put in the digests or tags that were meant");
            findings.push(finding.related(context.source(), start.tags[0].1.range(), "the first of them stands here already"));
        }
    }
    run.clear();
}
