//! What became of promoted files, project by project: an entry may move from one file manifest to another.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Change;
use super::ArtifactChange;
use crate::model::{FileEntry, FilePromoterManifest, Location};
use crate::repository::{File, FileProject, Half, Repository, join};

/// Name and sha256.
type Artifact<'c> = (&'c str, &'c str);

/// The projects with other files than before.
pub(super) fn changed(change: &Change<'_>) -> Vec<ArtifactChange> {
    let mut changes = Vec::new();
    for project in projects(change, |file| file.file_manifest().is_some()) {
        let (old, new) = (artifacts(change.before, &project), artifacts(change.after, &project));
        let mut found = ArtifactChange { path: project, ..ArtifactChange::default() };
        let mut gone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, sha256) in old.difference(&new) {
            gone.entry(name).or_default().push(sha256);
        }
        for (name, sha256) in new.difference(&old) {
            match gone.get_mut(name).and_then(Vec::pop) {
                Some(before) => found.changed.push(((*name).to_owned(), before.to_owned(), (*sha256).to_owned())),
                None => found.added.push(((*name).to_owned(), (*sha256).to_owned())),
            }
        }
        let gone = gone.into_iter().flat_map(|(name, all)| all.into_iter().map(move |sha256| (name.to_owned(), sha256.to_owned())));
        found.removed.extend(gone);
        if !(found.added.is_empty() && found.changed.is_empty() && found.removed.is_empty()) {
            changes.push(found);
        }
    }
    changes
}

/// Adds how many files are to be copied to where they were not sent before, by filestore.
pub(super) fn count_promotions(change: &Change<'_>, promotions: &mut BTreeMap<String, usize>) {
    for project in projects(change, |file| file.file_manifest().is_some() || file.file_promoter().is_some()) {
        let (old, new) = (copies(change.before, &project), copies(change.after, &project));
        for ((place, sha256), base) in &new {
            if !old.contains_key(&(place.clone(), *sha256)) {
                *promotions.entry((*base).to_owned()).or_default() += 1;
            }
        }
    }
}

/// The projects to which changed files belong.
fn projects(change: &Change<'_>, is_wanted: fn(&File<'_>) -> bool) -> BTreeSet<String> {
    let before = change.files.iter().filter_map(|file| file.before).map(|id| change.before.file(id));
    let after = change.files.iter().filter_map(|file| file.after).map(|id| change.after.file(id));
    before.chain(after).filter(|file| !file.is_frozen && is_wanted(file)).map(project_of).collect()
}

/// `artifacts/manifests/<dir>`; the path of a file outside of any tree.
fn project_of(file: &File<'_>) -> String {
    let place = file.place.filter(|place| place.is_in_project() && matches!(place.half, Half::Filestores | Half::Manifests));
    place.map_or_else(|| file.source.path().to_string(), |place| join(place.root, &format!("manifests/{}", place.directory)))
}

/// What a project lists; names and sha256 that nobody could copy are shown as they stand.
fn artifacts<'c>(repository: &'c Repository<'_>, project: &str) -> BTreeSet<Artifact<'c>> {
    let named = |entry: &'c FileEntry<'_>| Some((entry.name.as_ref()?.as_str(), entry.sha256.as_ref()?.as_str()));
    manifests(repository, project).iter().filter_map(|file| file.file_manifest()).flat_map(|files| &files.files).filter_map(named).collect()
}

fn manifests<'c, 'a>(repository: &'c Repository<'a>, project: &str) -> Vec<&'c File<'a>> {
    match tree_project(repository, project) {
        Some(found) => found.manifests.iter().map(|id| repository.file(*id)).collect(),
        None => repository.find(project).into_iter().collect(),
    }
}

fn tree_project<'c>(repository: &'c Repository<'_>, project: &str) -> Option<&'c FileProject> {
    let (above, directory) = project.rsplit_once('/')?;
    let root = above.strip_suffix("manifests")?.trim_end_matches('/');
    repository.file_trees.iter().find(|tree| tree.root == root)?.projects.get(directory)
}

/// Where a project's files go: place and sha256, each with the filestore.
fn copies<'c>(repository: &'c Repository<'_>, project: &str) -> BTreeMap<(String, &'c str), &'c str> {
    let promoter = tree_project(repository, project).and_then(|project| project.promoter);
    let promoter = promoter.and_then(|id| repository.file(id).file_promoter());
    let bases: Vec<(&str, Location<'_>)> = promoter
        .into_iter()
        .flat_map(FilePromoterManifest::destinations)
        .filter_map(|filestore| Some((filestore.base.as_ref()?.as_str(), filestore.location()?)))
        .collect();
    let mut copies = BTreeMap::new();
    let listed = manifests(repository, project).into_iter().filter_map(|file| file.file_manifest());
    for (name, sha256) in listed.flat_map(|files| &files.files).filter_map(FileEntry::named_hash) {
        for (base, location) in &bases {
            copies.insert((location.join(name), sha256), *base);
        }
    }
    copies
}
