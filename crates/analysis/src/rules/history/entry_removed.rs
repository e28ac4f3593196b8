use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt, HashSet};
use promolint_syntax::TextRange;

use crate::diagnostic::Severity;
use crate::history::{Change, Entry};
use crate::model::{Image, Word};
use crate::policy::matches_any;
use crate::repository::{File, FileContext, Half};
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::rules::images::{non_string_tag, shorten, tag_leading_v, tag_on_two_digests, tag_shape};

declare_rule! {
    /// What was promoted must stay in the manifests.
    ///
    /// Production keeps an image whose entry is removed, but a production registry that is added later is
    /// filled from the manifests and never gets it. Most removals are accidents: a digest overwritten by
    /// the next release, or a file written anew by a tool. The rule needs the state before the change, so it
    /// speaks only where a change is judged (`--since`).
    ///
    /// Sorting, and moving entries to another file or directory, removes nothing. An entry that could never
    /// be promoted may go, and so may a whole project with its manifest. A digest that is still promoted as
    /// another image, and a tag taken off a digest that stays, are warnings. So is a tag with another in its
    /// place – often the digest of the new release was forgotten –, unless there was something wrong with it.
    /// Files that were promoted are judged alike, by their names: their removal is a warning.
    ///
    /// ## Bad
    /// ```yaml before registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.1.0"]
    /// ```
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml before registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.1.0"]
    /// ```
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.1.0"]
    /// ```
    pub static RULE = {
        name: "entry-removed",
        category: History,
        severity: Error,
        in_frozen_trees: true,
        check: Check::Change(check),
    }
}

const LATER: &str = "but a region that is added later never gets it";

/// What is dropped of one digest of one image.
struct Loss<'c> {
    /// One of the dropped entries.
    entry: &'c Entry<'c>,
    /// The tags that nothing replaces.
    tags: Vec<&'c Word<'c>>,
    /// Whether the digest is no longer promoted for the image.
    whole: bool,
    /// The entry with the tag that the digest got instead.
    instead: Option<&'c Entry<'c>>,
}

fn check(change: &Change<'_>, findings: &mut Findings) {
    if !change.after.is_complete {
        return;
    }
    check_files(change, findings);
    let mut by_image: BTreeMap<(&str, &str), Vec<Loss<'_>>> = BTreeMap::new();
    for loss in losses(change) {
        by_image.entry((loss.entry.file.source.path(), loss.entry.name())).or_default().push(loss);
    }
    let mut sites: HashMap<&str, Option<Site<'_>>> = HashMap::new();
    for ((path, name), losses) in &by_image {
        let (file, image) = (losses[0].entry.file, losses[0].entry.image);
        let Some(site) = sites.entry(path).or_insert_with(|| Site::new(change, file)) else { continue };
        let (now, range, is_there) = site.place(image);
        if !is_there && losses.iter().all(|loss| loss.whole) && losses.len() > 1 && site.digests_of(name) == losses.len() {
            let message = format!("{name} was removed with all of its digests; production keeps them, {LATER}");
            findings.push(
                Finding::new(now.source, range, message).help("keep the entries of what was promoted").severity(gravity(change, losses)),
            );
            continue;
        }
        for loss in losses {
            let instead = loss.instead.and_then(|entry| Some((entry.file, entry.tag?.range())));
            let (file, range) = instead.unwrap_or((now, range));
            let finding = Finding::new(file.source, range, message(change, loss)).help(help(loss));
            findings.push(finding.severity(gravity(change, std::slice::from_ref(loss))));
        }
    }
}

