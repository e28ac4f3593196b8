use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::Project;
use super::release::{Release, versions_of_path};
use crate::model::{FileEntry, FilePromoterManifest, Filestore, Location, Word};
use crate::repository::{File, FileId, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A place in production has one content.
    ///
    /// Manifests of one project that list the same name with different hashes contradict each other:
    /// there is only one such file in the staging bucket, so the promotion of all others fails, or a
    /// release overwrites the one before it. The usual cause is a path without the directory of its
    /// version. The same is told of two projects that promote to one place.
    ///
    /// There is one finding for each place, where the path does not fit the version of its manifest if
    /// that is so anywhere, else in the last manifest; all the other entries are named with it.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.3.0.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: 7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.3.0.yaml
    /// files:
    /// - name: v1.3.0/linux/amd64/tool
    ///   sha256: 7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099
    /// ```
    pub static RULE = {
        name: "file-conflict",
        category: Files,
        severity: Error,
        check: Check::Repository(check),
    }
}

/// One entry of a manifest.
#[derive(Clone, Copy)]
struct Claim<'r, 'a> {
    file: &'r File<'a>,
    entry: &'r FileEntry<'a>,
}

/// The entries that lead to one place with different hashes, by place.
type Conflicts<'r, 'a> = BTreeMap<String, Vec<Claim<'r, 'a>>>;

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    let projects: Vec<Project<'_, '_>> = super::projects(repository).collect();
    let mut conflicts = Conflicts::new();
    for project in &projects {
        add_those_within(project, &mut conflicts);
    }
    add_those_between(&projects, &mut conflicts);
    for (place, claims) in conflicts {
        tell(&place, &claims, findings);
    }
}

/// Within a project, the name alone tells the place.
fn add_those_within<'r, 'a>(project: &Project<'r, 'a>, conflicts: &mut Conflicts<'r, 'a>) {
    let mut first: HashMap<&str, (&str, FileId)> = HashMap::new();
    let mut contested: HashSet<&str> = HashSet::new();
    for (id, file) in &project.manifests {
        for (name, hash) in entries(file).filter_map(FileEntry::named_hash) {
            let (first_hash, first_id) = *first.entry(name).or_insert((hash, *id));
            if first_hash != hash && first_id != *id {
                contested.insert(name);
            }
        }
    }
    if !contested.is_empty() {
        let location = locations(project).next();
        let place_of = |name: &str| location.map_or_else(|| name.to_owned(), |location| location.join(name));
        collect(project, |name| contested.contains(name).then(|| place_of(name)).into_iter().collect(), conflicts);
    }
}

/// Between projects, only places inside each other can be contested.
fn add_those_between<'r, 'a>(projects: &[Project<'r, 'a>], conflicts: &mut Conflicts<'r, 'a>) {
    let mut first: HashMap<String, (&str, usize)> = HashMap::new();
    // Projects by place.
    let mut contested: HashMap<String, BTreeSet<usize>> = HashMap::new();
    for (index, location) in nested_locations(projects) {
        let entries = projects[index].manifests.iter().flat_map(|(_, file)| entries(file));
        for (name, hash) in entries.filter_map(FileEntry::named_hash) {
            let place = location.join(name);
            let Some((first_hash, first_index)) = first.get(&place) else {
                first.insert(place, (hash, index));
                continue;
            };
            if *first_index != index && *first_hash != hash {
                contested.entry(place).or_default().extend([*first_index, index]);
            }
        }
    }
    let involved: BTreeSet<usize> = contested.values().flatten().copied().collect();
    for index in involved {
        let project = &projects[index];
        let is_contested = |place: &String| contested.get(place).is_some_and(|indices| indices.contains(&index));
        let found = |name: &str| locations(project).map(|location| location.join(name)).filter(is_contested).collect();
        collect(project, found, conflicts);
    }
}

fn entries<'r, 'a>(file: &'r File<'a>) -> impl Iterator<Item = &'r FileEntry<'a>> {
    file.file_manifest().into_iter().flat_map(|manifest| &manifest.files)
}

fn locations<'r>(project: &'r Project<'_, '_>) -> impl Iterator<Item = Location<'r>> {
    let destinations = project.promoter.into_iter().flat_map(FilePromoterManifest::destinations);
    destinations.filter_map(Filestore::location)
}

/// The destinations that are those of another project too, or stand inside or around them.
fn nested_locations<'p>(projects: &'p [Project<'_, '_>]) -> Vec<(usize, Location<'p>)> {
    let all = projects
        .iter()
        .enumerate()
        .flat_map(|(index, project)| locations(project).map(move |location| (location.join(""), index, location)));
    let mut all: Vec<_> = all.collect();
    // What begins with an address follows it at once.
    all.sort_unstable();
    let mut is_nested = vec![false; all.len()];
    let mut around: Vec<usize> = Vec::new();
    for (at, (address, index, _)) in all.iter().enumerate() {
        while around.last().is_some_and(|outer| !address.starts_with(&all[*outer].0)) {
            around.pop();
        }
        for outer in &around {
            if all[*outer].1 != *index {
                is_nested[*outer] = true;
                is_nested[at] = true;
            }
        }
        around.push(at);
    }
    all.into_iter().zip(is_nested).filter(|(_, is_nested)| *is_nested).map(|((_, index, location), _)| (index, location)).collect()
}

/// Adds the entries of a project whose name leads to a contested place.
fn collect<'r, 'a>(project: &Project<'r, 'a>, places_of: impl Fn(&str) -> Vec<String>, conflicts: &mut Conflicts<'r, 'a>) {
    for (_, file) in &project.manifests {
        for entry in entries(file) {
            let is_new = |claim: &Claim<'_, '_>| claim.entry.node.id() != entry.node.id() || claim.file.source.path() != file.source.path();
            for place in entry.named_hash().map(|(name, _)| places_of(name)).unwrap_or_default() {
                let claims = conflicts.entry(place).or_default();
                if claims.iter().all(is_new) {
                    claims.push(Claim { file, entry });
                }
            }
        }
    }
}

fn tell(place: &str, claims: &[Claim<'_, '_>], findings: &mut Findings) {
    let is_out_of_place = |claim: &&Claim<'_, '_>| !fits_its_manifest(claim);
    let Some(blamed) = claims.iter().rev().find(is_out_of_place).or(claims.last()) else { return };
    let message =
        format!("`{}` has another sha256 in another manifest, so one release overwrites the other or fails", place.escape_debug());
    let mut finding = Finding::new(blamed.file.source, blamed.entry.range(), message);
    finding = finding.help("put the version in the path, or take the entry out of the manifest that it does not belong to");
    for claim in claims.iter().filter(|claim| !std::ptr::eq(*claim, blamed)) {
        let same = claim.entry.named_hash().map(|(_, hash)| hash) == blamed.entry.named_hash().map(|(_, hash)| hash);
        let message = if same { "also here, with the same sha256" } else { "also here, with another sha256" };
        finding = finding.related(claim.file.source, claim.entry.range(), message);
    }
    findings.push(finding);
}

/// Whether the path carries the version of its manifest.
fn fits_its_manifest(claim: &Claim<'_, '_>) -> bool {
    let Some(release) = Release::of_manifest(claim.file.source.name()) else { return true };
    let name = claim.entry.name.as_ref().map_or("", Word::as_str);
    versions_of_path(name).iter().any(|version| release.is_same(version))
}
