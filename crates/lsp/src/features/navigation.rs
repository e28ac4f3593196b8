//! Definition, references, highlights: from a name to the places that belong to it.

use promolint_analysis::policy::fill;
use promolint_analysis::repository::{ImageProject, Repository};
use promolint_analysis::{FilePath, SourceFile};
use promolint_syntax::TextRange;

use super::subject::{self, Subject};
use super::Place;
use crate::session::state::State;

/// Where what stands at an offset is defined.
pub fn definition(state: &State, file: &SourceFile, offset: u32) -> Vec<Place> {
    let Some(found) = subject::at(file, offset) else { return Vec::new() };
    let repository = state.repository();
    match &found {
        // The manifest says where an image comes from and goes to.
        Subject::Digest(..) | Subject::Tag(..) | Subject::Image(..) => {
            let manifest = project(&repository, file.path()).and_then(|project| project.manifest);
            manifest.map(|id| Place::new(repository.file(id).source.path(), TextRange::empty(0))).into_iter().collect()
        }
        Subject::Registry(_, registry, name) if registry.is_source => {
            let policy = &state.judging.settings.policy;
            let Some(source) = policy.images.source(&name.value) else { return Vec::new() };
            let names = [source.project.to_owned(), fill(&policy.images.directory, source.project), fill(&policy.groups.pattern, source.project)];
            let declared: Vec<Place> = names.iter().flat_map(|name| subject::declarations(&repository, name)).collect();
            if declared.is_empty() { images_file(&repository, file.path()) } else { declared }
        }
        Subject::Registry(..) => images_file(&repository, file.path()),
        Subject::Person(_, name) => {
            let definition = subject::alias_definition(state, name.as_str());
            definition.map(|(file, list)| Place::new(file.path(), list.key.inner_range())).into_iter().collect()
        }
        Subject::Alias(list) => vec![Place::new(file.path(), list.key.inner_range())],
        Subject::Declared(_, word) => {
            let declared = subject::declarations(&repository, word);
            let elsewhere = declared.iter().any(|place| place.path != *file.path() || !place.range.touches(offset));
            // At the declaration itself, the manifest is where one wants to go.
            if elsewhere { declared } else { subject::same(state, file, &found).into_iter().filter(|place| place.path != *file.path()).collect() }
        }
        Subject::Rule(..) => Vec::new(),
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

/// The project whose directory a file stands in.
pub fn project(repository: &Repository<'_>, path: &FilePath) -> Option<ImageProject> {
    let file = repository.find(path)?;
    let place = file.place?;
    let tree = repository.image_trees.iter().find(|tree| tree.root == place.root)?;
    tree.projects.get(place.directory).copied()
}

fn images_file(repository: &Repository<'_>, path: &FilePath) -> Vec<Place> {
    let images = project(repository, path).and_then(|project| project.images);
    images.map(|id| Place::new(repository.file(id).source.path(), TextRange::empty(0))).into_iter().collect()
}
