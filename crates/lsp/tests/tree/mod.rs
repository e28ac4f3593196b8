//! A tree on disk and what the features say of it, without a transport.

#![allow(dead_code, reason = "each test file uses a part")]

#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use promolint_analysis::SourceFile;
use promolint_lsp::features::actions::{self, Action};
use promolint_lsp::features::{Place, hover, navigation};
use promolint_lsp::position::Encoding;
use promolint_lsp::session::Session;
use promolint_lsp::session::settings::ClientSettings;
use promolint_lsp::session::state::State;
use promolint_syntax::{TextRange, apply_edits};

pub(crate) const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
pub(crate) const MANIFEST: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";
pub(crate) const OWNERS: &str = "registry.k8s.io/images/k8s-staging-widget/OWNERS";
pub(crate) const GROUPS: &str = "groups/sig-example/groups.yaml";

/// A copy of the good tree with other files laid over it.
pub(crate) struct Tree {
    directory: tempfile::TempDir,
    session: Session,
}

impl Tree {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        Self::without(&[], files)
    }

    pub(crate) fn without(removed: &[&str], files: &[(&str, &str)]) -> Self {
        let directory = support::copy_of("good");
        for path in removed {
            std::fs::remove_file(directory.path().join(path)).unwrap();
        }
        for (path, text) in files {
            let path = directory.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let session = Session::default();
        session.initialize(Encoding::Utf8, vec![directory.path().to_owned()], ClientSettings::default(), None);
        Self { directory, session }
    }

    pub(crate) fn state(&self) -> Arc<State> {
        self.session.state_of(&self.directory.path().join(IMAGES)).unwrap().0
    }

    /// What is answered at the place that `|` marks in a word of a file.
    fn at<T>(&self, path: &str, word: &str, answer: impl FnOnce(&State, &SourceFile, u32) -> T) -> T {
        let state = self.state();
        let file = Arc::clone(state.file(path).unwrap_or_else(|| panic!("no {path}")));
        let offset = file.text().find(&word.replace('|', "")).unwrap_or_else(|| panic!("no {word} in {path}"));
        let offset = offset + word.find('|').unwrap_or_else(|| panic!("no cursor in {word}"));
        answer(&state, &file, u32::try_from(offset).unwrap())
    }

    pub(crate) fn hover(&self, path: &str, word: &str) -> String {
        self.at(path, word, |state, file, offset| hover::hover(state, file, offset).map_or_else(String::new, |hover| hover.text))
    }

    pub(crate) fn definition(&self, path: &str, word: &str) -> Vec<String> {
        self.at(path, word, |state, file, offset| written(state, &navigation::definition(state, file, offset)))
    }

    pub(crate) fn references(&self, path: &str, word: &str) -> Vec<String> {
        self.at(path, word, |state, file, offset| written(state, &navigation::references(state, file, offset, true)))
    }

    pub(crate) fn highlights(&self, path: &str, word: &str) -> usize {
        self.at(path, word, |state, file, offset| navigation::highlights(state, file, offset).len())
    }

    pub(crate) fn rename(&self, path: &str, word: &str, new: &str) -> Result<Vec<(String, String)>, String> {
        self.at(path, word, |state, file, offset| {
            let change = promolint_lsp::features::rename::rename(state, file, offset, new)?;
            let text = |path: &str| state.file(path).unwrap().text().to_owned();
            Ok(change.edits.iter().map(|(path, edits)| (path.to_string(), apply_edits(&text(path), edits).unwrap())).collect())
        })
    }

    pub(crate) fn actions(&self, path: &str, word: &str) -> Vec<Action> {
        self.at(path, word, |state, file, offset| actions::actions(state, file.path(), TextRange::empty(offset)))
    }

    /// The text of a file after an action.
    pub(crate) fn after(&self, path: &str, action: &Action) -> String {
        let state = self.state();
        let file = state.file(path).or_else(|| state.snapshot().files().first()).unwrap();
        let change = action.effect.change(&state, file).unwrap();
        let created = change.creations.iter().find(|(created, _)| **created == *path).map(|(_, text)| text.clone());
        created.unwrap_or_else(|| apply_edits(file.text(), &change.edits[path]).unwrap())
    }

    /// The rules that speak of a file.
    pub(crate) fn rules(&self, path: &str) -> Vec<&'static str> {
        self.state().diagnostics_of(path).iter().map(|found| found.rule).collect()
    }
}

/// `path:line`, from 1.
fn written(state: &State, places: &[Place]) -> Vec<String> {
    let line = |place: &Place| state.file(&place.path).unwrap().lines().line(place.range.start()) + 1;
    places.iter().map(|place| format!("{}:{}", place.path, line(place))).collect()
}
