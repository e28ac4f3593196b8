//! Definition, references, highlights: from a name to the places that belong to it.

use promolint_analysis::repository::{FileId, FileProject, ImageProject, Repository};
use promolint_analysis::{FilePath, SourceFile};
use promolint_syntax::TextRange;

use super::Place;
use super::listed::Listed;
use super::subject::{self, Subject, declared, people};
use crate::session::state::State;

/// Where what stands at an offset is defined.
pub fn definition(state: &State, file: &SourceFile, offset: u32) -> Vec<Place> {
    let Some(found) = subject::at(file, offset) else { return Vec::new() };
    let repository = state.repository();
    let images = project(&repository, file.path());
    let files = file_project(&repository, file.path());
    match &found {
        // The manifest says where an image comes from and goes to.
        Subject::Digest(Listed::Image(_), ..) | Subject::Tag(Listed::Image(_), _) | Subject::Image(Listed::Image(_), _) => {
            starts(&repository, images.and_then(|project| project.manifest))
        }
        Subject::Registry(registry, name) if registry.is_source => {
            let policy = &state.judging.settings.policy;
            let Some(source) = policy.images.source(&name.value) else { return Vec::new() };
            let names = declared::project_names(policy, source.project);
            let mut places: Vec<Place> = names.iter().flat_map(|name| declared::declarations(&repository, name)).collect();
            if places.is_empty() {
                places = starts(&repository, images.and_then(|project| project.images));
            }
            // The project is also who approves for it.
            places.extend(starts(&repository, images.and_then(|project| project.owners)));
            places
        }
        Subject::Registry(..) => starts(&repository, images.and_then(|project| project.images)),
        Subject::Filestore(..) => starts(&repository, files.into_iter().flat_map(|project| project.manifests.iter().copied())),
        Subject::File(..) | Subject::Sha256(..) => starts(&repository, files.and_then(|project| project.promoter)),
        Subject::Person(_, name) => {
            let definition = people::alias(state, name.as_str());
            definition.map(|(file, list)| Place::new(file.path(), list.key.inner_range())).into_iter().collect()
        }
        Subject::Alias(list) => vec![Place::new(file.path(), list.key.inner_range())],
        Subject::Declared(_, word) => {
            let declared = declared::declarations(&repository, word);
            let elsewhere = declared.iter().any(|place| place.path != *file.path() || !place.range.touches(offset));
            // At the declaration itself, the manifest is where one wants to go.
            if elsewhere {
                declared
            } else {
                subject::same(state, file, &found).into_iter().filter(|place| place.path != *file.path()).collect()
            }
        }
        Subject::Digest(..) | Subject::Tag(..) | Subject::Image(..) | Subject::Account(_) | Subject::Rule(..) => Vec::new(),
    }
}

/// All places where the same stands; without declarations, those that use it.
pub fn references(state: &State, file: &SourceFile, offset: u32, with_declaration: bool) -> Vec<Place> {
    let Some(found) = subject::at(file, offset) else { return Vec::new() };
    let mut places = subject::same(state, file, &found);
    if !with_declaration {
        let definition = definition(state, file, offset);
        places.retain(|place| !definition.contains(place));
    }
    places
}

/// The places in the same file where the same stands.
pub fn highlights(state: &State, file: &SourceFile, offset: u32) -> Vec<TextRange> {
    let Some(found) = subject::at(file, offset) else { return Vec::new() };
    let here = subject::same(state, file, &found).into_iter().filter(|place| place.path == *file.path());
    here.map(|place| place.range).collect()
}

/// The project whose directory a file of a tree of images stands in.
pub fn project(repository: &Repository<'_>, path: &FilePath) -> Option<ImageProject> {
    let place = repository.find(path)?.place?;
    let tree = repository.image_trees.iter().find(|tree| tree.root == place.root)?;
    tree.projects.get(place.directory).copied()
}

/// The project whose directory a file of a tree of files stands in.
pub fn file_project<'r>(repository: &'r Repository<'_>, path: &FilePath) -> Option<&'r FileProject> {
    let place = repository.find(path)?.place?;
    let tree = repository.file_trees.iter().find(|tree| tree.root == place.root)?;
    tree.projects.get(place.directory)
}

fn starts(repository: &Repository<'_>, files: impl IntoIterator<Item = FileId>) -> Vec<Place> {
    files.into_iter().map(|id| Place::new(repository.file(id).source.path(), TextRange::empty(0))).collect()
}
