use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::diagnostic::Applicability;
use crate::history::Change;
use crate::model::{Tag, Version, Word};
use crate::policy::LeadingV;
use crate::repository::{File, FileContext};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A tag departs from the image's own convention of a leading `v`.
    ///
    /// Whether versions start with `v` is up to each image; but a lone `2.0.0` among `v1.9.8`, `v2.0.1`
    /// and `v2.1.0` is almost surely mistyped, and users find no `v2.0.0`. An image with few tags is
    /// compared with its siblings in the file. Where a change is judged (`--since`), what it adds is compared
    /// with what stood before too. Calendar versions (`2024.06.10`) are left alone. The policy's `leading-v`
    /// can require the `v`, or switch the comparison off.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b": ["v1.0.0"]
    ///     "sha256:d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35": ["v1.0.1"]
    ///     "sha256:4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce": ["v1.1.0"]
    ///     "sha256:4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a": ["v1.1.1"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b": ["v1.0.0"]
    ///     "sha256:d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35": ["v1.0.1"]
    ///     "sha256:4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce": ["v1.1.0"]
    ///     "sha256:4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a": ["v1.1.1"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "tag-leading-v",
        category: Images,
        severity: Warning,
        fix: Suggested,
        check: Check::File(check),
        check_change: check_change,
    }
}

/// This many versions make a convention.
const CONVENTION: usize = 3;
/// An outlier is at most one in this many.
const OUTLIER: usize = 4;

type Versions<'f> = Vec<(Version<'f>, &'f Word<'f>)>;

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let policy = context.policy().images.leading_v;
    if policy == LeadingV::Off {
        return;
    }
    let images = versions_by_image(context.file);
    let has_few = |versions: &Versions<'_>| versions.len() < CONVENTION;
    let siblings = if images.values().any(has_few) { Siblings::new(&images) } else { Siblings::default() };
    for (name, versions) in &images {
        let having_v = versions.iter().filter(|(version, _)| version.has_v).count();
        if policy == LeadingV::Convention && !has_few(versions) && (having_v == 0 || having_v == versions.len()) {
            continue;
        }
        let (with, without): (Versions<'_>, Versions<'_>) = versions.iter().copied().partition(|(version, _)| version.has_v);
        let mut report = |outliers: &Versions<'_>, why| report(context.file, name, outliers, why, findings);
        if policy == LeadingV::Required {
            report(&without, "the policy requires it");
        } else if has_few(versions) {
            report(&siblings.outliers(name, versions, &without), "the other images of the file do");
            report(&siblings.outliers(name, versions, &with), "the other images of the file do not");
        } else {
            report(&outliers(&without, &with), "its other versions do");
            report(&outliers(&with, &without), "its other versions do not");
        }
    }
}

/// What a change adds to an image whose versions were all written the other way: of the same release as one of
/// them, or of a few newer ones. Several newer ones make a new convention. Where `v` is
/// required, what stood before does not count.
fn check_change(change: &Change<'_>, findings: &mut Findings) {
    if change.after.policy.images.leading_v != LeadingV::Convention {
        return;
    }
    let mut added: BTreeMap<(&str, &str), (&File<'_>, Versions<'_>)> = BTreeMap::new();
    for entry in change.entries.added.iter().filter(|entry| !entry.file.is_frozen && change.entries.came_from(entry).is_none()) {
        let version = entry.tag.and_then(|tag| Some((version(tag.as_str())?, tag)));
        let file = || (entry.file, Versions::new());
        added.entry((entry.file.source.path(), entry.name())).or_insert_with(file).1.extend(version);
    }
    for ((path, name), (file, versions)) in added {
        let Some(before) = change.file(path).and_then(|file| file.before).map(|id| change.before.file(id)) else { continue };
        let old = versions_by_image(before).remove(name).unwrap_or_default();
        let Some((first, _)) = old.first().filter(|_| old.len() >= CONVENTION) else { continue };
        if old.iter().any(|(version, _)| version.has_v != first.has_v) {
            continue;
        }
        let few: Versions<'_> = versions.into_iter().filter(|(version, _)| version.has_v != first.has_v).collect();
        let why = if first.has_v { "its versions did until now" } else { "its versions did not until now" };
        report(file, name, &within(&few, &old), why, findings);
    }
}

/// The version that a tag starts with, if it is none by the calendar.
fn version(tag: &str) -> Option<Version<'_>> {
    Version::parse(tag).filter(|version| !is_date(version))
}

/// `2024.06.10` and `2024.6` are written without `v` by those who write `v1.2.3` otherwise.
fn is_date(version: &Version<'_>) -> bool {
    let mut numbers = version.numbers();
    matches!((numbers.next(), numbers.next()), (Some(1970..=2999), Some(1..=12)))
}

