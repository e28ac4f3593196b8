//! Files that a project lacks.

use promolint_analysis::Diagnostic;
use promolint_analysis::repository::{Half, Place};

use super::{Action, ActionKind};
use crate::features::Change;
use crate::session::state::State;

/// Creates the file that a finding misses.
pub(super) fn actions(state: &State, found: &Diagnostic) -> Option<Action> {
    let name = match found.rule {
        "missing-owners" => "OWNERS",
        "missing-images-file" => "images.yaml",
        _ => return None,
    };
    let place = Place::parse(&found.path)?;
    let root = if place.root.is_empty() { String::new() } else { format!("{}/", place.root) };
    let half = if place.half == Half::Filestores { "manifests" } else { "images" };
    let path = format!("{root}{half}/{}/{name}", place.directory);
    if !place.is_in_project() || state.file(&path).is_some() {
        return None;
    }
    let text = if name == "OWNERS" { owners(state, &root, place.directory) } else { "# No images yet\n".to_owned() };
    Some(Action {
        title: format!("Create {path}"),
        kind: ActionKind::QuickFix,
        about: Some(found.clone()),
        effect: Change { creations: vec![(path.into(), text)], ..Change::default() }.into(),
        is_preferred: false,
        needs_look: true,
    })
}

/// With the names of another OWNERS file of the project, if there is one.
fn owners(state: &State, root: &str, directory: &str) -> String {
    let candidates = ["manifests", "images"].map(|half| format!("{root}{half}/{directory}/OWNERS"));
    let known = candidates.iter().find_map(|path| state.file(path)).map(|file| file.text().to_owned());
    known.unwrap_or_else(|| "# See the OWNERS docs at https://go.k8s.io/owners\n\napprovers: []\nreviewers: []\n".to_owned())
}
