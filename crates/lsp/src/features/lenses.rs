//! Lenses above images and manifests, and hints within lines.

use promolint_analysis::model::{Image, Model, Version};
use promolint_analysis::{FilePath, SourceFile};
use promolint_syntax::TextRange;

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
    let mut lenses = Vec::new();
    let findings = in_project(state, file.path());
    let first = file.document().root().map_or(TextRange::empty(0), |root| TextRange::empty(root.range().start()));
    if file.image_list().is_empty() && !matches!(file.reading().model, Model::Promoter(_) | Model::FilePromoter(_)) {
        return lenses;
    }
    let title = match findings {
        0 => "no findings in this project".to_owned(),
        1 => "1 finding in this project".to_owned(),
        count => format!("{count} findings in this project"),
    };
    lenses.push(Lens { range: first, title });
    for image in file.image_list() {
        let count = image.entries().count();
        let entries = if count == 1 { "1 digest".to_owned() } else { format!("{count} digests") };
        let title = newest_tag(image).map_or(entries.clone(), |tag| format!("{entries}, newest tag {tag}"));
        lenses.push(Lens { range: image.range(), title });
    }
    lenses
}

/// Findings in the files of the project, in both halves of its tree.
fn in_project(state: &State, path: &FilePath) -> usize {
    use promolint_analysis::repository::Place;
    let Some(place) = Place::parse(path) else { return state.diagnostics_of(path).len() };
    let is_in_project =
        |other: &str| Place::parse(other).is_some_and(|other| (other.root, other.directory) == (place.root, place.directory));
    state.diagnostics().iter().filter(|diagnostic| is_in_project(&diagnostic.path)).count()
}

/// The tag with the highest version; a release is newer than its pre-releases.
fn newest_tag<'i>(image: &'i Image<'_>) -> Option<&'i str> {
    let tags = image.entries().flat_map(|entry| &entry.tags).map(promolint_analysis::model::Word::as_str);
    let versions = tags.filter_map(|tag| Some((Version::parse(tag)?, tag)));
    let newest = versions.max_by_key(|(version, _)| (version.release(), !version.number.contains('-')));
    newest.map(|(_, tag)| tag)
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
    let Model::Promoter(promoter) = &file.reading().model else { return Vec::new() };
    if !state.client.inlay_hints.destinations {
        return Vec::new();
    }
    let count = promoter.destinations().count();
    let Some(source) = promoter.sources().find_map(|registry| registry.name.as_ref()).filter(|name| range.touches(name.range().end()))
    else {
        return Vec::new();
    };
    let label = format!("+{count} destination{}", if count == 1 { "" } else { "s" });
    vec![Hint { offset: source.range().end(), label, tooltip: "registries that the images are copied to".to_owned() }]
}