/// Files that no manifest of their project lists any more.
fn check_files(change: &Change<'_>, findings: &mut Findings) {
    for changed in &change.files {
        let Some(before) = changed.before.map(|id| change.before.file(id)) else { continue };
        let (Some(manifest), Some(place)) = (before.file_manifest(), before.place) else { continue };
        let tree = change.after.file_trees.iter().find(|tree| tree.root == place.root);
        let Some(project) = tree.and_then(|tree| tree.projects.get(place.directory)) else { continue };
        // A project that was retired promotes nothing at all.
        let Some(promoter) = project.promoter.map(|id| change.after.file(id)) else { continue };
        let now = || project.manifests.iter().map(|id| change.after.file(*id));
        let entries = || now().filter_map(File::file_manifest).flat_map(|manifest| &manifest.files);
        let listed: HashSet<&str> = entries().filter_map(|entry| Some(entry.name.as_ref()?.as_str())).collect();
        let is_left = |name: &str| listed.contains(name) || now().any(|file| is_damaged(file) && file.source.text().contains(name));
        let removed: Vec<&str> = manifest.files.iter().filter_map(|entry| entry.named_hash()).map(|(name, _)| name).collect();
        let removed: Vec<&str> = removed.into_iter().filter(|name| !is_left(name)).collect();
        let Some(first) = removed.first() else { continue };
        let others = if removed.len() > 1 { " and others of its manifest were removed" } else { " was removed" };
        let message =
            format!("`{}`{others}; production keeps what it has, but a bucket that is added later never gets it", first.escape_debug());
        let file = changed.after.map_or(promoter, |id| change.after.file(id));
        let finding = Finding::new(file.source, file.source.first_line(), message).severity(Severity::Warning);
        findings.push(finding.help("keep the entries of what was promoted"));
    }
}

/// What is lost, for each digest of each image.
fn losses<'c>(change: &'c Change<'c>) -> Vec<Loss<'c>> {
    let entries = &change.entries;
    let mut digests: BTreeMap<(&str, &str, &str), Vec<&Entry<'_>>> = BTreeMap::new();
    let damaged = damaged(change);
    let mut faults = Faults::default();
    // What may stand in a file that cannot be read in full is not gone.
    for dropped in entries.dropped.iter().filter(|dropped| !damaged.iter().any(|text| text.contains(dropped.digest()))) {
        digests.entry((dropped.file.source.path(), dropped.name(), dropped.digest())).or_default().push(dropped);
    }
    let mut losses = Vec::new();
    for dropped in digests.into_values() {
        let entry = dropped[0];
        let whole = entries.left(entry).next().is_none();
        let is_replaced = |dropped: &Entry<'_>| entries.successor(dropped).is_some() || entries.is_taken(dropped);
        let free = dropped.iter().filter(|dropped| !is_replaced(dropped) && !entries.stands(dropped));
        let tags: Vec<&Word<'_>> = free.filter_map(|dropped| dropped.tag).collect();
        if whole {
            // A digest whose tags all went to others is the matter of `tag-moved`.
            if !tags.is_empty() || entry.tag.is_none() {
                losses.push(Loss { entry, tags, whole, instead: None });
            }
            continue;
        }
        let instead = entries.tagged_anew(entry);
        let moving = &change.after.policy.images.moving_tags;
        let mut is_lost = |tag: &&Word<'_>| {
            // With a new tag in its place, a wrong one was corrected.
            !matches_any(moving, &tag.value) && (instead.is_none() || !faults.of(change, entry.file).contains(&tag.range()))
        };
        losses.extend(tags.into_iter().filter(&mut is_lost).map(|tag| Loss { entry, tags: vec![tag], whole, instead }));
    }
    losses
}

/// The places of tags with which something was wrong before the change, by file.
#[derive(Default)]
struct Faults<'c>(HashMap<&'c str, HashSet<TextRange>>);

impl<'c> Faults<'c> {
    fn of(&mut self, change: &'c Change<'c>, file: &'c File<'c>) -> &HashSet<TextRange> {
        self.0.entry(file.source.path()).or_insert_with(|| {
            let mut findings = Findings::default();
            for rule in [&tag_shape::RULE, &tag_leading_v::RULE, &non_string_tag::RULE, &tag_on_two_digests::RULE] {
                if let Check::File(check) = rule.check {
                    check(&FileContext { file, repository: change.before }, &mut findings);
                }
            }
            findings.found.into_iter().map(|finding| finding.range).collect()
        })
    }
}

/// The texts of files that cannot be read in full.
fn damaged<'c>(change: &'c Change<'c>) -> Vec<&'c str> {
    change.files_after().filter(|(_, file)| is_damaged(file)).map(|(_, file)| file.source.text()).collect()
}

fn is_damaged(file: &File<'_>) -> bool {
    !file.source.document().errors().is_empty() || !file.problems.is_empty()
}

