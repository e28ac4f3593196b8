//! What stands at a place of a file, and where else the same stands.

use std::collections::BTreeSet;

use promolint_analysis::model::{DigestEntry, Image, Model, NameList, PromoterManifest, Registry, Role, Word};
use promolint_analysis::repository::Repository;
use promolint_analysis::{FileKind, Rule, SourceFile, rules};
use promolint_syntax::TextRange;

use super::Place;
use crate::session::state::State;

/// What stands at a place.
#[derive(Debug)]
pub enum Subject<'f> {
    /// A digest of an image.
    Digest(&'f Image<'f>, &'f DigestEntry<'f>),
    /// A tag of a digest.
    Tag(&'f Image<'f>, &'f DigestEntry<'f>, &'f Word<'f>),
    /// The name of an image.
    Image(&'f Image<'f>, &'f Word<'f>),
    /// The name of a registry.
    Registry(&'f PromoterManifest<'f>, &'f Registry<'f>, &'f Word<'f>),
    /// A name in OWNERS or `OWNERS_ALIASES`: an alias or a login.
    Person(&'f NameList<'f>, &'f Word<'f>),
    /// The name of an alias where it is defined.
    Alias(&'f NameList<'f>),
    /// The address of a group, or the name of a declared project.
    Declared(TextRange, &'f str),
    /// A rule in a suppression.
    Rule(TextRange, &'static Rule),
}

impl Subject<'_> {
    /// Its place.
    pub fn range(&self) -> TextRange {
        match self {
            Self::Digest(_, entry) => entry.digest.inner_range(),
            Self::Tag(_, _, word) | Self::Image(_, word) | Self::Registry(_, _, word) | Self::Person(_, word) => word.inner_range(),
            Self::Alias(list) => list.key.inner_range(),
            Self::Declared(range, _) | Self::Rule(range, _) => *range,
        }
    }
}

/// What stands at an offset.
pub fn at(file: &SourceFile, offset: u32) -> Option<Subject<'_>> {
    if let Some(comment) = file.document().comments().iter().find(|comment| comment.touches(offset)) {
        return in_comment(file, *comment, offset);
    }
    for image in file.image_list().iter().filter(|image| image.node.range().touches(offset)) {
        if let Some(name) = image.name.as_ref().filter(|name| name.range().touches(offset)) {
            return Some(Subject::Image(image, name));
        }
        for entry in image.entries().filter(|entry| entry.range().touches(offset)) {
            if let Some(tag) = entry.tags.iter().find(|tag| tag.range().touches(offset)) {
                return Some(Subject::Tag(image, entry, tag));
            }
            if entry.digest.range().touches(offset) {
                return Some(Subject::Digest(image, entry));
            }
        }
    }
    match &file.reading().model {
        Model::Promoter(promoter) => {
            let mut names = promoter.registries.iter().filter_map(|registry| Some((registry, registry.name.as_ref()?)));
            let (registry, name) = names.find(|(_, name)| name.range().touches(offset))?;
            Some(Subject::Registry(promoter, registry, name))
        }
        Model::Owners(owners) | Model::OwnersAliases(owners) => owners.lists.iter().find_map(|list| {
            if list.role == Role::Members && list.key.range().touches(offset) {
                return Some(Subject::Alias(list));
            }
            let name = list.names.iter().find(|name| name.range().touches(offset) && list.role != Role::Labels)?;
            Some(Subject::Person(list, name))
        }),
        Model::Other => declared(file, offset),
        _ => None,
    }
}

/// A rule or an address in a comment.
fn in_comment(file: &SourceFile, comment: TextRange, offset: u32) -> Option<Subject<'_>> {
    let text = file.slice(comment);
    let at = (offset - comment.start()) as usize;
    let is_part = |character: char| character.is_alphanumeric() || "-_.@".contains(character);
    let start = text[..at]
        .rfind(|character| !is_part(character))
        .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(|character| !is_part(character)).map_or(text.len(), |length| at + length);
    let word = text[start..end].trim_end_matches('.');
    let begin = comment.start() + u32::try_from(start).ok()?;
    let range = TextRange::new(begin, begin + u32::try_from(word.len()).ok()?);
    if let Some(rule) = rules::find(word).filter(|_| text.contains("promolint")) {
        return Some(Subject::Rule(range, rule));
    }
    word.contains('@').then_some(Subject::Declared(range, word))
}

/// A word of a file that declares groups or projects.
fn declared(file: &SourceFile, offset: u32) -> Option<Subject<'_>> {
    let text = file.text();
    let at = offset as usize;
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-_.@".contains(character);
    let start = text[..at]
        .rfind(|character| !is_part(character))
        .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(|character| !is_part(character)).map_or(text.len(), |length| at + length);
    let range = TextRange::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?);
    (!range.is_empty()).then(|| Subject::Declared(range, file.slice(range)))
}

