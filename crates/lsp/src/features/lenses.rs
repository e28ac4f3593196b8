//! Lenses above images and manifests, and hints within lines.

use promolint_analysis::model::{Model, Word};
use promolint_analysis::repository::Place;
use promolint_analysis::{FilePath, SourceFile};
use promolint_syntax::TextRange;

use super::text::counted;
use super::{listed, version_order};
use crate::session::state::State;

/// A line of text above a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lens {
    /// Below the lens.
    pub range: TextRange,
    /// What it says.
    pub title: String,
}

/// How many entries an image has, its newest tag, and what is found in the project.
pub fn lenses(state: &State, file: &SourceFile) -> Vec<Lens> {
    let mut images = listed::images(file).peekable();
    if images.peek().is_none() && !matches!(file.reading().model, Model::Promoter(_) | Model::FilePromoter(_)) {
        return Vec::new();
    }
    let (findings, whole) = in_project(state, file.path());
    let findings = if findings == 0 { "no findings".to_owned() } else { counted(findings, "finding") };
    let first = file.document().root().map_or(TextRange::empty(0), |root| TextRange::empty(root.range().start()));
    let mut lenses = vec![Lens { range: first, title: format!("{findings} in this {whole}") }];
    lenses.extend(images.map(|image| {
        let digests = counted(image.digests().count(), "digest");
        let newest = version_order::newest(image.tags().map(Word::as_str));
        let title = newest.map_or(digests.clone(), |tag| format!("{digests}, newest tag {tag}"));
        Lens { range: image.range(), title }
    }));
    lenses
}

/// The findings that the first lens counts; none where no lenses are wanted.
pub fn counted_findings(state: &State, path: &FilePath) -> Option<usize> {
    state.client.code_lens.then(|| in_project(state, path).0)
}

/// Findings in the files of the project, in both halves of its tree; of a file outside any tree, those in the file.
fn in_project(state: &State, path: &FilePath) -> (usize, &'static str) {
    let Some(place) = Place::parse(path) else { return (state.diagnostics_of(path).len(), "file") };
    let is_in_project =
        |other: &str| Place::parse(other).is_some_and(|other| (other.root, other.directory) == (place.root, place.directory));
    (state.diagnostics().iter().filter(|diagnostic| is_in_project(&diagnostic.path)).count(), "project")
}

/// A few words within a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// Behind this byte.
    pub offset: u32,
    /// What it says.
    pub label: String,
    /// More of it.
    pub tooltip: String,
}

/// How many destinations a manifest has.
pub fn hints(state: &State, file: &SourceFile, range: TextRange) -> Vec<Hint> {
    if !state.client.inlay_hints.destinations {
        return Vec::new();
    }
    let (source, count, tooltip) = match &file.reading().model {
        Model::Promoter(promoter) => {
            let source = promoter.sources().find_map(|registry| registry.name.as_ref());
            (source, promoter.destinations().count(), "registries that the images are copied to")
        }
        Model::FilePromoter(promoter) => {
            let source = promoter.sources().find_map(|filestore| filestore.base.as_ref());
            (source, promoter.destinations().count(), "filestores that the files are copied to")
        }
        _ => return Vec::new(),
    };
    let source = source.filter(|name| range.touches(name.range().end()));
    let hint = |source: &Word<'_>| Hint {
        offset: source.range().end(),
        label: format!("+{}", counted(count, "destination")),
        tooltip: tooltip.to_owned(),
    };
    source.map(hint).into_iter().collect()
}
