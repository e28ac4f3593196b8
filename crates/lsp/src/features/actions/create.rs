//! Files that a project lacks.

mod manifest;
mod owners;

use promolint_analysis::Diagnostic;
use promolint_analysis::repository::Place;

use super::{Action, ActionKind};
use crate::features::Change;
use crate::session::state::State;

/// Creates the file that a finding misses.
pub(super) fn actions(state: &State, found: &Diagnostic) -> Option<Action> {
    let place = Place::parse(&found.path).filter(Place::is_in_project)?;
    let root = if place.root.is_empty() { String::new() } else { format!("{}/", place.root) };
    let directory = place.directory;
    let (path, text) = match found.rule {
        "missing-owners" => (format!("{root}{}/{directory}/OWNERS", place.half.name()), owners::text(state, directory)),
        "missing-images-file" => (format!("{root}images/{directory}/images.yaml"), images(state, directory)),
        "images-without-manifest" => {
            (format!("{root}manifests/{directory}/promoter-manifest.yaml"), manifest::text(&state.repository(), directory)?)
        }
        _ => return None,
    };
    if state.file(&path).is_some() {
        return None;
    }
    Some(Action {
        title: format!("Create {path}"),
        kind: ActionKind::QuickFix,
        about: Some(found.clone()),
        effect: Change { creations: vec![(path.into(), text)], ..Change::default() }.into(),
        is_preferred: false,
        needs_look: true,
    })
}

/// The project in the name of a directory.
fn project<'d>(state: &State, directory: &'d str) -> &'d str {
    state.judging.settings.policy.images.directory_project(directory).unwrap_or(directory)
}

/// No image, and how one looks: which digests are in staging is not known here.
fn images(state: &State, directory: &str) -> String {
    let name = project(state, directory);
    format!("# No images yet. One looks like this:\n# - name: {name}\n#   dmap:\n#     \"sha256:…\": [\"v1.0.0\"]\n")
}