/// Where to tell of the losses of a file.
struct Site<'c> {
    file: &'c File<'c>,
    /// For each image, whether it is still there, and its place, or that of the image that stood before it.
    places: HashMap<*const Image<'c>, (TextRange, bool)>,
    /// The digests that an image had.
    digests: HashMap<&'c str, HashSet<&'c str>>,
}

impl<'c> Site<'c> {
    /// None where the file's project was retired.
    fn new(change: &'c Change<'c>, before: &'c File<'c>) -> Option<Self> {
        let changed = change.files.iter().find(|file| file.before.is_some_and(|id| std::ptr::eq(change.before.file(id), before)))?;
        let now = changed.after.map(|id| change.after.file(id));
        let file = now.or_else(|| manifest_of(change, before))?;
        // Of two images with a name, the first one is found.
        let images = now.into_iter().flat_map(|now| now.image_list().iter().rev());
        let ranges: HashMap<&str, TextRange> = images.map(|image| (image.name_str(), image.range())).collect();
        let mut site = Self { file, places: HashMap::new(), digests: HashMap::new() };
        let mut last = file.source.first_line();
        for image in before.image_list() {
            let range = ranges.get(image.name_str()).filter(|_| image.name.is_some());
            last = *range.unwrap_or(&last);
            site.places.insert(image, (last, range.is_some()));
            site.digests.entry(image.name_str()).or_default().extend(image.entries().map(|entry| entry.digest.as_str()));
        }
        Some(site)
    }

    fn place(&self, image: &Image<'c>) -> (&'c File<'c>, TextRange, bool) {
        let (range, is_there) = self.places.get(&std::ptr::from_ref(image)).copied().unwrap_or((self.file.source.first_line(), false));
        (self.file, range, is_there)
    }

    /// How many digests an image had.
    fn digests_of(&self, name: &str) -> usize {
        self.digests.get(name).map_or(0, HashSet::len)
    }
}

/// The manifest of the project that a removed file belonged to.
fn manifest_of<'c>(change: &'c Change<'c>, removed: &File<'_>) -> Option<&'c File<'c>> {
    let place = removed.place.filter(|place| place.half == Half::Images)?;
    let tree = change.after.image_trees.iter().find(|tree| tree.root == place.root)?;
    Some(change.after.file(tree.projects.get(place.directory)?.manifest?))
}

fn message(change: &Change<'_>, loss: &Loss<'_>) -> String {
    let (name, digest) = (loss.entry.name(), shorten(loss.entry.digest()));
    match loss.tags[..] {
        [tag, ..] if let Some(new) = loss.instead => {
            format!("tag `{}` was replaced by `{}` on the same digest of {name}; production keeps it, {LATER}", tag.value, new.tag_str())
        }
        [tag, ..] if !loss.whole => format!("tag `{}` was taken off `{digest}` of {name}; production keeps it, {LATER}", tag.value),
        [tag, ..] if change.entries.stands_elsewhere(loss.entry) => {
            format!("{name}:{} was removed and its digest is promoted as another image; production keeps it, {LATER}", tag.value)
        }
        [tag, ..] => format!("{name}:{} was removed; production keeps it, {LATER}", tag.value),
        [] => format!("`{digest}` of {name} was removed; production keeps it, {LATER}"),
    }
}

fn help(loss: &Loss<'_>) -> String {
    let tags: Vec<String> = loss.tags.iter().map(|tag| format!("\"{}\"", tag.value)).collect();
    if let Some(new) = loss.instead {
        return format!("keep {} on the digest; give `{}` a digest of its own, or add it beside", tags.join(", "), new.tag_str());
    }
    if loss.whole {
        format!("keep `\"{}\": [{}]`", loss.entry.digest(), tags.join(", "))
    } else {
        format!("keep {} on the digest", tags.join(", "))
    }
}

fn gravity(change: &Change<'_>, losses: &[Loss<'_>]) -> Severity {
    let is_error = |loss: &Loss<'_>| loss.whole && !change.entries.stands_elsewhere(loss.entry);
    if losses.iter().any(is_error) { Severity::Error } else { Severity::Warning }
}
