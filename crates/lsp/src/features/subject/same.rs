//! Where else the same stands.

use std::collections::BTreeSet;

use promolint_analysis::SourceFile;
use promolint_analysis::model::{FileEntry, Location, Model, Word};
use promolint_syntax::TextRange;

use super::{Subject, declared, people, words};
use crate::features::{Place, listed, navigation};
use crate::session::state::State;

/// All places where the same stands, in the order of paths and text.
pub fn same(state: &State, file: &SourceFile, subject: &Subject<'_>) -> Vec<Place> {
    let places: BTreeSet<Place> = match subject {
        Subject::Digest(_, _, digest) => {
            equal(state, digest, |other| listed::images(other).flat_map(listed::Listed::digests).filter_map(|entry| entry.digest).collect())
        }
        // The same tag of other projects is another one.
        Subject::Tag(_, tag) => of_file(file, tag, listed::images(file).flat_map(listed::Listed::tags).collect()).collect(),
        Subject::Image(_, name) => equal(state, name, |other| listed::images(other).filter_map(listed::Listed::name).collect()),
        Subject::Registry(_, name) => equal(state, name, |other| match &other.reading().model {
            Model::Promoter(promoter) => promoter.registries.iter().filter_map(|registry| registry.name.as_ref()).collect(),
            _ => Vec::new(),
        }),
        Subject::Account(account) => equal(state, account, accounts),
        Subject::Filestore(_, base) => filestores(state, base),
        Subject::File(_, name) => {
            let repository = state.repository();
            let manifests = navigation::file_project(&repository, file.path()).map(|project| &project.manifests);
            let manifests = manifests.into_iter().flatten().map(|id| repository.file(*id).source);
            manifests.flat_map(|other| of_file(other, name, files(other).filter_map(|entry| entry.name.as_ref()).collect())).collect()
        }
        Subject::Sha256(_, sha256) => equal(state, sha256, |other| files(other).filter_map(|entry| entry.sha256.as_ref()).collect()),
        Subject::Person(_, name) => people::places(state, name.as_str()).into_iter().collect(),
        Subject::Alias(list) => people::places(state, list.key.as_str()).into_iter().collect(),
        Subject::Declared(_, word) => declared::mentions(state, word).into_iter().collect(),
        Subject::Rule(_, rule) => in_suppressions(state, rule.name),
    };
    places.into_iter().collect()
}

/// The places of those words of all files that have the same value.
fn equal<'s>(state: &'s State, word: &Word<'_>, words: impl Fn(&'s SourceFile) -> Vec<&'s Word<'s>>) -> BTreeSet<Place> {
    state.snapshot().files().iter().flat_map(|file| of_file(file, word, words(file))).collect()
}

fn of_file<'w>(file: &'w SourceFile, word: &'w Word<'_>, words: Vec<&'w Word<'w>>) -> impl Iterator<Item = Place> + 'w {
    words.into_iter().filter(|other| other.value == word.value).map(|other| Place::new(file.path(), other.inner_range()))
}

/// The entries of a file manifest; none of any other file.
pub fn files(file: &SourceFile) -> impl Iterator<Item = &FileEntry<'_>> {
    let files = if let Model::Files(files) = &file.reading().model { files.files.as_slice() } else { &[] };
    files.iter()
}

/// The service accounts that a file names.
pub fn accounts(file: &SourceFile) -> Vec<&Word<'_>> {
    match &file.reading().model {
        Model::Promoter(promoter) => promoter.registries.iter().filter_map(|registry| registry.service_account.as_ref()).collect(),
        Model::FilePromoter(promoter) => promoter.filestores.iter().filter_map(|filestore| filestore.service_account.as_ref()).collect(),
        _ => Vec::new(),
    }
}

/// The bases that name the same place, with or without the last slash.
fn filestores(state: &State, base: &Word<'_>) -> BTreeSet<Place> {
    let location = Location::parse(base.as_str());
    let mut places = BTreeSet::new();
    for file in state.snapshot().files() {
        let Model::FilePromoter(promoter) = &file.reading().model else { continue };
        let bases = promoter.filestores.iter().filter_map(|filestore| filestore.base.as_ref());
        let same = bases.filter(|other| other.value == base.value || location.is_some() && Location::parse(other.as_str()) == location);
        places.extend(same.map(|other| Place::new(file.path(), other.inner_range())));
    }
    places
}

/// The comments that silence a rule.
fn in_suppressions(state: &State, rule: &str) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    for file in state.snapshot().files() {
        for comment in file.document().comments().iter().filter(|comment| file.slice(**comment).contains("promolint")) {
            let in_file = |range: TextRange| TextRange::new(comment.start() + range.start(), comment.start() + range.end());
            let found = words::occurrences(file.slice(*comment), rule);
            places.extend(found.map(|range| Place::new(file.path(), in_file(range))));
        }
    }
    places
}