fn versions_by_image<'f>(file: &'f File<'_>) -> BTreeMap<&'f str, Versions<'f>> {
    let mut images: BTreeMap<&str, Versions<'f>> = BTreeMap::new();
    for image in file.image_list().iter().filter(|image| image.name.is_some()) {
        let tags = image.entries().flat_map(|entry| &entry.tags).filter(|tag| Tag::parse(&tag.value).is_some());
        let versions = tags.filter_map(|tag| Some((version(tag.as_str())?, tag)));
        images.entry(image.name_str()).or_default().extend(versions);
    }
    images
}

/// How the images of each folder write their versions. Charts keep another convention than what they install.
#[derive(Default)]
struct Siblings<'f> {
    /// How many images a folder has.
    images: HashMap<Option<&'f str>, usize>,
    /// How many images of a folder carry a version, with or without `v`, and which one was counted last.
    carriers: HashMap<(Option<&'f str>, &'f str, bool), (usize, &'f str)>,
}

fn folder(name: &str) -> Option<&str> {
    name.rsplit_once('/').map(|(folder, _)| folder)
}

impl<'f> Siblings<'f> {
    fn new(images: &BTreeMap<&'f str, Versions<'f>>) -> Self {
        let mut siblings = Self::default();
        for (name, versions) in images {
            let folder = folder(name);
            *siblings.images.entry(folder).or_default() += 1;
            for (version, _) in versions {
                let (count, last) = siblings.carriers.entry((folder, version.number, version.has_v)).or_default();
                *count += usize::from(*count == 0 || last != name);
                *last = name;
            }
        }
        siblings
    }

    /// Of an image with few tags, those that most of its siblings have written the other way. Images
    /// that are released together carry the same versions; where they do not, nothing can be said.
    fn outliers(&self, name: &str, own: &Versions<'f>, versions: &Versions<'f>) -> Versions<'f> {
        let folder = folder(name);
        let others = self.images[&folder] - 1;
        let with = |number: &str, has_v: bool| {
            let is_own = own.iter().any(|(version, _)| version.number == number && version.has_v == has_v);
            self.carriers.get(&(folder, number, has_v)).map_or(0, |(carriers, _)| carriers - usize::from(is_own))
        };
        let is_outlier = |version: &Version<'f>| {
            let same = with(version.number, version.has_v);
            let other = with(version.number, !version.has_v);
            same == 0 && other >= 2 && other * 2 > others
        };
        versions.iter().copied().filter(|(version, _)| is_outlier(version)).collect()
    }
}

/// The few that differ from the many. Versions older than all of the many are an older convention,
/// and several newer ones a newer one.
fn outliers<'f>(few: &Versions<'f>, many: &Versions<'f>) -> Versions<'f> {
    if few.is_empty() || many.len() < CONVENTION || few.len() * OUTLIER > many.len() {
        return Vec::new();
    }
    within(few, many)
}

/// Those that are not older than all of the many, and not several that are newer.
fn within<'f>(few: &Versions<'f>, many: &Versions<'f>) -> Versions<'f> {
    let oldest = many.iter().map(|(version, _)| version.release()).min();
    let newest = many.iter().map(|(version, _)| version.release()).max();
    let newer = few.iter().filter(|(version, _)| Some(version.release()) > newest).count();
    let is_outlier = |version: &Version<'_>| {
        let release = version.release();
        Some(&release) >= oldest.as_ref() && (Some(release) <= newest || newer < CONVENTION)
    };
    few.iter().copied().filter(|(version, _)| is_outlier(version)).collect()
}

fn report(file: &File<'_>, image: &str, outliers: &Versions<'_>, why: &str, findings: &mut Findings) {
    for (version, tag) in outliers {
        // In `1.2.3v` it only stands at the wrong end.
        let number = version.number.strip_suffix('v').filter(|number| number.ends_with(|last: char| last.is_ascii_digit()));
        let number = number.unwrap_or(version.number);
        let repaired = if version.has_v { number.to_owned() } else { format!("v{number}") };
        let verb = if version.has_v { "starts" } else { "does not start" };
        let message = format!("tag `{}` of {image} {verb} with `v`, but {why}; users would look for `{repaired}`", tag.value);
        let repair = super::renamed(file, tag, &repaired);
        let finding = Finding::new(file.source, tag.range(), message).help(format!("if staging has it, promote it as `{repaired}`"));
        findings.push(finding.fix(Applicability::Suggested, format!("write `{repaired}`"), repair));
    }
}
