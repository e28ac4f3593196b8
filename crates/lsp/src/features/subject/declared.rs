//! Groups and projects: where they are declared, and where they are named.

use promolint_analysis::model::Model;
use promolint_analysis::policy::fill;
use promolint_analysis::repository::Repository;
use promolint_analysis::{FileKind, Policy};

use super::words;
use crate::features::Place;
use crate::session::state::State;

/// The places that declare a group or project.
pub fn declarations(repository: &Repository<'_>, word: &str) -> Vec<Place> {
    let facts = &repository.facts;
    let all = [&facts.groups, &facts.projects, &facts.registries];
    let found = all.into_iter().flatten().filter_map(|declared| declared.get(word));
    found.map(|declared| Place::new(repository.file(declared.file).source.path(), declared.range)).collect()
}

/// Where a group or project is declared, and where manifests name it.
pub(super) fn mentions(state: &State, word: &str) -> Vec<Place> {
    let mut places = declarations(&state.repository(), word);
    let policy = &state.judging.settings.policy;
    for file in state.snapshot().files() {
        if let Model::Promoter(promoter) = &file.reading().model {
            let names = promoter.sources().filter_map(|registry| registry.name.as_ref());
            let of_project =
                names.filter(|name| policy.images.source(&name.value).is_some_and(|source| names_project(policy, source.project, word)));
            places.extend(of_project.map(|name| Place::new(file.path(), name.inner_range())));
        }
        let may_hold_addresses = matches!(file.kind(), FileKind::PromoterManifest | FileKind::RegistriesTf | FileKind::Groups);
        if may_hold_addresses && word.contains('@') {
            places.extend(words::occurrences(file.text(), word).map(|range| Place::new(file.path(), range)));
        }
    }
    places
}

/// Whether a word is the project's name, its GCP project or its group.
fn names_project(policy: &Policy, project: &str, word: &str) -> bool {
    project_names(policy, project).iter().any(|name| name == word)
}

/// What a project is called: its name, its GCP project and its group.
pub fn project_names(policy: &Policy, project: &str) -> [String; 3] {
    [project.to_owned(), fill(&policy.images.directory, project), fill(&policy.groups.pattern, project)]
}