/// All places where the same stands, in the order of paths and text.
pub fn same(state: &State, file: &SourceFile, subject: &Subject<'_>) -> Vec<Place> {
    let mut places = BTreeSet::new();
    let files = || state.snapshot().files().iter();
    match subject {
        Subject::Digest(_, entry) => {
            for other in files() {
                let entries = other.image_list().iter().flat_map(Image::entries);
                let same = entries.filter(|candidate| candidate.digest.value == entry.digest.value);
                places.extend(same.map(|candidate| Place::new(other.path(), candidate.digest.inner_range())));
            }
        }
        Subject::Tag(_, _, tag) => {
            let tags = file.image_list().iter().flat_map(Image::entries).flat_map(|entry| &entry.tags);
            places.extend(tags.filter(|other| other.value == tag.value).map(|other| Place::new(file.path(), other.inner_range())));
        }
        Subject::Image(_, name) => {
            for other in files() {
                let names = other.image_list().iter().filter_map(|image| image.name.as_ref());
                places.extend(names.filter(|other| other.value == name.value).map(|name| Place::new(other.path(), name.inner_range())));
            }
        }
        Subject::Registry(_, _, name) => {
            for other in files() {
                if let Model::Promoter(promoter) = &other.reading().model {
                    let names = promoter.registries.iter().filter_map(|registry| registry.name.as_ref());
                    places.extend(names.filter(|other| other.value == name.value).map(|name| Place::new(other.path(), name.inner_range())));
                }
            }
        }
        Subject::Person(_, name) => places.extend(people(state, name.as_str())),
        Subject::Alias(list) => places.extend(people(state, list.key.as_str())),
        Subject::Declared(_, word) => places.extend(mentions(state, word)),
        Subject::Rule(_, rule) => {
            for other in files() {
                let comments = other.document().comments().iter().filter(|comment| other.slice(**comment).contains("promolint"));
                for comment in comments {
                    let text = other.slice(*comment);
                    places.extend(text.find(rule.name).and_then(|at| {
                        let start = comment.start() + u32::try_from(at).ok()?;
                        Some(Place::new(other.path(), TextRange::new(start, start + u32::try_from(rule.name.len()).ok()?)))
                    }));
                }
            }
        }
    }
    places.into_iter().collect()
}

/// Uses and definitions of an alias or login, in any letter case.
pub fn people(state: &State, name: &str) -> Vec<Place> {
    let mut places = Vec::new();
    for file in state.snapshot().files() {
        let (Model::Owners(owners) | Model::OwnersAliases(owners)) = &file.reading().model else { continue };
        for list in owners.lists.iter().filter(|list| list.role != Role::Labels) {
            let keys = (list.role == Role::Members).then_some(&list.key);
            let words = keys.into_iter().chain(&list.names).filter(|word| word.value.eq_ignore_ascii_case(name));
            places.extend(words.map(|word| Place::new(file.path(), word.inner_range())));
        }
    }
    places
}

/// Where an alias is defined.
pub fn alias_definition<'s>(state: &'s State, name: &str) -> Option<(&'s SourceFile, &'s NameList<'s>)> {
    state.snapshot().files().iter().find_map(|file| {
        let Model::OwnersAliases(aliases) = &file.reading().model else { return None };
        let list = aliases.lists.iter().find(|list| list.key.value.eq_ignore_ascii_case(name))?;
        Some((&**file, list))
    })
}

/// Where a group or project is declared, and where manifests name it.
fn mentions(state: &State, word: &str) -> Vec<Place> {
    let repository = state.repository();
    let mut places: Vec<Place> = declarations(&repository, word);
    let policy = &state.judging.settings.policy;
    for file in state.snapshot().files() {
        if let Model::Promoter(promoter) = &file.reading().model {
            let names = promoter.sources().filter_map(|registry| registry.name.as_ref());
            let of_project =
                names.filter(|name| policy.images.source(&name.value).is_some_and(|source| names_project(policy, source.project, word)));
            places.extend(of_project.map(|name| Place::new(file.path(), name.inner_range())));
        }
        let places_in_text =
            matches!(file.kind(), FileKind::PromoterManifest | FileKind::RegistriesTf | FileKind::Groups) && word.contains('@');
        if places_in_text {
            let found = file.text().match_indices(word);
            places.extend(found.filter_map(|(at, _)| {
                let start = u32::try_from(at).ok()?;
                Some(Place::new(file.path(), TextRange::new(start, start + u32::try_from(word.len()).ok()?)))
            }));
        }
    }
    places
}

/// Whether a word is the project's name, its GCP project or its group.
fn names_project(policy: &promolint_analysis::Policy, project: &str, word: &str) -> bool {
    use promolint_analysis::policy::fill;
    word == project || word == fill(&policy.images.directory, project) || word == fill(&policy.groups.pattern, project)
}

/// The places that declare a group or project.
pub fn declarations(repository: &Repository<'_>, word: &str) -> Vec<Place> {
    let facts = &repository.facts;
    let all = [&facts.groups, &facts.projects, &facts.registries];
    let found = all.into_iter().flatten().filter_map(|declared| declared.get(word));
    found.map(|declared| Place::new(repository.file(declared.file).source.path(), declared.range)).collect()
}
